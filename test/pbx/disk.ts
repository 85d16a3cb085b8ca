import {
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  openSync,
  fsyncSync,
  closeSync,
  existsSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { parseJson, stringifyJson, type Json } from './json.ts';

const writeDelayMs = 200;

/**
 * One JSON file that is replaced as a whole: written beside, flushed, renamed, so that a crash leaves either the old
 * or the new one. Without a directory nothing is kept.
 */
export class JsonFile {
  readonly #path: string | undefined;
  readonly #clock: Clock;
  #pending: (() => Json) | undefined;
  #cancel: (() => void) | undefined;

  constructor(directory: string | undefined, name: string, clock: Clock) {
    this.#clock = clock;
    if (directory === undefined) return;
    mkdirSync(directory, { recursive: true });
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
    this.#cancel ??= this.#clock.after(writeDelayMs, () => this.flush());
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
  }
}
