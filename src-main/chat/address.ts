// Who is meant: addresses as people type them, as servers write them, and the one form by which a discussion is known.
import type { AddressReason, DiscussionId, Result } from '../ipc/contract.ts';
import type { Address } from '../pbx/index.ts';

/** Longest address, in UTF-16 units: more is a mistake, not an address. */
const longest = 255;
const numberMark = 'num:';

/**
 * The normalised sip (protocol, section 4: a sip without a domain is in the own domain): no scheme, no white space
 * around it, lower case, without the own domain.
 */
export function normaliseSip(sip: string, ownDomain: string): string {
  const bare = sip
    .trim()
    .toLowerCase()
    .replace(/^(?:sips?|im):(?:\/\/)?/, '');
  const domain = ownDomain.trim().toLowerCase();
  const suffix = `@${domain}`;
  return domain !== '' && bare.endsWith(suffix) && bare.length > suffix.length
    ? bare.slice(0, -suffix.length)
    : bare;
}

export function discussionId(address: Address, ownDomain: string): DiscussionId {
  return address.sip !== undefined
    ? normaliseSip(address.sip, ownDomain)
    : numberMark + address.num.replace(/[^\d+*#]/g, '');
}

/** How the address of a discussion reads. */
export function writtenAddress(address: Address): string {
  return address.sip ?? address.num;
}

/**
 * What somebody typed or pasted: `name`, `name@domain`, a `sip:` or `im:` link (also as `Name <sip:…>`), or a number
 * with the usual separators.
 */
export function parseAddress(typed: string): Result<Address, AddressReason> {
  const bracketed = /<([^<>]*[:@][^<>]*)>\s*$/.exec(typed)?.[1] ?? typed;
  const text = bracketed.trim();
  if (text === '') return refuse('address-empty');
  const scheme = /^(sips?|im|tel):(?:\/\/)?/i.exec(text);
  const rest = text.slice(scheme?.[0].length ?? 0);
  const bare = scheme ? decode(rest.split(/[;?]/, 1)[0] ?? '') : rest;
  if (bare === '' || bare.length > longest) return refuse('address-invalid');
  if (/^\+?[\d\s()/.-]*\d[\d\s()/.*#-]*$/.test(bare)) return accept({ num: bare.replace(/[^\d+*#]/g, '') });
  if (scheme?.[1]?.toLowerCase() === 'tel') return refuse('address-invalid');
  // Anything else that a PBX may call a user, but nothing that would be another thing: a link, a list, a sentence.
  if (!/^[^\s<>"',;:\\/?#@\p{Cc}\p{Cf}]+(?:@[\p{L}\p{N}.-]+|@\[[\da-f:.]+\])?$/iu.test(bare)) {
    return refuse('address-invalid');
  }
  return accept({ sip: bare });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function accept(value: Address): Result<Address, AddressReason> {
  return { ok: true, value };
}

function refuse(code: AddressReason): Result<Address, AddressReason> {
  return { ok: false, reason: { code } };
}
