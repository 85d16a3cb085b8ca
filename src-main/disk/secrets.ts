// What is remembered of a login between two starts: the session credentials of the PBX (protocol, section 2), never
// the password, encrypted with a key of the system's keyring. Without a keyring nothing is written at all.
import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Remembered, Vault } from '../chat/ports.ts';
import { writeFileAtomically } from './atomic-file.ts';

/** The keyring. `ready` is bounded in time; the other two are called only after it was true, and may throw. */
export interface Cipher {
  ready(): Promise<boolean>;
  encrypt(text: string): Buffer;
  decrypt(bytes: Buffer): string;
}

export interface VaultPorts {
  /** Exists. */
  directory: string;
  cipher: Cipher;
  trace(text: string): void;
}

const fileFormat = v.object({ version: v.literal(1), secret: v.string() });
const content = v.object({
  server: v.string(),
  user: v.string(),
  session: v.object({ usr: v.string(), pwd: v.string() }),
});

export function createVault({ directory, cipher, trace }: VaultPorts): Vault {
  const file = path.join(directory, 'session.json');
  // One after the other: a `forget` that overtakes a slow `save` would leave the session on the disk.
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };

  const load = async (): Promise<Remembered | null> => {
    let text: string;
    try {
      text = await fs.readFile(file, 'utf8');
    } catch {
      return null;
    }
    // A locked keyring leaves the file as it is: the next start may find it open.
    if (!(await cipher.ready())) return null;
    try {
      const { secret } = v.parse(fileFormat, JSON.parse(text));
      return v.parse(content, JSON.parse(cipher.decrypt(Buffer.from(secret, 'base64'))));
    } catch (error) {
      // Written with another key, by another version, or damaged: worth nothing, and the next login replaces it.
      trace(`the remembered session cannot be read: ${error instanceof Error ? error.name : 'unknown'}`);
      return null;
    }
  };

  const save = async (remembered: Remembered): Promise<'kept' | 'not-kept'> => {
    try {
      if (await cipher.ready()) {
        const secret = cipher.encrypt(JSON.stringify(remembered)).toString('base64');
        await writeFileAtomically(file, `${JSON.stringify({ version: 1, secret })}\n`);
        return 'kept';
      }
    } catch (error) {
      trace(`the session cannot be kept: ${String(error)}`);
    }
    // What an earlier login left belongs to a session that is replaced by now.
    await fs.rm(file, { force: true }).catch(() => undefined);
    return 'not-kept';
  };

  return {
    load: () => inOrder(load),
    save: (remembered) => inOrder(() => save(remembered)),
    forget: () => inOrder(() => fs.rm(file, { force: true }).catch((error) => trace(String(error)))),
  };
}

/** The same vault, which does not know what was remembered of another server. */
export function onlyFor(vault: Vault, wanted: (remembered: Remembered) => boolean): Vault {
  return {
    ...vault,
    async load() {
      const remembered = await vault.load();
      return remembered !== null && wanted(remembered) ? remembered : null;
    },
  };
}
