// Starts programs and ends them: every program gets a process group of its own, so that what it starts in turn ends with
// it, and nothing that somebody else started is ever touched.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const GRACE_MS = 5_000;
const isWindows = process.platform === 'win32';

/** Program -> promise of its exit code. */
const running = new Map();
let stopping = false;

/** On Linux the kernel ends a program with the one that started it, even if that is killed and can do nothing any more. */
const guard = findGuard();

function findGuard() {
  const setpriv = ['setpriv', '--pdeathsig', 'TERM'];
  if (process.platform !== 'linux') return [];
  return spawnSync(setpriv[0], [...setpriv.slice(1), 'true'], { stdio: 'ignore' }).status === 0
    ? setpriv
    : [];
}

/**
 * `spawn` for a program that ends with this one. `exited` resolves to its exit code, 128 + n if signal n ended it, or 127
 * if it could not be started. While a signal ends everything it does not resolve any more, so that nothing goes on.
 */
export function start(command, args, options = {}) {
  const [file, ...rest] = [...guard, command, ...args];
  const child = spawn(file, rest, {
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
    detached: !isWindows,
  });
  const closed = new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal]));
  });
  running.set(child, closed);
  child.exited = closed.then((code) => {
    running.delete(child);
    return stopping ? new Promise(() => {}) : code;
  });
  return child;
}

/** Ends a program and its group: asks, and after five seconds insists. Resolves when it is gone. */
export async function stop(child) {
  const closed = running.get(child);
  if (closed === undefined) return;
  signal(child, 'SIGTERM');
  const insist = setTimeout(() => signal(child, 'SIGKILL'), GRACE_MS);
  await closed;
  clearTimeout(insist);
  // Members of the group that outlived its leader.
  signal(child, 'SIGTERM');
}

/** Ends everything that is running, the newest first: a client before its display. */
export async function stopAll() {
  for (const child of [...running.keys()].reverse()) await stop(child);
}

function signal(child, name) {
  if (child.pid === undefined) return;
  try {
    if (isWindows) child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // The group is empty.
  }
}

/** On Ctrl+C and its relatives ends everything that was started, then this program, with the usual exit code. */
export function stopAllOnSignals() {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, async () => {
      if (stopping) return;
      stopping = true;
      await stopAll();
      process.exit(128 + os.constants.signals[name]);
    });
  }
  // The last resort, for an exit that did not wait.
  process.on('exit', () => {
    for (const child of running.keys()) signal(child, 'SIGKILL');
  });
}

/** The first of these programs that is in the search path, as an absolute path; null if none is. */
export function findProgram(...names) {
  for (const name of names) {
    for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(directory, name);
      try {
        fs.accessSync(file, fs.constants.X_OK);
        if (path.isAbsolute(file) && fs.statSync(file).isFile()) return file;
      } catch {
        // Not here.
      }
    }
  }
  return null;
}

/**
 * Lines of a stream as they come, also the last one without an end; `null` for a stream that is not piped.
 */
export function onLines(stream, listener) {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    lines.forEach(listener);
  });
  stream?.on('end', () => rest !== '' && listener(rest));
}
