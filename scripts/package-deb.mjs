#!/usr/bin/env node
// The part of fpm that electron-builder uses for a .deb, over dpkg-deb: for machines where fpm cannot be had. It takes
// fpm's arguments and refuses those that it does not know, so that no wish of electron-builder.yml is lost in silence.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const FLAGS = ['--force', '--debug'];
const ONCE = {
  ...{ '-s': 'source', '-t': 'type', '--name': 'name', '--version': 'version', '--iteration': 'iteration' },
  ...{ '--architecture': 'architecture', '--maintainer': 'maintainer', '--vendor': 'vendor', '--url': 'url' },
  ...{ '--description': 'description', '--category': 'section', '--license': 'license', '--package': 'file' },
  ...{ '--after-install': 'postinst', '--after-remove': 'postrm', '--before-install': 'preinst' },
  ...{ '--before-remove': 'prerm', '--deb-priority': 'priority', '--deb-compression': 'compression' },
  '--log': 'log',
};
const OFTEN = { '-d': 'depends', '--deb-recommends': 'recommends' };
const SCRIPTS = ['preinst', 'postinst', 'prerm', 'postrm'];
/** fpm's names of the compressions that are not dpkg-deb's own. */
const COMPRESSION = { gz: 'gzip', zst: 'zstd' };

function fail(message) {
  console.error(`package: ${message}`);
  process.exit(1);
}

function parse(argv) {
  const given = { depends: [], recommends: [], files: [] };
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i];
    if (FLAGS.includes(argument)) continue;
    const equals = argument.indexOf('=');
    if (!argument.startsWith('-')) {
      if (equals < 1) fail(`'${argument}' is not SOURCE=TARGET`);
      // Only a source of the build itself could have a '=' in its name, and it is the target that has none.
      const last = argument.lastIndexOf('=');
      given.files.push({ source: argument.slice(0, last), target: argument.slice(last + 1) });
      continue;
    }
    const name = argument.startsWith('--') && equals > 0 ? argument.slice(0, equals) : argument;
    const value = name === argument ? argv[++i] : argument.slice(equals + 1);
    if (value === undefined) fail(`${name} needs a value`);
    if (name in OFTEN) given[OFTEN[name]].push(value);
    else if (name in ONCE) given[ONCE[name]] = value;
    else fail(`${name} is not understood without fpm: install fpm, or leave the wish out`);
  }
  if (given.source !== 'dir' || given.type !== 'deb')
    fail(`only a .deb is built without fpm, no ${given.type}`);
  return given;
}

/** Copies the files to where they are installed, below `root`. */
function lay(root, files) {
  for (const { source, target } of files) {
    const place = path.join(root, target);
    if (source.endsWith('/')) {
      fs.cpSync(source, place, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
      continue;
    }
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.copyFileSync(source, place);
    fs.chmodSync(place, 0o644);
  }
}

function filesUnder(root) {
  return fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, place: path.join(entry.parentPath, entry.name) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** A file mode of the builder's own umask must not decide whether users may start the program. */
function settleModes(root) {
  fs.chmodSync(root, 0o755);
  for (const { entry, place } of filesUnder(root)) {
    if (entry.isDirectory()) fs.chmodSync(place, 0o755);
    else if (entry.isFile()) fs.chmodSync(place, fs.statSync(place).mode & 0o111 ? 0o755 : 0o644);
  }
}

function controlOf(given, kilobytes) {
  const [synopsis = '', ...rest] = (given.description ?? '').trim().split('\n');
  const long = rest.map((line) => ` ${line.trim() || '.'}`);
  const fields = {
    Package: given.name.toLowerCase().replace(/[^a-z0-9+.-]/g, '-'),
    Version: given.iteration ? `${given.version}-${given.iteration}` : given.version,
    License: given.license,
    Vendor: given.vendor,
    Architecture: given.architecture,
    Maintainer: given.maintainer,
    'Installed-Size': kilobytes,
    Depends: given.depends.join(', '),
    Recommends: given.recommends.join(', '),
    Section: given.section,
    Priority: given.priority,
    Homepage: given.url,
    Description: [synopsis.trim(), ...long].join('\n'),
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

function build(given, root) {
  lay(root, given.files);
  settleModes(root);
  const files = filesUnder(root).filter(({ entry }) => entry.isFile());
  const bytes = files.reduce((sum, { place }) => sum + fs.statSync(place).size, 0);
  const sums = files.map(({ place }) => {
    const sum = createHash('md5').update(fs.readFileSync(place)).digest('hex');
    return `${sum}  ${path.relative(root, place)}\n`;
  });

  const control = path.join(root, 'DEBIAN');
  fs.mkdirSync(control, { mode: 0o755 });
  fs.writeFileSync(path.join(control, 'control'), controlOf(given, Math.ceil(bytes / 1024)));
  fs.writeFileSync(path.join(control, 'md5sums'), sums.join(''));
  for (const name of SCRIPTS.filter((one) => given[one] !== undefined)) {
    fs.copyFileSync(given[name], path.join(control, name));
    fs.chmodSync(path.join(control, name), 0o755);
  }
  const compression = COMPRESSION[given.compression] ?? given.compression ?? 'xz';
  const args = ['--root-owner-group', `-Z${compression}`, '--build', root, given.file];
  const result = spawnSync('dpkg-deb', args, { encoding: 'utf8' });
  if (result.error?.code === 'ENOENT') fail('a .deb needs dpkg-deb, which is not on this machine');
  if (result.status !== 0) fail(`dpkg-deb failed: ${(result.stderr || String(result.error)).trim()}`);
}

const given = parse(process.argv.slice(2));
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-deb-'));
// Also when it fails: a failure ends the process where it is found.
process.on('exit', () => fs.rmSync(root, { recursive: true, force: true }));
build(given, root);
