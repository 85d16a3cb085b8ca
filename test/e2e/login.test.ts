import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { ChatWindow, expect, test } from './fixtures.ts';

async function submit(window: Page, form: { server: string; user: string; password: string }): Promise<void> {
  await window.getByLabel('PBX', { exact: true }).fill(form.server);
  await window.getByLabel('User name').fill(form.user);
  await window.getByLabel('Password', { exact: true }).fill(form.password);
  await window.getByRole('button', { name: 'Sign in' }).click();
}

test('a person logs in with server, user and password', async ({ launchClient, launchPbx }) => {
  const pbx = await launchPbx();
  const client = await launchClient();
  const { window } = client;
  await submit(window, { server: pbx.url, user: 'alice', password: 'alice' });
  const chat = new ChatWindow(client);
  await chat.ready();
  await expect(window.getByRole('button', { name: /Alice Adams/ })).toBeVisible();
  await expect(chat.row('Bob Brown')).toBeVisible();
});

test('a wrong password is said at its field, and nothing is tried again', async ({
  launchClient,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  const client = await launchClient();
  const { window } = client;
  await submit(window, { server: pbx.url, user: 'alice', password: 'wrong' });
  await client.focus();
  const password = window.getByLabel('Password', { exact: true });
  await expect(password).toHaveAccessibleDescription(/User name or password is wrong/);
  await expect(password).toBeFocused();
  expect(pbx.received.of('Login')).toHaveLength(2);
  await password.fill('alice');
  await password.press('Enter');
  await new ChatWindow(client).ready();
});

test('what is missing is said at the field that misses it', async ({ launchClient }) => {
  const client = await launchClient();
  const { window } = client;
  const server = window.getByLabel('PBX', { exact: true });
  await submit(window, { server: '', user: '', password: '' });
  await expect(server).toHaveAccessibleDescription(/Enter the address of your PBX/);
  await submit(window, { server: 'pbx.example.com', user: '', password: '' });
  await expect(window.getByLabel('User name')).toHaveAccessibleDescription(/Enter your user name/);
  await submit(window, { server: 'pbx.example.com', user: 'alice', password: '' });
  await expect(window.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    /Enter your password/,
  );
});

test('an address that leads nowhere is said at the server field', async ({ launchClient }) => {
  const client = await launchClient();
  const { window } = client;
  const server = window.getByLabel('PBX', { exact: true });
  const login = { user: 'alice', password: 'alice' };
  await submit(window, { ...login, server: 'http://127.0.0.1:9' });
  await expect(server).toHaveAccessibleDescription(/does not answer/);
  await submit(window, { ...login, server: 'what is this' });
  await expect(server).toHaveAccessibleDescription(/not an address/);
  await submit(window, { ...login, server: 'http://pbx.example.com' });
  await expect(server).toHaveAccessibleDescription(/without encryption/);
  await client.focus();
  await expect(server).toBeFocused();
});

test('a server that is no PBX is told from one that does not answer', async ({ launchClient }) => {
  const web = http.createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const client = await launchClient();
  const { window } = client;
  const { port } = web.address() as AddressInfo;
  await submit(window, { server: `http://127.0.0.1:${port}`, user: 'alice', password: 'alice' });
  await expect(window.getByLabel('PBX', { exact: true })).toHaveAccessibleDescription(
    /not an innovaphone PBX/,
  );
  web.close();
});

test('a server that cannot prove that it knows the password is refused', async ({
  launchClient,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  pbx.faults.wrongLoginDigest = true;
  const client = await launchClient();
  const { window } = client;
  await submit(window, { server: pbx.url, user: 'alice', password: 'alice' });
  await expect(window.getByRole('alert').filter({ hasText: 'could not prove' })).toBeVisible();
});

test('a certificate that nobody trusts ends the login before anything is sent', async ({
  launchClient,
  launchPbx,
}) => {
  const pbx = await launchPbx({ tls: true, plain: false });
  const client = await launchClient();
  const { window } = client;
  await submit(window, { server: pbx.tlsUrl, user: 'alice', password: 'alice' });
  await expect(window.getByLabel('PBX', { exact: true })).toHaveAccessibleDescription(/certificate/);
  // The Messages service has a connection of its own, and trusts the certificate.
  expect(pbx.received.frames.filter(({ kind }) => kind === 'client')).toEqual([]);
});

test('a login that takes long can be cancelled', async ({ launchClient, launchPbx }) => {
  const pbx = await launchPbx();
  pbx.faults.on({ action: 'swallow', direction: 'in', mt: 'Login', times: 9 });
  const client = await launchClient();
  const { window } = client;
  await submit(window, { server: pbx.url, user: 'alice', password: 'alice' });
  await window.getByRole('button', { name: 'Cancel' }).click();
  await expect(window.getByRole('button', { name: 'Sign in' })).toBeEnabled();
  await expect(window.getByLabel('User name')).toHaveValue('alice');
});

test('a user without the right to chat is told who can grant it, and goes on when it is granted', async ({
  launchClient,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  const client = await launchClient({ login: { server: pbx.url, user: 'vera', password: 'vera' } });
  const { window } = client;
  await expect(window.getByText(/check mark “chat”/)).toBeVisible();
  pbx.setChatRight('vera', true);
  await expect(window.getByText(/check mark “chat”/)).toBeHidden();
  const bob = await pbx.user('bob');
  await expect.poll(() => pbx.isRegistered('vera')).toBe(true);
  bob.say('vera', 'Welcome');
  await expect(new ChatWindow(client).row('Bob Brown')).toBeVisible();
});

test('a session that the PBX ends leads back to the login', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { window } = await signIn(pbx, 'alice');
  pbx.logOut('alice');
  await expect(window.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(window.getByRole('button', { name: /Alice Adams/ })).toBeHidden();
});
