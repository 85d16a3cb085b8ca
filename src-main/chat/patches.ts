// The difference between what the window has and what is: only what is another object now is sent.
import type { Batch, DiscussionRow, MessageView, Patch, View } from '../ipc/contract.ts';
import type { PatchFeed } from './ports.ts';
import { view } from './select.ts';
import type { Store } from './store.ts';

export function createPatchFeed(store: Store): PatchFeed {
  let seq = 0;
  let shown: View | null = null;
  return {
    snapshot() {
      shown = view(store.state());
      return { seq, view: shown };
    },
    next(): Batch | null {
      // Nobody has anything yet that could be patched.
      if (!shown) return null;
      const now = view(store.state());
      const patches = difference(shown, now);
      shown = now;
      if (patches.length === 0) return null;
      seq += 1;
      return { seq, patches };
    },
  };
}

export function difference(before: View, after: View): Patch[] {
  const patches: Patch[] = [];
  if (before.app !== after.app) patches.push({ of: 'app', value: after.app });
  if (before.login !== after.login) patches.push({ of: 'login', value: after.login });
  if (before.account !== after.account) patches.push({ of: 'account', value: after.account });
  if (before.rows !== after.rows) {
    const changed = changes<DiscussionRow>(before.rows, after.rows);
    if (changed) patches.push({ of: 'rows', ...changed });
  }
  if (before.open?.id !== after.open?.id || before.account?.id !== after.account?.id) {
    patches.push({ of: 'open', value: after.open, messages: after.messages });
    return patches;
  }
  if (after.open && before.open !== after.open) patches.push({ of: 'discussion', value: after.open });
  if (after.open && before.messages !== after.messages) {
    const changed = changes<MessageView>(before.messages, after.messages);
    if (changed) patches.push({ of: 'messages', discussion: after.open.id, ...changed });
  }
  return patches;
}

/** What is new or another object, and the order if it is another one. Null: nothing. */
function changes<T extends { id: string }>(
  before: readonly T[],
  after: readonly T[],
): { set: T[]; order?: string[] } | null {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const removed = before.slice(start, before.length - end);
  const put = after.slice(start, after.length - end);
  if (removed.length === 0 && put.length === 0) return null;
  const known = new Set(removed);
  const set = put.filter((item) => !known.has(item));
  const sameOrder =
    removed.length === put.length && removed.every((item, index) => item.id === put[index]?.id);
  return sameOrder ? { set } : { set, order: after.map((item) => item.id) };
}
