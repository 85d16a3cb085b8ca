import { appLoginDigest, sha256 } from './digests.ts';
import type { Core } from './core.ts';
import type { User } from './directory.ts';
import { asText, type JsonObject } from './json.ts';
import type { Link } from './link.ts';
import { Login } from './login.ts';
import type { Session } from './sessions.ts';
import type { AppObject } from './world.ts';

const build = '1400001';
const activities = new Set(['', 'away', 'busy', 'dnd']);

/** One APPCLIENT connection (protocol, section 2). */
export class ClientConnection {
  readonly link: Link;
  readonly #core: Core;
  readonly #login: Login;
  #user: User | undefined;
  #session: Session | undefined;
  #appsSubscribed = false;
  readonly #presence = new Map<string, () => void>();
  readonly #early: Record<string, (frame: JsonObject) => void>;
  readonly #late: Record<string, (frame: JsonObject, user: User) => void>;

  constructor(core: Core, link: Link) {
    this.#core = core;
    this.link = link;
    this.#login = new Login(core, link, (user, session) => this.#loggedIn(user, session));
    this.#early = {
      CheckBuild: (frame) => this.#checkBuild(frame),
      SubscribeRegister: () => link.send({ mt: 'UpdateRegister', profile: 'profile', tutorial: '' }),
      LoginInfo: () => {
        if (core.switches.loginInfo === 'answered') link.send(this.#login.info());
      },
      Login: (frame) => this.#login.receive(frame),
      LoginCancel: () => this.#login.cancel(),
      KeepAlive: (frame) => answerKeepAlive(core, link, frame),
    };
    this.#late = {
      Logout: () => this.#logout(),
      SubscribeApps: () => {
        this.#appsSubscribed = true;
        this.sendApps();
      },
      AppGetLogin: (frame, user) => this.#appGetLogin(frame, user),
      SubscribePresence: (frame, user) => this.#subscribePresence(frame, user),
      UnsubscribePresence: (frame) => this.#unsubscribePresence(frame),
      SetUserActivity: (frame, user) => core.presence.setInactive(user.sip, link.id, frame.inactive === true),
      SetOwnPresence: (frame, user) => this.#setOwnPresence(frame, user),
      AuthorizeSession: (frame, user) => this.#decideSession(frame, user, true),
      DeleteSession: (frame, user) => this.#decideSession(frame, user, false),
      SetSessionInfo: () => undefined,
      SetApps: () => undefined,
      SubscribeDialog: () => undefined,
      UnsubscribeDialog: () => undefined,
    };
    link.onFrame = (frame) => this.#receive(frame);
    link.onClose = () => this.#ended();
    core.clients.add(this);
  }

  get user(): User | undefined {
    return this.#user;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** Tells a subscriber of the apps list what it is now. */
  sendApps(): void {
    const { switches, directory } = this.#core;
    const user = this.#user;
    if (!this.#appsSubscribed || user === undefined) return;
    const granted = directory.appsOf(user);
    const apps = granted.map((app) => this.#listed(app));
    const deviceApps = granted
      .filter((app) => app.hw === true)
      .map((app) => ({ name: `${app.name}?dev:${deviceOf(user)}`, title: app.title, deviceapp: app.name }));
    const selected = granted.map((app) => directory.listedName(app)).join(',');
    if (switches.appsForm === 'arrays') {
      this.link.send({ mt: 'UpdateApps', apps, deviceApps, selected });
      return;
    }
    for (const app of apps) this.link.send({ mt: 'UpdateAppsInfo', app });
    this.link.send({ mt: 'UpdateAppsComplete', deviceApps, selected });
  }

  /** A session of the same user was approved or refused elsewhere. */
  authorized(session: Session, approved: boolean): void {
    this.#login.authorized(session, approved);
  }

  /** The session of this connection is no more: everything that belongs to it is to be deleted. */
  loggedOut(): void {
    this.link.send({ mt: 'LogoutResult' });
    this.#leave();
    this.link.close(1000, 'logged out');
  }

  #receive(frame: JsonObject): void {
    const mt = String(frame.mt);
    const early = Object.hasOwn(this.#early, mt) ? this.#early[mt] : undefined;
    if (early !== undefined) return early(frame);
    const late = Object.hasOwn(this.#late, mt) ? this.#late[mt] : undefined;
    if (late === undefined) return this.#core.trace(`client connection: ignored ${mt}`);
    if (this.#user === undefined) {
      // Refused and no more: a client whose session has expired goes on with its password on the same connection.
      return this.#core.trace(`client connection: ${mt} before the login`);
    }
    late(frame, this.#user);
  }

  #checkBuild(frame: JsonObject): void {
    // A url in the answer tells a web page to load itself from there: only one of another build has to.
    const given = asText(frame.url) ?? '';
    const url = given.replace(/\/[0-9a-f]+(?=\/[^/]*$)/i, `/${build}`);
    this.link.send({
      mt: 'CheckBuildResult',
      ...(url === given ? {} : { url }),
      version: '14r1',
      build,
      launcherUpdateBuild: build,
      appStoreUrl: 'https://store.example.com/download',
    });
  }

  #loggedIn(user: User, session: Session): void {
    this.#user = user;
    this.#session = session;
    const { sessions, presence, clients, directory } = this.#core;
    const { domain } = directory;
    const { sip, guid, dn, num, email } = user;
    this.link.send({ mt: 'UpdateUser', user: { domain, sip, guid, dn, num, email } });
    for (const other of sessions.of(sip)) {
      this.link.send({ mt: 'SessionAdded', id: other.id, info: clients.sessionInfo(other, session) });
    }
    presence.arrived(sip, this.link.id);
    this.#presence.set(
      'own',
      presence.subscribe(sip, () =>
        this.link.send({ mt: 'UpdateOwnPresence', presence: presence.items(sip) }),
      ),
    );
  }

  #logout(): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#core.sessions.remove(session);
    this.#core.clients.sessionDeleted(session);
    for (const connection of this.#core.clients.of(session.user)) {
      if (connection.session === session) connection.loggedOut();
    }
  }

  #listed(app: AppObject): JsonObject {
    const { directory, switches } = this.#core;
    const isChat = app.name === 'chat';
    const path = isChat ? directory.chatApp.path : app.path;
    return {
      name: directory.listedName(app),
      title: app.title,
      text: '',
      url:
        switches.appUrls === 'relative'
          ? `../../${path.replace(/^\.\.\//, '../')}`
          : new URL(path, `${this.link.origin}${switches.pathPrefix}/${switches.module}/`).href,
      info: {
        hidden: false,
        ...(isChat ? { presence: true, wake: ['chat'] } : {}),
        apis: {},
      },
    };
  }

  #appGetLogin(frame: JsonObject, user: User): void {
    const { directory, switches, random } = this.#core;
    const src = frame.src === undefined ? {} : { src: frame.src };
    const name = asText(frame.app);
    const challenge = asText(frame.challenge);
    const app = name === undefined ? undefined : directory.app(name);
    const granted = app !== undefined && directory.appsOf(user).includes(app);
    if (app === undefined || !granted || challenge === undefined || name === undefined) {
      const errorText = challenge === undefined ? 'Invalid parameters' : 'No such app';
      this.link.send({ mt: 'AppGetLoginResult', ...src, error: challenge === undefined ? 1 : 2, errorText });
      return;
    }
    const info: JsonObject = {
      appobj: name,
      appdn: app.title,
      appurl: String(this.#listed(app).url),
      cn: user.dn,
      ...(user.licensed ? {} : { unlicensed: true }),
      apps: directory.appsOf(user).map((one) => ({ name: directory.listedName(one) })),
    };
    const login = {
      app: app.app ?? name,
      domain: directory.domain,
      sip: user.sip,
      guid: user.guid,
      dn: user.dn,
      ...(switches.appLoginInfo === 'absent' ? {} : { info: switches.appLoginInfo === 'empty' ? {} : info }),
    };
    const salt = random.hex(8);
    this.link.send({
      mt: 'AppGetLoginResult',
      ...src,
      ...login,
      digest: appLoginDigest({ ...login, challenge, password: app.password }),
      pbxObj: name,
      salt,
      key: sha256(`innovaphoneAppSessionKey:${challenge}:${salt}:${app.password}`),
    });
  }

  #subscribePresence(frame: JsonObject, user: User): void {
    const { directory, presence, badges } = this.#core;
    const address = { sip: asText(frame.sip), num: asText(frame.num) };
    const key = presenceKey(frame);
    this.#presence.get(key)?.();
    const echo = {
      ...(address.sip === undefined ? {} : { sip: address.sip }),
      ...(address.num === undefined ? {} : { num: address.num }),
    };
    if (address.sip === directory.chatApp.name && user.chat) {
      const ep = { sip: address.sip, dn: 'Chat', type: 'app' };
      const stop = badges.subscribe(user.sip, (items, up) =>
        this.link.send({ mt: 'UpdatePresence', ...echo, up, ep, presence: items }),
      );
      this.#presence.set(key, stop);
      return;
    }
    if (this.#core.switches.clientPresence === 'chat-only') return;
    const target =
      address.sip === undefined ? directory.byNumber(address.num ?? '') : directory.user(address.sip);
    if (target === undefined) {
      this.link.send({ mt: 'UpdatePresence', ...echo, up: false, ep: {}, presence: [] });
      return;
    }
    const ep = { sip: directory.written(target.sip), dn: target.dn, num: target.num, email: target.email };
    const stop = presence.subscribe(target.sip, () =>
      this.link.send({ mt: 'UpdatePresence', ...echo, up: true, ep, presence: presence.items(target.sip) }),
    );
    this.#presence.set(key, stop);
  }

  #unsubscribePresence(frame: JsonObject): void {
    const key = presenceKey(frame);
    this.#presence.get(key)?.();
    this.#presence.delete(key);
  }

  #setOwnPresence(frame: JsonObject, user: User): void {
    const activity = asText(frame.activity) ?? '';
    if (!activities.has(activity)) return this.#core.trace(`SetOwnPresence: no activity '${activity}'`);
    this.#core.presence.setOwn(user.sip, activity, asText(frame.note) ?? '');
  }

  #decideSession(frame: JsonObject, user: User, approve: boolean): void {
    const { sessions, clients } = this.#core;
    const session = sessions.byId(user.sip, String(frame.id));
    if (session === undefined) return;
    if (approve) {
      if (session.code === undefined) return;
      clients.authorize(session);
      return;
    }
    clients.removeSession(session);
  }

  #leave(): void {
    for (const stop of this.#presence.values()) stop();
    this.#presence.clear();
    if (this.#user !== undefined) this.#core.presence.left(this.#user.sip, this.link.id);
    this.#user = undefined;
    this.#session = undefined;
  }

  #ended(): void {
    this.#login.ended();
    this.#leave();
    this.#core.clients.remove(this);
  }
}

