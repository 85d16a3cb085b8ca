// The whole wire over real sockets, against the stand-in PBX.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Login, PbxEvent } from '../../../src-main/pbx/index.ts';
import type { Pbx as StandIn, PbxStartOptions, Switches } from '../../pbx/index.ts';
import { startPbx } from '../../pbx/index.ts';
import type { Client } from './real-client.ts';
import { closeClients, password, startClient, until } from './real-client.ts';

let pbx: StandIn;
const more: StandIn[] = [];

async function restartWith(options: PbxStartOptions) {
  await pbx.close();
  pbx = await startPbx(options);
}

beforeEach(async () => {
  pbx = await startPbx();
});

afterEach(async () => {
  closeClients();
  await pbx.close();
  for (const other of more.splice(0)) await other.close();
});

function logIn(user: string, settings = {}): Client {
  return startClient(pbx.url, password(user), settings);
}

async function online(user: string, settings = {}): Promise<Client> {
  const client = logIn(user, settings);
  await client.online();
  return client;
}

function say(client: Client, to: string, html: string, ref = html) {
  client.pbx.send({ ref, to: { sip: to }, html, attachments: [] });
}

const states = (client: Client, ref: string) =>
  client.events.flatMap((event) => ('ref' in event && event.ref === ref ? [event.type] : []));
const texts = (client: Client) => client.of('im').map(({ im }) => im.data);

describe('coming up', () => {
  test('tells each step, who it is, and the mode', async () => {
    const alice = await online('alice');
    expect(alice.links()).toEqual(['connecting', 'logging-in', 'preparing', 'online']);
    expect(alice.of('logged-in')).toMatchObject([
      { user: { sip: 'alice', name: 'Alice Adams', domain: 'example.com', num: '23' }, session: {} },
    ]);
    expect(alice.of('mode')).toEqual([{ type: 'mode', mode: 'stored' }]);
  });

  test.each<[string, Partial<Switches>]>([
    ['LoginInfo is unknown', { loginInfo: 'unknown' }],
    ['info is flat', { infoShape: 'flat' }],
    ['there is a standby PBX', { standby: 'standby.example.com:443/PBX0' }],
    ['the apps come one by one', { appsForm: 'each' }],
    ['the chat app is known by its URL', { chatApp: 'url' }],
    ['the app challenge is a number', { appChallenge: 'number' }],
    ['the app login has an empty info', { appLoginInfo: 'empty' }],
    ['the app login has no info', { appLoginInfo: 'absent' }],
    ['Register wants the sip', { registerHw: 'sip' }],
    ['Register wants a device', { registerHw: 'device' }],
    ['ids are strings', { ids: 'strings' }],
    ['addresses have their domain', { sipForm: 'full' }],
    ['OAuth2 is offered, too', { loginMethods: 'digest+oauth2' }],
    ['NTLM is offered, too', { loginMethods: 'digest+ntlm' }],
  ])('works where %s', async (_what, switches) => {
    await restartWith({ switches });
    const alice = await online('alice');
    expect(alice.of('mode')).toEqual([{ type: 'mode', mode: 'stored' }]);
  });

  test.each(['required', 'refused'] as const)(
    'works where a build number in the path is %s',
    async (buildNumber) => {
      pbx.setSwitch('buildNumber', buildNumber);
      await online('alice');
    },
  );

  test('works where the chat app has another name, by a setting', async () => {
    await restartWith({ switches: { chatApp: 'custom' } });
    const without = logIn('alice');
    await without.next('link', ({ state }) => state === 'no-chat-right');
    await online('alice', { chatApp: 'company-chat' });
  });

  test.each(['/example.com/ip', '/example.com/ip/', '/example.com/ip/PBX0/APPCLIENT/appclient.htm'])(
    'works behind a reverse proxy, when %s is typed',
    async (path) => {
      await restartWith({ switches: { pathPrefix: '/example.com/ip' } });
      await startClient(pbx.url + path, password('alice')).online();
    },
  );

  test('works with TLS, once the certificate is trusted', async () => {
    await restartWith({ tls: true });
    const distrusting = startClient(pbx.tlsUrl, password('alice'));
    expect((await distrusting.next('login-failed')).reason.code).toBe('server-certificate');
    expect(pbx.received.of('Login')).toEqual([]);
    const trusting = startClient(
      pbx.tlsUrl,
      password('alice'),
      {},
      { certificates: [pbx.certificate ?? ''] },
    );
    await trusting.online();
  });

  test('shows the code of the second factor and waits for it', async () => {
    await online('alice');
    pbx.setSwitch('secondFactor', 'on');
    const second = logIn('alice');
    expect((await second.next('authorize')).code).toBeGreaterThan(0);
    pbx.authorize('alice');
    await second.online();
  });

  test('leaves no timer and no socket after close, and tells nothing more', async () => {
    const alice = await online('alice');
    alice.pbx.watchPresence(['bob']);
    say(alice, 'tom', 'x');
    alice.pbx.close();
    expect(alice.world.timers).toBe(0);
    await until('the end of the registration', () => !pbx.isRegistered('alice'));
    const count = alice.events.length;
    alice.pbx.retry();
    alice.pbx.suspend();
    expect(await alice.pbx.readGroups()).toEqual({ ok: false, reason: { code: 'offline' } });
    expect(alice.events).toHaveLength(count);
  });
});

