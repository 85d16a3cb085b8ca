import { describe, expect, test } from 'vitest';
import {
  appLoginDigest,
  decryptSessionField,
  isProven,
  loginResponse,
  loginResultDigest,
  rc4,
  redirectDigest,
} from '../../../src-main/pbx/digests.ts';
import { serialise } from '../../../src-main/pbx/frames.ts';
import vectors from '../../frames/protocol-vectors.json' with { type: 'json' };

describe('the digests of the protocol', () => {
  test.each(vectors.appLogin)('AppLogin of $app with info $info', ({ info, digest, ...login }) => {
    expect(appLoginDigest(info === undefined ? login : { ...login, info: serialise(info) })).toBe(digest);
  });

  test.each(vectors.loginResponse)('response of $username as $type', ({ type, response, ...proof }) => {
    expect(loginResponse(type as 'user' | 'session', proof)).toBe(response);
  });

  test.each(vectors.loginResult)('LoginResult of $username', ({ info, digest, ...proof }) => {
    expect(loginResultDigest(proof, serialise(info))).toBe(digest);
    const formula = (text: string) => loginResultDigest(proof, text);
    expect(isProven(digest, JSON.stringify(info, null, 2), formula)).toBe(true);
    expect(isProven(digest.toUpperCase(), serialise(info), formula)).toBe(true);
  });

  test.each(vectors.redirect)('Redirect of $username', ({ info, digest, ...proof }) => {
    expect(redirectDigest(proof, serialise(info))).toBe(digest);
  });

  test.each(vectors.sessionRc4)('session credentials, as captured', ({ key, cipherHex, plain }) => {
    expect(Buffer.from(rc4(Buffer.from(key), Buffer.from(cipherHex, 'hex'))).toString()).toBe(plain);
    const [, field, nonce = '', password = ''] = key.split(':');
    expect(decryptSessionField(field as 'usr', cipherHex, { nonce, password })).toBe(plain);
  });
});

describe('the proof of the server', () => {
  const proof = { domain: 'd', username: 'u', password: 'p', nonce: 'n', challenge: 'c' };
  const formula = (info: string) => loginResultDigest(proof, info);

  test.each([
    ['integer-like keys in their order', '{"2":"b","1":"a"}'],
    ['numbers in the writing of the server', '{"a":1.0,"b":1e3,"id":18446744073709551615}'],
    ['slashes that the server escaped', '{"url":"https:\\/\\/x"}'],
  ])('keeps %s', (_what, info) => {
    expect(isProven(formula(info), ` ${info.replaceAll(',', ' , ')}`, formula)).toBe(true);
  });

  test('is also accepted over the value as JSON.stringify writes it', () => {
    const sent = '{"dn":"\\u00c4","url":"a\\/b"}';
    expect(isProven(formula('{"dn":"Ä","url":"a/b"}'), sent, formula)).toBe(true);
  });

  test.each(['', 'x', '0'.repeat(64)])('is not the digest %j', (digest) => {
    expect(isProven(digest, '{}', formula)).toBe(false);
  });

  test('fails when one character of info was changed', () => {
    expect(isProven(formula('{"sip":"alice"}'), '{"sip":"malice"}', formula)).toBe(false);
  });

  test.each(['x', 'abc', 'zz'])('session credentials that are not hex (%j) are none', (cipher) => {
    expect(decryptSessionField('pwd', cipher, proof)).toBeNull();
  });
});
