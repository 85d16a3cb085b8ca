import { afterEach, describe, expect, it } from 'vitest';
import {
  createKeyExchange,
  decryptSessionCredential,
  loginResponse,
  loginResultDigest,
  redirectDigest,
  sha256,
} from '../digests.ts';
import { demoWorld, startPbx, type Pbx, type PbxStartOptions } from '../index.ts';
import type { JsonObject } from '../json.ts';
import { RawClient } from './raw-client.ts';

const running: Pbx[] = [];

/** As it stands when somebody starts it: the demo world with TLS, no switch touched. */
async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx({ world: demoWorld(), bots: false, tls: true, ...options });
  running.push(pbx);
  return pbx;
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

function open(pbx: Pbx, path: string): Promise<RawClient> {
  return RawClient.open(pbx.tlsUrl.replace('https', 'wss') + path, { rejectUnauthorized: false });
}

/** The login of a client that knows neither LoginInfo nor short nonces. */
async function goLogin(
  client: RawClient,
  type: 'user' | 'session',
  username: string,
  password: string,
): Promise<JsonObject> {
  const nonce = 'c0ffee00c0ffee00c0ffee00c0ffee00';
  client.send({ mt: 'Login', type, userAgent: 'go' });
  const { domain, challenge } = await client.next('Authenticate');
  const parameters = { domain: String(domain), username, password, nonce, challenge: String(challenge) };
  const response = loginResponse(type, parameters);
  client.send({ mt: 'Login', type, userAgent: 'go', method: 'digest', username, nonce, response });
  return client.next('LoginResult');
}

describe('an independent client in Go', () => {
  it('goes on with the password on the same connection when its session has expired', async () => {
    const client = await open(await start(), '/PBX0/APPCLIENT/websocket');
    expect(await goLogin(client, 'session', '0'.repeat(32), 'x'.repeat(23))).toMatchObject({ error: 5 });
    client.send({ mt: 'LoginInfo' });
    // It subscribes whatever came of the login.
    for (const mt of ['SubscribeApps', 'SubscribePresence']) client.send({ mt, sip: 'chat' });
    await client.next('LoginInfoResult');
    expect(await goLogin(client, 'user', 'sam', 'demo')).toMatchObject({ info: { user: { sip: 'sam' } } });
    expect(client.frames.filter((frame) => frame.mt === 'UpdateAppsInfo')).toEqual([]);
    client.send({ mt: 'SubscribeApps' });
    await client.next('UpdateAppsComplete');
  });

  it('finds every property in the type that it is decoded into', async () => {
    const client = await open(await start(), '/PBX0/APPCLIENT/websocket');
    const { info } = await goLogin(client, 'user', 'sam', 'demo');
    const { user, account, settings } = info as Record<string, JsonObject>;
    for (const value of Object.values(user?.prefix as JsonObject)) expect(value).toBeTypeOf('string');
    expect([account, settings]).toEqual([{}, {}]);
    expect(await client.next('SessionAdded')).toMatchObject({
      id: expect.any(String),
      info: { userAgent: 'go', timestamp: expect.any(Number) },
    });
    const own = await client.next('UpdateOwnPresence');
    for (const item of own.presence as JsonObject[])
      for (const name of ['contact', 'activity', 'status']) expect(item[name]).toBeTypeOf('string');
    client.send({ mt: 'SubscribeApps' });
    const { deviceApps, selected } = await client.next('UpdateAppsComplete');
    expect(selected).toBeTypeOf('string');
    for (const device of deviceApps as JsonObject[])
      for (const name of ['name', 'title', 'deviceapp']) expect(device[name]).toBeTypeOf('string');
    for (const { app } of client.frames.filter((frame) => frame.mt === 'UpdateAppsInfo')) {
      expect((app as JsonObject).info).toMatchObject({ hidden: false });
      for (const name of ['name', 'title', 'text', 'url'])
        expect((app as JsonObject)[name]).toBeTypeOf('string');
    }
  });

  it('logs in without LoginInfo, with a nonce of 32 digits, and again with the session', async () => {
    const pbx = await start();
    const nonce = '00112233445566778899aabbccddeeff';
    const logIn = async (
      type: 'user' | 'session',
      username: string,
      password: string,
    ): Promise<RawClient> => {
      const client = await open(pbx, '/PBX0/APPCLIENT/websocket');
      client.send({ mt: 'CheckBuild', src: '' });
      const build = await client.next('CheckBuildResult');
      for (const name of ['version', 'build', 'launcherUpdateBuild', 'appStoreUrl'])
        expect(build[name]).toBeTypeOf('string');
      client.send({ mt: 'SubscribeRegister' });
      const register = await client.next('UpdateRegister');
      for (const name of ['profile', 'tutorial']) expect(register[name]).toBeTypeOf('string');
      client.send({ mt: 'Login', type, userAgent: 'go' });
      const { domain, challenge } = await client.next('Authenticate');
      const parameters = { domain: String(domain), username, password, nonce, challenge: String(challenge) };
      const response = loginResponse(type, parameters);
      client.send({ mt: 'Login', type, userAgent: 'go', method: 'digest', username, nonce, response });
      return client;
    };
    const client = await logIn('user', 'sam', 'demo');
    const result = await client.next('LoginResult');
    const info = result.info as { user: JsonObject; session: { usr: string; pwd: string } };
    for (const name of ['domain', 'sip', 'guid', 'dn', 'num', 'email'])
      expect(info.user[name]).toBeTypeOf('string');
    const usr = decryptSessionCredential('usr', nonce, 'demo', info.session.usr);
    const pwd = decryptSessionCredential('pwd', nonce, 'demo', info.session.pwd);
    expect([usr.length, pwd.length]).toEqual([32, 23]);
    client.send({ mt: 'SubscribeApps' });
    client.send({ mt: 'SubscribePresence', sip: 'chat' });
    await client.next('UpdateAppsComplete');
    const apps = client.frames
      .filter((frame) => frame.mt === 'UpdateAppsInfo')
      .map((frame) => (frame.app as JsonObject).name);
    expect(apps).toContain('chat');
    await client.until(() => JSON.stringify(client.frames).includes('#badge:'), 'badge');
    const again = await logIn('session', usr, pwd);
    // It takes session credentials of the right length from every LoginResult: there must be none here.
    expect(((await again.next('LoginResult')).info as JsonObject).session).toBeUndefined();
  });
});