describe('a login that fails', () => {
  async function failure(login: Login, server = pbx.url) {
    const client = startClient(server, login);
    const { reason } = await client.next('login-failed');
    expect(client.world.timers).toBe(0);
    return reason.code;
  }

  test('with a wrong password is final, so that nobody is locked out', async () => {
    expect(await failure({ kind: 'password', user: 'alice', password: 'wrong' })).toBe('wrong-password');
    expect(pbx.received.of('Login')).toHaveLength(2);
  });

  test('with an unknown user, without a user, without a password', async () => {
    expect(await failure(password('nobody'))).toBe('wrong-password');
    expect(await failure({ kind: 'password', user: ' ', password: 'x' })).toBe('user-empty');
    expect(await failure({ kind: 'password', user: 'alice', password: '' })).toBe('password-empty');
  });

  test('with a session that is gone asks for the password', async () => {
    expect(await failure({ kind: 'session', usr: 'gone', pwd: 'gone' })).toBe('session-expired');
  });

  test.each([
    ['', 'server-empty'],
    ['no host', 'server-invalid'],
    ['http://pbx.example.com', 'server-insecure'],
    ['https://no-such-host.invalid', 'server-unknown'],
    ['http://127.0.0.1:1', 'server-unreachable'],
  ])('at the server %j says %s', async (server, code) => {
    expect(await failure(password('alice'), server)).toBe(code);
  });

  test('at a server that refuses says that it is not reachable', async () => {
    pbx.faults.refuseConnections = true;
    expect(await failure(password('alice'))).toBe('server-unreachable');
  });

  test('at a server that cannot prove itself', async () => {
    pbx.faults.wrongLoginDigest = true;
    expect(await failure(password('alice'))).toBe('server-not-proven');
  });

  test.each([
    ['oauth2', 'method-oauth2'],
    ['ntlm', 'method-ntlm'],
  ] as const)('where only %s is offered', async (loginMethods, code) => {
    await restartWith({ switches: { loginMethods } });
    expect(await failure(password('alice'))).toBe(code);
  });

  test('because the PBX on which the user lives is not there', async () => {
    pbx.setSwitch('redirectTo', 'no-such-host.invalid:443/PBX0');
    const client = logIn('alice');
    const { reason } = await client.next('login-failed');
    expect(reason).toEqual({ code: 'server-unknown', detail: 'ENOTFOUND' });
  });

  test('because one PBX redirects to the other and back', async () => {
    const other = await startPbx({ sessionsOf: pbx });
    more.push(other);
    other.setSwitch('redirectTo', `127.0.0.1:${pbx.plainPort}/PBX0`);
    pbx.setSwitch('redirectTo', `127.0.0.1:${other.plainPort}/PBX0`);
    const { reason } = await logIn('alice').next('login-failed');
    expect(reason).toEqual({ code: 'redirected', detail: '127.0.0.1' });
  });

  test('when the link breaks in the middle of it', async () => {
    pbx.faults.on({ action: 'drop-before', mt: 'Authenticate' });
    expect(await failure(password('alice'))).toBe('server-unreachable');
  });

  test('when nobody answers', async () => {
    pbx.faults.on({ action: 'swallow', mt: 'Authenticate' });
    expect(await failure(password('alice'))).toBe('server-not-pbx');
  });
});

