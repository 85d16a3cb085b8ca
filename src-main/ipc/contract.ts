// What the main process and the window say to each other, and all of it. The window imports nothing else from
// src-main. Everything here is plain JSON: it crosses a process border.
//
// Words are not part of it: a reason travels as a code, and assets/translations turns it into a sentence with a
// next step, in the language of the reader.

/** `user@server` of a login, lower case. State is keyed by it so that several accounts can be open at once. */
export type AccountId = string;
/** The normalised address of the peer or the group (protocol, section 4: a sip without a domain is in the own domain). */
export type DiscussionId = string;
/** Stable for the life of the program: a message keeps it when the server's own id becomes known. */
export type MessageId = string;
/** Names a file of a message; main alone knows the address behind it. */
export type AttachmentId = string;
/** Names a file that is being sent; main alone knows its path. */
export type UploadId = string;

declare const safe: unique symbol;
/** HTML that has been through the sanitiser of chat/rich-text.ts. Nothing else makes one; only one component shows it. */
export type SafeHtml = string & { readonly [safe]: true };

/** Milliseconds since 1970 UTC. */
export type Instant = number;

// --- Reasons ---------------------------------------------------------------------------------------------------

/** Why a login did not happen, and the field that it belongs to. */
export type LoginReason =
  | 'server-empty' // field: server
  | 'server-invalid' // not a host, host:port or URL
  | 'server-insecure' // ws:// or http:// to something that is not this computer
  | 'server-unknown' // the name does not resolve
  | 'server-unreachable' // refused, timed out, no route
  | 'server-certificate' // TLS is there, but the certificate is not trusted
  | 'server-not-pbx' // answers, but does not speak the protocol
  | 'server-not-proven' // its LoginResult digest is missing or wrong
  | 'user-empty' // field: user
  | 'password-empty' // field: password
  | 'wrong-password' // field: password (protocol, section 2, error 2)
  | 'session-expired' // error 5: the password is asked again
  | 'method-ntlm' // the PBX offers NTLM only
  | 'method-oauth2' // the PBX offers OAuth2 only
  | 'authorization-refused' // the second factor was refused or ran out
  | 'proxy-login' // the proxy on the way wants a name and a password
  | 'proxy-method' // ... in a way that is not supported; `detail` has its words
  | 'proxy-unreachable' // none of the proxies on the way can be reached; `detail` has the first
  | 'redirected' // the user lives on another PBX
  | 'rejected'; // any other error of the PBX; `detail` has its text

/** Why the connection is not there, or not all of it. */
export type OfflineReason =
  | 'server-unknown'
  | 'server-unreachable'
  | 'server-certificate'
  | 'server-not-pbx'
  | 'link-lost' // was there and broke
  | 'heartbeat-lost' // no sign of life in time
  | 'proxy-login' // the proxy on the way wants a name and a password
  | 'proxy-method' // ... in a way that is not supported
  | 'proxy-unreachable' // none of the proxies on the way can be reached
  | 'pbx-closed' // the PBX said that it closes (Disconnect, StandbyBack)
  | 'suspended'; // the machine sleeps or has no network

/** What the way through a proxy can fail with. */
export type ProxyReason = Extract<
  OfflineReason,
  'proxy-login' | 'proxy-method' | 'proxy-unreachable' | 'server-unreachable'
>;

/** Why an own message was not delivered (protocol, section 4, release causes). */
export type DeliveryReason =
  | 'unknown-user' // 1, 3
  | 'busy' // 17
  | 'not-online' // 18, 19, 20, 27
  | 'not-allowed' // 21, 57
  | 'connection-lost' // the link broke, or the call ended, and nobody knows whether the message was there before
  | 'not-stored' // the same, and the history has been read since: it is not there
  | 'no-answer' // nothing came back in time
  | 'file-failed' // a file of it could not be uploaded; `detail` has the FileReason
  | 'file-cancelled' // somebody stopped the upload
  | 'failed'; // any other cause; `detail` has its number

