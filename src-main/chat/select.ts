// What the state looks like from outside: the window's view, and the numbers for badge, tray and title. All derived;
// each part is remembered by the identity of what it was made from, so that an event costs what it changed.
import type {
  AccountView,
  BadgeStyle,
  ConnectionView,
  DiscussionRow,
  DiscussionView,
  Instant,
  MessageView,
  PresenceView,
  Preview,
  RemovalView,
  View,
} from '../ipc/contract.ts';
import { writtenAddress } from './address.ts';
import { attachmentView, uploadView } from './attachments.ts';
import { groupView } from './groups.ts';
import type { AccountState, Discussion, Edit, Message, State } from './model.ts';
import { deliveryView } from './outbox.ts';
import { unknownPresence } from './presence.ts';
import { toLine, toPlain, toSafeHtml } from './rich-text.ts';
import { isVolatile, unfinished } from './unfinished.ts';
import { countOf } from './unread.ts';

/** Unread in total, over all accounts: the one number of title, badge and tray. */
export function badge(state: State): number {
  let total = 0;
  for (const account of Object.values(state.accounts)) total += accountUnread(account);
  return total;
}

const totals = new WeakMap<AccountState['discussions'], number>();

function accountUnread({ discussions }: AccountState): number {
  let total = totals.get(discussions);
  if (total === undefined) {
    total = 0;
    for (const discussion of Object.values(discussions)) total += countOf(discussion.unread);
    totals.set(discussions, total);
  }
  return total;
}

export interface BadgeView {
  unread: number;
  badge: BadgeStyle;
}

export function badgeView(state: State): BadgeView {
  return { unread: badge(state), badge: state.app.preferences.badge };
}

/** Where an icon has a place for a few characters: the number itself, or a dot; empty: nothing is unread. */
export function badgeText({ unread, badge }: BadgeView): string {
  if (unread === 0) return '';
  return badge === 'dot' ? '•' : String(unread);
}

export interface TrayView extends BadgeView {
  /** Name of the account on screen; empty when nobody is logged in. */
  account: string;
  connection: ConnectionView['state'] | 'signed-out';
  /** Null: nobody is logged in. */
  presence: PresenceView | null;
  /** 0: notifications are not muted. */
  mutedUntil: Instant;
}

export function tray(state: State): TrayView {
  const account = activeAccount(state);
  return {
    ...badgeView(state),
    account: account ? account.me.name || account.me.sip : '',
    connection: account ? connection(account).state : 'signed-out',
    presence: account?.ownPresence ?? null,
    mutedUntil: state.app.preferences.mutedUntil,
  };
}

export interface MenuView {
  /** The window shows chats. */
  inside: boolean;
  /** One of them is open. */
  discussion: boolean;
}

export function menu(state: State): MenuView {
  const account = activeAccount(state);
  const inside = account !== null && /^(?:signed-in|working)$/.test(state.login.state);
  return { inside, discussion: inside && account.open !== null };
}

const product = 'PBX Chat';

/** What the report of a problem may tell: states, reasons and numbers; no names and no texts. */
export function report(state: State): Record<string, unknown> {
  const { login, window } = state;
  const account = activeAccount(state);
  const discussions = Object.values(account?.discussions ?? {});
  const count = (fits: (discussion: Discussion) => boolean) => discussions.filter(fits).length;
  return {
    login: login.state,
    'login failed': login.reason,
    'stay signed in': login.remember,
    connection: account && connection(account),
    'list loaded': account?.listLoaded ?? false,
    discussions: discussions.length,
    groups: count(({ kind }) => kind === 'group'),
    'messages known': discussions.reduce((sum, { messages }) => sum + messages.length, 0),
    'messages waiting': account?.outbox.length ?? 0,
    'unread in total': badge(state),
    'histories that failed': count(({ history }) => history.state === 'failed'),
    window: { focused: window.focused, visible: window.visible, locked: window.locked },
  };
}

export function title(state: State): string {
  const unread = badge(state);
  return unread > 0 ? `(${unread}) ${product}` : product;
}

