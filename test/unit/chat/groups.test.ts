import { describe, expect, test } from 'vitest';
import type { GroupFailure } from '../../../src-main/ipc/contract.ts';
import { arrives, createBench, loggedIn, type Bench } from './chat-bench.ts';
import { settled } from './manual-world.ts';

type Change = 'member' | 'admin' | 'remove';

/** Alice is in 'Sales' with Bob, who is its admin or not. */
async function inSales({ admin = true, lists = true, stored = true } = {}): Promise<Bench> {
  const bench = await loggedIn(stored, ({ server }) => {
    server.listsMembers = lists;
    server.groups = [{ id: '7', sip: 'grp-7', name: 'Sales' }];
    server.members.set('7', [
      { id: '70', sip: 'alice', name: 'Alice', admin },
      { id: '71', sip: 'bob', name: 'Bob', admin: !admin },
    ]);
  });
  return bench;
}

async function open(bench: Bench, discussion = 'grp-7'): Promise<void> {
  bench.session.commands.openDiscussion({ discussion });
  await settled();
}

async function save(
  bench: Bench,
  name: string,
  members: Record<string, Change> = {},
  discussion: string | null = 'grp-7',
): Promise<GroupFailure[]> {
  const changes = Object.entries(members).map(([sip, change]) => ({ sip, name: '', change }));
  const result = await bench.session.commands.saveGroup({ discussion, name, members: changes });
  await settled();
  if (!result.ok) throw new Error(result.reason.code);
  return result.value.failures;
}

const group = (bench: Bench) => {
  const { group } = bench.open();
  if (!group) throw new Error('not a group');
  return group;
};
const members = (bench: Bench) => group(bench).members.map(({ id, admin }) => [id, admin]);
const poll = async (bench: Bench) => {
  await bench.world.pass(60_000);
  await settled();
};

describe('a group that the server lists', () => {
  test('is in the list of chats without any message', async () => {
    expect((await inSales()).row('grp-7')).toMatchObject({ kind: 'group', name: 'Sales' });
  });

  test('tells its members as soon as it is open, and not before', async () => {
    const bench = await inSales();
    expect(bench.pbx().calls).not.toContain('readMembers');
    await open(bench);
    expect(group(bench)).toMatchObject({ complete: true, lock: null, gone: false });
    expect(members(bench)).toEqual([
      ['alice', true],
      ['bob', false],
    ]);
  });

  test('is locked for those who are not its admin', async () => {
    const bench = await inSales({ admin: false });
    await open(bench);
    expect(group(bench).lock).toBe('not-admin');
  });

  test('counts authors as members only where the server does not list them', async () => {
    for (const lists of [true, false]) {
      const bench = await inSales({ lists });
      await arrives(bench, 'grp-7', 'I was here', 'carol');
      await open(bench);
      expect(group(bench).complete).toBe(lists);
      expect(members(bench).map(([id]) => id)).toEqual(lists ? ['alice', 'bob'] : ['carol']);
    }
  });

  test('leaves the change to the server where it does not say who is an admin', async () => {
    const bench = await inSales({ lists: false });
    await open(bench);
    expect(group(bench)).toMatchObject({ complete: false, lock: null });
  });
});

