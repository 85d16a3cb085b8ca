// Every screen beside the main ones by keyboard alone: all of it is reached, the focus is seen at each stop, and Escape
// leads back to where one was. The main screens are in access.test.ts.
import type { Page } from '@playwright/test';
import { expectFocus, focusOf, walk } from './access.ts';
import { downloadInto, picture, sendFromBob } from './file-steps.ts';
import { expect, test, type SignedIn } from './fixtures.ts';

/** By Tab, from wherever the focus is. */
async function tabTo(client: SignedIn, name: RegExp): Promise<void> {
  for (let times = 0; times < 80; times++) {
    if (name.test(await focusOf(client))) return;
    await client.window.keyboard.press('Tab');
    await expectFocus(client, `on the way to ${String(name)}`);
  }
  throw new Error(`the Tab key does not lead to ${String(name)}`);
}

/** An entry of the menu that is open, by its keys. */
async function chooseEntry(window: Page, name: string): Promise<void> {
  const entry = window.getByRole('menuitem', { name });
  await expect(window.getByRole('menu')).toBeVisible();
  await expect(async () => {
    await window.keyboard.press('ArrowDown');
    await expect(entry).toBeFocused({ timeout: 200 });
  }).toPass();
  await window.keyboard.press('Enter');
}

/** The newest message, and from there by Tab to one of its buttons. */
async function toButtonOfNewest(client: SignedIn, name: RegExp): Promise<void> {
  const { chat, window } = client;
  await chat.log.focus();
  await window.keyboard.press('End');
  await expect(chat.log.getByRole('article').last()).toBeFocused();
  await tabTo(client, name);
}

const dialog = (window: Page) => window.getByRole('dialog');

test('settings: every control of every section, and the search', async ({ launchPbx, signIn }) => {
  test.setTimeout(120_000);
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, focus, window } = client;
  await focus();
  await chat.open('Bob Brown');
  await window.keyboard.press('Control+,');
  const sections = dialog(window).getByRole('navigation').getByRole('button');
  await expect(sections.first()).toBeFocused();
  const count = await sections.count();
  for (let index = 0; index < count; index++) {
    if (index > 0) await window.keyboard.press('ArrowDown');
    const section = sections.nth(index);
    await expect(section).toBeFocused();
    const name = (await section.textContent())?.trim() ?? '';
    await expect(window.getByRole('heading', { level: 3, name, exact: true })).toBeVisible();
    await walk(client, 'dialog', name);
    await section.focus();
  }
  expect(count).toBe(9);

  // While it shows what was found in all of them, none of the sections is the one on screen.
  const marked = dialog(window).locator('nav [aria-current]');
  await expect(marked).toHaveCount(1);
  await window.keyboard.press('Shift+Tab');
  await window.keyboard.type('sound');
  await expect(dialog(window).getByRole('switch')).toHaveCount(1);
  await expect(marked).toHaveCount(0);
  await client.keepPicture('settings-found');
  await walk(client, 'dialog', 'what was found');
  await dialog(window).getByRole('searchbox').focus();
  await window.keyboard.press('Escape');
  await expect(dialog(window).getByRole('searchbox')).toHaveValue('');
  await expect(dialog(window).getByRole('searchbox')).toBeFocused();
  await expect(marked).toHaveCount(1);
  await window.keyboard.press('Escape');
  await expect(dialog(window)).toHaveCount(0);
  await expect(chat.input).toBeFocused();
});

