// What the desktop is told of messages that were not read on arrival. A fold over the state: what has been noticed of
// each discussion, and the notifications that stand. What rises against the first makes a new one of the second; what
// is read, here or elsewhere, takes its own away. Pure; shell/notify.ts renders it.
import type { AccountId, DiscussionId, Instant, MessageId } from '../ipc/contract.ts';
import { writtenAddress } from './address.ts';
import { isInUse, type AccountState, type Discussion, type Message, type State } from './model.ts';
import { displayName, tellsDesktop } from './select.ts';
import { countOf } from './unread.ts';

export type NotificationContent =
  /** Neither who nor what: the person wants it so, or the screen is locked. */
  | { readonly kind: 'hidden' }
  /** `author` is empty for a person, who is the title already. A message of files alone has no text. */
  | {
      readonly kind: 'message';
      readonly title: string;
      readonly author: string;
      readonly text: string;
      readonly file: string;
    }
  /** The server counts more than before, and has not been asked what they say: that would read them. */
  | { readonly kind: 'count'; readonly title: string; readonly unread: number }
  /** Several discussions at once, as after sleep. */
  | { readonly kind: 'summary'; readonly unread: number; readonly discussions: number };

export interface NotificationView {
  /** One notification at a time has this key; a newer one takes its place. */
  readonly key: string;
  readonly account: AccountId;
  /** What a click opens; null: only the window. */
  readonly discussion: DiscussionId | null;
  /** Another number: it has something new to say. */
  readonly revision: number;
  readonly content: NotificationContent;
  /** It only says better what was told already: without a sound. */
  readonly quiet: boolean;
  /** It takes back what may not be seen any more: what was dismissed does not come back for it. */
  readonly correction: boolean;
  /** Whose picture it has; null: the program's own. */
  readonly picture: {
    readonly name: string;
    readonly address: string;
    readonly kind: 'person' | 'group';
  } | null;
}

interface Standing extends NotificationView {
  /** It stands while one of these is unread. */
  readonly about: readonly DiscussionId[];
}

interface Seen {
  readonly discussion: Discussion;
  readonly unread: number;
  /** The newest message of somebody else that was seen as it arrived. */
  readonly newest: MessageId | null;
  /**
   * By how many the count has risen more than messages arrived since all was read: they come from different services, and
   * either may be first. What is told once is not news when the other one follows.
   */
  readonly ahead: number;
}

interface Risen {
  readonly discussion: Discussion;
  /** Undefined: only the count rose. */
  readonly arrived: Message | undefined;
  /** The server had counted it before it came. */
  readonly counted: boolean;
}

interface Noticed {
  readonly discussions: ReadonlyMap<DiscussionId, Seen>;
  /** It has caught up at least once in this run. */
  readonly began: boolean;
}

export interface Noted {
  readonly notifications: readonly Standing[];
  readonly accounts: State['accounts'];
  readonly noticed: ReadonlyMap<AccountId, Noticed>;
  readonly revision: number;
  /** Neither who nor what is shown. */
  readonly hidden: boolean;
}

export const nothingNoted: Noted = {
  notifications: [],
  accounts: {},
  noticed: new Map(),
  revision: 0,
  hidden: false,
};

/**
 * After every change of the state. While an account has not caught up (after a start, sleep or a lost link) nothing of
 * it is told; what rose meanwhile is told once, as one notification. What stands when the screen is locked or its content
 * is to be hidden is told again without it.
 */
export function note(before: Noted, state: State, now: Instant): Noted {
  const hidden = hidesContent(state);
  const muted = now < state.app.preferences.mutedUntil;
  if (before.accounts === state.accounts && before.hidden === hidden) return before;
  const noticed = new Map<AccountId, Noticed>();
  let notifications = before.notifications.filter((standing) => stands(standing, state));
  let { revision } = before;
  if (hidden && !before.hidden) {
    notifications = notifications.map((standing) =>
      saysWhoOrWhat(standing) ? { ...standing, ...concealed, revision: ++revision } : standing,
    );
  }
  for (const account of Object.values(state.accounts)) {
    const known = before.noticed.get(account.id);
    const risen: Risen[] = [];
    noticed.set(account.id, look(account, known, risen));
    // The first list of a run is no news to somebody who has it before their eyes.
    const starts = known?.began !== true && isInUse(state.window);
    if (risen.length === 0 || starts || !tellsDesktop(account, state, muted)) continue;
    revision += 1;
    const made = tell(account, risen, state, revision);
    notifications = [...notifications.filter((standing) => !isReplaced(standing, made)), made];
  }
  const same = notifications.length === before.notifications.length && revision === before.revision;
  return {
    notifications: same ? before.notifications : notifications,
    accounts: state.accounts,
    noticed,
    revision,
    hidden,
  };
}

