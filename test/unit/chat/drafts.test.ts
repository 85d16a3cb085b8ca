// Drafts that outlive the program: in stored chat alone.
import { describe, expect, test } from 'vitest';
import type { KeptDrafts } from '../../../src-main/chat/ports.ts';
import { arrives, createBench, loggedIn, type Bench } from './chat-bench.ts';

const account = 'alice@pbx.example.com';
const bob = { discussion: 'bob', address: { sip: 'bob' }, kind: 'person', name: '' } as const;
const rest = 1_000;

function type(bench: Bench, discussion: string, html: string): void {
  bench.session.commands.draft({ discussion, html });
}
async function withBob(stored: boolean): Promise<Bench> {
  const bench = await loggedIn(stored);
  await arrives(bench, 'bob', 'hi');
  return bench;
}
const kept = (bench: Bench) => bench.shelf.get(account);
const texts = (bench: Bench) => (kept(bench)?.drafts ?? []).map(({ discussion, html }) => [discussion, html]);

/** The next start of the program on the same disk, logged in with the password. */
async function again(shelf: Map<string, KeptDrafts>, stored: boolean): Promise<Bench> {
  return loggedIn(stored, () => {}, createBench(null, shelf));
}

describe('a draft of stored chat', () => {
  test('is written when the typing rests, and is there at the next start, marked in the list', async () => {
    const bench = await withBob(true);
    type(bench, 'bob', '<p>half</p>');
    type(bench, 'bob', '<p>half a thought</p>');
    expect(texts(bench)).toEqual([]);
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([['bob', '<p>half a thought</p>']]);
    const next = await again(bench.shelf, true);
    expect(next.row('bob')?.preview).toMatchObject({ kind: 'draft', text: 'half a thought' });
    next.session.commands.openDiscussion({ discussion: 'bob' });
    expect(next.open().draft).toBe('<p>half a thought</p>');
  });

  test('is written at once when the program ends', async () => {
    const bench = await withBob(true);
    type(bench, 'bob', 'x');
    bench.session.close();
    expect(texts(bench)).toEqual([['bob', 'x']]);
  });

  test('brings its discussion back even if the server has none yet', async () => {
    const shelf = new Map<string, KeptDrafts>([
      [
        account,
        {
          stored: true,
          drafts: [{ ...bob, discussion: 'num:42', address: { num: '42' }, name: 'Zoe', html: 'so' }],
        },
      ],
    ]);
    const bench = await again(shelf, true);
    expect(bench.row('num:42')).toMatchObject({ name: 'Zoe', address: '42', preview: { kind: 'draft' } });
  });

  test('goes when it is sent or emptied', async () => {
    const bench = await withBob(true);
    type(bench, 'bob', 'x');
    await bench.world.pass(rest);
    bench.session.commands.send({ discussion: 'bob', html: 'x' });
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([]);
  });

  test('typed without a link, after a run with the service, is written too', async () => {
    const bench = await withBob(true);
    await bench.world.pass(rest);
    bench.pbx().down();
    type(bench, 'bob', 'offline');
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([['bob', 'offline']]);
  });

  test('is forgotten with the account when somebody signs out, or the PBX ends the session', async () => {
    const bench = await withBob(true);
    type(bench, 'bob', 'x');
    await bench.session.commands.logout();
    expect(kept(bench)).toBeUndefined();
    const other = await withBob(true);
    type(other, 'bob', 'x');
    other.pbx().emit({ type: 'logged-out' });
    expect(kept(other)).toBeUndefined();
  });

  test('is made harmless when it comes back from the disk', async () => {
    const drafts = [{ ...bob, html: '<img src=x onerror=alert(1)><b>bold</b>' }];
    const bench = await again(new Map([[account, { stored: true, drafts }]]), true);
    bench.session.commands.openDiscussion({ discussion: 'bob' });
    expect(bench.open().draft).toBe('<b>bold</b>');
  });

  test('is bounded: the oldest give way, and one that cannot be sent is not written', async () => {
    const bench = await withBob(true);
    for (let index = 0; index < 230; index++) {
      await arrives(bench, `user${index}`, 'hi');
      type(bench, `user${index}`, `draft ${index}`);
    }
    type(bench, 'bob', 'x'.repeat(60_000));
    await bench.world.pass(rest);
    expect(kept(bench)?.drafts).toHaveLength(200);
    expect(texts(bench)[0]).toEqual(['user30', 'draft 30']);
    for (let index = 0; index < 30; index++) type(bench, `user${index}`, 'y'.repeat(49_000));
    await bench.world.pass(rest);
    const units = texts(bench).reduce((sum, [, html]) => sum + (html?.length ?? 0), 0);
    expect(units).toBeLessThanOrEqual(1_000_000);
    expect(texts(bench).at(-1)?.[0]).toBe('user29');
  });
});

describe('a draft of volatile chat', () => {
  test('is never written', async () => {
    const bench = await withBob(false);
    type(bench, 'bob', 'not for the disk');
    await bench.world.pass(rest);
    bench.pbx().down();
    type(bench, 'bob', 'nor this');
    bench.session.close();
    expect(JSON.stringify([...bench.shelf])).not.toMatch(/disk|this/);
  });

  test('stays on screen when the service goes, and what the disk had goes with the first change', async () => {
    const bench = await withBob(true);
    bench.session.commands.openDiscussion({ discussion: 'bob' });
    type(bench, 'bob', 'stored');
    await bench.world.pass(rest);
    bench.pbx().mode(false);
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([['bob', 'stored']]);
    type(bench, 'bob', 'live');
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([]);
    expect(bench.open().draft).toBe('live');
  });

  test('is written once there is a service', async () => {
    const bench = await withBob(false);
    type(bench, 'bob', 'early');
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([]);
    bench.pbx().mode(true);
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([['bob', 'early']]);
  });

  test('that was sent does not come back from the disk', async () => {
    const bench = await withBob(true);
    type(bench, 'bob', 'hello');
    await bench.world.pass(rest);
    bench.pbx().mode(false);
    bench.session.commands.send({ discussion: 'bob', html: 'hello' });
    bench.session.close();
    expect(texts(bench)).toEqual([]);
  });
});
