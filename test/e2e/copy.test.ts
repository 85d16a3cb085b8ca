// What goes to the clipboard: of one message what is selected, of several who wrote them and when, as text and as HTML
// of the accepted elements alone.
import type { Page } from '@playwright/test';
import { smallWorld } from '../pbx/worlds/small.ts';
import { clipboard } from './clipboard.ts';
import { expect, test, type SignedIn } from './fixtures.ts';
import { choose, chooseInAppMenu, keepMenus, shownLabels } from './menus.ts';

/** Selects from one text to another, each by the words that stand there. */
function select(page: Page, from: string, to: string): Promise<void> {
  return page.evaluate(
    ([from, to]) => {
      const texts: Text[] = [];
      for (const root of document.querySelectorAll('[data-message] .html')) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) texts.push(node as Text);
      }
      const first = texts.find(({ data }) => data.includes(from));
      const last = texts.find(({ data }) => data.includes(to));
      if (!first || !last) throw new Error('not on the page');
      getSelection()?.setBaseAndExtent(
        first,
        first.data.indexOf(from),
        last,
        last.data.indexOf(to) + to.length,
      );
    },
    [from, to] as const,
  );
}

/** A discussion of alice's with bob that has been read up to its beginning, of which most is off the screen. */
const long = Array.from({ length: 300 }, (_, index) => ({
  from: index % 2 === 0 ? 'bob' : 'alice',
  to: index % 2 === 0 ? 'alice' : 'bob',
  text: `<p>note <b>${index}</b></p>`,
}));
const longWorld = smallWorld({
  history: (now) => long.map((one, index) => ({ ...one, at: now - (300 - index) * 60_000 })),
});
const longLines = long.map(({ from }, n) => `${from === 'bob' ? 'Bob Brown' : 'Alice Adams'}: note ${n}`);

async function readToTheBeginning({ chat, window }: SignedIn): Promise<void> {
  await chat.open('Bob Brown');
  // What is above is loaded as somebody goes there.
  await chat.log.focus();
  await expect(async () => {
    await window.keyboard.press('Home');
    await expect(window.getByText(/^This is the beginning/)).toBeInViewport({ timeout: 300 });
  }).toPass();
  expect(await chat.log.getByRole('article').count()).toBeLessThan(60);
}

/** Of copied messages, without the times. */
function linesOf({ text }: { text: string }): string[] {
  return text.split('\n').map((line) => line.replace(new RegExp(`^${stamp} `), ''));
}

const stamp = String.raw`\[\d{1,2}/\d{1,2}/\d\d, \d{1,2}:\d\d\s[AP]M\]`;

test('a selection in one message is copied as it is, with its formats and without attributes', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  bob.send('alice', '<p>one <b>two three</b></p><ol><li>first</li><li>see https://example.com/x</li></ol>');
  await expect(chat.log.getByRole('link')).toBeVisible();

  await select(window, 'wo th', 'wo th');
  await window.keyboard.press('Control+c');
  expect(await clipboard(window, chat.input)).toEqual({ text: 'wo th', html: '<b>wo th</b>' });

  await select(window, 'three', 'example.com');
  await window.keyboard.press('Control+c');
  expect(await clipboard(window, chat.input)).toEqual({
    text: 'three\n1. first\n2. see https://example.com',
    html: '<p><b>three</b></p><ol><li>first</li><li>see https://example.com</li></ol>',
  });

  await select(window, 'first', 'see ');
  await window.keyboard.press('Control+c');
  expect(await clipboard(window, chat.input)).toEqual({
    text: '1. first\n2. see ',
    html: '<ol><li>first</li><li>see </li></ol>',
  });
});

test('what is selected of a message stays so when the server has stored it', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await expect(chat.log).toHaveAttribute('aria-busy', 'false');
  const read = () => pbx.received.of('ReadChat', 'alice').length;
  const before = read();
  bob.send('alice', '<p>one <b>two three</b> https://example.com/x</p>');
  await expect(chat.log.getByRole('link')).toBeVisible();
  await select(window, 'wo th', 'wo th');
  await expect.poll(read).toBeGreaterThan(before);
  await expect(chat.log).toHaveAttribute('aria-busy', 'false');
  expect(await window.evaluate(() => `${getSelection()}`)).toBe('wo th');
});

test('several messages are copied with author and time, and what is between them though it is off the screen', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  bob.send('alice', '<p>begins <i>here</i></p>');
  await expect(chat.message('begins here')).toBeVisible();
  await chat.write('and & goes on');
  bob.send('alice', '<p>to the end</p><p>not this</p>');
  await expect(chat.log.getByText('not this')).toBeVisible();

  await select(window, 'here', 'to the');
  await window.keyboard.press('Control+c');
  const several = await clipboard(window, chat.input);
  expect(several.text).toMatch(
    new RegExp(`^${stamp} Bob Brown: here\n${stamp} Alice Adams: and & goes on\n${stamp} Bob Brown: to the$`),
  );
  expect(several.html).toMatch(
    new RegExp(
      `^<p><b>${stamp} Bob Brown:</b></p><p><i>here</i></p><p><b>${stamp} Alice Adams:</b></p><p>and &amp; goes on</p>` +
        `<p><b>${stamp} Bob Brown:</b></p><p>to the</p>$`,
    ),
  );

  // A selection that began here goes on being one when its beginning is far above the window.
  await select(window, 'begins', 'begins');
  for (let n = 1; n <= 40; n++) bob.say('alice', `filler ${n}`);
  await expect(chat.message('filler 40')).toBeInViewport();
  await window.evaluate(() => {
    const last = [...document.querySelectorAll('[data-message] .html')].at(-1)!;
    getSelection()?.extend(last, last.childNodes.length);
  });
  await window.keyboard.press('Control+c');
  const { text } = await clipboard(window, chat.input);
  const lines = text.split('\n');
  expect(lines).toHaveLength(44);
  expect(lines[0]).toContain('Bob Brown: begins here');
  expect(lines[4]).toContain('Bob Brown: filler 1');
  expect(lines[43]).toContain('Bob Brown: filler 40');
});

