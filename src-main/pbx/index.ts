// The door of the wire. Everything that chat/ knows about a PBX is declared here; what is behind it (two
// connections, calls, sessions, back-off) is nobody else's business.
import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import type {
  Reason,
  Result,
  LoginReason,
  OfflineReason,
  ProxyReason,
  DeliveryReason,
  FileReason,
  VolatileReason,
  Instant,
} from '../ipc/contract.ts';

/** An end point: a sip (with or without domain) or a number (protocol, section 4). */
export type Address = { sip: string; num?: undefined } | { num: string; sip?: undefined };

/** 64-bit ids of the server: decimal digits, never a number (protocol, first page). */
export type ServerId = string;

export interface Credentials {
  usr: string;
  pwd: string;
}

export type Login =
  { kind: 'password'; user: string; password: string } | ({ kind: 'session' } & Credentials);

/** Everything on which public sources are silent (the C lines of the protocol), with our choice as the default. */
export interface PbxSettings {
  /** Section 1: the module of the PBX when the typed address names none, and the paths of the two connections
   * below it, in the order in which they are tried when one of them is not there (HTTP 404). */
  module: string;
  clientPaths: readonly string[];
  appPaths: readonly string[];
  /** Name of the chat app; empty: the entry called `chat`, or whose URL ends in /APPS/chat/chat. Section 3. */
  chatApp: string;
  /** Section 4, `hw`: 'auto' tries none, then the own sip, then a device app; anything else is sent as it is. */
  hw: 'auto' | (string & {});
  /** Section 4: whether an inbound chat is answered always or only while the window is in use. */
  answer: 'always' | 'in-use';
  /** Section 4: whether an answer goes out on the call on which the peer wrote, or always on a call of our own. */
  replyOn: 'same-call' | 'own-call';
  /** Section 4: an idle call is released after this many milliseconds. */
  callIdle: number;
  /** Section 4: a setup without any answer for this many milliseconds has failed. */
  setupTimeout: number;
  /** Section 4: a text that goes on is given up after this many milliseconds or UTF-16 units. */
  segmentTimeout: number;
  segmentCap: number;
  /** Section 7: longest segment that is sent, in UTF-16 units. */
  segmentLength: number;
  /** Section 5: how long to wait for SessionResult, in milliseconds, and how long between attempts. */
  sessionTimeout: number;
  sessionRetry: number;
  /** Section 5: how often the list of chats is read without any other cause, in milliseconds. */
  listEvery: number;
  /** Section 5: time stamps below this are seconds. */
  secondsBelow: number;
  /** Section 5: whether members are asked for with ReadMembers, and how long its answer may take, in milliseconds. */
  readMembers: boolean;
  membersTimeout: number;
  /** First page: how 64-bit ids are written to a server that has not sent one yet. */
  idForm: 'number' | 'string';
  /** Section 2: how long to wait for LoginInfoResult before the digest is used, in milliseconds. */
  loginInfoTimeout: number;
  /** Any request without an answer for this long has failed, in milliseconds. */
  requestTimeout: number;
  /** TCP, TLS and the WebSocket handshake together, and how long a logout waits to be confirmed, in milliseconds. */
  connectTimeout: number;
  logoutTimeout: number;
  /** Section 8: whether a subscription is ended with UnsubscribePresence, which public documents do not have, and how
   * long after the person has left the screen, in milliseconds. */
  unsubscribe: boolean;
  presenceLinger: number;
  /** Section 8: a PbxApi that is silent for so long, in milliseconds, is not granted: presence then comes over the
   * client connection (section 2). */
  directoryTimeout: number;
  /** Section 3: pause before the first reconnect and the longest one, in milliseconds. */
  reconnectFirst: number;
  reconnectLast: number;
  /** Section 3: KeepAlive after this silence, and the deadline of a WebSocket ping, in milliseconds. */
  keepAlive: number;
  pingInterval: number;
  pingDeadline: number;
  /** Longest frame that is accepted, in bytes. */
  frameLimit: number;
  /** Section 6: an upload or a download on which nothing moves for this many milliseconds has failed. */
  fileTimeout: number;
}

/** What the wire needs of the world. Passed in, so that a test can own it. */
export interface World {
  now(): Instant;
  /** Returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  random(bytes: number): Uint8Array;
  /** Never throws; gets what was sent and received as text, and what the program decided. */
  trace(line: TraceLine): void;
  /**
   * The way to an address where it leads through proxies; null: straight there. Never rejects. Absent: always. The agent
   * fails with a ProxyFailure for what is the proxies' and not the server's.
   */
  agent?(url: string): Promise<Agent | null>;
}