export function activeAccount(state: State): AccountState | null {
  return (state.active !== null && state.accounts[state.active]) || null;
}

export function connection({ link, mode }: AccountState): ConnectionView {
  switch (link.state) {
    case 'offline':
      return { state: 'offline', reason: link.reason, retryAt: link.retryAt };
    case 'no-chat-right':
      return { state: 'no-chat-right' };
    case 'connecting':
    case 'logging-in':
      return { state: 'connecting' };
    case 'preparing':
      return { state: 'preparing' };
    case 'online':
      if (mode.kind === 'unknown') return { state: 'preparing' };
      return mode.kind === 'stored'
        ? { state: 'online', mode: 'stored' }
        : { state: 'online', mode: 'volatile', reason: mode.reason };
  }
}

/** The name of a discussion: what its person or group is called, else its address. Never empty. */
export function displayName(account: AccountState, discussion: Discussion): string {
  const known = discussion.kind === 'person' ? account.names[discussion.id] : undefined;
  return known || discussion.name || toLine(writtenAddress(discussion.address)) || discussion.id;
}

function presenceOf(account: AccountState, discussion: Discussion): PresenceView {
  return (discussion.kind === 'person' && account.presences[discussion.id]) || unknownPresence;
}

// --- The list --------------------------------------------------------------------------------------------------

interface RowMemo {
  readonly name: string;
  readonly presence: PresenceView;
  readonly open: boolean;
  readonly removals: AccountState['removals'];
  readonly row: DiscussionRow;
}
const rowMemo = new WeakMap<Discussion, RowMemo>();

function row(account: AccountState, discussion: Discussion): DiscussionRow {
  const name = displayName(account, discussion);
  const presence = presenceOf(account, discussion);
  const open = account.open === discussion.id;
  const { removals } = account;
  const memo = rowMemo.get(discussion);
  const same = memo?.name === name && memo.presence === presence && memo.open === open;
  if (memo && same && memo.removals === removals) return memo.row;
  const made: DiscussionRow = {
    id: discussion.id,
    kind: discussion.kind,
    name,
    address: writtenAddress(discussion.address),
    presence,
    preview: preview(discussion, open, removals),
    at: lastActivity(discussion),
    unread: countOf(discussion.unread),
  };
  rowMemo.set(discussion, { name, presence, open, removals, row: made });
  return made;
}

function lastActivity({ messages, listedAt }: Discussion): number | null {
  const last = messages.at(-1);
  return Math.max(last?.at ?? 0, listedAt ?? 0) || null;
}

function preview(discussion: Discussion, open: boolean, removals: AccountState['removals']): Preview {
  const last = discussion.messages.findLast(({ id }) => (removals[id]?.view.state ?? 'failed') === 'failed');
  const own = last?.own ?? false;
  const author = last && discussion.kind === 'group' && !own ? last.author.name || last.author.sip : '';
  const failed = lastOwnFailed(discussion.messages);
  const typist = discussion.typing[0];
  if (typist) {
    const name = discussion.kind === 'group' ? typist.name || typist.sip : '';
    return { kind: 'typing', text: '', own: false, author: name, failed };
  }
  // In the discussion on screen the draft is in plain sight already.
  const typed = discussion.edit?.html ?? discussion.draft;
  const draft = open || typed === '' ? '' : toLine(toPlain(toSafeHtml(typed)));
  if (draft !== '') return { kind: 'draft', text: draft, own: true, author: '', failed };
  if (!last) return { kind: 'none', text: '', own: false, author: '', failed };
  const text = toLine(last.text);
  const file = last.attachments[0];
  if (text === '' && file) return { kind: 'attachment', text: toLine(file.name), own, author, failed };
  return { kind: text === '' ? 'empty' : 'text', text, own, author, failed };
}

function lastOwnFailed(messages: readonly Message[]): boolean {
  for (let index = messages.length - 1; index >= Math.max(0, messages.length - 200); index--) {
    const message = messages[index];
    if (message?.own) return message.outgoing?.state === 'failed';
  }
  return false;
}

