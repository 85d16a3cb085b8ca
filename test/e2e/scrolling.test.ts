// Where the messages stand when something around them changes, and on which day they are.
import { smallWorld } from '../pbx/index.ts';
import { expect, test, type ChatWindow } from './fixtures.ts';

/** CSS pixels between what is seen and the end. */
const restBelow = (chat: ChatWindow) =>
  chat.log.evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight));

/** The first message that is wholly in sight. */
const topmost = (chat: ChatWindow) =>
  chat.log.evaluate((box) => {
    const top = box.getBoundingClientRect().top;
    const inSight = [...box.querySelectorAll('article')].find(
      (article) => article.getBoundingClientRect().top >= top,
    );
    return inSight?.querySelector('.content')?.textContent.trim() ?? '';
  });

async function resize({ app, page }: ChatWindow, width: number, height: number): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w ?? 0, h ?? 0),
    [width, height],
  );
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
}

const long = 'A sentence that needs another line as soon as the window is made narrower than it was before. ';

test('who reads the end goes on reading the end, whatever size the window and the messages have', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await chat.write(long.repeat(3).trim());
  await expect.poll(() => restBelow(chat)).toBeLessThanOrEqual(1);
  for (const [width, height] of [
    [700, 480],
    [1100, 760],
    [420, 600],
    [1000, 700],
  ] as const) {
    await resize(chat, width, height);
    await expect.poll(() => restBelow(chat), `${width} x ${height}`).toBeLessThanOrEqual(1);
  }
  // A message grows when it is edited, and the input is smaller afterwards.
  await chat.input.press('ArrowUp');
  const field = chat.page.getByRole('textbox', { name: 'Your message, to be changed' });
  await field.pressSequentially(` ${long}`);
  await field.press('Enter');
  await expect(chat.log.getByText('Edited', { exact: true })).toBeVisible();
  await expect(chat.input).toBeFocused();
  await expect.poll(() => restBelow(chat)).toBeLessThanOrEqual(1);
  await chat.input.fill('one\ntwo\nthree\nfour');
  await expect.poll(() => restBelow(chat)).toBeLessThanOrEqual(1);
});

test('who reads further up stays there, is told how many came below, and gets to them', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await chat.input.press('PageUp');
  await chat.input.press('PageUp');
  const newest = window.getByRole('button', { name: /^To the newest/i });
  await expect(newest).toBeVisible();
  const before = await topmost(chat);
  expect(before).toMatch(/^Message \d+$/);
  bob.say('alice', 'first of two');
  bob.say('alice', 'second of two');
  await expect(newest).toContainText('2');
  expect(await topmost(chat)).toBe(before);
  for (const [width, height] of [
    [1000, 560],
    [700, 560],
    [1000, 700],
  ] as const) {
    await resize(chat, width, height);
    await expect.poll(() => topmost(chat), `${width} x ${height}`).toBe(before);
  }
  await newest.click();
  await expect.poll(() => restBelow(chat)).toBeLessThanOrEqual(1);
  await expect(newest).toHaveCount(0);
  await expect(chat.message('second of two')).toBeVisible();
  await expect(chat.input).toBeFocused();
});

for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
  test(`days and hours are those of ${zone}, where that is the zone of the computer`, async ({
    launchPbx,
    signIn,
  }) => {
    const hours = 30;
    const begin = Date.now() - hours * 3_600_000;
    const timeOf = (text: string) => begin + Number(/\d+$/.exec(text)?.[0]) * 3_600_000 - 60_000;
    const pbx = await launchPbx({
      world: smallWorld({
        history: () =>
          Array.from({ length: hours }, (_, index) => {
            const text = `Message ${index + 1}`;
            return { from: 'bob', to: 'alice', at: timeOf(text), text, unreadBy: [] };
          }),
      }),
    });
    const { chat, window } = await signIn(pbx, 'alice', { env: { TZ: zone } });
    await chat.open('Bob Brown');
    await expect(chat.message('Message 30')).toBeVisible();
    // The messages are an hour apart: each is held against the zone, not against what the window makes of another one.
    const shown = await window.evaluate(() =>
      [...document.querySelectorAll('[role=log] article')].map((article) => ({
        text: article.querySelector('.content')?.textContent.trim() ?? '',
        label: article.getAttribute('aria-label') ?? '',
        day: article.parentElement?.querySelector('.day')?.textContent.trim() ?? null,
      })),
    );
    const numbers = shown.map(({ text }) => Number(/\d+$/.exec(text)?.[0]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    const hour = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeStyle: 'short' });
    const date = new Intl.DateTimeFormat('en-US', { timeZone: zone, dateStyle: 'full' });
    for (const { text, label, day } of shown.slice(1)) {
      const at = timeOf(text);
      expect(label).toContain(date.format(at));
      expect(label).toContain(hour.format(at));
      expect([text, day !== null]).toEqual([text, date.format(at) !== date.format(at - 3_600_000)]);
    }
  });
}
