// Messages that are higher than anybody wants to scroll past: their beginning, and all of it on demand.
import type { Locator } from '@playwright/test';
import { smallWorld } from '../pbx/worlds/small.ts';
import { check } from './access.ts';
import { clipboard } from './clipboard.ts';
import { expect, test, type ChatWindow, type SignedIn } from './fixtures.ts';

const long = (what: string): string => {
  const lines = Array.from({ length: 60 }, (_, index) => `<p>Line ${index + 1} of the ${what}</p>`);
  return `${lines.join('')}<p>The treasure is at https://example.com/treasure</p>`;
};

const world = {
  world: smallWorld({
    history: (now) =>
      Array.from({ length: 40 }, (_, index) => ({
        from: index % 2 === 0 ? 'bob' : 'alice',
        to: index % 2 === 0 ? 'alice' : 'bob',
        at: now - (40 - index) * 600_000,
        text: index === 20 ? long('minutes') : index === 39 ? long('plan') : `Message ${index}`,
      })),
  }),
};

const middle = ({ log }: ChatWindow) => log.getByRole('article').filter({ hasText: 'Line 1 of the minutes' });
const last = ({ log }: ChatWindow) => log.getByRole('article').filter({ hasText: 'Line 1 of the plan' });
const more = 'Show more';
const less = 'Show less';

/** Goes up to where the long message in the middle begins. */
async function goToMiddle({ chat }: SignedIn): Promise<void> {
  await chat.input.focus();
  await expect(async () => {
    await chat.input.press('PageUp');
    await expect(middle(chat).getByText('Line 1 of the')).toBeInViewport({ timeout: 200 });
  }).toPass();
}
const top = (of: ReturnType<typeof middle>) => of.evaluate((element) => element.getBoundingClientRect().top);

/** Returns where `other` is at the click: on the way there the list may be scrolled once more. */
async function click(button: Locator, other: Locator): Promise<number> {
  const clicked = button.evaluate(
    (element, seen) =>
      new Promise<number>((told) => {
        const tell = () => told(seen?.getBoundingClientRect().top ?? NaN);
        element.addEventListener('click', tell, { capture: true, once: true });
      }),
    await other.elementHandle(),
  );
  await button.click();
  return clicked;
}

test('a long message shows its beginning; all of it on demand, and nothing moves under the pointer', async ({
  launchPbx,
  signIn,
}) => {
  const client = await signIn(await launchPbx(world), 'alice');
  const { chat } = client;
  await chat.open('Bob Brown');
  const newest = last(chat);
  await expect(newest.getByRole('button', { name: more })).toBeInViewport();
  await expect(newest.getByRole('button', { name: more })).toHaveAttribute('aria-expanded', 'false');
  await goToMiddle(client);
  const message = middle(chat);
  const button = message.getByRole('button', { name: /^Show/ });
  const folded = await message.evaluate((element) => element.clientHeight);
  await button.scrollIntoViewIfNeeded();
  const before = await click(button, message);
  await expect(button).toHaveText(less);
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  expect(await message.evaluate((element) => element.clientHeight)).toBeGreaterThan(folded * 3);
  await expect.poll(() => top(message)).toBe(before);

  // Its end, and the button at it; folded from there, the button stays where it is.
  await button.scrollIntoViewIfNeeded();
  await expect(message.getByText('The treasure is at')).toBeInViewport();
  const pressed = await click(button, button);
  await expect(button).toHaveText(more);
  await expect.poll(async () => Math.abs((await top(button)) - pressed)).toBeLessThanOrEqual(1);
  await expect.poll(() => message.evaluate((element) => element.clientHeight)).toBe(folded);

  // What was unfolded stays so when it is scrolled away and comes back.
  await button.click();
  await expect(button).toHaveText(less);
  await chat.page.getByRole('button', { name: /^To the newest/i }).click();
  await expect(message).not.toBeInViewport();
  await goToMiddle(client);
  await expect(button).toHaveText(less);
});

