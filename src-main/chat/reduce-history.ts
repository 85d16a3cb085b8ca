// The conversation with the Messages service: the list of chats, their counts, pages of history, and marks.
import type { DiscussionId, Instant, MessageId } from '../ipc/contract.ts';
import type { ServerId, StoredChat, StoredMessage } from '../pbx/index.ts';
import { normaliseSip } from './address.ts';
import { arrived } from './attachments.ts';
import type { AccountEvent, HistoryEvent } from './events.ts';
import { groupsAnswered } from './groups.ts';
import { mayBeStored, mergeHistory, withoutHistoryBefore, type HistoryMessage } from './merge.ts';
import { idOfStored, unknownGroup, type AccountState, type Discussion, type Message } from './model.ts';
import { messageOfRef, notStored } from './outbox.ts';
import { deletedNameless, placed, withoutDeletions, withoutMessages } from './reduce-amend.ts';
import { settleUnclear, withoutDelivered } from './reduce-outbox.ts';
import {
  change,
  changeEach,
  isMe,
  lastOfOthers,
  reach,
  readEverything,
  type InAccount,
} from './reduce-shared.ts';
import { receive, toName } from './rich-text.ts';
import {
  answered,
  beingRead,
  checked,
  countOf,
  loadDone,
  markDone,
  markFailed,
  markStarted,
  unreadAgain,
  type Reading,
  type Unread,
} from './unread.ts';

/** A stored chat's time may differ from that of its newest message here by the rounding to seconds, and by the way. */
const explains = 1_500;
/**
 * Closer, where it is asked whether a message explains that time: if it does not, a page is loaded for nothing; if it
 * seems to, what was written a moment later on another device is missed.
 */
const explainsHere = 250;

export function reduceHistory(
  account: AccountState,
  event: Extract<AccountEvent, HistoryEvent>,
  { reading }: InAccount,
): AccountState {
  switch (event.type) {
    case 'history/doubted':
      return change(account, event.discussion, (discussion) => ({
        ...tryAgain(discussion),
        history: { ...tryAgain(discussion).history, stale: true },
      }));
    case 'chats/asked':
      return account.recount ? { ...account, recount: false } : account;
    case 'chats/answered':
      return readOnScreen(chatsAnswered(account, event), reading);
    case 'history/started':
      return change(account, event.discussion, (discussion) => ({
        ...discussion,
        history: { ...discussion.history, state: 'loading' },
        unread: markStarted(discussion.unread),
      }));
    case 'history/loaded':
      return readOnScreen(historyLoaded(account, event), reading);
    case 'history/failed':
      return historyFailed(account, event.discussion, event.interrupted);
    case 'mark/started':
      return withUnread(account, event.discussion, markStarted);
    case 'mark/done': {
      const done = withUnread(account, event.discussion, (unread) => markDone(unread, event.now));
      return doubtful(done, event.discussion);
    }
    case 'mark/failed': {
      const failed = withUnread(account, event.discussion, markFailed);
      return doubtful(failed, event.discussion);
    }
  }
}

/** What the server brings into the discussion that is being read is read as it comes, like a message that arrives. */
function readOnScreen(account: AccountState, reading: Reading): AccountState {
  const id = beingRead(reading);
  return id === null ? account : readEverything(account, id);
}

function withUnread(account: AccountState, id: DiscussionId, how: (unread: Unread) => Unread): AccountState {
  return change(account, id, (discussion) => {
    const unread = how(discussion.unread);
    return unread === discussion.unread ? discussion : { ...discussion, unread };
  });
}

/** What arrived while a mark was on its way may have been cleared by it: only the server can tell. */
function doubtful(account: AccountState, id: DiscussionId): AccountState {
  const open = account.discussions[id]?.unread.arrived.some(({ counted }) => counted !== 'no');
  return open && !account.recount ? { ...account, recount: true } : account;
}

// --- The list of chats -----------------------------------------------------------------------------------------

