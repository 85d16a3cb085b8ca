import type { Clock, Random } from '../clock.ts';
import { JsonFile } from '../disk.ts';
import { asId, isObject, type Json, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { Chats, type Delivery, type Message } from './chats.ts';
import type { Files } from './files.ts';
import { type FileReference, type StoredFile } from './files.ts';
import { Groups, type Group } from './groups.ts';

/** Beyond 2^53: whoever keeps an id as a double loses it. */
const firstId = 9_007_199_254_740_993n;

/** Everything the Messages service keeps, in one file that is replaced as a whole. */
export class Store {
  readonly chats = new Chats();
  readonly groups = new Groups();
  readonly files: Files;
  readonly #file: JsonFile;
  #nextId = firstId;
  #lastTimestamp = 0;

  constructor(directory: string | undefined, clock: Clock, makeFiles: (changed: () => void) => Files) {
    this.#file = new JsonFile(directory, 'messages.json', clock);
    this.files = makeFiles(() => this.changed());
  }

  /** Reads what was kept, or when there is nothing yet, the world's story so far. */
  open(world: World, now: number, _random: Random): void {
    const kept = this.#file.read();
    if (isObject(kept)) this.#restore(kept);
    else this.#seed(world, now);
  }

  newId(): bigint {
    return this.#nextId++;
  }

  /** Milliseconds, later than every timestamp so far. */
  timestamp(now: number): number {
    this.#lastTimestamp = Math.max(now, this.#lastTimestamp + 1);
    return this.#lastTimestamp;
  }

  /** Something is to be written. */
  changed(): void {
    this.#file.write(() => this.#content());
  }

  close(): void {
    this.#file.flush();
    this.files.close();
  }

  #seed(world: World, now: number): void {
    const names = new Map(world.users.map((user) => [user.sip, user.dn]));
    const nameOf = (sip: string): string => names.get(sip) ?? sip;
    const groups = new Map<string, Group>();
    for (const { sip, dn, members, admins } of world.groups) {
      const group = this.groups.create(this.newId(), dn, sip);
      group.members = members.map((member) => ({
        id: this.newId(),
        sip: member,
        admin: admins.includes(member),
      }));
      groups.set(sip, group);
    }
    const history = world.history(now).sort((a, b) => a.at - b.at);
    for (const { from, to, at, text, files = [], unreadBy = [] } of history) {
      const group = groups.get(to);
      const owners = group === undefined ? [from, to] : group.members.map((member) => member.sip);
      const deliveries = [...new Set(owners)].map((owner): Delivery => {
        const chat = group?.sip ?? (owner === from ? to : from);
        const dn = group?.dn ?? nameOf(chat);
        return {
          owner,
          chat,
          dn,
          grp: group !== undefined,
          unread: owner !== from && unreadBy.includes(owner),
        };
      });
      const references = files.map((name): FileReference => {
        const file = world.files?.[name];
        if (file === undefined) throw new Error(`world ${world.name}: there is no file ${name}`);
        return { name, id: this.files.seed(this.newId(), name, from, file.type, file.content).id };
      });
      const id = this.newId();
      const timestamp = this.timestamp(at);
      const message = { id, author: from, dn: nameOf(from), text, timestamp, type: 1, topic: from };
      const rest = { tags: [], notify: [to], repliesTo: undefined, addsTo: id, files: references };
      this.chats.add({ ...message, ...rest }, deliveries);
    }
    this.changed();
  }

  #content(): Json {
    return {
      nextId: this.#nextId,
      lastTimestamp: this.#lastTimestamp,
      messages: this.chats.allMessages() as unknown as Json,
      mailboxes: this.chats.allMailboxes() as unknown as Json,
      groups: this.groups.all() as unknown as Json,
      files: this.files.all() as unknown as Json,
    };
  }

  #restore(kept: JsonObject): void {
    this.#nextId = asId(kept.nextId) ?? firstId;
    this.#lastTimestamp = Number(kept.lastTimestamp);
    for (const file of kept.files as unknown as StoredFile[]) this.files.restore(file);
    for (const group of kept.groups as unknown as Group[]) {
      const restored = this.groups.create(group.id, group.dn, group.sip);
      restored.members = group.members;
    }
    const messages = new Map((kept.messages as unknown as Message[]).map((message) => [message.id, message]));
    const deliveries = new Map<bigint, Delivery[]>();
    for (const mailbox of kept.mailboxes as unknown as ReturnType<Chats['allMailboxes']>) {
      const unread = new Set(mailbox.unread);
      for (const id of mailbox.messages) {
        const list = deliveries.get(id) ?? [];
        deliveries.set(id, list);
        const { owner, chat, dn, grp } = mailbox;
        list.push({ owner, chat, dn, grp, unread: unread.has(id) });
      }
    }
    for (const message of [...messages.values()].sort((a, b) => a.timestamp - b.timestamp)) {
      this.chats.add({ ...message, repliesTo: message.repliesTo }, deliveries.get(message.id) ?? []);
    }
  }
}
