// Which notifications stand, told by a whole session: the fold sees every state that the session goes through.
import { describe, expect, test } from 'vitest';
import { note, nothingNoted, type NotificationView } from '../../../src-main/chat/notifications.ts';
import type { Preferences } from '../../../src-main/ipc/contract.ts';
import { arrives, loggedIn, writes, type Bench } from './chat-bench.ts';
import { settled } from './manual-world.ts';

async function watched(stored: boolean, prepare: (bench: Bench) => void = () => {}) {
  let noted = nothingNoted;
  const made: NotificationView[] = [];
  const bench = await loggedIn(stored, (fresh) => {
    prepare(fresh);
    fresh.store.subscribe(() => {
      const before = noted;
      noted = note(before, fresh.store.state(), fresh.world.now());
      made.push(...noted.notifications.filter(({ revision }) => revision > before.revision));
    });
  });
  const prefer = (changed: Partial<Preferences>) =>
    bench.store.dispatch({
      type: 'app/changed',
      app: { preferences: { ...bench.store.state().app.preferences, ...changed } },
    });
  return {
    bench,
    prefer,
    /** Everything that was told, also what is gone by now. */
    made,
    standing: () => noted.notifications,
    contents: () => noted.notifications.map(({ content }) => content),
  };
}

const message = (title: string, text: string) => ({ kind: 'message', title, author: '', text, file: '' });

