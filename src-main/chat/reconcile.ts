// Keeps the state and the server together. The state says what is wanted (messages to hand over, a page to load, a
// reading to be told, counts to be asked); this does it, one request of a kind at a time, and reports what came back.
import type { AccountId, DiscussionId, Instant } from '../ipc/contract.ts';
import type { Pbx, World } from '../pbx/index.ts';
import { waitsForFiles } from './attachments.ts';
import { largestPage, pageSize, type History } from './history.ts';
import type { AccountState, Discussion, Unplaced } from './model.ts';
import { hasNameless } from './reduce-amend.ts';
import type { Store } from './store.ts';
import { beingRead, countOf } from './unread.ts';
import { readingOf } from './reduce-shared.ts';

/** Doubts about the counts are collected for this long, in milliseconds: one answer settles many. */
const settleAfter = 300;
/** A person who goes back and forth between windows does not read the list each time, in milliseconds. */
const focusAtMostEvery = 2_000;
/**
 * Messages may be changed or deleted by their authors, and not every server says so: the newest page of a discussion
 * that somebody comes back to is read again when it was last read so long ago, in milliseconds.
 */
const rereadAfter = 60_000;
/** Pages that are loaded at most to close a gap to what is known; beyond, the known part is dropped and loaded anew. */
const gapPages = 20;

export interface Reconciler {
  /** Looks at the state and does what it asks for. Cheap when nothing concerns it; called after every change. */
  look(): void;
  /** The window got the focus. */
  focused(): void;
  loadOlder(discussion: DiscussionId): void;
  /** Asks who is in a group, where the server tells. */
  readMembers(discussion: DiscussionId): void;
  /**
   * Reads the newest page once more, which tells the ids of what was just sent; resolves when that has been tried.
   * False: nobody is reading this discussion, so that no page of it may be read.
   */
  refresh(discussion: DiscussionId): Promise<boolean>;
  stop(): void;
}

