import { createECDH, createHash } from 'node:crypto';
import { stringifyJson, type JsonObject } from './json.ts';

/** Every digest and cipher of protocol, sections 2 and 3. All digests are lower-case hex SHA-256 over UTF-8 text. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

export interface LoginParameters {
  domain: string;
  username: string;
  /** The user's or session's password, or for OAuth2 the shared secret in hex. */
  password: string;
  nonce: string;
  challenge: string;
}

export function loginResponse(type: 'user' | 'session', p: LoginParameters): string {
  return sha256(
    `innovaphoneAppClient:${type}:${p.domain}:${p.username}:${p.password}:${p.nonce}:${p.challenge}`,
  );
}

export function loginResultDigest(p: LoginParameters, info: JsonObject): string {
  return sha256(
    `innovaphoneAppClient:loginresult:${p.domain}:${p.username}:${p.password}:${p.nonce}:${p.challenge}:${stringifyJson(info)}`,
  );
}

/** The redirect digest has no domain. */
export function redirectDigest(p: Omit<LoginParameters, 'domain'>, info: JsonObject): string {
  return sha256(
    `innovaphoneAppClient:redirect:${p.username}:${p.password}:${p.nonce}:${p.challenge}:${stringifyJson(info)}`,
  );
}

export interface AppLoginParameters {
  app: string;
  domain?: string | undefined;
  sip?: string | undefined;
  guid?: string | undefined;
  dn?: string | undefined;
  info?: JsonObject | undefined;
  challenge: string;
  password: string;
}

/** Without an `info` property, its field and its colon are left out. */
export function appLoginDigest(p: AppLoginParameters): string {
  const info = p.info === undefined ? '' : `${stringifyJson(p.info)}:`;
  return sha256(
    `${p.app}:${p.domain ?? ''}:${p.sip ?? ''}:${p.guid ?? ''}:${p.dn ?? ''}:${info}${p.challenge}:${p.password}`,
  );
}

/** RC4 is the same in both directions. OpenSSL 3 offers it no more, hence by hand. */
export function rc4(key: string, data: Buffer): Buffer {
  const keyBytes = Buffer.from(key, 'utf8');
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const at = (index: number): number => state[index & 255] ?? 0;
  const swap = (a: number, b: number): void => {
    const kept = at(a);
    state[a & 255] = at(b);
    state[b & 255] = kept;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + (keyBytes[i % keyBytes.length] ?? 0)) & 255;
    swap(i, j);
  }
  const out = Buffer.alloc(data.length);
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 255;
    j = (j + at(i)) & 255;
    swap(i, j);
    out[n] = (data[n] ?? 0) ^ at(at(i) + at(j));
  }
  return out;
}

export function encryptSessionCredential(
  field: 'usr' | 'pwd',
  nonce: string,
  password: string,
  plain: string,
): string {
  return rc4(`innovaphoneAppClient:${field}:${nonce}:${password}`, Buffer.from(plain, 'utf8')).toString(
    'hex',
  );
}

export function decryptSessionCredential(
  field: 'usr' | 'pwd',
  nonce: string,
  password: string,
  cipherHex: string,
): string {
  return rc4(`innovaphoneAppClient:${field}:${nonce}:${password}`, Buffer.from(cipherHex, 'hex')).toString(
    'utf8',
  );
}

export interface KeyExchange {
  /** The own public point without its leading 04 byte, 128 hex digits. */
  readonly keyShare: string;
  /** The shared secret in hex. Throws when the peer's key share is not a point of the curve. */
  secret(peerKeyShare: string): string;
}

/** ECDH on secp256r1 for OAuth2 logins. */
export function createKeyExchange(): KeyExchange {
  const ecdh = createECDH('prime256v1');
  const keyShare = ecdh.generateKeys('hex', 'uncompressed').slice(2);
  return { keyShare, secret: (peer) => ecdh.computeSecret(`04${peer}`, 'hex').toString('hex') };
}
