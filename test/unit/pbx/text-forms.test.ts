import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressKey } from '../../../src-main/pbx/addresses.ts';
import { allApps, chatApp, completed, hwAttempts, noApps, withApp } from '../../../src-main/pbx/apps.ts';
import { attachmentName, decodeAttach, encodeAttach } from '../../../src-main/pbx/attach.ts';
import { releaseOf } from '../../../src-main/pbx/causes.ts';
import { parseFrame, type Json } from '../../../src-main/pbx/frames.ts';
import { createServerForms } from '../../../src-main/pbx/ids-and-times.ts';
import { badgeOf, readPresenceItems } from '../../../src-main/pbx/presence-items.ts';
import { reconnectDelay } from '../../../src-main/pbx/reconnect-delay.ts';
import { redact } from '../../../src-main/pbx/redact.ts';
import { defaultSettings } from '../../../src-main/pbx/settings.ts';

describe('attachments on an im_message', () => {
  test('are URLs separated by one blank, their own blanks written as %20', () => {
    expect(encodeAttach(['https://a/b c.png', ' https://a/d '])).toBe('https://a/b%20c.png https://a/d');
  });

  test('are decoded once when they were encoded as a whole', () => {
    expect(decodeAttach('https%3A%2F%2Fa%2Fb%2520c.png  HTTP%3a%2F%2Fx/y')).toEqual([
      { url: 'https://a/b%20c.png', name: 'b c.png' },
      { url: 'HTTP://x/y', name: 'y' },
    ]);
  });

  test.each([
    ['https://a/files/1?name=my%20plan.pdf', 'my plan.pdf'],
    ['https://a/files/1?key=7&name=a%26b.pdf', 'a&b.pdf'],
    ['https://a/files/report.pdf?key=7', 'report.pdf'],
    ['https://a/files/', 'files'],
    ['https://a', 'a'],
    ['/PBX0/files/%E0%A4%A.txt', '%E0%A4%A.txt'],
    ['', ''],
  ])('the name of %j is %j', (url, name) => {
    expect(attachmentName(url)).toBe(name);
  });

  test('any URLs come out as they went in', () => {
    const url = fc
      .tuple(fc.webUrl({ withQueryParameters: true }), fc.string().map(encodeURIComponent))
      .map(([base, tail]) => base + tail);
    fc.assert(
      fc.property(fc.array(url), (urls) => {
        expect(decodeAttach(encodeAttach(urls)).map((attachment) => attachment.url)).toEqual(urls);
      }),
    );
  });

  test('any name comes out of the URL that it was written into', () => {
    const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '');
    fc.assert(
      fc.property(name, (text) => {
        const url = `https://a/files/1?name=${encodeURIComponent(text)}`;
        expect(decodeAttach(encodeAttach([url, url])).map((attachment) => attachment.name)).toEqual([
          text,
          text,
        ]);
      }),
    );
  });

  test('whatever arrives, nothing throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (attach) => void decodeAttach(attach)));
  });
});

describe('a release', () => {
  test.each([
    [null, 'normal'],
    [0, 'normal'],
    [16, 'normal'],
    [26, 'elsewhere'],
  ])('with cause %s is %s', (cause, kind) => {
    expect(releaseOf(cause)).toEqual({ kind });
  });

  test.each([
    [1, 'unknown-user'],
    [3, 'unknown-user'],
    [17, 'busy'],
    [18, 'not-online'],
    [19, 'not-online'],
    [20, 'not-online'],
    [27, 'not-online'],
    [21, 'not-allowed'],
    [57, 'not-allowed'],
    [41, 'failed'],
  ])('with cause %s says %s', (cause, code) => {
    expect(releaseOf(cause)).toEqual({ kind: 'failed', reason: { code, detail: String(cause) } });
  });
});

describe('the address of a peer', () => {
  test('is the same with and without the own domain, in any case', () => {
    const keys = [{ sip: 'Bob' }, { sip: 'bob@example.com' }, { sip: ' BOB@EXAMPLE.COM ' }];
    expect(new Set(keys.map((address) => addressKey(address, 'Example.com'))).size).toBe(1);
  });

  test('of another domain is another one, and a number is no sip', () => {
    const keys = [{ sip: '23' }, { sip: '23@other.com' }, { num: '23' }];
    expect(new Set(keys.map((address) => addressKey(address, 'example.com'))).size).toBe(3);
  });
});

