import { checkPlainHtml } from './html.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Switches } from './switches.ts';

export type FacilityVerdict =
  { ok: true; facilities: JsonObject[] } | { ok: false; cause: number; reason: string };

/** Release causes the PBX itself gives for calls that are wrong in form (Q.850). */
export const wrongForm = {
  /** A call reference that does not fit: unknown, in use, or of the wrong sign. */
  callReference: 81,
  /** A call that is no chat. */
  notImplemented: 79,
  /** Elements with invalid content. */
  invalidContent: 100,
  /** A message before Register, or one that the state of the call does not allow. */
  wrongState: 98,
} as const;

/** Checks `fty` as it came from a client: its form, and the text of every im_message (protocol, sections 4, 6, 7). */
export function checkFacilities(fty: Json | undefined, switches: Switches): FacilityVerdict {
  if (fty === undefined) return { ok: true, facilities: [] };
  if (!Array.isArray(fty)) return invalid('fty is no array');
  const facilities: JsonObject[] = [];
  for (const facility of fty) {
    if (!isObject(facility) || typeof facility.type !== 'string') return invalid('a facility without a type');
    if (facility.type === 'im_message') {
      const problem = checkMessage(facility, switches);
      if (problem !== undefined) return problem;
    }
    facilities.push(facility);
  }
  return { ok: true, facilities };
}

function checkMessage(message: JsonObject, switches: Switches): FacilityVerdict | undefined {
  const { data, attach, typing, more, mime } = message;
  if (data !== undefined && typeof data !== 'string') return invalid('data is no text');
  if (typing !== undefined && typeof typing !== 'boolean') return invalid('typing is no boolean');
  if (more !== undefined && typeof more !== 'boolean') return invalid('more is no boolean');
  if (attach !== undefined && !isAttachList(attach))
    return invalid('attach is no list of URLs separated by one blank');
  if (data === undefined || data === '') return undefined;
  if (mime !== 'text/html' && mime !== 'text/plain') return invalid(`mime is ${String(mime)}`);
  if (switches.maxText > 0 && data.length > switches.maxText) {
    return refused(switches, `data has ${data.length} UTF-16 units, more than ${switches.maxText}`);
  }
  const verdict = mime === 'text/html' ? checkPlainHtml(data) : undefined;
  return verdict?.ok === false ? refused(switches, verdict.reason) : undefined;
}

function isAttachList(value: Json): boolean {
  return typeof value === 'string' && value !== '' && value.split(' ').every((url) => /^[!-~]+$/.test(url));
}

function invalid(reason: string): FacilityVerdict {
  return { ok: false, cause: wrongForm.invalidContent, reason };
}

function refused(switches: Switches, reason: string): FacilityVerdict {
  return { ok: false, cause: switches.refusedTextCause, reason };
}

/** An im_message that carries something to keep: a text or an attachment, not just the sign of typing. */
export function isContent(facility: JsonObject): boolean {
  return (
    facility.type === 'im_message' &&
    ((typeof facility.data === 'string' && facility.data !== '') || typeof facility.attach === 'string')
  );
}
