import { isObject, stringifyJson, type Json, type JsonObject } from './json.ts';
import type { Switches } from './switches.ts';

/** Properties that a PBX may leave out wherever they stand. */
const optional = new Set(
  (
    'dn num email ep deviceApps selected oauth2Name launcherUpdateBuild appStoreUrl profile tutorial ' +
    'prefixIntl prefixNtl prefixSubs area country sender_dn title hidden apis'
  ).split(' '),
);

/** What nobody knows is ignored by everybody (protocol, introduction). */
const unheardOf = { mt: 'UnheardOf', src: 'unheard-of', value: [1, null, { deep: true }] };

/** The texts in which one frame leaves (switches frameText and properties): usually one, and exactly the frame. */
export function frameTexts(frame: JsonObject, switches: Switches): string[] {
  const frames = switches.properties === 'extra' ? [unheardOf, withMore(frame)] : [shown(frame, switches)];
  return frames.map((one) => written(one, switches));
}

function shown(frame: JsonObject, switches: Switches): JsonObject {
  // What a digest was made over stays as it is.
  return switches.properties === 'required' && frame.digest === undefined ? without(frame) : frame;
}

function without(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !optional.has(name))
      .map(([name, part]) => [name, stripped(part)]),
  );
}

function stripped(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((part) => stripped(part) ?? null);
  return isObject(value) ? without(value) : value;
}

function withMore(frame: JsonObject): JsonObject {
  const sig = isObject(frame.sig) ? frame.sig : undefined;
  const fty = Array.isArray(sig?.fty) ? sig.fty : [];
  const more = { unheardOf: { of: ['it'] }, '': null };
  if (sig === undefined) return { ...more, ...frame };
  const facility = { type: 'unheard_of', data: 'not a message' };
  return { ...more, ...frame, sig: { ...more, ...sig, fty: [facility, ...fty, { ...more, type: 7 }] } };
}

function written(frame: JsonObject, switches: Switches): string {
  const text = stringifyJson(frame);
  switch (switches.frameText) {
    case 'compact':
      return text;
    case 'bom':
      return `\uFEFF${text}`;
    case 'spaced':
      return `\r\n ${text.replace(/("(?:[^"\\]|\\.)*")|([{}[\],:])/g, (_, string, sign) => (string as string | undefined) ?? ` ${String(sign)}\t`)}\n`;
    case 'escaped':
      return text
        .replace(/\//g, '\\/')
        .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
}
