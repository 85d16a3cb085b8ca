// What the wire reports: the state of the link and the mode, people, and messages that arrive.
import type { Instant } from '../ipc/contract.ts';
import type { Address, PbxEvent, Person, ReceivedIm } from '../pbx/index.ts';
import { discussionId, normaliseSip } from './address.ts';
import { arrived } from './attachments.ts';
import { alreadyLoaded, appendLive } from './merge.ts';
import {
  allAmends,
  type AccountState,
  type Discussion,
  type Favourite,
  type Link,
  type Message,
  type Mode,
} from './model.ts';
import { delivered, failed, messageOfRef, sent, unknowable } from './outbox.ts';
import { presenceView, setsDoNotDisturb, unknownPresence } from './presence.ts';
import { changedAtServer } from './reduce-amend.ts';
import { settle, settleUnclear } from './reduce-outbox.ts';
import { change, changeEach, countedNow, isMe, reach, type InAccount } from './reduce-shared.ts';
import { receive, toName } from './rich-text.ts';
import {
  arrive,
  countOf,
  gapHidden,
  interrupted,
  linkLost,
  readOnArrival,
  readsOnArrival,
} from './unread.ts';

/** Somebody who is typing is believed for this long, in milliseconds; they repeat it while they type. */
export const typingLasts = 10_000;

export function reduceWire(
  account: AccountState,
  event: PbxEvent,
  now: Instant,
  context: InAccount,
): AccountState {
  switch (event.type) {
    case 'link':
      if (event.state !== 'offline') return { ...account, link: { state: event.state } };
      return disconnected(account, { state: 'offline', reason: event.reason, retryAt: event.retryAt });
    case 'mode':
      return modeChanged(
        account,
        event.mode === 'stored' ? { kind: 'stored' } : { kind: 'volatile', reason: event.reason },
      );
    case 'presence':
      return person(account, event.sip, event.name, (known) => ({
        ...known,
        presences: {
          ...known.presences,
          [normaliseSip(event.sip, known.me.domain)]: presenceView(event.items),
        },
      }));
    case 'own-presence':
      return {
        ...account,
        ownPresence: presenceView(event.items),
        undisturbed: setsDoNotDisturb(event.items),
      };
    case 'favourites':
      return favourites(account, event.people);
    case 'badge':
      return event.total === serverTotal(account) ? account : { ...account, recount: true };
    case 'im':
      return received(account, event.im, now, context);
    case 'typing': {
      if (isMe(account, event.author.sip)) return account;
      // Typing alone does not make a discussion: somebody might think better of it.
      const { account: reached, id } = reach(account, event.from, event.group ? 'group' : 'person');
      if (reached !== account) return account;
      const sip = normaliseSip(event.author.sip, account.me.domain);
      const name = toName(event.author.name);
      return change(account, id, (discussion) => {
        const others = discussion.typing.filter((typist) => typist.sip !== sip);
        if (!event.typing && others.length === discussion.typing.length) return discussion;
        const typist = { sip, name, until: now + typingLasts };
        return { ...discussion, typing: event.typing ? [...others, typist] : others };
      });
    }
    case 'stored-changed':
      return changedAtServer(account, event, now);
    case 'im-sent':
      return settle(account, event.ref, sent);
    case 'im-delivered':
      return settle(account, event.ref, delivered);
    case 'im-failed': {
      const { served } = account;
      const settled = settle(account, event.ref, (outgoing) => failed(outgoing, event.reason, served));
      // Perhaps the group is gone, or this person out of it: the list of groups tells.
      const { code } = event.reason;
      const shut = code === 'not-allowed' || code === 'unknown-user';
      return shut && toGroup(account, event.ref) ? { ...settled, recount: true } : settled;
    }
    case 'logged-in':
    case 'login-failed':
    case 'authorize':
    case 'logged-out':
    case 'wake':
      return account;
  }
}

function toGroup(account: AccountState, ref: string): boolean {
  const message = messageOfRef(ref);
  const entry = account.outbox.find((waiting) => waiting.message === message);
  return entry !== undefined && account.discussions[entry.discussion]?.kind === 'group';
}

function favourites(account: AccountState, people: readonly Person[]): AccountState {
  const { domain } = account.me;
  const list: Favourite[] = [];
  for (const { sip, num, name } of people) {
    const address: Address | null = sip !== '' ? { sip } : num !== '' ? { num } : null;
    if (address === null || isMe(account, sip)) continue;
    list.push({ id: discussionId(address, domain), address, name: toName(name) });
  }
  return people
    .filter(({ sip }) => sip !== '')
    .reduce<AccountState>((known, { sip, name }) => person(known, sip, name), {
      ...account,
      favourites: list,
    });
}

