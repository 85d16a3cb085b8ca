// The way to the PBX through a proxy of the system, which may want to know who goes there.
import fs from 'node:fs';
import path from 'node:path';
import { startProxy, type ConnectProxy, type ProxyOptions } from '../desktop/connect-proxy.ts';
import { ChatWindow, expect, test as base } from './fixtures.ts';

const test = base.extend<{ launchProxy: (options?: ProxyOptions) => Promise<ConnectProxy> }>({
  launchProxy: async ({}, use) => {
    const running: ConnectProxy[] = [];
    await use(async (options) => {
      const proxy = await startProxy(options);
      running.push(proxy);
      return proxy;
    });
    for (const proxy of running) await proxy.close();
  },
});

const login = { user: 'anna', password: 'Grün & 7:canary' };
/** As the environment of a system has it; this computer itself is left out otherwise. */
const behind = (proxy: ConnectProxy) => ({
  args: [`--proxy-server=http://${proxy.host}`, '--proxy-bypass-list=<-loopback>'],
});

test('both connections go through the proxy of the system', async ({ launchProxy, launchPbx, signIn }) => {
  const proxy = await launchProxy();
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat } = await signIn(pbx, 'alice', behind(proxy));
  await chat.open('Bob Brown');
  await chat.write('Through the wall');
  expect((await bob.waitFor((message) => message.from === 'alice')).text).toBe('Through the wall');
  const { host } = new URL(pbx.url);
  // Both connections, and nothing else.
  expect(proxy.tunnels).toEqual([host, host]);
});

test('a proxy that wants a login gets it from a dialog, in memory alone, and the sign-in goes on', async ({
  launchProxy,
  launchPbx,
  launchClient,
}) => {
  const proxy = await launchProxy({ login });
  const pbx = await launchPbx();
  const client = await launchClient(behind(proxy));
  const { window } = client;
  await window.getByLabel('PBX', { exact: true }).fill(pbx.url);
  await window.getByLabel('User name').fill('tom');
  await window.getByLabel('Password', { exact: true }).fill('tom');
  await window.getByRole('button', { name: 'Sign in' }).click();
  const dialog = window.getByRole('dialog', { name: 'Sign in at the proxy' });
  await expect(dialog).toContainText(proxy.host);
  await expect(dialog.getByLabel('User name')).toBeFocused();
  await client.keepPicture('proxy-login');
  await dialog.getByLabel('User name').fill(login.user);
  await dialog.getByLabel('Password').fill('wrong');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toContainText('did not take this name and password');
  await dialog.getByLabel('User name').fill(login.user);
  await dialog.getByLabel('Password').fill(login.password);
  await dialog.getByLabel('Password').press('Enter');
  await new ChatWindow(client).ready();
  expect(proxy.tunnels.length).toBeGreaterThanOrEqual(2);
  await client.close();
  for (const file of fs.readdirSync(client.userDataDir, { recursive: true, encoding: 'utf8' })) {
    const at = path.join(client.userDataDir, file);
    if (fs.statSync(at).isFile()) expect(fs.readFileSync(at).includes('canary'), file).toBe(false);
  }
});

test('who does not want to sign in at the proxy is left alone until the connection is tried again', async ({
  launchProxy,
  launchPbx,
  signIn,
}) => {
  const open = await launchProxy();
  const pbx = await launchPbx();
  const { chat, window, app } = await signIn(pbx, 'tom', behind(open));
  const closed = await launchProxy({ login });
  // As somebody changes the proxy in the settings of the system.
  await app.evaluate(
    ({ session }, host) =>
      session.defaultSession.setProxy({ proxyRules: `http://${host}`, proxyBypassRules: '<-loopback>' }),
    closed.host,
  );
  await open.close();
  const dialog = window.getByRole('dialog', { name: 'Sign in at the proxy' });
  await expect(dialog).toBeVisible({ timeout: 15_000 });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await expect(chat.connection).toContainText('The proxy of your network asks for a name and a password.');
  const before = closed.refused.length;
  await expect.poll(() => closed.refused.length, { timeout: 15_000 }).toBeGreaterThan(before);
  await expect(dialog).toBeHidden();
  await chat.connection.getByRole('button', { name: 'Try now' }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('User name').fill(login.user);
  await dialog.getByLabel('Password').fill(login.password);
  await dialog.getByLabel('Password').press('Enter');
  await expect(chat.connection).toBeHidden({ timeout: 15_000 });
  await window.keyboard.press('Control+k');
  await expect(window.getByRole('dialog')).toBeVisible();
});

test('a proxy that wants another kind of login is told, and nothing is asked for', async ({
  launchProxy,
  launchPbx,
  launchClient,
}) => {
  const proxy = await launchProxy({ login, method: 'Negotiate' });
  const pbx = await launchPbx();
  const { window } = await launchClient(behind(proxy));
  await window.getByLabel('PBX', { exact: true }).fill(pbx.url);
  await window.getByLabel('User name').fill('tom');
  await window.getByLabel('Password', { exact: true }).fill('tom');
  await window.getByRole('button', { name: 'Sign in' }).click();
  await expect(window.getByText(/a kind of sign-in that PBX Chat does not support/)).toBeVisible();
  await expect(window.getByRole('dialog')).toBeHidden();
});
