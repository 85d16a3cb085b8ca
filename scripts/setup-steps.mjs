// The steps of set-up, in order. No dependencies: the first step brings them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { cacheDirectory, projectRoot, toolchainNode } from './places.mjs';
import { onLines, start, stopAllOnSignals } from './processes.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const TOOLCHAIN_MAJOR = 24;

const say = (text) => console.error(`setup: ${text}`);

/** Returns true if everything is there. `--retry-electron` tries the download of the pinned Electron once more. */
export async function setUp(args) {
  const event = process.env.npm_lifecycle_event;
  const needs = { electron: event !== 'prepbx', tests: event === 'pretest' || event === 'setup' };
  const retry = args.includes('--retry-electron');
  // What was started is ended and waited for before the lock is let go: an npm that is told to stop goes on for a while.
  stopAllOnSignals();
  try {
    if (!isInstalled()) await withSetupLock(installDependencies);
    if (!isInstalled()) return false;
    if (!needs.electron) return true;
    const electron = await electronExecutable(retry);
    if (electron === null) return false;
    return await ensureSystemPackages({ electron, tests: needs.tests, say });
  } catch (error) {
    if (!['ENOSPC', 'EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
    const reason = error.code === 'ENOSPC' ? 'no space is left on the disk' : 'it may not be written';
    say(`${error.path ?? 'a file'} cannot be written: ${reason}. Mend that and try again.`);
    return false;
  }
}

function withSetupLock(work) {
  const name = createHash('sha256').update(projectRoot).digest('hex').slice(0, 16);
  const file = path.join(cacheDirectory(), `setup-${name}.lock`);
  return withLock(file, () => say('another set-up is running here, waiting for it'), work);
}

// --- dependencies ---

function isInstalled() {
  return isInStep() && hasToolchain();
}

/**
 * npm keeps beside the packages a list of what it put there, and writes it last. What the lock file asks for and that list
 * does not have (but for packages meant for other systems) is missing; so is everything if an installation was interrupted.
 */
function isInStep() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  if (wanted === null || present === null) return false;
  for (const [place, { version, optional }] of Object.entries(wanted)) {
    if (place === '') continue;
    const found = present[place];
    if (found === undefined ? !optional : found.version !== version) return false;
    if (found !== undefined && !fs.existsSync(path.join(projectRoot, place, 'package.json'))) return false;
  }
  return Object.keys(present).every((place) => place in wanted);
}

function readPackages(name) {
  try {
    return JSON.parse(fs.readFileSync(path.join(projectRoot, name), 'utf8')).packages;
  } catch {
    return null;
  }
}

function hasToolchain() {
  return toolchainNode() !== process.execPath || isToolchain(process.versions.node);
}

function isToolchain(version) {
  return Number(version.split('.')[0]) >= TOOLCHAIN_MAJOR;
}

async function installDependencies(adopt) {
  const upToDate = isInStep();
  if (!upToDate && !(await installPackages(adopt))) return;
  if (!(await installToolchain(adopt)) && upToDate) {
    // The packages only looked as if they were all there.
    if (!(await installPackages(adopt))) return;
    await installToolchain(adopt);
  }
  if (toolchainRuns()) return;
  fs.rmSync(path.join(projectRoot, 'node_modules/node/bin'), { recursive: true, force: true });
  say(
    `Node ${TOOLCHAIN_MAJOR} could not be fetched. Allow the install script of the package "node" ` +
      `(npm config get ignore-scripts), or run this with Node ${TOOLCHAIN_MAJOR} or newer.`,
  );
}

async function installPackages(adopt) {
  say('installing the locked dependencies (npm ci)');
  let { ok, errors } = await npm(['ci'], adopt);
  if (!ok && /\b(ENOTEMPTY|EEXIST|ENOENT)\b/.test(errors)) {
    say('the directory node_modules is in disorder: removing it and trying once more');
    fs.rmSync(path.join(projectRoot, 'node_modules'), { recursive: true, force: true, maxRetries: 5 });
    ({ ok } = await npm(['ci'], adopt));
  }
  if (!ok) say('npm ci failed. A package registry must be reachable (npm ping); what npm says is above.');
  return ok;
}

/** The package `node` fetches its binary in an install script, and those can be switched off in npm's settings. */
async function installToolchain(adopt) {
  if (toolchainRuns()) return true;
  say(`fetching Node ${TOOLCHAIN_MAJOR} for the tools`);
  await npm(['rebuild', 'node', '--ignore-scripts=false'], adopt);
  return toolchainRuns();
}

function toolchainRuns() {
  const result = spawnSync(toolchainNode(), ['--version'], { encoding: 'utf8' });
  return result.status === 0 && isToolchain(result.stdout.trim().replace(/^v/, ''));
}

async function npm(args, adopt) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []];
  // By itself npm waits for more than a minute before it says that there is no network.
  const retries = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];
  const child = start(command, [...first, ...args, '--loglevel=error', ...retries], {
    cwd: projectRoot,
    stdio: ['ignore', 2, 'pipe'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  adopt(child.pid);
  let errors = '';
  onLines(child.stderr, (line) => {
    errors += `${line}\n`;
    console.error(line);
  });
  return { ok: (await child.exited) === 0, errors };
}

// --- Electron ---

/** Looks, and only if there is nothing starts the program that makes one, with the Node that its tools need. */
async function electronExecutable(retry) {
  const { executableIn, findRuntime } = await import('./electron-runtime.mjs');
  let directory = retry ? null : findRuntime();
  if (directory === null) {
    const args = [path.join(import.meta.dirname, 'electron-runtime.mjs'), ...(retry ? ['--retry'] : [])];
    const maker = start(toolchainNode(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onLines(maker.stdout, (line) => (directory = line));
    if ((await maker.exited) !== 0) return null;
  }
  return executableIn(directory);
}
