import { afterEach, describe, expect, it } from 'vitest';
import { startPbx, type Pbx, type Peer, type Switches } from '../index.ts';
import { isObject, type JsonObject } from '../json.ts';
import { RawClient } from './raw-client.ts';

const running: Pbx[] = [];

async function start(switches: Partial<Switches>): Promise<Pbx> {
  const pbx = await startPbx({ switches });
  running.push(pbx);
  return pbx;
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

function received(peer: Peer): JsonObject[] {
  return peer.frames
    .map((frame) => frame.sig)
    .filter((sig) => isObject(sig))
    .flatMap((sig) => (Array.isArray(sig.fty) ? sig.fty.filter(isObject) : []))
    .filter((facility) => facility.type === 'im_message');
}

async function firstWords(pbx: Pbx, to = 'bob'): Promise<{ bob: Peer; message: JsonObject | undefined }> {
  const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
  alice.say(to, 'hello');
  await bob.waitFor((one) => one.text === 'hello');
  return { bob, message: received(bob)[0] };
}

describe('another PBX may', () => {
  it.each([
    ['compact', /^\{"mt":"CheckBuildResult","version":"14r1"/],
    ['spaced', /^\s+\{\s+"mt"\s+:\s+"CheckBuildResult"\s+,/],
    ['escaped', /"https:\\\/\\\/store/],
    ['bom', /^\uFEFF\{"mt"/],
  ] as const)('write its frames %s', async (frameText, expected) => {
    const pbx = await start({ frameText });
    const client = await RawClient.open(pbx.clientUrl);
    client.send({ mt: 'CheckBuild' });
    expect(await client.next('CheckBuildResult')).toMatchObject({
      appStoreUrl: 'https://store.example.com/download',
    });
    expect(client.texts[0]).toMatch(expected);
    await firstWords(pbx);
  });

  it('leave out what is optional, or add what nobody knows', async () => {
    const pbx = await start({ properties: 'required' });
    const { bob } = await firstWords(pbx);
    expect(bob.info.user).toEqual({ sip: 'bob' });
    const [group] = await bob.openMessages().then(() => bob.request({ mt: 'ReadGroups' }));
    expect(Object.keys(group ?? {}).sort()).toEqual(['api', 'id', 'mt', 'sip', 'src']);
    pbx.setSwitch('properties', 'extra');
    const [again] = await bob.request({ mt: 'ReadGroups' });
    expect(again).toMatchObject({ dn: 'Team', unheardOf: {} });
    await bob.frame('UnheardOf');
  });

  it('have another module in all its paths', async () => {
    const pbx = await start({ module: 'PBX7', loginMethods: 'digest+oauth2' });
    expect(pbx.clientUrl).toContain('/PBX7/APPCLIENT/');
    await firstWords(pbx);
    await expect(RawClient.open(pbx.clientUrl.replace('PBX7', 'PBX0'))).rejects.toThrow('404');
  });

  it('list its apps by relative URLs', async () => {
    const pbx = await start({ appUrls: 'relative' });
    const alice = await pbx.user('alice');
    const { app } = await alice.frame('UpdateAppsInfo', ({ app }) => isObject(app) && app.name === 'chat');
    expect(app).toMatchObject({ url: '../../APPS/chat/chat' });
  });

  it.each([
    ['never', undefined, undefined],
    ['groups', undefined, 'alice'],
    ['always', 'alice', 'alice'],
  ] as const)('name the sender %s', async (senderFields, inChat, inGroup) => {
    expect((await firstWords(await start({ senderFields }))).message?.sender).toBe(inChat);
    const inTeam = await firstWords(await start({ senderFields }), 'grp-team');
    expect(inTeam.message?.sender).toBe(inGroup);
  });

  it('tell the time in milliseconds', async () => {
    const { message } = await firstWords(await start({ timeStamp: 'milliseconds' }));
    expect(message?.time).toBeGreaterThan(1e12);
  });

  it('say in cd which group a call is of', async () => {
    const { bob } = await firstWords(await start({ groupCall: 'called' }), 'grp-team');
    const { sig } = await bob.frame('Signaling', ({ sig }) => isObject(sig) && sig.type === 'setup');
    expect(sig).toMatchObject({ cg: { sip: 'alice' }, cd: { sip: 'grp-team' } });
    expect(JSON.stringify(sig)).not.toContain('diverting');
  });

  it('release a call in which nothing is said any more', async () => {
    const pbx = await start({ idleSeconds: 0.05 });
    const [tom, tina] = [await pbx.user('tom'), await pbx.user('tina')];
    tom.say('tina', 'hello');
    await tina.waitFor((one) => one.text === 'hello');
    await tom.until(() => tom.causes.get('tina') === 16, 'release');
    expect(tina.isConnectedTo('tom')).toBe(false);
  });

  it('keep PbxApi from the chat app', async () => {
    const pbx = await start({ presenceApi: 'absent' });
    const alice = await pbx.user('alice');
    alice.sendApp({ api: 'PbxApi', mt: 'SubscribePresence', sip: 'bob', src: 'p' });
    alice.sendClient({ mt: 'SubscribePresence', sip: 'bob' });
    await alice.frame('UpdatePresence', ({ sip }) => sip === 'bob');
    expect(alice.frames.filter(({ src }) => src === 'p')).toEqual([]);
    expect(pbx.traces).toContain('PbxApi of alice: not granted');
  });

  it.each([
    ['absent', undefined],
    ['null', null],
    ['empty', []],
  ] as const)('write no attachments as %s', async (noAttachments, expected) => {
    const alice = await (await start({ noAttachments })).user('alice');
    await alice.openMessages();
    const [message] = await alice.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob', count: 1 });
    expect((message?.msg as JsonObject).attached).toEqual(expected);
  });

  it('write time stamps, which are 64-bit numbers, as strings like its ids', async () => {
    const alice = await (await start({ ids: 'strings' })).user('alice');
    await alice.openMessages();
    const [message] = await alice.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob', count: 1 });
    expect(message?.msg).toMatchObject({ id: expect.any(String), timestamp: expect.any(String) });
    const { timestamp } = message?.msg as JsonObject;
    const [older] = await alice.request({
      mt: 'ReadChat',
      topic: 'alice',
      sip: 'bob',
      count: 1,
      older: timestamp,
    });
    expect(older?.msg).toMatchObject({ text: 'Message 29' });
  });
});
