#!/usr/bin/env node
// `npm run package`: what electron-builder.yml describes, as far as this machine can build it without the network, into
// release/; and a closing list of what was built, and of what was left out and why.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { ensureRuntime, RuntimeError } from './electron-runtime.mjs';
import { withLock } from './lock.mjs';
import { unsetFuses } from './package-fuses.mjs';
import { collectNotices, NoticesError } from './package-notices.mjs';
import { cacheDirectory, projectRoot } from './places.mjs';
import { findProgram } from './processes.mjs';

const USAGE = `npm run package                  what this machine can build without the network
npm run package -- deb tar.gz    these targets of electron-builder.yml; what they need is downloaded
npm run package -- --all         every target of this system

  --fast       packs less tightly, to try it
  --help       print this
`;

const release = path.join(projectRoot, 'release');
/** The unpacked program, its archive before and after compression, and the tree that a package is made from. */
const NEEDED_MB = 1_500;
const SYSTEMS = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };
const SECTIONS = { linux: 'linux', win32: 'win', darwin: 'mac' };

const say = (text) => console.error(`package: ${text}`);

/** A failure with words for the person in front of it. */
class PackageError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function readOptions() {
  try {
    const flag = { type: 'boolean', default: false };
    const { values, positionals } = parseArgs({
      options: { all: flag, fast: flag, help: { ...flag, short: 'h' } },
      allowPositionals: true,
    });
    if (values.all && positionals.length > 0) throw new Error('--all names all targets already.');
    return { ...values, targets: positionals };
  } catch (error) {
    throw new PackageError(`${error.message.split('\n')[0]}\n\n${USAGE}`, 2);
  }
}

// --- the tools of the machine ---

/**
 * The programs that electron-builder would download, where this machine has them or has what does their work: as
 * environment variables of electron-builder, and the targets that can be built with them.
 */
function findTools() {
  const env = {};
  const targets = ['dir'];
  const missing = {};
  if (process.platform !== 'linux') return { env, targets, missing };

  const archiver = process.env.ELECTRON_BUILDER_7ZIP_PATH ?? findProgram('7za', '7zz', '7z');
  env.ELECTRON_BUILDER_7ZIP_PATH = archiver ?? path.join(import.meta.dirname, 'package-gzip.mjs');
  targets.push('tar.gz');

  const fpm = process.env.CUSTOM_FPM_PATH ?? findProgram('fpm');
  if (fpm !== null) {
    env.CUSTOM_FPM_PATH = fpm;
    targets.push('deb');
    if (findProgram('rpmbuild')) targets.push('rpm');
    else missing.rpm = 'needs rpmbuild (Debian: rpm)';
  } else if (findProgram('dpkg-deb')) {
    env.CUSTOM_FPM_PATH = path.join(import.meta.dirname, 'package-deb.mjs');
    targets.push('deb');
  } else {
    missing.deb = 'needs dpkg-deb (Debian: dpkg; elsewhere a package named dpkg)';
  }
  return { env, targets, missing };
}

// --- what to build ---

function configuredTargets(config, section) {
  return config[section].target.map((entry) => (typeof entry === 'string' ? { target: entry } : entry));
}

/** The entries of electron-builder.yml that are wanted now, and with which of the found tools. */
function plan(options, config, tools) {
  const configured = configuredTargets(config, SECTIONS[process.platform]);
  const names = ['dir', ...configured.map(({ target }) => target)];
  const unknown = options.targets.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new PackageError(
      `There is no target '${unknown}' for ${SYSTEMS[process.platform]}. There are: ${names.join(', ')}.`,
      2,
    );
  }
  const offline = !options.all && options.targets.length === 0;
  const wanted = offline ? tools.targets : options.all ? names : options.targets;
  const env = { ...tools.env };
  // Our own stand-ins make one thing each. For anything else electron-builder fetches the real tool.
  if (wanted.includes('rpm') && !tools.targets.includes('rpm')) delete env.CUSTOM_FPM_PATH;
  // Of other processors' programs there are none here; the others are this machine's, as the runtime is.
  const entries = wanted.map((name) => configured.find(({ target }) => target === name) ?? { target: name });
  const foreign = entries.some(({ arch }) => arch !== undefined);
  return { entries, env, offline, foreign, left: names.filter((name) => !wanted.includes(name)) };
}

