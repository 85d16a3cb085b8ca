#!/usr/bin/env node
// `npm run build`: main process, preload script and window into out/, and the pictures that the main process shows.
// Does nothing when nothing changed since the last time; --force builds all the same, --watch goes on building.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { withLock } from './lock.mjs';
import { cacheDirectory, projectRoot } from './places.mjs';

/** Where each configuration puts its output, below out/. */
const BUILDS = {
  main: 'vite.main.config.ts',
  preload: 'vite.preload.config.ts',
  renderer: 'vite.renderer.config.ts',
};
const INPUTS = [
  ...['src-main', 'src-renderer', 'assets', 'scripts/build.mjs', 'package.json', 'package-lock.json'],
  ...['svelte.config.js', 'tsconfig.json', ...Object.values(BUILDS)],
];
/** Built beside what is there, so that a build that fails leaves a program that starts. */
const DRAFTS = path.join(projectRoot, 'out/.draft');
const STAMP = path.join(projectRoot, 'out/.inputs');

/** Builds what is not built yet. Returns false if nothing had to be done. Throws what Vite throws. */
export async function build({ force = false, logLevel = 'warn' } = {}) {
  process.chdir(projectRoot);
  const lock = path.join(cacheDirectory(), `build-${digest(projectRoot).slice(0, 16)}.lock`);
  return withLock(
    lock,
    () => {},
    async () => {
      const inputs = hashInputs();
      if (!force && readStamp() === inputs) return false;
      fs.rmSync(STAMP, { force: true });
      const { build: viteBuild } = await import('vite');
      fs.rmSync(DRAFTS, { recursive: true, force: true });
      await Promise.all(
        Object.entries(BUILDS).map(([name, configFile]) =>
          viteBuild({ configFile, logLevel, build: { outDir: path.join(DRAFTS, name) } }),
        ),
      );
      Object.keys(BUILDS).forEach(putInPlace);
      fs.rmSync(DRAFTS, { recursive: true, force: true });
      copyPictures();
      // The hash from before: what was changed while Vite was reading is built again the next time.
      fs.writeFileSync(STAMP, inputs);
      return true;
    },
  );
}

async function watch() {
  process.chdir(projectRoot);
  fs.rmSync(STAMP, { force: true });
  copyPictures();
  const { build: viteBuild } = await import('vite');
  await Promise.all(
    Object.values(BUILDS).map((configFile) => viteBuild({ configFile, build: { watch: {} } })),
  );
}

function putInPlace(name) {
  const place = path.join(projectRoot, 'out', name);
  if (fs.existsSync(place)) fs.renameSync(place, path.join(DRAFTS, `${name}.old`));
  fs.renameSync(path.join(DRAFTS, name), place);
}

/** The pictures of window and tray, as files: Electron picks the size for the scale of the screen by their names. */
function copyPictures() {
  const target = path.join(projectRoot, 'out/assets');
  fs.rmSync(target, { recursive: true, force: true });
  for (const name of ['icon.png', 'tray']) {
    const source = path.join(projectRoot, 'assets', name);
    if (fs.existsSync(source)) fs.cpSync(source, path.join(target, name), { recursive: true });
  }
}

function hashInputs() {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap(filesUnder).sort()) {
    hash.update(`${file}\0${digest(fs.readFileSync(path.join(projectRoot, file)))}\n`);
  }
  return hash.digest('hex');
}

function filesUnder(name) {
  const place = path.join(projectRoot, name);
  if (!fs.existsSync(place)) return [];
  if (!fs.statSync(place).isDirectory()) return [name];
  return fs
    .readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)));
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex');
}

function readStamp() {
  try {
    return fs.readFileSync(STAMP, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
  const { values } = parseArgs({ options: { force: { type: 'boolean' }, watch: { type: 'boolean' } } });
  if (values.watch) await watch();
  else if (!(await build({ force: values.force ?? false, logLevel: 'info' })))
    console.log('build: nothing changed');
}