/** Why a file could not be sent, shown or saved (protocol, section 6). */
export type FileReason =
  | 'volatile' // there is no Messages service: it can neither be sent nor found again
  | 'offline' // the PBX cannot be reached now
  | 'unreachable' // the server of the file does not answer, or stopped in the middle
  | 'certificate' // TLS is there, but the certificate is not trusted
  | 'foreign-host' // neither the PBX nor a server that it named, or not encrypted: nothing was sent there
  | 'gone' // the server does not have it (any more)
  | 'refused' // the server does not want it; `detail` has its words or its status
  | 'unreadable' // a file of this computer: not there, not a file, no permission
  | 'changed' // a file of this computer became shorter while it was sent
  | 'too-large' // more than can be shown or pasted
  | 'no-space' // the disk is full
  | 'not-writable' // the folder does not take it
  | 'cancelled';

/** Why an own message was not changed or deleted (protocol, section 5, Update and Delete). */
export type AmendReason =
  | 'offline'
  | 'volatile' // there is no Messages service now
  | 'no-answer'
  | 'refused' // by the server: an old one, or it does not want this one changed
  | 'not-stored' // the server does not have this message
  | 'empty'
  | 'too-long';

/** Why the chat runs without the Messages service (protocol, section 5). */
export type VolatileReason = 'no-licence' | 'service-unavailable' | 'no-answer';

export interface Reason<Code extends string> {
  code: Code;
  /** What the other side said, for the curious: a release cause, an errorText. Never shown alone. */
  detail?: string;
}

// --- What the window shows -------------------------------------------------------------------------------------

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';
/** What stands at the program's icons for unread messages: how many, or only that there are some. */
export type BadgeStyle = 'number' | 'dot';
/** Those that there are words for, as of assets/translations. */
export type Language = 'en' | 'de' | 'fr' | 'it' | 'es';
export type TextSize = 'small' | 'normal' | 'large' | 'larger';
export type TraceClass = 'app' | 'browser' | 'websocket';

export interface Preferences {
  theme: Theme;
  density: Density;
  textSize: TextSize;
  /** 'system': the first language of the system that there are words for. */
  language: 'system' | Language;
  /** Width of the list of discussions in CSS pixels. */
  listWidth: number;
  /** The buttons for bold, lists and so on stand above the message input. */
  formatBar: boolean;
  /** Emoji chosen of late, the latest first. */
  recentEmoji: string[];
  /** Of the emoji that have one: 0 none, 1 light to 5 dark. */
  skinTone: number;
  /** Notifications of the desktop for messages that were not read on arrival. */
  notifications: boolean;
  notificationSound: boolean;
  /** Notifications say that there is a message, but neither from whom nor what. */
  hideContent: boolean;
  /** No notifications until then; 0: they are not muted. */
  mutedUntil: Instant;
  badge: BadgeStyle;
  /** With Ctrl or Cmd: the key that shows the window from wherever one is. */
  globalShortcut: 'off' | 'alt-space' | 'shift-space' | 'alt-c';
  /** Closing the window keeps the program in the tray, where there is one. */
  closeToTray: boolean;
}

/** Whether the program starts with the session of the desktop, and whether it then stays in the tray. */
export type Autostart = 'off' | 'on' | 'tray';

export interface AppView {
  version: string;
  platform: 'linux' | 'darwin' | 'win32';
  preferences: Preferences;
  /** A proxy that waits for somebody to sign in at it. */
  proxy: ProxyView | null;
  /** As the system has it, which may change it by itself. */
  autostart: Autostart;
  /** Names of the settings that the organisation has set, and that cannot be changed here. */
  locked: string[];
  /** What 'system' comes to right now. */
  dark: boolean;
  /** BCP 47 tags, best first. */
  locales: string[];
  /** Unread in total: the same number as in the title, on the badge and at the tray. */
  unread: number;
  /** The desktop is told of what arrives and is not read on arrival. */
  notifies: boolean;
  update: UpdateView;
  /** Something that the person should know about the program itself, such as a settings file that was set aside. */
  notices: Notice[];
}

export interface ProxyView {
  /** `host:port`. */
  host: string;
  /** It did not take what it was given. */
  refused: boolean;
}

