// The state of the program, and all of it. Immutable: a change makes new objects along its path and shares the rest,
// so that "is it the same object?" answers "did anything change?".
import type {
  AccountId,
  AppView,
  DeliveryReason,
  DiscussionId,
  DownloadView,
  FileReason,
  Instant,
  LoginView,
  MessageId,
  OfflineReason,
  PresenceView,
  Reason,
  RemovalView,
  SafeHtml,
  UploadId,
  VolatileReason,
} from '../ipc/contract.ts';
import type { Address, ServerId } from '../pbx/index.ts';
import { unknownPresence } from './presence.ts';
import { nothingUnread, type Unread } from './unread.ts';

export interface State {
  readonly app: AppState;
  readonly login: LoginView;
  /** The account that the window shows. */
  readonly active: AccountId | null;
  readonly accounts: Readonly<Record<AccountId, AccountState>>;
  readonly window: WindowState;
}

/** Everything about the program itself but the unread total, which is derived. */
export type AppState = Omit<AppView, 'unread' | 'notifies'>;

/** The facts about the window behind the read rule (protocol, section 9). */
export interface WindowState {
  readonly focused: boolean;
  readonly visible: boolean;
  /** The discussion whose message input has the focus, as the window last reported it. */
  readonly input: DiscussionId | null;
  /** The screen is locked: whatever the window believes, nobody sees it. */
  readonly locked: boolean;
}

export type Link =
  | { readonly state: 'connecting' | 'logging-in' | 'preparing' | 'no-chat-right' | 'online' }
  | {
      readonly state: 'offline';
      readonly reason: Reason<OfflineReason>;
      readonly retryAt: Instant | null;
    };

/** Whether there is a Messages service (protocol, section 5). Unknown from every loss of the link until it says so. */
export type Mode =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'stored' }
  | { readonly kind: 'volatile'; readonly reason: Reason<VolatileReason> };

export interface AccountState {
  readonly id: AccountId;
  readonly server: string;
  readonly me: { readonly sip: string; readonly name: string; readonly domain: string };
  readonly link: Link;
  readonly mode: Mode;
  /** There was a Messages service in this run: what was sent may be stored even if nobody confirmed it. */
  readonly served: boolean;
  /** Its session is gone, and until then all of its counts were known: what it counts beyond them came since. */
  readonly sessionLost: boolean;
  readonly listLoaded: boolean;
  /** What was missed while there was no link has been asked for and counted: what rises now is news. */
  readonly caughtUp: boolean;
  readonly ownPresence: PresenceView;
  /** The user's favourites at the PBX, in its order (protocol, section 8). */
  readonly favourites: readonly Favourite[];
  /** The person has set 'do not disturb'. Unlike the presence it holds while there is no link, and during a call. */
  readonly undisturbed: boolean;
  /** By normalised sip. Names change rarely and presence often, which is why they are apart. */
  readonly names: Readonly<Record<string, string>>;
  readonly presences: Readonly<Record<string, PresenceView>>;
  readonly discussions: Readonly<Record<DiscussionId, Discussion>>;
  /** Files that go with the next message; only discussions that have some are here. */
  readonly trays: Readonly<Record<DiscussionId, readonly TrayFile[]>>;
  /** The discussion on screen. */
  readonly open: DiscussionId | null;
  /** Own messages whose fate is not settled, in the order in which they were sent. See outbox.ts. */
  readonly outbox: readonly OutboxEntry[];
  /** Own messages that are being deleted, or could not be. */
  readonly removals: Readonly<Record<MessageId, Removal>>;
  /** What the server said of messages whose ids are not known here (yet), oldest first. See reduce-amend.ts. */
  readonly unplaced: readonly Unplaced[];
  /** What the server has not refused in this session. */
  readonly amends: { readonly edit: boolean; readonly remove: boolean };
  /** The counts of the server are wanted: something here makes ours doubtful. */
  readonly recount: boolean;
  /** Numbers the messages that have no id from anywhere else. */
  readonly nextMessage: number;
}

