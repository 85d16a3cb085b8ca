// How the rest of the main process meets the chat: what the session offers, and what it asks for.
import type {
  AccountId,
  Batch,
  CommandName,
  Commands,
  DiscussionId,
  LoginReason,
  Reason,
  Snapshot,
} from '../ipc/contract.ts';
import type { Address, Credentials, Pbx, PbxEvent, PbxOptions, PbxSettings, World } from '../pbx/index.ts';
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
  /** Plain HTML as of protocol, section 7; not empty. */
  readonly html: string;
}

/** What is kept of an account's drafts. `stored`: there was a Messages service when it was last known. */
export interface KeptDrafts {
  readonly stored: boolean;
  /** The one that was changed last is the last. */
  readonly drafts: readonly KeptDraft[];
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
}

/** The commands that are the chat's own; ipc/serve.ts and main.ts answer the others. */
export type SessionCommand = Exclude<
  CommandName,
  'snapshot' | 'setPreferences' | 'dismissNotice' | 'openLink' | 'painted'
>;

export interface Session {
  /** Logs in with what was remembered; without it the login view stays as it is. */
  start(): Promise<void>;
  commands: {
    [N in SessionCommand]: (
      ...argument: Parameters<Commands[N]>
    ) => ReturnType<Commands[N]> | Promise<ReturnType<Commands[N]>>;
  };
  /** The window's half of the read rule. `hidden` (closed to the tray) is the app being closed: see chat/unread.ts. */
  window(facts: { focused: boolean; visible: boolean }): void;
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
