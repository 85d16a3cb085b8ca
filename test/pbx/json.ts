/**
 * JSON as it travels: 64-bit ids (`ulong64`) can exceed 2^53, so an integer that a double cannot hold is a bigint
 * here and leaves as the same digits (protocol, introduction).
 */
export type Json = null | boolean | number | string | bigint | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

const rawJson = (JSON as unknown as { rawJSON(text: string): object }).rawJSON;

/** Parses losslessly, a byte order mark in front or not. Throws a SyntaxError on anything that is not JSON. */
export function parseJson(text: string): Json {
  return JSON.parse(text.replace(/^\uFEFF/, ''), (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? exactInteger(value, context?.source)
      : value,
  ) as Json;
}

function exactInteger(value: number, source: string | undefined): number | bigint {
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** The shortest JSON text: no white space, properties in their order, bigints as digits. */
export function stringifyJson(value: Json | undefined): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? rawJson(String(part)) : part,
  );
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asTexts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A 64-bit id, given as a number or as a string of digits; anything else is undefined. */
export function asId(value: Json | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  return undefined;
}

export function asCount(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
