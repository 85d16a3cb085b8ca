// The digests of the protocol, sections 2 and 3. All are lower-case hex SHA-256 over UTF-8 text.
import { createHash, timingSafeEqual } from 'node:crypto';
import { compact, rewritten } from './frames.ts';

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

export interface LoginProof {
  domain: string;
  username: string;
  /** Of the user, of the session, or the shared secret of OAuth2 in hex. */
  password: string;
  nonce: string;
  challenge: string;
}

/** Section 2, the second Login. */
export function loginResponse(type: 'user' | 'session', proof: LoginProof): string {
  const { domain, username, password, nonce, challenge } = proof;
  return sha256(`innovaphoneAppClient:${type}:${domain}:${username}:${password}:${nonce}:${challenge}`);
}

/** Section 2, LoginResult. `info`: JSON text without white space. */
export function loginResultDigest(proof: LoginProof, info: string): string {
  const { domain, username, password, nonce, challenge } = proof;
  return sha256(
    `innovaphoneAppClient:loginresult:${domain}:${username}:${password}:${nonce}:${challenge}:${info}`,
  );
}

/** Section 2, Redirect: as LoginResult, without the domain. */
export function redirectDigest(proof: Omit<LoginProof, 'domain'>, info: string): string {
  const { username, password, nonce, challenge } = proof;
  return sha256(`innovaphoneAppClient:redirect:${username}:${password}:${nonce}:${challenge}:${info}`);
}

/**
 * Whether the server has proved that it knows the secret. `info` is the text as it stands in the frame.
 * Which text the server hashed is a C where its writer escapes what it need not (`\/`, `\u00e4`): its own writing
 * without white space is tried first, then the same value as JSON.stringify writes it.
 */
export function isProven(digest: string, info: string, formula: (info: string) => string): boolean {
  return [compact(info), rewritten(info)].some((candidate) => equalDigests(digest, formula(candidate)));
}

function equalDigests(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a.toLowerCase()), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Section 3, AppLogin. Without `info` its field and its colon are left out. `info`: JSON text without white space. */
export function appLoginDigest(login: {
  app: string;
  domain: string;
  sip: string;
  guid: string;
  dn: string;
  info?: string;
  challenge: string;
  password: string;
}): string {
  const { app, domain, sip, guid, dn, info, challenge, password } = login;
  return sha256(
    [app, domain, sip, guid, dn, ...(info === undefined ? [] : [info]), challenge, password].join(':'),
  );
}

/** Section 2, session credentials: `field` is 'usr' or 'pwd', `cipher` hex. Null when it is not hex. */
export function decryptSessionField(
  field: 'usr' | 'pwd',
  cipher: string,
  proof: { nonce: string; password: string },
): string | null {
  if (!/^(?:[\da-f]{2})*$/i.test(cipher)) return null;
  const key = `innovaphoneAppClient:${field}:${proof.nonce}:${proof.password}`;
  return Buffer.from(rc4(Buffer.from(key, 'utf8'), Buffer.from(cipher, 'hex'))).toString('utf8');
}

/** RC4 by hand: OpenSSL 3 no longer offers it, and the protocol leaves no choice. Its own inverse. */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const at = (i: number) => state[i & 255] ?? 0;
  const swap = (i: number, j: number) => {
    const kept = at(i);
    state[i & 255] = at(j);
    state[j & 255] = kept;
  };
  let j = 0;
  for (let i = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let i = 0;
  j = 0;
  return data.map((byte) => {
    i = (i + 1) & 255;
    j = (j + at(i)) & 255;
    swap(i, j);
    return byte ^ at(at(i) + at(j));
  });
}
