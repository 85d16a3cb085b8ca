import type { JsonObject } from './frames.ts';
import { text, textOrNumber } from './frames.ts';
import type { Address } from './index.ts';

/** `{sip}` or `{num}` as it stands in a frame (protocol, section 4, EP); null: it names nobody. */
export function readAddress(endPoint: JsonObject): Address | null {
  const sip = text(endPoint.sip);
  if (sip !== '') return { sip };
  const num = textOrNumber(endPoint.num);
  return num === '' ? null : { num };
}

/** The same for the same peer: a sip without a domain is in the own domain, and case does not matter. */
export function addressKey(address: Address, ownDomain: string): string {
  return address.sip === undefined ? `num:${address.num}` : `sip:${sipKey(address.sip, ownDomain)}`;
}

export function sipKey(sip: string, ownDomain: string): string {
  const lower = sip.trim().toLowerCase();
  const suffix = `@${ownDomain.toLowerCase()}`;
  return ownDomain !== '' && lower.endsWith(suffix) ? lower.slice(0, -suffix.length) : lower;
}
