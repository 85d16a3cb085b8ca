import { describe, expect, test } from 'vitest';
import { title, tray } from '../../../src-main/chat/select.ts';
import { arrives, createBench, loggedIn, writes, type Bench } from './chat-bench.ts';
import { settled } from './manual-world.ts';

const remembered = {
  server: 'pbx.example.com',
  user: 'alice',
  session: { usr: 'stored-usr', pwd: 'stored-pwd' },
};

function open(bench: Bench, discussion: string): void {
  bench.session.commands.openDiscussion({ discussion });
}
function input(bench: Bench, discussion: string | null): void {
  bench.session.commands.reading({ discussion, inputFocused: discussion !== null });
}
function send(bench: Bench, discussion: string, html: string): string {
  const result = bench.session.commands.send({ discussion, html });
  if (!('ok' in result) || !result.ok) throw new Error(JSON.stringify(result));
  return result.value.message;
}
const delivery = (bench: Bench) => bench.last().delivery;

describe('logging in', () => {
  test('asks for what is missing at the field where it is missing', async () => {
    const { session, view, pbxs } = createBench();
    const login = { server: 'pbx', user: 'alice', password: 'x', remember: false };
    for (const [missing, code, field] of [
      ['server', 'server-empty', 'server'],
      ['user', 'user-empty', 'user'],
      ['password', 'password-empty', 'password'],
    ] as const) {
      expect(await session.commands.login({ ...login, [missing]: '' })).toEqual({
        ok: false,
        reason: { code },
      });
      expect(view().login).toMatchObject({ state: 'failed', field, reason: { code } });
    }
    expect(pbxs).toHaveLength(0);
  });

  test('with a password shows the account and keeps the session, never the password', async () => {
    const bench = await loggedIn(true);
    expect(bench.view().login.state).toBe('signed-in');
    expect(bench.view().account).toMatchObject({
      id: 'alice@pbx.example.com',
      sip: 'alice',
      name: 'Alice',
      connection: { state: 'online', mode: 'stored' },
      listLoaded: true,
    });
    expect(bench.vault.kept).toEqual({
      server: 'pbx.example.com',
      user: 'alice',
      session: { usr: 'u', pwd: 'p' },
    });
    expect(JSON.stringify([bench.vault, bench.store.state()])).not.toContain('secret');
  });

  test('without being asked to remember keeps nothing', async () => {
    const bench = createBench();
    const login = bench.session.commands.login({ server: 's', user: 'a', password: 'p', remember: false });
    bench.pbx().logIn();
    expect(await login).toEqual({ ok: true, value: null });
    await settled();
    expect(bench.vault.kept).toBeNull();
  });

  test('says when the session could not be kept', async () => {
    const bench = await loggedIn(false, ({ vault }) => {
      vault.works = false;
    });
    expect(bench.view().app.notices).toMatchObject([{ code: 'secrets-unavailable' }]);
  });

  test('with a wrong password says so at the password, and stays where it was', async () => {
    const bench = createBench();
    const login = bench.session.commands.login({ server: 's', user: 'a', password: 'p', remember: true });
    expect(bench.view().login.state).toBe('working');
    bench.pbx().emit({ type: 'login-failed', reason: { code: 'wrong-password' } });
    expect(await login).toEqual({ ok: false, reason: { code: 'wrong-password' } });
    expect(bench.view().login).toMatchObject({ state: 'failed', field: 'password', server: 's', user: 'a' });
    expect(bench.pbx().closed).toBe(true);
  });

  test('shows the number of a second factor, and can be cancelled', async () => {
    const bench = createBench();
    const login = bench.session.commands.login({ server: 's', user: 'a', password: 'p', remember: true });
    bench.pbx().emit({ type: 'authorize', code: 42 });
    expect(bench.view().login).toMatchObject({ state: 'authorize', code: 42 });
    bench.session.commands.cancelLogin();
    expect((await login).ok).toBe(false);
    expect(bench.view().login).toMatchObject({ state: 'signed-out', reason: null });
    expect(bench.pbx().closed).toBe(true);
  });

  test('again replaces the login before: what that one says later is nobody’s business', async () => {
    const bench = createBench();
    const first = bench.session.commands.login({ server: 's', user: 'a', password: 'p', remember: true });
    const old = bench.pbx();
    const second = bench.session.commands.login({ server: 's', user: 'b', password: 'p', remember: true });
    expect((await first).ok).toBe(false);
    expect(old.closed).toBe(true);
    bench.pbx().logIn();
    expect((await second).ok).toBe(true);
    expect(bench.view().account?.id).toBe('b@s');
  });

  test('with what is remembered shows the account before the PBX has answered', async () => {
    const bench = createBench(remembered);
    await bench.session.start();
    expect(bench.pbx().options.login).toEqual({ kind: 'session', usr: 'stored-usr', pwd: 'stored-pwd' });
    expect(bench.view()).toMatchObject({
      login: { state: 'signed-in' },
      account: { connection: { state: 'connecting' }, listLoaded: false },
      open: null,
    });
  });

  test.each(['session-expired', 'wrong-password'] as const)(
    'with what is remembered, refused as %s, forgets it and asks for the password',
    async (code) => {
      const bench = createBench(remembered);
      await bench.session.start();
      bench.pbx().emit({ type: 'login-failed', reason: { code } });
      await settled();
      expect(bench.vault.kept).toBeNull();
      expect(bench.view()).toMatchObject({
        login: {
          state: 'failed',
          reason: { code: 'session-expired' },
          field: 'password',
          server: 'pbx.example.com',
          user: 'alice',
        },
        account: null,
      });
    },
  );

  test('again after the session expired finds everything where it was', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    bench.session.commands.draft({ discussion: 'bob', html: '<p>wait</p>' });
    bench.pbx().emit({ type: 'login-failed', reason: { code: 'session-expired' } });
    expect(bench.view().account).toBeNull();
    void bench.session.commands.login({
      server: 'pbx.example.com',
      user: 'Alice',
      password: 'p',
      remember: true,
    });
    bench.pbx().logIn();
    expect(bench.row('bob')).toMatchObject({ unread: 1, preview: { kind: 'draft', text: 'wait' } });
  });

  test('out forgets the session and all that was on screen, and tells the PBX', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'hi');
    await bench.session.commands.logout();
    expect(bench.vault.kept).toBeNull();
    expect(bench.pbx().calls).toContain('logout');
    expect(bench.view()).toMatchObject({ account: null, rows: [], login: { state: 'signed-out' } });
    expect(bench.store.state().accounts).toEqual({});
    expect(bench.total()).toBe(0);
    expect(bench.world.timers()).toBe(0);
  });

  test('ends when the PBX ends the session', async () => {
    const bench = await loggedIn(true);
    bench.pbx().emit({ type: 'logged-out' });
    await settled();
    expect(bench.vault.kept).toBeNull();
    expect(bench.store.state().accounts).toEqual({});
    expect(bench.view().login.state).toBe('signed-out');
  });

  test('is not undone by a vault that writes slowly', async () => {
    const bench = createBench();
    const login = bench.session.commands.login({ server: 's', user: 'a', password: 'p', remember: true });
    bench.pbx().logIn();
    await Promise.all([login, bench.session.commands.logout()]);
    await settled();
    expect(bench.vault.kept).toBeNull();
  });
});

