import type { AppConnection } from './app-connection.ts';
import type { Core } from './core.ts';
import { asId, asText, type JsonObject } from './json.ts';
import type { Endpoint } from './signal.ts';

export interface StoredMessage {
  author: string;
  dn: string;
  /** The sip of the receiver. */
  peer: string;
  /** Plain HTML. */
  text: string;
  /** URLs, separated by blanks. */
  attach?: string;
}

interface MessagesSession {
  readonly id: bigint;
  readonly connection: AppConnection;
  readonly user: string;
}

/** Ids beyond 2^53, so that nobody gets away with a double. */
const firstSession = 9_007_199_254_741_993n;

/**
 * The PBX's side of PbxMessages (protocol, section 5): it hands the requests of licensed users to the Messages service
 * that has logged in, adding who asks, and hands the answers back.
 */
export class MessagesRelay {
  readonly #core: Core;
  readonly #sessions = new Map<bigint, MessagesSession>();
  #service: AppConnection | undefined;
  #next = firstSession;
  #lastStamp = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  get available(): boolean {
    return this.#service !== undefined;
  }

  /** Where calls to groups and presence subscriptions of the chat app go. */
  get endpoint(): Endpoint | undefined {
    return this.#service?.endpoint;
  }

  /** The Messages service has logged in. */
  serviceArrived(connection: AppConnection): void {
    this.#service?.close(1000, 'replaced by a newer login of the Messages service');
    this.#service = connection;
  }

  serviceLeft(connection: AppConnection): void {
    if (this.#service !== connection) return;
    this.#service = undefined;
    this.endSessions();
  }

  /** Ends the sessions of a user, or all: each gets Error. The result is their number. */
  endSessions(user?: string): number {
    const ended = [...this.#sessions.values()].filter(
      (session) => user === undefined || session.user === user,
    );
    for (const session of ended) {
      this.#sessions.delete(session.id);
      this.#endAtService(session);
      session.connection.send({ api: 'PbxMessages', mt: 'Error' });
    }
    return ended.length;
  }

  connectionLeft(connection: AppConnection): void {
    for (const session of this.#sessions.values()) {
      if (session.connection !== connection) continue;
      this.#sessions.delete(session.id);
      this.#endAtService(session);
    }
  }

  /** A PbxMessages frame from a user's connection. */
  fromUser(connection: AppConnection, frame: JsonObject): void {
    const { api: _api, src, ...rest } = frame;
    const user = connection.user;
    const error = { api: 'PbxMessages', mt: 'Error', ...(src === undefined ? {} : { src }) };
    if (user === undefined || !user.licensed) {
      this.#core.trace(`PbxMessages of ${connection.name}: no licence`);
      if (this.#core.switches.unlicensedSession === 'error') connection.send(error);
      return;
    }
    const service = this.#service;
    if (service === undefined) return connection.send(error);
    let session = [...this.#sessions.values()].find((one) => one.connection === connection);
    if (frame.mt === 'Session') {
      if (session !== undefined) this.#endAtService(session);
      if (session !== undefined) this.#sessions.delete(session.id);
      session = { id: this.#next++, connection, user: user.sip };
      this.#sessions.set(session.id, session);
      const base = `${connection.origin}${this.#core.switches.pathPrefix}`;
      service.send({
        ...rest,
        src: forwardedSrc(session, src),
        user: user.sip,
        dn: user.dn,
        session: session.id,
        base,
      });
      return;
    }
    if (session === undefined) {
      this.#core.trace(`PbxMessages of ${user.sip}: ${String(frame.mt)} before Session`);
      return connection.send(error);
    }
    service.send({ ...rest, src: forwardedSrc(session, src), user: user.sip, session: session.id });
  }

  /** A frame without api from the Messages service: an answer to a forwarded request. */
  fromService(frame: JsonObject): void {
    const { src, ...rest } = frame;
    const parts = /^(\d+):([\s\S]*)$/.exec(asText(src) ?? '');
    const session = parts === null ? undefined : this.#sessions.get(BigInt(parts[1] ?? '0'));
    if (session === undefined || parts === null) return;
    const written = frame.mt === 'SessionResult' ? { session: this.#id(session.id) } : {};
    const original = JSON.parse(parts[2] ?? 'null') as string | null;
    session.connection.send({
      api: 'PbxMessages',
      ...rest,
      ...written,
      ...(original === null ? {} : { src: original }),
    });
  }

  /** Stores a chat message for both sides. */
  store(message: StoredMessage): void {
    const { author, dn, peer, text, attach } = message;
    const peerDn = this.#core.directory.displayName(peer);
    this.#service?.send({
      mt: 'Post',
      type: 1,
      author,
      dn,
      topic: author,
      notify: [peer],
      peerDn,
      text,
      timestamp: this.#stamp(),
      ...(attach === undefined ? {} : { attach }),
    });
  }

  /** Milliseconds since 1970, never twice the same: pages are cut by timestamp. */
  #stamp(): number {
    this.#lastStamp = Math.max(this.#core.clock.now(), this.#lastStamp + 1);
    return this.#lastStamp;
  }

  #endAtService(session: MessagesSession): void {
    this.#service?.send({ mt: 'SessionEnd', session: session.id });
  }

  #id(id: bigint): bigint | string {
    return this.#core.switches.ids === 'strings' ? String(id) : (asId(id) ?? id);
  }
}

/** The service echoes `src` as every server does; this one tells the relay whose answer it is. */
function forwardedSrc(session: MessagesSession, src: unknown): string {
  return `${session.id}:${JSON.stringify(typeof src === 'string' ? src : null)}`;
}
