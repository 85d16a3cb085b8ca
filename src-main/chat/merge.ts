// How messages come together: what arrives live, what was written here, and pages of the server's history, which
// contain the same messages again with an id and a better time. Nothing is shown twice and nothing is lost.
import type { Instant, MessageId } from '../ipc/contract.ts';
import { confirmed } from './attachments.ts';
import type { Message } from './model.ts';
import { delivered } from './outbox.ts';

/**
 * How far apart two clocks may be, in milliseconds, for a message and its stored copy still to be known as the same.
 * Wider, and an older message of the same words would be taken for it; narrower, and a wrong clock shows all twice.
 */
const clocksApart = 60_000;
/** Of own messages only this computer's clock is known, which may be wrong; in doubt after all others are paired. */
const ownClockApart = 600_000;
/** A live message may come just after the page that contains it already, this many milliseconds at most. */
const justLoaded = 10_000;
/** Time stamps of live messages are whole seconds; this is how far the server's may be away because of that. */
const secondsApart = 1_500;

/** A message out of the history, already made harmless. */
export type HistoryMessage = Message & { readonly serverId: string };

/**
 * Puts a message at the end, where somebody who watches expects it: its sender's clock (or the rounding to seconds)
 * must not put it above what is on screen already, nor into the future.
 */
export function appendLive(messages: readonly Message[], message: Message): readonly Message[] {
  const last = messages.at(-1);
  const at = Math.max(Math.min(message.claimedAt, message.arrivedAt), last?.at ?? 0);
  return [...messages, { ...message, at }];
}

/**
 * The message in `messages` that `live` is a copy of: it came with a page that was loaded a moment ago. Null: it is
 * new. Each message is recognised in this way once (`live`), so that two equal texts stay two.
 */
export function alreadyLoaded(messages: readonly Message[], live: Message): Message | null {
  const key = likeness(live);
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (!message || messages.length - index > 100) break;
    if (
      message.serverId !== null &&
      !message.live &&
      live.arrivedAt - message.arrivedAt <= justLoaded &&
      Math.abs(message.at - live.claimedAt) <= secondsApart &&
      likeness(message) === key
    ) {
      return message;
    }
  }
  return null;
}

export interface Merged {
  readonly messages: readonly Message[];
  /** How many of the page were not here before. */
  readonly added: number;
  /** The page and what was known of the history before touch: nothing is missing between them. */
  readonly connected: boolean;
}

/**
 * Merges a page of the history (any order, any overlap, any number of times). Messages keep their id and, where
 * nothing about them changed, their identity. `older`: the page comes before what is known, which settles equal times.
 */
export function mergeHistory(
  messages: readonly Message[],
  page: readonly HistoryMessage[],
  direction: 'newest' | 'older',
): Merged {
  const known = new Map<string, Message>();
  for (const message of messages) if (message.serverId !== null) known.set(message.serverId, message);
  const fresh = new Map<string, HistoryMessage>();
  for (const item of page) fresh.set(item.serverId, item);
  const items = [...fresh.values()].sort((a, b) => a.at - b.at);

  const strange = items.filter((item) => !known.has(item.serverId));
  const counterparts = matchChanged(messages, strange, matchUnconfirmed(messages, strange));
  let added = 0;
  let touching = 0;
  const paged = items.map((item): Message => {
    const same = known.get(item.serverId);
    if (same) touching += 1;
    const here = same ?? counterparts.get(item.serverId);
    if (here) return confirm(here, item);
    added += 1;
    return item;
  });
  const replaced = new Set<MessageId>(paged.map((message) => message.id));
  const rest = messages.filter((message) => !replaced.has(message.id));
  const merged = interleave(rest, paged, direction);
  const unchanged =
    merged.length === messages.length && merged.every((message, index) => message === messages[index]);
  return {
    messages: unchanged ? messages : merged,
    added,
    connected: known.size === 0 || touching > 0 || items.length === 0,
  };
}

/** What was known of the history before a page that does not touch it: the page replaces it, the rest stays. */
export function withoutHistoryBefore(messages: readonly Message[], before: Instant): readonly Message[] {
  return messages.filter((message) => message.serverId === null || message.at >= before);
}

/** Both sorted by `at`; equal times keep their order within each, and between them `direction` decides. */
function interleave(
  rest: readonly Message[],
  paged: readonly Message[],
  direction: 'newest' | 'older',
): Message[] {
  const result: Message[] = [];
  let next = 0;
  for (const message of rest) {
    for (; next < paged.length; next++) {
      const item = paged[next];
      const first =
        item &&
        (item.at < message.at || (item.at === message.at && (direction === 'older' || !message.serverId)));
      if (!item || !first) break;
      result.push(item);
    }
    result.push(message);
  }
  for (; next < paged.length; next++) {
    const item = paged[next];
    if (item) result.push(item);
  }
  return result;
}

