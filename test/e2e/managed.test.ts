// Settings of an administrator: shown as what they are, and in force whatever the window says.
import fs from 'node:fs';
import path from 'node:path';
import type { Bridge } from '../../src-main/ipc/contract.ts';
import type { TestInfo } from '@playwright/test';
import { ChatWindow, expect, test, type Client } from './fixtures.ts';
import type { LaunchClient, LaunchOptions } from './launch.ts';

test('managed: locked settings are shown so, cannot be changed, and name the PBX to sign in at', async ({
  launchClient,
  launchPbx,
}, testInfo) => {
  const pbx = await launchPbx();
  const file = testInfo.outputPath('managed.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(
    file,
    JSON.stringify({
      locked: {
        server: pbx.url,
        'preferences.theme': 'dark',
        'preferences.closeToTray': false,
        awayAfter: 9,
      },
      recommended: { 'preferences.density': 'compact', nonsense: 1 },
    }),
    { mode: 0o644 },
  );
  const client = await launchClient({ args: [`--managed=${file}`] });
  const { window } = client;
  const notice = window.getByText(/settings of your organisation.*nonsense/);
  await expect(notice).toBeVisible();

  const server = window.getByRole('textbox', { name: 'PBX' });
  await expect(server).toHaveValue(pbx.url);
  await expect(server).toHaveJSProperty('readOnly', true);
  await expect(server).toHaveAccessibleDescription(/Set by your organisation/);
  // Whatever a window that is not ours any more says, the PBX is the one that is locked.
  const bridge = await window.evaluateHandle(() => (globalThis as unknown as { pbxChat: Bridge }).pbxChat);
  const other = await bridge.evaluate((bridge) =>
    bridge.call('login', {
      server: 'http://127.0.0.1:9',
      user: 'alice',
      password: 'alice',
      remember: false,
    }),
  );
  expect(other.ok).toBe(true);
  const chat = new ChatWindow(client);
  await chat.ready();

  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(window.locator('html')).toHaveAttribute('data-density', 'compact');
  await window.keyboard.press('Control+,');
  await window.getByRole('button', { name: 'Appearance', exact: true }).click();
  const theme = window.getByRole('textbox', { name: 'Theme' });
  await expect(theme).toHaveValue('Dark');
  await theme.focus();
  await expect(theme).toBeFocused();
  await expect(theme).toHaveAccessibleDescription(/Set by your organisation/);
  await client.keepPicture('settings-locked');
  await window.getByRole('button', { name: 'Start-up', exact: true }).click();
  const tray = window.getByRole('switch', { name: 'Keep running in the tray' });
  await expect(tray).toHaveAttribute('aria-disabled', 'true');
  await tray.press('Space');
  await expect(tray).not.toBeChecked();

  const refused = await bridge.evaluate(async (bridge) => {
    await bridge.call('setPreferences', { theme: 'light', density: 'comfortable' });
    return bridge.call('setSetting', { name: 'preferences.closeToTray', value: true });
  });
  expect(refused).toEqual({ ok: false, reason: { code: 'locked' } });
  await expect(window.locator('html')).toHaveAttribute('data-density', 'comfortable');
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
  const kept = JSON.parse(fs.readFileSync(path.join(client.userDataDir, 'settings.json'), 'utf8')) as {
    preferences: object;
  };
  expect(kept.preferences).toEqual({ density: 'comfortable' });
});

/** Starts of the program with an administrator's file, and with the autostart directory of one person. */
function withAutostart(launchClient: LaunchClient, testInfo: TestInfo) {
  const managed = testInfo.outputPath('managed.json');
  const config = testInfo.outputPath('config');
  const entry = path.join(config, 'autostart/pbx-chat.desktop');
  return {
    entry,
    /** What is started with the computer; null: nothing. */
    line: () => (fs.existsSync(entry) ? /^Exec=(.*)$/m.exec(fs.readFileSync(entry, 'utf8'))?.[1] : null),
    start(content: object, more: LaunchOptions = {}) {
      fs.mkdirSync(path.dirname(managed), { recursive: true });
      fs.writeFileSync(managed, JSON.stringify(content), { mode: 0o644 });
      return launchClient({ ...more, args: [`--managed=${managed}`], env: { XDG_CONFIG_HOME: config } });
    },
    async row({ window }: Client) {
      await window.getByRole('button', { name: 'Settings …' }).click();
      await window.getByRole('button', { name: 'Start-up', exact: true }).click();
      return window.getByLabel('Start with the computer', { exact: true });
    },
  };
}

test('managed: whether it starts with the computer is put right again where it is locked', async ({
  launchClient,
}, testInfo) => {
  const { entry, line, start, row } = withAutostart(launchClient, testInfo);
  const client = await start({ locked: { autostart: 'tray' } });
  expect(line()).toMatch(/ --hidden$/);
  const choice = await row(client);
  await expect(choice).toHaveValue('Yes, in the tray');
  await expect(choice).toHaveJSProperty('readOnly', true);
  await expect(choice).toHaveAccessibleDescription(/Set by your organisation/);
  // As every locked row.
  await expect(choice).toHaveCSS('border-style', 'dashed');
  await client.keepPicture('settings-start-up-locked');
  const refused = await client.window.evaluate(() =>
    (globalThis as unknown as { pbxChat: Bridge }).pbxChat.call('setAutostart', { mode: 'off' }),
  );
  expect(refused).toEqual({ ok: false, reason: { code: 'locked' } });
  fs.rmSync(entry);
  await client.blur();
  await client.focus();
  await expect.poll(line).toMatch(/ --hidden$/);
  await client.close();
  await start({ locked: { autostart: 'off' } }, { userDataDir: client.userDataDir });
  expect(line()).toBeNull();
});

test('managed: whether it starts with the computer is the person’s after it was recommended once', async ({
  launchClient,
}, testInfo) => {
  const { entry, line, start, row } = withAutostart(launchClient, testInfo);
  const recommended = { recommended: { autostart: 'on' } };
  const first = await start(recommended);
  expect(line()).not.toBeNull();
  expect(line()).not.toContain('--hidden');
  const choice = await row(first);
  await expect(choice).toHaveValue('on');
  await choice.selectOption('tray');
  await expect.poll(line).toMatch(/ --hidden$/);
  // Switched off in the settings of the desktop.
  fs.rmSync(entry);
  await first.close();
  const second = await start(recommended, { userDataDir: first.userDataDir });
  expect(line()).toBeNull();
  await expect(await row(second)).toHaveValue('off');
});

test('managed: a file that cannot be read, and damaged settings, are told by their names', async ({
  launchClient,
}, testInfo) => {
  const file = testInfo.outputPath('managed.json');
  const userDataDir = testInfo.outputPath('profile');
  fs.mkdirSync(userDataDir, { recursive: true });
  fs.writeFileSync(file, '{"locked": ');
  fs.writeFileSync(path.join(userDataDir, 'settings.json'), '{"preferences": ');
  const { window } = await launchClient({ args: [`--managed=${file}`], userDataDir });
  await expect(window.getByText(/managed\.json.*cannot be read/)).toBeVisible();
  await expect(window.getByText('The settings could not be read.')).toBeVisible();
  const aside = fs.readdirSync(userDataDir).filter((name) => name.startsWith('settings.damaged-'));
  expect(aside).toHaveLength(1);
});
