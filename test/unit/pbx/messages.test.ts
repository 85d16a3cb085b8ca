import { beforeEach, describe, expect, test } from 'vitest';
import type { PbxUser } from '../../../src-main/pbx/index.ts';
import type { Licence, Messages, Mode } from '../../../src-main/pbx/messages.ts';
import { createMessages } from '../../../src-main/pbx/messages.ts';
import { defaultSettings } from '../../../src-main/pbx/settings.ts';
import type { ManualWorld } from './manual-world.ts';
import { createManualWorld } from './manual-world.ts';
import type { ScriptedChannel } from './scripted-channel.ts';
import { createScriptedChannel } from './scripted-channel.ts';

const alice: PbxUser = { sip: 'alice', name: 'Alice', domain: 'example.com', guid: '', num: '' };
const session = { mt: 'SessionResult', session: 9007199254741993n };

let world: ManualWorld;
let channel: ScriptedChannel;
let messages: Messages;
let modes: Mode[];
let changes: [string, string | null][];
let groups: Set<string>;

function begin(licence: Licence = 'there') {
  channel = createScriptedChannel();
  messages.start(channel, alice, licence);
}

beforeEach(() => {
  world = createManualWorld();
  modes = [];
  changes = [];
  groups = new Set();
  messages = createMessages({
    settings: defaultSettings,
    world,
    groups,
    modeChanged: (mode) => void modes.push(mode),
    storedChanged: (id, text) => void changes.push([id, text]),
  });
  begin();
});

const lastSent = () => channel.sent.at(-1);

describe('the session', () => {
  test('makes the chat stored', async () => {
    expect(lastSent()).toEqual({ api: 'PbxMessages', mt: 'Session' });
    await channel.answer('Session', session);
    expect(modes).toEqual([{ mode: 'stored' }]);
  });

  test('that nobody answers makes it volatile', async () => {
    await channel.fail('Session', 'no-answer');
    expect(modes).toEqual([{ mode: 'volatile', reason: { code: 'no-answer' } }]);
  });

  test.each([
    [{ mt: 'Error' }, 'there', { code: 'service-unavailable' }],
    [{ mt: 'Error' }, 'missing', { code: 'no-licence' }],
    [{ mt: 'Error' }, 'unknown', { code: 'no-licence' }],
    [{ mt: 'Error', errorText: 'No License' }, 'there', { code: 'no-licence', detail: 'No License' }],
    [{ mt: 'Error', error: 7 }, 'unknown', { code: 'service-unavailable', detail: '7' }],
    [{ mt: 'SessionResult', error: 'down' }, 'there', { code: 'service-unavailable', detail: 'down' }],
  ] as const)('refused by %j with the licence %s says why', async (frame, licence, reason) => {
    begin(licence);
    await channel.answer('Session', frame);
    expect(modes).toEqual([{ mode: 'volatile', reason }]);
  });

  test('is asked for again in the background until it is there', async () => {
    await channel.answer('Session', { mt: 'Error' });
    world.advance(defaultSettings.sessionRetry);
    await channel.answer('Session', { mt: 'Error' });
    expect(modes).toHaveLength(1);
    world.advance(defaultSettings.sessionRetry);
    await channel.answer('Session', session);
    expect(modes.at(-1)).toEqual({ mode: 'stored' });
    expect(world.timers).toBe(0);
  });

  test('that is confirmed too late is there all the same', async () => {
    await channel.fail('Session', 'no-answer');
    expect(modes.at(-1)).toMatchObject({ mode: 'volatile' });
    channel.push('PbxMessages', { mt: 'SessionResult', session: 1 });
    expect(modes.at(-1)).toEqual({ mode: 'stored' });
  });

  test('ends with an Error at any time, and comes back', async () => {
    await channel.answer('Session', session);
    channel.push('PbxMessages', { mt: 'Error' });
    expect(modes.at(-1)).toMatchObject({ mode: 'volatile' });
    world.advance(1000);
    await channel.answer('Session', session);
    expect(modes.map(({ mode }) => mode)).toEqual(['stored', 'volatile', 'stored']);
  });

  test('that was there is asked for again and again, with longer and longer pauses', async () => {
    await channel.answer('Session', session);
    channel.push('PbxMessages', { mt: 'Error' });
    for (const pause of [1000, 2000, 4000]) {
      world.advance(pause);
      await channel.answer('Session', { mt: 'Error' });
    }
    world.advance(8000);
    await channel.answer('Session', session);
    expect(modes.map(({ mode }) => mode)).toEqual(['stored', 'volatile', 'stored']);
  });

  test('ends with an Error to a request as well', async () => {
    await channel.answer('Session', session);
    const answer = messages.readGroups();
    await channel.answer('ReadGroups', { mt: 'Error' });
    expect(await answer).toEqual({ ok: false, reason: { code: 'volatile' } });
    expect(modes.at(-1)).toMatchObject({ mode: 'volatile' });
  });

  test('of a link that is gone is not waited for', async () => {
    messages.linkLost();
    await channel.answer('Session', session);
    expect(modes).toEqual([]);
    expect(world.timers).toBe(0);
  });
});

