import type { Instant } from '../ipc/contract.ts';
import type { PbxSettings, ServerId } from './index.ts';
import type { Json } from './frames.ts';
import { number, textOrNumber } from './frames.ts';

/**
 * Ids and time stamps in the form of the server at hand. Both are a C of the protocol: whether a 64-bit id or time is
 * a number or a string on the wire, and whether a time is in seconds or milliseconds. What a server sends tells how it
 * wants to be written to.
 */
export interface ServerForms {
  id(value: Json | undefined): ServerId;
  writeId(id: ServerId): Json;
  /** Section 5: milliseconds, but seconds below `secondsBelow`. Null: there is no usable time. */
  instant(value: Json | undefined): Instant | null;
  writeInstant(at: Instant): Json;
}

export function createServerForms(settings: Pick<PbxSettings, 'idForm' | 'secondsBelow'>): ServerForms {
  let idForm = settings.idForm;
  let seconds = false;
  let timeAsText = false;
  return {
    id(value) {
      if (typeof value === 'string') idForm = 'string';
      else if (typeof value === 'number' || typeof value === 'bigint') idForm = 'number';
      return textOrNumber(value);
    },
    writeId(id) {
      return idForm === 'number' && /^-?\d+$/.test(id) ? BigInt(id) : id;
    },
    instant(value) {
      const read = number(value);
      if (read === null || read <= 0) return null;
      seconds = read < settings.secondsBelow;
      timeAsText = typeof value === 'string';
      return readInstant(read, settings.secondsBelow);
    },
    writeInstant(at) {
      const time = seconds ? Math.floor(at / 1000) : at;
      return timeAsText ? String(time) : time;
    },
  };
}

export function readInstant(value: number, secondsBelow: number): Instant {
  return Math.round(value < secondsBelow ? value * 1000 : value);
}
