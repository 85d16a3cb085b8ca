// Who counts as having read: the table of the protocol, section 9, with the real focus of a real window.
import type { Pbx } from '../pbx/index.ts';
import { stringifyJson } from '../pbx/json.ts';
import { expect, test } from './fixtures.ts';

for (const user of ['alice', 'tom'] as const) {
  const mode = user === 'alice' ? 'stored' : 'volatile';
  const peer = user === 'alice' ? 'bob' : 'tina';
  const other = user === 'alice' ? 'olga' : 'bob';
  const peerName = user === 'alice' ? 'Bob Brown' : 'Tina Turner';
  const otherName = user === 'alice' ? 'Olga Orlova' : 'Bob Brown';

  test.describe(`${mode} chat`, () => {
    test('with another discussion open a message is unread until its discussion is opened', async ({
      launchPbx,
      signIn,
    }) => {
      const pbx = await launchPbx();
      const them = await pbx.user(peer);
      const others = await pbx.user(other);
      const { chat, focus } = await signIn(pbx, user);
      await focus();
      them.say(user, 'first');
      others.say(user, 'from somebody else');
      await expect(chat.row(otherName)).toBeVisible();
      await chat.open(otherName);
      await chat.open(peerName);
      await chat.open(otherName);
      await chat.expectUnread(0);
      them.say(user, 'second');
      await chat.expectUnread(1, { [peerName]: 1 });
      them.say(user, 'third');
      await chat.expectUnread(2, { [peerName]: 2, [otherName]: 0 });
      await chat.open(peerName);
      await chat.expectUnread(0, { [peerName]: 0 });
      await expect(chat.newLine).toBeVisible();
    });

    test('with the discussion open and the input focused a message is read on arrival', async ({
      launchPbx,
      signIn,
    }) => {
      const pbx = await launchPbx();
      const them = await pbx.user(peer);
      const { chat, focus } = await signIn(pbx, user);
      await focus();
      them.say(user, 'opens');
      await chat.open(peerName);
      them.say(user, 'seen at once');
      await expect(chat.message('seen at once')).toBeVisible();
      await chat.expectUnread(0, { [peerName]: 0 });
    });

    test('with the discussion open and the focus elsewhere it is read when the input gets the focus', async ({
      launchPbx,
      signIn,
    }) => {
      const pbx = await launchPbx();
      const them = await pbx.user(peer);
      const { chat, focus, window } = await signIn(pbx, user);
      await focus();
      them.say(user, 'opens');
      await chat.open(peerName);
      await window.getByRole('searchbox', { name: 'Search chats' }).focus();
      them.say(user, 'one');
      await chat.expectUnread(1, { [peerName]: 1 });
      await window.getByRole('button', { name: 'New chat' }).first().click();
      await expect(window.getByRole('dialog')).toBeVisible();
      them.say(user, 'two');
      await chat.expectUnread(2, { [peerName]: 2 });
      await window.keyboard.press('Escape');
      await chat.input.click();
      await chat.expectUnread(0, { [peerName]: 0 });
    });

    test('in a window without the focus it is unread, and read when the focus returns to the input', async ({
      launchPbx,
      signIn,
    }) => {
      const pbx = await launchPbx();
      const them = await pbx.user(peer);
      const { chat, focus, blur } = await signIn(pbx, user);
      await focus();
      them.say(user, 'opens');
      await chat.open(peerName);
      await blur();
      them.say(user, 'while you were away');
      await chat.expectUnread(1, { [peerName]: 1 });
      await focus();
      await chat.expectUnread(0, { [peerName]: 0 });
    });

    test('opening the window again reads nothing; opening the discussion does', async ({
      launchPbx,
      signIn,
    }) => {
      const pbx = await launchPbx();
      const them = await pbx.user(peer);
      const { app, chat, focus } = await signIn(pbx, user);
      await focus();
      them.say(user, 'opens');
      await chat.open(peerName);
      // What closing the window to the tray does.
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
      them.say(user, 'one');
      them.say(user, 'two');
      await expect.poll(() => chat.title()).toMatch(/^\(2\) /);
      await focus();
      await expect(chat.input).not.toBeFocused();
      await chat.expectUnread(2, { [peerName]: 2 });
      await chat.row(peerName).click();
      await chat.expectUnread(0, { [peerName]: 0 });
    });

    test('with the focus among the messages, in a menu or in a dialog it is unread until the input has it', async ({
      launchPbx,
      signIn,
    }) => {
      const pbx = await launchPbx();
      const them = await pbx.user(peer);
      const { chat, focus, window } = await signIn(pbx, user);
      await focus();
      them.say(user, 'opens');
      await chat.open(peerName);
      const dialog = window.getByRole('dialog');
      const places: [name: string, go: () => Promise<void>][] = [
        ['messages', () => chat.log.focus()],
        ['a message', () => chat.message('opens').focus()],
        ['list', () => chat.row(peerName).focus()],
        ['send button', () => window.getByRole('button', { name: 'Formatting' }).focus()],
        [
          'menu',
          async () => {
            await window.getByRole('button', { name: 'More about this chat' }).click();
            await expect(window.getByRole('menuitem', { name: 'Copy address' })).toBeVisible();
          },
        ],
        [
          'Ctrl+K',
          async () => {
            await window.keyboard.press('Control+k');
            await expect(dialog).toBeVisible();
          },
        ],
        [
          'note',
          async () => {
            await window.getByRole('button', { name: /^Your menu/ }).click();
            await window.getByRole('menuitem', { name: 'Note …' }).click();
            await expect(dialog).toBeVisible();
          },
        ],
      ];
      for (const [name, go] of places) {
        await test.step(name, async () => {
          await chat.input.focus();
          await go();
          them.say(user, `${name} one`);
          await chat.expectUnread(1, { [peerName]: 1 });
          them.say(user, `${name} two`);
          await chat.expectUnread(2, { [peerName]: 2 });
          await window.keyboard.press('Escape');
          await expect(dialog).toHaveCount(0);
          await chat.input.click();
          await chat.expectUnread(0, { [peerName]: 0 });
        });
      }
    });

    test('minimised it is unread, and the window that comes back reads only what its input shows', async ({
      launchPbx,
      signIn,
      windowManager,
    }) => {
      void windowManager;
      const pbx = await launchPbx();
      const [them, others] = [await pbx.user(peer), await pbx.user(other)];
      const { app, chat, focus } = await signIn(pbx, user);
      const window = (what: 'minimize' | 'restore') =>
        app.evaluate(({ BrowserWindow }, act) => BrowserWindow.getAllWindows()[0]?.[act](), what);
      const minimised = () =>
        app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized());
      await focus();
      them.say(user, 'opens');
      others.say(user, 'also');
      await chat.open(otherName);
      await chat.open(peerName);
      await window('minimize');
      await expect.poll(minimised).toBe(true);
      others.say(user, 'elsewhere');
      them.say(user, 'one');
      them.say(user, 'two');
      await expect.poll(() => chat.title()).toMatch(/^\(3\) /);
      await window('restore');
      await focus();
      await chat.expectUnread(1, { [peerName]: 0, [otherName]: 1 });
    });

    test('several messages in several discussions are counted where they are, in whatever order they are read', async ({
      launchPbx,
      signIn,
    }) => {
      const pbx = await launchPbx();
      const [them, others] = [await pbx.user(peer), await pbx.user(other)];
      const { chat, focus, blur, window } = await signIn(pbx, user);
      await focus();
      await chat.readAll();
      await window.getByRole('searchbox', { name: 'Search chats' }).focus();
      for (const text of ['a', 'b', 'c']) {
        them.say(user, text);
        others.say(user, text);
      }
      await chat.expectUnread(6, { [peerName]: 3, [otherName]: 3 });
      await chat.open(otherName);
      await chat.expectUnread(3, { [peerName]: 3, [otherName]: 0 });
      others.say(user, 'd');
      them.say(user, 'e');
      await chat.expectUnread(4, { [peerName]: 4, [otherName]: 0 });
      await blur();
      others.say(user, 'f');
      them.say(user, 'g');
      await chat.expectUnread(6, { [peerName]: 5, [otherName]: 1 });
      await focus();
      await chat.expectUnread(5, { [peerName]: 5, [otherName]: 0 });
      await chat.open(peerName);
      await chat.expectUnread(0, { [peerName]: 0, [otherName]: 0 });
      expect(await chat.texts(/^[a-g]$/)).toEqual(['a', 'b', 'c', 'e', 'g']);
    });
  });
}