function presenceKey(frame: JsonObject): string {
  return frame.sip === undefined ? `num:${String(frame.num)}` : `sip:${String(frame.sip)}`;
}

/** The hw of the device of a user. */
export function deviceOf(user: User): string {
  return `${user.sip}-pc`;
}

export function answerKeepAlive(core: Core, link: Link, frame: JsonObject): void {
  if (core.switches.keepAlive === 'silent') return;
  const mt = core.switches.keepAlive === 'echo' ? 'KeepAlive' : 'KeepAliveResult';
  link.send({ mt, ...(frame.src === undefined ? {} : { src: frame.src }) });
}

/** The client connections of all users, and what one must tell the others. */
export class ClientConnections {
  readonly #core: Core;
  readonly #connections = new Set<ClientConnection>();

  constructor(core: Core) {
    this.#core = core;
  }

  add(connection: ClientConnection): void {
    this.#connections.add(connection);
  }

  remove(connection: ClientConnection): void {
    this.#connections.delete(connection);
  }

  of(sip: string): ClientConnection[] {
    return [...this.#connections].filter((connection) => connection.user?.sip === sip);
  }

  sessionInfo(session: Session, current: Session | undefined): JsonObject {
    return {
      id: session.id,
      userAgent: session.userAgent,
      timestamp: Math.floor(session.timestamp / 1000),
      current: session === current,
      ...(session.code === undefined ? {} : { code: session.code, needsAuthorization: true }),
    };
  }

  sessionChanged(session: Session, mt: 'SessionAdded' | 'SessionUpdated'): void {
    for (const connection of this.of(session.user)) {
      connection.link.send({ mt, id: session.id, info: this.sessionInfo(session, connection.session) });
    }
  }

  sessionDeleted(session: Session): void {
    for (const connection of this.of(session.user))
      connection.link.send({ mt: 'SessionDeleted', id: session.id });
  }

  /** The second factor was given. */
  authorize(session: Session): void {
    this.#core.sessions.authorize(session);
    for (const connection of this.#connections) connection.authorized(session, true);
    this.sessionChanged(session, 'SessionUpdated');
  }

  /** Ends a session, pending or in use. */
  removeSession(session: Session): void {
    this.#core.sessions.remove(session);
    this.sessionDeleted(session);
    for (const connection of [...this.#connections]) {
      connection.authorized(session, false);
      if (connection.session === session) connection.loggedOut();
    }
  }

  /** The user's apps have changed. */
  appsChanged(sip: string): void {
    for (const connection of this.of(sip)) connection.sendApps();
  }

  /** Asks for the chat app (protocol, section 2). True when there was somebody to ask. */
  wake(sip: string): boolean {
    const connections = this.of(sip);
    for (const connection of connections) connection.link.send({ mt: 'Wake', type: 'chat', incoming: true });
    return connections.length > 0;
  }

  /** Announces the end of the connections of a user, or of all. */
  announceEnd(mt: 'StandbyBack' | 'Disconnect', sip?: string): void {
    for (const connection of [...this.#connections]) {
      if (sip !== undefined && connection.user?.sip !== sip) continue;
      connection.link.send({ mt });
      connection.link.close(1001, mt);
    }
  }
}
