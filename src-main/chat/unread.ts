// Who has read what (protocol, section 9), and the counts. Pure; everything that decides about a badge is here.
//
// A count is never kept, it is `countOf`: what the server last said about a discussion, plus what arrived since. Two
// things make that delicate. The server's answer may have been overtaken by a message or by reading; then it is not
// used (`revision`). And reading clears at the server whatever is there at that moment, also what came a moment later
// and nobody saw; such messages stay unread here (`counted`), because a message that nobody read must not vanish.
import type { DiscussionId, Instant, MessageId } from '../ipc/contract.ts';

// --- The read rule ---------------------------------------------------------------------------------------------

export interface Reading {
  /** The discussion on screen. */
  readonly open: DiscussionId | null;
  /** The discussion whose message input has the focus. */
  readonly input: DiscussionId | null;
  readonly focused: boolean;
  readonly visible: boolean;
}

/** The discussion that is being read right now: what arrives there is read on arrival. */
export function beingRead(reading: Reading): DiscussionId | null {
  const { open, input, focused, visible } = reading;
  return open !== null && input === open && focused && visible ? open : null;
}

export function readsOnArrival(reading: Reading, discussion: DiscussionId): boolean {
  return beingRead(reading) === discussion;
}

/**
 * What a change of these facts reads: the open discussion, at the moment when its input gets the focus in a window
 * that is focused and visible. Opening a discussion is not a change of facts but an act, and reads by itself.
 */
export function readByTransition(before: Reading, after: Reading): DiscussionId | null {
  const now = beingRead(after);
  return now !== null && now !== beingRead(before) ? now : null;
}

// --- The counts ------------------------------------------------------------------------------------------------

/**
 * Whether the server's count contains a message that arrived: 'no' when a page of ours has cleared it, or when a service
 * that was there had no session with us and its count has not told otherwise; 'maybe' while it is not known whether there
 * is a service, or whether it counts without a session, or while a reading of ours was under way that may have cleared
 * it there.
 */
export type Counted = 'yes' | 'maybe' | 'no';

export interface Arrival {
  readonly id: MessageId;
  readonly counted: Counted;
}

/**
 * What the server has still to hear about a reading. 'due': it is to be told. 'check': the link broke in between, so
 * first see whether there are newer messages that nobody read.
 */
export type Mark = 'none' | 'due' | 'check';

export interface Unread {
  /** The server's count, and the newest message that it may contain. */
  readonly stored: number;
  readonly at: Instant;
  /** Unread since, oldest first. */
  readonly arrived: readonly Arrival[];
  /** Arrived, and taken to be in the server's count already. `doubted`: a reading of ours may have cleared it there. */
  readonly contained: readonly { readonly id: MessageId; readonly doubted: boolean }[];
  readonly mark: Mark;
  /** How many messages were read here that the server counts until the mark has told it. */
  readonly untold: number;
  /** How many of those a request on its way tells of; null: none is on its way. */
  readonly telling: number | null;
  /** When the server last confirmed a reading. */
  readonly toldAt: Instant;
  /** The link broke since the server last told its count, which may contain what never came here. */
  readonly gap: boolean;
  /** Changes with everything that makes an answer on its way obsolete. */
  readonly revision: number;
}

export const nothingUnread: Unread = {
  stored: 0,
  at: 0,
  arrived: [],
  contained: [],
  mark: 'none',
  untold: 0,
  telling: null,
  toldAt: 0,
  gap: false,
  revision: 0,
};

/**
 * Messages and confirmations come from different services: a message may overtake, or be overtaken, by this many
 * milliseconds. Within them a reading may have cleared a message at the server that comes here only afterwards.
 */
const crossing = 5_000;

export function countOf(unread: Unread): number {
  return unread.stored + unread.arrived.length;
}

