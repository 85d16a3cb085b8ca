// The .deb that `npm run package` left in release/, installed as an administrator installs it and used as an ordinary user
// uses it: menu entry, links, sandbox, badge, autostart, and what is left when it goes. Whatever happens in between, the
// machine is afterwards as it was.
import dbus from 'dbus-next';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findProgram, start } from '../../scripts/processes.mjs';
import { startPrivateBus, type PrivateBus } from '../desktop/private-bus.ts';
import { plain } from '../desktop/services.ts';
import type { Bridge } from '../../src-main/ipc/contract.ts';
import type { Pbx } from '../pbx/index.ts';
import { expect, test as base } from './fixtures.ts';
import { launchPlain, type PlainClient } from './launch-plain.ts';

const name = 'pbx-chat';
const program = `/opt/${name}/${name}`;
const release = path.resolve(import.meta.dirname, '../../release');

/** Why it cannot be installed here; null: it can. */
function obstacle(): string | null {
  if (process.platform !== 'linux' || findProgram('dpkg') === null) return 'a .deb is installed on Debian';
  if (process.getuid?.() !== 0) return 'only root installs packages';
  if (isInstalled()) return `${name} is installed here already (to try again: dpkg --purge ${name})`;
  const tools = ['xdg-open', 'desktop-file-validate', 'update-desktop-database', 'gio', 'xwininfo'];
  const missing = tools.filter((tool) => findProgram(tool) === null);
  return missing.length > 0 ? `needs ${missing.join(', ')}: run \`npm run setup\`` : null;
}

function isInstalled(): boolean {
  const { stdout } = run('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name]);
  return stdout !== '' && stdout !== 'not-installed';
}

function run(command: string, args: string[], options: { env?: Record<string, string> } = {}) {
  const env = { ...process.env, ...options.env };
  const result = spawnSync(command, args, { encoding: 'utf8', ...options, env, timeout: 120_000 });
  return { status: result.status, stdout: result.stdout ?? '', all: `${result.stdout}${result.stderr}` };
}

/** Everything in the directories of the system that is named after the program. */
function traces(): string[] {
  const found = run('find', ['/etc', '/opt', '/usr', '/var', '-xdev', '-iname', `*${name}*`]).stdout;
  // The system's own record of what it did.
  const log = /^\/var\/(log|cache|backups)\//;
  return found.split('\n').filter((file) => file !== '' && !log.test(file));
}

/** A user without rights, whom every Debian has. */
const nobody = { uid: 65534, gid: 65534 };

/** The home of a user who has never started the program. */
interface Person {
  home: string;
  env: Record<string, string>;
  launch(login: Record<string, string>): Promise<PlainClient>;
  /** Runs a program of the desktop to its end, and expects it to succeed. */
  does(command: string, ...args: string[]): Promise<void>;
}

interface Fixtures {
  bus: PrivateBus;
  person: Person;
  pbx: Pbx;
}

const why = obstacle();
if (why !== null) console.log(`skipped: tests of the installed package: ${why}`);

const test = base.extend<Fixtures, { installed: undefined }>({
  installed: [
    async ({}, use) => {
      const packages = fs.readdirSync(release).filter((file) => file.endsWith('.deb'));
      expect(packages, 'one package in release/').toHaveLength(1);
      try {
        const outcome = run('dpkg', ['--install', path.join(release, packages[0] ?? '')]);
        expect(outcome.status, outcome.all).toBe(0);
        await use(undefined);
      } finally {
        if (isInstalled()) run('dpkg', ['--purge', name]);
      }
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  pbx: async ({ launchPbx }, use) => use(await launchPbx()),

  bus: async ({}, use) => {
    const bus = await startPrivateBus({ everybody: true });
    await use(bus);
    await bus.stop();
  },

  person: async ({ installed: _, bus, desktop, runtime, pbx }, use) => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-home-'));
    fs.chownSync(home, nobody.uid, nobody.gid);
    const login = JSON.stringify({ server: pbx.url, user: 'alice', password: 'alice' });
    const env = {
      ...desktop,
      DBUS_SESSION_BUS_ADDRESS: bus.address,
      HOME: home,
      USER: 'nobody',
      XDG_CONFIG_HOME: path.join(home, '.config'),
      XDG_CACHE_HOME: path.join(home, '.cache'),
      XDG_DATA_HOME: path.join(home, '.local/share'),
      XDG_RUNTIME_DIR: home,
      // Whatever is installed on this machine beside it: what decides is the entry of the program.
      XDG_CURRENT_DESKTOP: '',
      PBX_CHAT_LOGIN: login,
      LANG: 'C.UTF-8',
    };
    const clients: PlainClient[] = [];
    await use({
      home,
      env,
      async launch(more) {
        const options = { command: [program] as [string], runtime, userDataDir: null, as: nobody };
        const client = await launchPlain({ ...options, cwd: home, env: { ...env, ...more } });
        clients.push(client);
        return client;
      },
      async does(command, ...args) {
        const options = { ...nobody, cwd: home, env: { ...process.env, ...env }, stdio: 'ignore' as const };
        const child = start(command, args, options);
        expect(await child.exited, `${command} ${args.join(' ')}`).toBe(0);
      },
    });
    for (const client of clients) await client.close();
    await endAll();
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  },
});

interface Process {
  pid: number;
  args: string[];
}

/** Processes of the installed program. It was not installed before, so they were all started here. */
function processes(): Process[] {
  const found: Process[] = [];
  for (const entry of fs.readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      if (fs.readlinkSync(`/proc/${entry}/exe`) !== program) continue;
      const args = fs.readFileSync(`/proc/${entry}/cmdline`, 'utf8').split(/[\0 ]/);
      found.push({ pid: Number(entry), args });
    } catch {
      // It ended while it was looked at.
    }
  }
  return found;
}

/** Without what they started in turn. */
function mainProcesses(): Process[] {
  return processes().filter(({ args }) => !args.some((arg) => arg.startsWith('--type=')));
}

/** What the desktop started has no parent here: it is told to end, and waited for. */
async function endAll(): Promise<void> {
  for (const { pid } of mainProcesses()) process.kill(pid, 'SIGTERM');
  await expect.poll(() => processes().length, { timeout: 20_000 }).toBe(0);
}

/** The entry of the menu as the XDG specifications find and read it, without its translations. */
function menuEntry(): { file: string; entry: Record<string, string> } {
  const directories = (process.env['XDG_DATA_DIRS'] ?? '/usr/local/share:/usr/share').split(':');
  const file = directories
    .map((directory) => path.join(directory, 'applications', `${name}.desktop`))
    .find((one) => fs.existsSync(one));
  expect(file, 'an entry in XDG_DATA_DIRS').toBeDefined();
  const lines = fs.readFileSync(file ?? '', 'utf8').split('\n');
  const pairs = lines.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/).slice(0, 2));
  return { file: file ?? '', entry: Object.fromEntries(pairs) as Record<string, string> };
}

