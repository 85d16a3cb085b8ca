import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  openSync,
  fsyncSync,
  closeSync,
  existsSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Clock } from './clock.ts';
import { parseJson, stringifyJson, type Json } from './json.ts';

/** The first change is written almost at once, those that follow it closely together. */
const writeDelayMs = 10;
const writePauseMs = 200;

/** Makes a folder that can be written to. Throws an error with words for a person. */
export function makeDirectory(given: string): void {
  const path = resolve(given);
  try {
    makeEach(path);
    if (!statSync(path).isDirectory()) throw new Error('it is a file');
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`${path} cannot hold the data: ${(code && reasons[code]) ?? message}`, { cause: error });
  }
}

const reasons: Record<string, string> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a part of its path is a file',
};

/** One step at a time: the recursive form of mkdir never comes back below /proc. */
function makeEach(path: string): void {
  if (existsSync(path)) return;
  makeEach(dirname(path));
  mkdirSync(path);
}

/**
 * One JSON file that is replaced as a whole: written beside, flushed, renamed, so that a crash leaves either the old
 * or the new one. Without a directory nothing is kept.
 */
export class JsonFile {
  readonly #path: string | undefined;
  readonly #clock: Clock;
  #pending: (() => Json) | undefined;
  #cancel: (() => void) | undefined;
  #lastWrite = 0;

  constructor(directory: string | undefined, name: string, clock: Clock) {
    this.#clock = clock;
    if (directory === undefined) return;
    makeDirectory(directory);
    this.#path = join(directory, name);
  }

  /** The content; undefined when there is none. Throws an error with the path when it is not JSON. */
  read(): Json | undefined {
    if (this.#path === undefined || !existsSync(this.#path)) return undefined;
    try {
      return parseJson(readFileSync(this.#path, 'utf8'));
    } catch (error) {
      throw new Error(`${this.#path} cannot be read: ${String(error)}; move it away to start afresh`, {
        cause: error,
      });
    }
  }

  /** Writes soon; many changes in a row are one write. */
  write(content: () => Json): void {
    if (this.#path === undefined) return;
    this.#pending = content;
    const pause = this.#lastWrite + writePauseMs - this.#clock.now();
    this.#cancel ??= this.#clock.after(Math.max(writeDelayMs, Math.min(pause, writePauseMs)), () =>
      this.flush(),
    );
  }

  /** Writes what is pending now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const content = this.#pending;
    this.#pending = undefined;
    if (this.#path === undefined || content === undefined) return;
    const beside = `${this.#path}.new`;
    const file = openSync(beside, 'w', 0o600);
    try {
      writeFileSync(file, stringifyJson(content()));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, this.#path);
    this.#lastWrite = this.#clock.now();
  }
}