export interface Favourite {
  /** As a discussion with them is known. */
  readonly id: DiscussionId;
  readonly address: Address;
  readonly name: string;
}

export interface Removal {
  readonly view: RemovalView;
  readonly discussion: DiscussionId;
  /** Holds also while the message is not loaded; null: not known. */
  readonly serverId: ServerId | null;
}

/** A message was changed at the server, or deleted (`text` null). */
export interface Unplaced {
  readonly id: ServerId;
  readonly text: string | null;
  readonly at: Instant;
}

export interface OutboxEntry {
  readonly message: MessageId;
  readonly discussion: DiscussionId;
}

export interface Discussion {
  readonly id: DiscussionId;
  readonly kind: 'person' | 'group';
  /** Of a group what is known of it; null of a person. */
  readonly group: GroupState | null;
  /** As it is sent to: in the writing of the server, not normalised. */
  readonly address: Address;
  /** As the server or the peer gave it; empty when nobody did. */
  readonly name: string;
  /** Sorted by `at`; among equals in the order of arrival. */
  readonly messages: readonly Message[];
  readonly history: HistoryState;
  readonly unread: Unread;
  /** The 'new' line stands before this message. */
  readonly newFrom: MessageId | null;
  /** How many messages the 'new' line comes before, while they are read but not loaded; 0 otherwise. */
  readonly newPending: number;
  readonly draft: string;
  readonly edit: Edit | null;
  readonly typing: readonly Typist[];
  /** The newest message according to the server's list of chats. */
  readonly listedAt: Instant | null;
}

/** An own message that somebody is changing. */
export interface Edit {
  readonly message: MessageId;
  /** Holds also while the message is not loaded; null: not known. */
  readonly serverId: ServerId | null;
  /** As it stands: plain HTML as of protocol, section 7. */
  readonly html: string;
  /** The message as it was. */
  readonly original: SafeHtml;
}

export interface GroupState {
  /** Null while only the address is known: nothing can be asked or changed by it. */
  readonly id: ServerId | null;
  /** 'member': ReadGroups has it. 'gone': it had it and has it no more, or it was deleted here. */
  readonly standing: 'unknown' | 'member' | 'gone';
  /** Somebody has taken it off the list after it was gone. */
  readonly hidden: boolean;
  /** The server has listed all members; else `members` are those that were added here. */
  readonly complete: boolean;
  /** In the order in which they became known. */
  readonly members: readonly GroupMember[];
}

export interface GroupMember {
  /** In the writing of the server. */
  readonly address: string;
  /** Normalised. */
  readonly sip: string;
  readonly name: string;
  readonly id: ServerId | null;
  readonly admin: boolean;
  /** Was removed here: no longer a member, whatever they wrote. */
  readonly left: boolean;
}

export const unknownGroup: GroupState = {
  id: null,
  standing: 'unknown',
  hidden: false,
  complete: false,
  members: [],
};

export interface HistoryState {
  readonly state: 'idle' | 'loading' | 'failed';
  /** The newest page has been here in this run. */
  readonly loaded: boolean;
  /** The server has something newer than what is here: opening loads it. */
  readonly stale: boolean;
  readonly older: boolean;
  /** Up to this time of the server's list nothing is missing here. */
  readonly upTo: Instant;
}

export interface Typist {
  readonly sip: string;
  readonly name: string;
  readonly until: Instant;
}

export interface Message {
  readonly id: MessageId;
  /** Null until the message has been seen in the server's history. */
  readonly serverId: ServerId | null;
  readonly author: { readonly sip: string; readonly name: string };
  readonly own: boolean;
  readonly html: SafeHtml;
  readonly text: string;
  /** Where it stands. The server's time once that is known; before, never earlier than what was on screen already. */
  readonly at: Instant;
  /** The time that its sender claims, and when it came here: to know it again in the history. */
  readonly claimedAt: Instant;
  readonly arrivedAt: Instant;
  readonly attachments: readonly Attachment[];
  readonly incomplete: boolean;
  /** Seen as it arrived, or written here; false: only a page of the history had it so far. */
  readonly live: boolean;
  /** It came, or was delivered, while there was a Messages service: that has it. */
  readonly kept: boolean;
  /** It has another text than it had. Known in this run alone: the history does not say so. */
  readonly edited: boolean;
  /** Of messages that were written here. */
  readonly outgoing: Outgoing | null;
}

