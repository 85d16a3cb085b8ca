// Where the focus can be sent. A place registers itself while it is on screen.
import { tick } from 'svelte';

export type Place = 'list' | 'composer' | 'search' | 'messages' | 'find' | 'emoji';

export class Places {
  readonly #places = new Map<Place, () => boolean>();
  #before: HTMLElement | null = null;

  /** `focus` answers whether it could. Returns the function that takes the place away again. */
  register(place: Place, focus: () => boolean): () => void {
    this.#places.set(place, focus);
    return () => {
      if (this.#places.get(place) === focus) this.#places.delete(place);
    };
  }

  /** Tries the places in turn; false when none of them is on screen. */
  focus(...places: Place[]): boolean {
    return places.some((place) => this.#places.get(place)?.() ?? false);
  }

  /** A dialog is closed, and the focus was there when it opened. One that took the place of another has no own origin. */
  left(before: Element | null): void {
    if (before instanceof HTMLElement && before !== document.body) this.#before = before;
  }

  /**
   * After a dialog was left without leading anywhere: the focus is where it was before; where that is gone, the places are
   * tried in turn.
   */
  async regain(...places: Place[]): Promise<void> {
    // While it is open, nothing behind it takes the focus.
    await tick();
    const before = this.#before;
    this.#before = null;
    if (!focusVisible(before)) this.focus(...places);
  }

  /** After a dialog was left for something that it has done: the places are tried in turn. */
  async goOn(...places: Place[]): Promise<void> {
    await tick();
    this.#before = null;
    this.focus(...places);
  }
}

/** Focuses an element that is really visible; one in a hidden column does not take it. */
export function focusVisible(element: HTMLElement | null | undefined): boolean {
  if (!element?.checkVisibility()) return false;
  element.focus();
  return document.activeElement === element;
}