describe('the connection', () => {
  test('is shown in every state', async () => {
    const bench = createBench();
    void bench.session.commands.login({ server: 's', user: 'a', password: 'p', remember: true });
    const pbx = bench.pbx();
    pbx.logIn();
    const states: unknown[] = [];
    const note = () => states.push(bench.view().account?.connection);
    note();
    pbx.emit({ type: 'link', state: 'online' });
    note();
    pbx.emit({ type: 'mode', mode: 'volatile', reason: { code: 'no-licence' } });
    note();
    pbx.emit({ type: 'link', state: 'offline', reason: { code: 'link-lost' }, retryAt: 5 });
    note();
    pbx.emit({ type: 'link', state: 'no-chat-right' });
    note();
    expect(states).toEqual([
      { state: 'preparing' },
      { state: 'preparing' },
      { state: 'online', mode: 'volatile', reason: { code: 'no-licence' } },
      { state: 'offline', reason: { code: 'link-lost' }, retryAt: 5 },
      { state: 'no-chat-right' },
    ]);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    expect(bench.open().blocked).toEqual({ code: 'no-chat-right' });
  });

  test('is closed for sleep and tried at once after it', async () => {
    const bench = await loggedIn(false);
    bench.session.power('suspend');
    bench.session.power('resume');
    bench.session.commands.reconnect();
    expect(bench.pbx().calls).toEqual(['suspend', 'retry', 'retry']);
  });

  test('tells the wire whether the window is in use', async () => {
    const bench = await loggedIn(false);
    expect(bench.pbx().inUse).toBe(true);
    bench.session.window({ focused: false, visible: true });
    expect(bench.pbx().inUse).toBe(false);
  });
});

