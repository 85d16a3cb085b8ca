// Messages that were changed or deleted at the server, by this program or by another one. The server speaks of them by
// id, and what arrived live has none until a page tells it: until then its word is kept (`unplaced`).
import type { Instant, MessageId, RemovalView } from '../ipc/contract.ts';
import type { ServerId } from '../pbx/index.ts';
import type { AccountEvent, AmendEvent } from './events.ts';
import type { AccountState, Discussion, Message } from './model.ts';
import { authorOf } from './merge.ts';
import { change } from './reduce-shared.ts';
import { receive } from './rich-text.ts';

/** Words of the server that are kept at most; the oldest go first. */
const mostUnplaced = 200;

export function reduceAmend(account: AccountState, event: Extract<AccountEvent, AmendEvent>): AccountState {
  switch (event.type) {
    case 'amend/refused':
      return { ...account, amends: { ...account.amends, [event.what]: false } };
    case 'removal/changed':
      return event.removal === null
        ? withoutRemoval(account, event.message)
        : withRemoval(account, event.message, event.removal);
    case 'message/edited':
      return edited(account, ({ id }) => id === event.message, event.html) ?? account;
    case 'message/gone':
      // Also where it is not loaded.
      return gone(account, ({ id }) => id === event.message) ?? withoutRemoval(account, event.message);
  }
}

function withRemoval(account: AccountState, message: MessageId, view: RemovalView): AccountState {
  const { [message]: before, ...others } = account.removals;
  const [found] = Object.values(account.discussions).flatMap(({ id: discussion, messages }) => {
    const loaded = messages.findLast(({ id }) => id === message);
    return loaded ? [{ discussion, serverId: loaded.serverId }] : [];
  });
  const discussion = found?.discussion ?? before?.discussion;
  if (discussion === undefined) return account;
  const serverId = found?.serverId ?? before?.serverId ?? null;
  return { ...account, removals: { ...others, [message]: { view, discussion, serverId } } };
}

function withoutRemoval(account: AccountState, message: MessageId): AccountState {
  const { [message]: before, ...removals } = account.removals;
  return before ? { ...account, removals } : account;
}

/** The server says so by itself (C). */
export function changedAtServer(
  account: AccountState,
  { id, text }: { id: ServerId; text: string | null },
  now: Instant,
): AccountState {
  const same = ({ serverId }: Message): boolean => serverId === id;
  const known = text === null ? gone(account, same) : edited(account, same, text);
  const others = account.unplaced.filter((one) => one.id !== id);
  const next = known ?? {
    ...account,
    unplaced: [...others, { id, text, at: now }].slice(-mostUnplaced),
  };
  // What was deleted may have been unread, in a count that only the server can correct.
  return text === null && !next.recount ? { ...next, recount: true } : next;
}

/** A page has told ids: what the server said of them holds, also if the page was older. */
export function placed(account: AccountState, ids: ReadonlySet<ServerId>): AccountState {
  const due = account.unplaced.filter(({ id }) => ids.has(id));
  if (due.length === 0) return account;
  const rest = account.unplaced.filter((one) => !due.includes(one));
  return due.reduce<AccountState>((next, one) => changedAtServer(next, one, one.at), {
    ...account,
    unplaced: rest,
  });
}

/** Messages that the server has, and nobody knows by what id. */
export function hasNameless({ messages }: Discussion): boolean {
  return messages.some(isNameless);
}

/**
 * Messages without an id that a newest page should have, and has not: they were deleted before anybody knew their ids.
 * One by one that proves nothing, as a server may keep less than it delivers. It is certain where a later message of
 * the same author is in the page (by a second: times of live ones are whole seconds, and the page may have been made
 * between two of the same), or where the server has deleted at least as many that nobody could place.
 */
export function deletedNameless(
  account: AccountState,
  { messages }: Discussion,
  page: ReadonlySet<ServerId>,
  first: Instant,
): ReadonlySet<MessageId> {
  const newest = new Map<string | null, Instant>();
  const gone = new Set<MessageId>();
  const doubtful: Message[] = [];
  for (const message of messages.toReversed()) {
    const author = authorOf(message);
    if (message.live && message.serverId !== null && page.has(message.serverId) && !newest.has(author))
      newest.set(author, message.at);
    if (!isNameless(message) || message.at <= first) continue;
    if ((newest.get(author) ?? -Infinity) >= message.at + 1_000) gone.add(message.id);
    else doubtful.push(message);
  }
  const oldest = Math.min(...doubtful.map(({ arrivedAt }) => arrivedAt));
  const deletions = account.unplaced.filter(({ text, at }) => text === null && at >= oldest).length;
  if (doubtful.length <= deletions - gone.size) for (const { id } of doubtful) gone.add(id);
  return gone;
}

/** That many deletions have found their messages, which the newest are most likely to be about. */
export function withoutDeletions(account: AccountState, count: number): AccountState {
  let left = count;
  const unplaced = account.unplaced
    .toReversed()
    .filter(({ text }) => text !== null || left-- <= 0)
    .reverse();
  return unplaced.length === account.unplaced.length ? account : { ...account, unplaced };
}

/** The server has it, and nobody knows by what id. */
function isNameless({ serverId, kept }: Message): boolean {
  return serverId === null && kept;
}

/** Null: there is no such message. */
function edited(account: AccountState, is: (message: Message) => boolean, data: string): AccountState | null {
  return inDiscussionOf(account, is, (discussion, index, message) => {
    const { html, text, cut: incomplete } = receive(data, 'text/html');
    if (message.html === html && message.text === text) return discussion;
    const now = { ...message, html, text, incomplete, edited: true };
    return { ...discussion, messages: discussion.messages.with(index, now) };
  });
}

function gone(account: AccountState, is: (message: Message) => boolean): AccountState | null {
  let removed: MessageId | null = null;
  const without = inDiscussionOf(account, is, (discussion, _index, message) => {
    removed = message.id;
    return withoutMessages(discussion, new Set([message.id]));
  });
  if (without === null || removed === null) return null;
  return withoutRemoval(without, removed as MessageId);
}

/** Takes messages out of a discussion, its count and its 'new' line. */
export function withoutMessages(discussion: Discussion, removed: ReadonlySet<MessageId>): Discussion {
  if (removed.size === 0) return discussion;
  const { messages, unread, newFrom } = discussion;
  const line = messages.findIndex(({ id }) => id === newFrom);
  const next = messages.slice(line).find(({ id, own }) => !removed.has(id) && !own);
  const arrived = unread.arrived.filter(({ id }) => !removed.has(id));
  return {
    ...discussion,
    messages: messages.filter(({ id }) => !removed.has(id)),
    newFrom: newFrom !== null && removed.has(newFrom) ? (next?.id ?? null) : newFrom,
    unread:
      arrived.length === unread.arrived.length
        ? unread
        : { ...unread, arrived, revision: unread.revision + 1 },
  };
}

function inDiscussionOf(
  account: AccountState,
  is: (message: Message) => boolean,
  how: (discussion: Discussion, index: number, message: Message) => Discussion,
): AccountState | null {
  for (const discussion of Object.values(account.discussions)) {
    const index = discussion.messages.findLastIndex(is);
    const message = discussion.messages[index];
    if (message) return change(account, discussion.id, (known) => how(known, index, message));
  }
  return null;
}
