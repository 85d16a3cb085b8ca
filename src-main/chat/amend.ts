// Changing and deleting own messages that the server keeps (protocol, section 5, Update and Delete). Deleting waits for
// a moment in which it can be taken back, then for a link and for the message's id, and is not forgotten when somebody
// leaves: what was deleted on screen is deleted.
import type { AccountId, AmendReason, DiscussionId, MessageId, Reason, Result } from '../ipc/contract.ts';
import type { Pbx, ServerId, World } from '../pbx/index.ts';
import type { AccountState, Discussion, Message } from './model.ts';
import { compose, longestOutgoing } from './rich-text.ts';
import type { Store } from './store.ts';

/** How long a deletion can be taken back before the server hears of it, in milliseconds. */
export const undoFor = 8_000;

export interface Amender {
  /** The new text, as HTML from the window. */
  edit(message: MessageId, html: string): Promise<Result<null, AmendReason>>;
  remove(message: MessageId): void;
  /** Takes a deletion back, or puts away the word that it failed. */
  keep(message: MessageId): void;
  /** What waits may be possible now. Cheap when nothing waits; called after every change. */
  look(): void;
  /** Asks for what still waits, as far as that is possible, and for nothing after that. */
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

  const serverIdOf = (message: MessageId): ServerId | null => find(message)?.message.serverId ?? null;

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

  function mark(message: MessageId, removal: AccountState['removals'][MessageId] | null): void {
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
    if (state && (code === 'offline' || code === 'volatile')) {
      const lost = { link: state.link, mode: state.mode };
      waiting.set(message, { cancel: () => undefined, due: true, seeking: false, lost });
      return mark(message, { state: 'waiting' });
    }
    if (await isGone(message, 'remove', code)) return;
    mark(message, { state: 'failed', reason: answer.reason });
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
    const found = find(message);
    if (!found) {
      forget(message);
      return mark(message, null);
    }
    const { serverId } = found.message;
    const state = account();
    const same = state?.link === entry.lost?.link && state?.mode === entry.lost?.mode;
    const hindered = hindrance() !== null || same;
    if (!hindered && serverId === null) void seek(message, found.discussion.id, entry);
    if (!entry.due) return;
    if (!hindered && serverId !== null) void removeNow(message, serverId);
    else if (account()?.removals[message]?.state !== 'waiting') mark(message, { state: 'waiting' });
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

  return {
    async edit(message, html) {
      if (html.length > longestOutgoing) return refuse('too-long');
      const text = compose(html);
      if (text === '') return refuse('empty');
      const found = find(message);
      if (!found?.message.own) return refuse('not-stored');
      const hindered = hindrance();
      if (hindered !== null) return refuse(hindered);
      if (found.message.serverId === null) await refresh(found.discussion.id);
      const serverId = serverIdOf(message);
      if (serverId === null) return refuse(hindrance() ?? 'not-stored');
      const answer = await pbx.updateMessage(serverId, text);
      if (answer.ok) store.dispatch({ type: 'message/edited', account: id, message, html: text });
      else if (await isGone(message, 'edit', answer.reason.code)) return refuse('not-stored');
      return answer;
    },
    remove(message) {
      if (!find(message)?.message.own || account()?.removals[message]?.state === 'sending') return;
      forget(message);
      wait(message);
    },
    keep(message) {
      if (account()?.removals[message]?.state === 'sending') return;
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
        mark(message, null);
        if (!asked || serverId === null) continue;
        void pbx.deleteMessage(serverId);
        // If it comes to nothing, the next page has it again.
        store.dispatch({ type: 'message/gone', account: id, message });
      }
    },
  };
}

function refuse(code: AmendReason): { ok: false; reason: Reason<AmendReason> } {
  return { ok: false, reason: { code } };
}
