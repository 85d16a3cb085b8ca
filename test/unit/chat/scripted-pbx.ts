// The other side of the door of the wire, played by a test: a PBX with a Messages service whose every answer and
// event comes when the test lets it come. It knows the protocol reference and nothing of src-main/chat.
import { Readable } from 'node:stream';
import type { FileReason, Result } from '../../../src-main/ipc/contract.ts';
import type {
  Address,
  Answer,
  FileContent,
  OutgoingIm,
  Pbx,
  PbxEvent,
  PbxOptions,
  Person,
  ReceivedIm,
  RemoteFile,
  StoredChat,
  StoredGroup,
  StoredMember,
  StoredMessage,
} from '../../../src-main/pbx/index.ts';

export interface ServerMessage extends StoredMessage {
  /** The other side of the chat. */
  chat: string;
}

export interface ScriptedUpload {
  file: FileContent;
  progress: (bytes: number) => void;
  signal: AbortSignal;
  settle: (outcome: Result<{ url: string }, FileReason>) => void;
}

interface Request {
  kind: string;
  /** Takes effect at the server and makes the answer. */
  process(): void;
  processed: boolean;
  answer(): void;
  fail(code: 'offline' | 'volatile' | 'no-answer'): void;
}

/** What the Messages service keeps for alice. */
export class ScriptedServer {
  readonly messages: ServerMessage[] = [];
  readonly unread = new Map<string, Set<string>>();
  groups: StoredGroup[] = [];
  /** What is at an address. */
  readonly files = new Map<string, string>();
  people = new Map<string, Person>();
  /** Every device that is or was connected. */
  readonly devices: ScriptedPbx[] = [];
  /** Tells all devices what was changed or deleted. */
  indicates = false;
  /** By the id of the group. */
  readonly members = new Map<string, StoredMember[]>();
  /** ReadMembers is answered. */
  listsMembers = true;
  /** Changes of groups that are refused: `rename`, `delete`, or the sip of a member. */
  readonly refuses = new Set<string>();
  readonly now: () => number;
  /** Longest page that it gives, whatever it is asked for. */
  pageLimit = Infinity;
  #nextId = 9_007_199_254_741_000n;

  constructor(now: () => number) {
    this.now = now;
  }

