// Finding a text in a discussion: what is found and marked, by keyboard alone, and what it does to the unread count.
import { smallWorld } from '../pbx/worlds/small.ts';
import { expect, test, type SignedIn } from './fixtures.ts';

/** 200 messages of bob, so that they come in pages. */
const longChat = {
  world: smallWorld({
    history: (now) =>
      Array.from({ length: 200 }, (_, index) => ({
        from: 'bob',
        to: 'alice',
        at: now - (200 - index) * 60_000,
        text:
          index % 20 === 0
            ? `<b>Nee</b>dle <i>number</i> ${index}`
            : `Hay ${index} https://example.com/${index}`,
      })),
  }),
};

const bar = ({ window }: SignedIn) => window.getByRole('searchbox', { name: 'Find in this chat' });
const result = ({ window }: SignedIn) => window.getByRole('search').last().getByRole('status');

/** What is marked on screen, and which of it is the place one is at. */
const marked = ({ window }: SignedIn) =>
  window.evaluate(() => {
    const texts = (name: string) =>
      [...(CSS.highlights.get(name) ?? [])].map((range) => {
        const live = document.createRange();
        live.setStart(range.startContainer, range.startOffset);
        live.setEnd(range.endContainer, range.endOffset);
        return live.toString();
      });
    return { all: texts('found'), here: texts('found-current') };
  });

test('what is sought is marked, counted, stepped through and left by keyboard alone', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx(longChat);
  const client = await signIn(pbx, 'alice');
  const { chat, window, keepPicture } = client;
  await chat.open('Bob Brown');
  await expect(chat.message('Hay 199 https://example.com/199')).toBeVisible();
  await window.keyboard.press('Control+f');
  await expect(bar(client)).toBeFocused();
  await window.keyboard.type('needle');
  await expect(result(client)).toHaveText(/^1 of \d+$/);
  // Bold in the half of a word is no obstacle.
  await expect.poll(() => marked(client)).toEqual({ all: ['Needle'], here: ['Needle'] });
  await expect(chat.message('Needle number 180')).toBeInViewport();
  await keepPicture('find-light');

  await window.keyboard.press('Enter');
  await expect(result(client)).toHaveText(/^2 of \d+$/);
  await expect(chat.message('Needle number 160')).toBeInViewport();
  await window.keyboard.press('Shift+Enter');
  await expect(result(client)).toHaveText(/^1 of \d+$/);
  await expect(chat.message('Needle number 180')).toBeInViewport();
  // Round at the end, to the earliest one, where more are loaded.
  await window.keyboard.press('Shift+Enter');
  await expect(result(client)).not.toHaveText(/^1 of /);
  await expect(chat.message('Needle number 160')).not.toBeInViewport();

  await window.keyboard.type(' nothing like it');
  await expect(result(client)).toHaveText('Not found');
  await expect.poll(() => marked(client)).toEqual({ all: [], here: [] });
  // Links are made after a message is there, in nodes of their own.
  await window.keyboard.press('Control+a');
  await window.keyboard.type('199 https://example.com/19');
  await expect
    .poll(() => marked(client))
    .toEqual({
      all: ['199 https://example.com/19'],
      here: ['199 https://example.com/19'],
    });

  await window.keyboard.press('Escape');
  await expect(bar(client)).toBeHidden();
  await expect(chat.input).toBeFocused();
  await expect.poll(() => marked(client)).toEqual({ all: [], here: [] });
  // The same text is there again, ready to be replaced.
  await window.keyboard.press('Control+f');
  await expect(bar(client)).toHaveValue('199 https://example.com/19');
});

test('only what is loaded is searched; it is said, and earlier messages can be loaded from there', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx(longChat);
  const client = await signIn(pbx, 'alice');
  const { chat, window } = client;
  await chat.open('Bob Brown');
  await window.getByRole('button', { name: 'Find in this chat' }).click();
  await bar(client).fill('needle number 0');
  await expect(result(client)).toHaveText('Not found');
  await expect(window.getByText(/^Only the \d+ messages loaded so far are searched\./)).toBeVisible();
  const more = window.getByRole('button', { name: 'Load earlier messages' });
  while (await more.isVisible()) {
    await more.click();
    await expect(bar(client)).toBeFocused();
    await expect(window.getByText('Loading messages …').first()).toBeHidden();
  }
  await expect(result(client)).toHaveText('1 of 1');
  await expect(chat.message('Needle number 0')).toBeInViewport();
  await expect(window.getByText(/messages loaded so far/)).toBeHidden();
});

test('with the focus in the search a message that arrives is unread, also when earlier ones are loaded', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx(longChat);
  const bob = await pbx.user('bob');
  const client = await signIn(pbx, 'alice');
  const { chat, focus, window } = client;
  await focus();
  await chat.open('Bob Brown');
  await window.keyboard.press('Control+f');
  await bar(client).fill('needle');
  bob.say('alice', 'a needle too');
  await chat.expectUnread(1, { 'Bob Brown': 1 });
  // Where one is stays; what is counted grows.
  await expect(result(client)).toHaveText(/^2 of \d+$/);
  await window.getByRole('button', { name: 'Load earlier messages' }).click();
  await expect(window.getByText('Loading messages …').first()).toBeHidden();
  await chat.expectUnread(1, { 'Bob Brown': 1 });
  await window.keyboard.press('Escape');
  await expect(chat.input).toBeFocused();
  await chat.expectUnread(0, { 'Bob Brown': 0 });
});
