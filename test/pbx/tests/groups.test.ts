import { afterEach, describe, expect, it } from 'vitest';
import { startPbx, type Pbx, type PbxStartOptions, type Peer } from '../index.ts';
import type { JsonObject } from '../json.ts';

const running: Pbx[] = [];

async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx(options);
  running.push(pbx);
  return pbx;
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

async function reader(pbx: Pbx, sip: string): Promise<Peer> {
  const peer = await pbx.user(sip);
  await peer.openMessages();
  return peer;
}

async function indications(peer: Peer, frame: JsonObject): Promise<JsonObject[]> {
  return (await peer.request(frame)).slice(0, -1);
}

describe('a group', () => {
  it('is created, renamed and deleted by its admin, who is its first member', async () => {
    const alice = await reader(await start(), 'alice');
    const [created] = await alice.request({ mt: 'WriteGroup', dn: 'Cake' });
    expect(created).toMatchObject({ mt: 'WriteGroupResult', sip: expect.any(String) });
    expect(await indications(alice, { mt: 'ReadGroups' })).toContainEqual(
      expect.objectContaining({ id: created?.id, sip: created?.sip, dn: 'Cake' }),
    );
    expect(await indications(alice, { mt: 'ReadMembers', grp: created?.id })).toMatchObject([
      { member: 'alice', dn: 'Alice Adams', admin: true },
    ]);
    await alice.request({ mt: 'WriteGroup', id: created?.id, dn: 'More cake' });
    expect(await indications(alice, { mt: 'ReadGroups' })).toContainEqual(
      expect.objectContaining({ dn: 'More cake' }),
    );
    await alice.request({ mt: 'WriteGroup', id: created?.id });
    expect(await indications(alice, { mt: 'ReadGroups' })).toHaveLength(1);
  });

  it('is changed by nobody else', async () => {
    const bob = await reader(await start(), 'bob');
    const [group] = await indications(bob, { mt: 'ReadGroups' });
    expect(await bob.request({ mt: 'WriteGroup', id: group?.id, dn: 'Mine' })).toMatchObject([
      { error: true },
    ]);
    const added = await bob.request({ mt: 'WriteMember', grp: group?.id, member: 'tina', admin: false });
    expect(added).toMatchObject([{ error: true }]);
  });

  it('gets members, who see it, and loses them', async () => {
    const pbx = await start();
    const [alice, bob] = [await reader(pbx, 'alice'), await reader(pbx, 'bob')];
    const [group] = await alice.request({ mt: 'WriteGroup', dn: 'Two' });
    await alice.request({ mt: 'WriteMember', grp: group?.id, member: 'bob@example.com', admin: true });
    expect(await indications(bob, { mt: 'ReadGroups' })).toContainEqual(
      expect.objectContaining({ dn: 'Two' }),
    );
    const members = await indications(alice, { mt: 'ReadMembers', grp: group?.id });
    const him = members.find((member) => member.member === 'bob');
    expect(him).toMatchObject({ admin: true });
    await alice.request({ mt: 'WriteMember', id: him?.id, grp: group?.id, member: 'bob', admin: false });
    expect(await indications(alice, { mt: 'ReadMembers', grp: group?.id })).toContainEqual({
      ...him,
      admin: false,
      src: expect.any(String),
    });
    await alice.request({ mt: 'WriteMember', id: him?.id, grp: group?.id });
    expect(await indications(bob, { mt: 'ReadGroups' })).toHaveLength(1);
  });

  it('keeps its members when removal is switched off, and tells them not when listing is', async () => {
    const pbx = await start({ switches: { memberRemoval: 'refused' } });
    const alice = await reader(pbx, 'alice');
    const [group] = await indications(alice, { mt: 'ReadGroups' });
    const [member] = await indications(alice, { mt: 'ReadMembers', grp: group?.id });
    expect(await alice.request({ mt: 'WriteMember', id: member?.id, grp: group?.id })).toMatchObject([
      { error: true },
    ]);
    pbx.setSwitch('readMembers', 'unknown');
    alice.sendApp({ api: 'PbxMessages', mt: 'ReadMembers', src: 'never', grp: group?.id });
    await alice.request({ mt: 'ReadGroups' });
    expect(alice.frames.some((frame) => frame.src === 'never')).toBe(false);
  });

  it('takes a message once, keeps it for all, and delivers it with the group in cg and the author as sender', async () => {
    const pbx = await start();
    const [alice, bob] = [await reader(pbx, 'alice'), await reader(pbx, 'bob')];
    alice.say('grp-team', 'hello team');
    const message = await bob.waitFor((one) => one.group === 'grp-team');
    expect(message).toMatchObject({
      from: 'alice',
      dn: 'Alice Adams',
      text: 'hello team',
      time: expect.any(Number),
    });
    const olga = await reader(pbx, 'olga');
    const [unread] = await indications(olga, { mt: 'ReadChats', topic: 'olga', unread: true });
    expect(unread).toMatchObject({ sip: 'grp-team', dn: 'Team', grp: true, unread: 1 });
    const [stored] = await indications(olga, { mt: 'ReadChat', topic: 'olga', sip: 'grp-team' });
    expect(stored?.msg).toMatchObject({ author: 'alice', text: 'hello team' });
    expect(await indications(alice, { mt: 'ReadChats', topic: 'alice', unread: true })).toMatchObject([
      { sip: 'bob' },
    ]);
    expect(alice.messages).toEqual([]);
  });

  it('takes nothing for the rest of a message whose author was cut off', async () => {
    const pbx = await start();
    const [alice, bob] = [await reader(pbx, 'alice'), await reader(pbx, 'bob')];
    const part = { type: 'im_message', mime: 'text/html', data: 'half a mess', more: true };
    alice.say('grp-team', 'whole');
    await bob.waitFor(({ text }) => text === 'whole');
    alice.facility('grp-team', part);
    await bob.frame('Signaling', (frame) => JSON.stringify(frame).includes(part.data));
    alice.release('grp-team');
    await bob.until(() => !bob.isConnectedTo('grp-team'), 'release');
    alice.say('grp-team', 'whole again');
    await bob.waitFor(({ text }) => text === 'whole again');
    const chat = await indications(bob, { mt: 'ReadChat', topic: 'bob', sip: 'grp-team', count: 2 });
    expect(chat.map(({ msg }) => (msg as JsonObject).text)).toEqual(['whole again', 'whole']);
  });

  it('passes the sign of typing on, once there is a call to the member', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.say('grp-team', 'one');
    await bob.waitFor((one) => one.text === 'one');
    alice.setTyping('grp-team', true);
    await bob.until(() => bob.typing.get('grp-team') === true, 'sign of typing');
  });

  it('can be answered on the call that came from it', async () => {
    const pbx = await start();
    const [alice, bob] = [await reader(pbx, 'alice'), await pbx.user('bob')];
    alice.say('grp-team', 'question');
    await bob.waitFor((one) => one.text === 'question');
    bob.signal(-1, { type: 'facility', fty: [{ type: 'im_message', mime: 'text/html', data: 'answer' }] });
    expect(await alice.waitFor((one) => one.text === 'answer')).toMatchObject({
      from: 'bob',
      group: 'grp-team',
    });
  });

  it('delivers as a diverted call of the author when switched so', async () => {
    const pbx = await start({ switches: { groupCall: 'diverted' } });
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.say('grp-team', 'hello');
    await bob.waitFor((one) => one.text === 'hello');
    const setup = bob.frames.find((frame) => (frame.sig as JsonObject | undefined)?.type === 'setup')
      ?.sig as JsonObject;
    expect(setup.cg).toEqual({ sip: 'alice' });
    expect(setup.fty).toContainEqual({
      type: 'diverting_leg2',
      diverting: { sip: 'grp-team' },
      diverting_name: 'Team',
    });
  });

  it('is closed to those who are not in it, and to addresses that are no group', async () => {
    const pbx = await start({ messages: true });
    pbx.addUser({ sip: 'ida', dn: 'Ida', num: '50', password: 'ida', licensed: true, chat: true });
    const ida = await pbx.user('ida');
    ida.say('grp-team', 'let me in');
    await ida.until(() => ida.causes.get('grp-team') === 21, 'release');
    ida.say('grp-none', 'hello');
    await ida.until(() => ida.causes.get('grp-none') === 1, 'release');
    const tom = await pbx.user('tom');
    tom.say('grp-team', 'hello');
    await tom.until(() => tom.causes.get('grp-team') === 57, 'release');
  });
});