describe.each([['stored', true] as const, ['volatile', false] as const])(
  'reading in %s mode',
  (_, stored) => {
    test('a message in another discussion counts there, in total, in the title and at the tray', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', 'one');
      await arrives(bench, 'bob', 'two');
      await arrives(bench, 'carol', 'three');
      expect([bench.row('bob')?.unread, bench.row('carol')?.unread, bench.total()]).toEqual([2, 1, 3]);
      expect(bench.view().app.unread).toBe(3);
      expect(title(bench.store.state())).toBe('(3) PBX Chat');
      expect(tray(bench.store.state())).toMatchObject({ unread: 3, account: 'Alice', connection: 'online' });
    });

    test('opening a discussion reads it, here and at the server, and puts the line before what was unread', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', 'one');
      await arrives(bench, 'bob', 'two');
      open(bench, 'bob');
      await settled();
      expect([bench.row('bob')?.unread, bench.total(), bench.server.total]).toEqual([0, 0, 0]);
      expect(bench.open().newFrom).toBe(bench.view().messages[0]?.id);
      expect(bench.texts()).toEqual(['one', 'two']);
    });

    test('with the input focused nothing becomes unread, and the server hears of it', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', 'one');
      open(bench, 'bob');
      input(bench, 'bob');
      await settled();
      await arrives(bench, 'bob', 'two');
      expect([bench.total(), bench.server.total]).toEqual([0, 0]);
    });

    test('with the input not focused it counts until the input gets the focus', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', 'one');
      open(bench, 'bob');
      await settled();
      await arrives(bench, 'bob', 'two');
      expect([bench.row('bob')?.unread, bench.total()]).toEqual([1, 1]);
      expect(bench.open().newFrom).toBe(bench.last().id);
      input(bench, 'bob');
      await settled();
      expect([bench.total(), bench.server.total]).toEqual([0, 0]);
      // The line stays where the eye looks for it.
      expect(bench.open().newFrom).toBe(bench.last().id);
    });

    test('the window losing the focus makes messages unread, and its return reads them', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', 'one');
      open(bench, 'bob');
      input(bench, 'bob');
      bench.session.window({ focused: false, visible: true });
      await arrives(bench, 'bob', 'two');
      expect(bench.total()).toBe(1);
      bench.session.window({ focused: true, visible: true });
      await settled();
      expect([bench.total(), bench.server.total]).toEqual([0, 0]);
    });

    test('coming back from the tray reads nothing until the input gets the focus anew', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', 'one');
      open(bench, 'bob');
      input(bench, 'bob');
      await settled();
      bench.session.window({ focused: false, visible: false });
      await arrives(bench, 'bob', 'two');
      bench.session.window({ focused: true, visible: true });
      expect([bench.open().id, bench.total()]).toEqual(['bob', 1]);
      open(bench, 'bob');
      expect(bench.total()).toBe(0);
    });

    test('opening the program reads nothing', async () => {
      const bench = createBench();
      bench.session.window({ focused: true, visible: true });
      bench.server.store('bob', 'bob', 'one');
      void bench.session.commands.login({ server: 's', user: 'alice', password: 'p', remember: true });
      bench.pbx().logIn();
      bench.pbx().up(stored);
      await settled();
      expect([bench.view().open, bench.total()]).toEqual([null, stored ? 1 : 0]);
    });

    test('leaving or writing takes the line away', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', 'one');
      open(bench, 'bob');
      await settled();
      expect(bench.open().newFrom).not.toBeNull();
      send(bench, 'bob', '<p>hi</p>');
      expect(bench.open().newFrom).toBeNull();
      await arrives(bench, 'bob', 'two');
      expect(bench.open().newFrom).not.toBeNull();
      bench.session.commands.closeDiscussion();
      open(bench, 'bob');
      bench.session.commands.closeDiscussion();
      open(bench, 'bob');
      expect(bench.open().newFrom).toBeNull();
    });

    test('own messages from another device are never unread', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', 'mine', 'alice');
      expect([bench.total(), bench.row('bob')?.preview]).toEqual([
        0,
        { kind: 'text', text: 'mine', own: true, author: '', failed: false },
      ]);
    });

    test('a message of which nothing may be shown is there, and says so in the list', async () => {
      const bench = await loggedIn(stored);
      await arrives(bench, 'bob', '<script>alert(1)</script>');
      expect([bench.total(), bench.row('bob')?.preview]).toEqual([
        1,
        { kind: 'empty', text: '', own: false, author: '', failed: false },
      ]);
    });
  },
);

