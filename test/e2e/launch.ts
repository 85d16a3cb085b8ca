// What every end-to-end test starts from: the built program in a real Electron, each time with a profile of its own, on
// a display and a session bus that belong to the worker alone, so that two tests never fight over the focus.
import {
  _electron,
  test as base,
  type ConsoleMessage,
  type ElectronApplication,
  type Page,
  type TestInfo,
} from '@playwright/test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureDesktop } from '../../scripts/display.mjs';
import { ensureRuntime } from '../../scripts/electron-runtime.mjs';
import { stopAll } from '../../scripts/processes.mjs';
import { startPbx, type Pbx, type PbxStartOptions } from '../pbx/index.ts';

export { expect } from '@playwright/test';

const projectRoot = path.resolve(import.meta.dirname, '../..');
const CLOSE_MS = 10_000;

export interface Login {
  server: string;
  user: string;
  password: string;
}

export interface LaunchOptions {
  args?: string[];
  env?: Record<string, string>;
  /** Of an earlier client of the same test, to start it again; else a new one. */
  userDataDir?: string;
  /** Logged in from the start, without being remembered. */
  login?: Login;
  /** What the settings file of a new profile says. */
  settings?: Record<string, unknown>;
  /** Error lines of the window's console that the test provokes. Any other one fails the test. */
  expectErrors?: RegExp[];
}

/** A running program with its window. */
export interface Client {
  app: ElectronApplication;
  window: Page;
  userDataDir: string;
  /** What the window complained about so far. */
  errors: string[];
  /** What the main process wrote to standard error so far. */
  stderr(): string;
  /** The focus of the display, really: resolves when the window has it. */
  focus(): Promise<void>;
  /** Takes the focus away, as another program would. */
  blur(): Promise<void>;
  /** Writes artifacts/screens/`name`.png. */
  keepPicture(name: string): Promise<void>;
  /** Quits it as a person would. Clients that are still there at the end of a test are closed by then. */
  close(): Promise<void>;
}

export type LaunchClient = (options?: LaunchOptions) => Promise<Client>;

interface TestFixtures {
  launchClient: LaunchClient;
  /** Of the test's own PBX: `test.use({ pbxOptions: { world: … } })`. */
  pbxOptions: PbxStartOptions;
  pbx: Pbx;
}

/** The login of a user of the PBX's world, for `launchClient`. */
export function loginOf(pbx: Pbx, sip: string): Login {
  const user = pbx.world.users.find((one) => one.sip === sip);
  if (!user) throw new Error(`the world '${pbx.world.name}' has no user '${sip}'`);
  return { server: pbx.url, user: user.sip, password: user.password };
}

interface WorkerFixtures {
  /** The environment of programs on this worker's display and bus. */
  desktop: Record<string, string>;
  runtime: string;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  desktop: [
    async ({}, use) => {
      const { env } = await ensureDesktop({ preferVirtual: true });
      await use(env);
      await stopAll();
    },
    { scope: 'worker' },
  ],

  runtime: [
    async ({}, use) => {
      const runtime = await ensureRuntime({ say: (text) => console.log(text) });
      // Playwright asks the `electron` package for the program, and the package asks this.
      process.env['ELECTRON_OVERRIDE_DIST_PATH'] = runtime;
      await use(runtime);
    },
    { scope: 'worker' },
  ],

  pbxOptions: [{}, { option: true }],

  pbx: async ({ pbxOptions }, use) => {
    const pbx = await startPbx(pbxOptions);
    await use(pbx);
    await pbx.close();
  },

  launchClient: async ({ desktop, runtime }, use, testInfo) => {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-e2e-'));
    const launched: Launched[] = [];
    await use(async (options = {}) => {
      const userDataDir = options.userDataDir ?? path.join(scratch, `profile-${launched.length + 1}`);
      const env = { ...desktop, ELECTRON_OVERRIDE_DIST_PATH: runtime };
      const client = await launch(options, userDataDir, env);
      launched.push(client);
      return client;
    });
    const failed = testInfo.status !== testInfo.expectedStatus;
    for (const [i, client] of launched.entries()) {
      if (failed) await client.attachTo(testInfo, `client-${i + 1}`);
      await client.close();
    }
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
    const unexpected = launched.flatMap((client) => client.unexpectedErrors());
    if (!failed && unexpected.length > 0) {
      throw new Error(`The window or the main process complained:\n${unexpected.join('\n')}`);
    }
  },
});

interface Launched extends Client {
  unexpectedErrors(): string[];
  attachTo(testInfo: TestInfo, name: string): Promise<void>;
}