test('what was read on another device is read here, at once', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat } = await signIn(pbx, 'alice');
  await chat.expectUnread(1, { 'Bob Brown': 1 });
  bob.say('alice', 'and one more');
  await chat.expectUnread(2, { 'Bob Brown': 2 });
  const phone = await pbx.user('alice', { chat: false });
  await phone.connectChat();
  await phone.openMessages();
  await phone.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob', noind: true });
  await chat.expectUnread(0, { 'Bob Brown': 0 });
});

test('what is read here is read at the server', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  await chat.expectUnread(1);
  await chat.open('Bob Brown');
  await chat.expectUnread(0);
  const phone = await pbx.user('alice', { answer: 'never' });
  await phone.openMessages();
  await expect
    .poll(async () => stringifyJson(await phone.request({ mt: 'ReadChats', topic: 'alice', unread: true })))
    .not.toContain('ReadChatsInd');
});

test('a group message counts like any other and names its author', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const [bob, olga] = [await pbx.user('bob'), await pbx.user('olga')];
  const { chat, focus, window } = await signIn(pbx, 'alice');
  await focus();
  await chat.open('Bob Brown');
  bob.say('grp-team', 'For everybody');
  olga.say('grp-team', 'From me, too');
  await chat.expectUnread(2, { Team: 2, 'Bob Brown': 0 });
  await chat.open('Team');
  await expect(chat.message('For everybody')).toContainText('Bob Brown');
  await expect(chat.message('From me, too')).toContainText('Olga Orlova');
  await chat.expectUnread(0, { Team: 0 });
  bob.say('grp-team', 'With the input focused');
  await expect(chat.message('With the input focused')).toBeVisible();
  await chat.expectUnread(0, { Team: 0 });
  await window.getByRole('searchbox', { name: 'Search chats' }).focus();
  bob.say('grp-team', 'With the focus elsewhere');
  await chat.expectUnread(1, { Team: 1 });
  await chat.input.focus();
  await chat.expectUnread(0, { Team: 0 });
});