/** Who publishes says so in the environment; see the README. */
function publisher() {
  const { PBX_CHAT_MAINTAINER: maintainer, PBX_CHAT_HOMEPAGE: homepage } = process.env;
  if (maintainer && !/^[^<>]+ <[^<>@\s]+@[^<>@\s]+>$/.test(maintainer)) {
    throw new PackageError('PBX_CHAT_MAINTAINER is a name and an address: Some Body <somebody@example.com>.');
  }
  if (homepage && !URL.canParse(homepage)) throw new PackageError('PBX_CHAT_HOMEPAGE is not a URL.');
  return { maintainer, homepage, publish: updateFeed() };
}

/** Where the packages are told to look for newer ones; null: nowhere. */
function updateFeed() {
  const url = process.env.PBX_CHAT_UPDATE_FEED;
  if (!url) return null;
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw new PackageError('PBX_CHAT_UPDATE_FEED is an https address.');
  }
  return { provider: 'generic', url };
}

async function packageProgram(options) {
  const section = SECTIONS[process.platform];
  if (section === undefined) throw new PackageError('packages are built on Linux, Windows and macOS.');
  const { load } = await import('js-yaml');
  const config = load(fs.readFileSync(path.join(projectRoot, 'electron-builder.yml'), 'utf8'));
  const tools = findTools();
  const { entries, env, offline, foreign, left } = plan(options, config, tools);
  const { maintainer, homepage, publish } = publisher();

  if ((await build()) === true) say('built the program');
  const runtime = await ensureRuntime({ say });
  const electronVersion = fs.readFileSync(path.join(runtime, 'version'), 'utf8').trim().replace(/^v/, '');
  const notices = collectNotices(path.join(projectRoot, 'out'));
  checkSpace();
  fs.rmSync(release, { recursive: true, force: true, maxRetries: 3 });

  const artifacts = [];
  const unpacked = new Map();
  Object.assign(process.env, env);
  const { Arch, build: buildPackages, Platform } = await import('electron-builder');
  await buildPackages({
    projectDir: projectRoot,
    publish: 'never',
    targets: new Map([[Platform.current(), byProcessor(entries, Arch)]]),
    config: {
      // A path with a space must be quoted in a .desktop file, and xdg-open cannot read quotes: links would not open.
      ...(section === 'linux' && { productName: 'pbx-chat' }),
      ...(!foreign && { electronDist: runtime }),
      electronVersion: foreign ? pinnedElectron() : electronVersion,
      ...(options.fast && { compression: 'store', deb: { compression: 'gz' } }),
      ...(process.env.PBX_CHAT_REQUIRE_SIGNING === '1' && { forceCodeSigning: true }),
      extraMetadata: { homepage: homepage ?? 'https://pbx-chat.invalid' },
      publish,
      ...(maintainer && { linux: { maintainer } }),
      afterPack: ({ appOutDir, packager }) => {
        finishUnpacked(appOutDir, packager.getResourcesDir(appOutDir), notices);
        unpacked.set(appOutDir, packedExecutable(appOutDir, packager));
      },
      artifactBuildCompleted: ({ file }) => void artifacts.push(file),
    },
  });

  await checkFuses(unpacked.values(), config.electronFuses);
  for (const directory of unpacked.keys()) if (fs.existsSync(directory)) artifacts.unshift(directory);
  report({ artifacts, left, offline, tools, config, electronVersion, foreign });
}

/** electron-builder's own form of the wish: names of targets for each processor, this machine's if none is named. */
function byProcessor(entries, Arch) {
  const wanted = new Map();
  for (const { target, arch = [process.arch] } of entries) {
    for (const name of [arch].flat()) wanted.set(Arch[name], [...(wanted.get(Arch[name]) ?? []), target]);
  }
  return wanted;
}

function pinnedElectron() {
  const file = path.join(projectRoot, 'node_modules/electron/package.json');
  return JSON.parse(fs.readFileSync(file, 'utf8')).version;
}

function checkSpace() {
  const { bavail, bsize } = fs.statfsSync(projectRoot);
  const megabytes = Math.floor((bavail * bsize) / 1e6);
  if (megabytes < NEEDED_MB) {
    throw new PackageError(
      `${projectRoot} has ${megabytes} MB of space left, and packaging needs ${NEEDED_MB} MB for a while. Make room and try again.`,
    );
  }
}

