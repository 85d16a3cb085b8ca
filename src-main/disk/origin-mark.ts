// The mark that a file came from outside, where the platform has one, so that its own guards (SmartScreen, Gatekeeper,
// protected view) see it. It names the server and not the address: who knows the address has the file.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';

const timeout = 3_000;

/** Never rejects: a file system that cannot be marked has no guard that reads marks. `host`: of the server. */
export async function markOrigin(
  file: string,
  host: string,
  platform: NodeJS.Platform,
  now: number,
): Promise<void> {
  const origin = `https://${host}/`;
  try {
    switch (platform) {
      case 'win32':
        return await fs.writeFile(`${file}:Zone.Identifier`, zoneIdentifier(origin));
      case 'darwin':
        return await run('/usr/bin/xattr', ['-w', 'com.apple.quarantine', quarantine(now), file]);
      default:
        // Of the attr package, which not every system has.
        return await run('setfattr', ['-n', 'user.xdg.origin.url', '-v', origin, '--', file]);
    }
  } catch {
    return;
  }
}

/** Zone 3 is the internet. */
export function zoneIdentifier(origin: string): string {
  return `[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=${origin}\r\n`;
}

/** Flags (downloaded, not approved yet), seconds in hex, program, id. */
export function quarantine(now: number): string {
  return `0083;${Math.floor(now / 1000).toString(16)};PBX Chat;${randomUUID().toUpperCase()}`;
}

function run(command: string, parameters: string[]): Promise<void> {
  return new Promise((done, failed) => {
    execFile(command, parameters, { timeout, windowsHide: true }, (error) =>
      error ? failed(error) : done(),
    );
  });
}
