// Everything that can happen, as reduce.ts hears it. What the wire says travels as it is, with the time of arrival.
import type {
  AccountId,
  AttachmentId,
  DiscussionId,
  FileReason,
  Instant,
  LoginField,
  LoginReason,
  MessageId,
  Notice,
  Reason,
  RemovalView,
  UploadId,
} from '../ipc/contract.ts';
import type {
  Address,
  PbxEvent,
  PbxUser,
  Person,
  StoredChat,
  StoredGroup,
  StoredMember,
  StoredMessage,
} from '../pbx/index.ts';
import type { AppState, Discussion, Download, TrayFile } from './model.ts';
import type { KeptDraft, KeptRemoval } from './ports.ts';

export type ChatEvent = AppEvent | LoginEvent | WindowEvent | AccountEvent;

export type AppEvent =
  /** Preferences, theme, locales, notices: what is in it replaces what was. */
  | { type: 'app/changed'; app: Partial<AppState> }
  | { type: 'app/noticed'; notice: Notice }
  /** The notice of this id has been dismissed, or has come to nothing. */
  | { type: 'app/unnoticed'; notice: string };

export type LoginEvent =
  | { type: 'login/started'; server: string; user: string; remember: boolean }
  /** With what was remembered: the account is on screen before the PBX has answered. */
  | { type: 'login/resumed'; account: AccountId; server: string; user: string }
  | { type: 'login/authorize'; code: number }
  | { type: 'login/succeeded'; account: AccountId; server: string; user: PbxUser }
  | { type: 'login/failed'; reason: Reason<LoginReason>; field: LoginField | null }
  | { type: 'login/cancelled' }
  /** Logged out, by the person or by the PBX: everything of the account goes. */
  | { type: 'account/dropped'; account: AccountId };

export type WindowEvent =
  | { type: 'window/changed'; focused: boolean; visible: boolean }
  | { type: 'window/reading'; discussion: DiscussionId | null; inputFocused: boolean }
  | { type: 'window/locked'; locked: boolean };

export type AccountEvent = { account: AccountId } & (
  | { type: 'wire'; event: PbxEvent; now: Instant }
  /** The connection of this account was replaced by another, or closed. */
  | { type: 'wire/gone' }
  | { type: 'discussion/opened'; discussion: DiscussionId }
  | { type: 'discussion/closed' }
  /** Somebody starts a chat with a person whom the PBX knows. */
  | { type: 'discussion/started'; discussion: DiscussionId; address: Address; person: Person }
  | { type: 'draft/changed'; discussion: DiscussionId; html: string }
  /** Null: nobody is changing an own message any more. */
  | {
      type: 'edit/changed';
      discussion: DiscussionId;
      edit: { readonly message: MessageId; readonly html: string } | null;
    }
  /** What an earlier run left (drafts.ts). */
  | { type: 'drafts/restored'; drafts: readonly KeptDraft[]; removals: readonly KeptRemoval[] }
  | { type: 'typing/expired'; now: Instant }
  | OutboxEvent
  | HistoryEvent
  | GroupEvent
  | FileEvent
  | AmendEvent
);

export type FileEvent =
  | { type: 'upload/added'; discussion: DiscussionId; uploads: readonly TrayFile[] }
  | { type: 'upload/progress'; upload: UploadId; sent: number; speed: number | null }
  | { type: 'upload/done'; upload: UploadId; url: string }
  /** By the loss of the link: it goes on by itself. */
  | { type: 'upload/interrupted' | 'upload/again' | 'upload/removed'; upload: UploadId }
  | { type: 'upload/failed'; upload: UploadId; reason: Reason<FileReason> }
  | { type: 'sending/stopped'; message: MessageId }
  | { type: 'attachment/known'; attachment: AttachmentId; size: number | null }
  | { type: 'attachment/failed'; attachment: AttachmentId; reason: Reason<FileReason> }
  /** Null: not asked for, or cancelled. */
  | { type: 'download/changed'; attachment: AttachmentId; download: Download | null };

export type OutboxEvent =
  /** `html` has been composed (rich-text.ts). */
  | { type: 'outbox/queued'; discussion: DiscussionId; message: MessageId; html: string; now: Instant }
  | { type: 'outbox/handed'; message: MessageId }
  | { type: 'outbox/again'; message: MessageId; now: Instant }
  | { type: 'outbox/discarded'; message: MessageId };

/** What was done to a group here, and what the server told of its members (protocol, section 5). */
export type GroupEvent =
  | { type: 'group/created'; group: StoredGroup }
  | { type: 'group/renamed'; discussion: DiscussionId; name: string }
  | { type: 'group/deleted'; discussion: DiscussionId }
  /** Taken off the list by a person, after it was gone. */
  | { type: 'group/hidden'; discussion: DiscussionId }
  /** Null: this server does not list members. */
  | { type: 'members/listed'; discussion: DiscussionId; members: readonly StoredMember[] | null }
  | { type: 'member/written'; discussion: DiscussionId; member: StoredMember }
  | { type: 'member/removed'; discussion: DiscussionId; sip: string };

export type AmendEvent =
  | { type: 'amend/refused'; what: 'edit' | 'remove' }
  | { type: 'removal/changed'; message: MessageId; removal: RemovalView | null }
  /** The server has confirmed it. `html` has been composed (rich-text.ts). */
  | { type: 'message/edited'; message: MessageId; html: string }
  | { type: 'message/gone'; message: MessageId };

export type HistoryEvent =
  /** `before`: the discussions at the time of the request. Null: that request had no answer. */
  | {
      type: 'chats/answered';
      chats: readonly StoredChat[] | null;
      counts: readonly StoredChat[] | null;
      groups: readonly StoredGroup[] | null;
      before: Readonly<Record<DiscussionId, Discussion>>;
      /** The first answers on this link: messages may have been missed. */
      first: boolean;
      /** Time has passed: what could not be loaded may be tried again. */
      retry: boolean;
    }
  | { type: 'chats/asked' }
  /** What is here of it may be outdated: it is read again. */
  | { type: 'history/doubted'; discussion: DiscussionId }
  | { type: 'history/started'; discussion: DiscussionId }
  | {
      type: 'history/loaded';
      discussion: DiscussionId;
      direction: 'newest' | 'older';
      messages: readonly StoredMessage[];
      /** The discussion when it was asked for. */
      before: Discussion;
      now: Instant;
    }
  /** `interrupted`: the link or the service went meanwhile, so it says nothing about the next attempt. */
  | { type: 'history/failed'; discussion: DiscussionId; interrupted: boolean }
  | { type: 'mark/started' | 'mark/failed'; discussion: DiscussionId }
  | { type: 'mark/done'; discussion: DiscussionId; now: Instant };