/** Takes out what belongs to the runtime alone, and puts the licences in. */
function finishUnpacked(directory, resources, notices) {
  fs.rmSync(path.join(directory, '.ready'), { force: true });
  fs.rmSync(path.join(resources, 'default_app.asar'), { force: true });
  fs.rmSync(path.join(resources, 'app'), { recursive: true, force: true });
  fs.copyFileSync(path.join(projectRoot, 'LICENSE'), path.join(resources, 'LICENSE.txt'));
  fs.writeFileSync(path.join(resources, 'THIRD-PARTY-NOTICES.txt'), notices);
}

function packedExecutable(directory, packager) {
  const { productFilename } = packager.appInfo;
  if (process.platform === 'darwin') {
    return path.join(directory, `${productFilename}.app/Contents/MacOS/${productFilename}`);
  }
  if (process.platform === 'win32') return path.join(directory, `${productFilename}.exe`);
  return path.join(directory, packager.executableName);
}

async function checkFuses(executables, wanted) {
  for (const executable of executables) {
    // Of a universal program the halves are gone by now, and were merged into one that is in the list as well.
    if (!fs.existsSync(executable)) continue;
    const unset = await unsetFuses(executable, wanted);
    if (unset.length === 0) continue;
    fs.rmSync(release, { recursive: true, force: true });
    throw new PackageError(
      `${path.relative(projectRoot, executable)} was packed with other fuses than electron-builder.yml asks for (${unset.join(', ')}), so nothing of it was kept.`,
    );
  }
}

// --- what came of it ---

function report({ artifacts, left, offline, tools, config, electronVersion, foreign }) {
  const lines = artifacts.map((file) => [path.relative(projectRoot, file), describe(file)]);
  console.log(`\nbuilt, with Electron ${foreign ? pinnedElectron() : electronVersion}:`);
  printTable(lines);
  if (!foreign && electronVersion !== pinnedElectron()) {
    console.log(
      `  The pinned Electron ${pinnedElectron()} is not on this machine: these are to try, not to give to users.`,
    );
  }
  if (!offline) return;
  const others = Object.keys(SECTIONS).filter((platform) => platform !== process.platform);
  const rows = left.map((name) => [
    name,
    tools.missing[name] ?? `electron-builder downloads what it needs for it: npm run package -- ${name}`,
  ]);
  for (const platform of others) {
    const names = configuredTargets(config, SECTIONS[platform]).map(({ target }) => target);
    const what = `${SYSTEMS[platform]}: ${names.join(', ')}`;
    rows.push([what, `built on ${SYSTEMS[platform]}: npm run package -- --all`]);
  }
  console.log('left out:');
  printTable(rows);
}

function printTable(rows) {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  for (const [first, second] of rows) console.log(`  ${first.padEnd(width)}  ${second}`);
}

function describe(file) {
  const stat = fs.statSync(file);
  return stat.isDirectory() ? 'the program, unpacked' : `${(stat.size / 1e6).toFixed(1)} MB`;
}

// --- running it ---

async function run() {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  process.chdir(projectRoot);
  const key = createHash('sha256').update(projectRoot).digest('hex').slice(0, 16);
  const lock = path.join(cacheDirectory(), `package-${key}.lock`);
  await withLock(
    lock,
    () => say('another packaging is running here, waiting for it'),
    () => packageProgram(options),
  );
}

/** Words for what a person can mend; null for what is a fault of the program. */
function explain(error) {
  const told = [PackageError, RuntimeError, NoticesError].some((kind) => error instanceof kind);
  if (told) return error.message;
  if (error.code === 'ENOSPC' || /ENOSPC|No space left/.test(error.message)) {
    return 'no space is left on the disk. What is in release/ is incomplete: make room and try again.';
  }
  if (['EACCES', 'EROFS', 'EPERM'].includes(error.code)) {
    return `${error.path ?? 'a file'} cannot be written: it may not be. Mend that and try again.`;
  }
  if (
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|fetch failed/.test(
      `${error.code} ${error.message}`,
    )
  ) {
    return `a tool of electron-builder could not be downloaded (${error.message.split('\n')[0]}). Without the network: npm run package, without the names of targets.`;
  }
  return null;
}

try {
  await run();
} catch (error) {
  const words = explain(error);
  console.error(words === null ? error : `package: ${words}`);
  process.exitCode = error.exitCode ?? 1;
}
