// Where things are, for all scripts. No dependencies: set-up uses it before there are any.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const projectRoot = path.resolve(import.meta.dirname, '..');

/** The Node that the tools need (24), as installed by the development dependency `node`. */
export function toolchainNode() {
  const file = path.join(
    projectRoot,
    'node_modules/node/bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  return fs.existsSync(file) ? file : process.execPath;
}

/** What may be deleted at any time and is made again: the Electron runtime. PBX_CHAT_CACHE_DIR moves it. */
export function cacheDirectory() {
  return ownDirectory('PBX_CHAT_CACHE_DIR', 'XDG_CACHE_HOME', '.cache');
}

/** What the demo keeps between two starts: the profile of its client. PBX_CHAT_STATE_DIR moves it. */
export function stateDirectory() {
  return ownDirectory('PBX_CHAT_STATE_DIR', 'XDG_STATE_HOME', '.local/state');
}

function ownDirectory(variable, xdgVariable, inHome) {
  const explicit = process.env[variable];
  if (explicit) {
    fs.mkdirSync(explicit, { recursive: true });
    return path.resolve(explicit);
  }
  const base = process.env[xdgVariable];
  const preferred = base && path.isAbsolute(base) ? base : path.join(os.homedir(), inHome);
  return writable(path.join(preferred, 'pbx-chat')) ?? temporary(path.basename(inHome));
}

function writable(directory) {
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.accessSync(directory, fs.constants.W_OK);
    return directory;
  } catch {
    return null;
  }
}

/** For a home that cannot be written. Programs are run from here, so it must be ours and nobody else's. */
function temporary(kind) {
  const user = os.userInfo();
  const directory = path.join(os.tmpdir(), `pbx-chat-${kind.replace('.', '')}-${user.uid}`);
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = fs.lstatSync(directory);
  if (!found.isDirectory() || (user.uid >= 0 && (found.uid !== user.uid || (found.mode & 0o022) !== 0))) {
    throw new Error(
      `${directory} belongs to somebody else: set PBX_CHAT_CACHE_DIR and PBX_CHAT_STATE_DIR to directories of yours.`,
    );
  }
  return directory;
}