describe('with a Messages service', () => {
  test('nothing is loaded that nobody opened', async () => {
    const bench = await loggedIn(true, ({ server }) => server.store('bob', 'bob', 'one'));
    await arrives(bench, 'carol', 'two');
    await bench.world.pass(200_000);
    expect(bench.pbx().calls.filter((call) => /readChat |markRead/.test(call))).toEqual([]);
    expect([bench.row('bob')?.unread, bench.row('carol')?.unread]).toEqual([1, 1]);
  });

  test('opening loads the newest page, older ones on demand until there are none', async () => {
    const bench = await loggedIn(true, ({ server }) => {
      for (let index = 0; index < 120; index++) server.store('bob', 'bob', `m${index}`);
      server.unreadOf('bob').clear();
    });
    open(bench, 'bob');
    expect(bench.open().history.state).toBe('loading');
    await settled();
    expect(bench.texts()).toHaveLength(50);
    expect(bench.open().history).toEqual({ state: 'idle', older: true });
    for (let page = 0; page < 6; page++) {
      bench.session.commands.loadOlder({ discussion: 'bob' });
      await settled();
    }
    expect(bench.texts()).toEqual(Array.from({ length: 120 }, (_, index) => `m${index}`));
    expect(bench.open().history).toEqual({ state: 'idle', older: false });
  });

  test('a server with smaller pages than asked for is read to the end', async () => {
    const bench = await loggedIn(true, ({ server }) => {
      server.pageLimit = 7;
      for (let index = 0; index < 20; index++) server.store('bob', 'bob', `m${index}`);
    });
    open(bench, 'bob');
    await settled();
    for (let page = 0; page < 20; page++) {
      bench.session.commands.loadOlder({ discussion: 'bob' });
      await settled();
    }
    expect(bench.texts()).toHaveLength(20);
  });

  test('messages of one instant on both sides of a page edge are all there', async () => {
    const bench = await loggedIn(true, ({ server, world }) => {
      for (let index = 0; index < 60; index++) {
        server.store('bob', 'bob', `m${index}`).at = world.now() + Math.floor(index / 20);
      }
    });
    open(bench, 'bob');
    await settled();
    for (let page = 0; page < 4; page++) {
      bench.session.commands.loadOlder({ discussion: 'bob' });
      await settled();
    }
    expect(bench.texts()).toEqual(Array.from({ length: 60 }, (_, index) => `m${index}`));
  });

  test('the line stands before the messages that were counted, once they are there', async () => {
    const bench = await loggedIn(true, ({ server }) => {
      server.store('bob', 'bob', 'old');
      server.unreadOf('bob').clear();
      server.store('bob', 'bob', 'new 1');
      server.store('bob', 'alice', 'mine');
      server.store('bob', 'bob', 'new 2');
    });
    expect(bench.row('bob')?.unread).toBe(2);
    open(bench, 'bob');
    expect([bench.row('bob')?.unread, bench.open().newFrom]).toEqual([0, null]);
    await settled();
    expect(bench.view().messages.find(({ id }) => id === bench.open().newFrom)?.text).toBe('new 1');
  });

  test('a page that does not come says so, and comes when it is tried again', async () => {
    const bench = await loggedIn(true, ({ server }) => server.store('bob', 'bob', 'one'));
    bench.pbx().prompt = false;
    open(bench, 'bob');
    bench.pbx().requests[0]?.fail('no-answer');
    await settled();
    expect(bench.open().history.state).toBe('failed');
    bench.pbx().prompt = true;
    bench.session.commands.loadOlder({ discussion: 'bob' });
    await settled();
    expect([bench.texts(), bench.open().history.state]).toEqual([['one'], 'idle']);
  });

  test('what was opened but never shown is unread again when it is left', async () => {
    const bench = await loggedIn(true, ({ server }) => server.store('bob', 'bob', 'one'));
    bench.pbx().down();
    open(bench, 'bob');
    expect(bench.total()).toBe(0);
    bench.session.commands.closeDiscussion();
    expect(bench.row('bob')?.unread).toBe(1);
    bench.pbx().up(true);
    await settled();
    expect([bench.row('bob')?.unread, bench.server.total]).toEqual([1, 1]);
  });

  test('reading while offline reaches the server after the reconnect', async () => {
    const bench = await loggedIn(true);
    open(bench, 'bob');
    await arrives(bench, 'bob', 'one');
    expect([bench.total(), bench.server.total]).toEqual([1, 1]);
    bench.pbx().down();
    open(bench, 'bob');
    bench.session.commands.closeDiscussion();
    expect(bench.total()).toBe(0);
    bench.pbx().up(true);
    await bench.world.pass(1_000);
    expect([bench.total(), bench.server.total]).toEqual([0, 0]);
  });

  test('unless something newer came that nobody has read', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    bench.pbx().down();
    open(bench, 'bob');
    bench.session.commands.closeDiscussion();
    await bench.world.pass(60_000);
    bench.server.store('bob', 'bob', 'two');
    bench.pbx().up(true);
    await bench.world.pass(1_000);
    expect(bench.pbx().calls.filter((call) => call.startsWith('markRead'))).toEqual([]);
    expect(bench.row('bob')?.unread).toBeGreaterThanOrEqual(1);
  });

  test('reading on another device clears here as soon as the badge says so', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    await bench.world.pass(1_000);
    bench.server.unreadOf('bob').clear();
    bench.pbx().emit({ type: 'badge', total: 0 });
    await bench.world.pass(1_000);
    expect([bench.row('bob')?.unread, bench.total()]).toEqual([0, 0]);
  });

  test.each([
    ['within a minute', (bench: Bench) => bench.world.pass(60_000)],
    [
      'when the window gets the focus',
      async (bench: Bench) => {
        await bench.world.pass(5_000);
        bench.session.window({ focused: false, visible: true });
        bench.session.window({ focused: true, visible: true });
        await settled();
      },
    ],
  ])('and without a badge %s', async (_, wait) => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    await bench.world.pass(1_000);
    bench.server.unreadOf('bob').clear();
    await wait(bench);
    expect(bench.total()).toBe(0);
  });

  test('a focus right after the list was read is answered a moment later', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    const lists = () => bench.pbx().calls.filter((call) => call === 'readChats').length;
    const before = lists();
    while (lists() === before) await bench.world.pass(500);
    bench.server.unreadOf('bob').clear();
    bench.session.window({ focused: false, visible: true });
    bench.session.window({ focused: true, visible: true });
    await settled();
    expect(bench.total()).toBe(1);
    await bench.world.pass(2_000);
    expect(bench.total()).toBe(0);
  });

  test('what another device sent within the same second as something that came here appears', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    open(bench, 'bob');
    bench.session.commands.reading({ discussion: 'bob', inputFocused: true });
    await bench.world.pass(10_000);
    await arrives(bench, 'bob', 'two');
    bench.server.store('bob', 'alice', 'from my phone');
    await bench.world.pass(60_000);
    expect(bench.texts()).toEqual(['one', 'two', 'from my phone']);
  });

  test('what another device sent appears in the open discussion, and elsewhere when it is opened', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    await arrives(bench, 'carol', 'one');
    open(bench, 'bob');
    await bench.world.pass(10_000);
    bench.server.store('bob', 'alice', 'from my phone');
    bench.server.store('carol', 'alice', 'from my phone');
    await bench.world.pass(60_000);
    expect(bench.texts()).toEqual(['one', 'from my phone']);
    expect(bench.pbx().calls).not.toContain('readChat carol');
    open(bench, 'carol');
    await settled();
    expect(bench.texts()).toEqual(['one', 'from my phone']);
  });

  test('also when it was sent a moment after a message of this program', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    open(bench, 'bob');
    await bench.world.pass(10_000);
    send(bench, 'bob', 'from here');
    bench.pbx().emit({ type: 'im-delivered', ref: bench.pbx().sent[0]!.ref });
    bench.server.store('bob', 'alice', '<p>from here</p>');
    await bench.world.pass(1_000);
    bench.server.store('bob', 'alice', 'from my phone');
    await bench.world.pass(60_000);
    expect(bench.texts()).toEqual(['one', 'from here', 'from my phone']);
  });

  test('what came while the link was down is loaded into the open discussion, without holes', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'first');
    open(bench, 'bob');
    input(bench, 'bob');
    await settled();
    bench.pbx().down();
    await bench.world.pass(100_000);
    for (let index = 0; index < 130; index++) bench.server.store('bob', 'bob', `m${index}`);
    bench.server.unreadOf('bob').clear();
    bench.pbx().up(true);
    await bench.world.pass(2_000);
    expect(bench.texts()).toEqual(['first', ...Array.from({ length: 130 }, (_, index) => `m${index}`)]);
    expect(bench.total()).toBe(0);
  });

  test('an open discussion that nobody reads is not loaded, which would clear it at the server', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'first');
    open(bench, 'bob');
    await settled();
    bench.pbx().down();
    await bench.world.pass(10_000);
    bench.server.store('bob', 'bob', 'missed');
    bench.pbx().up(true);
    await bench.world.pass(2_000);
    expect([bench.texts(), bench.row('bob')?.unread, bench.server.total]).toEqual([['first'], 1, 1]);
    bench.session.commands.loadOlder({ discussion: 'bob' });
    await settled();
    expect(bench.server.total).toBe(1);
    input(bench, 'bob');
    await settled();
    expect(bench.texts()).toEqual(['first', 'missed']);
    expect([bench.total(), bench.server.total]).toEqual([0, 0]);
  });

  test('groups are there without a message, and messages in them name their author', async () => {
    const bench = await loggedIn(true, ({ server }) => {
      server.groups = [{ id: '7', sip: 'group-7', name: 'Sales' }];
    });
    expect(bench.row('group-7')).toMatchObject({ kind: 'group', name: 'Sales', unread: 0 });
    await arrives(bench, 'group-7', 'hi', 'bob');
    expect(bench.row('group-7')).toMatchObject({ unread: 1, preview: { author: 'bob', text: 'hi' } });
  });

  test('a service that goes and comes back takes and brings the mode, and loses nothing on screen', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    bench.pbx().mode(false);
    expect(bench.view().account?.connection).toMatchObject({ mode: 'volatile' });
    await arrives(bench, 'bob', 'two');
    expect(bench.row('bob')?.unread).toBe(2);
    bench.pbx().mode(true);
    await bench.world.pass(2_000);
    // The service never knew the second one.
    expect([bench.row('bob')?.unread, bench.server.total]).toEqual([2, 1]);
    open(bench, 'bob');
    await settled();
    expect([bench.texts(), bench.total(), bench.server.total]).toEqual([['one', 'two'], 0, 0]);
  });

  test('a service that goes on while its session is gone counts nothing twice, and learns what was read', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'one');
    await arrives(bench, 'carol', 'hi');
    open(bench, 'carol');
    input(bench, 'carol');
    await settled();
    bench.pbx().loseSession();
    await arrives(bench, 'bob', 'two');
    await arrives(bench, 'carol', 'read at once');
    expect([bench.row('bob')?.unread, bench.row('carol')?.unread]).toEqual([2, 0]);
    bench.pbx().mode(true);
    await bench.world.pass(2_000);
    expect([bench.row('bob')?.unread, bench.row('carol')?.unread, bench.server.total]).toEqual([2, 0, 2]);
  });

  test('an answer that was overtaken by a message does not hide it', async () => {
    const bench = await loggedIn(true);
    bench.pbx().prompt = false;
    await bench.world.pass(60_000);
    for (const request of [...bench.pbx().requests]) request.process();
    await arrives(bench, 'bob', 'one');
    for (const request of [...bench.pbx().requests]) request.answer();
    await settled();
    expect(bench.row('bob')?.unread).toBe(1);
  });
});