describe('a session', () => {
  async function sessionOf(user: string): Promise<Login> {
    const client = await online(user);
    const session = client.of('logged-in')[0]?.session ?? { usr: '', pwd: '' };
    client.pbx.close();
    return { kind: 'session', ...session };
  }

  test.each(['absent', 'present'] as const)(
    'logs in without the password (another one in it: %s)',
    async (how) => {
      pbx.setSwitch('sessionInSessionLogin', how);
      const session = await sessionOf('alice');
      const again = startClient(pbx.url, session);
      await again.online();
      const { session: kept } = again.of('logged-in')[0] ?? {};
      const third = startClient(pbx.url, { kind: 'session', ...(kept ?? { usr: '', pwd: '' }) });
      await third.online();
    },
  );

  test('waits for a PBX that is not there yet instead of giving up', async () => {
    const session = await sessionOf('alice');
    pbx.faults.refuseConnections = true;
    const client = startClient(pbx.url, session);
    const offline = await client.next('link', ({ state }) => state === 'offline', 2);
    expect(offline).toMatchObject({ reason: { code: 'server-unreachable' } });
    pbx.faults.clear();
    await client.online();
    expect(client.of('login-failed')).toEqual([]);
  });

  test('ends with a logout, at the PBX as well', async () => {
    const alice = await online('alice');
    const { session } = alice.of('logged-in')[0] ?? {};
    await alice.pbx.logout();
    expect(alice.world.timers).toBe(0);
    expect(alice.of('logged-out')).toEqual([]);
    const again = startClient(pbx.url, { kind: 'session', ...(session ?? { usr: '', pwd: '' }) });
    expect((await again.next('login-failed')).reason.code).toBe('session-expired');
  });

  test('logs out in bounded time when nobody confirms', async () => {
    const alice = await online('alice', { logoutTimeout: 50 });
    pbx.faults.on({ action: 'swallow', direction: 'in', mt: 'Logout' });
    await alice.pbx.logout();
    expect(alice.world.timers).toBe(0);
  });

  test('that the PBX ends is over', async () => {
    const alice = await online('alice');
    pbx.logOut('alice');
    await alice.next('logged-out');
    expect(alice.world.timers).toBe(0);
    alice.pbx.retry();
    expect(alice.links().at(-1)).toBe('online');
  });
});

describe('another PBX of the company', () => {
  async function another(options: PbxStartOptions = {}): Promise<StandIn> {
    const other = await startPbx({ sessionsOf: pbx, ...options });
    more.push(other);
    return other;
  }

  test('is where the user lives: the redirect is followed with its session, also the next time', async () => {
    const home = await another({ switches: { module: 'PBX7' } });
    pbx.setSwitch('redirectTo', `127.0.0.1:${home.plainPort}/PBX7`);
    const alice = await online('alice');
    expect(home.isRegistered('alice')).toBe(true);
    expect(pbx.isRegistered('alice')).toBe(false);
    expect(home.received.of('Login').map(({ type }) => type)).toEqual(['session', 'session']);
    home.faults.drop({ user: 'alice' });
    await alice.online(2);
    const { session } = alice.of('logged-in')[0] ?? {};
    alice.pbx.close();
    await until('the end of the registration', () => !home.isRegistered('alice'));
    const again = startClient(pbx.url, { kind: 'session', ...(session ?? { usr: '', pwd: '' }) });
    await again.online();
    expect(home.isRegistered('alice')).toBe(true);
  });

  test('is followed with TLS to nobody who cannot prove himself', async () => {
    await restartWith({ tls: true });
    const home = await startPbx({ tls: true });
    more.push(home);
    pbx.setSwitch('redirectTo', `127.0.0.1:${home.tlsPort}/PBX0`);
    const trusting = { certificates: [pbx.certificate ?? ''] };
    const alice = startClient(pbx.tlsUrl, password('alice'), {}, trusting);
    expect((await alice.next('login-failed')).reason.code).toBe('server-certificate');
    expect(home.received.of('Login')).toEqual([]);
  });

  test('stands in while the PBX is not there, and gives way when it is back', async () => {
    const second = await another();
    pbx.setSwitch('standby', `127.0.0.1:${second.plainPort}/PBX0`);
    const alice = await online('alice');
    pbx.faults.refuseConnections = true;
    pbx.faults.drop({ user: 'alice' });
    await alice.online(2);
    expect(second.isRegistered('alice')).toBe(true);
    pbx.faults.clear();
    second.announceEnd('StandbyBack', 'alice');
    await alice.online(3);
    expect([pbx.isRegistered('alice'), second.isRegistered('alice')]).toEqual([true, false]);
  });

  test('that stands in and does not know the session ends nothing', async () => {
    const stranger = await startPbx();
    more.push(stranger);
    pbx.setSwitch('standby', `127.0.0.1:${stranger.plainPort}/PBX0`);
    const alice = await online('alice');
    pbx.faults.refuseConnections = true;
    pbx.faults.drop({ user: 'alice' });
    await alice.next('link', (event) => event.state === 'offline' && event.reason.code === 'pbx-closed');
    pbx.faults.clear();
    await alice.online(2);
    expect(alice.of('login-failed')).toEqual([]);
    expect(pbx.isRegistered('alice')).toBe(true);
  });
});

