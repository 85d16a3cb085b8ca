import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseServer, parseSibling, siblingAddress } from '../../../src-main/pbx/server-address.ts';

describe('the server as somebody types it', () => {
  test.each([
    ['pbx.example.com', 'wss://pbx.example.com', null, 'pbx.example.com'],
    ['  pbx.example.com  ', 'wss://pbx.example.com', null, 'pbx.example.com'],
    ['PBX.Example.Com', 'wss://pbx.example.com', null, 'pbx.example.com'],
    ['pbx.example.com:8443', 'wss://pbx.example.com:8443', null, 'pbx.example.com:8443'],
    ['pbx.example.com:443', 'wss://pbx.example.com', null, 'pbx.example.com'],
    ['pbx', 'wss://pbx', null, 'pbx'],
    ['10.0.0.7', 'wss://10.0.0.7', null, '10.0.0.7'],
    ['https://pbx.example.com', 'wss://pbx.example.com', null, 'pbx.example.com'],
    ['https://pbx.example.com/', 'wss://pbx.example.com', null, 'pbx.example.com'],
    ['wss://pbx.example.com//', 'wss://pbx.example.com', null, 'pbx.example.com'],
    ['HTTPS://pbx.example.com', 'wss://pbx.example.com', null, 'pbx.example.com'],
    [
      'https://apps.example.com/example.com/ip',
      'wss://apps.example.com/example.com/ip',
      null,
      'apps.example.com/example.com/ip',
    ],
    [
      'apps.example.com/example.com/ip/',
      'wss://apps.example.com/example.com/ip',
      null,
      'apps.example.com/example.com/ip',
    ],
    [
      'https://pbx.example.com/PBX0/APPCLIENT/appclient.htm',
      'wss://pbx.example.com',
      'PBX0',
      'pbx.example.com',
    ],
    [
      'https://pbx.example.com/PBX0/APPCLIENT/130280/appclient.htm?x=1#y',
      'wss://pbx.example.com',
      'PBX0',
      'pbx.example.com',
    ],
    ['https://pbx.example.com/PBX1/', 'wss://pbx.example.com', 'PBX1', 'pbx.example.com'],
    [
      'https://a.example.com/b/ip/PBX0/APPS/websocket',
      'wss://a.example.com/b/ip',
      'PBX0',
      'a.example.com/b/ip',
    ],
    [
      'https://pbx.example.com/MYPBX/WEBSOCKET/websocket',
      'wss://pbx.example.com',
      'MYPBX',
      'pbx.example.com',
    ],
    ['https://pbx.example.com/appclient.htm', 'wss://pbx.example.com', null, 'pbx.example.com'],
    ['[2001:db8::1]', 'wss://[2001:db8::1]', null, '[2001:db8::1]'],
    ['[2001:db8::1]:8443', 'wss://[2001:db8::1]:8443', null, '[2001:db8::1]:8443'],
    ['2001:db8::1', 'wss://[2001:db8::1]', null, '[2001:db8::1]'],
    ['telefon.fürth.example', 'wss://telefon.xn--frth-0ra.example', null, 'telefon.xn--frth-0ra.example'],
    ['http://localhost:8080', 'ws://localhost:8080', null, 'localhost:8080'],
    ['ws://127.0.0.1:8080/PBX0', 'ws://127.0.0.1:8080', 'PBX0', '127.0.0.1:8080'],
    ['ws://127.9.9.9', 'ws://127.9.9.9', null, '127.9.9.9'],
    ['http://[::1]:8080', 'ws://[::1]:8080', null, '[::1]:8080'],
    ['localhost:8443', 'wss://localhost:8443', null, 'localhost:8443'],
  ])('%j is %s', (typed, base, module, name) => {
    expect(parseServer(typed)).toEqual({ ok: true, value: { base, module, name } });
  });

  test.each([
    ['', 'server-empty'],
    ['   ', 'server-empty'],
    ['http://pbx.example.com', 'server-insecure'],
    ['ws://10.0.0.7', 'server-insecure'],
    ['ws://localhost.example.com', 'server-insecure'],
    ['ws://127.0.0.1.example.com', 'server-insecure'],
    ['ftp://pbx.example.com', 'server-invalid'],
    ['javascript://x', 'server-invalid'],
    ['https://', 'server-invalid'],
    ['pbx example com', 'server-invalid'],
    ['pbx.example.com:99999', 'server-invalid'],
    ['pbx.example.com:abc', 'server-invalid'],
    ['user:pwd@pbx.example.com', 'server-invalid'],
    ['https://user@pbx.example.com', 'server-invalid'],
    ['-pbx', 'server-invalid'],
    ['999.1.1.1', 'server-invalid'],
    ['\\\\server\\share', 'server-invalid'],
    ['[2001:db8::1', 'server-invalid'],
  ])('%j is refused: %s', (typed, code) => {
    expect(parseServer(typed)).toEqual({ ok: false, reason: { code } });
  });

  test('never throws, and what it gives is a WebSocket address that is encrypted or on this computer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webAuthority()), (typed) => {
        const parsed = parseServer(typed);
        if (!parsed.ok) return;
        const url = new URL(`${parsed.value.base}/PBX0/APPS/websocket`);
        expect(url.protocol === 'wss:' || /^(localhost|127\.|\[::1\])/.test(url.hostname)).toBe(true);
        expect(parsed.value.base.endsWith('/')).toBe(false);
      }),
    );
  });
});

describe('another PBX of the company', () => {
  const found = (own: string, written: string) => {
    const [address, sibling] = [parseServer(own), parseSibling(written)];
    if (!address.ok) throw new Error(own);
    const place = sibling === null ? null : siblingAddress(address.value, sibling);
    return place === null ? null : `${place.base} ${place.module}`;
  };

  test.each([
    ['https://a.example.com', 'b.example.com:8443/PBX1', 'wss://b.example.com:8443 PBX1'],
    ['https://a.example.com/ip/PBX2/APPCLIENT', 'b.example.com', 'wss://b.example.com PBX2'],
    ['https://a.example.com', '[fd00::2]:443/PBX0', 'wss://[fd00::2] PBX0'],
    ['http://127.0.0.1:8080', '127.0.0.1:8081/PBX0', 'ws://127.0.0.1:8081 PBX0'],
    ['http://127.0.0.1:8080', 'b.example.com:443/PBX0', 'wss://b.example.com PBX0'],
  ])('of %s is found at %s', (own, written, expected) => {
    expect(found(own, written)).toBe(expected);
  });

  test.each(['', '/PBX0', 'two words', 'a:b:c', 'user@host', 'https://b.example.com'])(
    'is not found at %j',
    (written) => {
      expect(found('https://a.example.com', written)).toBeNull();
    },
  );
});
