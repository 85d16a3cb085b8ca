import { checkPlainHtml } from '../html.ts';
import { asCount, asId, asText, asTexts, type Json, type JsonObject } from '../json.ts';
import type { Message } from './chats.ts';
import { matches, parseFilter, type Filter } from './filter.ts';
import { isAdmin, memberOf, type Group } from './groups.ts';
import type { MessagesService } from './service.ts';

/** Who asks: added to every request by the PBX, from a session that it has opened. */
export interface Session {
  readonly id: bigint;
  readonly user: string;
  readonly dn: string;
  /** Scheme, host, port and path prefix of the PBX as this client sees it. */
  readonly base: string;
  readonly filters: Map<string, Filter>;
}

type Answer = (frame: JsonObject) => void;
type Handler = (frame: JsonObject, session: Session, answer: Answer) => void;

const defaultCount = 50;

/** The requests of PbxMessages (protocol, section 5), one handler each. Unknown ones get no answer. */
export class Requests {
  readonly #service: MessagesService;
  readonly #handlers: Record<string, Handler>;

  constructor(service: MessagesService) {
    this.#service = service;
    this.#handlers = {
      ReadChats: (frame, session, answer) => this.#readChats(frame, session, answer),
      ReadChat: (frame, session, answer) => this.#readChat(frame, session, answer),
      CreateFileBuffer: (frame, session, answer) => this.#createFileBuffer(frame, session, answer),
      WriteGroup: (frame, session, answer) => this.#writeGroup(frame, session, answer),
      ReadGroups: (_frame, session, answer) => this.#readGroups(session, answer),
      WriteMember: (frame, session, answer) => this.#writeMember(frame, session, answer),
      ReadMembers: (frame, session, answer) => this.#readMembers(frame, session, answer),
      Post: (frame, session, answer) => this.#post(frame, session, answer),
      Update: (frame, session, answer) => this.#update(frame, session, answer),
      Delete: (frame, session, answer) => this.#delete(frame, session, answer),
      SetFilter: (frame, session, answer) => this.#setFilter(frame, session, answer),
      GetMore: (frame, session, answer) => this.#getMore(frame, session, answer),
      Discussion: (frame, session, answer) => this.#discussion(frame, session, answer),
      SetRead: (frame, session, answer) => this.#setRead(frame, session, answer),
      Attachments: (frame, session, answer) => this.#attachments(frame, session, answer),
    };
  }

  /** A request that the PBX forwards; every answer carries its `src`. */
  handle(frame: JsonObject, session: Session, answer: Answer): void {
    const mt = String(frame.mt);
    const handler = Object.hasOwn(this.#handlers, mt) ? this.#handlers[mt] : undefined;
    handler?.(frame, session, answer);
  }

  /** A message is new or has changed: whoever has a filter that fits it hears of it. */
  announce(message: Message, session: Session, answer: (src: string, frame: JsonObject) => void): void {
    const { chats } = this.#service.store;
    for (const [src, filter] of session.filters) {
      if (matches(filter, message) && chats.isVisible(session.user, message))
        answer(src, this.#add(message, session));
    }
  }

  #readChats(frame: JsonObject, session: Session, answer: Answer): void {
    const { chats } = this.#service.store;
    const own = this.#isOwn(frame.topic, session);
    for (const chat of own ? chats.of(session.user) : []) {
      if (frame.unread === true && chat.unread === 0) continue;
      answer({
        mt: 'ReadChatsInd',
        sip: this.#service.written(chat.sip),
        dn: chat.dn,
        grp: chat.grp,
        timestamp: this.#service.time(chat.timestamp),
        ...(frame.unread === true ? { unread: chat.unread } : {}),
      });
    }
    answer({ mt: 'ReadChatsResult' });
  }

  #readChat(frame: JsonObject, session: Session, answer: Answer): void {
    const { chats } = this.#service.store;
    const sip = asText(frame.sip);
    if (sip === undefined || !this.#isOwn(frame.topic, session)) return answer({ mt: 'ReadChatResult' });
    const chat = this.#service.bare(sip);
    if (frame.noind !== true) {
      const page = this.#page(chats.messages(session.user, chat), frame);
      for (const message of page) answer({ mt: 'ReadChatInd', msg: this.#message(message, session) });
    }
    const changed = chats.markRead(session.user, chat);
    answer({ mt: 'ReadChatResult' });
    if (changed) this.#service.unreadChanged(session.user);
  }

  /** The newest `count` messages before `older`, in the order of the switch. */
  #page(messages: Message[], frame: JsonObject): Message[] {
    const { switches } = this.#service.options;
    const unit = switches.timestamps === 's' ? 1000 : 1;
    const inUnit = (message: Message): number => Math.floor(message.timestamp / unit);
    const older = asId(frame.older) ?? asCount(frame.older);
    const before =
      older === undefined ? messages : messages.filter((message) => BigInt(inUnit(message)) < BigInt(older));
    let start = Math.max(0, before.length - (asCount(frame.count) ?? defaultCount));
    // The next page begins before a timestamp: messages that share one must not be torn apart.
    for (let at = before[start]; start > 0 && at !== undefined; at = before[start]) {
      const previous = before[start - 1];
      if (previous === undefined || inUnit(previous) !== inUnit(at)) break;
      start -= 1;
    }
    const page = before.slice(start);
    return switches.chatOrder === 'newest-first' ? page.reverse() : page;
  }

  #createFileBuffer(frame: JsonObject, session: Session, answer: Answer): void {
    const { store } = this.#service;
    const name = asText(frame.name);
    if (name === undefined || name === '') return answer({ mt: 'CreateFileBufferResult', error: true });
    const file = store.files.create(store.newId(), name, session.user);
    store.changed();
    const url = store.files.temporaryUrl(file, session.base);
    answer({ mt: 'CreateFileBufferResult', id: this.#service.id(file.id), url });
  }

  #writeGroup(frame: JsonObject, session: Session, answer: Answer): void {
    const { store } = this.#service;
    const dn = asText(frame.dn);
    const refused = { mt: 'WriteGroupResult', error: true };
    if (frame.id === undefined) {
      if (dn === undefined || dn === '') return answer(refused);
      const group = store.groups.create(store.newId(), dn);
      group.members.push({ id: store.newId(), sip: session.user, admin: true });
      store.changed();
      return answer(this.#groupResult(group));
    }
    const group = this.#administered(frame.id, session);
    if (group === undefined) return answer(refused);
    if (dn === undefined) store.groups.remove(group);
    else group.dn = dn;
    if (dn !== undefined) store.chats.rename(group.sip, dn);
    store.changed();
    answer(this.#groupResult(group));
  }

  #groupResult(group: Group): JsonObject {
    return { mt: 'WriteGroupResult', id: this.#service.id(group.id), sip: this.#service.written(group.sip) };
  }

  #readGroups(session: Session, answer: Answer): void {
    for (const group of this.#service.store.groups.of(session.user)) {
      const sip = this.#service.written(group.sip);
      answer({ mt: 'ReadGroupsInd', id: this.#service.id(group.id), sip, dn: group.dn });
    }
    answer({ mt: 'ReadGroupsResult' });
  }

  #writeMember(frame: JsonObject, session: Session, answer: Answer): void {
    const { store, options } = this.#service;
    const refused = { mt: 'WriteMemberResult', error: true };
    const id = asId(frame.id);
    const sip = asText(frame.member);
    const admin = frame.admin === true;
    const group = this.#administered(frame.grp, session) ?? this.#groupOfMember(id, session);
    if (group === undefined || (frame.id !== undefined && id === undefined)) return answer(refused);
    const known = group.members.find((member) => member.id === id);
    if (id !== undefined && known === undefined) return answer(refused);
    if (known !== undefined && sip === undefined) {
      if (options.switches.memberRemoval === 'refused') return answer(refused);
      group.members = group.members.filter((member) => member !== known);
    } else if (known !== undefined) {
      known.admin = admin;
    } else {
      if (sip === undefined) return answer(refused);
      const member = memberOf(group, this.#service.bare(sip));
      if (member === undefined)
        group.members.push({ id: store.newId(), sip: this.#service.bare(sip), admin });
      else member.admin = admin;
    }
    store.changed();
    answer({ mt: 'WriteMemberResult' });
  }

  #readMembers(frame: JsonObject, session: Session, answer: Answer): void {
    const { store, options } = this.#service;
    if (options.switches.readMembers === 'unknown') return;
    if (options.switches.readMembers === 'error') return answer({ mt: 'Error' });
    const id = asId(frame.grp);
    const group = id === undefined ? undefined : store.groups.get(id);
    const members = group !== undefined && memberOf(group, session.user) !== undefined ? group.members : [];
    for (const member of members) {
      answer({
        mt: 'ReadMembersInd',
        id: this.#service.id(member.id),
        member: this.#service.written(member.sip),
        dn: this.#service.nameOf(member.sip),
        admin: member.admin,
      });
    }
    answer({ mt: 'ReadMembersResult' });
  }

  #post(frame: JsonObject, session: Session, answer: Answer): void {
    const text = asText(frame.text) ?? '';
    const author = asText(frame.author);
    const isOwnAuthor = author === undefined || this.#service.bare(author) === session.user;
    if (!isOwnAuthor || !this.#isOwn(frame.topic, session) || !checkPlainHtml(text).ok) {
      return answer({ mt: 'PostResult', error: true });
    }
    const message = this.#service.post({
      ...frame,
      author: session.user,
      dn: session.dn,
      topic: session.user,
    });
    const ids = { session: this.#service.id(session.id), key: this.#service.id(message.id) };
    const result = { id: this.#service.id(message.id), addsTo: this.#service.id(message.addsTo) };
    answer({ mt: 'PostResult', error: false, ...ids, ...result });
  }

  #update(frame: JsonObject, session: Session, answer: Answer): void {
    const message = this.#authored(frame.id, session);
    const text = asText(frame.text);
    const { amending } = this.#service.options.switches;
    if (amending === 'unknown') return;
    if (amending === 'error') return answer({ mt: 'Error' });
    if (amending === 'refused' || message === undefined || text === undefined || !checkPlainHtml(text).ok) {
      return answer({ mt: 'UpdateResult', error: true });
    }
    message.text = text;
    if (frame.tags !== undefined) message.tags = asTexts(frame.tags);
    if (frame.notify !== undefined)
      message.notify = asTexts(frame.notify).map((sip) => this.#service.bare(sip));
    this.#service.store.changed();
    answer({ mt: 'UpdateResult', error: false });
    this.#service.announce(message);
    const owners = this.#service.store.chats.ownersOf(message);
    this.#service.indicate(owners, { mt: 'Update', id: this.#service.id(message.id), text });
  }

  #delete(frame: JsonObject, session: Session, answer: Answer): void {
    const message = this.#authored(frame.id, session);
    const { amending } = this.#service.options.switches;
    if (amending === 'unknown') return;
    if (amending === 'error') return answer({ mt: 'Error' });
    if (amending === 'refused' || message === undefined) return answer({ mt: 'DeleteResult', error: true });
    const owners = this.#service.store.chats.ownersOf(message);
    const changed = this.#service.store.chats.remove(message);
    this.#service.store.changed();
    answer({ mt: 'DeleteResult', error: false });
    this.#service.indicate(owners, { mt: 'Delete', id: this.#service.id(message.id) });
    for (const user of changed) this.#service.unreadChanged(user);
  }

  #setFilter(frame: JsonObject, session: Session, answer: Answer): void {
    const filter = parseFilter(frame.filter);
    session.filters.set(String(frame.src), filter);
    this.#addNewest(filter, session, answer, asCount(frame.count) ?? defaultCount);
    answer({ mt: 'SetFilterResult' });
  }

  #getMore(frame: JsonObject, session: Session, answer: Answer): void {
    const filter = session.filters.get(String(frame.src));
    const before = asId(frame.timestamp);
    const limit = before === undefined ? undefined : Number(before) * (Number(before) < 1e11 ? 1000 : 1);
    if (filter !== undefined)
      this.#addNewest(filter, session, answer, asCount(frame.count) ?? defaultCount, limit);
    answer({ mt: 'GetMoreResult' });
  }

  #discussion(frame: JsonObject, session: Session, answer: Answer): void {
    const discussion = asId(frame.discussion ?? frame.id);
    const found = this.#service.store.chats
      .visibleTo(session.user)
      .filter((message) => message.addsTo === discussion)
      .slice(-(asCount(frame.count) ?? defaultCount));
    for (const message of found) answer(this.#add(message, session));
    answer({ mt: 'DiscussionResult' });
  }

  #setRead(frame: JsonObject, session: Session, answer: Answer): void {
    const id = asId(frame.id);
    const changed = id !== undefined && this.#service.store.chats.markMessageRead(session.user, id);
    answer({ mt: 'SetReadResult', ...(id === undefined ? {} : { id: this.#service.id(id) }) });
    if (changed) this.#service.unreadChanged(session.user);
  }

  #attachments(frame: JsonObject, session: Session, answer: Answer): void {
    const { chats } = this.#service.store;
    const message = chats.get(asId(frame.id) ?? -1n);
    const visible = message !== undefined && chats.isVisible(session.user, message);
    const files = visible ? this.#attached(message, session) : [];
    answer({ mt: 'AttachmentsResult', files });
  }

  #addNewest(filter: Filter, session: Session, answer: Answer, count: number, before?: number): void {
    const found = this.#service.store.chats
      .visibleTo(session.user)
      .filter((message) => matches(filter, message) && (before === undefined || message.timestamp < before))
      .slice(-count);
    for (const message of found) answer(this.#add(message, session));
  }

  #add(message: Message, session: Session): JsonObject {
    const { id, text, timestamp, dn, ...rest } = this.#message(message, session);
    const repliesTo =
      message.repliesTo === undefined ? {} : { repliesTo: this.#service.id(message.repliesTo) };
    const topic = this.#service.written(message.topic);
    return {
      mt: 'Add',
      id,
      addsTo: this.#service.id(message.addsTo),
      ...repliesTo,
      dn,
      topic,
      text,
      timestamp,
      ...rest,
    };
  }

  #message(message: Message, session: Session): JsonObject {
    const attached = this.#attached(message, session).map(({ name, url }) => ({ name, url }));
    return {
      id: this.#service.id(message.id),
      author: this.#service.written(message.author),
      dn: message.dn,
      text: message.text,
      timestamp: this.#service.time(message.timestamp),
      ...(attached.length > 0 ? { attached } : this.#noAttachments),
    };
  }

  get #noAttachments(): JsonObject {
    switch (this.#service.options.switches.noAttachments) {
      case 'absent':
        return {};
      case 'null':
        return { attached: null };
      case 'empty':
        return { attached: [] };
    }
  }

  #attached(message: Message, session: Session): { id?: Json; name: string; url: string }[] {
    const { store, options } = this.#service;
    if (options.switches.permanentFiles === 'absent') return [];
    return message.files.map((reference) => {
      const file = reference.id === undefined ? undefined : store.files.get(reference.id);
      if (file === undefined) return { name: reference.name, url: reference.url ?? '' };
      const url = store.files.permanentUrl(file, session.base);
      return { id: this.#service.id(file.id), name: file.name, url };
    });
  }

  #isOwn(topic: Json | undefined, session: Session): boolean {
    const sip = asText(topic);
    return sip !== undefined && this.#service.bare(sip) === session.user;
  }

  #authored(given: Json | undefined, session: Session): Message | undefined {
    const id = asId(given);
    const message = id === undefined ? undefined : this.#service.store.chats.get(id);
    return message?.author === session.user ? message : undefined;
  }

  #administered(given: Json | undefined, session: Session): Group | undefined {
    const id = asId(given);
    const group = id === undefined ? undefined : this.#service.store.groups.get(id);
    return group !== undefined && isAdmin(group, session.user) ? group : undefined;
  }

  /** A member id is enough to name its group. */
  #groupOfMember(id: bigint | undefined, session: Session): Group | undefined {
    return this.#service.store.groups
      .of(session.user)
      .find((group) => isAdmin(group, session.user) && group.members.some((member) => member.id === id));
  }
}