describe('the vendor’s command-line login', () => {
  it('is told that its session is over, and begins again with OAuth2', async () => {
    const pbx = await start();
    const client = await open(pbx, '/PBX0/WEBSOCKET/websocket');
    const session = await goLogin(client, 'session', 'an old one', 'gone');
    expect(session).toMatchObject({ error: 5, errorText: 'Session expired' });
    const { keyShare } = createKeyExchange();
    const oauth2 = { type: 'user', method: 'oauth2', nonce: '00112233aabbccdd', keyShare, userAgent: 'cli' };
    client.send({ mt: 'Login', ...oauth2 });
    expect(await client.next('Authenticate')).toMatchObject({ type: 'user', method: 'oauth2' });
  });

  it('follows a redirect with the session that it carries', async () => {
    const home = await start();
    const front = await start({
      sessionsOf: home,
      switches: { redirectTo: `127.0.0.1:${home.tlsPort}/PBX0` },
    });
    const client = await open(front, '/PBX0/WEBSOCKET/websocket');
    const keys = createKeyExchange();
    const nonce = '00112233aabbccdd';
    const userAgent = 'cli';
    client.send({ mt: 'Login', type: 'user', method: 'oauth2', nonce, keyShare: keys.keyShare, userAgent });
    const { challenge, url } = await client.next('Authenticate');
    const page = new URL(String(url));
    await fetch(`${front.url}${page.pathname}?user=mia`);
    const { info, digest } = await client.next('Redirect');
    const { host, https, mod, sip, keyShare, session } = info as Record<string, string> & {
      session: { usr: string; pwd: string };
    };
    expect([host, https, mod]).toEqual(['127.0.0.1', home.tlsPort, 'PBX0']);
    const password = keys.secret(String(keyShare));
    // It tries what info offers as the name of the user until the digest fits.
    const proof = { username: String(sip), password, nonce, challenge: String(challenge) };
    expect(digest).toBe(redirectDigest(proof, info as JsonObject));
    const usr = decryptSessionCredential('usr', nonce, password, session.usr);
    const pwd = decryptSessionCredential('pwd', nonce, password, session.pwd);
    const second = await open(home, `/${String(mod)}/WEBSOCKET/websocket`);
    expect(await goLogin(second, 'session', usr, pwd)).toMatchObject({ info: { user: { sip: 'mia' } } });
  });

  it('logs in by OAuth2, which is advertised, and next time with the session', async () => {
    const pbx = await start();
    const path = '/PBX0/WEBSOCKET/websocket';
    const first = await open(pbx, path);
    first.send({ mt: 'LoginInfo' });
    expect(await first.next('LoginInfoResult')).toMatchObject({
      user: { oauth2: true },
      session: { digest: true },
    });
    const keys = createKeyExchange();
    const nonce = '742a7df3180dd0eb';
    first.send({
      mt: 'Login',
      type: 'user',
      method: 'oauth2',
      nonce,
      keyShare: keys.keyShare,
      userAgent: 'cli',
    });
    const authenticate = await first.next('Authenticate');
    expect(new URL(String(authenticate.url)).protocol).toBe('https:');
    const { pathname } = new URL(String(authenticate.url));
    await fetch(`${pbx.url}${pathname}?user=mia`);
    const info = (await first.next('LoginResult')).info as JsonObject & {
      session: { usr: string; pwd: string };
    };
    expect(info.user).toMatchObject({ sip: 'mia' });
    const secret = keys.secret(String(info.keyShare));
    const username = decryptSessionCredential('usr', nonce, secret, info.session.usr);
    const password = decryptSessionCredential('pwd', nonce, secret, info.session.pwd);
    const second = await open(pbx, path);
    second.send({ mt: 'Login', type: 'session', userAgent: 'cli' });
    const { domain, challenge, type, method } = await second.next('Authenticate');
    expect([type, method]).toEqual(['session', 'digest']);
    const parameters = { domain: String(domain), username, password, nonce, challenge: String(challenge) };
    const response = loginResponse('session', parameters);
    second.send({
      mt: 'Login',
      type: 'session',
      method: 'digest',
      username,
      nonce,
      response,
      userAgent: 'cli',
    });
    const result = await second.next('LoginResult');
    expect(result.digest).toBe(loginResultDigest(parameters, result.info as JsonObject));
    expect(result.info).toMatchObject({ user: { sip: 'mia' } });
  });
});

