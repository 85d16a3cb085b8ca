// A lock file between processes, for work that must not run twice at the same time (installing, unpacking a runtime).
// No dependencies: it is needed before there are any.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const HEARTBEAT_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 250;

/**
 * Runs `work` while holding `file`, and waits for another holder first. A holder that died is noticed by its process id
 * at once, one on another machine (shared file system) by its heartbeat after a minute. `work` gets a function that adds
 * the id of a child process: as long as that lives the lock is held, even if this process is killed.
 * `onWait` is called once if there is somebody to wait for.
 */
export async function withLock(file, onWait, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const holder = { token: randomUUID(), pids: [process.pid], host: os.hostname() };
  let own = JSON.stringify(holder);
  for (let waited = false; !take(file, own); await new Promise((done) => setTimeout(done, POLL_MS))) {
    if (isAbandoned(file)) {
      breakLock(file);
    } else if (!waited) {
      waited = true;
      onWait();
    }
  }
  const adopt = (pid) => {
    if (pid === undefined || read(file) !== own) return;
    holder.pids.push(pid);
    own = JSON.stringify(holder);
    writeAside(file, own, (draft) => fs.renameSync(draft, file));
  };
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  const release = () => {
    if (read(file) === own) fs.rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work(adopt);
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

function take(file, own) {
  try {
    writeAside(file, own, (draft) => fs.linkSync(draft, file));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Written aside and then put in place, so that nobody ever reads a half-written lock. */
function writeAside(file, content, putInPlace) {
  const draft = `${file}.${randomUUID()}`;
  try {
    fs.writeFileSync(draft, content);
    putInPlace(draft);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function isAbandoned(file) {
  try {
    const { pids, host } = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (host === os.hostname() && !pids.some(isAlive)) return true;
    return Date.now() - fs.statSync(file).mtimeMs > STALE_MS;
  } catch (error) {
    return error.code !== 'ENOENT';
  }
}

/** Two waiters may both find the same dead lock; the breaker file lets one of them remove it, and only that one. */
function breakLock(file) {
  const breaker = `${file}.break`;
  try {
    if (Date.now() - fs.statSync(breaker).mtimeMs > STALE_MS) fs.rmSync(breaker, { force: true });
  } catch {
    // Nobody is breaking it.
  }
  try {
    fs.closeSync(fs.openSync(breaker, 'wx'));
  } catch {
    return;
  }
  try {
    if (isAbandoned(file)) fs.rmSync(file, { force: true });
  } finally {
    fs.rmSync(breaker, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function touch(file) {
  try {
    fs.utimesSync(file, new Date(), new Date());
  } catch {
    // Removed under us: the work goes on, and the release below finds nothing to remove.
  }
}
