// The whole program by keyboard, with a screen reader, without motion, and in the colours of the system.
import { check, expectFocus, focusOf } from './access.ts';
import { expect, test } from './fixtures.ts';

for (const [theme, lang] of [
  ['light', 'en'],
  ['dark', 'de'],
] as const) {
  const say = (en: string, de: string) => (lang === 'de' ? de : en);

  test(`${theme} ${lang}: dialogs, menus, search and sheet`, async ({ launchPbx, launchClient }) => {
    const pbx = await launchPbx();
    const login = { server: pbx.url, user: 'alice', password: 'alice' };
    const client = await launchClient({ args: [`--theme=${theme}`, `--lang=${lang}`], login });
    const { window } = client;
    const dialog = window.getByRole('dialog');
    const menu = window.getByRole('menu');
    const leave = async () => {
      await window.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
      await expect(menu).toHaveCount(0);
    };
    await window.getByRole('option', { name: /Team/ }).click();
    await expect(window.getByRole('textbox', { name: /Team/ })).toBeFocused();

    await window.keyboard.press('F1');
    await expect(dialog).toBeVisible();
    await check(client, `shortcuts-${theme}`);
    await leave();

    await window.keyboard.press('Control+f');
    await expect(window.getByRole('searchbox').last()).toBeFocused();
    await check(client, `find-empty-${theme}`);
    await window.keyboard.press('Escape');

    await window.getByRole('button', { name: /Alice Adams/ }).click();
    await expect(menu).toBeVisible();
    await check(client, `own-menu-${theme}`);
    await window.getByRole('menuitem', { name: say('Note …', 'Notiz …') }).click();
    await expect(dialog).toBeVisible();
    await check(client, `note-${theme}`);
    await leave();
    await window.getByRole('button', { name: /Alice Adams/ }).click();
    await window.getByRole('menuitem', { name: say('Sign out …', 'Abmelden …') }).click();
    await expect(dialog).toBeVisible();
    await check(client, `sign-out-${theme}`);
    await leave();

    await window.getByRole('button', { name: say('More about this chat', 'Mehr zu diesem Chat') }).click();
    await expect(menu).toBeVisible();
    await check(client, `discussion-menu-${theme}`);
    await window.getByRole('menuitem').first().click();
    await expect(dialog).toBeVisible();
    await check(client, `members-${theme}`);
    await leave();

    await window.getByRole('button', { name: 'Emoji' }).click();
    await expect(dialog.getByRole('searchbox').or(dialog.getByRole('combobox')).first()).toBeVisible();
    await check(client, `emoji-${theme}`);
  });
}

test('the focus is never lost and always seen, from the first field to the last dialog', async ({
  launchPbx,
  launchClient,
}) => {
  const pbx = await launchPbx();
  const client = await launchClient();
  const { window, focus } = client;
  await focus();
  const press = async (keys: string) => {
    await window.keyboard.press(keys);
    await expectFocus(client, `after ${keys}`);
  };
  const reach = async (label: RegExp) => {
    for (let times = 0; times < 60; times++) {
      if (label.test(await focusOf(client))) return;
      await press('Tab');
    }
    throw new Error(`the Tab key does not lead to ${String(label)}`);
  };

  // The login, with what somebody does who has no mouse.
  await expectFocus(client, 'at the start');
  await window.getByLabel('PBX', { exact: true }).focus();
  await window.keyboard.press('Control+a');
  await window.keyboard.type(pbx.url);
  await window.getByLabel('User name').focus();
  await window.keyboard.type('alice');
  await window.getByLabel('Password', { exact: true }).focus();
  await window.keyboard.type('alice');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('button', { name: /^Your menu/ })).toBeVisible();
  await expectFocus(client, 'after the login');

  // Once around by Tab.
  const seen = new Set<string>();
  for (let times = 0; times < 12; times++) {
    await press('Tab');
    seen.add(await focusOf(client));
  }
  expect([...seen].join('\n')).toMatch(/Your menu/);
  expect([...seen].join('\n')).toMatch(/Search chats/);

  // Into a chat, through its messages, and back.
  await press('Control+k');
  await expect(window.getByRole('dialog')).toBeVisible();
  await window.keyboard.type('bob');
  await press('Enter');
  const input = window.getByRole('textbox', { name: 'Message to Bob Brown' });
  await expect(input).toBeFocused();
  await press('Shift+Tab');
  await reach(/^div 'Messages with/);
  for (const keys of ['ArrowUp', 'ArrowUp', 'Home', 'End', 'Tab', 'Escape']) await press(keys);
  await expect(input).toBeFocused();
  await press('Control+f');
  await window.keyboard.type('message');
  for (const keys of ['Enter', 'Shift+Enter', 'Tab', 'Escape']) await press(keys);
  await expect(input).toBeFocused();

  // What opens closes again, and the focus is back.
  for (const keys of ['Control+n', 'F1', 'Control+k']) {
    await press(keys);
    await expect(window.getByRole('dialog')).toBeVisible();
    await press('Tab');
    await press('Escape');
    await expect(window.getByRole('dialog')).toHaveCount(0);
    await expectFocus(client, `after ${keys} and Escape`);
    await expect(input).toBeFocused();
  }
  await press('Shift+Tab');
  await reach(/More about this chat/);
  await press('Enter');
  await expect(window.getByRole('menu')).toBeVisible();
  await press('ArrowDown');
  await press('Escape');
  await expect(window.getByRole('menu')).toHaveCount(0);
  await expectFocus(client, 'after the menu');

  // Out of the chat.
  await input.focus();
  await press('Escape');
  await expect(
    window.getByRole('listbox', { name: 'Chats' }).getByRole('option', { selected: true }),
  ).toBeVisible();
  await press('Alt+ArrowDown');
});

