import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  appLoginDigest,
  createKeyExchange,
  decryptSessionCredential,
  encryptSessionCredential,
  loginResponse,
  loginResultDigest,
  rc4,
  redirectDigest,
  type AppLoginParameters,
  type LoginParameters,
} from '../digests.ts';
import { parseJson, stringifyJson, type JsonObject } from '../json.ts';

interface Vectors {
  appLogin: (AppLoginParameters & { digest: string })[];
  sessionRc4: { key: string; cipherHex: string; plain: string }[];
  loginResponse: (LoginParameters & { type: 'user' | 'session'; response: string })[];
  loginResult: (LoginParameters & { info: JsonObject; digest: string })[];
  redirect: (Omit<LoginParameters, 'domain'> & { info: JsonObject; digest: string })[];
}

const file = new URL('../../frames/protocol-vectors.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

describe('digests', () => {
  it.each(vectors.appLogin)('give the published AppLogin digest $digest', (vector) => {
    expect(appLoginDigest(vector)).toBe(vector.digest);
  });

  it.each(vectors.loginResponse)('give the login response of $username', (vector) => {
    expect(loginResponse(vector.type, vector)).toBe(vector.response);
  });

  it.each(vectors.loginResult)('give the LoginResult digest of $username', (vector) => {
    expect(loginResultDigest(vector, vector.info)).toBe(vector.digest);
  });

  it.each(vectors.redirect)('give the Redirect digest of $username, without the domain', (vector) => {
    expect(redirectDigest(vector, vector.info)).toBe(vector.digest);
  });

  it.each(vectors.sessionRc4)('decrypt a captured session name', ({ key, cipherHex, plain }) => {
    expect(rc4(key, Buffer.from(cipherHex, 'hex')).toString('utf8')).toBe(plain);
  });

  it('encrypt session credentials so that the same key opens them', () => {
    const cipher = encryptSessionCredential('pwd', '742a7df3180dd0eb', 'pä:ss', 'CJv8T5QopMHnuEjpau9vkMM');
    expect(decryptSessionCredential('pwd', '742a7df3180dd0eb', 'pä:ss', cipher)).toBe(
      'CJv8T5QopMHnuEjpau9vkMM',
    );
    expect(decryptSessionCredential('usr', '742a7df3180dd0eb', 'pä:ss', cipher)).not.toBe(
      'CJv8T5QopMHnuEjpau9vkMM',
    );
  });

  it('agree on an OAuth2 secret from key shares of 128 hex digits', () => {
    const a = createKeyExchange();
    const b = createKeyExchange();
    expect(a.keyShare).toMatch(/^[0-9a-f]{128}$/);
    expect(a.secret(b.keyShare)).toBe(b.secret(a.keyShare));
  });
});

describe('JSON', () => {
  it('keeps integers beyond 2^53 digit by digit', () => {
    const text = '{"id":18446744073709551615,"small":5,"list":[9007199254740993],"e":1e300}';
    expect(stringifyJson(parseJson(text))).toBe(text.replace('1e300', '1e+300'));
  });
});