/** Pairs page items with messages that were seen live or written here, nearest in time first, each at most once. */
function matchUnconfirmed(
  messages: readonly Message[],
  items: readonly HistoryMessage[],
): ReadonlyMap<string, Message> {
  const result = new Map<string, Message>();
  if (items.length === 0) return result;
  const candidates = new Map<string, Message[]>();
  for (const message of messages) {
    if (message.serverId !== null || !mayBeStored(message)) continue;
    const key = likeness(message);
    candidates.set(key, [...(candidates.get(key) ?? []), message]);
  }
  if (candidates.size === 0) return result;
  const pairs: { item: HistoryMessage; message: Message; apart: number; rank: number }[] = [];
  for (const item of items) {
    for (const message of candidates.get(likeness(item)) ?? []) {
      const apart = Math.min(Math.abs(item.at - message.claimedAt), Math.abs(item.at - message.arrivedAt));
      // A failed one is the last resort: what it says may have been sent again. Files mostly keep their names.
      const rank =
        (message.outgoing?.state === 'failed' ? 4 : 0) +
        (apart > clocksApart ? 2 : 0) +
        (filesOf(message) === filesOf(item) ? 0 : 1);
      if (apart <= (message.own ? ownClockApart : clocksApart)) pairs.push({ item, message, apart, rank });
    }
  }
  pairs.sort((a, b) => a.rank - b.rank || a.apart - b.apart || b.item.at - a.item.at);
  const used = new Set<MessageId>();
  for (const { item, message } of pairs) {
    if (used.has(message.id) || result.has(item.serverId)) continue;
    used.add(message.id);
    result.set(item.serverId, message);
  }
  return inOrder(messages, items, result);
}

/** Of those that are alike, nearest in time may have crossed them: what came first is the first of the page. */
function inOrder(
  messages: readonly Message[],
  items: readonly HistoryMessage[],
  matched: ReadonlyMap<string, Message>,
): ReadonlyMap<string, Message> {
  const itemOf = new Map(items.flatMap((item) => [[matched.get(item.serverId)?.id, item] as const]));
  const alike = new Map<string, Message[]>();
  const group = (item: HistoryMessage, message: Message) => {
    const key = `${likeness(item)} ${filesOf(message) === filesOf(item) ? filesOf(item) : ''}`;
    const found = alike.get(key) ?? [];
    alike.set(key, found);
    return found;
  };
  for (const message of messages) {
    const item = itemOf.get(message.id);
    if (item) group(item, message).push(message);
  }
  const result = new Map<string, Message>();
  for (const item of items) {
    const message = matched.get(item.serverId);
    const first = message && group(item, message).shift();
    if (first) result.set(item.serverId, first);
  }
  return result;
}

function filesOf({ attachments }: Message): string {
  return JSON.stringify(attachments.map(({ name }) => name));
}

/**
 * What is left on both sides may be messages that their authors changed before a page told their ids: same author, same
 * time, other words. Only where the server has the message for certain, and in the order of time.
 */
function matchChanged(
  messages: readonly Message[],
  items: readonly HistoryMessage[],
  matched: ReadonlyMap<string, Message>,
): ReadonlyMap<string, Message> {
  const left = items.filter((item) => !matched.has(item.serverId));
  if (left.length === 0) return matched;
  const used = new Set([...matched.values()].map(({ id }) => id));
  const open = messages.filter(({ id, serverId, kept }) => serverId === null && kept && !used.has(id));
  const result = new Map(matched);
  for (const item of left) {
    const index = open.findIndex(
      (message) =>
        authorOf(message) === authorOf(item) &&
        message.attachments.length === item.attachments.length &&
        Math.min(Math.abs(item.at - message.claimedAt), Math.abs(item.at - message.arrivedAt)) <=
          secondsApart,
    );
    const message = open[index];
    if (!message) continue;
    open.splice(index, 1);
    result.set(item.serverId, message);
  }
  return result;
}

/** Whether the server can have it: what never left this computer, or was refused, is not in its history. */
export function mayBeStored(message: Message): boolean {
  const { outgoing } = message;
  if (!outgoing) return true;
  if (outgoing.state === 'queued' || outgoing.state === 'sending') return false;
  if (outgoing.state !== 'failed') return true;
  const code = outgoing.reason?.code;
  return code === 'connection-lost' || code === 'not-stored' || code === 'no-answer';
}

/** A message that is here already, with what the server knows better. */
function confirm(here: Message, item: HistoryMessage): Message {
  const outgoing = here.outgoing && delivered(here.outgoing);
  const sameText = here.text === item.text && here.html === item.html;
  const attachments = confirmed(here.attachments, item.attachments);
  const incomplete = item.incomplete && here.incomplete;
  const otherWords = here.serverId === item.serverId ? !sameText : likeness(here) !== likeness(item);
  const edited = here.edited || (otherWords && !here.incomplete);
  if (
    here.serverId === item.serverId &&
    here.at === item.at &&
    here.outgoing === outgoing &&
    here.incomplete === incomplete &&
    here.edited === edited &&
    sameText &&
    attachments === here.attachments
  ) {
    return here;
  }
  return {
    ...here,
    serverId: item.serverId,
    at: item.at,
    html: sameText ? here.html : item.html,
    text: sameText ? here.text : item.text,
    attachments,
    incomplete,
    kept: true,
    edited,
    outgoing,
  };
}

/** Two messages of one likeness may be one message: same author, same words, as many files. */
function likeness(message: Message): string {
  const words = message.text.replace(/\s+/g, ' ').trim();
  return JSON.stringify([authorOf(message), message.attachments.length, words]);
}

/** Null: this person. */
export function authorOf({ own, author }: Message): string | null {
  return own ? null : author.sip;
}