describe('the chat app', () => {
  const app = (name: string, url = '') => ({ name, url });

  test('is the entry called chat', () => {
    const list = allApps({ mt: 'UpdateApps', apps: [app('files'), app('chat', 'https://x/other')] });
    expect(chatApp(list, '')?.name).toBe('chat');
  });

  test.each([
    'https://x/PBX0/APPS/chat/chat',
    'https://x/PBX0/APPS/chat/chat.htm?lang=de',
    '/apps/chat/chat',
  ])('is the one whose URL is %s', (url) => {
    expect(chatApp(allApps({ apps: [app('teamchat', url)] }), '')?.name).toBe('teamchat');
  });

  test('is what the setting says, and nothing else then', () => {
    const list = allApps({ apps: [app('chat'), app('company-chat')] });
    expect(chatApp(list, 'company-chat')?.name).toBe('company-chat');
    expect(chatApp(list, 'gone')).toBeNull();
  });

  test('comes and goes with the series of single frames', () => {
    const one = withApp(withApp(noApps, { app: app('files') }), { app: app('chat') });
    const first = completed(one, { deviceApps: [] });
    expect(chatApp(first, '')?.name).toBe('chat');
    const second = completed(withApp(first, { app: app('files') }), {});
    expect(chatApp(second, '')).toBeNull();
  });

  test('is not found in garbage', () => {
    expect(chatApp(allApps({ apps: [null, 5, 'chat', { name: 7 }] }), '')).toBeNull();
  });
});

describe('what Register is tried with', () => {
  test('is nothing, then the own sip, then a device', () => {
    expect(hwAttempts('auto', 'alice', ['files', 'phone?dev:alice-pc', 'dev:b'])).toEqual([
      null,
      'alice',
      'alice-pc',
    ]);
    expect(hwAttempts('auto', 'alice', [])).toEqual([null, 'alice']);
  });

  test('is what the setting says', () => {
    expect(hwAttempts('ab12', 'alice', ['dev:b'])).toEqual(['ab12']);
  });
});

describe('ids and times', () => {
  const idOf = (source: string) => {
    const parsed = parseFrame(`{"mt":"a","id":${source}}`);
    return parsed.ok ? parsed.frame.id : undefined;
  };

  test.each(['number', 'string'] as const)(
    'go back in the form in which this server sends them: %s',
    (form) => {
      const other = form === 'number' ? 'string' : 'number';
      const forms = createServerForms({ ...defaultSettings, idForm: other });
      const id = forms.id(idOf(form === 'number' ? '18446744073709551615' : '"18446744073709551615"'));
      expect(id).toBe('18446744073709551615');
      expect(forms.writeId(id)).toBe(form === 'number' ? 18446744073709551615n : '18446744073709551615');
    },
  );

  test('a server that has not sent an id yet gets the form of the setting', () => {
    expect(createServerForms({ ...defaultSettings, idForm: 'string' }).writeId('7')).toBe('7');
    expect(createServerForms({ ...defaultSettings, idForm: 'number' }).writeId('7')).toBe(7n);
  });

  test('an id that is no number stays what it is', () => {
    expect(createServerForms(defaultSettings).writeId('a-7')).toBe('a-7');
  });

  test('a time stamp that comes as a string goes back as one', () => {
    const forms = createServerForms(defaultSettings);
    expect(forms.instant('1750000000123')).toBe(1_750_000_000_123);
    expect(forms.writeInstant(1_750_000_000_123)).toBe('1750000000123');
    forms.instant(1_750_000_000);
    expect(forms.writeInstant(1_750_000_000_123)).toBe(1_750_000_000);
  });

  test('a small time stamp is in seconds, and so is what goes back to that server', () => {
    const forms = createServerForms(defaultSettings);
    expect(forms.instant(1_767_600_000)).toBe(1_767_600_000_000);
    expect(forms.writeInstant(1_767_600_000_999)).toBe(1_767_600_000);
    expect(forms.instant(1_767_600_000_123)).toBe(1_767_600_000_123);
    expect(forms.writeInstant(1_767_600_000_999)).toBe(1_767_600_000_999);
  });

  test.each([undefined, null, 0, -5, 'soon', {}])('%j is no time', (value) => {
    expect(createServerForms(defaultSettings).instant(value)).toBeNull();
  });
});

