// The libraries and programs of the system that Electron and the tests need on Linux: found missing by trying, not by
// asking the package database; installed on Debian and its relatives as root, else named. No dependencies.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cacheDirectory } from './places.mjs';
import { findProgram, onLines, start } from './processes.mjs';

/**
 * Library -> Debian packages that have it, newest name first (names with t64: Debian 13, Ubuntu 24.04 and later). Electron
 * links what `ldd` sees and opens the rest when it is used.
 */
const LIBRARIES = {
  'libX11.so.6': ['libx11-6'],
  'libXcomposite.so.1': ['libxcomposite1'],
  'libXdamage.so.1': ['libxdamage1'],
  'libXext.so.6': ['libxext6'],
  'libXfixes.so.3': ['libxfixes3'],
  'libXrandr.so.2': ['libxrandr2'],
  'libasound.so.2': ['libasound2t64', 'libasound2'],
  'libatk-1.0.so.0': ['libatk1.0-0t64', 'libatk1.0-0'],
  'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  'libatspi.so.0': ['libatspi2.0-0t64', 'libatspi2.0-0'],
  'libcairo.so.2': ['libcairo2'],
  'libcups.so.2': ['libcups2t64', 'libcups2'],
  'libdbus-1.so.3': ['libdbus-1-3'],
  'libdrm.so.2': ['libdrm2'],
  'libexpat.so.1': ['libexpat1'],
  'libgbm.so.1': ['libgbm1'],
  'libgcc_s.so.1': ['libgcc-s1'],
  'libgio-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libglib-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgobject-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgtk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'],
  'libnspr4.so': ['libnspr4'],
  'libnss3.so': ['libnss3'],
  'libnssutil3.so': ['libnss3'],
  'libpango-1.0.so.0': ['libpango-1.0-0'],
  'libsmime3.so': ['libnss3'],
  'libudev.so.1': ['libudev1'],
  'libxcb.so.1': ['libxcb1'],
  'libxkbcommon.so.0': ['libxkbcommon0'],
};

/** Not linked, and yet nothing works without them. */
const OPENED_LATER = ['libgtk-3.so.0', 'libX11.so.6'];

/** What the tests of the installed package use; the libraries beside them are those that the package depends on. */
const DESKTOP_TOOLS = ['desktop-file-validate', 'gio', 'xwininfo', 'xdg-open'];

/**
 * Needs of this machine that are not met, as `{ what, packages, required }`. `electron` is the executable; `tests` says
 * that the end-to-end tests are to run, which take a display of their own where they can.
 */
function findMissing(electron, tests) {
  const missing = [];
  for (const library of missingLibraries(electron)) {
    missing.push({ what: library, packages: LIBRARIES[library] ?? [], required: true });
  }
  const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if ((!hasDisplay || tests) && !hasProgram('Xvfb')) {
    missing.push({
      what: 'Xvfb (a display, where there is none)',
      packages: ['xvfb'],
      required: !hasDisplay,
    });
  }
  // dbus-x11, because without it the dependencies of GTK bring a whole systemd into a container.
  if ((!process.env.DBUS_SESSION_BUS_ADDRESS || tests) && !hasProgram('dbus-run-session')) {
    missing.push({
      what: 'dbus-run-session (notifications, badge, tray)',
      packages: ['dbus', 'dbus-x11'],
      required: false,
    });
  }
  if (tests && !hasProgram('dunst')) {
    missing.push({ what: 'dunst (tests of notifications)', packages: ['dunst'], required: false });
  }
  if (tests && !hasProgram('xdotool')) {
    missing.push({ what: 'xdotool (keys, for tests of shortcuts)', packages: ['xdotool'], required: false });
  }
  if (tests && !hasProgram('jwm')) {
    missing.push({
      what: 'jwm (a window manager, for tests of minimised windows)',
      packages: ['jwm'],
      required: false,
    });
  }
  if (tests && !hasProgram('gnome-keyring-daemon')) {
    missing.push({
      what: 'a keyring (tests of stored sessions)',
      packages: ['gnome-keyring', 'libsecret-1-0'],
      required: false,
    });
  }
  if (tests && !DESKTOP_TOOLS.every(hasProgram) && isDebianLike()) {
    missing.push({
      what: 'programs of a desktop (tests of the installed package)',
      packages: ['desktop-file-utils', 'libglib2.0-bin', 'libnotify4', 'libunity9', 'x11-utils', 'xdg-utils'],
      required: false,
    });
  }
  if (tests && isDebianLike() && !fs.existsSync('/usr/share/hunspell-bdic/de_DE.bdic')) {
    missing.push({ what: 'a dictionary (tests of spelling)', packages: ['hunspell-de-de'], required: false });
  }
  if (!hasFont(':lang=en')) {
    missing.push({ what: 'a font', packages: ['fontconfig', 'fonts-dejavu-core'], required: true });
  }
  // One that only an emoji font has: some text fonts know the first faces.
  if (!hasFont(':charset=1f9d1')) {
    missing.push({
      what: 'a font with emoji',
      packages: ['fontconfig', 'fonts-noto-color-emoji'],
      required: false,
    });
  }
  return missing;
}