describe('the link', () => {
  test.each([
    ['client', 'link-lost'],
    ['app', 'link-lost'],
  ] as const)('comes back by itself when the %s connection breaks', async (kind, code) => {
    const alice = await online('alice');
    pbx.faults.drop({ kind, user: 'alice' });
    const offline = await alice.next('link', ({ state }) => state === 'offline');
    expect(offline).toMatchObject({ reason: { code } });
    await alice.online(2);
    expect(pbx.received.of('Login').at(-1)).toMatchObject({ type: 'session' });
  });

  test('comes back when nobody answers any more', async () => {
    const alice = await online('alice', { pingInterval: 20, pingDeadline: 60 });
    pbx.faults.halfOpen(true, { kind: 'app', user: 'alice' });
    const offline = await alice.next('link', ({ state }) => state === 'offline');
    expect(offline).toMatchObject({ reason: { code: 'heartbeat-lost' } });
    await alice.online(2);
  });

  test.each(['StandbyBack', 'Disconnect'] as const)('comes back after %s', async (mt) => {
    const alice = await online('alice');
    pbx.announceEnd(mt, 'alice');
    const offline = await alice.next('link', ({ state }) => state === 'offline');
    expect(offline).toMatchObject({ reason: { code: 'pbx-closed', detail: mt } });
    await alice.online(2);
  });

  test('comes back after a restart of the PBX, with everything that was subscribed', async () => {
    const alice = await online('alice');
    alice.pbx.watchPresence(['bob']);
    await alice.next('presence');
    await pbx.restart();
    await alice.online(2);
    await alice.next('presence', () => true, 2);
    await alice.next('favourites', () => true, 2);
    await alice.next('badge', () => true, 2);
  });

  test('comes back at once when it is asked to', async () => {
    const alice = await online('alice', { reconnectFirst: 1e8, reconnectLast: 1e8 });
    pbx.faults.drop({ user: 'alice' });
    const offline = await alice.next('link', ({ state }) => state === 'offline');
    expect(offline.state === 'offline' && (offline.retryAt ?? 0) > Date.now() + 1e6).toBe(true);
    alice.pbx.retry();
    await alice.online(2);
  });

  test('sleeps with the machine and comes back with it', async () => {
    const alice = await online('alice');
    alice.pbx.suspend();
    expect(alice.of('link').at(-1)).toMatchObject({ reason: { code: 'suspended' }, retryAt: null });
    expect(alice.world.timers).toBe(0);
    await until('the end of the registration', () => !pbx.isRegistered('alice'));
    alice.pbx.retry();
    await alice.online(2);
  });

  test('that is asked to retry while it is there is probed and stays', async () => {
    const alice = await online('alice');
    alice.pbx.retry();
    alice.pbx.retry();
    expect(await alice.pbx.readGroups()).toMatchObject({ ok: true });
    expect(alice.links()).toHaveLength(4);
  });

  test('that is half-open when the machine wakes up is found out by the probe', async () => {
    const alice = await online('alice', { pingInterval: 1e8, pingDeadline: 90 });
    pbx.faults.halfOpen(true, { user: 'alice' });
    alice.pbx.retry();
    await alice.online(2);
  });

  test.each([
    ['garbage before it', 'garbage'],
    ['a duplicate', 'duplicate'],
    ['a delay', 'delay'],
  ] as const)('survives %s of every kind of frame', async (_what, action) => {
    pbx.faults.on({ action, times: 1000, ms: 1 });
    const alice = await online('alice');
    expect(await alice.pbx.readChats({ unread: false })).toMatchObject({ ok: true });
    expect(alice.links()).toEqual(['connecting', 'logging-in', 'preparing', 'online']);
  });

  test.each([
    'LoginInfoResult',
    'UpdateApps',
    'AppChallengeResult',
    'AppLoginResult',
    'RegisterResult',
    'SessionResult',
  ])('survives a break at %s', async (mt) => {
    const session = await online('alice');
    const { usr, pwd } = session.of('logged-in')[0]?.session ?? { usr: '', pwd: '' };
    session.pbx.close();
    pbx.setSwitch('appsForm', 'arrays');
    pbx.faults.on({ action: 'drop-before', mt });
    const alice = startClient(pbx.url, { kind: 'session', usr, pwd });
    await alice.online();
    expect(alice.links()).toContain('offline link-lost');
  });
});

describe('the right to chat', () => {
  test('that is missing is said, and taken up when it comes', async () => {
    const vera = logIn('vera');
    await vera.next('link', ({ state }) => state === 'no-chat-right');
    say(vera, 'tom', 'kept');
    pbx.setChatRight('vera', true);
    await vera.online();
    expect(vera.links().slice(-3)).toEqual(['no-chat-right', 'preparing', 'online']);
    await until('the message to go out', () => states(vera, 'kept').length > 0);
  });

  test.each(['arrays', 'each'] as const)('that is taken away is said (apps as %s)', async (appsForm) => {
    await restartWith({ switches: { appsForm } });
    const alice = await online('alice');
    pbx.setChatRight('alice', false);
    await alice.next('link', ({ state }) => state === 'no-chat-right');
    pbx.setChatRight('alice', true);
    await alice.online(2);
  });
});

