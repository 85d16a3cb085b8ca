// The one mutable cell: it holds the state, runs events through reduce, and tells who listens.
import type { ChatEvent } from './events.ts';
import type { State } from './model.ts';
import { reduce } from './reduce.ts';

export { createPatchFeed } from './patches.ts';

export interface Store {
  state(): State;
  /** The state has changed when this returns. Listeners may dispatch; what they read is always the newest state. */
  dispatch(event: ChatEvent): void;
  /** After every event that changed something. Returns what ends it. */
  subscribe(listener: () => void): () => void;
}

/**
 * Hands over what `select` makes of the state, now and whenever it is another value (by identity, or written as JSON).
 * Returns what ends it.
 */
export function follow<T>(store: Store, select: (state: State) => T, render: (value: T) => void): () => void {
  let shown = select(store.state());
  render(shown);
  return store.subscribe(() => {
    const next = select(store.state());
    if (next === shown || JSON.stringify(next) === JSON.stringify(shown)) return;
    shown = next;
    render(next);
  });
}

export function createStore(initial: State): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    state: () => state,
    dispatch(event) {
      const next = reduce(state, event);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
