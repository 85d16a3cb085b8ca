import { randomText, type Clock, type Random } from './clock.ts';
import { JsonFile } from './disk.ts';
import { isObject, type JsonObject } from './json.ts';

export interface Session {
  /** Shown to the user's other devices. */
  readonly id: string;
  readonly user: string;
  /** Session name: 32 hex digits. */
  readonly usr: string;
  /** Session password: 23 letters and digits. */
  readonly pwd: string;
  userAgent: string;
  /** Milliseconds since 1970 UTC of the last login. */
  timestamp: number;
  /** The number to compare, while the second factor is pending. */
  code?: number;
}

/** The login sessions of all users (protocol, section 2), kept across restarts. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #file: JsonFile;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(directory: string | undefined, clock: Clock, random: Random) {
    this.#file = new JsonFile(directory, 'sessions.json', clock);
    this.#clock = clock;
    this.#random = random;
    const stored = this.#file.read();
    for (const entry of Array.isArray(stored) ? stored : []) {
      if (isObject(entry)) this.#sessions.set(String(entry.usr), entry as unknown as Session);
    }
  }

  /** A session without `code` is usable at once; with one only after `authorize`. */
  create(user: string, userAgent: string, code?: number): Session {
    const session: Session = {
      id: this.#random.hex(8),
      user,
      usr: this.#random.hex(16),
      pwd: randomText(this.#random, 23),
      userAgent,
      timestamp: this.#clock.now(),
      ...(code === undefined ? {} : { code }),
    };
    this.#sessions.set(session.usr, session);
    this.#save();
    return session;
  }

  byName(usr: string): Session | undefined {
    return this.#sessions.get(usr);
  }

  byId(user: string, id: string): Session | undefined {
    return this.of(user).find((session) => session.id === id);
  }

  of(user: string): Session[] {
    return [...this.#sessions.values()].filter((session) => session.user === user);
  }

  authorize(session: Session): void {
    delete session.code;
    this.#save();
  }

  used(session: Session, userAgent: string): void {
    session.timestamp = this.#clock.now();
    session.userAgent = userAgent;
    this.#save();
  }

  remove(session: Session): void {
    this.#sessions.delete(session.usr);
    this.#save();
  }

  flush(): void {
    this.#file.flush();
  }

  #save(): void {
    this.#file.write(() => [...this.#sessions.values()] as unknown as JsonObject[]);
  }
}
