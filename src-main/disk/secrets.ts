// Secrets on the disk, encrypted with a key of the system's keyring; without a keyring nothing is written at all. What is
// remembered of a login between two starts is one: the session credentials of the PBX (protocol, section 2), never the
// password.
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

/** None of it ever rejects. */
export interface Sealed<T> {
  /** Null: nothing was kept, or it cannot be read now. */
  load(): Promise<T | null>;
  save(value: T): Promise<'kept' | 'not-kept'>;
  forget(): Promise<void>;
}

const fileFormat = v.object({ version: v.literal(1), secret: v.string() });
const session = v.object({
  server: v.string(),
  user: v.string(),
  session: v.object({ usr: v.string(), pwd: v.string() }),
});

export function createVault(ports: VaultPorts): Vault {
  return sealedFile<Remembered>(ports, 'session', session);
}

/** `name`: of the file, and what the trace calls it. */
export function sealedFile<T>(
  { directory, cipher, trace }: VaultPorts,
  name: string,
  content: v.GenericSchema<unknown, T>,
): Sealed<T> {
  const file = path.join(directory, `${name}.json`);
  // One after the other: a `forget` that overtakes a slow `save` would leave the session on the disk.
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };

  const load = async (): Promise<T | null> => {
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
      trace(`the remembered ${name} cannot be read: ${error instanceof Error ? error.name : 'unknown'}`);
      return null;
    }
  };

  const save = async (value: T): Promise<'kept' | 'not-kept'> => {
    try {
      if (await cipher.ready()) {
        const secret = cipher.encrypt(JSON.stringify(value)).toString('base64');
        await writeFileAtomically(file, `${JSON.stringify({ version: 1, secret })}\n`);
        return 'kept';
      }
    } catch (error) {
      trace(`the ${name} cannot be kept: ${String(error)}`);
    }
    // What was kept before is replaced by now.
    await fs.rm(file, { force: true }).catch(() => undefined);
    return 'not-kept';
  };

  return {
    load: () => inOrder(load),
    save: (value) => inOrder(() => save(value)),
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
