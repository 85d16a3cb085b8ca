import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Random } from '../clock.ts';
import { asId, asText, asTexts, isObject, type JsonObject } from '../json.ts';
import type { Switches } from '../switches.ts';
import type { World } from '../world.ts';
import type { Delivery, Message } from './chats.ts';
import { Files } from './files.ts';
import { GroupCalls } from './group-calls.ts';
import type { Group } from './groups.ts';
import { PbxLink } from './pbx-link.ts';
import { Requests, type Session } from './requests.ts';
import { Store } from './store.ts';

export interface MessagesServiceOptions {
  /** ws:// or wss:// URL of the PBX's APPS connection. */
  pbxUrl: () => string;
  /** The certificate of the PBX, to be trusted. */
  certificate: string | undefined;
  /** The app object to log in as, and its password. */
  app: string;
  password: string;
  world: World;
  directory: string | undefined;
  switches: Switches;
  clock: Clock;
  random: Random;
}

/**
 * The Messages App Service (protocol, section 5): a service of its own that stores chats. It logs in to the PBX with
 * the password of its app object, answers the requests that the PBX forwards, takes the calls to groups, and serves
 * files over HTTP on loopback, which the PBX passes on under its own address.
 */
export class MessagesService {
  readonly options: MessagesServiceOptions;
  readonly store: Store;
  readonly #link: PbxLink;
  readonly #requests: Requests;
  readonly #calls: GroupCalls;
  readonly #sessions = new Map<bigint, Session>();
  readonly #names = new Map<string, string>();
  readonly #online = new Map<string, boolean>();
  readonly #http: Server;

