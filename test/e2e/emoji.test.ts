// Emoji as a person writes them: the picker, `:shortcodes`, skin tones, and what is remembered. What is sent is plain
// Unicode in both modes.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const picker = (page: Page) => page.getByRole('dialog', { name: 'Choose an emoji' });
const search = (page: Page) => page.getByRole('combobox', { name: 'Search emoji' });
const offers = (page: Page) => page.getByRole('listbox', { name: 'Matching emoji' });

/** The name of what Enter would choose, as a screen reader hears it. */
function active(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant') ?? '';
    return document.getElementById(id)?.getAttribute('aria-label') ?? null;
  });
}

test('the picker inserts at the cursor, by mouse and by keyboard, and gives the focus back', async ({
  signIn,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  const emoji = window.getByRole('button', { name: 'Emoji' });

  await chat.input.pressSequentially('ab');
  await chat.input.press('ArrowLeft');
  await emoji.click();
  await expect(search(window)).toBeFocused();
  await search(window).fill('thumbs up');
  await expect(picker(window).getByRole('gridcell').first()).toHaveAccessibleName('thumbs up');
  await picker(window).getByRole('gridcell', { name: 'thumbs up', exact: true }).click();
  await expect(picker(window)).toBeHidden();
  await expect(chat.input).toBeFocused();
  await expect(chat.input).toHaveText('a👍b');
  // A step of its own for undo.
  await chat.input.press('Control+z');
  await expect(chat.input).toHaveText('ab');
  await chat.input.press('Control+y');
  await expect(chat.input).toHaveText('a👍b');

  await window.keyboard.press('Control+j');
  await expect(search(window)).toBeFocused();
  await search(window).fill('tada');
  await expect.poll(() => active(window)).toBe('party popper');
  // Shift+Enter leaves the picker open for another one.
  await search(window).press('Shift+Enter');
  await search(window).press('Enter');
  await expect(picker(window)).toBeHidden();
  await expect(chat.input).toBeFocused();
  await chat.input.press('Enter');
  await expect(chat.message('a👍🎉🎉b')).toBeVisible();
  await expect.poll(() => bob.messages.at(-1)?.text).toContain('a👍🎉🎉b');
});

test('the grid goes by arrows, Home and End, and Escape closes it once', async ({ signIn, launchPbx }) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await window.keyboard.press('Control+j');
  await expect.poll(() => active(window)).toBe('grinning face');
  await window.keyboard.press('ArrowRight');
  await expect.poll(() => active(window)).toBe('grinning face with big eyes');
  await window.keyboard.press('End');
  const end = await active(window);
  await window.keyboard.press('ArrowRight');
  await window.keyboard.press('ArrowLeft');
  await expect.poll(() => active(window)).toBe(end);
  await window.keyboard.press('Home');
  await expect.poll(() => active(window)).toBe('grinning face');
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('ArrowUp');
  await expect.poll(() => active(window)).toBe('grinning face');
  await window.keyboard.press('ArrowLeft');
  await expect.poll(() => active(window)).toBe('grinning face');
  // Far away, where nothing was on the page yet.
  await window.keyboard.press('Control+End');
  await expect.poll(() => active(window)).toBe('flag: Wales');
  await expect(picker(window).getByRole('gridcell', { name: 'flag: Wales' })).toBeInViewport();
  await window.keyboard.press('Control+Home');
  await expect.poll(() => active(window)).toBe('grinning face');

  // Letters search, and then the arrows to the sides are the text's until one went down.
  await window.keyboard.type('cat');
  await window.keyboard.press('ArrowLeft');
  await window.keyboard.type('x');
  await expect(search(window)).toHaveValue('caxt');
  await expect(picker(window)).toContainText('No emoji has this name');
  await window.keyboard.press('Enter');
  await expect(picker(window)).toBeVisible();
  await search(window).fill('cat');
  await expect(picker(window).getByRole('gridcell').first()).toBeVisible();
  const first = await active(window);
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('ArrowRight');
  await expect.poll(() => active(window)).not.toBe(first);

  await window.keyboard.press('Escape');
  await expect(picker(window)).toBeHidden();
  await expect(chat.input).toBeFocused();
  await expect(chat.input).toHaveText('');
  // The key that opens it closes it.
  await window.keyboard.press('Control+j');
  await expect(search(window)).toBeFocused();
  await window.keyboard.press('Control+j');
  await expect(picker(window)).toBeHidden();
  await expect(chat.input).toBeFocused();
});

test('a skin tone is chosen once, and what was used is there after a restart', async ({
  signIn,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'alice');
  await first.chat.open('Bob Brown');
  await first.window.keyboard.press('Control+j');
  await expect(search(first.window)).toBeFocused();
  await first.window.getByRole('radio', { name: 'No skin tone' }).focus();
  await first.window.keyboard.press('ArrowRight');
  await first.window.keyboard.press('ArrowRight');
  await expect(first.window.getByRole('radio', { name: 'Medium-light skin tone' })).toBeChecked();
  await search(first.window).fill('+1');
  await search(first.window).press('Enter');
  await expect(first.chat.input).toHaveText('👍🏼');
  await first.chat.input.pressSequentially(' :tada: ');
  await expect(first.chat.input).toHaveText('👍🏼 🎉 ');
  await first.close();

  const { chat, window } = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  await chat.open('Bob Brown');
  await window.keyboard.press('Control+j');
  await expect(picker(window)).toContainText('Recently used');
  const cells = picker(window).getByRole('gridcell');
  await expect(cells.nth(0)).toHaveText('🎉');
  await expect(cells.nth(1)).toHaveText('👍🏼');
  await expect(window.getByRole('radio', { name: 'Medium-light skin tone' })).toBeChecked();
  await search(window).fill('waving hand');
  await expect(cells.first()).toHaveText('👋🏼');
});