test('with the dialog of a group open its messages are unread', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, focus, window } = await signIn(pbx, 'alice');
  await focus();
  await chat.readAll();
  await chat.open('Team');
  await window.getByRole('button', { name: 'More about this chat' }).click();
  await window.getByRole('menuitem', { name: 'Members and name' }).click();
  await expect(window.getByRole('dialog')).toBeVisible();
  bob.say('grp-team', 'behind the dialog');
  await chat.expectUnread(1, { Team: 1 });
  // Back to where it was, which is not the input.
  await window.keyboard.press('Escape');
  await expect(window.getByRole('button', { name: 'More about this chat' })).toBeFocused();
  await chat.expectUnread(1, { Team: 1 });
  await chat.input.focus();
  await chat.expectUnread(0, { Team: 0 });
});

test.describe('with a PBX that tells no badge', () => {
  async function readElsewhere(pbx: Pbx): Promise<void> {
    const phone = await pbx.user('alice', { chat: false });
    await phone.connectChat();
    await phone.openMessages();
    await phone.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob', noind: true });
  }

  test('what was read on another device is read here when the window gets the focus', async ({
    launchPbx,
    signIn,
  }) => {
    const pbx = await launchPbx({ switches: { badgeNote: 'absent' } });
    const { chat, focus, blur } = await signIn(pbx, 'alice');
    await focus();
    await blur();
    await chat.expectUnread(1, { 'Bob Brown': 1 });
    await readElsewhere(pbx);
    await focus();
    await chat.expectUnread(0, { 'Bob Brown': 0 });
  });

  test('and without any focus when its time has come', async ({ launchPbx, signIn }) => {
    const pbx = await launchPbx({ switches: { badgeNote: 'absent' } });
    const { chat, blur } = await signIn(pbx, 'alice', { settings: { pbx: { listEvery: 700 } } });
    await blur();
    await chat.expectUnread(1, { 'Bob Brown': 1 });
    await readElsewhere(pbx);
    await chat.expectUnread(0, { 'Bob Brown': 0 });
    const bob = await pbx.user('bob');
    bob.say('alice', 'later');
    await chat.expectUnread(1, { 'Bob Brown': 1 });
  });
});
