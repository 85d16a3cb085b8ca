// Programs that are started, watched by probe.cjs, and ended: the client with its list, and the empty window.
import { _electron } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import { executableIn } from '../../scripts/electron-runtime.mjs';
import { onLines, start, stop } from '../../scripts/processes.mjs';
import { ChatWindow } from '../e2e/chat-window.ts';
import { answerDialog } from '../e2e/file-steps.ts';
import { startPbx, type Pbx, type World } from '../pbx/index.ts';
import { largeWorld } from '../pbx/worlds/large.ts';

const projectRoot = path.resolve(import.meta.dirname, '../..');
const START_MS = 60_000;
const UPLOAD_MS = 10 * 60_000;
const MIB = 1024 * 1024;

export interface Place {
  runtime: string;
  /** Of the display and the session bus. */
  env: Record<string, string>;
  /** A directory for profiles and files that is removed afterwards. */
  scratch: string;
}

export interface Started {
  /** Milliseconds from the start of the process to what was waited for on screen. */
  paintMs: number;
  /** Working sets of all processes in MiB, when the program is idle. */
  memory: number;
}

/** A user with so many chats of one message, and nothing else in the list. */
export function worldWithChats(chats: number): World {
  const world = largeWorld({ discussions: chats, messages: 0 });
  const users = world.users.map((user) => ({ ...user, favourites: [] }));
  const history = (now: number) =>
    Array.from({ length: chats }, (_, index) => ({
      ...{ from: `user${index + 1}`, to: 'alice', at: now - (index + 1) * 60_000, text: 'Good morning' },
    }));
  return { ...world, users, groups: [], history };
}

export const startEmptyWindow = (place: Place): Promise<Started> =>
  measure(place, path.join(import.meta.dirname, 'empty-window.mjs'), 'empty', 'h1', {});

/** Logged in at `pbx`, until the list of all `chats` has been painted. */
export const startClient = (place: Place, pbx: Pbx, chats: number): Promise<Started> =>
  measure(place, projectRoot, `client-${chats}`, `[role=option][aria-setsize="${chats}"]`, login(pbx));

function login(pbx: Pbx): { PBX_CHAT_LOGIN: string } {
  return { PBX_CHAT_LOGIN: JSON.stringify({ server: pbx.url, user: 'alice', password: 'alice' }) };
}

function args(place: Place, profile: string): string[] {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const data = `--user-data-dir=${path.join(place.scratch, profile)}`;
  return [data, '--password-store=basic', '--lang=en', ...sandbox];
}

async function measure(
  place: Place,
  target: string,
  profile: string,
  selector: string,
  env: Record<string, string>,
): Promise<Started> {
  const probe = path.join(import.meta.dirname, 'probe.cjs');
  const started = Date.now();
  const child = start(executableIn(place.runtime), ['-r', probe, target, ...args(place, profile)], {
    cwd: projectRoot,
    env: { ...process.env, ...place.env, ...env, PBX_CHAT_BENCH_SELECTOR: selector },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const seen: { paintedAt?: number; memory?: number } = {};
  const result = new Promise<Started | null>((resolve) => {
    const timer = setTimeout(resolve, START_MS, null);
    onLines(child.stderr, (line) => said.push(line));
    onLines(child.stdout, (line) => {
      if (line.startsWith('bench ')) Object.assign(seen, JSON.parse(line.slice('bench '.length)));
      if (seen.paintedAt === undefined || seen.memory === undefined) return;
      clearTimeout(timer);
      resolve({ paintMs: seen.paintedAt - started, memory: seen.memory });
    });
    void child.exited.then(() => {
      clearTimeout(timer);
      resolve(null);
    });
  });
  const measured = await result;
  await stop(child);
  if (measured === null) throw new Error(`${target} did not show itself:\n${said.slice(-20).join('\n')}`);
  return measured;
}

/** Sends a file of so many bytes, which takes no room on the disk here. MiB that all processes together grew by, and seconds. */
export async function upload(place: Place, size: number): Promise<{ growth: number; seconds: number }> {
  const file = path.join(place.scratch, 'sparse.bin');
  fs.closeSync(fs.openSync(file, 'w'));
  fs.truncateSync(file, size);
  // It keeps what it receives in files of its own, which end with it.
  const pbx = await startPbx();
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const launched = _electron.launch({
    executablePath: executableIn(place.runtime),
    args: [projectRoot, ...args(place, 'upload')],
    cwd: projectRoot,
    env: { ...Object.fromEntries(inherited), ...place.env, ...login(pbx) },
    timeout: START_MS,
  });
  try {
    const app = await launched;
    const window = await app.firstWindow();
    const chat = new ChatWindow({ app, window });
    await chat.ready();
    await chat.open('Bob Brown');
    await answerDialog(app, [file]);
    const memory = () =>
      app.evaluate(({ app: electron }) =>
        electron.getAppMetrics().reduce((sum, one) => sum + one.memory.workingSetSize, 0),
      );
    const before = await memory();
    let most = before;
    const started = Date.now();
    await window.getByRole('button', { name: 'Attach files' }).click();
    const done = window.locator('[data-upload=done]').waitFor({ timeout: UPLOAD_MS });
    let ended = false;
    const end = () => void (ended = true);
    done.then(end, end);
    while (!ended) {
      most = Math.max(most, await memory());
      await window.waitForTimeout(100);
    }
    await done;
    return { growth: ((most - before) * 1024) / MIB, seconds: (Date.now() - started) / 1_000 };
  } finally {
    await launched.then((app) => app.close()).catch(() => {});
    await pbx.close();
  }
}
