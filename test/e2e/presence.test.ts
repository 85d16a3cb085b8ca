// Presence where the PBX does not give PbxApi to the chat app (protocol, section 8): by the client connection, or not at
// all, and then nobody is called offline who is only not known.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const header = (window: Page) => window.getByRole('heading', { name: 'Bob Brown' }).locator('xpath=..');

test('without PbxApi people are found, and their presence is seen, by the client connection', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx({ switches: { presenceApi: 'absent' } });
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  // The doubt about PbxApi takes its time.
  await expect(header(window)).toContainText('Available', { timeout: 20_000 });
  await expect(chat.row('Bob Brown').locator('.presence.online')).toBeVisible();
  bob.sendClient({ mt: 'SetOwnPresence', activity: 'dnd', note: 'not now' });
  await expect(header(window)).toContainText('Do not disturb – not now');
  bob.sendClient({ mt: 'SetOwnPresence', activity: '', note: '' });
  await expect(header(window)).toContainText('Available');
  bob.close();
  await expect(header(window)).toContainText('Offline');
  await expect(chat.row('Bob Brown').locator('.presence.offline')).toBeVisible();

  await window.getByRole('button', { name: 'New chat' }).first().click();
  const field = window.getByRole('dialog').getByRole('combobox');
  await field.fill('nobody-of-this-name');
  await field.press('Enter');
  await expect(field).toHaveAccessibleDescription(/knows nobody of this name/, { timeout: 20_000 });
  await field.fill('25');
  await field.press('Enter');
  await expect(window.getByRole('heading', { name: 'Olga Orlova' })).toBeVisible({ timeout: 20_000 });
});

test('a PBX that tells of nobody: their presence is said to be unknown, not offline, and they are written to', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx({ switches: { presenceApi: 'absent', clientPresence: 'chat-only' } });
  const bob = await pbx.user('bob');
  const { chat, window, keepPicture } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await expect(header(window)).toContainText('Presence unknown – bob');
  await expect(chat.row('Bob Brown').locator('.presence')).toHaveCount(0);
  await expect
    .poll(() => pbx.received.of('SubscribePresence', 'alice').some(({ sip }) => sip === 'bob'))
    .toBe(true);
  await chat.write('whether you are there or not');
  await bob.waitFor(({ text }) => text === 'whether you are there or not');
  await expect(chat.delivery('whether you are there or not')).toHaveAttribute('data-delivery', 'delivered');
  await keepPicture('presence-unknown');

  await expect(window.getByText('Offline', { exact: true })).toHaveCount(0);

  // Without a link nothing is known of anybody, which the line about the connection says once.
  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user: 'alice' });
  await expect(chat.connection).toBeVisible();
  await expect(header(window)).not.toContainText('Presence unknown');
  await expect(header(window)).toContainText('bob');
});