describe('creating a group', () => {
  test('makes its creator the admin and adds the others one by one', async () => {
    const bench = await loggedIn(true);
    expect(await save(bench, ' Cake\n ', { bob: 'member', carol: 'admin' }, null)).toEqual([]);
    expect(bench.pbx().calls).toContain('createGroup Cake');
    const row = bench.view().rows.find(({ name }) => name === 'Cake');
    expect(row?.kind).toBe('group');
    await open(bench, row?.id);
    expect(members(bench)).toEqual([
      ['alice', true],
      ['bob', false],
      ['carol', true],
    ]);
  });

  test('keeps those who were added where the server does not list them', async () => {
    const bench = await loggedIn(true, ({ server }) => void (server.listsMembers = false));
    await save(bench, 'Cake', { bob: 'member' }, null);
    await open(bench, bench.view().rows.find(({ name }) => name === 'Cake')?.id);
    expect(group(bench)).toMatchObject({ complete: false, lock: null });
    expect(members(bench)).toEqual([
      ['alice', true],
      ['bob', false],
    ]);
  });

  test('names the members who were refused; the group is there', async () => {
    const bench = await loggedIn(true, ({ server }) => void server.refuses.add('carol'));
    expect(await save(bench, 'Cake', { bob: 'member', carol: 'member' }, null)).toEqual([
      { sip: 'carol', reason: { code: 'refused' } },
    ]);
    expect(bench.view().rows.some(({ name }) => name === 'Cake')).toBe(true);
  });

  test.each([
    ['without a name', true, '  ', 'name-empty'],
    ['without the Messages service', false, 'Cake', 'volatile'],
  ] as const)('%s is refused with the reason', async (_what, stored, name, code) => {
    const bench = await loggedIn(stored);
    const result = await bench.session.commands.saveGroup({ discussion: null, name, members: [] });
    expect(result).toEqual({ ok: false, reason: { code } });
  });

  test('is not undone by a list that was asked for before', async () => {
    const bench = await loggedIn(true);
    bench.pbx().prompt = false;
    await poll(bench);
    bench.pbx().prompt = true;
    const old = bench.pbx().requests.find(({ kind }) => kind === 'readGroups');
    old?.process();
    await save(bench, 'Cake', {}, null);
    for (const request of [...bench.pbx().requests]) request.answer();
    await settled();
    await open(bench, bench.view().rows.find(({ name }) => name === 'Cake')?.id);
    expect(group(bench).gone).toBe(false);
  });
});

describe('changing a group', () => {
  test('renames it, and asks nothing of the server when the name is the same', async () => {
    const bench = await inSales();
    await open(bench);
    await save(bench, 'Sales');
    expect(bench.pbx().calls.some((call) => call.startsWith('renameGroup'))).toBe(false);
    await save(bench, 'Sales and more');
    expect(bench.open().name).toBe('Sales and more');
    await poll(bench);
    expect(bench.row('grp-7')?.name).toBe('Sales and more');
  });

  test('makes and unmakes admins, and removes members by the id that the server told', async () => {
    const bench = await inSales();
    await open(bench);
    await save(bench, 'Sales', { bob: 'admin', carol: 'member' });
    expect(members(bench)).toContainEqual(['bob', true]);
    await save(bench, 'Sales', { bob: 'remove', carol: 'admin' });
    expect(members(bench)).toEqual([
      ['alice', true],
      ['carol', true],
    ]);
    expect(bench.pbx().calls).toContain('removeMember bob');
  });

  test('gives up being an admin last', async () => {
    const bench = await inSales();
    await open(bench);
    await save(bench, 'Sales', { alice: 'member', bob: 'admin' });
    const writes = bench.pbx().calls.filter((call) => call.startsWith('writeMember'));
    expect(writes).toEqual(['writeMember bob admin', 'writeMember alice']);
    expect(group(bench).lock).toBe('not-admin');
  });

  test('says that nobody can be removed whose id is not known', async () => {
    const bench = await inSales({ lists: false });
    await arrives(bench, 'grp-7', 'hello', 'bob');
    await open(bench);
    expect(group(bench).members).toMatchObject([{ id: 'bob', removable: false }]);
    expect(await save(bench, 'Sales', { bob: 'remove' })).toEqual([
      { sip: 'bob', reason: { code: 'not-removable' } },
    ]);
  });

  test('tells each refusal by itself and keeps what worked', async () => {
    const bench = await inSales();
    bench.server.refuses.add('rename').add('carol');
    await open(bench);
    expect(await save(bench, 'Mine', { carol: 'member', bob: 'admin' })).toEqual([
      { sip: null, reason: { code: 'refused' } },
      { sip: 'carol', reason: { code: 'refused' } },
    ]);
    expect(bench.open().name).toBe('Sales');
    expect(members(bench)).toContainEqual(['bob', true]);
  });
});