/** Why the program does not update itself. */
export type UpdateOff =
  | 'no-feed' // nobody has said where updates come from
  | 'insecure-feed' // not an https address
  | 'package-manager' // the system's own package manager does it
  | 'not-installed' // unpacked somewhere, or built here
  | 'unsigned'; // nothing in the program says whose signature counts
export type UpdateReason = 'unreachable' | 'not-verified' | 'no-space' | 'failed';

export type UpdateView =
  | { state: 'off'; reason: UpdateOff }
  /** Nothing newer is there; null: not looked yet. */
  | { state: 'idle'; checkedAt: Instant | null }
  | { state: 'checking' }
  | { state: 'loading'; version: string; notes: string; percent: number }
  /** It is put in place at the end of the program. `notes`: plain text. */
  | { state: 'ready'; version: string; notes: string }
  | { state: 'failed'; reason: Reason<UpdateReason> };

export interface Notice {
  id: string;
  code:
    | 'settings-set-aside'
    | 'managed-damaged'
    | 'managed-untrusted'
    | 'managed-partly'
    | 'drafts-set-aside'
    | 'not-deleted'
    | 'secrets-unavailable'
    | 'no-tray'
    | 'kept-in-tray'
    | 'volatile'
    | 'shortcut-taken'
    | 'update-ready'
    | 'no-dictionary'
    | 'crashed';
  detail?: string;
}

export type SettingValue = string | number | boolean | string[];
export type SettingKind = 'switch' | 'choice' | 'number' | 'text' | 'list';

/** A setting as the settings screen needs it. */
export interface SettingView {
  kind: SettingKind;
  value: SettingValue;
  /** What it is while nobody has chosen: the program's default, or what the organisation recommends. */
  fallback: SettingValue;
  /** Of a choice. */
  options: string[] | null;
  /** Of a number, both ends included. */
  range: { min: number; max: number } | null;
}

/** What the settings screen shows; asked for when it opens, and after each change. */
export interface SettingsView {
  /** By name: `preferences.theme`, `awayAfter`, `pbx.callIdle`. */
  fields: Record<string, SettingView>;
  /** Where an administrator's settings come from; empty: there are none. */
  managedFrom: string[];
  /** The folder for saved files that is in use when none is chosen, and that of the profile. */
  folders: { downloads: string; profile: string };
  /** What the program is built on, with versions. */
  runtime: { name: string; version: string }[];
  /** Whether the texts of the licences are beside the program, which they are when it is installed. */
  licences: boolean;
}

export type LoginField = 'server' | 'user' | 'password';

export interface LoginView {
  state: 'signed-out' | 'working' | 'failed' | 'authorize' | 'signed-in';
  /** What was last used, to fill the form with. Never a password. */
  server: string;
  user: string;
  remember: boolean;
  reason: Reason<LoginReason> | null;
  /** The field that `reason` belongs to; null: the form as a whole. */
  field: LoginField | null;
  /** Protocol, section 2, Authorize: the number to confirm on another device. */
  code: number | null;
}

export type PresenceState = 'online' | 'away' | 'busy' | 'dnd' | 'on-the-phone' | 'offline' | 'unknown';
export interface PresenceView {
  state: PresenceState;
  note: string;
}

export type ConnectionView =
  | { state: 'connecting' }
  /** The signalling is up; whether there is a Messages service is not known yet. */
  | { state: 'preparing' }
  | { state: 'online'; mode: 'stored' }
  | { state: 'online'; mode: 'volatile'; reason: Reason<VolatileReason> }
  | { state: 'no-chat-right' }
  | { state: 'offline'; reason: Reason<OfflineReason>; retryAt: Instant | null };

export interface AccountView {
  id: AccountId;
  server: string;
  sip: string;
  name: string;
  presence: PresenceView;
  connection: ConnectionView;
  /** In the order of the PBX (protocol, section 8). */
  favourites: PersonView[];
  /** False until the list has been read once in this run: the window shows skeletons instead of 'no chats yet'. */
  listLoaded: boolean;
  unfinished: Unfinished;
  /** The chats are stored nowhere, or were not while there was a link. */
  volatile: boolean;
}