test('what a menu opens leads back to the menu, and what opens over the settings back into them', async ({
  launchPbx,
  signIn,
}) => {
  test.setTimeout(120_000);
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, focus, window } = client;
  await focus();
  await chat.open('Team');
  const own = window.getByRole('button', { name: /^Your menu/ });
  const more = window.getByRole('button', { name: 'More about this chat' });
  for (const [button, entry] of [
    [own, 'Note …'],
    [own, 'Settings …'],
    [own, 'Report a problem'],
    [own, 'Sign out …'],
    [more, 'Members and name'],
    [more, 'Delete group'],
  ] as const) {
    await button.focus();
    await window.keyboard.press('Enter');
    await chooseEntry(window, entry);
    await expect(dialog(window)).toBeVisible();
    await expectFocus(client, `in ${entry}`);
    await walk(client, 'dialog', entry);
    await window.keyboard.press('Escape');
    await expect(dialog(window)).toHaveCount(0);
    await expect(button).toBeFocused();
    await expectFocus(client, `after ${entry}`);
  }

  // From the list it leads back into the list, which reads nothing.
  const row = chat.row('Bob Brown');
  await row.focus();
  for (const keys of ['F1', 'Control+n', 'Control+k', 'Control+,']) {
    await window.keyboard.press(keys);
    await expect(dialog(window)).toBeVisible();
    await expectFocus(client, `in ${keys}`);
    await walk(client, 'dialog', keys);
    await window.keyboard.press('Escape');
    await expect(dialog(window)).toHaveCount(0);
    await expect(row).toBeFocused();
  }
  await chat.expectUnread(1, { 'Bob Brown': 1 });

  await window.keyboard.press('Control+,');
  for (const [section, button] of [
    ['Account', 'Sign out …'],
    ['Tracing', 'Report a problem'],
    ['About', 'Updates …'],
  ] as const) {
    await dialog(window).getByRole('button', { name: section, exact: true }).press('Enter');
    const opener = dialog(window).getByRole('button', { name: button }).first();
    await opener.focus();
    await window.keyboard.press('Enter');
    await expect(dialog(window)).toHaveCount(2);
    await expectFocus(client, `in ${button}`);
    await window.keyboard.press('Escape');
    await expect(dialog(window)).toHaveCount(1);
    await expect(opener).toBeFocused();
  }
});

test('the sheet of the shortcuts is scrolled by keys where it does not fit', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { app, chat, focus, window } = await signIn(pbx, 'alice');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(360, 480));
  await expect.poll(() => window.evaluate(() => innerWidth)).toBe(360);
  await focus();
  await chat.open('Bob Brown');
  await window.keyboard.press('F1');
  await expect(dialog(window)).toBeVisible();
  const left = () =>
    dialog(window).evaluate((sheet) => Math.round(sheet.scrollHeight - sheet.clientHeight - sheet.scrollTop));
  expect(await left()).toBeGreaterThan(0);
  await window.keyboard.press('End');
  await expect.poll(left).toBeLessThanOrEqual(1);
  await window.keyboard.press('Escape');
  await expect(chat.input).toBeFocused();
});

test('pictures are looked at by keys, and left for the message that one came from', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, focus, window } = client;
  await focus();
  await chat.open('Bob Brown');
  for (const name of ['one.png', 'two.png']) {
    await sendFromBob(pbx, name, picture);
    await expect(window.getByRole('button', { name: `Enlarge ${name}` })).toBeVisible();
  }
  await toButtonOfNewest(client, /Enlarge two\.png/);
  await window.keyboard.press('Enter');
  await expect(dialog(window).getByRole('heading')).toHaveText('two.png, 2 of 2');
  await expect(dialog(window).getByRole('button', { name: 'Close' })).toBeFocused();
  await walk(client, 'dialog', 'the last picture');
  // The button goes with the last step, and the focus must not go with it.
  await dialog(window).getByRole('button', { name: 'Previous picture' }).press('Enter');
  await expect(dialog(window).getByRole('heading')).toHaveText('one.png, 1 of 2');
  await expectFocus(client, 'at the first picture');
  await walk(client, 'dialog', 'the first picture');
  const larger = dialog(window).getByRole('button', { name: 'Larger' });
  await larger.focus();
  await expect(async () => {
    await window.keyboard.press('Enter');
    await expect(dialog(window).getByRole('img')).toHaveAttribute('data-scale', '8.00', { timeout: 200 });
  }).toPass();
  await expectFocus(client, 'as large as it gets');
  await window.keyboard.press('Escape');
  await expect(dialog(window)).toHaveCount(0);
  await expect(window.getByRole('button', { name: 'Enlarge two.png' })).toBeFocused();
  await window.keyboard.press('Escape');
  await expect(chat.input).toBeFocused();
});

test('the question before a program is saved is answered by keys, and left for its button', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { app, chat, focus, window } = client;
  await downloadInto(app, testInfo.outputPath('downloads'));
  await focus();
  await chat.open('Bob Brown');
  await sendFromBob(pbx, 'setup.exe', 'MZ');
  const save = window.getByRole('button', { name: 'Save setup.exe', exact: true });
  await expect(save).toBeVisible();
  await toButtonOfNewest(client, /Save setup\.exe/);
  await window.keyboard.press('Enter');
  const cancel = dialog(window).getByRole('button', { name: 'Cancel' });
  await expect(cancel).toBeFocused();
  await walk(client, 'dialog', 'the question');
  await window.keyboard.press('Escape');
  await expect(dialog(window)).toHaveCount(0);
  await expect(save).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(cancel).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(save).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(cancel).toBeFocused();
  await tabTo(client, /Save anyway/);
  await window.keyboard.press('Enter');
  await expect(chat.log.getByText('Saved as setup.exe')).toBeVisible();
  await expect(chat.input).toBeFocused();
});