  constructor(options: MessagesServiceOptions) {
    this.options = options;
    for (const user of options.world.users) this.#names.set(user.sip, user.dn);
    const { directory, clock, random, switches } = options;
    const isOnline = (sip: string): boolean => this.#online.get(sip) === true;
    const ownOrigin = (): string => `http://127.0.0.1:${this.httpPort}`;
    this.store = new Store(
      directory,
      clock,
      (changed) => new Files({ directory, random, switches, isOnline, ownOrigin, changed }),
    );
    this.#requests = new Requests(this);
    this.#calls = new GroupCalls(this);
    this.#link = new PbxLink(options, {
      ready: () => this.#ready(),
      frame: (frame) => this.#receive(frame),
      lost: () => this.#lost(),
    });
    this.#http = createServer((request, response) => {
      this.store.files.handle(request, response).catch(() => response.destroy());
    });
  }

  /** Opens the store and the HTTP server, and logs in to the PBX; done when that has succeeded once. */
  async start(): Promise<void> {
    this.store.open(this.options.world, this.options.clock.now(), this.options.random);
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    await this.#link.start();
  }

  get httpPort(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#link.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    this.store.close();
  }

  send(frame: JsonObject): void {
    this.#link.send(frame);
  }

  /** Leaves the PBX and stays away until `resume`: the service is down. */
  suspend(): void {
    this.#link.close();
  }

  async resume(): Promise<void> {
    await this.#link.start();
  }

  id(id: bigint): bigint | string {
    return this.options.switches.ids === 'strings' ? String(id) : id;
  }

  /** Milliseconds as the switches write them. */
  time(milliseconds: number): number | string {
    const { timestamps, ids } = this.options.switches;
    const time = timestamps === 's' ? Math.floor(milliseconds / 1000) : milliseconds;
    return ids === 'strings' ? String(time) : time;
  }

  bare(address: string): string {
    const plain = address.replace(/^sips?:/i, '').toLowerCase();
    const suffix = `@${this.options.world.domain.toLowerCase()}`;
    return plain.endsWith(suffix) ? plain.slice(0, -suffix.length) : plain;
  }

  written(sip: string): string {
    const full = this.options.switches.sipForm === 'full' && !sip.includes('@');
    return full ? `${sip}@${this.options.world.domain}` : sip;
  }

  nameOf(sip: string): string {
    return this.#names.get(sip) ?? sip;
  }

  /** Stores a message for its author and for those it notifies. */
  post(frame: JsonObject): Message {
    const author = this.bare(String(frame.author));
    const dn = asText(frame.dn) ?? this.nameOf(author);
    this.#names.set(author, dn);
    const notify = asTexts(frame.notify).map((sip) => this.bare(sip));
    const peer = notify[0];
    const peerDn = asText(frame.peerDn);
    if (peer !== undefined && peerDn !== undefined) this.#names.set(peer, peerDn);
    const isChat = frame.type === 1 && peer !== undefined;
    const deliveries: Delivery[] = isChat
      ? [
          { owner: author, chat: peer, dn: this.nameOf(peer), grp: false, unread: false },
          ...(peer === author ? [] : [{ owner: peer, chat: author, dn, grp: false, unread: true }]),
        ]
      : [];
    return this.#add(frame, author, dn, notify, deliveries);
  }

  postToGroup(group: Group, author: string, text: string, attach: string | undefined): void {
    const deliveries = group.members.map(({ sip }): Delivery => ({
      owner: sip,
      chat: group.sip,
      dn: group.dn,
      grp: true,
      unread: sip !== author,
    }));
    const frame: JsonObject = { type: 1, topic: author, text, ...(attach === undefined ? {} : { attach }) };
    this.#add(frame, author, this.nameOf(author), [group.sip], deliveries);
  }

  unreadChanged(user: string): void {
    this.store.changed();
    this.#calls.notifyBadge(user);
  }

  announce(message: Message): void {
    for (const session of this.#sessions.values()) {
      this.#requests.announce(message, session, (src, frame) => this.send({ ...frame, src }));
    }
  }

  /** Tells the sessions of some users something that they have not asked for. */
  indicate(users: string[], frame: JsonObject): void {
    if (this.options.switches.amendIndications === 'absent') return;
    for (const { id, user } of this.#sessions.values()) {
      if (users.includes(user)) this.send({ ...frame, src: `${id}:null` });
    }
  }

  #add(frame: JsonObject, author: string, dn: string, notify: string[], deliveries: Delivery[]): Message {
    const id = this.store.newId();
    const repliesTo = asId(frame.repliesTo);
    const attach = asText(frame.attach);
    const receivers = deliveries.filter((delivery) => delivery.unread).map((delivery) => delivery.owner);
    for (const sip of receivers) this.#watch(sip);
    const message: Message = {
      id,
      author,
      dn,
      text: asText(frame.text) ?? '',
      timestamp: this.store.timestamp(
        typeof frame.timestamp === 'number' ? frame.timestamp : this.options.clock.now(),
      ),
      type: typeof frame.type === 'number' ? frame.type : 0,
      topic: this.bare(String(frame.topic)),
      tags: asTexts(frame.tags),
      notify,
      repliesTo,
      addsTo: (repliesTo === undefined ? undefined : this.store.chats.get(repliesTo)?.addsTo) ?? id,
      files: attach === undefined ? [] : this.store.files.attach(attach, receivers),
    };
    this.store.chats.add(message, deliveries);
    this.store.changed();
    for (const sip of receivers) this.#calls.notifyBadge(sip);
    this.announce(message);
    return message;
  }

  #ready(): void {
    this.send({ api: 'PbxSignal', mt: 'Register', flags: 'NO_MEDIA_CALL' });
    for (const sip of this.#online.keys()) this.#subscribe(sip);
  }

  #lost(): void {
    this.#calls.reset();
    this.#sessions.clear();
  }

  /** Temporary URLs live while the receiver is online. */
  #watch(sip: string): void {
    if (this.#online.has(sip)) return;
    this.#online.set(sip, false);
    this.#subscribe(sip);
  }

  #subscribe(sip: string): void {
    this.send({ api: 'PbxApi', mt: 'SubscribePresence', src: `presence ${sip}`, sip });
  }

  #receive(frame: JsonObject): void {
    if (frame.api === 'PbxSignal') {
      if (frame.mt === 'Signaling' && isObject(frame.sig)) this.#calls.receive(Number(frame.call), frame.sig);
      return;
    }
    if (frame.api === 'PbxApi') return this.#presence(frame);
    const id = asId(frame.session);
    const user = asText(frame.user);
    if (frame.mt === 'Post' && user === undefined) {
      this.post(frame);
      return;
    }
    if (id === undefined) return;
    if (frame.mt === 'SessionEnd') {
      this.#sessions.delete(id);
      return;
    }
    const answer = (reply: JsonObject): void =>
      this.send({ ...reply, ...(frame.src === undefined ? {} : { src: frame.src }) });
    if (frame.mt === 'Session' && user !== undefined) {
      const dn = asText(frame.dn) ?? user;
      this.#sessions.set(id, { id, user, dn, base: asText(frame.base) ?? '', filters: new Map() });
      return answer({ mt: 'SessionResult', session: id });
    }
    const session = this.#sessions.get(id);
    if (session === undefined || session.user !== user) return answer({ mt: 'Error' });
    this.#requests.handle(frame, session, answer);
  }

  #presence(frame: JsonObject): void {
    const sip = /^presence (.+)$/.exec(asText(frame.src) ?? '')?.[1];
    if (sip === undefined || frame.mt !== 'PresenceUpdate' || !Array.isArray(frame.presence)) return;
    const im = frame.presence.filter(isObject).find((item) => item.contact === 'im:');
    this.#online.set(sip, im?.status === 'open');
  }
}