describe('the vendor’s browser library', () => {
  async function appLogin(
    client: RawClient,
    properties: (challenge: string) => JsonObject,
  ): Promise<JsonObject> {
    client.send({ mt: 'AppChallenge' });
    const { challenge } = await client.next('AppChallengeResult');
    expect(challenge).toMatch(/^\d{1,16}$/);
    client.send({ mt: 'AppLogin', ...properties(String(challenge)) });
    return client.next('AppLoginResult');
  }

  it.each<[string, (challenge: string) => JsonObject]>([
    [
      'its name alone',
      (challenge) => ({ app: 'pbxadminapi', digest: sha256(`pbxadminapi:::::${challenge}:pwd`) }),
    ],
    [
      'an empty info, everything else empty',
      (challenge) => ({
        app: 'pbxadminapi',
        ...{ domain: '', sip: '', guid: '', dn: '', info: {} },
        digest: sha256(`pbxadminapi:::::{}:${challenge}:pwd`),
      }),
    ],
  ])('logs in with %s', async (_what, properties) => {
    const client = await open(await start(), '/PBX0/APPS/websocket');
    expect(await appLogin(client, properties)).toMatchObject({ ok: true });
  });

  it('hears of a login that failed, and may ask for another challenge', async () => {
    const client = await open(await start(), '/PBX0/APPS/websocket');
    const wrong = (challenge: string): JsonObject => ({
      app: 'pbxadminapi',
      digest: sha256(`pbxadminapi:::::${challenge}:guessed`),
    });
    expect((await appLogin(client, wrong)).ok).not.toBe(true);
    const right = (challenge: string): JsonObject => ({
      app: 'pbxadminapi',
      digest: sha256(`pbxadminapi:::::${challenge}:pwd`),
    });
    expect(await appLogin(client, right)).toMatchObject({ ok: true });
  });

  it('tells the answers of two requests apart by src alone, and a protocol by api', async () => {
    const client = await open(await start(), '/PBX0/APPS/websocket');
    await appLogin(client, (challenge) => ({
      app: 'pbxadminapi',
      digest: sha256(`pbxadminapi:::::${challenge}:pwd`),
    }));
    for (const [sip, src] of [
      ['mia', 'src7'],
      ['sam', 'src8'],
    ])
      client.send({ api: 'PbxApi', mt: 'SubscribePresence', sip, src });
    const state = (src: string): JsonObject | undefined =>
      client.frames.find((frame) => frame.mt === 'PresenceState' && frame.src === src);
    await client.until(() => state('src7') !== undefined && state('src8') !== undefined, 'both states');
    expect([state('src7')?.sip, state('src8')?.sip]).toEqual(['mia', 'sam']);
    // A registration without src: what comes of it is found by its api.
    client.send({ api: 'PbxSignal', mt: 'Register', flags: 'NO_MEDIA_CALL' });
    const registered = await client.next('RegisterResult');
    expect(registered).toMatchObject({ api: 'PbxSignal' });
    expect(registered).not.toHaveProperty('src');
  });

  it('chats with a colleague who answers on the same call', async () => {
    const pbx = await start({ bots: true });
    const sam = await pbx.user('sam', { chat: false });
    const client = await open(pbx, '/PBX0/APPS/websocket');
    client.send({ mt: 'AppChallenge' });
    const { challenge } = await client.next('AppChallengeResult');
    sam.sendClient({ mt: 'AppGetLogin', app: 'chat', challenge });
    const { app, domain, sip, guid, dn, info, digest } = await sam.frame('AppGetLoginResult');
    client.send({ mt: 'AppLogin', app, domain, sip, guid, dn, info, digest, pbxObj: 'chat' });
    expect(await client.next('AppLoginResult')).toMatchObject({ ok: true });
    client.send({ api: 'PbxSignal', mt: 'Register', flags: 'NO_MEDIA_CALL', src: 'calls' });
    await client.next('RegisterResult');
    const signal = (sig: JsonObject): void =>
      client.send({ api: 'PbxSignal', mt: 'Signaling', call: 4711, sig });
    const fty = [{ type: 'im_setup' }, { type: 'name_identification', name: 'Sam Keller' }];
    signal({ type: 'setup', bc: 'a880', channel: 0, complete: true, cd: { sip: 'mia' }, fty });
    const data = 'Hello from <b>elsewhere</b>';
    signal({ type: 'facility', fty: [{ type: 'im_message', mime: 'text/html', data }] });
    const answers = (): JsonObject[] =>
      client.frames
        .filter((frame) => frame.mt === 'Signaling' && frame.call === 4711)
        .flatMap((frame) => ((frame.sig as JsonObject).fty as JsonObject[] | undefined) ?? [])
        .filter((facility) => typeof facility.data === 'string' && facility.data !== '');
    await client.until(() => answers().length > 0, 'an answer', 15_000);
    expect(answers()[0]).toMatchObject({ type: 'im_message', sender: 'mia', mime: 'text/html' });
  }, 20_000);

  it('logs in with the app password, and routes by src and api', async () => {
    const client = await open(await start(), '/PBX0/APPS/websocket');
    client.send({ mt: 'CheckBuild', url: 'https://example.com/app.htm' });
    client.send({ mt: 'AppChallenge' });
    expect(await client.next('CheckBuildResult')).not.toHaveProperty('url');
    const challenge = String((await client.next('AppChallengeResult')).challenge);
    const login = { app: 'pbxadminapi', domain: '', sip: 'pbxadminapi', guid: '0'.repeat(32), dn: 'Admin' };
    const digest = sha256(`pbxadminapi::pbxadminapi:${login.guid}:Admin:${challenge}:pwd`);
    client.send({ mt: 'AppLogin', ...login, digest, pbxObj: 'pbxadminapi' });
    expect(await client.next('AppLoginResult')).toMatchObject({ ok: true });
    client.send({ api: 'PbxApi', mt: 'SubscribePresence', sip: 'mia', src: 'src0' });
    expect(await client.next('PresenceUpdate')).toMatchObject({ api: 'PbxApi', src: 'src0' });
    client.send({ api: 'PbxSignal', mt: 'Register', flags: 'NO_MEDIA_CALL', src: 'src1' });
    const registered = await client.next('RegisterResult');
    expect(registered).toMatchObject({ api: 'PbxSignal', src: 'src1' });
    expect(registered.err).toBeUndefined();
    client.send({ mt: 'KeepAlive' });
    await client.next('KeepAliveResult');
  });

  it('logs in with what AppGetLogin returned, without the session key', async () => {
    const pbx = await start();
    const sam = await pbx.user('sam', { chat: false });
    const client = await open(pbx, '/PBX0/APPS/websocket');
    client.send({ mt: 'AppChallenge' });
    const { challenge } = await client.next('AppChallengeResult');
    sam.sendClient({ mt: 'AppGetLogin', app: 'chat', challenge });
    const given = await sam.frame('AppGetLoginResult');
    const { app, domain, sip, guid, dn, info, digest } = given;
    expect(given.pbxObj).toBe('chat');
    client.send({ mt: 'AppLogin', app, domain, sip, guid, dn, info, digest, pbxObj: 'chat' });
    expect(await client.next('AppLoginResult')).toMatchObject({ ok: true });
    client.send({ api: 'PbxMessages', mt: 'Session', src: 's' });
    expect(await client.next('SessionResult')).toMatchObject({ src: 's', api: 'PbxMessages' });
  });
});