describe('writing', () => {
  test('goes out on the wire and shows what became of it', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    send(bench, 'bob', '<div>hello <span class="x">you</span></div>');
    expect(bench.pbx().sent).toMatchObject([
      { to: { sip: 'bob' }, html: '<p>hello you</p>', attachments: [] },
    ]);
    expect(delivery(bench)).toEqual({ state: 'waiting' });
    const { ref } = bench.pbx().sent[0]!;
    bench.pbx().emit({ type: 'im-sent', ref });
    expect(delivery(bench)).toEqual({ state: 'sent' });
    bench.pbx().emit({ type: 'im-delivered', ref });
    expect(delivery(bench)).toEqual({ state: 'delivered' });
    expect(bench.store.state().accounts['alice@pbx.example.com']?.outbox).toEqual([]);
  });

  test('refuses what cannot be sent', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    const { send } = bench.session.commands;
    expect(send({ discussion: 'bob', html: '<p> </p>' })).toEqual({ ok: false, reason: { code: 'empty' } });
    expect(send({ discussion: 'nobody', html: 'x' })).toEqual({
      ok: false,
      reason: { code: 'unknown-discussion' },
    });
    expect(send({ discussion: 'bob', html: 'x'.repeat(60_000) })).toEqual({
      ok: false,
      reason: { code: 'too-long' },
    });
    expect(bench.pbx().sent).toEqual([]);
  });

  test('while offline waits, and goes out once and in order at the reconnect', async () => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    bench.pbx().down();
    for (const text of ['1', '2', '3']) send(bench, 'bob', text);
    expect(delivery(bench)).toEqual({ state: 'waiting' });
    expect(bench.pbx().sent).toEqual([]);
    bench.pbx().up(true);
    await settled();
    bench.pbx().down();
    bench.pbx().up(true);
    await bench.world.pass(70_000);
    expect(bench.pbx().sent.map(({ html }) => html)).toEqual(['1', '2', '3']);
  });

  test('that was not delivered says why and can be sent again', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    const message = send(bench, 'bob', 'hello');
    const reason = { code: 'not-online', detail: '20' } as const;
    bench.pbx().emit({ type: 'im-failed', ref: bench.pbx().sent[0]!.ref, reason });
    expect(delivery(bench)).toEqual({ state: 'failed', reason });
    expect(bench.row('bob')?.preview).toMatchObject({ text: 'hello', own: true, failed: true });
    await arrives(bench, 'bob', 'here I am');
    bench.session.commands.resend({ message });
    expect(bench.texts()).toEqual(['hi', 'here I am', 'hello']);
    expect(bench.pbx().sent).toHaveLength(2);
    expect(bench.pbx().sent[1]!.ref).not.toBe(bench.pbx().sent[0]!.ref);
    bench.pbx().emit({ type: 'im-delivered', ref: bench.pbx().sent[1]!.ref });
    expect(delivery(bench)).toEqual({ state: 'delivered' });
    expect(bench.last().id).toBe(message);
  });

  test('that was not delivered can be discarded', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    const message = send(bench, 'bob', 'hello');
    const { ref } = bench.pbx().sent[0]!;
    bench.session.commands.discard({ message });
    expect(bench.texts()).toEqual(['hi', 'hello']);
    bench.pbx().emit({ type: 'im-failed', ref, reason: { code: 'busy' } });
    bench.session.commands.discard({ message });
    expect(bench.texts()).toEqual(['hi']);
  });

  test.each([
    ['is in the history after all: delivered', true],
    ['is not in the history: failed, to be sent again', false],
  ])('on a link that broke, with a service, %s', async (_, arrived) => {
    const bench = await loggedIn(true);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    await settled();
    send(bench, 'bob', 'hello');
    const { ref } = bench.pbx().sent[0]!;
    bench.pbx().emit({ type: 'im-sent', ref });
    bench.pbx().emit({ type: 'im-failed', ref, reason: { code: 'connection-lost' } });
    bench.pbx().down();
    expect(delivery(bench)).toEqual({ state: 'waiting' });
    if (arrived) bench.server.store('bob', 'alice', 'hello');
    bench.pbx().up(true);
    await bench.world.pass(1_000);
    expect(bench.texts()).toEqual(['hi', 'hello']);
    expect(delivery(bench)).toEqual(
      arrived ? { state: 'delivered' } : { state: 'failed', reason: { code: 'not-stored' } },
    );
    expect(bench.pbx().sent).toHaveLength(1);
  });

  test('on a link that broke, without a service, failed', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    send(bench, 'bob', 'hello');
    const { ref } = bench.pbx().sent[0]!;
    bench.pbx().emit({ type: 'im-failed', ref, reason: { code: 'connection-lost' } });
    expect(delivery(bench)).toMatchObject({ state: 'failed' });
  });

  test('that the wire never handed on survives a new login', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    send(bench, 'bob', 'hello');
    bench.pbx().emit({ type: 'login-failed', reason: { code: 'session-expired' } });
    void bench.session.commands.login({
      server: 'pbx.example.com',
      user: 'alice',
      password: 'p',
      remember: true,
    });
    bench.pbx().logIn();
    bench.pbx().up(false);
    expect(bench.pbx().sent.map(({ html }) => html)).toEqual(['hello']);
  });

  test('is kept as a draft that sending clears', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    bench.session.commands.draft({ discussion: 'bob', html: '<p>not yet</p>' });
    expect(bench.row('bob')?.preview).toMatchObject({ kind: 'draft', text: 'not yet' });
    open(bench, 'bob');
    expect(bench.open().draft).toBe('<p>not yet</p>');
    expect(bench.row('bob')?.preview.kind).toBe('text');
    send(bench, 'bob', 'now');
    expect(bench.open().draft).toBe('');
  });
});

