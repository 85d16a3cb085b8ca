// 'Stay signed in', against a real keyring on the session bus: the second start needs no password, and nothing on the
// disk tells it.
import type { Page } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import { findProgram, start, stop } from '../../scripts/processes.mjs';
import { launchPlain, type PlainClient } from './launch-plain.ts';
import { expect, onBus, test as base } from './on-bus.ts';

const missing = ['gnome-keyring-daemon'].filter((name) => findProgram(name) === null);

interface Fixtures {
  /** Starts the program beside an open keyring, with one profile for all starts of a test. */
  startClient: () => Promise<PlainClient>;
  /** What is kept of a login. */
  sessionFile: string;
}

const test = base.extend<Fixtures>({
  sessionFile: async ({}, use, testInfo) => use(testInfo.outputPath('profile/session.json')),

  startClient: async ({ bus, desktop, runtime, sessionFile }, use, testInfo) => {
    const home = testInfo.outputPath('home');
    fs.mkdirSync(home, { recursive: true, mode: 0o700 });
    const own = { ...desktop, ...onBus(bus).env };
    const env = { ...own, HOME: home, XDG_DATA_HOME: path.join(home, 'data'), XDG_RUNTIME_DIR: home };
    const keyring = start('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    keyring.stdin?.end('\n');
    await expect.poll(() => bus.hasOwner('org.freedesktop.secrets')).toBe(true);
    const clients: PlainClient[] = [];
    await use(async () => {
      const client = await launchPlain({
        runtime,
        userDataDir: path.dirname(sessionFile),
        env: own,
        args: ['--password-store=gnome-libsecret'],
      });
      clients.push(client);
      return client;
    });
    for (const client of clients) await client.close();
    await stop(keyring);
  },
});

test.skip(missing.length > 0, `needs ${missing.join(', ')}: run \`npm run setup\` as root on Debian`);

async function signIn(window: Page, server: string, staySignedIn: boolean): Promise<void> {
  await window.getByLabel('PBX', { exact: true }).fill(server);
  await window.getByLabel('User name').fill('alice');
  await window.getByLabel('Password', { exact: true }).fill('alice');
  await window.getByRole('checkbox', { name: /Stay signed in/ }).setChecked(staySignedIn);
  await window.getByRole('button', { name: 'Sign in' }).click();
  await expect(window.getByRole('button', { name: /^Your menu/ })).toBeVisible();
}

test('the next start logs in with the stored session, and the disk has no secret', async ({
  startClient,
  sessionFile,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  const first = await startClient();
  await signIn(first.window, pbx.url, true);
  await expect.poll(() => fs.existsSync(sessionFile)).toBe(true);
  await first.close();

  const second = await startClient();
  await expect(second.window.getByRole('option', { name: /Bob Brown/ })).toBeVisible();
  const logins = pbx.received.of('Login');
  expect(logins.map((login) => login['type'])).toEqual(['user', 'user', 'session', 'session']);
  const kept = fs.readFileSync(sessionFile, 'utf8');
  expect(kept).not.toContain(String(logins.at(-1)?.['username']));
  expect(kept).not.toContain('alice');
});

test('a session that the PBX no longer knows asks for the password again', async ({
  startClient,
  sessionFile,
  launchPbx,
}) => {
  const pbx = await launchPbx();
  const first = await startClient();
  await signIn(first.window, pbx.url, true);
  await expect.poll(() => fs.existsSync(sessionFile)).toBe(true);
  await first.close();
  pbx.logOut('alice');

  const { window } = await startClient();
  await expect(window.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    /session has ended/,
  );
  await expect(window.getByLabel('User name')).toHaveValue('alice');
  await expect.poll(() => fs.existsSync(sessionFile)).toBe(false);
});

test('without the check mark the next start asks again', async ({ startClient, sessionFile, launchPbx }) => {
  const pbx = await launchPbx();
  const first = await startClient();
  await signIn(first.window, pbx.url, false);
  await first.close();
  expect(fs.existsSync(sessionFile)).toBe(false);
  const { window } = await startClient();
  await expect(window.getByLabel('User name')).toHaveValue('alice');
});