describe('a chat of two', () => {
  test('goes both ways, in order, on one call', async () => {
    const [tom, tina] = [await online('tom'), await online('tina')];
    for (const text of ['one', 'two', 'three']) say(tom, 'tina', text);
    await tina.next('im', () => true, 3);
    expect(texts(tina)).toEqual(['one', 'two', 'three']);
    say(tina, 'tom', 'answer');
    const { im } = await tom.next('im');
    expect(im).toMatchObject({
      from: { sip: 'tina' },
      group: false,
      author: { sip: 'tina' },
      own: false,
      data: 'answer',
      mime: 'text/html',
    });
    expect(states(tom, 'two')).toEqual(['im-sent', 'im-delivered']);
    expect(states(tina, 'answer')).toEqual(['im-sent', 'im-delivered']);
    const setups = pbx.received
      .of('Signaling')
      .filter(({ sig }) => (sig as { type: string }).type === 'setup');
    expect(setups).toHaveLength(1);
  });

  test.each(['call_proc', 'alert', 'conn'] as const)('works where %s is the first answer', async (gate) => {
    pbx.setSwitch('gate', gate);
    const [tom, tina] = [await online('tom'), await online('tina')];
    say(tom, 'tina', 'hi');
    await tina.next('im');
    await tom.next('im-delivered');
  });

  test('carries a long text in both directions unharmed', async () => {
    pbx.setSwitch('maxText', 1000);
    const [tom, tina] = [await online('tom'), await online('tina')];
    const long = '<b>Grüße</b> &amp; 👨‍👩‍👧‍👦 <br>'.repeat(300);
    say(tom, 'tina', long, 'long');
    expect((await tina.next('im')).im.data).toBe(long);
    say(tina, 'tom', long, 'back');
    expect((await tom.next('im')).im).toMatchObject({ data: long, incomplete: false });
  });

  test('carries attachments', async () => {
    const [tom, tina] = [await online('tom'), await online('tina')];
    const url = 'https://files.example.com/1?name=my plan.pdf';
    tom.pbx.send({ ref: 'a', to: { sip: 'tina' }, html: '', attachments: [{ url }, { url: 'https://x/y' }] });
    expect((await tina.next('im')).im.attachments).toEqual([
      { url: 'https://files.example.com/1?name=my%20plan.pdf', name: 'my plan.pdf' },
      { url: 'https://x/y', name: 'y' },
    ]);
  });

  test('shows who is typing, on a call that is there', async () => {
    const [tom, tina] = [await online('tom'), await online('tina')];
    tom.pbx.sendTyping({ sip: 'tina' }, true);
    say(tom, 'tina', 'hi');
    await tina.next('im');
    tom.pbx.sendTyping({ sip: 'tina' }, true);
    expect(await tina.next('typing')).toMatchObject({
      from: { sip: 'tom' },
      author: { sip: 'tom' },
      typing: true,
    });
    expect(tina.of('typing')).toHaveLength(1);
  });

  test('when both write at the same moment loses nothing', async () => {
    const [tom, tina] = [await online('tom'), await online('tina')];
    say(tom, 'tina', 'from tom');
    say(tina, 'tom', 'from tina');
    await tom.next('im');
    await tina.next('im');
    say(tom, 'tina', 'again from tom');
    say(tina, 'tom', 'again from tina');
    await tom.next('im', () => true, 2);
    await tina.next('im', () => true, 2);
    expect([texts(tom), texts(tina)]).toEqual([
      ['from tina', 'again from tina'],
      ['from tom', 'again from tom'],
    ]);
  });

  test.each<[string, string, number, string]>([
    ['nobody', 'ghost', 1, 'unknown-user'],
    ['somebody who is offline', 'tina', 20, 'not-online'],
  ])('with %s fails with the reason', async (_who, to, cause, code) => {
    const tom = await online('tom');
    say(tom, to, 'x');
    expect((await tom.next('im-failed')).reason).toEqual({ code, detail: String(cause) });
  });

  test('to somebody who is offline works with a licence', async () => {
    const alice = await online('alice');
    say(alice, 'olga', 'read it later');
    await alice.next('im-delivered');
    expect(alice.of('im-failed')).toEqual([]);
    const olga = await online('olga');
    const stored = await olga.pbx.readChat({ sip: 'alice', count: 10 });
    expect(stored.ok && stored.value.map(({ text }) => text)).toEqual(['read it later']);
  });

  test('is left to another device by the one whose window is not in use', async () => {
    const tom = await online('tom');
    const [idle, used] = [
      await online('tina', { answer: 'in-use' }),
      await online('tina', { answer: 'in-use' }),
    ];
    used.pbx.setInUse(true);
    say(tom, 'tina', 'hi');
    await used.next('im');
    await tom.next('im-delivered');
    expect(idle.of('im')).toEqual([]);
  });

  test('waits for the peer while nobody takes it, and fails nothing', async () => {
    const tom = await online('tom');
    const tina = await online('tina', { answer: 'in-use' });
    say(tom, 'tina', 'hi');
    await tom.next('im-sent');
    tina.pbx.setInUse(true);
    await tina.next('im');
    await tom.next('im-delivered');
  });

  test('keeps a message that is written while the link is down, and sends it once', async () => {
    const [tom, tina] = [await online('tom'), await online('tina')];
    pbx.faults.drop({ user: 'tom' });
    await tom.next('link', ({ state }) => state === 'offline');
    say(tom, 'tina', 'kept');
    await tina.next('im');
    await tom.next('im-delivered');
    expect(texts(tina)).toEqual(['kept']);
  });

  test('says that a message is lost when the link broke before anybody had it', async () => {
    const tom = await online('tom');
    await online('tina', { answer: 'in-use' });
    say(tom, 'tina', 'x');
    await tom.next('im-sent');
    pbx.faults.drop({ kind: 'app', user: 'tom' });
    expect((await tom.next('im-failed')).reason.code).toBe('connection-lost');
  });

  test('goes on after the peer was away', async () => {
    const tom = await online('tom');
    const tina = await online('tina');
    say(tom, 'tina', 'one');
    await tina.next('im');
    tina.pbx.close();
    await until('the end of the registration', () => !pbx.isRegistered('tina'));
    const again = await online('tina');
    say(tom, 'tina', 'two');
    await again.next('im', ({ im }) => im.data === 'two');
  });
});

