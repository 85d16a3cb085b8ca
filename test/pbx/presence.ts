import type { Directory, User } from './directory.ts';
import type { JsonObject } from './json.ts';

/** The presence of all users (protocol, sections 2 and 8). */
export class Presence {
  readonly #items = new Map<string, Map<string, { item: JsonObject; order: number }>>();
  readonly #listeners = new Map<string, Set<() => void>>();
  /** Who is logged in, by connection; true when inactive. */
  readonly #connections = new Map<string, Map<number, boolean>>();
  #order = 0;

  constructor(directory: Directory) {
    for (const user of directory.users) this.#seed(user);
  }

  /** The presence items of a user, the newest first. */
  items(sip: string): JsonObject[] {
    const items = [...(this.#items.get(sip)?.values() ?? [])];
    return items.sort((a, b) => b.order - a.order).map((entry) => entry.item);
  }

  isOnline(sip: string): boolean {
    return (this.#connections.get(sip)?.size ?? 0) > 0;
  }

  /** Calls the listener now and after each change; the result ends that. */
  subscribe(sip: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(sip) ?? new Set();
    this.#listeners.set(sip, listeners);
    listeners.add(listener);
    listener();
    return () => listeners.delete(listener);
  }

  setOwn(sip: string, activity: string, note: string): void {
    this.#set(sip, 'tel:', { contact: 'tel:', status: 'open', activity, note });
  }

  setCalendar(sip: string, activity: string, note: string): void {
    this.#set(sip, 'calendar:', { contact: 'calendar:', status: 'open', activity, note });
  }

  arrived(sip: string, connection: number): void {
    const connections = this.#connections.get(sip) ?? new Map<number, boolean>();
    this.#connections.set(sip, connections);
    connections.set(connection, false);
    this.#refreshOnline(sip);
  }

  left(sip: string, connection: number): void {
    if (this.#connections.get(sip)?.delete(connection) === true) this.#refreshOnline(sip);
  }

  setInactive(sip: string, connection: number, inactive: boolean): void {
    const connections = this.#connections.get(sip);
    if (connections?.has(connection) !== true) return;
    connections.set(connection, inactive);
    this.#refreshOnline(sip);
  }

  #seed(user: User): void {
    const { sip } = user;
    if (user.calendar !== undefined) this.setCalendar(sip, 'busy', user.calendar);
    this.#refreshOnline(sip);
    if (user.activity !== undefined || user.note !== undefined)
      this.setOwn(sip, user.activity ?? '', user.note ?? '');
    if (user.onThePhone === true) {
      this.#set(sip, 'tel:', { contact: 'tel:', status: 'open', activity: 'on-the-phone', note: '' });
    }
  }

  #refreshOnline(sip: string): void {
    const activeSomewhere = [...(this.#connections.get(sip)?.values() ?? [])].some((inactive) => !inactive);
    const online = this.isOnline(sip);
    const away = online && !activeSomewhere;
    const item = {
      contact: 'im:',
      status: online ? 'open' : 'closed',
      activity: away ? 'away' : '',
      note: '',
    };
    this.#set(sip, 'im:', item);
  }

  #set(sip: string, contact: string, item: JsonObject): void {
    const items = this.#items.get(sip) ?? new Map<string, { item: JsonObject; order: number }>();
    this.#items.set(sip, items);
    const before = items.get(contact);
    if (before !== undefined && JSON.stringify(before.item) === JSON.stringify(item)) return;
    // The online state is not what a person said of themselves: it never comes before that.
    const order = contact === 'im:' ? 0 : ++this.#order;
    items.set(contact, { item, order });
    for (const listener of [...(this.#listeners.get(sip) ?? [])]) listener();
  }
}
