// How the rest of the main process meets the chat: what the session offers, and what it asks for.
import type { Readable } from 'node:stream';
import type {
  AccountId,
  AttachmentId,
  Batch,
  CommandName,
  Commands,
  DiscussionId,
  FileReason,
  LoginReason,
  Reason,
  Result,
  Snapshot,
  UploadId,
} from '../ipc/contract.ts';
import type {
  Address,
  Credentials,
  Pbx,
  PbxEvent,
  PbxOptions,
  PbxSettings,
  RemoteFile,
  ServerId,
  World,
} from '../pbx/index.ts';
import type { Store } from './store.ts';

/** What is kept of a login between two starts. */
export interface Remembered {
  server: string;
  user: string;
  session: Credentials;
}

/** disk/secrets.ts. A vault that cannot keep a secret says so and keeps nothing: never plain text on disk. */
export interface Vault {
  load(): Promise<Remembered | null>;
  save(remembered: Remembered): Promise<'kept' | 'not-kept'>;
  forget(): Promise<void>;
}

export interface KeptDraft {
  readonly discussion: DiscussionId;
  readonly address: Address;
  readonly kind: 'person' | 'group';
  readonly name: string;
  /** Plain HTML as of protocol, section 7; empty: only an own message is being changed. */
  readonly html: string;
  readonly edit?: KeptEdit;
}

/** An own message that somebody was changing. */
export interface KeptEdit {
  /** Null: nobody knew it when the program ended, so that the text can be kept, but not saved. */
  readonly id: ServerId | null;
  readonly html: string;
  readonly original: string;
}

/** A deletion that the server has not confirmed. */
export interface KeptRemoval {
  readonly discussion: DiscussionId;
  /** Of the discussion, as it was shown. */
  readonly name: string;
  /** Null: nobody knew it when the program ended, so that the message is still there. */
  readonly id: ServerId | null;
}

/** What is kept of an account's drafts. `stored`: there was a Messages service when it was last known. */
export interface KeptDrafts {
  readonly stored: boolean;
  /** The one that was changed last is the last. */
  readonly drafts: readonly KeptDraft[];
  readonly removals: readonly KeptRemoval[];
}

/** disk/drafts.ts. Never throws: what the disk refuses lives for this run. */
export interface DraftShelf {
  load(account: AccountId): KeptDrafts | null;
  save(account: AccountId, kept: KeptDrafts): void;
  forget(account: AccountId): void;
}

export interface SessionPorts {
  store: Store;
  world: World;
  vault: Vault;
  drafts: DraftShelf;
  connect(options: PbxOptions, listener: (event: PbxEvent) => void): Pbx;
  settings: PbxSettings;
  userAgent: string;
  files: OutgoingFiles;
}

/** disk/outgoing-files.ts: the bytes of what is being sent. */
export interface OutgoingFiles {
  /** From the beginning. */
  open(upload: UploadId): Readable;
  /** Nobody needs it any more. */
  forget(upload: UploadId): void;
}

/** Writes a file that comes in and says under which name. Whole or not at all. */
export type SaveTarget = (
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
) => Promise<Result<{ name: string }, FileReason>>;

/** Files towards the surfaces: what the window shows, and what a person saves. */
export interface SessionFiles {
  /** Picked, dropped or pasted files go into the tray of the discussion. */
  attach(
    discussion: DiscussionId,
    files: readonly { id: UploadId; name: string; size: number }[],
  ): Result<null, 'unknown-discussion' | 'too-many' | 'volatile'>;
  /** Null: there is none of this name. `upload`: an own one, whose bytes may still be here. */
  find(id: AttachmentId): { name: string; url: string; size: number | null; upload: UploadId | null } | null;
  open(id: AttachmentId, signal: AbortSignal, range?: string): Promise<Result<RemoteFile, FileReason>>;
  /** What became of showing it. */
  shown(id: AttachmentId, outcome: { size: number | null } | { reason: Reason<FileReason> }): void;
  save(id: AttachmentId, target: SaveTarget): void;
}

/** The commands that are the chat's own; ipc/serve.ts and main.ts answer the others. */
export type SessionCommand = Exclude<
  CommandName,
  | 'snapshot'
  | 'setPreferences'
  | 'mute'
  | 'setAutostart'
  | 'settings'
  | 'setSetting'
  | 'openPlace'
  | 'proxyLogin'
  | 'dismissProxy'
  | 'dismissNotice'
  | 'prepareReport'
  | 'saveReport'
  | 'showReport'
  | 'checkForUpdates'
  | 'installUpdate'
  | 'openLink'
  | 'painted'
  | 'attach'
  | 'inspectAttachment'
  | 'saveAttachment'
  | 'openSaved'
  | 'showSaved'
  | 'chooseDownloadFolder'
>;

export interface Session {
  /** Logs in with what was remembered; without it the login view stays as it is. */
  start(): Promise<void>;
  commands: {
    [N in SessionCommand]: (
      ...argument: Parameters<Commands[N]>
    ) => ReturnType<Commands[N]> | Promise<ReturnType<Commands[N]>>;
  };
  files: SessionFiles;
  /** The window's half of the read rule. `hidden` (closed to the tray) is the app being closed: see chat/unread.ts. */
  window(facts: { focused: boolean; visible: boolean }): void;
  /** The screen is locked: what the window shows is seen by nobody. */
  locked(locked: boolean): void;
  power(event: 'suspend' | 'resume'): void;
  /** Whether somebody is at the machine. */
  activity(active: boolean): void;
  /** Ends the links, keeps the session of the PBX. */
  close(): void;
}

/** Turns the state into what the window is sent. One per window. */
export interface PatchFeed {
  snapshot(): Snapshot;
  /** All changes since the last call; null when there are none. */
  next(): Batch | null;
}

export type { LoginReason, Reason };
