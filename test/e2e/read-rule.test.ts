// Who counts as having read: the table of the protocol, section 9, with the real focus of a real window.
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
  const bob = await pbx.user('bob');
  const { chat } = await signIn(pbx, 'alice');
  bob.say('grp-team', 'For everybody');
  await chat.expectUnread(2, { Team: 1 });
  await chat.open('Team');
  await expect(chat.message('For everybody')).toContainText('Bob Brown');
  await chat.expectUnread(1, { Team: 0 });
});
