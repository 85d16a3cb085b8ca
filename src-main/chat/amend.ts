// Changing and deleting own messages that the server keeps (protocol, section 5, Update and Delete). Deleting waits for
// a moment in which it can be taken back, then for a link and for the message's id, and is not forgotten when somebody
// leaves: what was deleted on screen is deleted. The state says what waits, also from an earlier run (drafts.ts).
import type {
  AccountId,
  AmendReason,
  DiscussionId,
  MessageId,
  Reason,
  RemovalView,
  Result,
} from '../ipc/contract.ts';
import type { Pbx, ServerId, World } from '../pbx/index.ts';
import type { AccountState, Discussion, Message } from './model.ts';
import { compose, longestOutgoing } from './rich-text.ts';
import type { Store } from './store.ts';

/** How long a deletion can be taken back before the server hears of it, in milliseconds. */
export const undoFor = 8_000;

export interface Amender {
  /** Somebody begins to change it: its id is learned while the server can still be asked. */
  learnId(message: MessageId): void;
  /** The new text, as HTML from the window. */
  edit(message: MessageId, html: string): Promise<Result<null, AmendReason>>;
  remove(message: MessageId): void;
  /** Takes a deletion back, or puts away the word that it failed. */
  keep(message: MessageId): void;
  /** What waits may be possible now. Cheap when nothing waits; called after every change. */
  look(): void;
  /**
   * Asks for what still waits, as far as that is possible, and for nothing after that. Nobody hears the answers, so it
   * stays in the state, and whoever comes next asks again.
   */
  stop(): void;
}

interface Waiting {
  readonly cancel: () => void;
  /** The moment in which it could be taken back is over. */
  due: boolean;
  /** A page is being read for its id. */
  seeking: boolean;
  /** The server was asked, and the link or the service went before it answered: another one has to come first. */
  readonly lost: Pick<AccountState, 'link' | 'mode'> | null;
}