test('`:smi` is completed by keys and mouse, and what is no shortcode stays as it is', async ({
  signIn,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  const { input } = chat;

  await input.pressSequentially('Hello :smi');
  await expect(offers(window)).toBeVisible();
  await expect.poll(() => active(window)).toBe('grinning face with smiling eyes');
  await input.press('ArrowDown');
  await expect.poll(() => active(window)).not.toBe('grinning face with smiling eyes');
  await input.press('ArrowUp');
  await input.press('Enter');
  await expect(input).toHaveText('Hello 😄');
  await expect(offers(window)).toBeHidden();
  await input.press('Control+z');
  await expect(input).toHaveText('Hello :smi');

  // Refused, nothing is offered for this word any more, and Enter sends.
  await input.fill('');
  await input.pressSequentially(':ta');
  await expect(offers(window)).toBeVisible();
  await input.press('Escape');
  await expect(offers(window)).toBeHidden();
  await expect(input).toBeFocused();
  await input.pressSequentially('d');
  await expect(offers(window)).toBeHidden();
  await input.press('Enter');
  await expect(chat.message(':tad')).toBeVisible();

  await input.pressSequentially(':tad');
  await offers(window).getByText(':tada:').click();
  await expect(input).toHaveText('🎉');
  await expect(input).toBeFocused();

  // Written out it is replaced; undone it stays written out.
  await input.fill('');
  await input.pressSequentially('ok :smile:');
  await expect(input).toHaveText('ok 😄');
  await input.fill('');
  await input.pressSequentially(':tada: and on, :+1:! ');
  await expect(input).toHaveText('🎉 and on, 👍! ');
  await input.fill('');
  await input.pressSequentially('ok :smile:');
  await expect(input).toHaveText('ok 😄');
  await input.press('Control+z');
  await expect(input).toHaveText('ok :smile:');

  await input.fill('');
  await input.pressSequentially(':) at 10:30 https://example.com/:smile: :D a:smile: :nothing:');
  await expect(offers(window)).toBeHidden();
  await expect(input).toHaveText(':) at 10:30 https://example.com/:smile: :D a:smile: :nothing:');
});

test('in German, and in a volatile chat, it is found by German words and travels as Unicode', async ({
  launchClient,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const login = { server: pbx.url, user: 'tom', password: 'tom' };
  const { window } = await launchClient({ login, args: ['--lang=de'] });
  await expect.poll(() => pbx.isRegistered('tom')).toBe(true);
  tina.say('tom', 'Hallo Tom');
  await window.getByRole('option', { name: /Tina Turner/ }).click();
  const input = window.getByRole('textbox', { name: 'Nachricht an Tina Turner' });
  await expect(input).toBeFocused();

  await window.getByRole('button', { name: 'Emoji' }).click();
  const german = window.getByRole('combobox', { name: 'Emoji suchen' });
  await german.fill('daumen hoch');
  await expect(window.getByRole('gridcell').first()).toHaveAccessibleName('Daumen hoch');
  await german.press('Enter');
  await german.waitFor({ state: 'hidden' });
  await input.pressSequentially(' :kaffee');
  await window.getByRole('listbox', { name: 'Passende Emoji' }).waitFor();
  await input.press('Tab');
  await expect(input).toHaveText('👍 ☕');
  await expect(input).toBeFocused();
  await input.press('Enter');
  await expect.poll(() => tina.messages.at(-1)?.text).toContain('👍 ☕');
});

for (const [theme, lang, width] of [
  ['light', 'en', 1000],
  ['dark', 'de', 1000],
  ['light', 'de', 360],
] as const) {
  test(`${theme} ${lang} ${width}: pictures of the picker and the list`, async ({
    launchClient,
    launchPbx,
  }) => {
    const pbx = await launchPbx();
    const login = { server: pbx.url, user: 'alice', password: 'alice' };
    const client = await launchClient({ login, args: [`--theme=${theme}`, `--lang=${lang}`] });
    const { window, app } = client;
    if (width === 360)
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(360, 480));
    await window.getByRole('option', { name: /Bob Brown/ }).click();
    const input = window.getByRole('textbox').last();
    await expect(input).toBeFocused();
    await window.keyboard.press('Control+j');
    await expect(window.getByRole('gridcell').first()).toBeVisible();
    await client.keepPicture(`emoji-${theme}-${width}`);
    const wider = await window.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
    await expect(window.getByRole('grid').locator('..')).toBeInViewport({ ratio: 1 });
    await window
      .getByRole('combobox')
      .last()
      .fill(lang === 'de' ? 'lachen' : 'laugh');
    await window.keyboard.press('ArrowDown');
    await client.keepPicture(`emoji-found-${theme}-${width}`);
    await window.keyboard.press('Escape');
    await expect(input).toBeFocused();
    await input.pressSequentially('Hallo :smi');
    await expect(window.getByRole('option', { selected: true }).last()).toBeInViewport({ ratio: 1 });
    await client.keepPicture(`emoji-shortcode-${theme}-${width}`);
  });
}