function chatsAnswered(
  account: AccountState,
  event: Extract<HistoryEvent, { type: 'chats/answered' }>,
): AccountState {
  let next = account;
  for (const chat of event.chats ?? []) next = listed(next, chat, event.first);
  for (const chat of event.counts ?? []) next = listed(next, chat, event.first);
  if (event.groups) next = groupsAnswered(next, event.groups, event.before);
  if (event.chats && event.counts) next = compared(next, event.chats, event.counts);
  if (event.chats && event.retry) next = changeEach(next, tryAgain);
  if (event.counts) next = counted(next, event.counts, event.before);
  if (event.chats === null) return next;
  const caughtUp = next.caughtUp || event.counts !== null;
  return next.listLoaded && next.caughtUp === caughtUp ? next : { ...next, listLoaded: true, caughtUp };
}

/** The list tells whether a reading that was interrupted can still be told. */
function compared(
  account: AccountState,
  chats: readonly StoredChat[],
  counts: readonly StoredChat[],
): AccountState {
  const times = byDiscussion(account, chats);
  const unreads = byDiscussion(account, counts);
  let dropped = false;
  const next = changeEach(account, (discussion) => {
    if (discussion.unread.mark !== 'check') return discussion;
    const at = times.get(discussion.id)?.at ?? 0;
    const newer = at > discussion.history.upTo && !explained(discussion.messages, at, true);
    const count = countIn(unreads, discussion.id);
    const unread = checked(discussion.unread, newer, count);
    dropped ||= unread.mark === 'none' && count > 0;
    return { ...discussion, unread };
  });
  return dropped ? { ...next, recount: true } : next;
}

function byDiscussion(
  account: AccountState,
  chats: readonly StoredChat[],
): ReadonlyMap<DiscussionId, StoredChat> {
  return new Map(chats.map((chat) => [normaliseSip(chat.sip, account.me.domain), chat]));
}

/** A chat that is not in the answer has nothing unread. */
function countIn(counts: ReadonlyMap<DiscussionId, StoredChat>, id: DiscussionId): number {
  return Math.max(0, Math.floor(counts.get(id)?.unread ?? 0));
}

/** A page that could not be loaded may be tried again. */
export function tryAgain(discussion: Discussion): Discussion {
  return discussion.history.state === 'failed'
    ? { ...discussion, history: { ...discussion.history, state: 'idle' } }
    : discussion;
}

function described(account: AccountState, chat: { sip: string; name: string; group: boolean }): AccountState {
  if (chat.sip.trim() === '' || isMe(account, chat.sip)) return account;
  const { account: reached, id } = reach(account, { sip: chat.sip }, chat.group ? 'group' : 'person');
  const name = toName(chat.name);
  return change(reached, id, (discussion) => {
    // The server's word on what it is; but what was once in its list of groups does not become a person when it ends.
    // A person's name may also come from presence, an empty one tells nothing.
    const listed = discussion.group !== null && discussion.group.standing !== 'unknown';
    const kind = chat.group || listed ? 'group' : 'person';
    const same = discussion.kind === kind && (name === '' || discussion.name === name);
    const group = kind === 'group' ? (discussion.group ?? unknownGroup) : null;
    return same ? discussion : { ...discussion, kind, group, name: name || discussion.name };
  });
}

/** `first`: messages may have been missed, so what was seen live explains nothing; opening compares. */
function listed(account: AccountState, chat: StoredChat, first: boolean): AccountState {
  const known = described(account, chat);
  const id = normaliseSip(chat.sip, account.me.domain);
  return change(known, id, (discussion) => {
    const { history } = discussion;
    const at = Math.max(discussion.listedAt ?? 0, chat.at);
    if (discussion.listedAt === at && !first) return discussion;
    const stale = at > history.upTo && !explained(discussion.messages, at, !first);
    if (discussion.listedAt === at && (history.stale || !stale)) return discussion;
    return { ...discussion, listedAt: at, history: { ...history, stale: stale || history.stale } };
  });
}

/**
 * Whether the newest thing that the server has of a chat is here already: a message with its id, or (`live`) one that
 * was seen live or written here at about that time, by its sender's clock or by ours.
 */