describe('stored chat', () => {
  test('reads chats, pages of messages and groups, with every digit of their ids', async () => {
    const alice = await online('alice');
    const chats = await alice.pbx.readChats({ unread: true });
    expect(chats).toMatchObject({ ok: true, value: [{ sip: 'bob', unread: 1, group: false }] });
    const newest = await alice.pbx.readChat({ sip: 'bob', count: 10 });
    if (!newest.ok) throw new Error(newest.reason.code);
    expect(newest.value.map(({ text }) => text)).toEqual(
      Array.from({ length: 10 }, (_, n) => `Message ${n + 21}`),
    );
    const older = await alice.pbx.readChat({ sip: 'bob', older: newest.value[0]?.at ?? 0, count: 100 });
    expect(older.ok && older.value.map(({ text }) => text)).toEqual(
      Array.from({ length: 20 }, (_, n) => `Message ${n + 1}`),
    );
    const groups = await alice.pbx.readGroups();
    expect(groups).toMatchObject({ ok: true, value: [{ sip: 'grp-team', name: 'Team' }] });
    for (const { id } of newest.value) expect(id).toMatch(/^\d+$/);
  });

  test.each<[string, Partial<Switches>]>([
    ['seconds', { timestamps: 's' }],
    ['pages the other way round', { chatOrder: 'oldest-first' }],
    ['ids as strings', { ids: 'strings' }],
  ])('pages the same from a server with %s', async (_what, switches) => {
    await restartWith({ switches });
    const alice = await online('alice');
    const read: string[] = [];
    let older: number | undefined;
    for (let page = 0; page < 3; page++) {
      const answer = await alice.pbx.readChat({
        sip: 'bob',
        count: 10,
        ...(older === undefined ? {} : { older }),
      });
      if (!answer.ok) throw new Error(answer.reason.code);
      older = answer.value[0]?.at;
      read.unshift(...answer.value.map(({ text }) => text));
    }
    expect(read).toEqual(Array.from({ length: 30 }, (_, n) => `Message ${n + 1}`));
  });

  test('is read by one device and clears the badge of the other', async () => {
    const [one, other] = [await online('alice'), await online('alice')];
    await other.next('badge', ({ total }) => total === 1);
    expect(await one.pbx.markRead('bob')).toEqual({ ok: true, value: null });
    await other.next('badge', ({ total }) => total === 0);
  });

  test('carries messages of a group, with group and author', async () => {
    const [alice, bob] = [await online('alice'), await online('bob')];
    await bob.pbx.readGroups();
    say(alice, 'grp-team', 'to all');
    const { im } = await bob.next('im');
    expect(im).toMatchObject({
      from: { sip: 'grp-team' },
      group: true,
      author: { sip: 'alice' },
      own: false,
    });
    say(bob, 'grp-team', 'answer');
    expect((await alice.next('im')).im).toMatchObject({
      data: 'answer',
      author: { sip: 'bob', name: 'Bob Brown' },
    });
  });

  test('knows its groups also where their calls are diverted', async () => {
    pbx.setSwitch('groupCall', 'diverted');
    const [alice, bob] = [await online('alice'), await online('bob')];
    await bob.pbx.readGroups();
    say(alice, 'grp-team', 'to all');
    const { im } = await bob.next('im');
    expect(im).toMatchObject({ from: { sip: 'grp-team' }, group: true, author: { sip: 'alice' } });
  });

  test.each(['error', 'silent'] as const)('is volatile without a licence (%s)', async (how) => {
    pbx.setSwitch('unlicensedSession', how);
    const tom = await online('tom');
    expect(tom.of('mode')).toEqual([{ type: 'mode', mode: 'volatile', reason: { code: 'no-licence' } }]);
    expect(await tom.pbx.readChats({ unread: true })).toEqual({ ok: false, reason: { code: 'volatile' } });
  });

  test('comes and goes with the service and with the licence', async () => {
    const alice = await online('alice');
    const mode = (wanted: PbxEvent & { type: 'mode' }, nth: number) =>
      alice.next('mode', (event) => event.mode === wanted.mode, nth);
    await pbx.setMessagesService(false);
    expect(await mode({ type: 'mode', mode: 'volatile', reason: { code: 'no-answer' } }, 1)).toMatchObject({
      reason: { code: 'service-unavailable' },
    });
    await pbx.setMessagesService(true);
    await mode({ type: 'mode', mode: 'stored' }, 2);
    pbx.setLicence('alice', false);
    await mode({ type: 'mode', mode: 'volatile', reason: { code: 'no-licence' } }, 2);
    pbx.setLicence('alice', true);
    await mode({ type: 'mode', mode: 'stored' }, 3);
    expect(alice.links().at(-1)).toBe('online');
  });

  test('survives a request that nobody answers', async () => {
    const alice = await online('alice', { requestTimeout: 150 });
    pbx.faults.on({ action: 'swallow', direction: 'in', mt: 'ReadGroups' });
    expect(await alice.pbx.readGroups()).toEqual({ ok: false, reason: { code: 'no-answer' } });
    expect(await alice.pbx.readGroups()).toMatchObject({ ok: true });
  });
});