describe('a group that ends', () => {
  test('by being deleted here leaves the screen and the list', async () => {
    const bench = await inSales();
    await open(bench);
    expect(await bench.session.commands.deleteGroup({ discussion: 'grp-7' })).toEqual({
      ok: true,
      value: null,
    });
    expect(bench.view().open).toBeNull();
    expect(bench.row('grp-7')).toBeUndefined();
  });

  test('and whose deletion is refused stays', async () => {
    const bench = await inSales();
    bench.server.refuses.add('delete');
    await open(bench);
    expect(await bench.session.commands.deleteGroup({ discussion: 'grp-7' })).toEqual({
      ok: false,
      reason: { code: 'refused' },
    });
    expect(bench.open().blocked).toBeNull();
  });

  test('elsewhere says so in its discussion, keeps what is there, and can be taken off the list', async () => {
    const bench = await inSales();
    await arrives(bench, 'grp-7', 'last words', 'bob');
    await open(bench);
    bench.server.groups = [];
    await poll(bench);
    expect(bench.open()).toMatchObject({
      blocked: { code: 'group-gone' },
      group: { gone: true, lock: 'gone' },
    });
    expect(bench.texts()).toEqual(['last words']);
    bench.session.commands.hideGroup({ discussion: 'grp-7' });
    expect(bench.view().open).toBeNull();
    expect(bench.row('grp-7')).toBeUndefined();
    await poll(bench);
    expect(bench.row('grp-7')).toBeUndefined();
  });

  test('is noticed at once when a message to it is refused', async () => {
    const bench = await inSales();
    await open(bench);
    bench.session.commands.send({ discussion: 'grp-7', html: 'anybody?' });
    bench.server.groups = [];
    bench.pbx().emit({
      type: 'im-failed',
      ref: bench.pbx().sent.at(-1)?.ref ?? '',
      reason: { code: 'not-allowed' },
    });
    await bench.world.pass(1_000);
    await settled();
    expect(bench.open().blocked).toEqual({ code: 'group-gone' });
    expect(bench.last().delivery).toMatchObject({ state: 'failed' });
  });

  test('is back when the server lists it again', async () => {
    const bench = await inSales();
    const { groups } = bench.server;
    bench.server.groups = [];
    await poll(bench);
    bench.server.groups = groups;
    await poll(bench);
    await open(bench);
    expect(bench.open().blocked).toBeNull();
  });

  test('and never was in the list of groups is not called gone', async () => {
    const bench = await inSales();
    await arrives(bench, 'grp-99', 'hello', 'bob');
    bench.pbx().emit(bench.pbx().im('grp-98', 'bob', 'hi', { group: true }));
    await poll(bench);
    await open(bench, 'grp-98');
    expect(bench.open()).toMatchObject({ kind: 'group', blocked: null, group: { lock: 'unknown' } });
  });
});

describe('without the Messages service', () => {
  test('a known group stays visible and says why nothing can be sent or changed', async () => {
    const bench = await inSales();
    await open(bench);
    bench.pbx().mode(false);
    expect(bench.row('grp-7')).toBeDefined();
    expect(bench.open()).toMatchObject({ blocked: { code: 'group-volatile' }, group: { lock: 'volatile' } });
    bench.pbx().mode(true);
    await settled();
    expect(bench.open()).toMatchObject({ blocked: null, group: { lock: null } });
  });

  test('and without a link changes are locked, and writing is not', async () => {
    const bench = await inSales();
    await open(bench);
    bench.pbx().down();
    expect(bench.open()).toMatchObject({ blocked: null, group: { lock: 'offline' } });
  });
});

describe('favourites', () => {
  test('are told with their names, in the order of the PBX, and without oneself', async () => {
    const bench = await loggedIn(true);
    const person = (sip: string, name: string) => ({ sip, name, num: '', email: '' });
    bench.pbx().emit({
      type: 'favourites',
      people: [person('Zoe@example.com', 'Zoe'), person('alice', 'Alice'), person('bob', '')],
    });
    expect(bench.view().account?.favourites).toMatchObject([
      { id: 'zoe', name: 'Zoe' },
      { id: 'bob', name: 'bob' },
    ]);
  });

  test('make no rows, and are watched while they are on screen', async () => {
    const bench = await loggedIn(true);
    bench.pbx().emit({
      type: 'favourites',
      people: [{ sip: 'zoe', name: 'Zoe', num: '', email: '' }],
    });
    expect(bench.view().rows).toEqual([]);
    bench.session.commands.watchPresence({ discussions: ['zoe', 'num:77', 'alice'] });
    expect(bench.pbx().watched).toEqual(['zoe']);
  });
});

test('a bench without a login creates no group', async () => {
  const result = await createBench().session.commands.saveGroup({ discussion: null, name: 'X', members: [] });
  expect(result).toEqual({ ok: false, reason: { code: 'offline' } });
});
