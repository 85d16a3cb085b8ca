// Text <-> typed frames. Whatever arrives becomes a value or an error that says what was wrong; nothing throws.
// 64-bit integers survive both ways (protocol, first page): a literal that a number cannot hold becomes a bigint.

export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [property: string]: Json | undefined };
export type JsonObject = { readonly [property: string]: Json | undefined };

/** Every frame is an object with a string `mt`; everything else is checked where it is read. */
export type Frame = JsonObject & { readonly mt: string };

export type FrameError = 'too-large' | 'not-json' | 'not-an-object' | 'no-mt';
export type ParsedFrame = { ok: true; frame: Frame } | { ok: false; error: FrameError };

/** TypeScript does not know yet what V8 13 (Electron 33) and Node 22 have: the source text of a literal, both ways. */
const json = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
};

/** Fewer digits fit into a number: most frames need no second look. */
const longDigits = /\d{16}/;
const integer = /^-?\d+$/;

/** Any JSON text; throws what JSON.parse throws. */
function parseJson(text: string): Json {
  if (!longDigits.test(text)) return JSON.parse(text) as Json;
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && integer.test(source)
      ? BigInt(source)
      : value,
  ) as Json;
}

/** `limit` in UTF-16 units. A byte order mark in front, which some writers leave, is no part of the frame. */
export function parseFrame(text: string, limit = Infinity): ParsedFrame {
  if (text.length > limit) return { ok: false, error: 'too-large' };
  let value: Json;
  try {
    value = parseJson(text.replace(/^\uFEFF/, ''));
  } catch {
    return { ok: false, error: 'not-json' };
  }
  if (!isObject(value)) return { ok: false, error: 'not-an-object' };
  if (!Object.hasOwn(value, 'mt') || typeof value.mt !== 'string') return { ok: false, error: 'no-mt' };
  return { ok: true, frame: value as Frame };
}

/** The text of a value of ours; a bigint becomes an integer literal. Properties that are undefined are left out. */
export function serialise(value: Json): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? json.rawJSON(item.toString()) : item,
  );
}

// --- Reading what a frame has. Each reader answers with the value or with an empty one -------------------------

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A string, or what a server wrote as a number although it is a name (a challenge, a call number). */
export function textOrNumber(value: Json | undefined): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : text(value);
}

/** Also accepts a number that was written as a string; null when there is none. */
export function number(value: Json | undefined): number | null {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of an array; anything else in it is left out. */
export function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => isObject(item)) : [];
}

/** True for true, and for the ways in which other servers write it. */
export function truthy(value: Json | undefined): boolean {
  return Boolean(value) && value !== 'false' && value !== '0';
}

// --- The text as it came --------------------------------------------------------------------------------------

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/gs;

/**
 * The properties of a JSON object as they stand in its text. A digest over `info` and what a login forwards
 * unchanged need the server's own writing: parsing and writing again reorders keys such as "1" and alters 1.0.
 * Expects a text that parseFrame accepted; like JSON.parse, the last one of equal names counts.
 */
export function rawMembers(source: string): Map<string, string> {
  const members = new Map<string, string>();
  let depth = 0;
  let key: string | null = null;
  let start = -1;
  let end = -1;
  for (const match of source.matchAll(token)) {
    const [part] = match;
    if (depth === 1 && (part === ',' || part === '}')) {
      if (key !== null && start >= 0) members.set(key, source.slice(start, end));
      key = null;
      start = -1;
    } else if (depth === 1 && key === null) {
      key = JSON.parse(part) as string;
    } else if (depth === 1 && start < 0 && part !== ':') {
      start = match.index;
    }
    if (part === '{' || part === '[') depth++;
    else if (part === '}' || part === ']') depth--;
    end = match.index + part.length;
  }
  return members;
}

/** JSON text without the white space between its tokens. */
export function compact(source: string): string {
  return source.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|\s+/gs, '$1');
}

/** What our own writer makes of a JSON text. */
export function rewritten(source: string): string {
  return serialise(parseJson(source));
}

/** A frame out of properties that are JSON text already. */
export function frameOfMembers(mt: string, members: Iterable<[string, string]>): string {
  const all = [['mt', JSON.stringify(mt)], ...members];
  return `{${all.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}