describe('people', () => {
  test('are found by their address or number, or nobody is', async () => {
    const alice = await online('alice');
    expect(await alice.pbx.findPerson({ sip: 'tom' })).toEqual({
      ok: true,
      value: { sip: 'tom', num: '31', name: 'Tom Thompson', email: expect.any(String) as string },
    });
    expect(await alice.pbx.findPerson({ num: '31' })).toMatchObject({ ok: true, value: { sip: 'tom' } });
    expect(await alice.pbx.findPerson({ sip: 'ghost' })).toEqual({ ok: true, value: null });
  });

  test('have a presence, and so has the user', async () => {
    const [alice, bob] = [await online('alice'), await online('bob')];
    alice.pbx.watchPresence(['bob']);
    bob.pbx.setOwnPresence('busy', 'meeting');
    const seen = await alice.next('presence', ({ items }) => items.some(({ note }) => note === 'meeting'));
    expect(seen).toMatchObject({ sip: 'bob', name: 'Bob Brown' });
    await bob.next('own-presence', ({ items }) => items.some(({ activity }) => activity === 'busy'));
  });

  test('may be favourites, which come and go', async () => {
    const alice = await online('alice');
    const first = await alice.next('favourites');
    expect(first.people.map(({ sip }) => sip)).toEqual(['bob', 'tom']);
    pbx.setFavourite('alice', 'tina', true);
    await alice.next('favourites', ({ people }) => people.some(({ sip }) => sip === 'tina'));
    pbx.setFavourite('alice', 'tina', false);
    await alice.next('favourites', ({ people }) => people.length === 2, 2);
  });
});

describe('what is told the PBX', () => {
  test('is whether somebody is at the machine, once each, and again on a new link', async () => {
    const alice = await online('alice');
    alice.pbx.setInUse(false);
    alice.pbx.setActive(true);
    alice.pbx.setActive(true);
    alice.pbx.setActive(false);
    await pbx.received.waitFor(({ mt, inactive }) => mt === 'SetUserActivity' && inactive === true);
    expect(pbx.received.of('SetUserActivity').map(({ inactive }) => inactive)).toEqual([false, true]);
    pbx.faults.drop({ user: 'alice' });
    await alice.online(2);
    await until('the activity again', () => pbx.received.of('SetUserActivity').length === 3);
  });

  test('is nothing that it refuses or does not know', async () => {
    const [alice, bob] = [await online('alice'), await online('bob')];
    alice.pbx.watchPresence(['bob', 'tom']);
    alice.pbx.setActive(false);
    alice.pbx.setOwnPresence('away', '');
    say(alice, 'bob', '<b>x</b>');
    await bob.next('im');
    await alice.pbx.readGroups();
    alice.pbx.close();
    await until('the end of the registration', () => !pbx.isRegistered('alice'));
    expect(pbx.traces).toEqual([]);
  });
});