describe.each([
  ['stored', true],
  ['volatile', false],
] as const)('%s chat', (_mode, stored) => {
  test('a message that is not read on arrival is told, and a newer one takes its place', async () => {
    const { bench, standing, contents } = await watched(stored);
    await arrives(bench, 'bob', 'first');
    expect(contents()).toEqual([message('bob', 'first')]);
    const [first] = standing();
    await arrives(bench, 'bob', 'second');
    expect(contents()).toEqual([message('bob', 'second')]);
    expect(standing()[0]?.key).toBe(first?.key);
    expect(standing()[0]?.revision).toBeGreaterThan(first?.revision ?? 0);
  });

  test('each discussion has its own, and reading one takes that one away', async () => {
    const { bench, contents } = await watched(stored);
    await arrives(bench, 'bob', 'from bob');
    await arrives(bench, 'carol', 'from carol');
    expect(contents()).toHaveLength(2);
    bench.session.commands.openDiscussion({ discussion: 'bob' });
    expect(contents()).toEqual([message('carol', 'from carol')]);
  });

  test('what is read on arrival is not told', async () => {
    const { bench, made } = await watched(stored);
    await arrives(bench, 'bob', 'opens');
    bench.session.commands.openDiscussion({ discussion: 'bob' });
    bench.session.commands.reading({ discussion: 'bob', inputFocused: true });
    made.length = 0;
    await arrives(bench, 'bob', 'seen');
    expect(made).toEqual([]);
    // Nobody sees a locked screen, whatever has the focus on it.
    bench.session.locked(true);
    await arrives(bench, 'bob', 'not seen');
    expect(made.map(({ content }) => content)).toEqual([{ kind: 'hidden' }]);
  });

  test('while notifications are muted or off nothing is told, and nothing of it afterwards', async () => {
    const { bench, made, prefer } = await watched(stored);
    prefer({ mutedUntil: bench.world.now() + 3_600_000 });
    await arrives(bench, 'bob', 'muted');
    prefer({ mutedUntil: 0, notifications: false });
    await arrives(bench, 'bob', 'off');
    prefer({ notifications: true });
    await bench.world.pass(61_000);
    expect(made).toEqual([]);
    await arrives(bench, 'bob', 'heard');
    expect(made).toHaveLength(1);
  });

  test('muting ends by itself', async () => {
    const { bench, made, prefer } = await watched(stored);
    prefer({ mutedUntil: bench.world.now() + 3_600_000 });
    await bench.world.pass(3_600_001);
    while (bench.pbx().events.length > 0) bench.pbx().deliver();
    await arrives(bench, 'bob', 'heard');
    expect(made).toHaveLength(1);
  });

  test("own 'do not disturb' holds, also over a lost link and during a call", async () => {
    const { bench, made } = await watched(stored);
    const items = [
      { contact: 'tel:', status: 'open' as const, activity: 'dnd', note: '' },
      { contact: 'tel:call', status: 'open' as const, activity: 'on-the-phone', note: '' },
    ];
    bench.pbx().emit({ type: 'own-presence', items });
    await arrives(bench, 'bob', 'not now');
    bench.pbx().down();
    bench.pbx().up(stored);
    await settled();
    await arrives(bench, 'bob', 'still not');
    expect(made).toEqual([]);
    bench.pbx().emit({ type: 'own-presence', items: [] });
    await arrives(bench, 'bob', 'now');
    expect(made).toHaveLength(1);
  });

  test('own messages from another device are not told', async () => {
    const { bench, made } = await watched(stored);
    await arrives(bench, 'bob', 'from my telephone', 'alice');
    expect(made).toEqual([]);
  });

  test('hidden content says neither who nor what', async () => {
    const { bench, standing, prefer } = await watched(stored);
    prefer({ hideContent: true });
    await arrives(bench, 'bob', 'secret');
    const [only] = standing();
    expect(only?.content).toEqual({ kind: 'hidden' });
    expect(only?.picture).toBeNull();
    expect(only?.discussion).toBe('bob');
  });

  test('what stands when the content is to be hidden or the screen is locked loses it, once and without a sound', async () => {
    const { bench, made, standing, prefer } = await watched(stored);
    await arrives(bench, 'bob', 'secret');
    const [told] = standing();
    made.length = 0;
    bench.session.locked(true);
    const taken = { key: told?.key, content: { kind: 'hidden' }, picture: null, quiet: true };
    expect(standing()).toMatchObject([{ ...taken, discussion: 'bob', correction: true }]);
    prefer({ hideContent: true });
    bench.session.locked(false);
    expect(made).toHaveLength(1);
    await arrives(bench, 'bob', 'another');
    expect(standing()).toMatchObject([{ content: { kind: 'hidden' }, quiet: false, correction: false }]);
    prefer({ hideContent: false });
    await arrives(bench, 'bob', 'seen again');
    expect(standing()[0]?.content).toEqual(message('bob', 'seen again'));
    prefer({ hideContent: true });
    expect(standing()).toMatchObject([taken]);
  });

  test('after a logout nothing stands', async () => {
    const { bench, contents } = await watched(stored);
    await arrives(bench, 'bob', 'first');
    await bench.session.commands.logout();
    expect(contents()).toEqual([]);
  });
});