/** Where the README says that it is: what is in it. */
const profile = ({ home }: Person) => fs.readdirSync(path.join(home, '.config/PBX Chat')).sort();

const opened = (pbx: Pbx) => pbx.received.of('ReadChat').map((request) => request['sip']);

test.skip(why !== null, why ?? '');

test('runs for an ordinary user, with every process in its sandbox', async ({ person, pbx }) => {
  const bob = await pbx.user('bob');
  const { window } = await person.launch({});
  await window.getByRole('option', { name: /Bob Brown/ }).click();
  const input = window.getByRole('textbox', { name: /^Message to / });
  await input.fill('From the installed program');
  await input.press('Enter');
  await bob.waitFor((message) => message.text === 'From the installed program');

  const all = processes();
  expect(all.flatMap(({ args }) => args)).not.toContain('--no-sandbox');
  const windows = all.filter(({ args }) => args.includes('--type=renderer'));
  expect(windows.length).toBeGreaterThan(0);
  for (const { pid } of windows) {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t65534\t/m);
    // 2: system calls are filtered.
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^CapEff:\t0000000000000000$/m);
  }
  expect(profile(person).length).toBeGreaterThan(0);
});

test('is in the menu, with its icon in every size, and starts from there', async ({ person, pbx }) => {
  const { file, entry } = menuEntry();
  const checked = run('desktop-file-validate', [file]);
  expect(checked).toEqual({ status: 0, stdout: '', all: '' });
  const sizes = [16, 24, 32, 48, 64, 128, 256, 512];
  for (const size of sizes) {
    const icon = `/usr/share/icons/hicolor/${size}x${size}/apps/${entry['Icon']}.png`;
    // Width and height stand at a fixed place of a PNG.
    const head = fs.readFileSync(icon).subarray(16, 24);
    expect([head.readUInt32BE(0), head.readUInt32BE(4)], icon).toEqual([size, size]);
  }

  await person.does('gio', 'launch', file);
  await expect.poll(() => pbx.received.of('ReadChats').length, { timeout: 30_000 }).toBeGreaterThan(0);
  // By its class the desktop finds the entry that a window belongs to.
  const tree = () => run('xwininfo', ['-root', '-tree'], { env: person.env }).stdout;
  await expect.poll(tree).toMatch(new RegExp(`PBX Chat": \\("[^"]+" "${entry['StartupWMClass']}"\\)`));
  // And a second start shows the first.
  await person.does('gio', 'launch', file);
  await expect.poll(() => mainProcesses().length).toBe(1);
});

