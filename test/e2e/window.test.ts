// The window as a window: its menu, its zoom, full screen, and the sheet of shortcuts.
import { expect, test, type SignedIn } from './fixtures.ts';
import { chooseInAppMenu } from './menus.ts';

/** As the desktop sends a key: what the page leaves alone reaches the menu. */
async function pressReally({ app }: SignedIn, keyCode: string, ...modifiers: 'control'[]): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, { keyCode, modifiers }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.sendInputEvent({ type: 'keyDown', keyCode, modifiers });
      contents?.sendInputEvent({ type: 'keyUp', keyCode, modifiers });
    },
    { keyCode, modifiers },
  );
}
const zoomOf = ({ app }: SignedIn) =>
  app.evaluate(({ BrowserWindow }) =>
    Math.round((BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor() ?? 0) * 100),
  );
const menuEntry = ({ app }: SignedIn, id: string) =>
  app.evaluate(({ Menu }, id) => {
    const entry = Menu.getApplicationMenu()?.getMenuItemById(id);
    return entry && { label: entry.label, enabled: entry.enabled };
  }, id);

test('the zoom follows its keys and the menu, and is there again at the next start', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'alice');
  await first.focus();
  await pressReally(first, '=', 'control');
  await expect.poll(() => zoomOf(first)).toBe(110);
  await pressReally(first, '-', 'control');
  await expect.poll(() => zoomOf(first)).toBe(100);
  for (let times = 0; times < 3; times++) await chooseInAppMenu(first, 'zoomIn');
  await expect.poll(() => zoomOf(first)).toBe(150);
  await pressReally(first, '0', 'control');
  await expect.poll(() => zoomOf(first)).toBe(100);
  await chooseInAppMenu(first, 'zoomOut');
  await expect.poll(() => zoomOf(first)).toBe(90);
  await first.close();

  const second = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  expect(await zoomOf(second)).toBe(90);
  // A page that is loaded anew stays as it is.
  await second.window.reload();
  await second.chat.ready();
  expect(await zoomOf(second)).toBe(90);
});

test('at twice the size, and at half of it, everything is still within the window', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  await client.chat.open('Bob Brown');
  const wider = () => client.window.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  for (const [id, percent] of [
    ['zoomIn', 200],
    ['zoomOut', 50],
  ] as const) {
    for (let times = 0; times < 10; times++) await chooseInAppMenu(client, id);
    await expect.poll(() => zoomOf(client)).toBe(percent);
    await expect.poll(wider).toBeLessThanOrEqual(0);
  }
});

test('F11 fills the screen and gives it back', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  await client.focus();
  const full = () =>
    client.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFullScreen());
  await pressReally(client, 'F11');
  await expect.poll(full).toBe(true);
  await pressReally(client, 'F11');
  await expect.poll(full).toBe(false);
});

test('the menu opens what the window opens, where there is something to open', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, window } = client;
  expect(await menuEntry(client, 'find')).toEqual({ label: 'Find in this chat', enabled: false });
  await chooseInAppMenu(client, 'newChat');
  await expect(window.getByRole('dialog', { name: 'New chat' })).toBeVisible();
  // A second dialog does not come up behind the first.
  await chooseInAppMenu(client, 'goTo');
  await expect(window.getByRole('dialog')).toHaveCount(1);
  await window.keyboard.press('Escape');
  await chat.open('Bob Brown');
  await expect.poll(async () => (await menuEntry(client, 'find'))?.enabled).toBe(true);
  await chooseInAppMenu(client, 'find');
  await expect(window.getByRole('searchbox', { name: 'Find in this chat' })).toBeFocused();
});

test('the sheet lists the shortcuts, by keyboard alone, and gives the focus back', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, window, keepPicture } = client;
  await chat.open('Bob Brown');
  await window.keyboard.press('Control+/');
  const sheet = window.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toBeVisible();
  const keys = (name: string) =>
    sheet.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd[1]/kbd');
  await expect(keys('Go to a person or chat')).toHaveText(['Ctrl+K']);
  await expect(keys('Keyboard shortcuts')).toHaveText(['Ctrl+/', 'F1']);
  await expect(keys('Numbered list')).toHaveText(['Ctrl+Shift+7']);
  await expect(keys('Zoom in')).toHaveText(['Ctrl++', 'Ctrl+=']);
  await keepPicture('shortcuts-light');
  await window.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(chat.input).toBeFocused();
  await window.keyboard.press('F1');
  await expect(sheet).toBeVisible();
});
