// Drafts that outlive the program. Only those of stored chat: of a chat that is not stored nothing is written to the
// disk, so without a Messages service a changed draft lives in memory, and what the disk had of it goes.
import type { AccountId } from '../ipc/contract.ts';
import type { World } from '../pbx/index.ts';
import type { AccountState, Discussion } from './model.ts';
import type { DraftShelf, KeptDraft, KeptDrafts } from './ports.ts';
import { longestOutgoing } from './rich-text.ts';
import type { Store } from './store.ts';

/** Whoever types is not written down letter by letter, in milliseconds. */
const restFor = 1_000;
/** Bounds of what is kept of an account: drafts, and UTF-16 units of all of them. The oldest give way. */
const mostDrafts = 200;
const mostUnits = 1_000_000;

export interface DraftKeeper {
  /** Looks at the state; called after every change. */
  look(): void;
  /** Writes now what is due. */
  flush(): void;
}

export function createDraftKeeper(ports: { store: Store; world: World; shelf: DraftShelf }): DraftKeeper {
  const { store, world, shelf } = ports;
  const known = new Map<AccountId, { kept: KeptDrafts; seen: AccountState }>();
  const due = new Set<AccountId>();
  let cancel: (() => void) | null = null;

  function flush(): void {
    cancel?.();
    cancel = null;
    for (const id of due) {
      const entry = known.get(id);
      if (entry) shelf.save(id, entry.kept);
    }
    due.clear();
  }

  function take(account: AccountState): void {
    const entry = known.get(account.id);
    if (!entry) {
      const kept = shelf.load(account.id) ?? { stored: false, drafts: [] };
      known.set(account.id, { kept, seen: account });
      if (kept.drafts.length === 0) return;
      // What comes back from the disk is no change.
      store.dispatch({ type: 'drafts/restored', account: account.id, drafts: kept.drafts });
      const restored = store.state().accounts[account.id];
      if (restored) known.set(account.id, { kept, seen: restored });
      return;
    }
    if (entry.seen === account) return;
    const kept = keep(entry.kept, entry.seen, account);
    known.set(account.id, { kept, seen: account });
    if (kept === entry.kept) return;
    due.add(account.id);
    cancel ??= world.after(restFor, flush);
  }

  let looking = false;
  return {
    look() {
      if (looking) return;
      looking = true;
      const { accounts } = store.state();
      for (const account of Object.values(accounts)) take(account);
      for (const id of known.keys()) {
        if (accounts[id]) continue;
        if (due.has(id)) flush();
        known.delete(id);
      }
      looking = false;
    },
    flush,
  };
}

/** What is to be kept after `before` has become `after`. Pure; the same object when nothing changed. */
export function keep(kept: KeptDrafts, before: AccountState, after: AccountState): KeptDrafts {
  const { mode } = after;
  // Without a link nobody knows; then it is most likely as it was.
  const stored = mode.kind === 'unknown' ? kept.stored : mode.kind === 'stored';
  const cameBack = stored && before.mode !== mode && mode.kind === 'stored';
  let drafts = kept.drafts;
  if (before.discussions !== after.discussions || cameBack) {
    for (const discussion of Object.values(after.discussions)) {
      const had = before.discussions[discussion.id]?.draft ?? '';
      if (discussion.draft === had && !(cameBack && had !== '')) continue;
      drafts = replaced(drafts, discussion, stored);
    }
  }
  return drafts === kept.drafts && stored === kept.stored ? kept : { stored, drafts: bounded(drafts) };
}

function replaced(
  drafts: readonly KeptDraft[],
  discussion: Discussion,
  stored: boolean,
): readonly KeptDraft[] {
  const { id, address, kind, name, draft: html } = discussion;
  const old = drafts.find((draft) => draft.discussion === id);
  const wanted = stored && html !== '' && html.length <= longestOutgoing;
  if (wanted ? old?.html === html : old === undefined) return drafts;
  const others = drafts.filter((draft) => draft !== old);
  return wanted ? [...others, { discussion: id, address, kind, name, html }] : others;
}

function bounded(drafts: readonly KeptDraft[]): readonly KeptDraft[] {
  let units = 0;
  let from = drafts.length;
  while (from > 0 && drafts.length - from < mostDrafts) {
    units += drafts[from - 1]?.html.length ?? 0;
    if (units > mostUnits) break;
    from -= 1;
  }
  return from === 0 ? drafts : drafts.slice(from);
}