/** How much would be lost with the account, beside the drafts. */
export interface Unfinished {
  /** Own messages that were not delivered. */
  messages: number;
  /** Own messages that somebody is changing. */
  edits: number;
  /** Deletions that the server has not been asked for. */
  removals: number;
}

export interface Preview {
  kind: 'none' | 'text' | 'empty' | 'attachment' | 'typing' | 'draft';
  /** Plain text, one line; for 'attachment' its name. */
  text: string;
  own: boolean;
  /** In a group: who wrote it. */
  author: string;
  /** The last own message was not delivered. */
  failed: boolean;
}

export interface DiscussionRow {
  id: DiscussionId;
  kind: 'person' | 'group';
  /** Never empty: the name, else the address. */
  name: string;
  address: string;
  presence: PresenceView;
  preview: Preview;
  at: Instant | null;
  unread: number;
}

export interface DiscussionView {
  id: DiscussionId;
  kind: 'person' | 'group';
  name: string;
  address: string;
  presence: PresenceView;
  /** Names of those who are typing now. */
  typing: string[];
  history: {
    state: 'idle' | 'loading' | 'failed';
    /** There may be older messages than the first one shown. */
    older: boolean;
  };
  unread: number;
  /** The 'new' line stands before this message. */
  newFrom: MessageId | null;
  /** What was typed and not sent: plain HTML as of protocol, section 7. */
  draft: string;
  /** An own message that is being changed, in the place of the draft. */
  edit: EditView | null;
  /** Files that go with the next message. */
  tray: UploadView[];
  /** What may be tried with own messages that the server keeps; it has not refused it so far. */
  amends: { edit: boolean; remove: boolean };
  /** Why nothing can be sent here right now; null: it can (an offline link queues, it does not forbid). */
  blocked: Reason<'no-chat-right' | 'group-gone' | 'group-volatile'> | null;
  /** Null: it is a person. */
  group: GroupView | null;
}

/** Why somebody cannot change a group; the server has the last word where this says nothing. */
export type GroupLock =
  | 'not-admin'
  | 'gone' // deleted, or this person is no longer in it
  | 'volatile' // groups need the Messages service
  | 'offline'
  | 'unknown'; // only its address is known so far

export interface GroupView {
  /** Oneself first, then by name. */
  members: MemberView[];
  /** False: the server does not list them, these are those who are known. */
  complete: boolean;
  gone: boolean;
  lock: GroupLock | null;
}

export interface MemberView {
  /** As a discussion with them is known. */
  id: DiscussionId;
  address: string;
  name: string;
  me: boolean;
  /** Null: not known. */
  admin: boolean | null;
  /** False: the server named no way to remove them. */
  removable: boolean;
  presence: PresenceView;
}

/** Somebody to write to. */
export interface PersonView {
  id: DiscussionId;
  address: string;
  name: string;
  presence: PresenceView;
}

export interface EditView {
  message: MessageId;
  /** As it stands: plain HTML as of protocol, section 7. */
  html: string;
  /** The message as it was when the change began, and the same as plain text. */
  original: SafeHtml;
  text: string;
}

export type FileKind = 'picture' | 'audio' | 'video' | 'other';

export interface UploadView {
  id: UploadId;
  name: string;
  /** Bytes. */
  size: number;
  kind: FileKind;
  state: 'queued' | 'uploading' | 'failed' | 'done';
  /** Bytes so far, and bytes per second; null: not known yet. */
  sent: number;
  speed: number | null;
  /** Of a failed one. */
  reason: Reason<FileReason> | null;
  /** Of pictures: where the window finds the bytes. */
  source: string | null;
}

export type DownloadView =
  | { state: 'running'; received: number; total: number | null; speed: number | null }
  /** Under this name, which may be another one than that of the attachment. */
  | { state: 'saved'; name: string }
  | { state: 'failed'; reason: Reason<FileReason> };

export interface AttachmentView {
  id: AttachmentId;
  name: string;
  kind: FileKind;
  /** Bytes; null: not known yet. */
  size: number | null;
  /** Where the window finds the bytes of what it can show; null for 'other'. */
  source: string | null;
  /** Of an own message that waits for it. */
  upload: UploadView | null;
  download: DownloadView | null;
  /** Why it could not be shown. */
  problem: Reason<FileReason> | null;
}

