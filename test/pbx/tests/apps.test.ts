import { afterEach, describe, expect, it } from 'vitest';
import { appLoginDigest, sha256 } from '../digests.ts';
import { startPbx, type Pbx, type PbxStartOptions, type Peer } from '../index.ts';
import type { JsonObject } from '../json.ts';
import { RawClient } from './raw-client.ts';

const running: Pbx[] = [];

async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx({ messages: false, ...options });
  running.push(pbx);
  return pbx;
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

async function challenged(pbx: Pbx): Promise<{ client: RawClient; challenge: string }> {
  const client = await RawClient.open(pbx.appsUrl);
  client.send({ mt: 'AppChallenge' });
  const { challenge } = await client.next('AppChallengeResult');
  return { client, challenge: String(challenge) };
}

describe('AppLogin with the password of an app object', () => {
  it('works as the vendor’s browser library does it', async () => {
    const { client, challenge } = await challenged(await start());
    const login = { app: 'pbxadminapi', sip: 'pbxadminapi', domain: '', guid: '0'.repeat(32), dn: 'Admin' };
    const digest = sha256(`pbxadminapi::pbxadminapi:${'0'.repeat(32)}:Admin:${challenge}:pwd`);
    client.send({ mt: 'AppLogin', ...login, digest, pbxObj: 'pbxadminapi' });
    expect(await client.next('AppLoginResult')).toMatchObject({ ok: true });
    client.send({ api: 'PbxApi', mt: 'SubscribePresence', sip: 'alice', src: 'src0' });
    expect(await client.next('SubscribePresenceResult')).toMatchObject({ api: 'PbxApi', src: 'src0' });
    expect(await client.next('PresenceState')).toMatchObject({ up: true, dn: 'Alice Adams', src: 'src0' });
    expect(await client.next('PresenceUpdate')).toMatchObject({
      src: 'src0',
      presence: [{ contact: 'im:' }],
    });
  });

  it.each([
    ['nothing but the name', {}],
    ['an empty info', { info: {} }],
    ['an info', { info: { cn: 'Test User' } }],
    [
      'everything',
      { domain: 'example.com', sip: 'administrator', guid: 'ab'.repeat(16), dn: 'Ädmin', info: { lics: 3 } },
    ],
  ])('checks the digest over %s', async (_case, login) => {
    const pbx = await start();
    const { client, challenge } = await challenged(pbx);
    const digest = appLoginDigest({ app: 'pbxadminapi', ...login, challenge, password: 'pwd' });
    client.send({ mt: 'AppLogin', app: 'pbxadminapi', ...login, digest });
    expect(await client.next('AppLoginResult')).toMatchObject({ ok: true });
    const other = await challenged(pbx);
    const changed = { ...login, dn: 'somebody else' };
    other.client.send({ mt: 'AppLogin', app: 'pbxadminapi', ...changed, digest });
    expect((await other.client.next('AppLoginResult')).ok).not.toBe(true);
  });

  it('gives a new challenge of at most 16 digits each time, good for one login', async () => {
    const pbx = await start();
    const { client, challenge } = await challenged(pbx);
    expect(challenge).toMatch(/^\d{1,16}$/);
    client.send({ mt: 'AppLogin', app: 'pbxadminapi', digest: 'wrong' });
    expect((await client.next('AppLoginResult')).ok).not.toBe(true);
    const digest = appLoginDigest({ app: 'pbxadminapi', challenge, password: 'pwd' });
    client.send({ mt: 'AppLogin', app: 'pbxadminapi', digest });
    expect((await client.next('AppLoginResult')).ok).not.toBe(true);
  });

  it('sends the challenge as a number when switched so', async () => {
    const { client } = await challenged(await start({ switches: { appChallenge: 'number' } }));
    expect(client.texts[0]).toMatch(/"challenge":\d+\}/);
  });

  it('ends the connection for requests before the login', async () => {
    const client = await RawClient.open((await start()).appsUrl);
    client.send({ api: 'PbxSignal', mt: 'Register', flags: 'NO_MEDIA_CALL' });
    expect(await client.closed()).toBe(1008);
  });

  it('answers KeepAlive and echoes src', async () => {
    const client = await RawClient.open((await start()).appsUrl);
    client.send({ mt: 'KeepAlive', src: 'k' });
    expect(await client.next('KeepAliveResult')).toMatchObject({ src: 'k' });
  });

  it('reaches no api that the app object does not grant', async () => {
    const pbx = await start();
    const { client, challenge } = await challenged(pbx);
    const digest = appLoginDigest({ app: 'pbxadminapi', challenge, password: 'pwd' });
    client.send({ mt: 'AppLogin', app: 'pbxadminapi', digest });
    await client.next('AppLoginResult');
    client.send({ api: 'PbxMessages', mt: 'Session', src: 'x' });
    client.send({ mt: 'KeepAlive' });
    await client.next('KeepAliveResult');
    expect(client.frames.some((frame) => frame.src === 'x')).toBe(false);
  });
});