describe('presence', () => {
  test('keeps what is known and drops what is not', () => {
    expect(
      readPresenceItems([
        { contact: 'tel:', status: 'open', activity: 'busy', note: 'x' },
        { status: 'odd' },
        7,
      ]),
    ).toEqual([
      { contact: 'tel:', status: 'open', activity: 'busy', note: 'x' },
      { contact: '', status: '', activity: '', note: '' },
    ]);
    expect(readPresenceItems('x')).toEqual([]);
  });

  test.each([
    ['#badge:3', 3],
    ['#badge:0', 0],
    ['', 0],
    ['#badge:-1', null],
    ['#badge:', null],
    ['lunch', null],
  ])('the note %j of the chat app means %s unread', (note, total) => {
    expect(badgeOf([{ contact: 'app:', status: 'open', activity: '', note }])).toBe(total);
    expect(badgeOf([{ contact: 'tel:', status: 'open', activity: '', note }])).toBeNull();
  });
});

describe('the pause before a reconnect', () => {
  const world = (byte: number) => ({ random: () => new Uint8Array([byte]) });

  test('doubles from 1 s to 32 s', () => {
    const pauses = [0, 1, 2, 3, 4, 5, 6, 50].map((n) => reconnectDelay(n, defaultSettings, world(0)));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000]);
  });

  test('is up to a quarter shorter by chance', () => {
    expect(reconnectDelay(0, defaultSettings, world(255))).toBe(750);
  });
});

describe('the trace', () => {
  test('hides secrets, keys and what people write', () => {
    const line = redact({
      mt: 'x',
      digest: 'SECRET',
      response: 'SECRET',
      password: 'SECRET',
      key: 'SECRET',
      salt: 'SECRET',
      code: 12345,
      info: { session: { usr: 'SECRET', pwd: 'SECRET' }, sip: 'alice' },
      sig: { fty: [{ type: 'im_message', data: 'SECRET', attach: 'SECRET', typing: true }] },
      msg: { text: ['SECRET'], attached: [{ url: 'https://a/f?key=SECRET', name: 'f' }] },
    });
    expect(line).not.toContain('SECRET');
    expect(line).not.toContain('12345');
    expect(line).toContain('"sip":"alice"');
    expect(line).toContain('"url":"https://a/…"');
    expect(line).toContain('"typing":true');
  });

  test.each<[string, Json]>([
    ['a challenge', { mt: 'Authenticate', challenge: 'SECRET', domain: 'd' }],
    ['a challenge that is a number', { mt: 'AppChallengeResult', challenge: 471147114711 }],
    ['a nonce', { mt: 'Login', type: 'user', nonce: 'SECRET' }],
    [
      'the credentials of a session',
      { mt: 'LoginResult', info: { session: { usr: 'SECRET', pwd: 'SECRET' } } },
    ],
    ['a session of the Messages service', { mt: 'SessionResult', session: 'SECRET' }],
    ['the name of a file that is sent', { mt: 'CreateFileBuffer', name: 'SECRET.pdf' }],
    ['the names of files in the history', { mt: 'ReadChatInd', msg: { attached: [{ name: 'SECRET.pdf' }] } }],
    ['the path of a file', { mt: 'x', url: 'https://a.example/files/SECRET.pdf' }],
    ['a path without a server', { mt: 'x', url: 'files/SECRET.pdf?key=SECRET' }],
    ['a password in a URL', { mt: 'x', url: 'https://anna:SECRET@a.example/' }],
    ['a note of a person', { mt: 'UpdatePresence', presence: [{ activity: 'busy', note: 'SECRET' }] }],
    ['information that is a text', { mt: 'AppLogin', info: '{"key":"SECRET"}' }],
    ['a property that nobody knows', { mt: 'x', whatever: { deep: ['SECRET'] } }],
  ])('hides %s', (_what, frame) => {
    expect(redact(frame)).not.toMatch(/SECRET|4711/);
  });

  test('shows what a conversation is followed by', () => {
    const frame = {
      mt: 'UpdatePresence',
      sip: 'chat',
      up: true,
      presence: [{ contact: 'app:', status: 'open', note: '#badge:3' }],
    };
    expect(redact(frame)).toBe(JSON.stringify(frame));
    const call = { api: 'PbxSignal', mt: 'Signaling', call: 1, sig: { type: 'rel', cau: { num: 17 } } };
    expect(redact(call)).toBe(JSON.stringify(call));
  });
});
