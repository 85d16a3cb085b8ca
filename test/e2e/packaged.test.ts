// The packaged program, as `npm run package` left it in release/linux-unpacked: what no look at the built files can tell
// is whether it starts from its archive, with its fuses blown.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Bridge } from '../../src-main/ipc/contract.ts';
import { expect, test } from './fixtures.ts';
import { attachTo, endpointIn, launchPlain } from './launch-plain.ts';

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

/** A folder with a newer version, on this computer. `checksum`: of what else than the file. */
async function serveUpdate(file: string, checksum = file): Promise<{ url: string; close(): void }> {
  const sha512 = createHash('sha512').update(checksum).digest('base64');
  const feed = [
    'version: 99.0.0',
    `files:\n  - url: new.AppImage\n    sha512: ${sha512}\n    size: ${file.length}`,
    `path: new.AppImage\nsha512: ${sha512}\nreleaseDate: '2026-01-31T08:00:00.000Z'`,
    'releaseNotes: "<p>Faster</p><script>alert(1)</script>"',
  ].join('\n');
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const body = pathname === '/latest-linux.yml' ? feed : pathname === '/new.AppImage' ? file : null;
    response.writeHead(body === null ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

const oldImage = '#!/bin/sh\n# The one that is running.\n';
// An AppImage is started once to settle in, and told to end at once.
const newImage = '#!/bin/sh\necho "$APPIMAGE_EXIT_AFTER_INSTALL" > "$0.settled"\n';

for (const [checksum, outcome] of [
  [newImage, 'ready'],
  ['something else', 'failed'],
] as const) {
  test(`as an AppImage: an update ${outcome === 'ready' ? 'is put in place at the end' : 'of another checksum is refused'}`, async ({
    desktop,
    runtime,
  }, testInfo) => {
    const profile = testInfo.outputPath('profile');
    const image = testInfo.outputPath('PBX.AppImage');
    const feed = await serveUpdate(newImage, checksum);
    fs.mkdirSync(profile, { recursive: true });
    fs.writeFileSync(image, oldImage, { mode: 0o755 });
    fs.writeFileSync(
      path.join(profile, 'settings.json'),
      JSON.stringify({ version: 2, updateFeed: feed.url }),
    );
    const client = await launchPlain({
      command: [program],
      runtime,
      userDataDir: profile,
      env: { ...desktop, APPIMAGE: image, XDG_CACHE_HOME: testInfo.outputPath('cache') },
      args: ['--password-store=basic'],
    });
    try {
      await client.window.evaluate(() =>
        (globalThis as unknown as { pbxChat: Bridge }).pbxChat.call('checkForUpdates'),
      );
      if (outcome === 'ready') {
        await client.window.getByRole('button', { name: 'What is new' }).click();
        const dialog = client.window.getByRole('dialog', { name: 'Updates' });
        await expect(dialog.getByRole('status')).toHaveText(/^Version 99\.0\.0 is here\./);
        await expect(dialog.getByRole('region', { name: 'What is new' })).toHaveText('Faster');
        await client.window.screenshot({ path: 'artifacts/screens/update-ready.png' });
      } else {
        // Who asks for a snapshot takes from the window what was due to it: nothing of this outcome is on screen.
        const state = () =>
          client.window.evaluate(async () => {
            const { pbxChat } = globalThis as unknown as { pbxChat: Bridge };
            return (await pbxChat.call('snapshot')).view.app.update;
          });
        await expect.poll(state).toMatchObject({ state: 'failed', reason: { code: 'not-verified' } });
      }
      // Nothing is put in place while somebody may be typing.
      expect(fs.readFileSync(image, 'utf8')).toBe(oldImage);
    } finally {
      await client.close();
      feed.close();
    }
    expect(fs.readFileSync(image, 'utf8')).toBe(outcome === 'ready' ? newImage : oldImage);
    if (outcome === 'ready') expect(fs.readFileSync(`${image}.settled`, 'utf8')).toBe('true\n');
  });
}

/** Ends a program that we did not start ourselves, by its id, and waits until it is gone. */
async function end(pid: number): Promise<void> {
  const isThere = () => fs.existsSync(`/proc/${pid}`);
  if (isThere()) process.kill(pid, 'SIGTERM');
  await expect.poll(isThere).toBe(false);
}

test("as an AppImage: 'Restart now' starts the new version with what was typed, and nothing else does", async ({
  desktop,
  runtime,
  launchPbx,
}, testInfo) => {
  const pbx = await launchPbx();
  const profile = testInfo.outputPath('profile');
  const image = testInfo.outputPath('PBX.AppImage');
  const [log, pid, found] = [`${image}.log`, `${image}.pid`, `${image}.found`];
  const login = JSON.stringify({ server: pbx.url, user: 'alice', password: 'alice' });
  const args = [
    '--remote-debugging-port=0',
    '--lang=en',
    '--password-store=basic',
    `--user-data-dir=${profile}`,
  ];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  // Stands for the new version: says what it finds of the profile, and runs this program with it.
  const successor = [
    '#!/bin/sh',
    '[ -z "$APPIMAGE_EXIT_AFTER_INSTALL" ] || exit 0',
    `echo $$ >> '${pid}'`,
    `cat '${profile}/drafts.json' > '${found}'`,
    `[ ! -L '${profile}/SingletonLock' ] || echo 'in use' >> '${found}'`,
    `export PBX_CHAT_LOGIN='${login}'`,
    `exec '${program}' ${args.map((arg) => `'${arg}'`).join(' ')} 2>> '${log}'`,
    '',
  ].join('\n');
  const feed = await serveUpdate(successor);
  fs.mkdirSync(profile, { recursive: true });
  fs.writeFileSync(image, oldImage, { mode: 0o755 });
  fs.writeFileSync(
    path.join(profile, 'settings.json'),
    JSON.stringify({ version: 2, awayAfter: 0, updateFeed: feed.url }),
  );
  const client = await launchPlain({
    command: [program],
    runtime,
    userDataDir: profile,
    env: {
      ...desktop,
      APPIMAGE: image,
      PBX_CHAT_LOGIN: login,
      XDG_CACHE_HOME: testInfo.outputPath('cache'),
    },
    args: ['--password-store=basic'],
  });
  const { window } = client;
  try {
    await window.getByRole('option', { name: /Bob Brown/ }).click();
    const input = window.getByRole('textbox', { name: /^Message to / });
    await input.pressSequentially('half a ');
    await window.evaluate(() =>
      (globalThis as unknown as { pbxChat: Bridge }).pbxChat.call('checkForUpdates'),
    );
    // It is here, and says so; it takes neither the focus nor the program from whoever types.
    const whatIsNew = window.getByRole('button', { name: 'What is new' });
    await expect(whatIsNew).toBeVisible();
    await expect(input).toBeFocused();
    await input.pressSequentially('thought');
    await expect(input).toHaveText('half a thought');
    expect(fs.readFileSync(image, 'utf8')).toBe(oldImage);
    await whatIsNew.click();
    const dialog = window.getByRole('dialog', { name: 'Updates' });
    expect(fs.existsSync(pid)).toBe(false);
    // The program may be gone before it has confirmed the click.
    const clicked = dialog.getByRole('button', { name: 'Restart now' }).click();
    void clicked.catch(() => undefined);
    expect(await client.ended).toBe(0);
    expect(fs.readFileSync(image, 'utf8')).toBe(successor);

    const said = () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : '');
    await expect.poll(() => endpointIn(said())).not.toBeNull();
    // All that was typed is written, and the profile is free: a second program for the same one would end at once.
    expect(fs.readFileSync(found, 'utf8')).toContain('half a thought');
    expect(fs.readFileSync(found, 'utf8')).not.toContain('in use');
    const { browser, window: next } = await attachTo(endpointIn(said()) ?? '', new Promise(() => undefined));
    const row = next.getByRole('option', { name: /Bob Brown/ });
    await expect(row).toContainText('Draft: half a thought');
    await row.click();
    await expect(next.getByRole('textbox', { name: /^Message to / })).toHaveText('half a thought');
    await browser.close();
    // Once: not again by what puts an update in place at the end of the program.
    expect(fs.readFileSync(pid, 'utf8').trim().split('\n')).toHaveLength(1);
  } finally {
    await client.close();
    const started = fs.existsSync(pid) ? fs.readFileSync(pid, 'utf8').trim().split('\n') : [];
    for (const one of started) await end(Number(one));
    feed.close();
  }
});