test('everything that is loaded is copied with Ctrl+A, though most of it is off the screen', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx({ world: longWorld });
  const client = await signIn(pbx, 'alice');
  const { chat, keepPicture, window } = client;
  const bob = await pbx.user('bob');
  await readToTheBeginning(client);
  await window.keyboard.press('Control+a');
  await keepPicture('copy-all');
  // It is still a selection of everything when other messages are rendered, and of what has come since.
  await window.keyboard.press('End');
  await expect(chat.message('note 299')).toBeFocused();
  bob.say('alice', 'and this');
  await expect(chat.message('and this')).toBeInViewport();
  await window.keyboard.press('Control+c');
  const copied = await clipboard(window, chat.input);
  expect(linesOf(copied)).toEqual([...longLines, 'Bob Brown: and this']);
  const { html } = copied;
  expect(html.match(/<p>note <b>\d+<\/b><\/p>/g)).toHaveLength(300);
  expect(html.match(/<p><b>\[/g)).toHaveLength(301);
  // In the message input it is the text of that.
  await chat.input.fill('mine');
  await window.keyboard.press('Control+a');
  await window.keyboard.press('Control+c');
  expect((await clipboard(window, chat.input)).text).toBe('mine');
});

test('the entries of the menus select what Ctrl+A selects where the focus is', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx({ world: longWorld });
  const client = await signIn(pbx, 'alice');
  const { chat, focus, window } = client;
  await focus();
  await keepMenus(client);
  await readToTheBeginning(client);
  // The window hears of an entry some time after it was chosen.
  await window.evaluate(() => {
    Object.assign(globalThis, { copies: 0 });
    document.addEventListener('copy', () => (globalThis as unknown as { copies: number }).copies++, true);
  });
  const copies = () => window.evaluate(() => (globalThis as unknown as { copies: number }).copies);
  const copiedBy = async (copy: () => Promise<void>) => {
    const before = await copies();
    await copy();
    await expect.poll(copies).toBe(before + 1);
    return clipboard(window, chat.input);
  };
  const copied = () => copiedBy(() => chooseInAppMenu(client, 'copy'));

  // In the list all messages that are loaded.
  await chooseInAppMenu(client, 'selectAll');
  expect(linesOf(await copied())).toEqual(longLines);

  // On the word at the beginning of the line.
  const note = chat.message('note 0').locator('.html p');
  const position = { x: 10, y: 10 };
  await note.dblclick({ position });
  await note.click({ button: 'right', position });
  await expect.poll(() => shownLabels(client)).toEqual(['Copy', 'Select all']);
  expect(await copiedBy(() => choose(client, 'Copy'))).toMatchObject({ text: 'note' });
  await note.dblclick({ position });
  await note.click({ button: 'right', position });
  await choose(client, 'Select all');
  expect(linesOf(await copied())).toEqual(longLines);

  // In the message input and in a field their text.
  await note.dblclick({ position });
  await chat.input.fill('mine');
  await chooseInAppMenu(client, 'selectAll');
  expect(await copied()).toMatchObject({ text: 'mine' });
  const search = window.getByRole('searchbox', { name: 'Search chats' });
  await search.fill('wanted');
  await chooseInAppMenu(client, 'selectAll');
  expect(await copied()).toMatchObject({ text: 'wanted' });
  await search.fill('');

  // Elsewhere what the platform makes of it.
  const selected = () => window.evaluate(() => String(getSelection()));
  const button = window.getByRole('button', { name: /^Your menu/ });
  await note.dblclick({ position });
  await button.focus();
  await window.keyboard.press('Control+a');
  const byKeys = await selected();
  await note.dblclick({ position });
  await expect.poll(selected).toBe('note');
  await button.focus();
  await chooseInAppMenu(client, 'selectAll');
  await expect.poll(selected).toBe(byKeys);
});

test("a message's own button copies all of it, and what is copied can be pasted as it was", async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  bob.send('alice', '<p>a <b>bold</b> word</p><ul><li>item</li></ul>');
  await expect(chat.log.getByText('item')).toBeVisible();
  const message = chat.log.getByRole('article').last();
  await message.hover();
  await message.getByRole('button', { name: 'Copy text' }).click();
  await expect(message.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await clipboard(window, chat.input)).toEqual({
    text: 'a bold word\n- item',
    html: '<p>a <b>bold</b> word</p><ul><li>item</li></ul>',
  });
  await chat.input.focus();
  await window.keyboard.press('Control+v');
  await expect(chat.input.locator('b')).toHaveText('bold');
  await expect(chat.input.locator('li')).toHaveText('item');
});