export type Download = DownloadView;

export interface Attachment {
  readonly name: string;
  /** Untrusted: the wire decides whether anybody is asked. Empty until an own one has been uploaded. */
  readonly url: string;
  /** Bytes; null: not known. */
  readonly size: number | null;
  /** Of messages that were written here. */
  readonly upload: Upload | null;
  readonly download: Download | null;
  /** Why it could not be shown. */
  readonly problem: Reason<FileReason> | null;
}

/** The file behind it is known to disk/outgoing-files.ts by this id. */
export interface Upload {
  readonly id: UploadId;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly state: 'queued' | 'uploading' | 'failed' | 'done';
  readonly sent: number;
  /** Bytes per second. */
  readonly speed: number | null;
  readonly reason: Reason<FileReason> | null;
}

/** An upload that waits for its message. `url`: empty until it is done. */
export type TrayFile = Upload & { readonly url: string };

export type OutgoingState =
  | 'queued' // here; nobody else has it
  | 'sending' // given to the wire, which waits for a call
  | 'sent' // handed to a call, not confirmed
  | 'unclear' // the link broke after that: the history will tell
  | 'delivered'
  | 'failed';

export interface Outgoing {
  /** What the wire calls this attempt. */
  readonly ref: string;
  readonly attempt: number;
  readonly state: OutgoingState;
  readonly reason: Reason<DeliveryReason> | null;
}

/** Somebody has the window before their eyes, and the keyboard in it. */
export function isInUse({ focused, visible, locked }: WindowState): boolean {
  return focused && visible && !locked;
}

export const emptyHistory: HistoryState = {
  state: 'idle',
  loaded: false,
  stale: false,
  older: false,
  upTo: 0,
};

export const allAmends = { edit: true, remove: true };

export function newDiscussion(
  id: DiscussionId,
  address: Address,
  kind: 'person' | 'group' = 'person',
): Discussion {
  return {
    id,
    kind,
    group: kind === 'group' ? unknownGroup : null,
    address,
    name: '',
    messages: [],
    history: emptyHistory,
    unread: nothingUnread,
    newFrom: null,
    newPending: 0,
    draft: '',
    edit: null,
    typing: [],
    listedAt: null,
  };
}

/** What a message that came out of the server's history is known by here. */
export function idOfStored(id: ServerId): MessageId {
  return `s${id}`;
}

/** `user@server`, lower case: what a login is known by. */
export function accountId(user: string, server: string): AccountId {
  return `${user.trim()}@${server.trim().replace(/\/+$/, '')}`.toLowerCase();
}

export function newAccount(id: AccountId, server: string, user: string): AccountState {
  return {
    id,
    server,
    me: { sip: user, name: '', domain: '' },
    link: { state: 'connecting' },
    mode: { kind: 'unknown' },
    served: false,
    sessionLost: false,
    listLoaded: false,
    caughtUp: false,
    ownPresence: unknownPresence,
    favourites: [],
    undisturbed: false,
    names: {},
    presences: {},
    discussions: {},
    trays: {},
    open: null,
    outbox: [],
    removals: {},
    unplaced: [],
    amends: allAmends,
    recount: false,
    nextMessage: 1,
  };
}

/** What the program knows before anybody logs in. `login`: what was last used, to fill the form with. */
export function initialState(
  app: AppState,
  login: { server: string; user: string; remember: boolean },
): State {
  return {
    app,
    login: { ...signedOut, server: login.server, user: login.user, remember: login.remember },
    active: null,
    accounts: {},
    window: { focused: false, visible: false, input: null, locked: false },
  };
}

export const signedOut: LoginView = {
  state: 'signed-out',
  server: '',
  user: '',
  remember: true,
  reason: null,
  field: null,
  code: null,
};