describe('a request', () => {
  test('without a link, a session, or before either is known is refused with the reason', async () => {
    expect(await messages.readGroups()).toEqual({ ok: false, reason: { code: 'offline' } });
    await channel.answer('Session', { mt: 'Error' });
    expect(await messages.readGroups()).toEqual({ ok: false, reason: { code: 'volatile' } });
    messages.linkLost();
    expect(await messages.readGroups()).toEqual({ ok: false, reason: { code: 'offline' } });
  });

  test.each(['no-answer', 'offline'] as const)('that ends with %s says so', async (code) => {
    await channel.answer('Session', session);
    const answer = messages.markRead('bob');
    await channel.fail('ReadChat', code);
    expect(await answer).toEqual({ ok: false, reason: { code } });
  });

  test('with an error in its result is refused with what the server says', async () => {
    await channel.answer('Session', session);
    const answer = messages.markRead('bob');
    await channel.answer('ReadChat', { mt: 'ReadChatResult', error: 4 });
    expect(await answer).toEqual({ ok: false, reason: { code: 'refused', detail: '4' } });
  });
});

describe('the chats', () => {
  beforeEach(() => channel.answer('Session', session));

  test('are read without counts, which reads nothing', async () => {
    const answer = messages.readChats({ unread: false });
    expect(lastSent()).toEqual({ api: 'PbxMessages', mt: 'ReadChats', topic: 'alice' });
    await channel.answer(
      'ReadChats',
      { mt: 'ReadChatsInd', sip: 'bob', dn: 'Bob', timestamp: 1_767_600_000_123, unread: 3 },
      { mt: 'ReadChatsInd', sip: 'team', dn: 'Team', grp: true, timestamp: 1_767_600_000 },
      { mt: 'SomethingNew', sip: 'x' },
      { mt: 'ReadChatsInd', dn: 'nobody' },
      { mt: 'ReadChatsResult' },
    );
    expect(await answer).toEqual({
      ok: true,
      value: [
        { sip: 'bob', name: 'Bob', group: false, at: 1_767_600_000_123, unread: null },
        { sip: 'team', name: 'Team', group: true, at: 1_767_600_000_000, unread: null },
      ],
    });
    expect([...groups]).toEqual(['team']);
  });

  test('are read with counts', async () => {
    const answer = messages.readChats({ unread: true });
    expect(lastSent()).toMatchObject({ mt: 'ReadChats', unread: true });
    await channel.answer(
      'ReadChats',
      { mt: 'ReadChatsInd', sip: 'bob', timestamp: 1, unread: 3 },
      { mt: 'ReadChatsInd', sip: 'carol', timestamp: 1, unread: -3 },
      { mt: 'ReadChatsResult' },
    );
    expect(await answer).toMatchObject({ ok: true, value: [{ unread: 3 }, { unread: 0 }] });
  });
});

