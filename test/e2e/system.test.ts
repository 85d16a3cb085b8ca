// What the program and the system of a Linux desktop do for each other: starts, links, keys.
import fs from 'node:fs';
import path from 'node:path';
import { executableIn } from '../../scripts/electron-runtime.mjs';
import { start } from '../../scripts/processes.mjs';
import { input, inputMissing } from '../desktop/machine.ts';
import type { SignedIn } from './fixtures.ts';
import { command, expect, test } from './on-bus.ts';
import { launchPlain } from './launch-plain.ts';

const projectRoot = path.resolve(import.meta.dirname, '../..');

const setAutostart = ({ window }: SignedIn, mode: string) => command(window, 'setAutostart', { mode });

test('autostart is an entry of the desktop, starts in the tray, and stays off when it was removed there', async ({
  bus,
  panel,
  desktop,
  runtime,
  launchPbx,
  signIn,
}, testInfo) => {
  const config = testInfo.outputPath('config');
  const env = { DBUS_SESSION_BUS_ADDRESS: bus.address, XDG_CONFIG_HOME: config };
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'tom', { env });
  const file = path.join(config, 'autostart/pbx-chat.desktop');
  expect(fs.existsSync(file)).toBe(false);
  expect(await setAutostart(first, 'tray')).toEqual({ ok: true, value: null });
  const [, line = ''] = /^Exec=(.*)$/m.exec(fs.readFileSync(file, 'utf8')) ?? [];
  await first.close();

  // As the desktop starts it, in the profile of whoever logs in there.
  const [program = '', ...args] = line.split(' ');
  const client = await launchPlain({
    command: [program, ...args],
    runtime,
    userDataDir: testInfo.outputPath('profile'),
    env: {
      ...desktop,
      ...env,
      PBX_CHAT_LOGIN: JSON.stringify({ server: pbx.url, user: 'tom', password: 'tom' }),
    },
    args: ['--password-store=basic'],
  });
  await expect.poll(() => panel.toolTip().catch(String)).toBe('PBX Chat: Tom Thompson');
  expect((await panel.menu())[0]?.label).toBe('Show');
  await panel.click();
  await expect.poll(async () => (await panel.menu())[0]?.label).toBe('Hide');
  await client.close();

  fs.rmSync(file);
  const again = await signIn(pbx, 'tom', { env, userDataDir: first.userDataDir });
  await again.focus();
  await again.window.keyboard.press('Control+,');
  await again.window.getByRole('button', { name: 'Start-up' }).click();
  const row = again.window.getByRole('combobox', { name: 'Start with the computer' });
  await expect(row).toHaveValue('off');
  expect(fs.existsSync(file)).toBe(false);
  await row.selectOption('on');
  await expect.poll(() => fs.existsSync(file)).toBe(true);
  expect(fs.readFileSync(file, 'utf8')).not.toContain('--hidden');
  await again.keepPicture('settings-start-up');
  // Disabled in the settings of the desktop while the program runs: seen when one comes back.
  fs.appendFileSync(file, 'Hidden=true\n');
  await again.blur();
  await again.focus();
  await expect(row).toHaveValue('off');
  expect(fs.readFileSync(file, 'utf8')).toContain('Hidden=true');
});

test('a second start ends and shows the first, and opens the discussion of a link there', async ({
  desktop,
  runtime,
  launchPbx,
  signIn,
}) => {
  const { app, chat, userDataDir } = await signIn(await launchPbx(), 'tom');
  const isShown = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false);
  const hide = async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    await expect.poll(isShown).toBe(false);
  };
  const startAgain = async (...args: string[]) => {
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const all = [projectRoot, `--user-data-dir=${userDataDir}`, ...sandbox, ...args];
    const env = { ...process.env, ...desktop };
    return start(executableIn(runtime), all, { cwd: projectRoot, env, stdio: 'ignore' }).exited;
  };
  await hide();
  expect(await startAgain()).toBe(0);
  await expect.poll(isShown).toBe(true);
  for (const [argument, name] of [
    ['--chat=tina', 'Tina Turner'],
    ['im:bob', 'Bob Brown'],
    ['sip:tina@example.com', 'Tina Turner'],
  ] as const) {
    await hide();
    expect(await startAgain(argument)).toBe(0);
    await expect.poll(isShown).toBe(true);
    await expect(chat.page.getByRole('heading', { name })).toBeVisible();
  }
});

test('a key of choice shows the window from anywhere, and one that another program has is told', async ({
  desktop,
  launchPbx,
  signIn,
}) => {
  test.skip(inputMissing !== null, inputMissing ?? '');
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'tom');
  const second = await signIn(pbx, 'tina');
  const prefer = ({ window }: SignedIn, globalShortcut: string) =>
    command(window, 'setPreferences', { globalShortcut });
  const isShown = () =>
    first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  await prefer(first, 'alt-c');
  await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await expect.poll(isShown).toBe(false);
  await input(desktop, 'key', 'ctrl+alt+c');
  await expect.poll(isShown).toBe(true);
  await prefer(second, 'alt-c');
  await expect(second.window.getByText('Another program has the key that shows the window.')).toBeVisible();
  await prefer(first, 'off');
  await prefer(second, 'off');
  await expect(second.window.getByText('Another program has the key')).toBeHidden();
});
