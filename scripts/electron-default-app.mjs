// The program inside the fallback runtime's default_app.asar: `electron [-r module] <directory or file>` as the
// official runtime understands it. Playwright needs `-r`; `npm start` needs the rest.
import { app } from 'electron';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const { target, preloads, version } = parse(process.argv.slice(1));

if (version) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
}
if (target === undefined) {
  console.error('usage: electron [options] <directory or file>');
  process.exit(2);
}

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
try {
  const entry = resolveEntry(path.resolve(target));
  const require = createRequire(entry);
  for (const preload of preloads) require(path.resolve(preload));
  // Electron holds `ready` back until this import has settled, exactly as for a packaged main module.
  await import(pathToFileURL(entry).href);
} catch (error) {
  // Without this the runtime shows a dialog, which nobody can answer on a machine without a display.
  console.error(error);
  process.exit(1);
}

function parse(argv) {
  const result = { target: undefined, preloads: [], version: false };
  for (let i = 0; i < argv.length && result.target === undefined; i++) {
    const arg = argv[i];
    if (arg === '-r' || arg === '--require') result.preloads.push(argv[++i]);
    else if (arg === '-v' || arg === '--version') result.version = true;
    else if (!arg.startsWith('-')) result.target = arg;
  }
  return result;
}

function resolveEntry(target) {
  const isDirectory = fs.statSync(target).isDirectory();
  const directory = isDirectory ? target : path.dirname(target);
  const manifestFile = path.join(directory, 'package.json');
  const manifest = fs.existsSync(manifestFile) ? JSON.parse(fs.readFileSync(manifestFile, 'utf8')) : {};
  if (manifest.version) app.setVersion(manifest.version);
  if (manifest.productName ?? manifest.name) app.name = manifest.productName ?? manifest.name;
  if (manifest.desktopName) app.setDesktopName(manifest.desktopName);
  app.setAppPath(directory);
  return isDirectory ? path.resolve(directory, manifest.main ?? 'index.js') : target;
}
