// The packaged program, as `npm run package` left it in release/linux-unpacked: what no look at the built files can tell
// is whether it starts from its archive, with its fuses blown.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from './fixtures.ts';
import { launchPlain } from './launch-plain.ts';

const program = path.resolve(import.meta.dirname, '../../release/linux-unpacked/pbx-chat');

test('logs in, shows the list, and sends a message', async ({ desktop, runtime, launchPbx }, testInfo) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const login = JSON.stringify({ server: pbx.url, user: 'alice', password: 'alice' });
  const client = await launchPlain({
    command: [program],
    runtime,
    userDataDir: testInfo.outputPath('profile'),
    env: { ...desktop, PBX_CHAT_LOGIN: login },
    args: ['--password-store=basic'],
  });
  const { window } = client;
  await window.getByRole('option', { name: /Bob Brown/ }).click();
  const input = window.getByRole('textbox', { name: /^Message to / });
  await input.fill('From the package');
  await input.press('Enter');
  await bob.waitFor((message) => message.text === 'From the package');
  await expect(window.locator('[data-delivery=delivered]')).toBeVisible();
  await client.close();
});

test('is not usable as Node, and takes no code from the environment', ({ desktop }, testInfo) => {
  const canary = testInfo.outputPath('canary');
  const code = `require('node:fs').writeFileSync(${JSON.stringify(canary)}, '')`;
  const script = testInfo.outputPath('canary.cjs');
  fs.mkdirSync(path.dirname(script), { recursive: true });
  fs.writeFileSync(script, code);
  const env = { ...process.env, ...desktop };
  const run = (extra: Record<string, string>, args: string[]) =>
    spawnSync(program, ['--no-sandbox', `--user-data-dir=${testInfo.outputPath('profile')}`, ...args], {
      env: { ...env, ...extra },
      encoding: 'utf8',
      timeout: 30_000,
    });
  const asNode = run({ ELECTRON_RUN_AS_NODE: '1' }, ['--version']);
  expect(asNode.stdout).toMatch(/^PBX Chat \d/);
  run({ NODE_OPTIONS: `--require=${script}` }, ['--version']);
  expect(fs.existsSync(canary)).toBe(false);
});
