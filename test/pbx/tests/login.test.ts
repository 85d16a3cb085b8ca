import { afterEach, describe, expect, it } from 'vitest';
import {
  createKeyExchange,
  decryptSessionCredential,
  loginResponse,
  loginResultDigest,
  redirectDigest,
} from '../digests.ts';
import { startPbx, type Pbx, type PbxStartOptions } from '../index.ts';
import type { JsonObject } from '../json.ts';
import { RawClient } from './raw-client.ts';

const nonce = '742a7df3180dd0eb';
const running: Pbx[] = [];

async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx({ messages: false, ...options });
  running.push(pbx);
  return pbx;
}

async function connect(pbx: Pbx): Promise<RawClient> {
  return RawClient.open(pbx.clientUrl);
}

interface Attempt {
  type?: 'user' | 'session';
  username?: string;
  password?: string;
  nonce?: string;
  response?: string;
}

async function logIn(
  client: RawClient,
  attempt: Attempt = {},
): Promise<{ result: JsonObject; challenge: string }> {
  const { type = 'user', username = 'alice', password = 'alice' } = attempt;
  client.send({ mt: 'Login', type, userAgent: 'test' });
  const authenticate = await client.next('Authenticate');
  const challenge = String(authenticate.challenge);
  const parameters = { domain: 'example.com', username, password, nonce: attempt.nonce ?? nonce, challenge };
  const response = attempt.response ?? loginResponse(type, parameters);
  client.send({
    mt: 'Login',
    type,
    method: 'digest',
    username,
    nonce: parameters.nonce,
    response,
    userAgent: 'test',
  });
  return { result: await client.next('LoginResult'), challenge };
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

describe('before the login', () => {
  it('CheckBuild names another url to a page of another build, and to nobody else', async () => {
    const client = await connect(await start());
    client.send({ mt: 'CheckBuild' });
    const result = await client.next('CheckBuildResult');
    expect(result).not.toHaveProperty('url');
    expect(result).toMatchObject({ build: expect.any(String), version: expect.any(String) });
    const page = (build: string): string => `https://pbx.example.com/PBX0/APPCLIENT${build}/appclient.htm`;
    client.send({ mt: 'CheckBuild', url: page('/13a0001') });
    expect((await client.next('CheckBuildResult')).url).toBe(page(`/${String(result.build)}`));
    for (const url of [page(''), page(`/${String(result.build)}`)]) {
      client.send({ mt: 'CheckBuild', url });
      expect(await client.next('CheckBuildResult')).not.toHaveProperty('url');
    }
  });

  it('SubscribeRegister is answered by UpdateRegister', async () => {
    const client = await connect(await start());
    client.send({ mt: 'SubscribeRegister' });
    await client.next('UpdateRegister');
  });

  it('LoginInfo tells the methods', async () => {
    const client = await connect(await start({ switches: { loginMethods: 'digest+oauth2' } }));
    client.send({ mt: 'LoginInfo' });
    expect(await client.next('LoginInfoResult')).toMatchObject({
      user: { digest: true, ntlm: false, oauth2: true },
      session: { digest: true },
    });
  });

  it('a PBX that does not know LoginInfo is silent, and the login works', async () => {
    const client = await connect(await start({ switches: { loginInfo: 'unknown' } }));
    client.send({ mt: 'LoginInfo' });
    expect((await logIn(client)).result.info).toBeDefined();
    expect(client.frames.some((frame) => frame.mt === 'LoginInfoResult')).toBe(false);
  });

  it('requests that need a login are refused, and the connection stays', async () => {
    const pbx = await start();
    const client = await connect(pbx);
    for (const mt of ['SubscribeApps', 'AppGetLogin', 'SubscribePresence', 'Logout'])
      client.send({ mt, sip: 'bob' });
    client.send({ mt: 'CheckBuild' });
    await client.next('CheckBuildResult');
    expect(client.frames.map((frame) => frame.mt)).toEqual(['CheckBuildResult']);
    expect(pbx.traces).toContain('client connection: AppGetLogin before the login');
  });

  it('unknown messages are ignored', async () => {
    const client = await connect(await start());
    client.send({ mt: 'SomethingNew', really: true });
    client.send({ mt: 'CheckBuild' });
    await client.next('CheckBuildResult');
  });

  it.each(['{"mt":', '[]', '{"no":"mt"}', '"text"'])(
    'what is no frame, as %s, ends the connection',
    async (text) => {
      const client = await connect(await start());
      client.socket.send(text);
      expect(await client.closed()).toBe(1007);
    },
  );
});

describe('login with a password', () => {
  it.each(['alice', 'Alice', 'alice@example.com'])(
    'succeeds as %s and proves that the PBX knows the password',
    async (username) => {
      const client = await connect(await start());
      const { result, challenge } = await logIn(client, { username });
      const info = result.info as JsonObject;
      const parameters = { domain: 'example.com', username, password: 'alice', nonce, challenge };
      expect(result.digest).toBe(loginResultDigest(parameters, info));
      expect(info.user).toMatchObject({ sip: 'alice', dn: 'Alice Adams', num: '23', domain: 'example.com' });
    },
  );

  it('gives session credentials of 32 hex digits and 23 characters, encrypted with the nonce', async () => {
    const client = await connect(await start());
    const info = (await logIn(client)).result.info as { session: { usr: string; pwd: string } };
    expect(decryptSessionCredential('usr', nonce, 'alice', info.session.usr)).toMatch(/^[0-9a-f]{32}$/);
    expect(decryptSessionCredential('pwd', nonce, 'alice', info.session.pwd)).toMatch(/^[A-Za-z0-9]{23}$/);
  });

  it('accepts a nonce of 32 hex digits', async () => {
    const client = await connect(await start());
    expect((await logIn(client, { nonce: nonce + nonce })).result.info).toBeDefined();
  });

  it.each([
    ['a wrong password', { password: 'nonsense' }, 2],
    ['an unknown user', { username: 'nobody' }, 2],
    ['a digest in capitals', { response: 'F'.repeat(64) }, 2],
    ['a nonce that is too short', { nonce: '742a' }, 1],
    ['an unknown session', { type: 'session', username: 'ab'.repeat(16) }, 5],
  ] as const)('fails for %s', async (_case, attempt, error) => {
    const client = await connect(await start());
    const { result } = await logIn(client, attempt);
    expect(result).toMatchObject({ error, errorText: expect.any(String) });
    expect(result.info).toBeUndefined();
  });

  it('can be tried again on the same connection', async () => {
    const client = await connect(await start());
    await logIn(client, { password: 'wrong' });
    expect((await logIn(client)).result.info).toBeDefined();
  });

  it('refuses a second Login without a first one', async () => {
    const client = await connect(await start());
    client.send({
      mt: 'Login',
      type: 'user',
      method: 'digest',
      username: 'alice',
      nonce,
      response: '',
      userAgent: 'x',
    });
    expect(await client.next('LoginResult')).toMatchObject({ error: 1 });
  });

  it('refuses a challenge that was used before', async () => {
    const pbx = await start();
    const client = await connect(pbx);
    const { challenge } = await logIn(client, { password: 'wrong' });
    const parameters = { domain: 'example.com', username: 'alice', password: 'alice', nonce, challenge };
    const response = loginResponse('user', parameters);
    client.send({
      mt: 'Login',
      type: 'user',
      method: 'digest',
      username: 'alice',
      nonce,
      response,
      userAgent: 'x',
    });
    expect(await client.next('LoginResult')).toMatchObject({ error: 1 });
  });

  it('writes a flat info when switched so', async () => {
    const client = await connect(
      await start({ switches: { infoShape: 'flat', standby: 'standby.example.com:443/PBX1' } }),
    );
    const info = (await logIn(client)).result.info as JsonObject;
    expect(info).toMatchObject({ sip: 'alice', dn: 'Alice Adams', alt: 'standby.example.com:443/PBX1' });
    expect(info.user).toBeUndefined();
  });

  it('sends a wrong digest when asked to', async () => {
    const pbx = await start();
    pbx.faults.wrongLoginDigest = true;
    const { result, challenge } = await logIn(await connect(pbx));
    const parameters = { domain: 'example.com', username: 'alice', password: 'alice', nonce, challenge };
    expect(result.digest).not.toBe(loginResultDigest(parameters, result.info as JsonObject));
  });

  it('offers NTLM and nothing else when switched so', async () => {
    const client = await connect(await start({ switches: { loginMethods: 'ntlm' } }));
    client.send({ mt: 'Login', type: 'user', userAgent: 'x' });
    expect(await client.next('Authenticate')).toMatchObject({ method: 'ntlm' });
  });
});

describe('sessions', () => {
  async function session(pbx: Pbx): Promise<{ client: RawClient; username: string; password: string }> {
    const client = await connect(pbx);
    const info = (await logIn(client)).result.info as { session: { usr: string; pwd: string } };
    return {
      client,
      username: decryptSessionCredential('usr', nonce, 'alice', info.session.usr),
      password: decryptSessionCredential('pwd', nonce, 'alice', info.session.pwd),
    };
  }

  it('log in again without the password, on a new connection', async () => {
    const pbx = await start();
    const { username, password } = await session(pbx);
    const { result } = await logIn(await connect(pbx), { type: 'session', username, password });
    expect(result.info).toMatchObject({ user: { sip: 'alice' } });
    expect((result.info as JsonObject).session).toBeUndefined();
  });

  it('do not log in with a wrong session password', async () => {
    const pbx = await start();
    const { username } = await session(pbx);
    const { result } = await logIn(await connect(pbx), { type: 'session', username, password: 'x' });
    expect(result).toMatchObject({ error: 2 });
  });

  it('end with Logout, for good', async () => {
    const pbx = await start();
    const { client, username, password } = await session(pbx);
    client.send({ mt: 'Logout' });
    await client.next('LogoutResult');
    const { result } = await logIn(await connect(pbx), { type: 'session', username, password });
    expect(result).toMatchObject({ error: 5 });
  });

  it('can be ended from another device: LogoutResult comes unasked', async () => {
    const pbx = await start();
    const first = await session(pbx);
    const second = await session(pbx);
    const added = await second.client.next('SessionAdded');
    second.client.send({ mt: 'DeleteSession', id: added.id });
    await first.client.next('LogoutResult');
    expect(await second.client.next('SessionDeleted')).toMatchObject({ id: added.id });
  });

  it('wait for the second factor until another device approves', async () => {
    const pbx = await start({ switches: { secondFactor: 'on' } });
    const first = await session(pbx);
    const client = await connect(pbx);
    const login = logIn(client);
    const { code } = await client.next('Authorize');
    const isPending = (frame: JsonObject): boolean =>
      (frame.info as JsonObject | undefined)?.needsAuthorization === true;
    await first.client.until(() => first.client.frames.some(isPending), 'pending session');
    const pending = first.client.frames.find(isPending) as JsonObject;
    expect((pending.info as JsonObject).code).toBe(code);
    expect(client.frames.some((frame) => frame.mt === 'LoginResult')).toBe(false);
    first.client.send({ mt: 'AuthorizeSession', id: pending.id });
    expect((await login).result.info).toBeDefined();
  });

  it('fail when the other device refuses', async () => {
    const pbx = await start({ switches: { secondFactor: 'on' } });
    const first = await session(pbx);
    const client = await connect(pbx);
    const login = logIn(client);
    await client.next('Authorize');
    const isPending = (frame: JsonObject): boolean =>
      (frame.info as JsonObject | undefined)?.needsAuthorization === true;
    await first.client.until(() => first.client.frames.some(isPending), 'pending session');
    first.client.send({ mt: 'DeleteSession', id: first.client.frames.find(isPending)?.id });
    expect((await login).result).toMatchObject({ error: 2 });
  });
});

describe('redirect', () => {
  it('names the other PBX, and its session is valid there', async () => {
    const secondary = await start();
    const target = new URL(secondary.url);
    const primary = await start({ switches: { redirectTo: `${target.host}/PBX0` }, sessionsOf: secondary });
    const client = await connect(primary);
    client.send({ mt: 'Login', type: 'user', userAgent: 'test' });
    const challenge = String((await client.next('Authenticate')).challenge);
    const parameters = { domain: 'example.com', username: 'alice', password: 'alice', nonce, challenge };
    const response = loginResponse('user', parameters);
    client.send({
      mt: 'Login',
      type: 'user',
      method: 'digest',
      username: 'alice',
      nonce,
      response,
      userAgent: 'x',
    });
    const redirect = await client.next('Redirect');
    const info = redirect.info as JsonObject & { session: { usr: string; pwd: string } };
    expect(redirect.digest).toBe(redirectDigest(parameters, info));
    expect(info).toMatchObject({ host: target.hostname, http: Number(target.port), mod: 'PBX0' });
    const username = decryptSessionCredential('usr', nonce, 'alice', info.session.usr);
    const password = decryptSessionCredential('pwd', nonce, 'alice', info.session.pwd);
    const { result } = await logIn(await connect(secondary), { type: 'session', username, password });
    expect(result.info).toMatchObject({ user: { sip: 'alice' } });
  });
});

describe('OAuth2', () => {
  it('logs in the user that the page names, on the same WebSocket', async () => {
    const client = await connect(await start({ switches: { loginMethods: 'digest+oauth2' } }));
    const keys = createKeyExchange();
    client.send({
      mt: 'Login',
      type: 'user',
      method: 'oauth2',
      nonce,
      keyShare: keys.keyShare,
      userAgent: 'x',
    });
    const authenticate = await client.next('Authenticate');
    expect(authenticate).toMatchObject({ method: 'oauth2', type: 'user' });
    const page = await fetch(`${String(authenticate.url)}?user=bob`);
    expect(page.status).toBe(200);
    const result = await client.next('LoginResult');
    const info = result.info as JsonObject & { session: { usr: string } };
    const password = keys.secret(String(info.keyShare));
    const parameters = {
      domain: 'example.com',
      username: 'bob',
      password,
      nonce,
      challenge: String(authenticate.challenge),
    };
    expect(result.digest).toBe(loginResultDigest(parameters, info));
    expect(decryptSessionCredential('usr', nonce, password, info.session.usr)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('shows who there is to choose from, and refuses others', async () => {
    const client = await connect(await start({ switches: { loginMethods: 'oauth2' } }));
    const { keyShare } = createKeyExchange();
    client.send({ mt: 'Login', type: 'user', method: 'oauth2', nonce, keyShare, userAgent: 'x' });
    const { url } = await client.next('Authenticate');
    expect(await (await fetch(String(url))).text()).toContain('?user=alice');
    expect((await fetch(`${String(url)}?user=nobody`)).status).toBe(403);
  });

  it('ends with LoginCancel', async () => {
    const client = await connect(await start({ switches: { loginMethods: 'oauth2' } }));
    const { keyShare } = createKeyExchange();
    client.send({ mt: 'Login', type: 'user', method: 'oauth2', nonce, keyShare, userAgent: 'x' });
    const { url } = await client.next('Authenticate');
    client.send({ mt: 'LoginCancel' });
    expect((await client.next('LoginResult')).error).toBeGreaterThan(0);
    expect((await fetch(`${String(url)}?user=bob`)).status).toBe(404);
  });

  it('refuses a key share that is no point of the curve', async () => {
    const client = await connect(await start({ switches: { loginMethods: 'oauth2' } }));
    client.send({
      mt: 'Login',
      type: 'user',
      method: 'oauth2',
      nonce,
      keyShare: 'ab'.repeat(64),
      userAgent: 'x',
    });
    expect(await client.next('LoginResult')).toMatchObject({ error: 1 });
  });
});

describe('addresses', () => {
  it.each(['/PBX0/APPCLIENT/websocket', '/PBX0/WEBSOCKET/websocket', '/PBX0/APPCLIENT/14A0021/websocket'])(
    '%s is a client connection',
    async (path) => {
      const pbx = await start();
      const client = await RawClient.open(pbx.url.replace('http', 'ws') + path);
      client.send({ mt: 'CheckBuild' });
      await client.next('CheckBuildResult');
    },
  );

  it('others are not', async () => {
    const pbx = await start();
    await expect(RawClient.open(`${pbx.url.replace('http', 'ws')}/PBX0/ELSEWHERE/websocket`)).rejects.toThrow(
      '404',
    );
  });

  it('lie below a prefix when switched so', async () => {
    const pbx = await start({ switches: { pathPrefix: '/example.com/ip' } });
    const base = pbx.url.replace('http', 'ws');
    await RawClient.open(`${base}/example.com/ip/PBX0/APPCLIENT/websocket`);
    await expect(RawClient.open(`${base}/PBX0/APPCLIENT/websocket`)).rejects.toThrow('404');
  });

  it('can demand the build number', async () => {
    const pbx = await start({ switches: { buildNumber: 'required' } });
    const base = pbx.url.replace('http', 'ws');
    await RawClient.open(`${base}/PBX0/APPCLIENT/1400001/websocket`);
    await expect(RawClient.open(`${base}/PBX0/APPCLIENT/websocket`)).rejects.toThrow('404');
  });

  it('are served with TLS and without at once', async () => {
    const pbx = await start({ tls: true });
    const url = `${pbx.tlsUrl.replace('https', 'wss')}/PBX0/APPCLIENT/websocket`;
    await RawClient.open(url, { ca: pbx.certificate ?? '' });
    await expect(RawClient.open(url)).rejects.toThrow(/self-signed/);
    await RawClient.open(pbx.clientUrl);
  });
});
