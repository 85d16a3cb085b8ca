// The files that somebody is sending, by a name that means nothing outside of this process: the window and the state
// never see a path. What was pasted has no file of its own, so it gets a private one, which goes when it is sent.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { FileReason, Result, UploadId } from '../ipc/contract.ts';

export interface PickedFile {
  id: UploadId;
  name: string;
  /** Bytes. */
  size: number;
}

export interface OutgoingFileStore {
  /** A file that a person picked, by its path. */
  pick(file: string): Promise<Result<PickedFile, FileReason>>;
  /** Bytes that have no file, such as a picture on the clipboard. */
  keep(name: string, bytes: Uint8Array): Promise<Result<PickedFile, FileReason>>;
  /** Of one that is here; null when it is not (any more). */
  facts(
    id: UploadId,
  ): { name: string; size: number; open(part?: { start: number; end: number }): Readable } | null;
  /** From the beginning, or a part of it (both ends included). Errors come on the stream. */
  open(id: UploadId, part?: { start: number; end: number }): Readable;
  forget(id: UploadId): void;
  /** Removes every private file. */
  clear(): void;
}

/** `directory`: for the private files; whatever an earlier run left in it is removed. */
export function createOutgoingFiles(directory: string, trace: (text: string) => void): OutgoingFileStore {
  const files = new Map<UploadId, { path: string; own: boolean; name: string; size: number }>();
  const newId = (): UploadId => `u${randomBytes(12).toString('hex')}`;

  function remove(file: string): void {
    fs.rm(file, { recursive: true, force: true }, (error) => {
      if (error) trace(`files: a private file is left behind: ${error.message}`);
    });
  }
  function clear(): void {
    files.clear();
    try {
      fs.rmSync(directory, { recursive: true, force: true });
    } catch (error) {
      trace(`files: private files are left behind: ${String(error)}`);
    }
  }

  function open(id: UploadId, part?: { start: number; end: number }): Readable {
    const file = files.get(id);
    if (file === undefined) {
      const gone = Object.assign(new Error('not known any more'), { code: 'ENOENT' });
      return new Readable({
        read() {
          this.destroy(gone);
        },
      });
    }
    return fs.createReadStream(file.path, { highWaterMark: 256 * 1024, ...part });
  }

  // Now, and not while somebody pastes already.
  clear();

  return {
    async pick(file) {
      try {
        const facts = await fs.promises.stat(file);
        if (!facts.isFile()) return { ok: false, reason: { code: 'unreadable', detail: 'not a file' } };
        await fs.promises.access(file, fs.constants.R_OK);
        const id = newId();
        const about = { name: path.basename(file), size: facts.size };
        files.set(id, { path: file, own: false, ...about });
        return { ok: true, value: { id, ...about } };
      } catch (error) {
        return {
          ok: false,
          reason: { code: 'unreadable', detail: (error as NodeJS.ErrnoException).code ?? '' },
        };
      }
    },
    async keep(name, bytes) {
      const id = newId();
      const file = path.join(directory, id);
      try {
        await fs.promises.mkdir(directory, { recursive: true, mode: 0o700 });
        await fs.promises.writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        return {
          ok: false,
          reason: { code: code === 'ENOSPC' ? 'no-space' : 'not-writable', detail: code ?? '' },
        };
      }
      files.set(id, { path: file, own: true, name, size: bytes.length });
      return { ok: true, value: { id, name, size: bytes.length } };
    },
    facts(id) {
      const file = files.get(id);
      return file === undefined ? null : { ...file, open: (part) => open(id, part) };
    },
    open,
    forget(id) {
      const file = files.get(id);
      files.delete(id);
      if (file?.own === true) remove(file.path);
    },
    clear,
  };
}