export function createAmender(ports: {
  store: Store;
  world: World;
  pbx: Pbx;
  account: AccountId;
  /** See Reconciler.refresh. */
  refresh(discussion: DiscussionId): Promise<boolean>;
}): Amender {
  const { store, world, pbx, account: id, refresh } = ports;
  const waiting = new Map<MessageId, Waiting>();

  const account = (): AccountState | undefined => store.state().accounts[id];

  function find(message: MessageId): { discussion: Discussion; message: Message } | null {
    for (const discussion of Object.values(account()?.discussions ?? {})) {
      const found = discussion.messages.findLast((candidate) => candidate.id === message);
      if (found) return { discussion, message: found };
    }
    return null;
  }

  /** Also of a message that is not loaded, if an earlier run knew it. */
  function serverIdOf(message: MessageId): ServerId | null {
    const state = account();
    const edits = Object.values(state?.discussions ?? {}).map(({ edit }) => edit);
    return (
      find(message)?.message.serverId ??
      state?.removals[message]?.serverId ??
      edits.find((edit) => edit?.message === message)?.serverId ??
      null
    );
  }

  function hindrance(): AmendReason | null {
    const state = account();
    if (state?.link.state !== 'online') return 'offline';
    return state.mode.kind === 'stored' ? null : 'volatile';
  }

  /**
   * A server refuses what it does not know, and what is not there any more: deleted by another program, or by a request
   * whose answer was lost. A page tells which. In the first case, as when it says nothing (C), it is not offered again.
   */
  async function isGone(message: MessageId, what: 'edit' | 'remove', code: AmendReason): Promise<boolean> {
    const found = find(message);
    const read = code === 'refused' && found !== null && (await refresh(found.discussion.id));
    if (!find(message)) return true;
    if (read || code === 'no-answer') store.dispatch({ type: 'amend/refused', account: id, what });
    return false;
  }

  function mark(message: MessageId, removal: RemovalView | null): void {
    store.dispatch({ type: 'removal/changed', account: id, message, removal });
  }

  function forget(message: MessageId): void {
    waiting.get(message)?.cancel();
    waiting.delete(message);
  }

  async function removeNow(message: MessageId, serverId: ServerId): Promise<void> {
    forget(message);
    mark(message, { state: 'sending' });
    const answer = await pbx.deleteMessage(serverId);
    if (answer.ok) return store.dispatch({ type: 'message/gone', account: id, message });
    const { code } = answer.reason;
    const state = account();
    const loaded = find(message) !== null;
    if (state && (code === 'offline' || code === 'volatile')) {
      const lost = { link: state.link, mode: state.mode };
      waiting.set(message, { cancel: () => undefined, due: true, seeking: false, lost });
      return mark(message, { state: 'waiting' });
    }
    // One of an earlier run may be gone since then: where it is not, it is seen with the reason beside it.
    const done = loaded && (await isGone(message, 'remove', code));
    mark(message, done ? null : { state: 'failed', reason: answer.reason });
  }

  function wait(message: MessageId): void {
    const cancel = world.after(undoFor, () => {
      const entry = waiting.get(message);
      if (entry) entry.due = true;
      proceed(message);
    });
    waiting.set(message, { cancel, due: false, seeking: false, lost: null });
    mark(message, { state: 'undoable' });
    proceed(message);
  }

  /** The next step towards a deletion, if it is possible now. */
  function proceed(message: MessageId): void {
    const entry = waiting.get(message);
    if (!entry) return;
    const state = account();
    if (!state?.removals[message]) return forget(message);
    const serverId = serverIdOf(message);
    const { discussion } = state.removals[message];
    if (serverId === null && !find(message)) {
      forget(message);
      return mark(message, null);
    }
    const same = state.link === entry.lost?.link && state.mode === entry.lost?.mode;
    const hindered = hindrance() !== null || same;
    if (!hindered && serverId === null) void seek(message, discussion, entry);
    if (!entry.due) return;
    if (!hindered && serverId !== null) void removeNow(message, serverId);
    else if (account()?.removals[message]?.view.state !== 'waiting') mark(message, { state: 'waiting' });
  }

  async function seek(message: MessageId, discussion: DiscussionId, entry: Waiting): Promise<void> {
    if (entry.seeking) return;
    entry.seeking = true;
    const tried = await refresh(discussion);
    entry.seeking = false;
    if (waiting.get(message) !== entry || !tried || hindrance() !== null) return;
    if (serverIdOf(message) !== null) return proceed(message);
    forget(message);
    mark(message, { state: 'failed', reason: { code: 'not-stored' } });
  }

  for (const [message, { view }] of Object.entries(account()?.removals ?? {})) {
    if (view.state === 'failed') continue;
    waiting.set(message, { cancel: () => undefined, due: true, seeking: false, lost: null });
  }

  return {
    learnId(message) {
      const found = find(message);
      if (found && found.message.serverId === null && hindrance() === null) void refresh(found.discussion.id);
    },
    async edit(message, html) {
      if (html.length > longestOutgoing) return refuse('too-long');
      const text = compose(html);
      if (text === '') return refuse('empty');
      const found = find(message);
      const hindered = hindrance();
      if (found ? !found.message.own : serverIdOf(message) === null) return refuse('not-stored');
      if (hindered !== null) return refuse(hindered);
      if (found?.message.serverId === null) await refresh(found.discussion.id);
      const serverId = serverIdOf(message);
      if (serverId === null) return refuse(hindrance() ?? 'not-stored');
      const answer = await pbx.updateMessage(serverId, text);
      const loaded = find(message) !== null;
      if (answer.ok) store.dispatch({ type: 'message/edited', account: id, message, html: text });
      else if (loaded && (await isGone(message, 'edit', answer.reason.code))) return refuse('not-stored');
      return answer;
    },
    remove(message) {
      if (!find(message)?.message.own || account()?.removals[message]?.view.state === 'sending') return;
      forget(message);
      wait(message);
    },
    keep(message) {
      if (account()?.removals[message]?.view.state === 'sending') return;
      forget(message);
      mark(message, null);
    },
    look() {
      for (const message of [...waiting.keys()]) proceed(message);
    },
    stop() {
      const asked = hindrance() === null;
      for (const message of [...waiting.keys()]) {
        forget(message);
        const serverId = serverIdOf(message);
        if (asked && serverId !== null) void pbx.deleteMessage(serverId);
      }
    },
  };
}

function refuse(code: AmendReason): { ok: false; reason: Reason<AmendReason> } {
  return { ok: false, reason: { code } };
}