function explained(messages: readonly Message[], at: Instant, live: boolean): boolean {
  for (let index = messages.length - 1; index >= Math.max(0, messages.length - 100); index--) {
    const message = messages[index];
    if (!message) break;
    if (message.serverId !== null && message.at >= at) return true;
    if (!live || message.serverId !== null || !mayBeStored(message)) continue;
    // Stamped by the PBX in whole seconds, rounded down; or, without a stamp and of our own, by our clock.
    const stamped = message.claimedAt !== message.arrivedAt;
    if (stamped && at >= message.claimedAt && at < message.claimedAt + 1_000) return true;
    if (Math.abs(at - message.arrivedAt) <= explainsHere) return true;
  }
  return false;
}

/** The server's newest message of a chat is later than all of it that is here, and none of these: it was missed. */
function isNewer({ messages }: Discussion, at: Instant): boolean {
  const last = messages.findLast(mayBeStored);
  return last !== undefined && at > last.at && !explained(messages, at, true);
}

/**
 * Unread messages that came after the newest that the server has of this chat, so that it cannot have them. Times of live
 * messages are whole seconds, rounded down; those without one have our clock, which may differ.
 */
function arrivedAfter({ messages, unread }: Discussion, at: Instant): ReadonlySet<MessageId> {
  const unsure = new Set(unread.arrived.filter((one) => one.counted === 'maybe').map(({ id }) => id));
  if (unsure.size === 0) return unsure;
  const after = messages.filter(
    ({ id, claimedAt, arrivedAt }) =>
      unsure.has(id) && claimedAt > at + (claimedAt === arrivedAt ? explains : 0),
  );
  return new Set(after.map(({ id }) => id));
}

function counted(
  account: AccountState,
  chats: readonly StoredChat[],
  before: Readonly<Record<DiscussionId, Discussion>>,
): AccountState {
  const counts = byDiscussion(account, chats);
  let again = false;
  const next = changeEach(account, (discussion) => {
    const chat = counts.get(discussion.id);
    const { unread, overtaken } = answered(
      discussion.unread,
      before[discussion.id]?.unread,
      countIn(counts, discussion.id),
      chat?.at ?? discussion.unread.at,
      chat !== undefined && isNewer(discussion, chat.at) ? 1 : 0,
      arrivedAfter(discussion, chat?.at ?? discussion.listedAt ?? 0),
    );
    again ||= overtaken;
    if (unread === discussion.unread) return discussion;
    // Unread appears in the discussion on screen: that is where its line goes.
    const appeared =
      discussion.id === account.open && countOf(discussion.unread) === 0 && countOf(unread) > 0;
    const line = appeared
      ? (lastOfOthers(discussion.messages, countOf(unread))[0] ?? null)
      : discussion.newFrom;
    return { ...discussion, unread, newFrom: discussion.history.stale ? discussion.newFrom : line };
  });
  return again ? { ...next, recount: true } : next;
}

// --- Pages -----------------------------------------------------------------------------------------------------

function historyLoaded(
  account: AccountState,
  event: Extract<HistoryEvent, { type: 'history/loaded' }>,
): AccountState {
  const { discussion: id, before, direction, now } = event;
  const page = event.messages.map((message) => stored(account, message, now));
  const ids = new Set(page.map(({ serverId }) => serverId));
  let nameless = 0;
  const merged = change(account, id, (discussion): Discussion => {
    const merge = mergeHistory(discussion.messages, page, direction);
    const first = page.reduce((at, message) => Math.min(at, message.at), Infinity);
    const messages =
      direction === 'newest' && !merge.connected
        ? withoutHistoryBefore(merge.messages, first)
        : merge.messages;
    const newest = page.reduce((at, message) => Math.max(at, message.at), 0);
    const { history } = discussion;
    const upTo = direction === 'newest' ? Math.max(history.upTo, newest, before.listedAt ?? 0) : history.upTo;
    // What the server counted is cleared by having been loaded; whoever did not read it still has it unread.
    const cleared = discussion.unread.stored > 0 ? lastOfOthers(messages, countOf(discussion.unread)) : [];
    const had = new Set<MessageId>(before.unread.arrived.map((arrival) => arrival.id));
    const lines = discussion.newPending > 0 ? discussion.newPending : cleared.length;
    const next: Discussion = {
      ...discussion,
      messages,
      history: {
        state: 'idle',
        loaded: history.loaded || direction === 'newest',
        stale: direction === 'newest' ? (discussion.listedAt ?? 0) > upTo : history.stale,
        older: older(history.older, history.loaded, direction, merge, page.length),
        upTo,
      },
      unread: loadDone(discussion.unread, had, cleared, now),
      newPending: 0,
      newFrom:
        lines > 0 && id === account.open ? (lastOfOthers(messages, lines)[0] ?? null) : discussion.newFrom,
    };
    const missing = deleted(next, page, ids, direction);
    const start = page.length === 0 ? -Infinity : first + 1_000;
    const unnamed =
      direction === 'newest' ? deletedNameless(account, next, ids, start) : new Set<MessageId>();
    nameless = unnamed.size;
    return withoutMessages(next, new Set([...missing, ...unnamed]));
  });
  const known = placed(withoutDeletions(merged, nameless), ids);
  const settled = direction === 'newest' ? settleUnclearIn(known, id) : known;
  return doubtful(withoutDelivered(settled), id);
}