describe('typing', () => {
  const typing = (bench: Bench, value: boolean) =>
    bench.session.commands.typing({ discussion: 'bob', typing: value });

  test('is told at most every few seconds, ends by itself, and ends with sending', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    for (let index = 0; index < 10; index++) {
      typing(bench, true);
      await bench.world.pass(500);
    }
    expect(bench.pbx().typing.map((told) => told.typing)).toEqual([true, true]);
    await bench.world.pass(20_000);
    expect(bench.pbx().typing.map((told) => told.typing)).toEqual([true, true, false]);
    typing(bench, true);
    send(bench, 'bob', 'x');
    typing(bench, false);
    expect(bench.pbx().typing.map((told) => told.typing)).toEqual([true, true, false, true, false]);
  });

  test('of others is shown until it ends, a message comes, or nothing is heard of it', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    open(bench, 'bob');
    const author = { sip: 'bob', name: 'Bob' };
    const tell = (value: boolean) =>
      bench.pbx().emit({ type: 'typing', from: { sip: 'bob' }, group: false, author, typing: value });
    tell(true);
    expect([bench.open().typing, bench.row('bob')?.preview.kind]).toEqual([['Bob'], 'typing']);
    tell(false);
    expect(bench.open().typing).toEqual([]);
    tell(true);
    await arrives(bench, 'bob', 'there');
    expect(bench.open().typing).toEqual([]);
    tell(true);
    await bench.world.pass(6_000);
    tell(true);
    await bench.world.pass(6_000);
    expect(bench.open().typing).toEqual(['Bob']);
    await bench.world.pass(6_000);
    expect(bench.open().typing).toEqual([]);
  });

  test('of a stranger makes no discussion', async () => {
    const bench = await loggedIn(false);
    const author = { sip: 'eve', name: '' };
    bench.pbx().emit({ type: 'typing', from: { sip: 'eve' }, group: false, author, typing: true });
    expect(bench.view().rows).toEqual([]);
  });
});

