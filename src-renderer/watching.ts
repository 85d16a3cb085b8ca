// Whose presence is on screen. Each part of the window names those it shows; main hears of all of them together, at most
// once per pause, and only when the set is another one.
import type { DiscussionId } from '../src-main/ipc/contract.ts';

/** Milliseconds: who flies past while scrolling is not on screen. */
const pause = 250;

export class Watching {
  readonly #tell: (people: DiscussionId[]) => void;
  readonly #places = new Map<string, readonly DiscussionId[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = '';

  constructor(tell: (people: DiscussionId[]) => void) {
    this.#tell = tell;
  }

  /** Replaces what this part of the window shows; nobody, when it goes. */
  show(place: string, people: readonly DiscussionId[]): void {
    if (people.length === 0) this.#places.delete(place);
    else this.#places.set(place, people);
    this.#timer ??= setTimeout(() => this.#report(), pause);
  }

  #report(): void {
    this.#timer = undefined;
    const people = [...new Set([...this.#places.values()].flat())].sort();
    const told = people.join('\n');
    if (told === this.#told) return;
    this.#told = told;
    this.#tell(people);
  }
}
