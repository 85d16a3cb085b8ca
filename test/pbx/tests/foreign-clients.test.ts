import { afterEach, describe, expect, it } from 'vitest';
import {
  createKeyExchange,
  decryptSessionCredential,
  loginResponse,
  loginResultDigest,
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

describe('an independent client in Go', () => {
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