/** A message that was not read on arrival. `doubtful`: it may be in the server's count already, so ask again. */
export function arrive(
  unread: Unread,
  message: { id: MessageId; claimedAt: Instant; arrivedAt: Instant },
  counted: Counted,
): { unread: Unread; doubtful: boolean } {
  const revision = unread.revision + 1;
  // A mark that has not gone out would clear this message too: better to count again at the server what was read
  // here than to lose this one.
  const mark = 'none';
  const untold = unread.telling ?? 0;
  const inSeconds = (at: Instant): number => Math.floor(at / 1000);
  const underWay = unread.telling !== null || message.arrivedAt - unread.toldAt < crossing;
  const perhapsContained =
    counted !== 'no' &&
    unread.contained.length < unread.stored &&
    inSeconds(message.claimedAt) <= inSeconds(unread.at);
  const known = { ...unread, mark, untold, revision } as const;
  if (perhapsContained) {
    const contained = [...unread.contained, { id: message.id, doubted: underWay }];
    return { unread: { ...known, contained }, doubtful: true };
  }
  const certainty = counted === 'yes' && underWay ? 'maybe' : counted;
  const arrived = [...unread.arrived, { id: message.id, counted: certainty }];
  return { unread: { ...known, arrived }, doubtful: certainty === 'maybe' };
}

/** Everything in the discussion has been read. */
export function read(unread: Unread): Unread {
  if (countOf(unread) === 0) return unread;
  const atServer = unread.stored + unread.arrived.filter(({ counted }) => counted !== 'no').length;
  const mark = atServer > 0 ? 'due' : unread.mark;
  const untold = unread.untold + atServer;
  return { ...unread, stored: 0, arrived: [], contained: [], mark, untold, revision: unread.revision + 1 };
}

/** A message came and was read: the server does not know the second half of that yet. */
export function readOnArrival(unread: Unread, counted: Counted): Unread {
  const all = read(unread);
  const revision = unread.revision + 1;
  return counted === 'no' ? { ...all, revision } : { ...all, mark: 'due', untold: all.untold + 1, revision };
}

/** A reading that never showed its messages (they could not be loaded) is taken back. */
export function unreadAgain(unread: Unread, stored: number): Unread {
  const untold = unread.telling ?? 0;
  return { ...unread, stored: unread.stored + stored, mark: 'none', untold, revision: unread.revision + 1 };
}

/** The server is being told that the discussion was read. */
export function markStarted(unread: Unread): Unread {
  return { ...unread, mark: 'none', telling: unread.untold, revision: unread.revision + 1 };
}

export function markDone(unread: Unread, now: Instant): Unread {
  // 'due' again: something more was read meanwhile.
  const untold = Math.max(0, unread.untold - (unread.telling ?? 0));
  return { ...unread, untold, telling: null, toldAt: now, revision: unread.revision + 1 };
}

export function markFailed(unread: Unread): Unread {
  if (unread.telling === null) return unread;
  return unconfirmed(unread);
}

/**
 * A page was loaded, which clears the discussion at the server (protocol, section 5, ReadChat), whether it is being
 * read here or not; `markStarted` came before. What was unread stays unread: `had` are the arrivals that were known
 * when the page was asked for, `cleared` the messages that the server's count stood for, now that they are here.
 */
export function loadDone(
  unread: Unread,
  had: ReadonlySet<MessageId>,
  cleared: readonly MessageId[],
  now: Instant,
): Unread {
  const arrived = unread.arrived.map((arrival): Arrival =>
    had.has(arrival.id) ? { ...arrival, counted: 'no' } : arrival,
  );
  const known = new Set(arrived.map((arrival) => arrival.id));
  const taken = cleared.filter((id) => !known.has(id)).map((id): Arrival => ({ id, counted: 'no' }));
  return { ...markDone(unread, now), stored: 0, contained: [], arrived: [...taken, ...arrived] };
}

/**
 * A message comes before the server has told its count after a gap: the time of its newest message will not tell any
 * more whether something was missed. So nobody can say that its count stands for what was in doubt before.
 */
export function gapHidden(unread: Unread): Unread {
  return unread.gap ? { ...unread, arrived: unread.arrived.map(notCounted), gap: false } : unread;
}

/** The link broke: messages may be missed until it is back. */
export function linkLost(unread: Unread): Unread {
  const known = interrupted(unread);
  const doubts = known.arrived.some(({ counted }) => counted === 'maybe');
  return doubts && !known.gap ? { ...known, gap: true } : known;
}

/** The link or the service was gone: what was not confirmed has to be looked at again. */
export function interrupted(unread: Unread): Unread {
  return unread.mark === 'due' || unread.telling !== null ? unconfirmed(unread) : unread;
}

