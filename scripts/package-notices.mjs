// The licences of everything that travels inside the program. What that is, the bundler knows best: its source maps name
// every module that it took, also those of tools whose runtime ends up in the window. Data without a map (emoji names)
// comes in through the lock file: whatever is not for development.
import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from './places.mjs';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-]|$)/i;
const RULE = '-'.repeat(80);

export class NoticesError extends Error {}

/** The text of THIRD-PARTY-NOTICES for the program that was built in `out`. */
export function collectNotices(out) {
  const packages = [...new Set([...bundledPackages(out), ...shippedPackages()])]
    .map(readPackage)
    .filter((one) => one !== null)
    .sort((a, b) => (a.title < b.title ? -1 : 1));
  const unlicensed = packages.filter(({ licence, text }) => licence === null && text === null);
  if (unlicensed.length > 0) {
    const names = unlicensed.map(({ title }) => title).join(', ');
    throw new NoticesError(
      `no licence is known of ${names}: what is not licensed cannot be given to others.`,
    );
  }
  const head =
    'PBX Chat contains the following software of others, under the licences below. The licences of Electron and of\n' +
    'Chromium are in LICENSE.electron.txt and LICENSES.chromium.html beside the program.\n';
  return [head, ...packages.map(notice)].join(`\n${RULE}\n\n`);
}

/** Places in node_modules, as the lock file writes them: 'node_modules/a/node_modules/@b/c'. */
function bundledPackages(out) {
  const maps = fs.readdirSync(out, { recursive: true }).filter((name) => name.endsWith('.map'));
  if (maps.length === 0) {
    throw new NoticesError(
      'the built program has no source maps, which name what is bundled: npm run build -- --force.',
    );
  }
  const found = new Set();
  for (const name of maps) {
    const { sources } = JSON.parse(fs.readFileSync(path.join(out, name), 'utf8'));
    for (const source of sources) {
      const place = /(?:^|\/)(node_modules\/.*)$/.exec(source ?? '')?.[1];
      const own = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(place ?? '')?.[0];
      if (own !== undefined) found.add(own);
    }
  }
  return found;
}

function shippedPackages() {
  const lock = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([place, { dev, devOptional, link }]) => place !== '' && !dev && !devOptional && !link)
    .map(([place]) => place);
}

/** Null for what is not installed here: an optional package of another system. */
function readPackage(place) {
  const directory = path.join(projectRoot, place);
  const file = path.join(directory, 'package.json');
  if (!fs.existsSync(file)) return null;
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
  const texts = fs
    .readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map((entry) => fs.readFileSync(path.join(directory, entry.name), 'utf8').trim());
  const licence = manifest.license?.type ?? manifest.license ?? manifest.licenses?.[0]?.type ?? null;
  const author = manifest.author?.name ?? manifest.author ?? null;
  return {
    title: `${manifest.name} ${manifest.version}`,
    licence,
    author: typeof author === 'string' ? author.replace(/\s*[<(].*$/, '') : null,
    text: texts.length > 0 ? texts.join('\n\n') : null,
  };
}

function notice({ title, licence, author, text }) {
  const by = text === null && author ? `Copyright: ${author}\n` : '';
  return `${title}\nLicence: ${licence ?? 'see below'}\n${by}${text === null ? '' : `\n${text}\n`}`;
}
