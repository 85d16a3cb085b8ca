import type { FileReference } from './files.ts';

export interface Message {
  readonly id: bigint;
  readonly author: string;
  readonly dn: string;
  text: string;
  /** Milliseconds since 1970 UTC; no two messages have the same. */
  readonly timestamp: number;
  readonly type: number;
  readonly topic: string;
  tags: string[];
  notify: string[];
  readonly repliesTo: bigint | undefined;
  /** The first message of its discussion. */
  readonly addsTo: bigint;
  readonly files: FileReference[];
}

/** One side's view of a chat: which messages, and which of them unread. */
interface Mailbox {
  grp: boolean;
  dn: string;
  messages: Message[];
  unread: Set<bigint>;
}

export interface ChatSummary {
  sip: string;
  dn: string;
  grp: boolean;
  timestamp: number;
  unread: number;
}

export interface Delivery {
  owner: string;
  chat: string;
  dn: string;
  grp: boolean;
  unread: boolean;
}

/** The stored chats of everybody: one record per message, one mailbox per side (protocol, section 5). */
export class Chats {
  readonly #messages = new Map<bigint, Message>();
  readonly #mailboxes = new Map<string, Map<string, Mailbox>>();

  /** Adds a message, newest last, and puts it into the mailboxes. */
  add(message: Message, deliveries: Delivery[]): void {
    this.#messages.set(message.id, message);
    for (const { owner, chat, dn, grp, unread } of deliveries) {
      const chats = this.#mailboxes.get(owner) ?? new Map<string, Mailbox>();
      this.#mailboxes.set(owner, chats);
      const mailbox = chats.get(chat) ?? { grp, dn, messages: [], unread: new Set<bigint>() };
      chats.set(chat, mailbox);
      mailbox.dn = dn;
      mailbox.messages.push(message);
      if (unread) mailbox.unread.add(message.id);
    }
  }

  get(id: bigint): Message | undefined {
    return this.#messages.get(id);
  }

  /** Who has a message in a mailbox. */
  ownersOf(message: Message): string[] {
    return [...this.#mailboxes]
      .filter(([, chats]) => [...chats.values()].some(({ messages }) => messages.includes(message)))
      .map(([owner]) => owner);
  }

  /** Removes a message everywhere; the result is whose unread counts changed. */
  remove(message: Message): string[] {
    this.#messages.delete(message.id);
    const changed: string[] = [];
    for (const [owner, chats] of this.#mailboxes) {
      for (const mailbox of chats.values()) {
        const at = mailbox.messages.indexOf(message);
        if (at >= 0) mailbox.messages.splice(at, 1);
        if (mailbox.unread.delete(message.id)) changed.push(owner);
      }
    }
    return changed;
  }

  /** The chats of a person that have messages, the latest first. */
  of(owner: string): ChatSummary[] {
    const chats = [...(this.#mailboxes.get(owner)?.entries() ?? [])];
    return chats
      .filter(([, mailbox]) => mailbox.messages.length > 0)
      .map(([sip, mailbox]) => ({
        sip,
        dn: mailbox.dn,
        grp: mailbox.grp,
        timestamp: mailbox.messages.at(-1)?.timestamp ?? 0,
        unread: mailbox.unread.size,
      }))
      .sort((a, b) => b.timestamp - a.timestamp);
  }

  /** The messages of one chat, oldest first. */
  messages(owner: string, chat: string): Message[] {
    return this.#mailboxes.get(owner)?.get(chat)?.messages ?? [];
  }

  /** Everything that a person may see, oldest first. */
  visibleTo(owner: string): Message[] {
    const seen = new Set<Message>();
    for (const mailbox of this.#mailboxes.get(owner)?.values() ?? []) {
      for (const message of mailbox.messages) seen.add(message);
    }
    for (const message of this.#messages.values()) if (message.topic === owner) seen.add(message);
    return [...seen].sort((a, b) => a.timestamp - b.timestamp);
  }

  isVisible(owner: string, message: Message): boolean {
    if (message.topic === owner) return true;
    return [...(this.#mailboxes.get(owner)?.values() ?? [])].some((mailbox) =>
      mailbox.messages.includes(message),
    );
  }

  /** Clears the unread state of a chat; false when nothing was unread. */
  markRead(owner: string, chat: string): boolean {
    const unread = this.#mailboxes.get(owner)?.get(chat)?.unread;
    if (unread === undefined || unread.size === 0) return false;
    unread.clear();
    return true;
  }

  /** Marks one message as read; false when it was. */
  markMessageRead(owner: string, id: bigint): boolean {
    return [...(this.#mailboxes.get(owner)?.values() ?? [])].some((mailbox) => mailbox.unread.delete(id));
  }

  unreadTotal(owner: string): number {
    return [...(this.#mailboxes.get(owner)?.values() ?? [])].reduce(
      (sum, mailbox) => sum + mailbox.unread.size,
      0,
    );
  }

  rename(chat: string, dn: string): void {
    for (const chats of this.#mailboxes.values()) {
      const mailbox = chats.get(chat);
      if (mailbox !== undefined) mailbox.dn = dn;
    }
  }

  allMessages(): Message[] {
    return [...this.#messages.values()];
  }

  allMailboxes(): {
    owner: string;
    chat: string;
    grp: boolean;
    dn: string;
    messages: bigint[];
    unread: bigint[];
  }[] {
    return [...this.#mailboxes].flatMap(([owner, chats]) =>
      [...chats].map(([chat, { grp, dn, messages, unread }]) => ({
        owner,
        chat,
        grp,
        dn,
        messages: messages.map((message) => message.id),
        unread: [...unread],
      })),
    );
  }
}