export type DeliveryView =
  | { state: 'waiting' }
  | { state: 'sent' }
  | { state: 'delivered' }
  | { state: 'failed'; reason: Reason<DeliveryReason> };

/** 'undoable' and 'waiting' (for a link, or until its id is known): it is hidden, and can still be taken back. */
export type RemovalView =
  { state: 'undoable' | 'waiting' | 'sending' } | { state: 'failed'; reason: Reason<AmendReason> };

export interface MessageView {
  id: MessageId;
  author: { sip: string; name: string };
  own: boolean;
  html: SafeHtml;
  /** The same as plain text, line breaks kept. */
  text: string;
  at: Instant;
  /** Of own messages; null for received ones and for own ones out of the history. */
  delivery: DeliveryView | null;
  attachments: AttachmentView[];
  /** Segments are missing (protocol, section 4, `more`). */
  incomplete: boolean;
  /** The server keeps it, so that an own one can be changed and deleted. */
  stored: boolean;
  removal: RemovalView | null;
  /** Its text was changed after it was sent, as far as that is known. */
  edited: boolean;
}

export interface View {
  app: AppView;
  login: LoginView;
  account: AccountView | null;
  /** In the order in which they are shown. */
  rows: DiscussionRow[];
  open: DiscussionView | null;
  /** Of the open discussion, oldest first. */
  messages: MessageView[];
}

// --- Snapshot and patches --------------------------------------------------------------------------------------

export interface Snapshot {
  seq: number;
  view: View;
}

/** `order` is there only when it changed; then it is complete. */
export type Patch =
  | { of: 'app'; value: AppView }
  | { of: 'login'; value: LoginView }
  | { of: 'account'; value: AccountView | null }
  | { of: 'rows'; set: DiscussionRow[]; order?: DiscussionId[] }
  /** Another (or no) discussion: `messages` are all of its messages. */
  | { of: 'open'; value: DiscussionView | null; messages: MessageView[] }
  | { of: 'discussion'; value: DiscussionView }
  | { of: 'messages'; discussion: DiscussionId; set: MessageView[]; order?: MessageId[] };

/** At most one per frame. `seq` grows by one; a gap means that the window asks for a new snapshot. */
export interface Batch {
  seq: number;
  patches: Patch[];
}

// --- Commands --------------------------------------------------------------------------------------------------

export type Result<T, Code extends string = string> =
  { ok: true; value: T } | { ok: false; reason: Reason<Code> };

export type AddressReason =
  'address-empty' | 'address-invalid' | 'address-unknown' | 'address-own' | 'offline' | 'no-answer';
export type SendReason = 'empty' | 'too-long' | 'unknown-discussion';
/** Why a change of a group did not happen. */
export type GroupReason =
  | 'name-empty'
  | 'offline'
  | 'volatile'
  | 'no-answer'
  | 'refused' // the server said no, which it does to those who are not an admin
  | 'unknown-group'
  | 'not-removable'; // nobody told the id that a removal needs

export type MemberChange = 'member' | 'admin' | 'remove';
/** What did not happen; without `sip` it was the name. */
export interface GroupFailure {
  sip: string | null;
  reason: Reason<GroupReason>;
}
/** Why a file is not saved or opened. 'executable': ask the person, and say so with `confirmed`. */
export type SaveReason = 'executable' | 'not-there' | 'not-opened';
/** Why a setting was not changed: 'locked' by the organisation, 'invalid' value, or no such setting. */
export type SettingReason = 'locked' | 'invalid' | 'unknown';
export type ProfilePlace = 'logs' | 'profile' | 'licences';
/** Why files were not taken: `detail` has the name of the first one. */
export type AttachReason =
  | 'unknown-discussion'
  | 'too-many'
  | Extract<FileReason, 'volatile' | 'unreadable' | 'too-large' | 'no-space' | 'not-writable'>;

