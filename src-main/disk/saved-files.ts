// Saves what comes out of the network: under a safe name, beside what is there, whole or not at all.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { FileReason, Reason, Result } from '../ipc/contract.ts';
import { numbered, safeFileName } from './file-name.ts';
import { markOrigin } from './origin-mark.ts';

/** A folder in which a free name is found, or a file that a person chose by hand and may replace. */
export type Place = { folder: string } | { file: string };

export interface Saved {
  /** Absolute. */
  path: string;
  name: string;
}

/**
 * Writes `body` as it comes. Until all of it is there it has a name of its own; the name that it is for is reserved by
 * an empty file meanwhile, and nothing that is there is replaced. The file is never executable.
 */
export async function saveFile(
  body: AsyncIterable<Uint8Array>,
  options: {
    name: string;
    place: Place;
    host: string;
    signal: AbortSignal;
    platform: NodeJS.Platform;
    now: number;
  },
): Promise<Result<Saved, FileReason>> {
  const { place, signal } = options;
  let reserved: string | null = null;
  let draft: string | null = null;
  try {
    const target =
      'file' in place ? place.file : (reserved = await reserve(place.folder, safeFileName(options.name)));
    draft = path.join(path.dirname(target), `.${randomBytes(6).toString('hex')}.part`);
    await write(draft, body, signal);
    await markOrigin(draft, options.host, options.platform, options.now);
    await fs.rename(draft, target);
    return { ok: true, value: { path: target, name: path.basename(target) } };
  } catch (error) {
    if (draft !== null) await fs.rm(draft, { force: true }).catch(() => undefined);
    if (reserved !== null) await fs.rm(reserved, { force: true }).catch(() => undefined);
    return { ok: false, reason: signal.aborted ? { code: 'cancelled' } : reasonOf(error) };
  }
}

async function reserve(folder: string, name: string): Promise<string> {
  await fs.mkdir(folder, { recursive: true });
  for (let number = 0; ; number++) {
    const file = path.join(folder, numbered(name, number));
    try {
      const handle = await fs.open(file, 'wx', 0o644);
      await handle.close();
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function write(file: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const handle = await fs.open(file, 'wx', 0o644);
  try {
    for await (const chunk of body) {
      signal.throwIfAborted();
      for (let written = 0; written < chunk.length;) {
        written += (await handle.write(chunk, written)).bytesWritten;
      }
    }
  } finally {
    await handle.close();
  }
}

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const closed = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
  'EBUSY',
  'EIO',
]);

function reasonOf(error: unknown): Reason<FileReason> {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (full.has(code)) return { code: 'no-space', detail: code };
  if (closed.has(code)) return { code: 'not-writable', detail: code };
  return { code: 'unreachable' };
}