describe('people', () => {
  const bob = { sip: 'bob', num: '23', name: 'Bob Miller', email: '' };

  test('a new chat is with somebody whom the PBX knows', async () => {
    const bench = await loggedIn(false, ({ server }) => {
      server.people.set('bob', bob).set('23', bob);
    });
    const start = (address: string) => bench.session.commands.startChat({ address });
    expect(await start(' sip:bob@example.com')).toMatchObject({
      ok: false,
      reason: { code: 'address-unknown' },
    });
    expect(await start('bob')).toEqual({ ok: true, value: { discussion: 'bob' } });
    expect(bench.open()).toMatchObject({ id: 'bob', name: 'Bob Miller' });
    expect(await start('23')).toEqual({ ok: true, value: { discussion: 'bob' } });
    expect(await start('nobody')).toEqual({ ok: false, reason: { code: 'address-unknown' } });
    expect(await start('alice@example.com')).toEqual({ ok: false, reason: { code: 'address-own' } });
    expect(await start('')).toEqual({ ok: false, reason: { code: 'address-empty' } });
    expect(await start('a b')).toEqual({ ok: false, reason: { code: 'address-invalid' } });
  });

  test('offline only known discussions can be opened', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    bench.pbx().down();
    expect(await bench.session.commands.startChat({ address: 'bob@example.com' })).toMatchObject({
      ok: true,
    });
    expect(await bench.session.commands.startChat({ address: 'carol' })).toEqual({
      ok: false,
      reason: { code: 'offline' },
    });
  });

  test('are called as the PBX calls them, else by their address', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    await arrives(bench, 'carol', 'hi');
    expect(bench.row('bob')?.name).toBe('bob');
    bench.pbx().emit({ type: 'presence', sip: 'BOB@example.com', name: 'Bob \u202eMiller', items: [] });
    bench.pbx().emit({ type: 'favourites', people: [{ sip: 'carol', num: '', name: 'Carol', email: '' }] });
    expect([bench.row('bob')?.name, bench.row('carol')?.name]).toEqual(['Bob Miller', 'Carol']);
    open(bench, 'bob');
    expect(bench.last().author.name).toBe('Bob Miller');
  });

  test('on screen are watched, and no others; their presence goes with the link', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hi');
    await arrives(bench, 'carol', 'hi');
    bench.session.commands.watchPresence({ discussions: ['bob', 'carol', 'unknown'] });
    expect(bench.pbx().watched).toEqual(['bob', 'carol']);
    bench.session.commands.watchPresence({ discussions: ['carol'] });
    expect(bench.pbx().watched).toEqual(['carol']);
    const items = [{ contact: 'im:', status: 'open' as const, activity: '', note: '' }];
    bench.pbx().emit({ type: 'presence', sip: 'bob', name: '', items });
    bench.pbx().emit({ type: 'own-presence', items });
    expect(bench.row('bob')?.presence.state).toBe('online');
    expect(bench.view().account?.presence.state).toBe('online');
    bench.pbx().down();
    expect(bench.row('bob')?.presence.state).toBe('unknown');
  });
});

test('a session that is closed leaves no timer behind', async () => {
  const bench = await loggedIn(true);
  writes(bench, 'bob', 'hi');
  bench.pbx().deliver();
  bench.session.commands.typing({ discussion: 'bob', typing: true });
  const author = { sip: 'bob', name: '' };
  bench.pbx().emit({ type: 'typing', from: { sip: 'bob' }, group: false, author, typing: true });
  expect(bench.world.timers()).toBeGreaterThan(0);
  bench.session.close();
  expect(bench.world.timers()).toBe(0);
  expect(bench.pbx().closed).toBe(true);
  // The PBX keeps the session for the next start.
  expect(bench.vault.kept).not.toBeNull();
  expect(bench.pbx().calls).not.toContain('logout');
});