describe('AppGetLogin', () => {
  async function clientOnly(pbx: Pbx, sip = 'alice'): Promise<Peer> {
    return pbx.user(sip, { chat: false });
  }

  it.each(['present', 'empty', 'absent'] as const)(
    'gives a login that works unchanged, info %s',
    async (appLoginInfo) => {
      const pbx = await start({ switches: { appLoginInfo } });
      const peer = await clientOnly(pbx);
      const { client, challenge } = await challenged(pbx);
      peer.sendClient({ mt: 'AppGetLogin', src: 'x', app: 'chat', challenge });
      const login = await peer.frame('AppGetLoginResult');
      expect(login).toMatchObject({
        src: 'x',
        sip: 'alice',
        pbxObj: 'chat',
        salt: expect.any(String),
        key: expect.any(String),
      });
      const { mt: _mt, src: _src, salt: _salt, key: _key, ...forwarded } = login;
      client.send({ mt: 'AppLogin', ...forwarded });
      expect(await client.next('AppLoginResult')).toMatchObject({ ok: true });
    },
  );

  it('names the app and its object apart where they differ', async () => {
    const pbx = await start();
    const peer = await clientOnly(pbx);
    const { client, challenge } = await challenged(pbx);
    peer.sendClient({ mt: 'AppGetLogin', app: 'users', challenge });
    const { mt: _mt, ...login } = await peer.frame('AppGetLoginResult');
    expect(login).toMatchObject({ app: 'innovaphone-users', pbxObj: 'users' });
    client.send({ mt: 'AppLogin', ...login });
    expect(await client.next('AppLoginResult')).toMatchObject({ ok: true });
  });

  it('is refused for an app that the user has not', async () => {
    const peer = await clientOnly(await start(), 'vera');
    peer.sendClient({ mt: 'AppGetLogin', src: 'x', app: 'chat', challenge: '1' });
    expect(await peer.frame('AppGetLoginResult')).toMatchObject({ src: 'x', error: expect.any(Number) });
  });

  it('is refused without a challenge that is a string', async () => {
    const peer = await clientOnly(await start());
    peer.sendClient({ mt: 'AppGetLogin', src: 'x', app: 'chat', challenge: 123 });
    expect(await peer.frame('AppGetLoginResult')).toMatchObject({ error: 1 });
  });
});

