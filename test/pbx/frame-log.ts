import type { LinkKind } from './faults.ts';
import type { JsonObject } from './json.ts';

export interface LoggedFrame {
  /** Milliseconds since 1970 UTC. */
  at: number;
  kind: LinkKind;
  link: number;
  user: string;
  frame: JsonObject;
}

const keep = 20_000;

/** The frames of one direction, newest last, for assertions. */
export class FrameLog {
  readonly frames: LoggedFrame[] = [];
  #waiting = new Set<(entry: LoggedFrame) => void>();

  add(entry: LoggedFrame): void {
    this.frames.push(entry);
    if (this.frames.length > keep) this.frames.splice(0, keep / 10);
    for (const check of [...this.#waiting]) check(entry);
  }

  clear(): void {
    this.frames.length = 0;
  }

  /** The frames with this `mt` and, within Signaling, this type. */
  of(mt: string, user?: string): JsonObject[] {
    return this.frames
      .filter((entry) => entry.frame.mt === mt && (user === undefined || entry.user === user))
      .map((entry) => entry.frame);
  }

  /** Resolves with the first frame that fits, already logged or still to come; rejects after `timeoutMs`. */
  waitFor(fits: (frame: JsonObject, entry: LoggedFrame) => boolean, timeoutMs = 5000): Promise<LoggedFrame> {
    const found = this.frames.find((entry) => fits(entry.frame, entry));
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const seen = this.frames.slice(-20).map((entry) => `${entry.user || '-'} ${String(entry.frame.mt)}`);
        reject(new Error(`no such frame within ${timeoutMs} ms; the last ones: ${seen.join(', ')}`));
      }, timeoutMs);
      const check = (entry: LoggedFrame): void => {
        if (!fits(entry.frame, entry)) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(entry);
      };
      this.#waiting.add(check);
    });
  }
}