/**
 * Known messages within a page that the page does not have any more. At its older edge, which a server may cut within
 * a second, nothing is concluded; nor from an empty page.
 */
function deleted(
  { messages }: Discussion,
  page: readonly HistoryMessage[],
  ids: ReadonlySet<ServerId>,
  direction: 'newest' | 'older',
): ReadonlySet<MessageId> {
  const times = page.map(({ at }) => at);
  const first = Math.min(...times) + 1_000;
  const last = direction === 'newest' ? Infinity : Math.max(...times) - 1_000;
  const gone = messages.filter(
    ({ serverId, at }) => serverId !== null && !ids.has(serverId) && at > first && at < last,
  );
  return new Set(page.length === 0 ? [] : gone.map(({ id }) => id));
}

/**
 * Whether there may be older messages. Only a page with nothing new says no: how many messages a server puts into a
 * page is its own affair, so a short one says nothing.
 */
function older(
  known: boolean,
  loaded: boolean,
  direction: 'newest' | 'older',
  merge: { added: number; connected: boolean },
  length: number,
): boolean {
  if (direction === 'older') return merge.added > 0;
  if (!loaded || !merge.connected) return length > 0;
  return known;
}

/** What the link took with it and the history does not have was not delivered. */
function settleUnclearIn(account: AccountState, id: DiscussionId): AccountState {
  const here = new Set(
    account.outbox.filter(({ discussion }) => discussion === id).map(({ message }) => message),
  );
  return here.size === 0
    ? account
    : settleUnclear(account, (outgoing) =>
        here.has(messageOfRef(outgoing.ref)) ? notStored(outgoing) : outgoing,
      );
}

function stored(account: AccountState, message: StoredMessage, now: Instant): HistoryMessage {
  const { html, text, cut } = receive(message.text, 'text/html');
  return {
    id: idOfStored(message.id),
    serverId: message.id,
    author: {
      sip: normaliseSip(message.author.sip, account.me.domain),
      name: toName(message.author.name),
    },
    own: isMe(account, message.author.sip),
    html,
    text,
    at: message.at,
    claimedAt: message.at,
    arrivedAt: now,
    attachments: message.attachments.map(arrived),
    incomplete: cut,
    live: false,
    kept: true,
    edited: false,
    outgoing: null,
  };
}

function historyFailed(account: AccountState, id: DiscussionId, interrupted: boolean): AccountState {
  const failed = change(account, id, (discussion): Discussion => {
    const left = discussion.id !== account.open && discussion.newPending > 0;
    const unread = markFailed(discussion.unread);
    // Without a link it is no failure to show: the line about the connection says it all.
    const state = interrupted || account.link.state !== 'online' ? 'idle' : 'failed';
    return {
      ...discussion,
      history: { ...discussion.history, state },
      unread: left ? unreadAgain(unread, discussion.newPending) : unread,
      newPending: left ? 0 : discussion.newPending,
    };
  });
  return doubtful(failed, id);
}