test('a group is made and changed by keys, and no button takes the focus with it', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, focus, window } = client;
  await focus();
  await chat.open('Team');
  await window.keyboard.press('Control+n');
  await expect(dialog(window).getByRole('combobox')).toBeFocused();
  await tabTo(client, /New group/);
  await window.keyboard.press('Enter');
  const name = dialog(window).getByRole('textbox', { name: 'Name of the group' });
  await expect(name).toBeFocused();
  await window.keyboard.type('Cake');
  await walk(client, 'dialog', 'a new group');
  await tabTo(client, /Add/);
  const finder = dialog(window).getByRole('combobox');
  await finder.focus();
  await window.keyboard.type('brown');
  await expect(dialog(window).getByRole('option', { name: /Bob Brown/ })).toBeVisible();
  await window.keyboard.press('Enter');
  const removeBob = dialog(window).getByRole('button', { name: 'Remove Bob Brown' });
  await expect(removeBob).toBeVisible();
  await expect(finder).toBeFocused();
  await walk(client, 'dialog', 'a new group with somebody in it');
  await removeBob.press('Enter');
  await expect(removeBob).toHaveCount(0);
  await expect(finder).toBeFocused();
  await window.keyboard.press('Escape');
  await expect(dialog(window)).toHaveCount(0);
  await expect(chat.input).toBeFocused();

  const more = window.getByRole('button', { name: 'More about this chat' });
  await more.press('Enter');
  await chooseEntry(window, 'Members and name');
  const remove = dialog(window).getByRole('button', { name: 'Remove Olga Orlova' });
  await expect(remove).toBeVisible();
  await walk(client, 'dialog', 'the members');
  await remove.press('Enter');
  const keep = dialog(window).getByRole('button', { name: 'Keep Olga Orlova' });
  await expect(keep).toBeFocused();
  await keep.press('Enter');
  await expect(remove).toBeFocused();
  const deleting = dialog(window).getByRole('button', { name: 'Delete group' });
  await deleting.press('Enter');
  await expect(dialog(window).getByRole('button', { name: 'Cancel' })).toBeFocused();
  // One step back each.
  await window.keyboard.press('Escape');
  await expect(deleting).toBeFocused();
  await window.keyboard.press('Escape');
  await expect(dialog(window)).toHaveCount(0);
  await expect(more).toBeFocused();
});

test('the emoji are reached by keys, and left for what one came from', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, focus, window } = client;
  await focus();
  await chat.open('Bob Brown');
  const button = window.getByRole('button', { name: 'Emoji' });
  await button.press('Enter');
  const search = dialog(window).getByRole('combobox');
  await expect(search).toBeFocused();
  await expect(dialog(window).getByRole('gridcell').first()).toBeVisible();
  const stops: string[] = [];
  for (let times = 0; times < 3; times++) {
    stops.push(await focusOf(client));
    await expectFocus(client, `stop ${times}`);
    await window.keyboard.press('Tab');
  }
  expect(stops[0]).toMatch(/^input 'Search emoji/);
  expect(stops[1]).toMatch(/^button /);
  expect(stops[2]).toMatch(/^input /);
  // Behind its last stop it is in nobody's way any more.
  await expect(dialog(window)).toHaveCount(0);
  await expectFocus(client, 'behind the emoji');

  await button.press('Enter');
  await expect(search).toBeFocused();
  await window.keyboard.press('Escape');
  await expect(dialog(window)).toHaveCount(0);
  await expect(button).toBeFocused();
  await chat.input.focus();
  await window.keyboard.press('Control+j');
  await expect(search).toBeFocused();
  await window.keyboard.press('Escape');
  await expect(chat.input).toBeFocused();
  await button.press('Enter');
  await expect(search).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(chat.input).toBeFocused();
  await expect(chat.input).not.toHaveText('');
});

test('who goes to another chat from a dialog does not read what came behind it', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, focus, window } = await signIn(pbx, 'alice');
  await focus();
  await chat.open('Bob Brown');
  await chat.expectUnread(0);
  await window.keyboard.press('Control+k');
  await expect(dialog(window).getByRole('combobox')).toBeFocused();
  bob.say('alice', 'behind the dialog');
  await chat.expectUnread(1, { 'Bob Brown': 1 });
  await window.keyboard.type('team');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { name: 'Team' })).toBeVisible();
  await expect(chat.input).toBeFocused();
  await chat.expectUnread(1, { 'Bob Brown': 1 });
});
