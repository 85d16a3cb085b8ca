// What outlives the program of what somebody was doing: drafts, changes of own messages, and deletions that the server
// has not confirmed; messages that were not delivered are drafts again. Only of stored chat: of a chat that is not stored
// nothing is written to the disk, so without a Messages service a changed draft lives in memory, and what the disk had
// of it goes.
import type { AccountId, DiscussionId, MessageId } from '../ipc/contract.ts';
import type { World } from '../pbx/index.ts';
import type { AccountState, Discussion, Edit, Message } from './model.ts';
import type { DraftShelf, KeptDraft, KeptDrafts, KeptEdit, KeptRemoval } from './ports.ts';
import { longestOutgoing } from './rich-text.ts';
import { displayName } from './select.ts';
import type { Store } from './store.ts';
import { undelivered } from './unfinished.ts';

/** Whoever types is not written down letter by letter, in milliseconds. */
const restFor = 1_000;
/** Bounds of what is kept of an account: drafts, UTF-16 units of all of them, and deletions. The oldest give way. */
const mostDrafts = 200;
const mostUnits = 1_000_000;
const mostRemovals = 200;

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

  /** Nobody knew what to ask the server for: the message is still there. */
  function tellNotDeleted(discussion: DiscussionId, name: string): void {
    const notice = { id: `not-deleted ${discussion}`, code: 'not-deleted' as const, detail: name };
    store.dispatch({ type: 'app/noticed', notice });
  }

  function take(account: AccountState): void {
    const entry = known.get(account.id);
    if (!entry) {
      const kept = shelf.load(account.id) ?? { stored: false, drafts: [], removals: [] };
      const { drafts, removals } = kept;
      known.set(account.id, { kept, seen: account });
      if (drafts.length === 0 && removals.length === 0) return;
      // What comes back from the disk is no change.
      store.dispatch({ type: 'drafts/restored', account: account.id, drafts, removals });
      const restored = store.state().accounts[account.id];
      if (restored) known.set(account.id, { kept, seen: restored });
      for (const { id, discussion, name } of removals) if (id === null) tellNotDeleted(discussion, name);
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
    const sending = new Set([...before.outbox, ...after.outbox].map(({ discussion }) => discussion));
    for (const discussion of Object.values(after.discussions)) {
      const had = before.discussions[discussion.id];
      const same = discussion.draft === (had?.draft ?? '') && discussion.edit === (had?.edit ?? null);
      // The id of a message that is being changed becomes known later than that.
      const named = stored && discussion.edit !== null && discussion.messages !== had?.messages;
      const sends = sending.has(discussion.id) && discussion.messages !== had?.messages;
      if (same && !named && !sends && !(cameBack && isTyped(had))) continue;
      drafts = replaced(drafts, discussion, stored, undelivered(after, discussion.id));
    }
  }
  const removals = keptRemovals(kept.removals, before, after, stored);
  const same = drafts === kept.drafts && removals === kept.removals && stored === kept.stored;
  return same ? kept : { stored, drafts: bounded(drafts), removals };
}

function replaced(
  drafts: readonly KeptDraft[],
  discussion: Discussion,
  stored: boolean,
  waiting: readonly Message[],
): readonly KeptDraft[] {
  const { id, address, kind, name, draft, edit } = discussion;
  const old = drafts.find((one) => one.discussion === id);
  const others = drafts.filter((one) => one !== old);
  const html = joined([
    ...waiting.map((message) => message.html),
    draft.length <= longestOutgoing ? draft : '',
  ]);
  const change = edit && edit.html.length <= longestOutgoing ? keptEdit(discussion, edit) : null;
  if (!stored || (html === '' && change === null)) return old === undefined ? drafts : others;
  const wanted = { discussion: id, address, kind, name, html, ...(change && { edit: change }) };
  return JSON.stringify(wanted) === JSON.stringify(old) ? drafts : [...others, wanted];
}

/** One draft of several texts, each on lines of its own. It may be longer than what can be sent at once. */
function joined(texts: readonly string[]): string {
  const [first = '', ...others] = texts.filter((html) => html !== '');
  if (others.length === 0) return first;
  const block = (html: string) => (/^<(?:p|ul|ol)>/.test(html) ? html : `<p>${html}</p>`);
  return [first, ...others].map(block).join('');
}

function isTyped(discussion: Discussion | undefined): boolean {
  return discussion !== undefined && (discussion.draft !== '' || discussion.edit !== null);
}

function keptEdit({ messages }: Discussion, { message, serverId, html, original }: Edit): KeptEdit {
  return { id: find(messages, message)?.serverId ?? serverId, html, original };
}

function find(messages: readonly Message[], id: MessageId): Message | undefined {
  return messages.findLast((message) => message.id === id);
}

/** Those that came up in stored chat, until the server has confirmed or refused them. */
function keptRemovals(
  kept: readonly KeptRemoval[],
  before: AccountState,
  after: AccountState,
  stored: boolean,
): readonly KeptRemoval[] {
  const { removals, discussions } = after;
  if (removals === before.removals && discussions === before.discussions) return kept;
  const wanted = Object.entries(removals).flatMap(([id, removal]): KeptRemoval[] => {
    if (removal.view.state === 'failed') return [];
    const discussion = discussions[removal.discussion];
    const message = discussion && find(discussion.messages, id);
    const serverId = message?.serverId ?? removal.serverId;
    const known = serverId !== null && kept.find((one) => one.id === serverId);
    if (known) return [known];
    if (!stored || !discussion || (serverId === null && message?.kept !== true)) return [];
    return [{ discussion: discussion.id, name: displayName(after, discussion), id: serverId }];
  });
  return JSON.stringify(wanted) === JSON.stringify(kept) ? kept : wanted.slice(-mostRemovals);
}

function bounded(drafts: readonly KeptDraft[]): readonly KeptDraft[] {
  let units = 0;
  let from = drafts.length;
  while (from > 0 && drafts.length - from < mostDrafts) {
    units += unitsOf(drafts[from - 1]);
    if (units > mostUnits) break;
    from -= 1;
  }
  return from === 0 ? drafts : drafts.slice(from);
}

function unitsOf(draft: KeptDraft | undefined): number {
  if (!draft) return 0;
  return draft.html.length + (draft.edit ? draft.edit.html.length + draft.edit.original.length : 0);
}
