// Drafts that outlive the program: in stored chat alone.
import { describe, expect, test } from 'vitest';
import type { KeptDrafts } from '../../../src-main/chat/ports.ts';
import { arrives, comesToBob, createBench, loggedIn, type Bench } from './chat-bench.ts';
import { settled } from './manual-world.ts';

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

/** The same at a server that is as it was left. */
function next({ shelf, server }: Bench, stored = true): Promise<Bench> {
  const other = createBench(null, shelf);
  other.server.messages.push(...server.messages);
  return loggedIn(stored, () => {}, other);
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
          removals: [],
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
    bench.pbx().emit({ type: 'im-sent', ref: bench.pbx().sent.at(-1)!.ref });
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
    const bench = await again(new Map([[account, { stored: true, drafts, removals: [] }]]), true);
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

describe('a message that was not delivered', () => {
  const send = (bench: Bench, html: string) => bench.session.commands.send({ discussion: 'bob', html });

  test('is a draft at the next start, before what is typed since, and does not go out by itself', async () => {
    const bench = await withBob(true);
    bench.pbx().down();
    send(bench, 'one <b>bold</b>');
    send(bench, '<ul><li>two</li></ul>');
    type(bench, 'bob', 'three');
    bench.session.close();
    expect(texts(bench)).toEqual([['bob', '<p>one <b>bold</b></p><ul><li>two</li></ul><p>three</p>']]);
    const later = await next(bench);
    later.session.commands.openDiscussion({ discussion: 'bob' });
    expect(later.open().draft).toBe('<p>one <b>bold</b></p><ul><li>two</li></ul><p>three</p>');
    expect(later.pbx().sent).toEqual([]);
  });

  test('is one as well when it failed, or waits for a call, and is none once it is on its way', async () => {
    const bench = await withBob(true);
    send(bench, 'refused');
    send(bench, 'waits');
    send(bench, 'sent');
    const [refused, , sent] = bench.pbx().sent.map(({ ref }) => ref);
    bench.pbx().emit({ type: 'im-failed', ref: refused!, reason: { code: 'unknown-user' } });
    bench.pbx().emit({ type: 'im-sent', ref: sent! });
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([['bob', '<p>refused</p><p>waits</p>']]);
    const { outbox } = bench.store.state().accounts[account]!;
    bench.session.commands.discard({ message: outbox[0]!.message });
    await bench.world.pass(rest);
    expect(texts(bench)).toEqual([['bob', 'waits']]);
  });

  test('is kept however long it is, beside others', async () => {
    const bench = await withBob(true);
    bench.pbx().down();
    for (const letter of ['a', 'b']) send(bench, letter.repeat(40_000));
    bench.session.close();
    expect(texts(bench)[0]?.[1]).toHaveLength(80_000 + '<p></p>'.length * 2);
  });

  test('is never written in volatile chat', async () => {
    const bench = await withBob(false);
    bench.pbx().down();
    send(bench, 'not for the disk');
    bench.session.close();
    expect(JSON.stringify([...bench.shelf])).not.toContain('disk');
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

describe('a change of an own message', () => {
  const changed = (bench: Bench) => kept(bench)?.drafts.map(({ html, edit }) => [html, edit?.id, edit?.html]);
  const edit = (bench: Bench, html: string) =>
    bench.session.commands.editing({
      discussion: 'bob',
      edit: { message: bench.view().messages.find(({ own }) => own)!.id, html },
    });

  async function withOwn(): Promise<Bench> {
    const bench = await loggedIn(true, ({ server }) => server.store('bob', 'alice', 'helo'));
    await comesToBob(bench);
    return bench;
  }

  test('is there at the next start as it stood, beside the draft, and can be saved', async () => {
    const bench = await withOwn();
    type(bench, 'bob', 'and then');
    edit(bench, 'hello');
    bench.session.close();
    expect(changed(bench)).toEqual([['and then', bench.server.messages[0]!.id, 'hello']]);
    const later = await next(bench);
    expect(later.row('bob')?.preview).toMatchObject({ kind: 'draft', text: 'hello' });
    later.session.commands.openDiscussion({ discussion: 'bob' });
    // Before the message itself is loaded.
    const { edit: found, draft } = later.open();
    expect([draft, found]).toEqual([
      'and then',
      expect.objectContaining({ html: 'hello', original: 'helo', text: 'helo' }),
    ]);
    await comesToBob(later);
    expect(later.view().messages.map(({ id, text }) => [id, text])).toEqual([[found!.message, 'helo']]);
    const answer = later.session.commands.editMessage({ message: found!.message, html: 'hello' });
    expect(await answer).toEqual({ ok: true, value: null });
    later.session.commands.editing({ discussion: 'bob', edit: null });
    expect([later.texts(), later.open().edit]).toEqual([['hello'], null]);
    await later.world.pass(rest);
    expect(changed(later)).toEqual([['and then', undefined, undefined]]);
  });

  test('can be saved though the message is so old that it is not loaded', async () => {
    const bench = await withOwn();
    edit(bench, 'hello');
    bench.session.close();
    const later = await next(bench);
    later.session.commands.openDiscussion({ discussion: 'bob' });
    const { message } = later.open().edit!;
    expect(await later.session.commands.editMessage({ message, html: 'hello' })).toEqual({
      ok: true,
      value: null,
    });
    expect(later.server.messages[0]?.text).toBe('hello');
  });

  test('of a message that was just sent asks the server at once what it is called', async () => {
    const bench = await withOwn();
    bench.session.commands.send({ discussion: 'bob', html: 'typo' });
    bench.server.store('bob', 'alice', 'typo');
    const { ref } = bench.pbx().sent.at(-1)!;
    bench.pbx().emit({ type: 'im-sent', ref });
    bench.pbx().emit({ type: 'im-delivered', ref });
    const { id: message } = bench.last();
    bench.session.commands.editing({ discussion: 'bob', edit: { message, html: 'typo' } });
    await bench.world.pass(rest);
    expect(changed(bench)).toEqual([['', bench.server.messages.at(-1)!.id, 'typo']]);
  });

  test('of which nobody knew the message keeps its text, and says so when it is saved', async () => {
    const bench = await withOwn();
    const edit = { id: null, html: 'hello', original: 'helo' };
    bench.shelf.set(account, { stored: true, drafts: [{ ...bob, html: '', edit }], removals: [] });
    const later = await next(bench);
    await comesToBob(later);
    const { message, html } = later.open().edit!;
    expect(html).toBe('hello');
    const answer = later.session.commands.editMessage({ message, html });
    expect(await answer).toEqual({ ok: false, reason: { code: 'not-stored' } });
  });

  test('goes from the disk when it is left, and when it goes on without a service', async () => {
    const bench = await withOwn();
    edit(bench, 'hello');
    await bench.world.pass(rest);
    expect(changed(bench)).toHaveLength(1);
    bench.session.commands.editing({ discussion: 'bob', edit: null });
    await bench.world.pass(rest);
    expect(changed(bench)).toEqual([]);
    edit(bench, 'hello');
    await bench.world.pass(rest);
    bench.pbx().mode(false);
    await arrives(bench, 'bob', 'are you there?');
    await bench.world.pass(rest);
    expect(changed(bench)).toHaveLength(1);
    edit(bench, 'hello, not for the disk');
    await bench.world.pass(rest);
    expect(changed(bench)).toEqual([]);
    expect(bench.open().edit?.html).toBe('hello, not for the disk');
  });

  test('is of own messages alone, and harmless when it comes back', async () => {
    const bench = await withBob(true);
    await comesToBob(bench);
    const { id: message } = bench.last();
    bench.session.commands.editing({ discussion: 'bob', edit: { message, html: 'mine' } });
    expect(bench.open().edit).toBeNull();
    const evil = '<img src=x onerror=alert(1)><b>bold</b>';
    const edit = { id: '7', html: evil, original: evil };
    const shelf = new Map([[account, { stored: true, drafts: [{ ...bob, html: '', edit }], removals: [] }]]);
    const later = await again(shelf, true);
    later.session.commands.openDiscussion({ discussion: 'bob' });
    expect(later.open().edit).toMatchObject({ html: '<b>bold</b>', original: '<b>bold</b>' });
  });
});

describe('a deletion', () => {
  const removals = (bench: Bench) => kept(bench)?.removals.map(({ id }) => id);

  async function withOwn(): Promise<Bench> {
    const bench = await loggedIn(true, ({ server }) => {
      server.store('bob', 'alice', 'stays');
      server.store('bob', 'alice', 'goes');
    });
    await comesToBob(bench);
    return bench;
  }
  const remove = (bench: Bench) => bench.session.commands.deleteMessage({ message: bench.last().id });
  /** Somebody deletes without a link, and quits. */
  async function leftOffline(): Promise<Bench> {
    const bench = await withOwn();
    bench.pbx().down();
    remove(bench);
    bench.session.close();
    return bench;
  }
  const asked = (bench: Bench) => bench.pbx().calls.filter((call) => call === 'delete').length;
  const shown = (bench: Bench) =>
    bench.view().messages.map(({ text, removal }) => [text, removal?.state ?? 'there']);

  test('that waits for the link when the program ends is carried out after the next login, unopened', async () => {
    const bench = await leftOffline();
    expect([asked(bench), removals(bench)]).toEqual([0, [bench.server.messages[1]!.id]]);
    expect(JSON.stringify([...bench.shelf])).not.toContain('goes');
    const later = await next(bench);
    expect(asked(later)).toBe(1);
    expect(later.server.messages.map(({ text }) => text)).toEqual(['stays']);
    await later.world.pass(rest);
    expect(removals(later)).toEqual([]);
  });

  test('can be taken back as long as there is no service for it', async () => {
    const bench = await leftOffline();
    const later = await next(bench, false);
    await later.world.pass(rest);
    expect([asked(later), removals(later)]).toEqual([0, removals(bench)]);
    later.session.commands.keepMessage({ message: `s${bench.server.messages[1]!.id}` });
    later.pbx().mode(true);
    await settled();
    await comesToBob(later);
    expect(shown(later)).toEqual([
      ['stays', 'there'],
      ['goes', 'there'],
    ]);
    await later.world.pass(rest);
    expect([asked(later), removals(later)]).toEqual([0, []]);
  });

  test('is hidden from the first moment that its message is loaded', async () => {
    const bench = await leftOffline();
    const later = await next(bench, false);
    later.pbx().prompt = false;
    later.pbx().mode(true);
    await settled();
    const answer = (kind: string) => later.pbx().requests.filter((one) => one.kind.startsWith(kind));
    for (const kind of ['readChats', 'readGroups', 'readChats'])
      for (const request of answer(kind)) request.answer();
    await settled();
    await comesToBob(later);
    for (const request of answer('readChat bob')) request.answer();
    await settled();
    expect(shown(later)).toEqual([
      ['stays', 'there'],
      ['goes', 'sending'],
    ]);
  });

  test('asked for in the last moment is asked for again, as nobody heard the answer; done is done', async () => {
    const bench = await withOwn();
    const { id } = bench.server.messages[1]!;
    remove(bench);
    bench.session.close();
    expect([asked(bench), removals(bench)]).toEqual([1, [id]]);
    const later = await next(bench);
    await comesToBob(later);
    expect(shown(later)).toEqual([['stays', 'there']]);
    await later.world.pass(rest);
    expect(removals(later)).toEqual([]);
    expect(later.open().amends.remove).toBe(true);
  });

  test('that the server refuses after the next login says so where the message is', async () => {
    const bench = await leftOffline();
    const other = createBench(null, bench.shelf);
    other.server.messages.push(...bench.server.messages);
    other.session.window({ focused: true, visible: true });
    const login = { server: 'pbx.example.com', user: 'alice', password: 'secret', remember: true };
    void other.session.commands.login(login);
    other.pbx().amends = 'refused';
    other.pbx().logIn();
    await settled();
    other.pbx().up(true);
    await settled();
    await comesToBob(other);
    expect(shown(other)).toEqual([
      ['stays', 'there'],
      ['goes', 'failed'],
    ]);
    await other.world.pass(rest);
    expect(removals(other)).toEqual([]);
  });

  test('of a message that nobody knew by its id is told at the next start', async () => {
    const bench = await withOwn();
    bench.session.commands.send({ discussion: 'bob', html: 'too late' });
    const { ref } = bench.pbx().sent.at(-1)!;
    bench.pbx().emit({ type: 'im-sent', ref });
    bench.pbx().emit({ type: 'im-delivered', ref });
    bench.pbx().prompt = false;
    remove(bench);
    bench.session.close();
    expect(removals(bench)).toEqual([null]);
    const later = await next(bench);
    expect(later.view().app.notices).toEqual([{ id: 'not-deleted bob', code: 'not-deleted', detail: 'bob' }]);
    await later.world.pass(rest);
    expect(removals(later)).toEqual([]);
  });

  test('that failed, was taken back, or is of volatile chat is not written', async () => {
    const bench = await withOwn();
    remove(bench);
    await bench.world.pass(rest);
    expect(removals(bench)).toHaveLength(1);
    bench.session.commands.keepMessage({ message: bench.last().id });
    await bench.world.pass(rest);
    expect(removals(bench)).toEqual([]);
    bench.pbx().amends = 'refused';
    remove(bench);
    await bench.world.pass(10_000);
    expect(shown(bench)[1]).toEqual(['goes', 'failed']);
    expect(removals(bench)).toEqual([]);
    const volatile = await withBob(false);
    volatile.session.commands.openDiscussion({ discussion: 'bob' });
    volatile.session.commands.send({ discussion: 'bob', html: 'here and gone' });
    remove(volatile);
    await volatile.world.pass(10_000);
    volatile.session.close();
    expect(JSON.stringify([...volatile.shelf])).not.toContain('bob');
  });
});