export function createReconciler(ports: {
  store: Store;
  world: World;
  pbx: Pbx;
  history: History;
  account: AccountId;
  /** Section 5: how often the list of chats is read without any other cause, in milliseconds. */
  listEvery: number;
}): Reconciler {
  const { store, world, pbx, history, account: id, listEvery } = ports;
  let stopped = false;
  let seen: { account: AccountState; window: unknown } | null = null;
  /** The list has been read since the service came; before that nothing is loaded that could clear a count. */
  let ready = false;
  let service = false;
  /** Answers that belong to an earlier link say nothing about this one. */
  let era = 0;
  let asking = false;
  let askAgain = false;
  let askedAt = -Infinity;
  const busy = new Set<DiscussionId>();
  /** Groups whose members were asked for on this link. */
  const membersRead = new Set<DiscussionId>();
  /** Those who wait until a page may be read. */
  const waiting: (() => void)[] = [];
  const readAt = new Map<DiscussionId, Instant>();
  let onScreen: DiscussionId | null = null;
  /** Its newest page is wanted once more. */
  let again: DiscussionId | null = null;
  /** The last word about unknown messages at the time of the newest page of a discussion. */
  const soughtFor = new Map<DiscussionId, Unplaced | undefined>();
  let looking = false;
  let lookAgain = false;
  let cancelPoll: (() => void) | null = null;
  let cancelRecount: (() => void) | null = null;
  let cancelFocused: (() => void) | null = null;
  let typingTimer: { until: Instant; cancel: () => void } | null = null;

  const account = (): AccountState | undefined => store.state().accounts[id];
  const reading = (state: AccountState) =>
    readingOf(state, store.state().window, store.state().active === id);

  // --- The list and the counts ---------------------------------------------------------------------------------

  /** Everything once: the chats with their times, the unread counts, and the groups, which come and go unannounced. */
  async function ask(retry = false): Promise<void> {
    if (asking) {
      askAgain = true;
      return;
    }
    const asked = account();
    if (!asked) return;
    asking = true;
    askedAt = world.now();
    const started = era;
    store.dispatch({ type: 'chats/asked', account: id });
    const [chats, counts, groups] = await Promise.all([
      pbx.readChats({ unread: false }),
      pbx.readChats({ unread: true }),
      pbx.readGroups(),
    ]);
    asking = false;
    goOn();
    if (stopped) return;
    if (started === era) {
      const first = !ready;
      ready = true;
      store.dispatch({
        type: 'chats/answered',
        account: id,
        first,
        retry,
        chats: chats.ok ? chats.value : null,
        counts: counts.ok ? counts.value : null,
        groups: groups.ok ? groups.value : null,
        before: asked.discussions,
      });
    }
    poll();
    // The state may be as it was, and still wait for the list to be ready.
    seen = null;
    if (askAgain) {
      askAgain = false;
      if (service) void ask();
    }
    look();
  }

  function poll(): void {
    cancelPoll?.();
    cancelPoll = service ? world.after(listEvery, () => void ask(true)) : null;
  }

  function recount(): void {
    if (cancelRecount) return;
    cancelRecount = world.after(settleAfter, () => {
      cancelRecount = null;
      if (service && account()?.recount) void ask();
    });
  }

  // --- Readings ------------------------------------------------------------------------------------------------

  async function tell(discussion: Discussion): Promise<void> {
    const { sip } = discussion.address;
    if (sip === undefined) return;
    busy.add(discussion.id);
    store.dispatch({ type: 'mark/started', account: id, discussion: discussion.id });
    const started = era;
    const answer = await pbx.markRead(sip);
    finish(discussion.id, started, () =>
      store.dispatch(
        answer.ok
          ? { type: 'mark/done', account: id, discussion: discussion.id, now: world.now() }
          : { type: 'mark/failed', account: id, discussion: discussion.id },
      ),
    );
  }

  // --- Pages ---------------------------------------------------------------------------------------------------

  async function loadNewest(discussion: Discussion): Promise<void> {
    const { sip } = discussion.address;
    if (sip === undefined) return;
    const { id: key } = discussion;
    busy.add(key);
    readAt.set(key, world.now());
    if (again === key) again = null;
    soughtFor.set(key, account()?.unplaced.at(-1));
    store.dispatch({ type: 'history/started', account: id, discussion: key });
    const started = era;
    const unread = countOf(discussion.unread) + discussion.newPending;
    const count = Math.min(largestPage, Math.max(pageSize, unread + 5));
    const known = new Set(
      discussion.messages.map((message) => message.serverId).filter((known) => known !== null),
    );
    const first = await history.page({ sip, count });
    let messages = first.ok ? first.value : null;
    // What came while nobody listened may fill more than a page: go on until it touches what is known.
    for (let page = 0; messages && known.size > 0 && page < gapPages; page++) {
      if (stopped || started !== era || messages.length === 0) break;
      if (messages.some((message) => known.has(message.id))) break;
      const before = Math.min(...messages.map((message) => message.at));
      const more = await history.page({ sip, before, count: pageSize });
      if (!more.ok || more.value.length === 0) break;
      const have = new Set(messages.map((message) => message.id));
      const older = more.value.filter((message) => !have.has(message.id));
      if (older.length === 0) break;
      messages = [...older, ...messages];
    }
    loaded(discussion, started, 'newest', messages);
  }

  async function older(discussion: Discussion): Promise<void> {
    const { sip } = discussion.address;
    const first = discussion.messages.find((message) => message.serverId !== null);
    if (sip === undefined || !first) return;
    busy.add(discussion.id);
    store.dispatch({ type: 'history/started', account: id, discussion: discussion.id });
    const started = era;
    const known = new Set(discussion.messages.map((message) => message.serverId));
    // Messages of the same instant may stand on both sides of the page's edge, so the edge itself is asked for again
    // (a second of it: some servers count in seconds). A page full of nothing else is passed by.
    let answer = await history.page({ sip, before: first.at + 1_000, count: pageSize });
    if (answer.ok && answer.value.length > 0 && answer.value.every((message) => known.has(message.id))) {
      if (started === era && !stopped)
        answer = await history.page({ sip, before: first.at, count: pageSize });
    }
    loaded(discussion, started, 'older', answer.ok ? answer.value : null);
  }

  function loaded(
    before: Discussion,
    started: number,
    direction: 'newest' | 'older',
    messages: Extract<Awaited<ReturnType<History['page']>>, { ok: true }>['value'] | null,
  ): void {
    const discussion = before.id;
    finish(discussion, started, () => {
      if (!messages)
        return store.dispatch({ type: 'history/failed', account: id, discussion, interrupted: false });
      store.dispatch({
        type: 'history/loaded',
        account: id,
        discussion,
        direction,
        messages,
        before,
        now: world.now(),
      });
    });
  }

  function goOn(): void {
    for (const go of waiting.splice(0)) go();
  }

  function finish(discussion: DiscussionId, started: number, report: () => void): void {
    busy.delete(discussion);
    goOn();
    if (stopped) return;
    if (started === era) report();
    else store.dispatch({ type: 'history/failed', account: id, discussion, interrupted: true });
    seen = null;
    look();
  }

  // --- Members -------------------------------------------------------------------------------------------------

  async function readMembers(discussion: DiscussionId): Promise<void> {
    const group = account()?.discussions[discussion]?.group;
    if (!service || !group || group.id === null || group.standing === 'gone') return;
    membersRead.add(discussion);
    const started = era;
    const answer = await pbx.readMembers(group.id);
    if (stopped || started !== era || !answer.ok) return;
    store.dispatch({ type: 'members/listed', account: id, discussion, members: answer.value });
  }

  /** Somebody looks at it (again). */
  function comeTo(discussion: DiscussionId | null): void {
    const at = discussion === null ? undefined : readAt.get(discussion);
    if (at !== undefined && world.now() - at >= rereadAfter) again = discussion;
  }

  /** The server spoke of messages that nobody knows by their ids: they may be here. */
  function mayHaveChanged(state: AccountState, discussion: Discussion): boolean {
    const last = state.unplaced.at(-1);
    return last !== undefined && last !== soughtFor.get(discussion.id) && hasNameless(discussion);
  }

  /**
   * Something of about that time is here, which explains that the list tells of something new; but another device may
   * have sent something within the same second, of which nobody tells.
   */
  function mayLack({ history: { upTo }, listedAt }: Discussion): boolean {
    return (listedAt ?? 0) > upTo;
  }

  /** Whether the newest page of a discussion is wanted. */
  function wantsPage(state: AccountState, discussion: Discussion): boolean {
    if (discussion.history.state !== 'idle' || discussion.address.sip === undefined) return false;
    const unclear = state.outbox.some(
      (entry) =>
        entry.discussion === discussion.id &&
        discussion.messages.findLast(({ id: message }) => message === entry.message)?.outgoing?.state ===
          'unclear',
    );
    if (state.open !== discussion.id) {
      // Looking for an own message clears the unread state: not where something is unread that nobody opened.
      return unclear && countOf(discussion.unread) === 0 && !(state.recount || asking);
    }
    if (discussion.history.loaded && !discussion.history.stale && !unclear) {
      if (mayLack(discussion)) return !clearsUnseen(state, discussion);
      const read = beingRead(reading(state)) === discussion.id;
      return read && (again === discussion.id || mayHaveChanged(state, discussion));
    }
    return !clearsUnseen(state, discussion);
  }

  /**
   * Whether a page of this discussion would clear at the server, and so on all devices and for the next start, what
   * nobody has read: it is on screen, and nobody is reading it. What is not counted yet may be such a message.
   */
  function clearsUnseen(state: AccountState, discussion: Discussion): boolean {
    if (beingRead(reading(state)) === discussion.id) return false;
    return state.recount || asking || countOf(discussion.unread) > 0;
  }

  // --- Typing --------------------------------------------------------------------------------------------------

  function watchTyping(state: AccountState): void {
    let until = Infinity;
    for (const discussion of Object.values(state.discussions)) {
      for (const typist of discussion.typing) until = Math.min(until, typist.until);
    }
    if (typingTimer?.until === until) return;
    typingTimer?.cancel();
    if (until === Infinity) {
      typingTimer = null;
      return;
    }
    const cancel = world.after(Math.max(1, until - world.now()), () => {
      typingTimer = null;
      store.dispatch({ type: 'typing/expired', account: id, now: world.now() });
    });
    typingTimer = { until, cancel };
  }

  // --- The whole -----------------------------------------------------------------------------------------------

  function handOver(state: AccountState): void {
    for (const entry of state.outbox) {
      const now = account();
      const discussion = now?.discussions[entry.discussion];
      const message = discussion?.messages.findLast(({ id: candidate }) => candidate === entry.message);
      // A message waits for its files; those behind it do not.
      if (!discussion || message?.outgoing?.state !== 'queued' || waitsForFiles(message)) continue;
      const { ref } = message.outgoing;
      store.dispatch({ type: 'outbox/handed', account: id, message: entry.message });
      const attachments = message.attachments.map(({ url }) => ({ url }));
      pbx.send({ ref, to: discussion.address, html: message.html, attachments });
    }
  }

  /** What is done here changes the state, which leads back here: one round after the other, so that order is kept. */
  function look(): void {
    lookAgain = true;
    if (looking) return;
    looking = true;
    try {
      while (lookAgain) {
        lookAgain = false;
        round();
      }
    } finally {
      looking = false;
    }
  }

  function round(): void {
    const state = account();
    const { window } = store.state();
    if (stopped || !state || (seen?.account === state && seen.window === window)) return;
    seen = { account: state, window };
    watchTyping(state);
    const online = state.link.state === 'online';
    const now = online && state.mode.kind === 'stored';
    if (now !== service) {
      service = now;
      ready = false;
      membersRead.clear();
      era += 1;
      goOn();
      poll();
      if (now) void ask();
    }
    if (state.open !== onScreen) comeTo((onScreen = state.open));
    if (online) handOver(state);
    if (!service || !ready) return;
    if (state.recount) recount();
    if (state.open !== null && !membersRead.has(state.open)) void readMembers(state.open);
    for (const discussion of Object.values(state.discussions)) {
      if (busy.has(discussion.id)) continue;
      if (wantsPage(state, discussion)) void loadNewest(discussion);
      else if (discussion.unread.mark === 'due' && discussion.newPending === 0) void tell(discussion);
    }
  }

  return {
    look,
    focused() {
      comeTo(onScreen);
      if (!service) return;
      // Not at once is not never: what was read elsewhere a moment ago must not wait for the next round.
      const rest = Math.min(focusAtMostEvery, askedAt + focusAtMostEvery - world.now());
      if (rest <= 0) return void ask(true);
      cancelFocused ??= world.after(rest, () => {
        cancelFocused = null;
        if (service) void ask(true);
      });
    },
    loadOlder(key) {
      const state = account();
      const discussion = state?.discussions[key];
      if (!service || !ready || !state || !discussion || busy.has(key)) return;
      const { loaded: has, stale, state: loading } = discussion.history;
      if (loading === 'loading') return;
      // Older ones while there is something newer would clear what nobody has seen yet.
      if (!has || stale) {
        if (!clearsUnseen(state, discussion)) void loadNewest(discussion);
      } else if (discussion.history.older) void older(discussion);
    },
    readMembers: (discussion) => void readMembers(discussion),
    async refresh(key) {
      while (!stopped && service && (busy.has(key) || !ready))
        await new Promise<void>((resolve) => waiting.push(resolve));
      const state = account();
      const discussion = state?.discussions[key];
      if (stopped || !service || !ready || !discussion) return false;
      if (beingRead(reading(state)) !== key) return false;
      await loadNewest(discussion);
      return true;
    },
    stop() {
      stopped = true;
      goOn();
      cancelPoll?.();
      cancelRecount?.();
      cancelFocused?.();
      typingTimer?.cancel();
    },
  };
}