describe('the messages of a chat', () => {
  beforeEach(() => channel.answer('Session', session));

  test.each([false, true])(
    'come oldest first, in whichever order they were sent (reversed: %s)',
    async (reversed) => {
      const answer = messages.readChat({ sip: 'bob', count: 50 });
      expect(lastSent()).toEqual({
        api: 'PbxMessages',
        mt: 'ReadChat',
        topic: 'alice',
        sip: 'bob',
        count: 50,
      });
      const indications = [
        { id: 9007199254740995n, author: 'bob', dn: 'Bob', text: 'one', timestamp: 1_767_600_000_000 },
        { id: 9007199254740996n, author: 'alice', text: 'two', timestamp: 1_767_600_000_000 },
        {
          id: 10007199254740996n,
          author: 'bob',
          text: '',
          timestamp: 1_767_600_000_001,
          attached: [{ name: 'x.png', url: 'https://a/1' }, { url: 'https://a/y.png' }, { name: 'no url' }],
        },
      ].map((msg) => ({ mt: 'ReadChatInd', msg }));
      await channel.answer(
        'ReadChat',
        ...(reversed ? indications.reverse() : indications),
        { mt: 'ReadChatInd', msg: { text: 'no id' } },
        { mt: 'ReadChatResult' },
      );
      expect(await answer).toEqual({
        ok: true,
        value: [
          {
            id: '9007199254740995',
            author: { sip: 'bob', name: 'Bob' },
            text: 'one',
            at: 1_767_600_000_000,
            attachments: [],
          },
          {
            id: '9007199254740996',
            author: { sip: 'alice', name: '' },
            text: 'two',
            at: 1_767_600_000_000,
            attachments: [],
          },
          {
            id: '10007199254740996',
            author: { sip: 'bob', name: '' },
            text: '',
            at: 1_767_600_000_001,
            attachments: [
              { name: 'x.png', url: 'https://a/1' },
              { name: 'y.png', url: 'https://a/y.png' },
            ],
          },
        ],
      });
    },
  );

  test.each([
    [1_767_600_000, 1_767_600_000],
    [1_767_600_000_000, 1_767_600_000_000],
  ])('before a time are asked for in the unit of the server (%s)', async (stamp, older) => {
    const first = messages.readChat({ sip: 'bob', count: 1 });
    const msg = { id: 1, author: 'bob', text: 'x', timestamp: stamp };
    await channel.answer('ReadChat', { mt: 'ReadChatInd', msg }, { mt: 'ReadChatResult' });
    await first;
    void messages.readChat({ sip: 'bob', older: 1_767_600_000_000, count: 1 });
    expect(lastSent()).toMatchObject({ older });
  });

  test('are marked as read without being read', async () => {
    const answer = messages.markRead('bob');
    expect(lastSent()).toEqual({
      api: 'PbxMessages',
      mt: 'ReadChat',
      topic: 'alice',
      sip: 'bob',
      noind: true,
    });
    await channel.answer('ReadChat', { mt: 'ReadChatResult' });
    expect(await answer).toEqual({ ok: true, value: null });
  });
});

test('groups have an id that keeps its digits', async () => {
  await channel.answer('Session', session);
  const answer = messages.readGroups();
  await channel.answer(
    'ReadGroups',
    { mt: 'ReadGroupsInd', id: '18446744073709551615', sip: 'Team@example.com', dn: 'Team' },
    { mt: 'ReadGroupsInd', id: 4 },
    { mt: 'ReadGroupsResult' },
  );
  expect(await answer).toEqual({
    ok: true,
    value: [{ id: '18446744073709551615', sip: 'Team@example.com', name: 'Team' }],
  });
  expect([...groups]).toEqual(['team']);
});