/** Newest first; without any activity by name. */
function byActivity(a: DiscussionRow, b: DiscussionRow): number {
  return (b.at ?? 0) - (a.at ?? 0) || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1);
}

const noRows: DiscussionRow[] = [];
interface RowsMemo {
  readonly names: AccountState['names'];
  readonly presences: AccountState['presences'];
  readonly open: string | null;
  readonly removals: AccountState['removals'];
  readonly rows: DiscussionRow[];
}
const rowsMemo = new WeakMap<AccountState['discussions'], RowsMemo>();

function rows(account: AccountState): DiscussionRow[] {
  const { names, presences, open, removals, discussions } = account;
  const memo = rowsMemo.get(discussions);
  const same = memo?.names === names && memo.presences === presences && memo.open === open;
  if (memo && same && memo.removals === removals) return memo.rows;
  const made = Object.values(discussions)
    // What is unread is shown wherever it is: a number that no row has could not be read away.
    .filter(({ group, unread }) => group?.hidden !== true || countOf(unread) > 0)
    .map((discussion) => row(account, discussion))
    .sort(byActivity);
  rowsMemo.set(discussions, { names, presences, open, removals, rows: made });
  return made;
}

// --- The open discussion ---------------------------------------------------------------------------------------

const noAmends = { edit: false, remove: false };
interface OpenMemo {
  readonly key: string;
  readonly presence: PresenceView;
  readonly group: DiscussionView['group'];
  readonly tray: AccountState['trays'][string];
  readonly view: DiscussionView;
}
const openMemo = new WeakMap<Discussion, OpenMemo>();
const emptyTray: AccountState['trays'][string] = [];

/** Groups live in the Messages service: without it nothing that is sent there can arrive. */
function blockedBy({ link, mode }: AccountState, { group }: Discussion): DiscussionView['blocked'] {
  if (link.state === 'no-chat-right') return { code: 'no-chat-right' };
  if (group?.standing === 'gone') return { code: 'group-gone' };
  return group && mode.kind === 'volatile' ? { code: 'group-volatile' } : null;
}

function openView(account: AccountState, discussion: Discussion): DiscussionView {
  const name = displayName(account, discussion);
  const presence = presenceOf(account, discussion);
  const tray = account.trays[discussion.id] ?? emptyTray;
  const { history, typing } = discussion;
  const blocked = blockedBy(account, discussion);
  const group = groupView(account, discussion);
  // Older messages can be had only where a Messages service keeps them.
  const service = account.mode.kind === 'stored' || (account.mode.kind === 'unknown' && account.served);
  const older = service && history.older;
  // A first page that is wanted counts as loading from the beginning, so that no 'nothing here yet' flashes by.
  const wanted = service && !history.loaded && history.state === 'idle' && account.link.state === 'online';
  const names = typing.map((typist) => account.names[typist.sip] || typist.name || typist.sip);
  const stored = account.mode.kind === 'stored';
  const key = JSON.stringify([name, stored && account.amends, blocked, older, wanted, names]);
  const memo = openMemo.get(discussion);
  if (memo && memo.key === key && memo.presence === presence && memo.group === group && memo.tray === tray)
    return memo.view;
  const view: DiscussionView = {
    id: discussion.id,
    kind: discussion.kind,
    name,
    address: writtenAddress(discussion.address),
    presence,
    typing: names,
    history: { state: wanted ? 'loading' : history.state, older },
    unread: countOf(discussion.unread),
    newFrom: discussion.newFrom,
    draft: discussion.draft,
    edit: discussion.edit && editView(discussion.edit),
    tray: tray.map(uploadView),
    amends: stored ? account.amends : noAmends,
    blocked,
    group,
  };
  openMemo.set(discussion, { key, presence, group, tray, view });
  return view;
}

function editView({ message, html, original }: Edit): DiscussionView['edit'] {
  return { message, html, original, text: toPlain(original) };
}

const messageMemo = new WeakMap<Message, { name: string; removal: RemovalView | null; view: MessageView }>();

