// What several parts of reduce.ts do alike: reach one discussion, and read it.
import type { DiscussionId, MessageId } from '../ipc/contract.ts';
import type { Address } from '../pbx/index.ts';
import { discussionId, normaliseSip } from './address.ts';
import {
  newDiscussion,
  type AccountState,
  type Discussion,
  type Message,
  type WindowState,
} from './model.ts';
import { countOf, read, type Counted, type Reading } from './unread.ts';

export interface InAccount {
  readonly reading: Reading;
}

/** `active`: the window shows this account. */
export function readingOf(account: AccountState, window: WindowState, active: boolean): Reading {
  return {
    open: active ? account.open : null,
    input: window.input,
    focused: window.focused && !window.locked,
    visible: window.visible,
  };
}

/** Whether the server counts what arrives now: see unread.ts. */
export function countedNow(account: AccountState): Counted {
  switch (account.mode.kind) {
    case 'stored':
      return 'yes';
    case 'volatile':
      // A service may count without a session: one that was lost, or before the user gets a licence. Once it is there
      // its count tells.
      return account.sessionLost || !account.served ? 'maybe' : 'no';
    case 'unknown':
      return 'maybe';
  }
}

/** Changes one discussion; an unknown one stays unknown. */
export function change(
  account: AccountState,
  id: DiscussionId,
  how: (discussion: Discussion) => Discussion,
): AccountState {
  const before = account.discussions[id];
  if (!before) return account;
  const after = how(before);
  return after === before ? account : { ...account, discussions: { ...account.discussions, [id]: after } };
}

/** Changes all of them and keeps the identity of those that stay as they are. */
export function changeEach(account: AccountState, how: (discussion: Discussion) => Discussion): AccountState {
  let next: Record<DiscussionId, Discussion> | null = null;
  for (const [id, before] of Object.entries(account.discussions)) {
    const after = how(before);
    if (after === before) continue;
    next ??= { ...account.discussions };
    next[id] = after;
  }
  return next ? { ...account, discussions: next } : account;
}

/** The discussion with this address, new if need be. */
export function reach(
  account: AccountState,
  address: Address,
  kind: 'person' | 'group',
): { account: AccountState; id: DiscussionId } {
  const id = discussionId(address, account.me.domain);
  if (account.discussions[id]) return { account, id };
  const discussions = { ...account.discussions, [id]: newDiscussion(id, address, kind) };
  return { account: { ...account, discussions }, id };
}

export function isMe(account: AccountState, sip: string): boolean {
  const { domain } = account.me;
  return normaliseSip(sip, domain) === normaliseSip(account.me.sip, domain);
}

/** The last `count` messages of others: the first of them has the 'new' line. */
export function lastOfOthers(messages: readonly Message[], count: number): MessageId[] {
  const ids: MessageId[] = [];
  for (let index = messages.length - 1; index >= 0 && ids.length < count; index--) {
    const message = messages[index];
    if (message && !message.own) ids.unshift(message.id);
  }
  return ids;
}

/** Reads all of a discussion (protocol, section 9). The 'new' line of what is read stays where it is. */
export function readEverything(account: AccountState, id: DiscussionId): AccountState {
  return change(account, id, (discussion) => {
    const count = countOf(discussion.unread);
    if (count === 0) return discussion;
    const { stored } = discussion.unread;
    const here = discussion.history.loaded && !discussion.history.stale;
    // What only the server's count knows has still to be loaded before anybody has seen it.
    const pending = discussion.newPending > 0 || (stored > 0 && !here);
    const newPending = pending ? discussion.newPending + count : 0;
    return { ...discussion, unread: read(discussion.unread), newPending };
  });
}