/** Puts the discussions with something new into `risen`. */
function look(account: AccountState, known: Noticed | undefined, risen: Risen[]): Noticed {
  const discussions = new Map<DiscussionId, Seen>();
  for (const discussion of Object.values(account.discussions)) {
    const was = known?.discussions.get(discussion.id);
    if (was?.discussion === discussion) {
      discussions.set(discussion.id, was);
      continue;
    }
    const unread = countOf(discussion.unread);
    if (!account.caughtUp) {
      // What was read meanwhile does not hide what came after it.
      if (was) discussions.set(discussion.id, { ...was, unread: Math.min(was.unread, unread) });
      continue;
    }
    const message = discussion.messages.findLast(isHeard);
    const newest = message?.id ?? null;
    const arrived = newest !== (was?.newest ?? null) ? message : undefined;
    const rise = unread - (was?.unread ?? 0);
    const before = was?.ahead ?? 0;
    const after = before + rise - heardSince(discussion, was?.newest ?? null);
    if (unread > 0 && (arrived !== undefined || (rise > 0 && after > 0))) {
      risen.push({ discussion, arrived, counted: rise <= 0 && before > 0 });
    }
    // What was counted when the program started stands for messages that will not come any more.
    const ahead = known?.began !== true || unread === 0 || rise < 0 ? 0 : after;
    discussions.set(discussion.id, { discussion, unread, newest, ahead });
  }
  return { discussions, began: account.caughtUp || known?.began === true };
}

/** Of somebody else, and seen as it arrived. */
function isHeard({ live, own }: Message): boolean {
  return live && !own;
}

/** How many have been heard since that one. */
function heardSince({ messages }: Discussion, since: MessageId | null): number {
  let count = 0;
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (message === undefined || message.id === since) break;
    if (isHeard(message)) count += 1;
  }
  return count;
}

function stands({ account, about }: Standing, state: State): boolean {
  const discussions = state.accounts[account]?.discussions;
  return about.some((id) => {
    const discussion = discussions?.[id];
    return discussion !== undefined && countOf(discussion.unread) > 0;
  });
}

/** By a newer one of the same, or by a summary that counts its messages too. */
function isReplaced(standing: Standing, by: Standing): boolean {
  if (standing.key === by.key) return true;
  if (by.content.kind !== 'summary' || standing.account !== by.account) return false;
  return standing.discussion !== null && by.about.includes(standing.discussion);
}

function hidesContent({ app, window }: State): boolean {
  return app.preferences.hideContent || window.locked;
}

function saysWhoOrWhat({ content }: Standing): boolean {
  return content.kind === 'message' || content.kind === 'count';
}

const concealed = { content: { kind: 'hidden' }, picture: null, quiet: true, correction: true } as const;

function tell(account: AccountState, risen: readonly Risen[], state: State, revision: number): Standing {
  const about = risen.map(({ discussion }) => discussion.id);
  const [only] = risen;
  if (risen.length > 1 || only === undefined) {
    const unread = risen.reduce((sum, { discussion }) => sum + countOf(discussion.unread), 0);
    const content = { kind: 'summary', unread, discussions: risen.length } as const;
    const key = `${account.id} summary`;
    const quiet = risen.every(({ counted }) => counted);
    const shared = { key, account: account.id, revision, correction: false, about };
    return { ...shared, discussion: null, content, quiet, picture: null };
  }
  const hidden = hidesContent(state);
  const { id, kind, address } = only.discussion;
  const title = displayName(account, only.discussion);
  return {
    key: `${account.id} ${id}`,
    account: account.id,
    discussion: id,
    revision,
    quiet: only.counted,
    correction: false,
    content: hidden ? { kind: 'hidden' } : contentOf(account, only, title),
    picture: hidden ? null : { name: title, address: writtenAddress(address), kind },
    about,
  };
}

function contentOf(
  account: AccountState,
  { discussion, arrived }: Risen,
  title: string,
): NotificationContent {
  if (!arrived) return { kind: 'count', title, unread: countOf(discussion.unread) };
  const { sip, name } = arrived.author;
  return {
    kind: 'message',
    title,
    author: discussion.kind === 'group' ? name || account.names[sip] || sip : '',
    text: arrived.text,
    file: arrived.attachments[0]?.name ?? '',
  };
}
