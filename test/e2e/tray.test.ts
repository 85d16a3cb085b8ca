// The icon in the tray, as a panel of the desktop sees it: a StatusNotifierItem with its menu on a real session bus.
import fs from 'node:fs';
import path from 'node:path';
import { serveNotifications, serveTrayPanel, type MenuItem } from '../desktop/services.ts';
import type { SignedIn } from './fixtures.ts';
import { expect, onBus, shownPicture, test } from './on-bus.ts';

const labels = (menu: MenuItem[]) => menu.map(({ type, label }) => (type === 'separator' ? '-' : label));
const isShown = ({ app }: SignedIn) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());

test('the tray has an icon with the number, sharp at 300 %, a tooltip, and loses both when it is read', async ({
  bus,
  panel,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const client = await signIn(pbx, 'tom', onBus(bus));
  const icon = () => shownPicture(panel, client).catch(String);
  await expect.poll(() => panel.toolTip()).toBe('PBX Chat: Tom Thompson');
  await expect.poll(icon).toBe('normal.png 72x72');
  await client.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  tina.say('tom', 'one');
  tina.say('tom', 'two');
  await expect.poll(() => panel.toolTip()).toBe('PBX Chat: 2 unread messages\nTom Thompson');
  await expect.poll(icon).toBe('unread-2.png 72x72');
  await client.focus();
  await client.chat.open('Tina Turner');
  await expect.poll(() => panel.toolTip()).toBe('PBX Chat: Tom Thompson');
  await expect.poll(icon).toBe('normal.png 72x72');
  await pbx.close();
  await expect.poll(() => panel.toolTip()).toBe('PBX Chat: no connection\nTom Thompson');
  await expect.poll(icon).toBe('offline.png 72x72');
});

test('one click on the tray shows the window, and its menu hides, shows, opens the settings and quits', async ({
  bus,
  panel,
  launchPbx,
  signIn,
}) => {
  const client = await signIn(await launchPbx(), 'tom', onBus(bus));
  await expect
    .poll(async () => labels(await panel.menu()))
    .toEqual(['Hide', '-', 'Presence', 'Mute notifications', '-', 'Settings …', 'Quit']);
  await panel.choose('Hide');
  await expect.poll(() => isShown(client)).toBe(false);
  await expect.poll(async () => labels(await panel.menu())).toContain('Show');
  await panel.click();
  await expect.poll(() => isShown(client)).toBe(true);
  // A second click leaves it shown: nobody has to know how it was before.
  await panel.click();
  await expect.poll(async () => labels(await panel.menu())).toContain('Hide');
  expect(await isShown(client)).toBe(true);
  await panel.choose('Hide');
  await expect.poll(async () => labels(await panel.menu())).toContain('Show');
  await panel.choose('Show');
  await expect.poll(() => isShown(client)).toBe(true);
  await panel.choose('Hide');
  await expect.poll(() => isShown(client)).toBe(false);
  await panel.choose('Settings …');
  await expect(client.window.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  expect(await isShown(client)).toBe(true);
  const ended = new Promise((resolve) => client.app.process().once('exit', resolve));
  await panel.choose('Quit');
  await ended;
  expect(await panel.items()).toEqual([]);
});

test('the own presence is set from the tray, and shown there when it is set elsewhere', async ({
  bus,
  panel,
  launchPbx,
  signIn,
}) => {
  const { window } = await signIn(await launchPbx(), 'alice', onBus(bus));
  const checked = async () => {
    const presence = (await panel.menu()).find(({ label }) => label === 'Presence');
    return presence?.children.filter((one) => one.checked).map(({ label }) => label);
  };
  await expect.poll(checked).toEqual(['Available']);
  await panel.choose('Presence', 'Busy');
  await expect(window.getByRole('button', { name: /^Your menu, .*, Busy$/ })).toBeVisible();
  await expect.poll(checked).toEqual(['Busy']);
  await window.getByRole('button', { name: /^Your menu/ }).click();
  await window.getByRole('menuitemradio', { name: 'Away' }).click();
  await expect.poll(checked).toEqual(['Away']);
});

test('notifications are muted from the tray, the window says until when and ends it', async ({
  bus,
  panel,
  launchPbx,
  signIn,
}) => {
  const { window, userDataDir } = await signIn(await launchPbx(), 'alice', onBus(bus));
  const stored = () => {
    const text = fs.readFileSync(path.join(userDataDir, 'settings.json'), 'utf8');
    return (JSON.parse(text) as { preferences: { mutedUntil: number } }).preferences.mutedUntil;
  };
  const before = Date.now();
  await expect.poll(async () => labels(await panel.menu())).toContain('Mute notifications');
  await panel.choose('Mute notifications', 'For 1 hour');
  await expect
    .poll(async () => (await panel.menu()).map(({ label }) => label).join())
    .toMatch(/Notifications muted until \d{1,2}:\d\d [AP]M/);
  expect(stored()).toBeGreaterThanOrEqual(before + 3_600_000);
  const own = window.getByRole('button', { name: /^Your menu/ });
  await own.click();
  await expect(window.getByText(/^Notifications muted until \d/)).toBeVisible();
  await window.getByRole('menuitem', { name: 'Unmute' }).click();
  await expect.poll(async () => labels(await panel.menu())).toContain('Mute notifications');
  expect(stored()).toBe(0);
  await own.click();
  await window.getByRole('menuitem', { name: 'Until tomorrow' }).click();
  await expect.poll(() => new Date(stored()).getHours()).toBe(8);
  const muted = (await panel.menu()).find(({ label }) => /muted until/.test(label));
  await panel.choose(muted?.label ?? '', 'Unmute');
  await expect.poll(stored).toBe(0);
});

test('a panel that comes late gets the icon, and one that was restarted gets it again', async ({
  bus,
  launchPbx,
  signIn,
}) => {
  const client = await signIn(await launchPbx(), 'tom', onBus(bus));
  const first = await serveTrayPanel(bus);
  await expect.poll(() => first.toolTip().catch(String)).toBe('PBX Chat: Tom Thompson');
  await first.stop();
  const second = await serveTrayPanel(bus);
  await expect.poll(() => second.toolTip().catch(String)).toBe('PBX Chat: Tom Thompson');
  await second.choose('Hide');
  await expect.poll(() => isShown(client)).toBe(false);
});

/** As a click on the cross of its frame does it. */
const closeWindow = ({ app }: SignedIn) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

test('closing the window keeps the program in the tray, and only the first time says so', async ({
  bus,
  panel,
  launchPbx,
  signIn,
}) => {
  const service = await serveNotifications(bus);
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'tom', onBus(bus));
  await expect.poll(async () => labels(await panel.menu())).toContain('Hide');
  await closeWindow(first);
  await expect.poll(() => isShown(first)).toBe(false);
  // Where the window is not seen any more, and in it for when it comes back.
  await expect.poll(() => service.shown().map(({ title }) => title)).toEqual(['PBX Chat keeps running']);
  service.act(service.shown()[0]?.id ?? 0);
  await expect.poll(() => isShown(first)).toBe(true);
  const notice = first.window.getByText('The program keeps running in the tray when you close the window.');
  await expect(notice).toBeVisible();
  await closeWindow(first);
  await expect.poll(() => isShown(first)).toBe(false);
  await first.close();

  const again = await signIn(pbx, 'tom', { ...onBus(bus), userDataDir: first.userDataDir });
  const tina = await pbx.user('tina');
  await expect.poll(async () => labels(await panel.menu())).toContain('Hide');
  await closeWindow(again);
  await expect.poll(() => isShown(again)).toBe(false);
  tina.say('tom', 'after it');
  await expect.poll(() => service.shown().map(({ title }) => title)).toEqual(['Tina Turner']);
  expect(service.log.filter((line) => line.startsWith('notify'))).toHaveLength(2);
  await panel.click();
  await expect.poll(() => isShown(again)).toBe(true);
  await expect(again.chat.row('Tina Turner')).toBeVisible();
  await expect(again.window.getByText('The program keeps running in the tray')).toHaveCount(0);
});

test('a desktop without a tray says so, keeps the window the first time, and never hides it', async ({
  bus,
  launchPbx,
  signIn,
  windowManager,
}) => {
  void windowManager;
  const client = await signIn(await launchPbx(), 'tom', onBus(bus));
  await client.focus();
  await closeWindow(client);
  await expect(
    client.window.getByText('This desktop has no tray. Closing the window ends the program.'),
  ).toBeVisible();
  expect(await isShown(client)).toBe(true);
  await client.keepPicture('no-tray');
  const isMinimised = () =>
    client.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized());
  await client.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  await expect.poll(isMinimised).toBe(true);
  await client.focus();
  await expect.poll(isMinimised).toBe(false);
  // It was told: now closing is what it says it is, and leaves nothing behind that nobody can reach.
  const ended = new Promise((resolve) => client.app.process().once('exit', resolve));
  await closeWindow(client);
  await ended;
});

test('a window in the tray is in the task bar when the panel is gone for good', async ({
  bus,
  panel,
  launchPbx,
  signIn,
  windowManager,
}) => {
  void windowManager;
  const client = await signIn(await launchPbx(), 'tom', onBus(bus));
  await expect.poll(async () => labels(await panel.menu())).toContain('Hide');
  await panel.choose('Hide');
  await expect.poll(() => isShown(client)).toBe(false);
  await panel.stop();
  const isMinimised = () =>
    client.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized());
  await expect.poll(isMinimised, { timeout: 20_000 }).toBe(true);
  await client.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.restore());
  await expect.poll(isMinimised).toBe(false);
  await expect.poll(() => isShown(client)).toBe(true);
});
