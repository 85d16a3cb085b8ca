// What signing out would lose, as the window is told of it.
import { describe, expect, test } from 'vitest';
import type { Unfinished } from '../../../src-main/ipc/contract.ts';
import { arrives, comesToBob, loggedIn, type Bench } from './chat-bench.ts';
import { settled } from './manual-world.ts';

const nothing: Unfinished = { messages: 0, edits: 0, removals: 0 };
const lost = (bench: Bench) => bench.view().account?.unfinished;

async function withOwn(stored = true): Promise<Bench> {
  const bench = await loggedIn(stored, ({ server }) => {
    if (stored) server.store('bob', 'alice', 'helo');
  });
  await arrives(bench, 'bob', 'hi');
  await comesToBob(bench);
  return bench;
}
const own = (bench: Bench) => bench.view().messages.find((message) => message.own)!.id;
const send = (bench: Bench, html: string) => bench.session.commands.send({ discussion: 'bob', html });

describe.each([
  ['stored', true],
  ['volatile', false],
] as const)('in %s chat', (_, stored) => {
  test('messages count until they are on their way', async () => {
    const bench = await withOwn(stored);
    expect(lost(bench)).toEqual(nothing);
    bench.pbx().down();
    send(bench, 'one');
    send(bench, 'two');
    expect(lost(bench)).toEqual({ ...nothing, messages: 2 });
    bench.pbx().up(stored);
    await settled();
    expect(lost(bench)).toEqual({ ...nothing, messages: 2 });
    const [one, two] = bench.pbx().sent;
    bench.pbx().emit({ type: 'im-sent', ref: one!.ref });
    expect(lost(bench)).toEqual({ ...nothing, messages: 1 });
    bench.pbx().emit({ type: 'im-failed', ref: two!.ref, reason: { code: 'busy' } });
    expect(lost(bench)).toEqual({ ...nothing, messages: 1 });
  });

  test('a draft does not count: that it goes is said of all', async () => {
    const bench = await withOwn(stored);
    bench.session.commands.draft({ discussion: 'bob', html: 'half' });
    expect(lost(bench)).toEqual(nothing);
  });

  test('it is known without a link whether the chats are stored', async () => {
    const bench = await withOwn(stored);
    expect(bench.view().account?.volatile).toBe(!stored);
    bench.pbx().down();
    expect(bench.view().account?.volatile).toBe(!stored);
  });
});

test('a change counts as soon as it changes something, until it is saved or left', async () => {
  const bench = await withOwn();
  const edit = (html: string) =>
    bench.session.commands.editing({ discussion: 'bob', edit: { message: own(bench), html } });
  edit('helo');
  expect(lost(bench)).toEqual(nothing);
  edit('hello');
  expect(lost(bench)).toEqual({ ...nothing, edits: 1 });
  bench.session.commands.editing({ discussion: 'bob', edit: null });
  expect(lost(bench)).toEqual(nothing);
});

test('a deletion counts while the server cannot be asked for it, and is not lost while it can', async () => {
  const bench = await withOwn();
  bench.session.commands.deleteMessage({ message: own(bench) });
  expect(lost(bench)).toEqual(nothing);
  bench.pbx().down();
  expect(lost(bench)).toEqual({ ...nothing, removals: 1 });
  await bench.world.pass(8_000);
  expect(lost(bench)).toEqual({ ...nothing, removals: 1 });
  bench.session.commands.keepMessage({ message: own(bench) });
  expect(lost(bench)).toEqual(nothing);
});

test('what was said to be lost is, and what was not is carried out', async () => {
  const bench = await withOwn();
  bench.session.commands.deleteMessage({ message: own(bench) });
  await bench.session.commands.logout();
  expect(bench.server.messages.map(({ text }) => text)).not.toContain('helo');
  const offline = await withOwn();
  offline.pbx().down();
  offline.session.commands.deleteMessage({ message: own(offline) });
  send(offline, 'never');
  expect(lost(offline)).toEqual({ messages: 1, edits: 0, removals: 1 });
  await offline.session.commands.logout();
  expect(offline.view().account).toBeNull();
  expect(offline.server.messages.map(({ text }) => text)).toContain('helo');
  expect([...offline.shelf]).toEqual([]);
});
