// 'Report a problem': what is in it, and what never is.
import { strFromU8, unzipSync } from 'fflate';
import fs from 'node:fs';
import path from 'node:path';
import { smallWorld } from '../pbx/index.ts';
import { expect, test, type Client } from './fixtures.ts';

/** Everything that must not be found: the test puts it where the program handles it. */
const canaries = {
  password: 'Canary-Password-7341',
  sent: 'Canary sent 7342',
  received: 'Canary received 7343',
};

/** As the person would choose it in the dialog of the system. */
async function saveTo(client: Client, file: string): Promise<void> {
  await client.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
}

function unpack(file: string): Map<string, string> {
  const entries = Object.entries(unzipSync(fs.readFileSync(file)));
  return new Map(entries.map(([name, bytes]) => [name, strFromU8(bytes)]));
}

test('has what helps, and neither secrets nor what people write', async ({ launchPbx, signIn }, testInfo) => {
  const world = smallWorld();
  const users = world.users.map((user) =>
    user.sip === 'alice' ? { ...user, password: canaries.password } : user,
  );
  const pbx = await launchPbx({ world: { ...world, users } });
  const userDataDir = testInfo.outputPath('profile');
  fs.mkdirSync(userDataDir, { recursive: true });
  const settings = { version: 2, trace: ['app', 'browser', 'websocket'] };
  fs.writeFileSync(path.join(userDataDir, 'settings.json'), JSON.stringify(settings));
  const bob = await pbx.user('bob');
  const client = await signIn(pbx, 'alice', { userDataDir });
  const { chat, window } = client;
  await chat.open('Bob Brown');
  await chat.input.fill(canaries.sent);
  await chat.input.press('Enter');
  await bob.waitFor(({ text }) => text === canaries.sent);
  bob.say('alice', canaries.received);
  await expect(chat.message(canaries.received)).toBeVisible();

  await window.getByRole('button', { name: /^Your menu/ }).click();
  await window.getByRole('menuitem', { name: 'Report a problem …' }).click();
  const dialog = window.getByRole('dialog', { name: 'Report a problem' });
  await expect(dialog.getByRole('button', { name: /^connection\.txt/ })).toBeVisible();
  await dialog.getByRole('button', { name: /^connection\.txt/ }).click();
  await expect(dialog.getByRole('region', { name: 'connection.txt' })).toContainText('ok     websocket');
  await client.keepPicture('report');
  const shown = await dialog.getByRole('region', { name: 'connection.txt' }).textContent();
  const words = 'The list jumps when I scroll.';
  await dialog.getByLabel('What happened?').fill(words);
  const file = testInfo.outputPath('report.zip');
  await saveTo(client, file);
  await dialog.getByRole('button', { name: 'Save …' }).click();
  await expect(dialog.getByRole('status').filter({ hasText: 'Saved as “report.zip”' })).toBeVisible();

  const files = unpack(file);
  expect([...files.keys()]).toEqual([
    'description.txt',
    'about.txt',
    'connection.txt',
    'settings.json',
    'logs/trace.log',
  ]);
  expect(files.get('description.txt')).toBe(words);
  expect(files.get('connection.txt')).toBe(shown);
  expect(files.get('about.txt')).toMatch(/^program: PBX Chat \d/);
  // The search finds what is there, and the conversation is in the log.
  const all = [...files.values()].join('\n');
  expect(all).toContain(words);
  expect(files.get('logs/trace.log')).toContain('"type":"im_message"');
  const login = pbx.received.of('Login', 'alice').at(-1);
  const info = pbx.sent.of('LoginResult').at(-1)?.['info'] as { session: { usr: string; pwd: string } };
  const secrets = [
    login?.['response'],
    login?.['nonce'],
    pbx.sent.of('Authenticate').at(-1)?.['challenge'],
    pbx.sent.of('LoginResult').at(-1)?.['digest'],
    info.session.usr,
    info.session.pwd,
    pbx.received.of('AppLogin').at(-1)?.['digest'],
  ].map(String);
  for (const secret of [...Object.values(canaries), ...secrets]) {
    expect(secret.length).toBeGreaterThan(7);
    expect(all).not.toContain(secret);
  }
});

test('can be made where nobody could log in, keeps its words, and gives the focus back', async ({
  launchClient,
}, testInfo) => {
  const client = await launchClient();
  const { window } = client;
  await window.getByLabel('PBX', { exact: true }).fill('http://127.0.0.1:9');
  await window.getByRole('button', { name: 'Report a problem …' }).click();
  const dialog = window.getByRole('dialog', { name: 'Report a problem' });
  const words = dialog.getByLabel('What happened?');
  await expect(words).toBeFocused();
  await words.fill('I cannot log in.');
  await expect(dialog.getByRole('button', { name: /^about\.txt/ })).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await window.getByRole('button', { name: 'Report a problem …' }).click();
  await expect(words).toHaveValue('I cannot log in.');
  const save = dialog.getByRole('button', { name: 'Save …' });
  await expect(save).toBeEnabled();
  await saveTo(client, testInfo.outputPath('not/there.zip'));
  await save.click();
  await expect(dialog.getByRole('alert')).toHaveText('Nothing can be written there. Choose another folder.');
  const file = testInfo.outputPath('report.zip');
  await saveTo(client, file);
  await save.click();
  await expect(dialog.getByRole('button', { name: 'Show in folder' })).toBeVisible();
  expect(unpack(file).get('description.txt')).toBe('I cannot log in.');
  await expect(dialog.getByRole('button', { name: 'Close' }).last()).toBeFocused();
});
