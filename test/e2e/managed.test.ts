// Settings of an administrator: shown as what they are, and in force whatever the window says.
import fs from 'node:fs';
import path from 'node:path';
import type { Bridge } from '../../src-main/ipc/contract.ts';
import { ChatWindow, expect, test } from './fixtures.ts';

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
