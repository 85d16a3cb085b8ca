import { createHash } from 'node:crypto';
import type { Switches } from './switches.ts';
import { builtInApps, type AppObject, type World, type WorldUser } from './world.ts';

export interface User extends WorldUser {
  readonly guid: string;
  readonly email: string;
}

export type ChatApp = { name: string; path: string };

/** The objects of the PBX: users and app objects, by every address under which they can be reached. */
export class Directory {
  readonly domain: string;
  /** What the OAuth2 provider of the company is called, if it has one. */
  readonly oauth2Name: string | undefined;
  readonly #users = new Map<string, User>();
  readonly #numbers = new Map<string, User>();
  readonly #apps = new Map<string, AppObject>();
  readonly #switches: Switches;

  constructor(world: World, switches: Switches) {
    this.domain = world.domain;
    this.oauth2Name = world.oauth2Name;
    this.#switches = switches;
    for (const user of world.users) this.add(user);
    for (const app of [...builtInApps, ...(world.apps ?? [])]) this.#apps.set(app.name, app);
  }

  /** Adds a user while the PBX runs. */
  add(user: WorldUser): User {
    const guid = createHash('md5').update(`${this.domain}:${user.sip}`).digest('hex');
    const complete = { email: `${user.sip}@${this.domain}`, ...user, guid };
    this.#users.set(user.sip.toLowerCase(), complete);
    this.#numbers.set(user.num, complete);
    return complete;
  }

  get users(): User[] {
    return [...this.#users.values()];
  }

  /**
   * The address without the own domain, in lower case: 'Bob@example.com' is 'bob' at example.com. An address of
   * another domain keeps it.
   */
  bare(address: string): string {
    const plain = address.replace(/^sips?:/i, '').toLowerCase();
    const suffix = `@${this.domain.toLowerCase()}`;
    return plain.endsWith(suffix) ? plain.slice(0, -suffix.length) : plain;
  }

  /** The address as this PBX writes it (switch sipForm). */
  written(sip: string): string {
    return this.#switches.sipForm === 'full' && !sip.includes('@') ? `${sip}@${this.domain}` : sip;
  }

  user(address: string): User | undefined {
    return this.#users.get(this.bare(address));
  }

  byNumber(number: string): User | undefined {
    return this.#numbers.get(number);
  }

  displayName(sip: string): string {
    return this.user(sip)?.dn ?? sip;
  }

  /** The name and path under which the chat app is listed (switch chatApp). */
  get chatApp(): ChatApp {
    switch (this.#switches.chatApp) {
      case 'name':
        return { name: 'chat', path: 'APPS/chat/chat' };
      case 'url':
        return { name: 'teamchat', path: 'APPS/chat/chat' };
      case 'custom':
        return { name: 'company-chat', path: 'APPS/company/company-chat' };
    }
  }

  /** The app object with this name, as the switch names the chat app. */
  app(name: string): AppObject | undefined {
    if (name === this.chatApp.name) return this.#apps.get('chat');
    return name === 'chat' ? undefined : this.#apps.get(name);
  }

  listedName(app: AppObject): string {
    return app.name === 'chat' ? this.chatApp.name : app.name;
  }

  /** The app objects in this user's apps list. */
  appsOf(user: User): AppObject[] {
    return [...this.#apps.values()].filter(
      (app) => app.grantedTo === 'everybody' || (app.grantedTo === 'chat' && user.chat),
    );
  }

  get messagesApp(): AppObject | undefined {
    return [...this.#apps.values()].find((app) => app.messages === true);
  }
}