  store(chat: string, author: string, text: string): ServerMessage {
    const message: ServerMessage = {
      id: String(this.#nextId++),
      chat,
      author: { sip: author, name: '' },
      text,
      at: Math.max(this.now(), (this.messages.at(-1)?.at ?? 0) + 1),
      attachments: [],
    };
    this.messages.push(message);
    if (author !== 'alice') this.unreadOf(chat).add(message.id);
    return message;
  }

  newId(): string {
    return String(this.#nextId++);
  }

  unreadOf(chat: string): Set<string> {
    const known = this.unread.get(chat) ?? new Set();
    this.unread.set(chat, known);
    return known;
  }

  get total(): number {
    return [...this.unread.values()].reduce((sum, chat) => sum + chat.size, 0);
  }

  chats(onlyUnread: boolean): StoredChat[] {
    const result = new Map<string, StoredChat>();
    for (const { chat, at } of this.messages) {
      const unread = this.unreadOf(chat).size;
      if (onlyUnread && unread === 0) continue;
      const group = this.groups.some(({ sip }) => sip === chat);
      result.set(chat, { sip: chat, name: '', group, at, unread: onlyUnread ? unread : null });
    }
    return [...result.values()];
  }

  page(chat: string, older: number | undefined, count: number): StoredMessage[] {
    return this.messages
      .filter((message) => message.chat === chat && (older === undefined || message.at < older))
      .slice(-Math.min(count, this.pageLimit))
      .map(({ chat: _chat, ...message }) => message);
  }
}

export class ScriptedPbx implements Pbx {
  readonly server: ScriptedServer;
  readonly options: PbxOptions;
  readonly #listener: (event: PbxEvent) => void;
  requests: Request[] = [];
  /** On their way to the client, in order. */
  events: PbxEvent[] = [];
  readonly calls: string[] = [];
  readonly sent: OutgoingIm[] = [];
  readonly uploads: ScriptedUpload[] = [];
  readonly typing: { to: string; typing: boolean }[] = [];
  watched: string[] = [];
  opened = false;
  closed = false;
  inUse: boolean | null = null;
  active: boolean | null = null;
  /** Answers come at once. */
  prompt = true;
  online = false;
  stored = false;
  /** The service has lost this session and goes on: what comes is stored and counted. */
  keeps = false;

  constructor(server: ScriptedServer, options: PbxOptions, listener: (event: PbxEvent) => void) {
    this.server = server;
    this.options = options;
    this.#listener = listener;
    server.devices.push(this);
  }

  emit(event: PbxEvent): void {
    if (!this.closed) this.#listener(event);
  }

  logIn(name = 'Alice'): void {
    const user = { sip: 'alice', name, domain: 'example.com', guid: '1', num: '20' };
    this.emit({ type: 'link', state: 'logging-in' });
    this.emit({ type: 'logged-in', user, session: { usr: 'u', pwd: 'p' } });
    this.emit({ type: 'link', state: 'preparing' });
  }

  /** The link is up; `stored`: with the Messages service. */
  up(stored: boolean): void {
    this.online = true;
    this.mode(stored);
    this.emit({ type: 'link', state: 'online' });
  }

  mode(stored: boolean): void {
    // All of it comes over one connection: what was sent before the service came or went arrives before.
    while (this.events.length > 0) this.deliver();
    this.stored = stored;
    this.keeps = false;
    if (!stored) this.#failAll('volatile');
    this.emit(
      stored
        ? { type: 'mode', mode: 'stored' }
        : { type: 'mode', mode: 'volatile', reason: { code: 'service-unavailable' } },
    );
  }

  /** The session is lost, and the service goes on. */
  loseSession(): void {
    this.mode(false);
    this.keeps = true;
  }

  /** The link breaks: whatever was on its way in either direction is lost. */
  down(): void {
    this.online = false;
    this.stored = false;
    this.keeps = false;
    this.events = [];
    this.#failAll('offline');
    const reason = { code: 'link-lost' as const };
    this.emit({ type: 'link', state: 'offline', reason, retryAt: null });
  }

  #failAll(code: 'offline' | 'volatile'): void {
    for (const request of this.requests.splice(0)) request.fail(code);
  }

  /** Lets the next event arrive. */
  deliver(): void {
    const event = this.events.shift();
    if (event) this.emit(event);
  }

  im(chat: string, author: string, text: string, more: Partial<ReceivedIm> = {}): PbxEvent {
    return {
      type: 'im',
      im: {
        from: { sip: chat },
        fromName: '',
        group: this.server.groups.some(({ sip }) => sip === chat),
        author: { sip: author, name: '' },
        own: author === 'alice',
        data: text,
        mime: 'text/html',
        attachments: [],
        at: Math.floor(this.server.now() / 1000) * 1000,
        incomplete: false,
        ...more,
      },
    };
  }

  #request<T>(kind: string, take: () => T): Answer<T> {
    this.calls.push(kind);
    if (!this.online) return Promise.resolve({ ok: false, reason: { code: 'offline' } });
    if (!this.stored && !kind.startsWith('findPerson')) {
      return Promise.resolve({ ok: false, reason: { code: 'volatile' } });
    }
    return new Promise((resolve) => {
      let value: T;
      const request: Request = {
        kind,
        processed: false,
        process() {
          value = take();
          request.processed = true;
        },
        answer: () => {
          if (!request.processed) request.process();
          this.requests = this.requests.filter((other) => other !== request);
          resolve({ ok: true, value });
        },
        fail: (code) => {
          this.requests = this.requests.filter((other) => other !== request);
          resolve({ ok: false, reason: { code } });
        },
      };
      if (this.prompt) {
        request.process();
        resolve({ ok: true, value: value! });
      } else this.requests.push(request);
    });
  }