function missingLibraries(electron) {
  const missing = new Set();
  const linked = spawnSync('ldd', [electron], { encoding: 'utf8' });
  for (const match of (linked.stdout ?? '').matchAll(/^\s*(\S+) => not found$/gm)) missing.add(match[1]);
  const known = spawnSync(fs.existsSync('/sbin/ldconfig') ? '/sbin/ldconfig' : 'ldconfig', ['-p'], {
    encoding: 'utf8',
  });
  if (known.status === 0) {
    for (const library of OPENED_LATER) if (!known.stdout.includes(`\t${library} `)) missing.add(library);
  }
  return [...missing];
}

function hasProgram(name) {
  return findProgram(name) !== null;
}

function hasFont(pattern) {
  if (!hasProgram('fc-list')) return !isDebianLike();
  return spawnSync('fc-list', [pattern, 'family'], { encoding: 'utf8' }).stdout.trim() !== '';
}

function isDebianLike() {
  return hasProgram('apt-get') && fs.existsSync(DPKG_STATUS);
}

const DPKG_STATUS = '/var/lib/dpkg/status';

/**
 * Sees to it that `electron` can run here; `say` gets lines of words. Returns true if it can. On Debian the answer is
 * remembered until a package is installed or removed, so that the second time costs nothing.
 */
export async function ensureSystemPackages({ electron, tests, say }) {
  if (process.platform !== 'linux') return true;
  if (isRemembered(electron, tests)) return true;

  let missing = findMissing(electron, tests);
  if (missing.length > 0 && isDebianLike() && process.getuid() === 0) {
    await install(missing, say);
    missing = findMissing(electron, tests);
  }
  if (missing.length > 0) report(missing, say);
  if (missing.some((need) => need.required)) return false;
  remember(electron, tests);
  return true;
}

async function install(missing, say) {
  say(`missing here: ${missing.map((need) => need.what).join(', ')}`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } };
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2'];
  // What an interrupted installation left half done keeps apt-get from doing anything else.
  await run('dpkg', ['--configure', '-a', '--force-confold'], quiet, () => {});
  // An update may fail for one source of many and still bring what is needed, so its outcome decides nothing.
  const updated = await run('apt-get', [...wait, 'update'], quiet, () => {});
  // A name that this release does not know would keep it from installing the others.
  const names = chooseNames(missing);
  const known = names.filter(isKnownPackage);
  const packages = known.length > 0 ? known : names;
  say(`installing system packages: ${packages.join(' ')}`);
  let others = 0;
  const installed = await run(
    'apt-get',
    [...wait, 'install', '-y', '--no-install-recommends', ...packages],
    quiet,
    (line) => {
      const match = /^Setting up ([^\s:]+)\S* \((\S+)\)/.exec(line);
      if (match && packages.includes(match[1])) say(`  installed ${match[1]} ${match[2]}`);
      else if (match) others++;
    },
  );
  if (others > 0) say(`  and ${others} packages that these depend on`);
  if (installed.code !== 0) {
    say(`apt-get could not install them. It says:\n${tail(`${updated.errors}${installed.output}`)}`);
  }
}

function report(missing, say) {
  const required = missing.filter((need) => need.required);
  const names = (required.length > 0 ? required : missing).map((need) => need.what).join(', ');
  say(`${required.length > 0 ? 'missing on this machine' : 'works better with'}: ${names}`);
  if (!isDebianLike()) {
    say(
      'install what provides them with the package manager of this system, then run the same command again.',
    );
    return;
  }
  const packages = chooseNames(missing).join(' ');
  const sudo = process.getuid() === 0 ? '' : 'sudo ';
  say(`to install: ${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages}`);
}

/** Of every need the first package that this release knows, or the last name if it knows none (lists not fetched yet). */
function chooseNames(missing) {
  const names = new Set();
  for (const { what, packages } of missing) {
    if (what in LIBRARIES) names.add(packages.find(isKnownPackage) ?? packages.at(-1));
    else for (const name of packages) names.add(name);
  }
  return [...names].filter(Boolean).sort();
}

function isKnownPackage(name) {
  const policy = spawnSync('apt-cache', ['policy', name], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return /Candidate: (?!\(none\))/.test(policy.stdout ?? '');
}

async function run(command, args, options, onLine) {
  const child = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  onLines(child.stdout, (line) => {
    output += `${line}\n`;
    onLine(line);
  });
  onLines(child.stderr, (line) => {
    output += `${line}\n`;
    errors += `${line}\n`;
  });
  return { code: await child.exited, output, errors };
}

function tail(text) {
  return text.trim().split('\n').slice(-20).join('\n');
}

// --- what was found last time ---

function memoryFile() {
  return path.join(cacheDirectory(), 'system-packages.json');
}

function circumstances(electron, tests) {
  const status = fs.statSync(DPKG_STATUS, { throwIfNoEntry: false });
  const display = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  // Another version of this file may need something else.
  const needs = fs.statSync(import.meta.filename).size;
  return status && JSON.stringify({ electron, tests, display, dpkg: status.mtimeMs, needs });
}

function isRemembered(electron, tests) {
  try {
    return JSON.parse(fs.readFileSync(memoryFile(), 'utf8')).includes(circumstances(electron, tests));
  } catch {
    return false;
  }
}

/** The last few circumstances: `npm start` and `npm test`, with and without a display, take turns. */
function remember(electron, tests) {
  const now = circumstances(electron, tests);
  if (!now) return;
  let earlier = [];
  try {
    earlier = JSON.parse(fs.readFileSync(memoryFile(), 'utf8'));
  } catch {
    // The first time.
  }
  fs.writeFileSync(memoryFile(), JSON.stringify([now, ...earlier].slice(0, 8)));
}
