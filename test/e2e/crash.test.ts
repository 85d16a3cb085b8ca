// A window that breaks down or hangs: it comes back by itself, and nothing that was written goes with it.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test, type SignedIn } from './fixtures.ts';

const crash = ({ app }: SignedIn) =>
  app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  });
/**
 * Asks the page of now, which is another one than the test driver knows; null while there is none. What is asked of a page
 * that ends is never answered.
 */
const inPage = <T>({ app }: SignedIn, code: string): Promise<T | null> =>
  app.evaluate(({ BrowserWindow }, code) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (!contents || contents.isCrashed() || contents.isLoading()) return null;
    const late = new Promise<null>((resolve) => contents.once('render-process-gone', () => resolve(null)));
    return Promise.race([contents.executeJavaScript(code), late]) as Promise<never>;
  }, code);
const inputText = (client: SignedIn) =>
  inPage<string>(client, `document.querySelector('[data-message-input]')?.textContent ?? null`);
const inputFocused = (client: SignedIn) =>
  inPage<boolean>(client, `document.activeElement?.hasAttribute('data-message-input') ?? false`);
const notice = (client: SignedIn) =>
  inPage<string>(client, `[...document.querySelectorAll('.notice')].map((one) => one.textContent).join(' ')`);
const records = ({ userDataDir }: { userDataDir: string }) => {
  const file = path.join(userDataDir, 'logs', 'crashes.jsonl');
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { kind: string; reason: string });
};

for (const user of ['alice', 'tom'] as const) {
  const peer = user === 'alice' ? 'bob' : 'tina';
  const name = user === 'alice' ? 'Bob Brown' : 'Tina Turner';

  test(`${user === 'alice' ? 'stored' : 'volatile'} chat: what was typed a moment before the window broke down is there again`, async ({
    launchPbx,
    signIn,
  }) => {
    const pbx = await launchPbx();
    const them = await pbx.user(peer);
    const client = await signIn(pbx, user);
    const { chat, focus, window } = client;
    await focus();
    them.say(user, 'tell me');
    await chat.open(name);
    await chat.input.pressSequentially('half a thou');
    // The last key and the end in one turn: no rest in which it could be handed over later.
    await window.keyboard.press('g');
    await crash(client);
    await expect.poll(() => inputText(client), { timeout: 15_000 }).toBe('half a thoug');
    // One goes on where one was.
    await expect.poll(() => inputFocused(client)).toBe(true);
    await expect.poll(() => notice(client)).toContain('Part of the program broke down');
    expect(records(client)).toEqual([
      expect.objectContaining({ kind: 'page', platform: `${process.platform} ${process.arch}` }),
    ]);
    expect(JSON.stringify(records(client))).not.toMatch(/thoug|bob|tina/i);
  });
}

test('a change of a message that was being typed when the window broke down is there again', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, focus, window } = client;
  await focus();
  await chat.open('Bob Brown');
  await chat.write('see you at tree');
  await expect(chat.delivery('see you at tree')).toHaveAttribute('data-delivery', 'delivered');
  await chat.input.press('ArrowUp');
  const editing = chat.page.getByRole('textbox', { name: 'Your message, to be changed' });
  await expect(editing).toHaveText('see you at tree');
  await editing.pressSequentially(', or t');
  await window.keyboard.press('w');
  await crash(client);
  await expect.poll(() => inputText(client), { timeout: 15_000 }).toBe('see you at tree, or tw');
  await expect.poll(() => inputFocused(client)).toBe(true);
  expect(await inPage(client, `document.querySelector('.composer').textContent`)).toContain(
    'Editing your message',
  );
});

test('what arrives while the window is broken is unread until somebody can see it', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const client = await signIn(pbx, 'alice');
  const { app, chat, focus } = client;
  await focus();
  bob.say('alice', 'one');
  await chat.open('Bob Brown');
  await chat.expectUnread(0);
  // It stays broken: the page cannot be loaded again before the message is there.
  await app.evaluate(({ BrowserWindow }) => {
    const [own] = BrowserWindow.getAllWindows();
    const load = own!.loadURL.bind(own);
    own!.loadURL = () =>
      new Promise<void>((resolve) => {
        (globalThis as { goOn?: () => void }).goOn = () => resolve(load('pbx-chat://app/index.html'));
      });
    own!.webContents.forcefullyCrashRenderer();
  });
  await expect.poll(() => app.evaluate(() => 'goOn' in globalThis)).toBe(true);
  bob.say('alice', 'two');
  await expect.poll(() => chat.title()).toMatch(/^\(1\) /);
  await app.evaluate(() => (globalThis as unknown as { goOn(): void }).goOn());
  // The focus is in the message input again, with the message on screen: now it is read.
  await expect.poll(() => inputFocused(client)).toBe(true);
  await expect.poll(() => chat.title()).not.toMatch(/^\(/);
});

test('the offer of a report is there again after the next start, until it is dismissed', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'alice');
  await crash(first);
  await expect.poll(() => notice(first)).toContain('Part of the program broke down');
  await first.close();
  const second = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  const offer = second.window.getByText('Part of the program broke down');
  await expect(offer).toBeVisible();
  await second.window.getByRole('button', { name: 'Dismiss' }).click();
  await expect(offer).toBeHidden();
  await second.close();
  const third = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  await expect(third.window.getByText('Part of the program broke down')).toBeHidden();
});

test('the offer leads to the report, which has the record in it', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'alice');
  await crash(first);
  await expect.poll(() => notice(first)).toContain('Part of the program broke down');
  await first.close();
  const { window } = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  await window.getByRole('button', { name: 'Report …' }).click();
  const dialog = window.getByRole('dialog');
  await expect(dialog).toContainText('crashes.jsonl');
  await expect(window.getByText('Part of the program broke down')).toBeHidden();
});

test('a window that hangs is asked about, and restarted with what was typed', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { app, chat, focus, window } = client;
  await focus();
  await chat.open('Bob Brown');
  await chat.input.pressSequentially('still here');
  const looping = window.evaluate('for (;;);').catch(() => 'ended');
  // The engine watches over no page that a debugger is attached to, so its event is told here. The person who answers the
  // dialog of the system is one of the test, too; the page hangs in truth.
  const asked = await app.evaluate(({ BrowserWindow, dialog }) => {
    const asked: string[] = [];
    dialog.showMessageBox = (options: unknown) => {
      asked.push((options as Electron.MessageBoxOptions).message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    };
    BrowserWindow.getAllWindows()[0]?.webContents.emit('unresponsive');
    return asked;
  });
  expect(asked).toEqual(['The window does not answer.']);
  expect(await looping).toBe('ended');
  await expect.poll(() => inputText(client), { timeout: 15_000 }).toBe('still here');
  await expect.poll(() => inputFocused(client)).toBe(true);
  expect(records(client)).toEqual([expect.objectContaining({ kind: 'hang', reason: 'unresponsive' })]);
});
