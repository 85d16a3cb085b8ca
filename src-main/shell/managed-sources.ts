// Where an administrator's settings stand on each system. All of these are places that a person without the rights of an
// administrator cannot write to; on Linux, where that is a matter of the file alone, it is looked at.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { ManagedSource } from '../disk/managed.ts';
import { namesIn } from '../disk/names-in.ts';
import { readRegistry } from './registry-file.ts';

/** README, "For administrators", and the examples in assets/policies name them. */
export const managedPlaces = {
  linux: { file: '/etc/pbx-chat/managed.json', directory: '/etc/pbx-chat/managed.d' },
  darwin: '/Library/Managed Preferences/io.github.pbx-chat.PbxChat.plist',
  win32: 'HKEY_LOCAL_MACHINE\\Software\\Policies\\PBX Chat',
};

/** Milliseconds that a tool of the system may take; then the place counts as damaged. */
const patience = 5000;

/** `scratch`: a directory that is the program's own. */
export function findManaged(platform: NodeJS.Platform, scratch: string): ManagedSource[] {
  if (platform === 'linux') return fromFiles(managedPlaces.linux, 0);
  if (platform === 'darwin') return fromPropertyList(managedPlaces.darwin);
  return platform === 'win32' ? fromRegistry(managedPlaces.win32, scratch) : [];
}

/** The file, then those of the directory by name. `owner`: the user id that has to own them. */
export function fromFiles(
  { file, directory }: { file: string; directory?: string },
  owner: number,
): ManagedSource[] {
  const more =
    directory === undefined
      ? []
      : namesIn(directory)
          .filter((name) => name.endsWith('.json'))
          .map((name) => path.join(directory, name));
  return [file, ...more].flatMap((where) => fromFile(where, owner) ?? []);
}

function fromFile(where: string, owner: number): ManagedSource | null {
  let handle: number;
  try {
    handle = fs.openSync(where, 'r');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? null
      : { where, problem: 'damaged', content: null };
  }
  try {
    // Of what has been opened, not of the name: that may be another file by then.
    const { uid, mode } = fs.fstatSync(handle);
    if (uid !== owner || (mode & 0o022) !== 0) return { where, problem: 'untrusted', content: null };
    return { where, content: JSON.parse(fs.readFileSync(handle, 'utf8')) as unknown };
  } catch {
    return { where, problem: 'damaged', content: null };
  } finally {
    fs.closeSync(handle);
  }
}

/** Written by the system from a configuration profile, and binary: the system's own tool reads it. */
function fromPropertyList(where: string): ManagedSource[] {
  if (!fs.existsSync(where)) return [];
  try {
    const text = execFileSync('/usr/bin/plutil', ['-convert', 'json', '-o', '-', '--', where], {
      encoding: 'utf8',
      timeout: patience,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [{ where, content: JSON.parse(text) as unknown }];
  } catch {
    return [{ where, problem: 'damaged', content: null }];
  }
}

/** Exported to a file, because what the tool prints is in the code page of the console. */
function fromRegistry(where: string, scratch: string): ManagedSource[] {
  const tool = path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
  const file = path.join(scratch, 'managed.reg');
  try {
    fs.mkdirSync(scratch, { recursive: true });
    const options = { timeout: patience, stdio: 'ignore', windowsHide: true } as const;
    execFileSync(tool, ['export', where, file, '/y', '/reg:64'], options);
  } catch {
    // There is no such key: nothing is managed here.
    return [];
  }
  try {
    return [{ where, content: readRegistry(fs.readFileSync(file, 'utf16le'), where) }];
  } catch {
    return [{ where, problem: 'damaged', content: null }];
  } finally {
    fs.rmSync(file, { force: true });
  }
}