test('a wake for the chat app is told', async () => {
  pbx.faults.on({ action: 'swallow', direction: 'in', mt: 'Register', user: 'tina' });
  const tina = logIn('tina', { requestTimeout: 8000 });
  await pbx.sent.waitFor(({ mt }, { user }) => mt === 'AppLoginResult' && user === 'tina');
  const tom = await online('tom');
  say(tom, 'tina', 'x');
  await tina.next('wake');
});

describe('frames that nobody would send', () => {
  const names = [
    ...[
      'CheckBuildResult',
      'LoginInfoResult',
      'Authenticate',
      'Authorize',
      'LoginResult',
      'Redirect',
      'UpdateUser',
    ],
    ...['UpdateApps', 'UpdateAppsInfo', 'UpdateAppsComplete', 'AppGetLoginResult', 'UpdatePresence', 'Wake'],
    ...[
      'UpdateOwnPresence',
      'SessionAdded',
      'AppChallengeResult',
      'AppLoginResult',
      'RegisterResult',
      'Signaling',
    ],
    ...[
      'Error',
      'SessionResult',
      'ReadChatsInd',
      'PresenceState',
      'PresenceUpdate',
      'ProfileContactAdded',
      'Unheard',
    ],
  ];
  const properties = [
    ...[
      'api',
      'src',
      'call',
      'sig',
      'type',
      'fty',
      'cg',
      'sip',
      'info',
      'digest',
      'error',
      'app',
      'apps',
      'presence',
    ],
    ...['contact', 'profile', 'user', 'challenge', 'ok', 'err', 'deviceApps', 'msg', '__proto__'],
  ];
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(
      'PbxSignal',
      'PbxMessages',
      'PbxApi',
      'setup',
      'rel',
      'conn',
      'im_message',
      'chat',
      'alice',
    ),
    fc.dictionary(fc.constantFrom(...properties), fc.jsonValue({ maxDepth: 1 })),
  );
  const frame = fc
    .tuple(
      fc.constantFrom(...names),
      fc.dictionary(fc.constantFrom(...properties), values, { noNullPrototype: true }),
    )
    .map(([mt, rest]) => JSON.stringify({ ...rest, mt }));

  test('do no harm', { timeout: 30_000 }, async () => {
    const alice = await online('alice');
    for (let round = 1; round <= 20; round++) {
      const states = alice.links().length;
      const texts = [...fc.sample(frame, 50), `{"mt":"Sentinel${round}"}`];
      for (const text of texts) pbx.faults.garbage(text, { user: 'alice' });
      // Some of them end the link, the session or the right to chat, as they may. It comes back.
      const ended = () =>
        alice.links().length > states || alice.traced().includes(`ignored Sentinel${round}`);
      await until('the end of the round', ended);
      pbx.faults.drop({ user: 'alice' });
      await until('a new login', () => alice.links().length > states && alice.links().at(-1) === 'online');
    }
    expect(alice.of('mode').at(-1)).toEqual({ type: 'mode', mode: 'stored' });
    expect(alice.traced()).not.toContain('failed on');
    expect(alice.of('login-failed')).toEqual([]);
    expect(alice.of('logged-in').every(({ user }) => user.sip === 'alice')).toBe(true);
  });
});

test('a listener that fails does not end the link', async () => {
  const alice = await online('alice');
  const client = startClient(pbx.url, password('bob'));
  client.events.push = () => {
    throw new Error('on purpose');
  };
  await until('the registration', () => pbx.isRegistered('bob'));
  say(alice, 'bob', 'x');
  await alice.next('im-delivered');
  expect(client.traced()).toContain('the listener failed');
});

test('the trace has no secrets, no digests and no texts', async () => {
  const [alice, tom] = [await online('alice'), await online('tom')];
  say(tom, 'alice', 'Extremely private');
  await alice.next('im', ({ im }) => im.data === 'Extremely private');
  await alice.pbx.readChat({ sip: 'bob', count: 10 });
  const { session } = alice.of('logged-in')[0] ?? {};
  const traced = alice.traced() + tom.traced();
  expect(traced).toContain('"mt":"ReadChatInd"');
  for (const secret of ['Extremely private', 'Message 3', session?.usr ?? '', session?.pwd ?? '']) {
    expect(traced).not.toContain(secret);
  }
  expect(traced).not.toMatch(/[\da-f]{64}/);
});