test('the newest message is unfolded where it stands, though one reads the end', async ({
  launchPbx,
  signIn,
}) => {
  const { chat } = await signIn(await launchPbx(world), 'alice');
  await chat.open('Bob Brown');
  const message = last(chat);
  const button = message.getByRole('button', { name: /^Show/ });
  await expect(button).toBeInViewport();
  const before = await click(button, message);
  await expect(button).toHaveText(less);
  await expect(chat.page.getByRole('button', { name: /^To the newest/i })).toBeVisible();
  expect(await top(message)).toBe(before);
  await expect(message.getByText('Line 1 of the')).toBeInViewport();
});

test('by keyboard: the button of a message is a Tab away, and a link out of sight brings all of it', async ({
  launchPbx,
  signIn,
}) => {
  const { chat, window } = await signIn(await launchPbx(world), 'alice');
  await chat.open('Bob Brown');
  const message = last(chat);
  const button = message.getByRole('button', { name: /^Show/ });
  await expect(message.getByRole('link')).toHaveCount(1);
  await chat.log.focus();
  await window.keyboard.press('End');
  await expect(message).toBeFocused();
  // The link comes before the button.
  await window.keyboard.press('Tab');
  await expect(message.getByRole('link')).toBeFocused();
  await expect(button).toHaveText(less);
  await expect(message.getByRole('link')).toBeInViewport();
  await window.keyboard.press('Tab');
  await expect(button).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(button).toHaveText(more);
  await expect(button).toBeFocused();
  await expect(button).toBeInViewport();
});

test('what is folded is found, which unfolds it, and copied', async ({ launchPbx, signIn }) => {
  const client = await signIn(await launchPbx(world), 'alice');
  const { chat, window } = client;
  await chat.open('Bob Brown');
  const message = last(chat);
  const button = message.getByRole('button', { name: /^Show/ });
  await expect(button).toHaveText(more);
  await message.hover();
  await message.getByRole('button', { name: 'Copy text' }).click();
  expect((await clipboard(window, chat.input)).text).toContain('Line 60 of the plan\nThe treasure');
  await window.keyboard.press('Control+f');
  const sought = window.getByRole('searchbox', { name: 'Find in this chat' });
  await sought.fill('line 3 of');
  await expect(window.getByRole('search').last().getByRole('status')).toHaveText('1 of 2');
  await expect(button).toHaveText(more);
  await sought.fill('treasure is');
  await expect(button).toHaveText(less);
  await expect(message.getByText('The treasure is at')).toBeInViewport();
  await window.keyboard.press('Enter');
  await expect(middle(chat).getByText('The treasure is at')).toBeInViewport();
  await expect(middle(chat).getByRole('button', { name: /^Show/ })).toHaveText(less);
});

test('a message that gets room or loses it is folded as it is high', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { app, chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  const text = 'Words that fill some lines. '.repeat(40).trim();
  bob.say('alice', text);
  const message = chat.log.getByRole('article').last();
  await expect(message).toContainText('Words that fill');
  await expect(message.getByRole('button', { name: more })).toHaveCount(0);
  const width = async (size: number): Promise<void> => {
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size, 700),
      size,
    );
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(size);
  };
  await width(360);
  await expect(message.getByRole('button', { name: more })).toBeInViewport();
  await width(1000);
  await expect(message.getByRole('button', { name: more })).toHaveCount(0);
});

for (const [theme, lang] of [
  ['light', 'en'],
  ['dark', 'de'],
] as const) {
  test(`${theme} ${lang}: a long message looks as it should`, async ({ launchPbx, launchClient }) => {
    const login = { server: (await launchPbx(world)).url, user: 'alice', password: 'alice' };
    const client = await launchClient({ args: [`--theme=${theme}`, `--lang=${lang}`], login });
    const { app, window } = client;
    await window.getByRole('option').filter({ hasText: 'Bob Brown' }).click();
    const button = window.getByRole('button', { name: /^(Show more|Mehr anzeigen)$/ });
    await expect(button).toBeInViewport();
    await check(client, `long-text-${theme}`);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(360, 640));
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(360);
    await expect(button).toBeInViewport();
    await check(client, `long-text-narrow-${theme}`);
  });
}