/** A file as the preload script hands it over: by its path, which the page never sees, or as bytes. */
export type DroppedFile = { path: string } | { name: string; bytes: Uint8Array };

/** Every command, its arguments and its answer. ipc/serve.ts checks each argument before it goes anywhere. */
export interface Commands {
  snapshot(): Snapshot;
  login(a: { server: string; user: string; password: string; remember: boolean }): Result<null, LoginReason>;
  cancelLogin(): null;
  logout(): null;
  /** Try the connection now instead of at `retryAt`. */
  reconnect(): null;
  /** Opening reads (protocol, section 9); also when it is open already. */
  openDiscussion(a: { discussion: DiscussionId }): null;
  closeDiscussion(): null;
  /** The facts behind the read rule that only the window knows. The window's own focus is known to main. */
  reading(a: { discussion: DiscussionId | null; inputFocused: boolean }): null;
  loadOlder(a: { discussion: DiscussionId }): null;
  send(a: { discussion: DiscussionId; html: string }): Result<{ message: MessageId }, SendReason>;
  resend(a: { message: MessageId }): null;
  /** Stops the uploads that a message waits for; it then counts as not delivered. */
  stopSending(a: { message: MessageId }): null;
  /** Asks for files in a dialog of the system and puts them into the tray. */
  attach(a: { discussion: DiscussionId }): Result<null, AttachReason>;
  /** Takes a file out of the tray, or tries it again. */
  removeUpload(a: { upload: UploadId }): null;
  retryUpload(a: { upload: UploadId }): null;
  /** Finds out how large a file is. */
  inspectAttachment(a: { attachment: AttachmentId }): null;
  /** Into the folder for downloads, or where a dialog of the system says. How it goes arrives as a patch. */
  saveAttachment(a: {
    attachment: AttachmentId;
    choose: boolean;
    confirmed: boolean;
  }): Result<null, SaveReason>;
  cancelSave(a: { attachment: AttachmentId }): null;
  /** What has been saved, in the program that the system has for it, or in its folder. */
  openSaved(a: { attachment: AttachmentId; confirmed: boolean }): Result<null, SaveReason>;
  showSaved(a: { attachment: AttachmentId }): Result<null, SaveReason>;
  /** Asks for the folder for downloads. */
  chooseDownloadFolder(): null;
  /** Removes an own message that was not delivered. */
  discard(a: { message: MessageId }): null;
  /** Changes the text of an own message at the server; answers when the server has. */
  editMessage(a: { message: MessageId; html: string }): Result<null, AmendReason>;
  /** Deletes an own message at the server, after a moment in which `keepMessage` takes it back. */
  deleteMessage(a: { message: MessageId }): null;
  keepMessage(a: { message: MessageId }): null;
  typing(a: { discussion: DiscussionId; typing: boolean }): null;
  draft(a: { discussion: DiscussionId; html: string }): null;
  /** What stands in the message input while an own message is being changed; null: it is left. */
  editing(a: { discussion: DiscussionId; edit: { message: MessageId; html: string } | null }): null;
  /** Checks a typed address (`name`, `name@domain`, `sip:`/`im:` link, number) and opens the discussion. */
  startChat(a: { address: string }): Result<{ discussion: DiscussionId }, AddressReason>;
  /** Checks a typed address as `startChat` does, and opens nothing. */
  findPerson(a: { address: string }): Result<PersonView, AddressReason>;
  /**
   * Creates a group (`discussion` null) or changes one: its name where it differs, and its members one by one. What was
   * refused is named; the rest has happened. Not ok: nothing has happened.
   */
  saveGroup(a: {
    discussion: DiscussionId | null;
    name: string;
    members: { sip: string; name: string; change: MemberChange }[];
  }): Result<{ discussion: DiscussionId; failures: GroupFailure[] }, GroupReason>;
  deleteGroup(a: { discussion: DiscussionId }): Result<null, GroupReason>;
  /** Takes a group that is gone off the list. */
  hideGroup(a: { discussion: DiscussionId }): null;
  /** Asks the server who is in it, where it tells. */
  readMembers(a: { discussion: DiscussionId }): null;
  /** The people on screen, by the discussion that they have or would have; presence is watched for them alone. */
  watchPresence(a: { discussions: DiscussionId[] }): null;
  setOwnPresence(a: { activity: '' | 'away' | 'busy' | 'dnd'; note: string }): null;
  setPreferences(a: Partial<Preferences>): null;
  /** For the proxy that is shown; `remember` where there is a keyring. Then the connection is tried again. */
  proxyLogin(a: { user: string; password: string; remember: boolean }): null;
  /** Nobody wants to sign in at it now; it is asked for again when somebody tries the connection. */
  dismissProxy(): null;
  /** Not ok: the system did not take it. */
  setAutostart(a: { mode: Autostart }): Result<null, 'not-taken' | 'locked'>;
  /** No notifications for an hour, until the next morning, or (again) from now on. */
  mute(a: { until: 'hour' | 'tomorrow' | 'never' }): null;
  settings(): SettingsView;
  /** `value` null: back to what it is while nobody has chosen. */
  setSetting(a: { name: string; value: SettingValue | null }): Result<null, SettingReason>;
  /** In the file manager of the system, or what the system has for a text. */
  openPlace(a: { place: ProfilePlace }): Result<null, 'not-there'>;
  /** Ends the connection and begins it anew, with the settings that count from a new connection on. */
  connectAnew(): null;
  dismissNotice(a: { id: string }): null;
  /**
   * Collects what belongs to the report of a problem; takes as long as the check of the connection, 20 s at most. Nothing
   * is written and nothing is sent.
   */
  prepareReport(): ReportFile[];
  /** Asks where, and writes what was prepared. The value is the name of the file; null: cancelled. */
  saveReport(a: { description: string }): Result<string | null, ReportReason>;
  /** The saved report in its folder. */
  showReport(): null;
  checkForUpdates(): null;
  /** Ends the program and starts the new one. */
  installUpdate(): null;
  /** http, https, mailto, tel and sip only; opened outside the program. */
  openLink(a: { url: string }): Result<null, 'link-refused'>;
  /** The window has painted this discussion with its messages (used by --capture and to end start-up measurements). */
  painted(a: { discussion: DiscussionId | null; messages: number }): null;
}