describe('after a start, sleep or a lost link', () => {
  const missed = (bench: Bench, chats: readonly string[]) => {
    for (const chat of chats) bench.server.store(chat, chat, `missed from ${chat}`);
  };

  test('what several people wrote meanwhile is one notification, which stays until all of it is read', async () => {
    const { bench, made, contents } = await watched(true);
    bench.session.window({ focused: false, visible: false });
    await arrives(bench, 'bob', 'before');
    made.length = 0;
    bench.pbx().down();
    missed(bench, ['bob', 'carol', 'dave']);
    bench.pbx().up(true);
    await settled();
    expect(made.map(({ content }) => content)).toEqual([{ kind: 'summary', unread: 4, discussions: 3 }]);
    // It counts the one from before too, whose own is not needed any more.
    expect(contents()).toHaveLength(1);
    for (const chat of ['bob', 'carol']) bench.session.commands.openDiscussion({ discussion: chat });
    expect(contents()).toEqual([{ kind: 'summary', unread: 4, discussions: 3 }]);
    bench.session.commands.openDiscussion({ discussion: 'dave' });
    expect(contents()).toEqual([]);
  });

  test('what one person wrote is told with the number: reading it for its text would mark it as read', async () => {
    const { bench, made } = await watched(true);
    bench.pbx().down();
    missed(bench, ['bob', 'bob']);
    bench.pbx().up(true);
    await settled();
    expect(made.map(({ content }) => content)).toEqual([{ kind: 'count', title: 'bob', unread: 2 }]);
    expect(bench.pbx().calls.filter((call) => call.startsWith('readChat '))).toEqual([]);
  });

  test('nothing is told before the counts are there', async () => {
    const { bench, made } = await watched(true);
    bench.pbx().down();
    missed(bench, ['bob', 'carol']);
    bench.pbx().prompt = false;
    bench.pbx().up(true);
    await settled();
    await arrives(bench, 'dave', 'just now');
    expect(made).toEqual([]);
    for (let round = 0; round < 20; round++) {
      for (const request of [...bench.pbx().requests]) request.answer();
      await bench.world.pass(400);
    }
    expect(made.map(({ content }) => content.kind)).toEqual(['summary']);
  });

  test('a return without anything new tells nothing', async () => {
    const { bench, made } = await watched(true);
    await arrives(bench, 'bob', 'before');
    made.length = 0;
    bench.pbx().down();
    bench.pbx().up(true);
    await settled();
    expect(made).toEqual([]);
  });

  test('the first list is told to somebody who does not see it, and to nobody else', async () => {
    const inFront = await watched(true, (bench) => missed(bench, ['bob', 'carol']));
    expect(inFront.made).toEqual([]);
    const inTray = await watched(true, (bench) => {
      missed(bench, ['bob', 'carol']);
      bench.session.locked(true);
    });
    expect(inTray.made.map(({ content }) => content.kind)).toEqual(['summary']);
  });

  test('a message that was counted before it came is told once aloud, and then in its own words', async () => {
    const { bench, made } = await watched(true);
    writes(bench, 'bob', 'the words');
    const [im, badge] = bench.pbx().events.splice(0);
    if (im === undefined || badge === undefined) throw new Error('nothing was sent');
    bench.pbx().emit(badge);
    await bench.world.pass(400);
    bench.pbx().emit(im);
    await settled();
    expect(made.map(({ content, quiet }) => [content.kind, quiet])).toEqual([
      ['count', false],
      ['message', true],
    ]);
  });

  test('a count that catches up with a message that was told already is no news', async () => {
    const { bench, made, contents } = await watched(true);
    const written = (text: string) => {
      writes(bench, 'bob', text);
      const [im, badge] = bench.pbx().events.splice(0);
      if (im === undefined || badge === undefined) throw new Error('nothing was sent');
      return { im, badge };
    };
    // The server is asked because of the badge, and answers when the message is here.
    const first = written('first');
    bench.pbx().emit(first.badge);
    bench.pbx().emit(first.im);
    await bench.world.pass(400);
    made.length = 0;
    // In the same second: its count may have this one already, until it turns out that it had not.
    const second = written('second');
    bench.pbx().emit(second.im);
    await settled();
    expect(bench.total()).toBe(1);
    bench.pbx().emit(second.badge);
    await bench.world.pass(400);
    expect(bench.total()).toBe(2);
    expect(contents()).toEqual([message('bob', 'second')]);
    await arrives(bench, 'bob', 'third');
    expect(made.map(({ content, quiet }) => [content.kind, quiet])).toEqual([
      ['message', false],
      ['message', false],
    ]);
  });

  test('what is read on another device takes its notification away', async () => {
    const { bench, contents } = await watched(true);
    await arrives(bench, 'bob', 'first');
    expect(contents()).toHaveLength(1);
    bench.server.unreadOf('bob').clear();
    bench.pbx().emit({ type: 'badge', total: 0 });
    await bench.world.pass(400);
    expect(contents()).toEqual([]);
  });
});