describe('the apps list', () => {
  async function names(pbx: Pbx, sip: string): Promise<{ names: unknown[]; peer: Peer }> {
    const peer = await pbx.user(sip, { chat: false });
    peer.sendClient({ mt: 'SubscribeApps' });
    await peer.frame('UpdateAppsComplete');
    const apps = peer.frames
      .filter((frame) => frame.mt === 'UpdateAppsInfo')
      .map((frame) => frame.app as JsonObject);
    return { names: apps.map((app) => app.name), peer };
  }

  it('has the chat app for those who may chat, and says that it has a presence', async () => {
    const pbx = await start();
    const { names: list, peer } = await names(pbx, 'alice');
    expect(list).toContain('chat');
    const chat = peer.frames.find((frame) => (frame.app as JsonObject | undefined)?.name === 'chat')?.app;
    expect(chat).toMatchObject({ info: { presence: true }, url: `${pbx.url}/PBX0/APPS/chat/chat` });
    expect((await names(pbx, 'vera')).names).not.toContain('chat');
  });

  it('comes in one message when switched so', async () => {
    const peer = await (await start({ switches: { appsForm: 'arrays' } })).user('alice', { chat: false });
    peer.sendClient({ mt: 'SubscribeApps' });
    const update = await peer.frame('UpdateApps');
    expect(update).toMatchObject({
      apps: expect.any(Array),
      deviceApps: [{ deviceapp: 'phone' }],
      selected: expect.any(String),
    });
  });

  it.each([
    ['url', 'teamchat', /\/APPS\/chat\/chat$/],
    ['custom', 'company-chat', /\/APPS\/company\/company-chat$/],
  ] as const)('names the chat app differently: %s', async (chatApp, name, url) => {
    const { names: list, peer } = await names(await start({ switches: { chatApp } }), 'alice');
    expect(list).toContain(name);
    expect(list).not.toContain('chat');
    const app = peer.frames.find((frame) => (frame.app as JsonObject | undefined)?.name === name)
      ?.app as JsonObject;
    expect(app.url).toMatch(url);
  });

  it('changes when the right is withdrawn, which ends the chat connection', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice');
    const before = alice.frames.filter((frame) => frame.mt === 'UpdateAppsComplete').length;
    pbx.setChatRight('alice', false);
    await alice.until(
      () => alice.frames.filter((frame) => frame.mt === 'UpdateAppsComplete').length > before,
      'new list',
    );
    await pbx.until(() => !pbx.isRegistered('alice'), 'end of the registration');
  });
});

describe('presence', () => {
  it('of a person comes at once and after each change, the newest item first', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice', { chat: false });
    const bob = await pbx.user('bob', { chat: false });
    alice.sendClient({ mt: 'SubscribePresence', sip: 'bob' });
    expect(await alice.frame('UpdatePresence')).toMatchObject({
      sip: 'bob',
      up: true,
      ep: { dn: 'Bob Brown' },
    });
    bob.sendClient({ mt: 'SetOwnPresence', activity: 'dnd', note: 'Not now' });
    const update = await alice.frame('UpdatePresence', (frame) => JSON.stringify(frame).includes('Not now'));
    expect((update.presence as JsonObject[])[0]).toMatchObject({
      contact: 'tel:',
      activity: 'dnd',
      note: 'Not now',
    });
    await bob.frame('UpdateOwnPresence', (frame) => JSON.stringify(frame).includes('Not now'));
  });

  it('tells who is online, and who has been inactive', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice', { chat: false });
    const im = (frame: JsonObject): JsonObject | undefined =>
      (frame.presence as JsonObject[]).find((item) => item.contact === 'im:');
    alice.sendClient({ mt: 'SubscribePresence', num: '24' });
    await alice.frame('UpdatePresence', (frame) => im(frame)?.status === 'closed');
    const bob = await pbx.user('bob', { chat: false });
    await alice.frame('UpdatePresence', (frame) => frame.num === '24' && im(frame)?.status === 'open');
    bob.sendClient({ mt: 'SetUserActivity', inactive: true });
    await alice.frame('UpdatePresence', (frame) => im(frame)?.activity === 'away');
  });

  it('of an address that nobody has is down', async () => {
    const alice = await (await start()).user('alice');
    alice.sendClient({ mt: 'SubscribePresence', sip: 'nobody' });
    expect(await alice.frame('UpdatePresence')).toMatchObject({ sip: 'nobody', up: false, presence: [] });
    alice.sendApp({ api: 'PbxApi', mt: 'SubscribePresence', sip: 'nobody', src: 'p' });
    expect(await alice.frame('PresenceState')).toMatchObject({ up: false, src: 'p' });
  });

  it('favourites come as a profile, and changes one by one', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice');
    const [result] = await alice.request({ mt: 'SubscribeProfile' }, 'PbxApi');
    expect(result?.profile).toMatchObject({
      contacts: [
        { name: 'bob', num: '24', dsp: 'Bob Brown', presence: true },
        { name: 'tom', dsp: 'Tom Thompson' },
      ],
    });
    pbx.setFavourite('alice', 'olga', true);
    expect(await alice.frame('ProfileContactAdded')).toMatchObject({
      src: result?.src,
      profile: { contact: { name: 'olga' } },
    });
    pbx.setFavourite('alice', 'bob', false);
    expect(await alice.frame('ProfileContactDeleted')).toMatchObject({ profile: { contact: { id: 1 } } });
  });
});