  #clear(chat: string): void {
    const had = this.server.unreadOf(chat).size;
    this.server.unreadOf(chat).clear();
    if (had > 0) this.events.push({ type: 'badge', total: this.server.total });
  }

  open(): void {
    this.opened = true;
    this.emit({ type: 'link', state: 'connecting' });
  }
  close(): void {
    this.closed = true;
  }
  logout(): Promise<void> {
    this.calls.push('logout');
    return Promise.resolve();
  }
  retry(): void {
    this.calls.push('retry');
  }
  suspend(): void {
    this.calls.push('suspend');
  }
  setActive(active: boolean): void {
    this.active = active;
  }
  setInUse(inUse: boolean): void {
    this.inUse = inUse;
  }
  send(im: OutgoingIm): void {
    this.sent.push(im);
  }
  sendTyping(to: Address, typing: boolean): void {
    this.typing.push({ to: to.sip ?? to.num, typing });
  }
  readChats({ unread }: { unread: boolean }): Answer<StoredChat[]> {
    return this.#request(unread ? 'readChats unread' : 'readChats', () => this.server.chats(unread));
  }
  readChat({ sip, older, count }: { sip: string; older?: number; count: number }): Answer<StoredMessage[]> {
    return this.#request(`readChat ${sip}`, () => {
      this.#clear(sip);
      return this.server.page(sip, older, count);
    });
  }
  markRead(sip: string): Answer<null> {
    return this.#request(`markRead ${sip}`, () => {
      this.#clear(sip);
      return null;
    });
  }
  /** What the server says to Update and Delete. */
  amends: 'ok' | 'refused' = 'ok';
  updateMessage(id: string, html: string): Answer<null> {
    return this.#amend(id, `update ${html}`, html);
  }
  deleteMessage(id: string): Answer<null> {
    return this.#amend(id, 'delete', null);
  }
  #amend(id: string, kind: string, text: string | null): Answer<null> {
    const { messages, devices, indicates } = this.server;
    const known = messages.some((message) => message.id === id);
    if (this.online && this.stored && (this.amends === 'refused' || !known)) {
      this.calls.push(kind);
      return Promise.resolve({ ok: false, reason: { code: 'refused' } });
    }
    return this.#request(kind, () => {
      const index = messages.findIndex((message) => message.id === id);
      const message = messages[index];
      if (!message) return null;
      if (text === null) messages.splice(index, 1);
      else messages[index] = { ...message, text };
      for (const device of indicates ? devices : [])
        if (device.online) device.events.push({ type: 'stored-changed', id, text });
      return null;
    });
  }
  readGroups(): Answer<StoredGroup[]> {
    return this.#request('readGroups', () => this.server.groups);
  }
  uploadFile(file: FileContent, progress: (bytes: number) => void, signal: AbortSignal) {
    return new Promise<Result<{ url: string }, FileReason>>((resolve) => {
      const upload: ScriptedUpload = { file, progress, signal, settle: resolve };
      this.uploads.push(upload);
      signal.addEventListener('abort', () => resolve({ ok: false, reason: { code: 'cancelled' } }));
    });
  }
  openFile(url: string): Promise<Result<RemoteFile, FileReason>> {
    this.calls.push(`openFile ${url}`);
    const text = this.server.files.get(url);
    if (text === undefined) return Promise.resolve({ ok: false, reason: { code: 'gone' } });
    const body = Readable.from([Buffer.from(text)]);
    const { length } = text;
    return Promise.resolve({
      ok: true,
      value: { status: 200, type: '', name: '', length, size: length, contentRange: null, body },
    });
  }
  createGroup(name: string): Answer<StoredGroup> {
    return this.#request(`createGroup ${name}`, () => {
      const id = this.server.newId();
      const group = { id, sip: `grp-${id}`, name };
      this.server.groups = [...this.server.groups, group];
      this.server.members.set(id, [{ id: this.server.newId(), sip: 'alice', name: 'Alice', admin: true }]);
      return group;
    });
  }
  renameGroup(group: string, name: string): Answer<null> {
    return this.#change('rename', `renameGroup ${name}`, () => {
      this.server.groups = this.server.groups.map((one) => (one.id === group ? { ...one, name } : one));
      return null;
    });
  }
  deleteGroup(group: string): Answer<null> {
    return this.#change('delete', 'deleteGroup', () => {
      this.server.groups = this.server.groups.filter(({ id }) => id !== group);
      return null;
    });
  }
  readMembers(group: string): Answer<StoredMember[] | null> {
    return this.#request('readMembers', () =>
      this.server.listsMembers ? (this.server.members.get(group) ?? null) : null,
    );
  }
  writeMember(
    group: string,
    { sip, admin }: { id: string | null; sip: string; admin: boolean },
  ): Answer<string | null> {
    return this.#change(sip, `writeMember ${sip}${admin ? ' admin' : ''}`, () => {
      const members = this.server.members.get(group) ?? [];
      const id = members.find((one) => one.sip === sip)?.id ?? this.server.newId();
      const others = members.filter((one) => one.sip !== sip);
      this.server.members.set(group, [...others, { id, sip, name: '', admin }]);
      return this.server.listsMembers ? id : null;
    });
  }
  removeMember(group: string, member: string): Answer<null> {
    const members = this.server.members.get(group) ?? [];
    const sip = members.find(({ id }) => id === member)?.sip ?? '';
    return this.#change(sip, `removeMember ${sip}`, () => {
      this.server.members.set(
        group,
        members.filter(({ id }) => id !== member),
      );
      return null;
    });
  }
  #change<T>(refusedAs: string, kind: string, take: () => T): Answer<T> {
    if (!this.server.refuses.has(refusedAs)) return this.#request(kind, take);
    this.calls.push(kind);
    return Promise.resolve({ ok: false, reason: { code: 'refused' } });
  }
  watchPresence(sips: string[]): void {
    this.watched = sips;
  }
  findPerson(address: Address): Answer<Person | null> {
    const key = address.sip ?? address.num;
    return this.#request(`findPerson ${key}`, () => this.server.people.get(key) ?? null);
  }
  setOwnPresence(activity: string, note: string): void {
    this.calls.push(`setOwnPresence ${activity} ${note}`);
  }
}