export interface ProxyFailure extends Error {
  proxyReason: Reason<ProxyReason>;
}

export interface TraceLine {
  class: 'app' | 'websocket';
  connection: 'client' | 'app' | 'none';
  direction?: 'in' | 'out';
  text: string;
}

export interface PbxOptions {
  /** As the person typed it: `host`, `host:port` or a URL. */
  server: string;
  login: Login;
  userAgent: string;
  settings: PbxSettings;
  world: World;
  /** Certificates (PEM) that are trusted besides those of the runtime. TLS is verified always. */
  certificates?: readonly string[];
}

export interface PbxUser {
  sip: string;
  name: string;
  domain: string;
  guid: string;
  num: string;
}

export interface PresenceItem {
  contact: string;
  status: 'open' | 'closed' | '';
  activity: string;
  note: string;
}

export interface Person {
  sip: string;
  num: string;
  name: string;
  email: string;
}

export interface ReceivedIm {
  /** Of the discussion: the peer, or the group when `group`. */
  from: Address;
  fromName: string;
  group: boolean;
  /** Who wrote it; the peer itself outside groups. */
  author: { sip: string; name: string };
  /** Written by this user on another of its devices. */
  own: boolean;
  /** Untrusted, as it came; several segments already joined. */
  data: string;
  mime: 'text/html' | 'text/plain';
  attachments: { name: string; url: string }[];
  /** The sender's time, else the time of arrival. One second exact when it is the sender's. */
  at: Instant;
  incomplete: boolean;
}

export type PbxEvent =
  | { type: 'link'; state: 'connecting' | 'logging-in' | 'preparing' | 'no-chat-right' }
  | { type: 'link'; state: 'online' }
  | { type: 'link'; state: 'offline'; reason: Reason<OfflineReason>; retryAt: Instant | null }
  /** Proven by its digest. `session` logs in next time; null when the PBX gave none. */
  | { type: 'logged-in'; user: PbxUser; session: Credentials | null }
  /** Final until somebody acts: nothing is tried again by itself. */
  | { type: 'login-failed'; reason: Reason<LoginReason> }
  | { type: 'authorize'; code: number }
  /** The PBX ended the session (LogoutResult unasked): everything that belongs to it is to be deleted. */
  | { type: 'logged-out' }
  | { type: 'mode'; mode: 'stored' }
  | { type: 'mode'; mode: 'volatile'; reason: Reason<VolatileReason> }
  | { type: 'presence'; sip: string; items: PresenceItem[]; name: string }
  | { type: 'own-presence'; items: PresenceItem[] }
  /** The chat app's note `#badge:N`: unread in total, over all devices. Section 5. */
  | { type: 'badge'; total: number }
  | { type: 'wake' }
  /** Favourites; the whole list each time. Section 8. */
  | { type: 'favourites'; people: Person[] }
  | { type: 'im'; im: ReceivedIm }
  | { type: 'typing'; from: Address; group: boolean; author: { sip: string; name: string }; typing: boolean }
  /** Of an own message, by the `ref` it was sent with. */
  | { type: 'im-sent' | 'im-delivered'; ref: string }
  /** A stored message was changed by whoever wrote it, or deleted (text null). Section 5, C. */
  | { type: 'stored-changed'; id: ServerId; text: string | null }
  | { type: 'im-failed'; ref: string; reason: Reason<DeliveryReason> };

export interface OutgoingIm {
  /** Chosen by the caller, unique. */
  ref: string;
  to: Address;
  /** Plain HTML as of section 7; split into segments behind this door. */
  html: string;
  attachments: { url: string }[];
}

export interface StoredChat {
  sip: string;
  name: string;
  group: boolean;
  at: Instant;
  /** Null when the request did not ask for it. */
  unread: number | null;
}

export interface StoredMessage {
  id: ServerId;
  author: { sip: string; name: string };
  /** Untrusted. */
  text: string;
  at: Instant;
  attachments: { name: string; url: string }[];
}

/** A file on its way out. */
export interface FileContent {
  name: string;
  /** MIME type. */
  type: string;
  /** Bytes: so many are read, and it has failed if there are not so many. */
  size: number;
  /** From the beginning, each time. */
  open(): Readable;
}