function messageView(account: AccountState, message: Message): MessageView {
  const { sip } = message.author;
  const name = message.author.name || account.names[sip] || sip;
  const removal = account.removals[message.id]?.view ?? null;
  const memo = messageMemo.get(message);
  if (memo && memo.name === name && memo.removal === removal) return memo.view;
  const view: MessageView = {
    id: message.id,
    author: { sip, name },
    own: message.own,
    html: message.html,
    text: message.text,
    at: message.at,
    delivery: deliveryView(message.outgoing),
    attachments: message.attachments.map((file, index) => attachmentView(message.id, file, index)),
    incomplete: message.incomplete,
    stored: message.serverId !== null || message.kept,
    edited: message.edited,
    removal,
  };
  messageMemo.set(message, { name, removal, view });
  return view;
}

const noMessages: MessageView[] = [];
interface MessagesMemo {
  messages: readonly Message[];
  names: AccountState['names'];
  removals: AccountState['removals'];
  views: MessageView[];
}
/** The last list only: the next one differs from it by a message or two, and shares the views of all others. */
let messagesMemo: MessagesMemo = { messages: [], names: {}, removals: {}, views: noMessages };

function messageViews(account: AccountState, { messages }: Discussion): MessageView[] {
  const last = messagesMemo;
  const sameNames = last.names === account.names && last.removals === account.removals;
  if (sameNames && last.messages === messages) return last.views;
  const views = new Array<MessageView>(messages.length);
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index] as Message;
    const known = sameNames && last.messages[index] === message ? last.views[index] : undefined;
    views[index] = known ?? messageView(account, message);
  }
  messagesMemo = { messages, names: account.names, removals: account.removals, views };
  return views;
}

// --- The whole -------------------------------------------------------------------------------------------------

const accountMemo = new WeakMap<object, AccountView>();
let lastAccount: { view: AccountView; key: string } | null = null;

function accountView(account: AccountState): AccountView {
  const known = accountMemo.get(account);
  if (known) return known;
  const made: AccountView = {
    id: account.id,
    server: account.server,
    sip: account.me.sip,
    name: account.me.name || account.me.sip,
    presence: account.ownPresence,
    connection: connection(account),
    favourites: account.favourites.map(({ id, address, name }) => ({
      id,
      address: writtenAddress(address),
      name: account.names[id] || name || writtenAddress(address),
      presence: account.presences[id] ?? unknownPresence,
    })),
    listLoaded: account.listLoaded,
    unfinished: unfinished(account),
    volatile: isVolatile(account),
  };
  // The account state changes with every message and its view hardly ever: equal ones are one.
  const key = JSON.stringify(made);
  const view = lastAccount?.key === key ? lastAccount.view : made;
  lastAccount = { view, key };
  accountMemo.set(account, view);
  return view;
}

/** The desktop is told of what arrives and is not read on arrival. `muted`: for a while, which is not over. */
export function tellsDesktop({ undisturbed }: AccountState, { app }: State, muted: boolean): boolean {
  return app.preferences.notifications && !muted && !undisturbed;
}

let lastApp: { of: State['app']; unread: number; notifies: boolean; view: View['app'] } | null = null;

function appView(state: State): View['app'] {
  const unread = badge(state);
  const account = activeAccount(state);
  const notifies = account !== null && tellsDesktop(account, state, state.app.preferences.mutedUntil > 0);
  const last = lastApp;
  if (last?.of === state.app && last.unread === unread && last.notifies === notifies) return last.view;
  lastApp = { of: state.app, unread, notifies, view: { ...state.app, unread, notifies } };
  return lastApp.view;
}

export function view(state: State): View {
  const account = activeAccount(state);
  const discussion = account?.open === null ? undefined : account?.discussions[account.open];
  return {
    app: appView(state),
    login: state.login,
    account: account && accountView(account),
    rows: account ? rows(account) : noRows,
    open: account && discussion ? openView(account, discussion) : null,
    messages: account && discussion ? messageViews(account, discussion) : noMessages,
  };
}