/** A file of the report of a problem, without secrets and without what people write. */
export interface ReportFile {
  name: string;
  /** Bytes. */
  size: number;
  text: string;
}

export type ReportReason = 'not-prepared' | 'no-space' | 'not-writable';

export type CommandName = keyof Commands;
export type CommandArgument<N extends CommandName> = Parameters<Commands[N]>[0];
export type CommandResult<N extends CommandName> = ReturnType<Commands[N]>;

/** What can be asked for from outside of the window: its menus and the tray. */
export type Screen = 'newChat' | 'goTo' | 'find' | 'settings' | 'shortcuts' | 'report' | 'updates';

/** What preload.ts puts at `window.pbxChat`. */
export interface Bridge {
  call<N extends CommandName>(name: N, ...argument: Parameters<Commands[N]>): Promise<CommandResult<N>>;
  /** One listener; main starts to send batches after the first `snapshot`. */
  /**
   * Files that were dropped or pasted, into the tray. The preload script reads their paths: a page that is not ours
   * any more could name none that a person has not given it.
   */
  attachFiles(discussion: DiscussionId, files: File[]): Promise<Result<null, AttachReason>>;
  onBatch(listener: (batch: Batch) => void): void;
  /** Main asks the window to put the focus somewhere: 'list' after it came back from the tray. */
  onFocusRequest(listener: (place: 'list' | 'composer' | 'search') => void): void;
  /** Main opens a discussion because a person asked for it outside of the window: its message input takes the focus. */
  onOpened(listener: (discussion: DiscussionId) => void): void;
  onScreenRequest(listener: (screen: Screen) => void): void;
}

/** IPC channel names, the whole list. */
export const channels = {
  call: 'pbx-chat:call',
  attach: 'pbx-chat:attach',
  batch: 'pbx-chat:batch',
  focus: 'pbx-chat:focus',
  opened: 'pbx-chat:opened',
  screen: 'pbx-chat:screen',
} as const;