/** A file at the server, of which nothing has been read yet. Whoever does not read `body` to its end destroys it. */
export interface RemoteFile {
  /** 206: only the range that was asked for. */
  status: 200 | 206;
  /** As the server says, untrusted; empty when it says nothing. */
  type: string;
  /** Of Content-Disposition, untrusted; empty when there is none. */
  name: string;
  /** Bytes of `body`; null when the server does not say. */
  length: number | null;
  /** Bytes of the whole file; null when the server does not say. */
  size: number | null;
  contentRange: string | null;
  body: Readable;
}

export interface StoredGroup {
  id: ServerId;
  sip: string;
  name: string;
}

export interface StoredMember {
  /** Null: the server told none, so that the member cannot be removed. */
  id: ServerId | null;
  sip: string;
  name: string;
  admin: boolean;
}

export type RequestReason = 'offline' | 'volatile' | 'no-answer' | 'refused';
export type Answer<T> = Promise<Result<T, RequestReason>>;

export interface Pbx {
  /** Starts to connect, once. Reconnects by itself until `close`, `logout` or a `login-failed`. */
  open(): void;
  /** Ends the connections and keeps the session for the next start. */
  close(): void;
  /** Ends the session at the PBX too; resolves when it confirmed or after a bounded time. */
  logout(): Promise<void>;
  /** Connect now: network is back, the machine woke up, or somebody pressed the button. */
  retry(): void;
  /** The machine goes to sleep: the links are closed quietly. `retry` brings them back. */
  suspend(): void;
  /** Whether the window is in use: for `answer: 'in-use'`. */
  setInUse(inUse: boolean): void;
  /** Whether somebody is at the machine: SetUserActivity, section 2. */
  setActive(active: boolean): void;

  /** Sends over a chat call, in order per peer. Its fate arrives as im-sent, im-delivered or im-failed. Section 4. */
  send(im: OutgoingIm): void;
  /** Only on a call that is there already or that a message opened; never opens one for itself. */
  sendTyping(to: Address, typing: boolean): void;

  /** Section 5. `unread: true`: only chats with unread messages, with their count. */
  readChats(options: { unread: boolean }): Answer<StoredChat[]>;
  /** Clears the unread state at the server. Oldest first. `older`: before this time. Section 5. */
  readChat(options: { sip: string; older?: Instant; count: number }): Answer<StoredMessage[]>;
  /** ReadChat with `noind`: clears, reads nothing. */
  markRead(sip: string): Answer<null>;
  /** Update: the new text of an own message, plain HTML as of section 7. */
  updateMessage(id: ServerId, html: string): Answer<null>;
  deleteMessage(id: ServerId): Answer<null>;
  readGroups(): Answer<StoredGroup[]>;
  /** Section 5, WriteGroup and WriteMember. The creator is the first member, and its admin. */
  createGroup(name: string): Answer<StoredGroup>;
  renameGroup(group: ServerId, name: string): Answer<null>;
  deleteGroup(group: ServerId): Answer<null>;
  /** ReadMembers (C). Null: this server does not list members. */
  readMembers(group: ServerId): Answer<StoredMember[] | null>;
  /** Adds a member, or makes and unmakes an admin. The value is the member's id where it is known. */
  writeMember(
    group: ServerId,
    member: { id: ServerId | null; sip: string; admin: boolean },
  ): Answer<ServerId | null>;
  /** WriteMember with an id and without a member (C). */
  removeMember(group: ServerId, member: ServerId): Answer<null>;

  /** Section 6. Puts a file where it can be sent from, by the URL that comes back. `progress`: bytes so far. */
  uploadFile(
    file: FileContent,
    progress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Result<{ url: string }, FileReason>>;
  /** Section 6. `url` is untrusted: only hosts that the PBX is or named are asked. `range`: a Range header. */
  openFile(url: string, signal: AbortSignal, range?: string): Promise<Result<RemoteFile, FileReason>>;

  /** The set of people whose presence is wanted, replacing the one before. */
  watchPresence(sips: string[]): void;
  /** Null: the PBX knows nobody by this address. Section 8. */
  findPerson(address: Address): Answer<Person | null>;
  setOwnPresence(activity: '' | 'away' | 'busy' | 'dnd', note: string): void;
}

export { checkConnection, type CheckStep } from './connection-check.ts';
export { redactText } from './redact.ts';
export { defaultSettings, wireSettings } from './settings.ts';
export { createPbx } from './pbx.ts';
export { isSameServer, parseServer } from './server-address.ts';
