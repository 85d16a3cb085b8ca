// The way to the PBX through a proxy of the system, which may want to know who goes there.
import fs from 'node:fs';
import path from 'node:path';
import { startProxy, type ConnectProxy, type ProxyOptions } from '../desktop/connect-proxy.ts';
import { startSocks, type SocksProxy } from '../desktop/socks-proxy.ts';
import { answerDialog } from './file-steps.ts';
import { ChatWindow, expect, test as base } from './fixtures.ts';

interface Proxies {
  launchProxy: (options?: ProxyOptions) => Promise<ConnectProxy>;
  launchSocks: () => Promise<SocksProxy>;
}

const test = base.extend<Proxies>({
  launchProxy: async ({}, use) => {
    const running: ConnectProxy[] = [];
    await use(async (options) => {
      const proxy = await startProxy(options);
      running.push(proxy);
      return proxy;
    });
    for (const proxy of running) await proxy.close();
  },
  launchSocks: async ({}, use) => {
    const running: SocksProxy[] = [];
    await use(async () => {
      const proxy = await startSocks();
      running.push(proxy);
      return proxy;
    });
    for (const proxy of running) await proxy.close();
  },
});

const login = { user: 'anna', password: 'Grün & 7:canary' };
/** As the environment of a system has it; this computer itself is left out otherwise. */
const behindAll = (...proxies: string[]) => ({
  args: [`--proxy-server=${proxies.join()}`, '--proxy-bypass-list=<-loopback>'],
});
const behind = (proxy: ConnectProxy) => behindAll(`http://${proxy.host}`);

/** Where nobody listens any more. */
async function dead(): Promise<string> {
  const proxy = await startProxy();
  await proxy.close();
  return proxy.host;
}

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

test('messages and files go through a SOCKS proxy, which is given the name of the PBX', async ({
  launchSocks,
  launchPbx,
  signIn,
}, testInfo) => {
  const socks = await launchSocks();
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const server = pbx.url.replace('127.0.0.1', 'localhost');
  const { app, chat, window } = await signIn(pbx, 'alice', {
    ...behindAll(`socks5://${socks.host}`),
    login: { server, user: 'alice', password: 'alice' },
  });
  await chat.open('Bob Brown');
  await chat.write('Through the wall');
  expect((await bob.waitFor((message) => message.from === 'alice')).text).toBe('Through the wall');
  const asked = `5 ${new URL(server).host}`;
  // Both connections, and nothing else.
  expect(socks.asked).toEqual([asked, asked]);

  const file = testInfo.outputPath('plan.txt');
  fs.writeFileSync(file, 'The plan');
  await answerDialog(app, [file]);
  await window.getByRole('button', { name: 'Attach files' }).click();
  await window.getByRole('button', { name: 'Send' }).click();
  const [url = ''] = (await bob.waitFor((message) => message.attach.length > 0)).attach;
  expect(await (await fetch(url)).text()).toBe('The plan');
  expect(socks.asked).toHaveLength(3);
  expect(socks.asked.at(-1)).toMatch(/^5 .*:\d+$/);
});

test('a proxy that is down is passed over for the next one', async ({ launchSocks, launchPbx, signIn }) => {
  const socks = await launchSocks();
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat } = await signIn(pbx, 'alice', behindAll(`http://${await dead()}`, `socks5://${socks.host}`));
  await chat.open('Bob Brown');
  await chat.write('The other way round');
  expect((await bob.waitFor((message) => message.from === 'alice')).text).toBe('The other way round');
  const { host } = new URL(pbx.url);
  expect(socks.asked).toEqual([`5 ${host}`, `5 ${host}`]);
});

test('who cannot reach any proxy is told so, and comes back when there is one', async ({
  launchSocks,
  launchPbx,
  launchClient,
}) => {
  const pbx = await launchPbx();
  const client = await launchClient(behindAll(`http://${await dead()}`, `socks5://${await dead()}`));
  const { app, window } = client;
  await window.getByLabel('PBX', { exact: true }).fill(pbx.url);
  await window.getByLabel('User name').fill('tom');
  await window.getByLabel('Password', { exact: true }).fill('tom');
  await window.getByRole('button', { name: 'Sign in' }).click();
  await expect(window.getByText('The proxy of your network cannot be reached.')).toBeVisible();
  await client.keepPicture('proxy-unreachable');
  const socks = await launchSocks();
  // As somebody changes the proxy in the settings of the system.
  await app.evaluate(
    ({ session }, proxyRules) =>
      session.defaultSession.setProxy({ proxyRules, proxyBypassRules: '<-loopback>' }),
    `socks5://${socks.host}`,
  );
  await window.getByRole('button', { name: 'Sign in' }).click();
  const chat = new ChatWindow(client);
  await chat.ready();
  await socks.close();
  await expect(chat.connection).toContainText('The proxy of your network cannot be reached.');
});