test('with reduced motion nothing moves', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'alice');
  await window.emulateMedia({ reducedMotion: 'reduce' });
  await chat.open('Bob Brown');
  await window.keyboard.press('Control+f');
  const moving = () =>
    window.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationDuration, animationName } = getComputedStyle(element);
        const lasts = (durations: string) => durations.split(',').some((one) => parseFloat(one) > 0);
        const moves = lasts(transitionDuration) || (animationName !== 'none' && lasts(animationDuration));
        return moves ? [`${element.tagName} ${element.className}`] : [];
      }),
    );
  expect(await moving()).toEqual([]);
  await window.emulateMedia({ reducedMotion: 'no-preference' });
  // Otherwise the test would find nothing in anything.
  expect((await moving()).length).toBeGreaterThan(0);
});

test('in the colours of the system and with more contrast everything is still there', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, window, keepPicture } = client;
  await chat.open('Bob Brown');
  await window.emulateMedia({ contrast: 'more' });
  await check(client, 'contrast-more');
  await window.emulateMedia({ contrast: null, forcedColors: 'active' });
  await keepPicture('forced-colours');
  // What fills said is said by lines.
  const line = (selector: string) =>
    window
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { borderTopStyle, borderInlineStartStyle } = getComputedStyle(element);
        return borderTopStyle !== 'none' || borderInlineStartStyle !== 'none';
      });
  expect(await line('.icon-button')).toBe(true);
  expect(await line('.message.own')).toBe(true);
  const selected = await chat.row('Bob Brown').evaluate((row) => getComputedStyle(row).backgroundColor);
  const other = await chat.row('Team').evaluate((row) => getComputedStyle(row).backgroundColor);
  expect(selected).not.toBe(other);
  await window.keyboard.press('Tab');
  await expectFocus(client, 'in the colours of the system');
});

test('a message that arrives is announced as plain text, and only where it is read', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const olga = await pbx.user('olga');
  const { chat, focus, window } = await signIn(pbx, 'alice');
  await focus();
  await chat.open('Bob Brown');
  const announced = window.locator('[role=status][aria-live=polite]').filter({ hasText: ':' });
  bob.send('alice', 'on <b>Monday</b><br>at ten');
  await expect(announced).toHaveText('Bob Brown: on Monday at ten');
  // Of another chat the number at its row tells, and nothing is said over what somebody reads.
  olga.say('alice', 'somewhere else');
  await chat.expectUnread(1, { 'Olga Orlova': 1 });
  await expect(announced).toHaveText('Bob Brown: on Monday at ten');
  await chat.write('an own one');
  await expect(chat.message('an own one')).toBeVisible();
  await expect(announced).toHaveText('Bob Brown: on Monday at ten');
});