function unconfirmed(unread: Unread): Unread {
  // Another attempt would clear what is unread now; and without a reading there is nothing to tell.
  const again = countOf(unread) === 0 && unread.untold > 0;
  return {
    ...unread,
    mark: again ? 'check' : 'none',
    untold: again ? unread.untold : 0,
    arrived: unread.telling === null ? unread.arrived : unread.arrived.map(perhaps),
    telling: null,
    revision: unread.revision + 1,
  };
}

function notCounted(arrival: Arrival): Arrival {
  return arrival.counted === 'maybe' ? { ...arrival, counted: 'no' } : arrival;
}

/** Nobody knows whether what was on its way has cleared this one at the server. */
function perhaps(arrival: Arrival): Arrival {
  return arrival.counted === 'yes' ? { ...arrival, counted: 'maybe' } : arrival;
}

/**
 * After the list of chats was read again. The reading can still be told when there is nothing `newer` than what is
 * here and the server counts no more (`count`) than was read: otherwise it would clear what nobody has seen.
 */
export function checked(unread: Unread, newer: boolean, count: number): Unread {
  if (unread.mark !== 'check') return unread;
  const tell = count > 0 && !newer && count <= unread.untold;
  const untold = tell ? unread.untold : 0;
  return { ...unread, mark: tell ? 'due' : 'none', untold, revision: unread.revision + 1 };
}

/**
 * The server's count of unread messages (protocol, section 5, ReadChats with `unread`). `before`: our side at the time
 * of the request. `overtaken`: the answer is older than something that happened here, and says nothing. `missed`: so many of those that it counts have surely
 * not arrived here. `later`: these arrived after everything that it has.
 */
export function answered(
  unread: Unread,
  before: Unread | undefined,
  count: number,
  at: Instant,
  missed = 0,
  later: ReadonlySet<MessageId> = new Set(),
): { unread: Unread; overtaken: boolean } {
  // Until a reading is confirmed the server's count of it means nothing; `markDone` asks again where it matters.
  if (unread.mark !== 'none' || unread.telling !== null) return { unread, overtaken: false };
  const then = before ?? nothingUnread;
  if (then.revision !== unread.revision) return { unread, overtaken: true };
  const known = unread.arrived.map((arrival): Arrival =>
    arrival.counted === 'maybe' && later.has(arrival.id) ? { ...arrival, counted: 'no' } : arrival,
  );
  const has = (counted: Counted): number => known.filter((arrival) => arrival.counted === counted).length;
  const expected = has('yes') + has('maybe');
  // What it counted before is no room for what came since. Smaller than before: all of that was read elsewhere.
  const doubted = unread.contained.filter((one) => one.doubted);
  const old = count >= unread.stored ? unread.stored - doubted.length : 0;
  const room = missed > 0 ? 0 : count - old - has('yes');
  let left = Math.max(0, has('maybe') - Math.max(0, room));
  // Which of them the count stands for, nobody knows: one of the same second that comes now must not be one more.
  const taken: Unread['contained'][number][] = [];
  // The server counts fewer than arrived: of those that a reading of ours may have cleared there, the oldest are
  // the ones that it did clear. All others are in its count, or were read elsewhere.
  const arrived = known.flatMap((arrival): Arrival[] => {
    if (arrival.counted === 'no') return [arrival];
    if (arrival.counted === 'maybe' && left > 0) {
      left -= 1;
      return [{ ...arrival, counted: 'no' }];
    }
    if (arrival.counted === 'maybe') taken.push({ id: arrival.id, doubted: true });
    return [];
  });
  // If it is smaller than before, they were read elsewhere. Else, where it has no room for all that were taken to be
  // in it, those were cleared by a reading of ours, too.
  const stays = count >= unread.stored;
  const excess = stays ? Math.max(0, unread.contained.length + expected - count) : 0;
  const cleared = doubted.slice(0, excess);
  const stay = stays ? unread.contained.filter((one) => !cleared.includes(one)) : [];
  const contained = [...stay, ...taken];
  arrived.unshift(...cleared.map(({ id }): Arrival => ({ id, counted: 'no' })));
  const same =
    unread.stored === count &&
    unread.at === at &&
    !unread.gap &&
    arrived.length === unread.arrived.length &&
    arrived.every((arrival, index) => arrival === unread.arrived[index]);
  if (same) return { unread, overtaken: false };
  return {
    unread: { ...unread, stored: count, at, arrived, contained, gap: false, revision: unread.revision + 1 },
    overtaken: false,
  };
}