async function launch(
  options: LaunchOptions,
  userDataDir: string,
  desktop: Record<string, string>,
): Promise<Launched> {
  const args = [projectRoot, `--user-data-dir=${userDataDir}`, ...(options.args ?? [])];
  const given = (name: string) => args.some((arg) => arg === name || arg.startsWith(`${name}=`));
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  // Whatever the machine offers, a test has no keyring and speaks English unless it says otherwise.
  if (!given('--password-store')) args.push('--password-store=basic');
  if (!given('--lang')) args.push('--lang=en');
  const settingsFile = path.join(userDataDir, 'settings.json');
  if (options.settings || !fs.existsSync(settingsFile)) {
    fs.mkdirSync(userDataDir, { recursive: true });
    // Nobody touches a display of tests for minutes, and whoever is away has another presence than a test expects.
    fs.writeFileSync(settingsFile, JSON.stringify({ awayAfter: 0, ...options.settings }));
  }
  // Nor does it hear of the machine, on which somebody may have locked the screen.
  const machine = { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere/bus' };
  const login = options.login ? { PBX_CHAT_LOGIN: JSON.stringify(options.login) } : {};
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const app = await _electron.launch({
    args,
    cwd: projectRoot,
    env: { ...Object.fromEntries(inherited), ...desktop, ...machine, ...login, ...options.env },
    timeout: 30_000,
  });
  keepAnswers(app);

  const child = app.process();
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const errors: string[] = [];
  const listen = (page: Page) => {
    page.on('pageerror', (error) => errors.push(`uncaught: ${error.stack ?? error.message}`));
    page.on('console', (message: ConsoleMessage) => {
      if (message.type() === 'error') errors.push(`console: ${message.text()} (${message.location().url})`);
    });
  };
  app.on('window', listen);
  app.windows().forEach(listen);
  await app.context().tracing.start({ snapshots: true, screenshots: false });
  const window = await app.firstWindow();
  await useRealFocus(window);

  let closed = false;
  app.on('close', () => (closed = true));
  const close = async () => {
    if (closed) return;
    // Stopped without a path the trace is thrown away.
    await within(CLOSE_MS, app.context().tracing.stop());
    await within(CLOSE_MS, app.close());
    if (!closed && child.exitCode === null) child.kill('SIGKILL');
  };

  const focus = () =>
    app.evaluate(({ BrowserWindow }) => {
      const own = BrowserWindow.getAllWindows()[0];
      return new Promise<void>((resolve) => {
        if (!own || own.isFocused()) return resolve();
        own.once('focus', () => resolve());
        own.show();
        own.focus();
      });
    });
  const blur = () =>
    app.evaluate(({ BrowserWindow }) => {
      const own = BrowserWindow.getAllWindows()[0];
      return new Promise<void>((resolve) => {
        if (!own?.isFocused()) return resolve();
        own.once('blur', () => resolve());
        own.blur();
      });
    });

  return {
    app,
    window,
    userDataDir,
    errors,
    stderr: () => stderr,
    focus: async () => {
      await focus();
      // A page that was told of its focus while it was loading may have missed it.
      if (await window.evaluate(() => document.hasFocus())) return;
      await blur();
      await focus();
      await window.waitForFunction(() => document.hasFocus());
    },
    blur,
    keepPicture: async (name) => {
      await window.screenshot({ path: path.join(projectRoot, 'artifacts/screens', `${name}.png`) });
    },
    close,
    unexpectedErrors: () => {
      const main = stderr.split('\n').filter((line) => /uncaught|unhandled/i.test(line));
      const expected = options.expectErrors ?? [];
      return [...errors, ...main].filter((error) => !expected.some((pattern) => pattern.test(error)));
    },
    attachTo: async (testInfo, name) => {
      const attach = (what: string, body: string | Buffer, contentType: string) =>
        testInfo.attach(`${name}-${what}`, { body, contentType });
      await attach('stderr.txt', stderr, 'text/plain');
      await attach('errors.txt', errors.join('\n'), 'text/plain');
      if (closed) return;
      const picture = await within(CLOSE_MS, window.screenshot());
      if (picture) await attach('screen.png', picture, 'image/png');
      const trace = testInfo.outputPath(`${name}-trace.zip`);
      await within(CLOSE_MS, app.context().tracing.stop({ path: trace }));
      if (fs.existsSync(trace)) {
        await testInfo.attach(`${name}-trace`, { path: trace, contentType: 'application/zip' });
      }
    },
  };
}

/**
 * Playwright makes every page believe that it has the focus, and what this program does depends on the truth. One session
 * cannot undo what another one set unless it sets it first; a page that is loaded again is told again.
 */
async function useRealFocus(window: Page): Promise<void> {
  const session = await window.context().newCDPSession(window);
  const apply = async () => {
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  };
  window.on('domcontentloaded', () => void apply().catch(() => {}));
  await apply();
}

/** What is kept in the main process, by the number of the question. */
interface Answers {
  answers?: Map<number, unknown>;
}

/**
 * What the main process answers is a promise for the debugger, and the garbage collector there may take it before the
 * answer is read. So each answer is held where it is made, and a lost one is asked for again without doing anything twice.
 */
function keepAnswers(app: ElectronApplication): void {
  const evaluate = app.evaluate.bind(app);
  let asked = 0;
  app.evaluate = async <R, Arg>(question: unknown, arg?: Arg): Promise<R> => {
    const call = { id: (asked += 1), source: String(question), arg };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await evaluate((electron, { id, source, arg }) => {
          const answers = ((globalThis as Answers).answers ??= new Map());
          if (!answers.has(id)) {
            const ask = (0, eval)(`(${source})`) as (from: typeof electron, arg: unknown) => unknown;
            answers.set(id, ask(electron, arg));
          }
          return answers.get(id);
        }, call)) as R;
      } catch (error) {
        if (attempt === 5 || !String(error).includes('promise was garbage collected')) throw error;
      }
    }
  };
}

/** For a program that may hang: its answer, or null if it fails or does not come in time. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, milliseconds, null)));
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
