// What the other side is told while the person types: that they do, now and then, and once that they have stopped.

/** Milliseconds of rest after which typing has ended. */
const pause = 4_000;
/** Milliseconds between two reports that somebody is still typing. */
const every = 2_000;

export class TypingReport {
  readonly #tell: (typing: boolean) => void;
  /** When it was last told, in milliseconds; 0: nobody types, as far as the other side knows. */
  #toldAt = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (typing: boolean) => void) {
    this.#tell = tell;
  }

  /** For every change of what is typed, and `false` at its end. */
  report(typing: boolean): void {
    clearTimeout(this.#rest);
    if (typing) {
      this.#rest = setTimeout(() => this.report(false), pause);
      if (Date.now() - this.#toldAt < every) return;
      this.#toldAt = Date.now();
    } else {
      if (this.#toldAt === 0) return;
      this.#toldAt = 0;
    }
    this.#tell(typing);
  }
}