/** There is no link: what was on its way is in doubt, and what others were doing is not known any more. */
export function disconnected(account: AccountState, link: Link): AccountState {
  const gone = changeEach(account, (discussion) => {
    const unread = linkLost(discussion.unread);
    // Another attempt comes with the link; until then nothing of it has failed for good.
    const retried = discussion.history.state === 'failed';
    if (unread === discussion.unread && discussion.typing.length === 0 && !retried) return discussion;
    const history = retried ? { ...discussion.history, state: 'idle' as const } : discussion.history;
    return { ...discussion, unread, typing: [], history };
  });
  return {
    ...gone,
    link,
    mode: { kind: 'unknown' },
    unplaced: [],
    sessionLost: false,
    caughtUp: false,
    presences: {},
    ownPresence: unknownPresence,
  };
}

function modeChanged(account: AccountState, mode: Mode): AccountState {
  const sessionLost =
    mode.kind === 'volatile' && (account.sessionLost || (account.mode.kind === 'stored' && account.caughtUp));
  const known = { ...account, mode, sessionLost, served: account.served || mode.kind === 'stored' };
  // Without a service there is nothing that could have been missed.
  if (mode.kind === 'volatile')
    return settleUnclear({ ...known, listLoaded: true, caughtUp: true }, unknowable);
  if (account.mode.kind === 'stored') return known;
  // The service was away, or was never here: what was read before it came has to be compared first, and it may be
  // another one that can more.
  return changeEach({ ...known, amends: allAmends, unplaced: [] }, (discussion) => {
    const unread = interrupted(discussion.unread);
    return unread === discussion.unread ? discussion : { ...discussion, unread };
  });
}

function person(
  account: AccountState,
  rawSip: string,
  rawName: string,
  also: (account: AccountState) => AccountState = (known) => known,
): AccountState {
  const sip = normaliseSip(rawSip, account.me.domain);
  const name = toName(rawName);
  const named =
    name === '' || account.names[sip] === name
      ? account
      : { ...account, names: { ...account.names, [sip]: name } };
  return also(named);
}

/** What the server would count: everything unread but the messages that it does not know as unread. */
export function serverTotal(account: AccountState): number {
  let total = 0;
  for (const { unread } of Object.values(account.discussions)) {
    total += unread.stored + unread.arrived.filter(({ counted }) => counted !== 'no').length;
  }
  return total;
}

function received(account: AccountState, im: ReceivedIm, now: Instant, context: InAccount): AccountState {
  const { account: reached, id } = reach(account, im.from, im.group ? 'group' : 'person');
  const own = im.own || isMe(account, im.author.sip);
  const named = reached.names[id] === undefined && im.fromName !== '' ? toName(im.fromName) : '';
  const { html, text, cut } = receive(im.data, im.mime);
  const message: Message = {
    id: `l${account.nextMessage}`,
    serverId: null,
    author: { sip: normaliseSip(im.author.sip, account.me.domain), name: toName(im.author.name) },
    own,
    html,
    text,
    at: im.at,
    claimedAt: im.at,
    arrivedAt: now,
    attachments: im.attachments.map(arrived),
    incomplete: im.incomplete || cut,
    live: true,
    kept: account.mode.kind === 'stored',
    edited: false,
    outgoing: null,
  };
  const reads = readsOnArrival(context.reading, id);
  // A group that is known by its address alone: the list of groups has the rest.
  let recount = account.recount || (im.group && reached.discussions[id]?.group?.id === null);
  const changed = change(
    { ...reached, nextMessage: account.nextMessage + 1 },
    id,
    (discussion): Discussion => {
      const typing = discussion.typing.filter((typist) => typist.sip !== message.author.sip);
      const kept = {
        ...discussion,
        typing: typing.length === discussion.typing.length ? discussion.typing : typing,
        name: named || discussion.name,
      };
      // It may have come with a page a moment ago, which has cleared it at the server: no count there has it.
      const loaded = alreadyLoaded(discussion.messages, message);
      const messages = loaded
        ? kept.messages.map((known) => (known === loaded ? { ...known, live: true } : known))
        : appendLive(kept.messages, message);
      if (own) return { ...kept, messages };
      const counted = loaded ? 'no' : countedNow(account);
      if (reads) return { ...kept, messages, unread: readOnArrival(kept.unread, counted) };
      const here = loaded ?? message;
      if (kept.unread.arrived.some(({ id: known }) => known === here.id)) return { ...kept, messages };
      // Without a service there is nobody to ask until it comes, and no count of it that could have this one already.
      const alone = account.mode.kind === 'volatile';
      const claimedAt = alone ? Infinity : message.claimedAt;
      const before = alone ? kept.unread : gapHidden(kept.unread);
      const { unread, doubtful } = arrive(before, { ...message, id: here.id, claimedAt }, counted);
      recount ||= doubtful && !alone;
      const isOpen = context.reading.open === id;
      const newFrom = isOpen && countOf(kept.unread) === 0 ? here.id : kept.newFrom;
      return { ...kept, messages, unread, newFrom };
    },
  );
  return recount === changed.recount ? changed : { ...changed, recount };
}