test('opens im: and sip: links, also when it is not running', async ({ person, pbx }) => {
  for (const scheme of ['im', 'sip']) {
    const handler = run('xdg-mime', ['query', 'default', `x-scheme-handler/${scheme}`], { env: person.env });
    expect(handler.stdout.trim()).toBe(`${name}.desktop`);
  }
  // As a browser does it: whoever opens a link does not wait for the program behind it.
  const link = start('xdg-open', ['im:bob'], {
    ...nobody,
    cwd: person.home,
    env: { ...process.env, ...person.env },
    stdio: 'ignore',
  });
  await expect.poll(() => opened(pbx), { timeout: 30_000 }).toContain('bob');
  await person.does('xdg-open', 'sip:olga');
  await expect.poll(() => opened(pbx)).toContain('olga');
  await endAll();
  await link.exited;
});

test('opens a link in the window that is there', async ({ person }) => {
  const { window } = await person.launch({});
  await expect(window.getByRole('option', { name: /Bob Brown/ })).toBeVisible();
  await person.does('xdg-open', 'im:bob');
  await expect(window.getByRole('heading', { name: 'Bob Brown' })).toBeVisible();
});

test('shows the number of unread messages at the entry of the menu', async ({
  person,
  bus,
  pbx,
  runtime,
}) => {
  const major = Number.parseInt(fs.readFileSync(path.join(runtime, 'version'), 'utf8').replace('v', ''), 10);
  const unity = run('ldconfig', ['-p']).stdout.includes('libunity.so.9');
  test.skip(major < 44 && !unity, 'before Electron 44 it needs libunity9: run `npm run setup`');
  const watcher = dbus.sessionBus({ busAddress: bus.address });
  const counts: [entry: unknown, shown: unknown][] = [];
  const rule = "type='signal',interface='com.canonical.Unity.LauncherEntry',member='Update'";
  // The bus has no method for it in the library's typed part.
  const match = new dbus.Message({
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'AddMatch',
    signature: 's',
    body: [rule],
  });
  try {
    await watcher.call(match);
    watcher.on('message', ({ member, body }: { member: string; body: unknown[] }) => {
      if (member === 'Update') counts.push(plain(body) as [unknown, unknown]);
    });
    // Up to Electron 43 the count is sent only where somebody owns this name.
    await watcher.requestName('com.canonical.Unity', 0);
    const bob = await pbx.user('bob');
    const { window } = await person.launch({});
    await expect(window.getByRole('option', { name: /Bob Brown/ })).toBeVisible();
    bob.say('alice', 'one');
    const entry = `application://${path.basename(menuEntry().file)}`;
    const last = () => counts.findLast(([of]) => of === entry)?.[1];
    await expect.poll(last).toMatchObject({ count: 2n });
    await window.getByRole('option', { name: /Bob Brown/ }).click();
    await expect.poll(last).toMatchObject({ 'count-visible': false });
  } finally {
    watcher.disconnect();
  }
});

test('starts with the desktop when asked to, by an entry that is valid and works', async ({
  person,
  pbx,
}) => {
  const client = await person.launch({});
  await expect(client.window.getByRole('option', { name: /Bob Brown/ })).toBeVisible();
  const set = (mode: 'off' | 'tray') =>
    client.window.evaluate(async (wanted) => {
      const { pbxChat } = globalThis as unknown as { pbxChat: Bridge };
      return pbxChat.call('setAutostart', { mode: wanted });
    }, mode);
  const file = path.join(person.home, '.config/autostart', `${name}.desktop`);
  expect(fs.existsSync(file)).toBe(false);
  expect(await set('tray')).toMatchObject({ ok: true });
  expect(run('desktop-file-validate', [file])).toEqual({ status: 0, stdout: '', all: '' });
  expect(fs.readFileSync(file, 'utf8')).toContain(`Exec=${program} --hidden\n`);
  await client.close();

  const before = pbx.received.of('LoginInfo').length;
  await person.does('gio', 'launch', file);
  await expect.poll(() => pbx.received.of('LoginInfo').length, { timeout: 30_000 }).toBeGreaterThan(before);
  await endAll();
});

test('leaves nothing behind when it is purged, but what belongs to its user', async ({ person }) => {
  const client = await person.launch({});
  await expect(client.window.getByRole('option', { name: /Bob Brown/ })).toBeVisible();
  await client.close();
  const kept = profile(person);
  expect(traces()).toContain(`/usr/bin/${name}`);

  const outcome = run('dpkg', ['--purge', name]);
  expect(outcome.status, outcome.all).toBe(0);
  expect(traces()).toEqual([]);
  expect(fs.readFileSync('/usr/share/applications/mimeinfo.cache', 'utf8')).not.toContain(name);
  const handler = run('xdg-mime', ['query', 'default', 'x-scheme-handler/im'], { env: person.env });
  expect(handler.stdout).not.toContain(name);
  expect(profile(person)).toEqual(kept);
});