describe('groups', () => {
  const group = { mt: 'WriteGroupResult', id: 9007199254741993n, sip: 'grp-1' };

  beforeEach(() => channel.answer('Session', session));

  test('are created, renamed and deleted by WriteGroup, with ids that lose no digit', async () => {
    const created = messages.createGroup('Cake');
    expect(lastSent()).toEqual({ api: 'PbxMessages', mt: 'WriteGroup', dn: 'Cake' });
    await channel.answer('WriteGroup', group);
    expect(await created).toEqual({
      ok: true,
      value: { id: '9007199254741993', sip: 'grp-1', name: 'Cake' },
    });
    expect(groups).toContain('grp-1');
    void messages.renameGroup('9007199254741993', 'Pie');
    expect(lastSent()).toMatchObject({ id: 9007199254741993n, dn: 'Pie' });
    void messages.deleteGroup('9007199254741993');
    expect(lastSent()).toEqual({ api: 'PbxMessages', mt: 'WriteGroup', id: 9007199254741993n });
  });

  test('that the server refuses to write say so', async () => {
    const answer = messages.renameGroup('1', 'Pie');
    await channel.answer('WriteGroup', { mt: 'WriteGroupResult', error: true });
    expect(await answer).toMatchObject({ ok: false, reason: { code: 'refused' } });
  });

  test('that were created without an address are refused: nobody could write to them', async () => {
    const answer = messages.createGroup('Cake');
    await channel.answer('WriteGroup', { mt: 'WriteGroupResult', id: 1 });
    expect(await answer).toMatchObject({ ok: false, reason: { code: 'refused' } });
  });

  test('get members by address, and lose them by id', async () => {
    const added = messages.writeMember('1', { id: null, sip: 'bob', admin: true });
    expect(lastSent()).toEqual({
      api: 'PbxMessages',
      mt: 'WriteMember',
      grp: 1,
      member: 'bob',
      admin: true,
    });
    await channel.answer('WriteMember', { mt: 'WriteMemberResult', id: 5 });
    expect(await added).toEqual({ ok: true, value: '5' });
    void messages.removeMember('1', '5');
    expect(lastSent()).toEqual({ api: 'PbxMessages', mt: 'WriteMember', id: 5, grp: 1 });
  });

  test('tell their members where the server lists them', async () => {
    const read = messages.readMembers('1');
    await channel.answer(
      'ReadMembers',
      { mt: 'ReadMembersInd', id: 5, member: 'bob', dn: 'Bob', admin: true },
      { mt: 'ReadMembersInd', dn: 'nobody' },
      { mt: 'ReadMembersResult' },
    );
    expect(await read).toEqual({ ok: true, value: [{ id: '5', sip: 'bob', name: 'Bob', admin: true }] });
  });

  test.each([
    ['does not answer', () => channel.fail('ReadMembers', 'no-answer')],
    ['answers with an Error', () => channel.answer('ReadMembers', { mt: 'Error' })],
    ['refuses', () => channel.answer('ReadMembers', { mt: 'ReadMembersResult', error: 1 })],
  ])('do without where the server %s: once, and without losing the session', async (_what, answer) => {
    const read = messages.readMembers('1');
    await answer();
    expect(await read).toEqual({ ok: true, value: null });
    const before = channel.sent.length;
    expect(await messages.readMembers('2')).toEqual({ ok: true, value: null });
    expect(channel.sent).toHaveLength(before);
    expect(modes).toEqual([{ mode: 'stored' }]);
  });

  test('take an empty list for none', async () => {
    const read = messages.readMembers('1');
    await channel.answer('ReadMembers', { mt: 'ReadMembersResult' });
    expect(await read).toEqual({ ok: true, value: null });
  });
});

describe('own messages that the server keeps', () => {
  const big = '9007199254740993';
  beforeEach(() => channel.answer('Session', session));

  test('are changed by id, of which no digit is lost', async () => {
    const answer = messages.updateMessage(big, '<p>b</p>');
    expect(lastSent()).toEqual({ api: 'PbxMessages', mt: 'Update', id: BigInt(big), text: '<p>b</p>' });
    await channel.answer('Update', { mt: 'UpdateResult', error: false });
    expect(await answer).toEqual({ ok: true, value: null });
  });

  test('are deleted by id, and a refusal is told', async () => {
    const answer = messages.deleteMessage(big);
    expect(lastSent()).toEqual({ api: 'PbxMessages', mt: 'Delete', id: BigInt(big) });
    await channel.answer('Delete', { mt: 'DeleteResult', error: true });
    expect(await answer).toMatchObject({ ok: false, reason: { code: 'refused' } });
  });

  test('that another program has changed or deleted are told; without an id nothing is', () => {
    channel.push('PbxMessages', { mt: 'Update', id: BigInt(big), text: 'new' });
    channel.push('PbxMessages', { mt: 'Delete', id: '17' });
    channel.push('PbxMessages', { mt: 'Delete' });
    channel.push('PbxMessages', { mt: 'Update', id: null, text: 'x' });
    expect(changes).toEqual([
      [big, 'new'],
      ['17', null],
    ]);
  });
});
