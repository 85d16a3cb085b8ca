import { AppConnection } from './app-connection.ts';
import { Badges } from './badges.ts';
import { startBots, type Bots } from './bots.ts';
import { ownCertificate, type Certificate } from './certificate.ts';
import { ClientConnection, ClientConnections } from './client-connection.ts';
import { systemClock, systemRandom, type Clock, type Random } from './clock.ts';
import { controlHandler } from './control.ts';
import type { Core } from './core.ts';
import { Directory } from './directory.ts';
import { Faults } from './faults.ts';
import { FrameLog } from './frame-log.ts';
import type { Link } from './link.ts';
import { MessagesRelay } from './messages-relay.ts';
import { MessagesService } from './messages-service/index.ts';
import { OAuth2 } from './oauth2.ts';
import { Peer, type PeerOptions } from './peer.ts';
import { Presence } from './presence.ts';
import { PbxServer } from './server.ts';
import { Sessions } from './sessions.ts';
import { Signal } from './signal.ts';
import { defaultSwitches, setSwitch, type Switches } from './switches.ts';
import type { World, WorldUser } from './world.ts';
import { smallWorld } from './worlds/small.ts';

export { Peer, type PeerMessage, type PeerOptions } from './peer.ts';
export { Faults, type FrameRule } from './faults.ts';
export { FrameLog, type LoggedFrame } from './frame-log.ts';
export { defaultSwitches, setSwitch, switchTable, type Switches } from './switches.ts';
export type { World, WorldGroup, WorldMessage, WorldUser } from './world.ts';
export type { Json, JsonObject } from './json.ts';
export { smallWorld } from './worlds/small.ts';
export { demoWorld } from './worlds/demo/index.ts';

export interface PbxStartOptions {
  world?: World;
  /** Where it listens; 127.0.0.1 by default. */
  host?: string;
  /** Where the plain server listens, if that is elsewhere. */
  plainHost?: string;
  /** Port of the plain server; 0 (default) = any free one. Ignored when `plain` is false. */
  port?: number;
  /** Port of the TLS server; 0 (default) = any free one. Ignored when `tls` is false. */
  tlsPort?: number;
  /** A plain server (ws, http); default true. */
  plain?: boolean;
  /** A TLS server (wss, https) with a self-signed certificate; default false. */
  tls?: boolean;
  /** Sessions, chats, groups, files and the certificate are kept here; without it in memory and a temporary folder. */
  dataDir?: string;
  switches?: Partial<Switches>;
  clock?: Clock;
  random?: Random;
  /** The world's bots run; default true. */
  bots?: boolean;
  /** The Messages App Service runs; default true. */
  messages?: boolean;
  /** `/control` answers on loopback; default false. */
  control?: boolean;
  /** Called with everything that is refused or ignored. */
  trace?: (text: string) => void;
  /** Another PBX of the same company: sessions opened there are valid here, too (redirect, standby). */
  sessionsOf?: Pbx;
}

/** Starts a PBX. Rejects when a port is taken or the data directory cannot be read. */
export async function startPbx(options: PbxStartOptions = {}): Promise<Pbx> {
  const certificate = options.tls === true ? await ownCertificate(options.dataDir) : undefined;
  const pbx = new Pbx(options, certificate);
  await pbx.start();
  return pbx;
}

/** A running stand-in PBX with its Messages service, and everything a test wants to do to it. */
export class Pbx {
  readonly world: World;
  /** Changeable at any time. */
  readonly switches: Switches;
  readonly faults = new Faults();
  /** Frames that clients have sent. */
  readonly received = new FrameLog();
  /** Frames that clients have got. */
  readonly sent = new FrameLog();
  /** What was refused or ignored, and why. */
  readonly traces: string[] = [];
  readonly core: Core;
  readonly #options: PbxStartOptions;
  readonly #certificate: Certificate | undefined;
  readonly #plain: PbxServer | undefined;
  readonly #secure: PbxServer | undefined;
  readonly #service: MessagesService | undefined;
  readonly #apps = new Set<AppConnection>();
  readonly #peers = new Set<Peer>();
  #bots: Bots | undefined;

  /** Use `startPbx`. */
  constructor(options: PbxStartOptions, certificate: Certificate | undefined) {
    this.#options = options;
    this.#certificate = certificate;
    this.world = options.world ?? smallWorld();
    this.switches = { ...defaultSwitches(), ...options.switches };
    this.core = this.#compose();
    const { host = '127.0.0.1', port = 0, tlsPort = 0 } = options;
    const common = {
      host,
      switches: this.switches,
      faults: this.faults,
      links: {
        clock: this.core.clock,
        faults: this.faults,
        switches: this.switches,
        received: this.received,
        sent: this.sent,
      },
      oauth2: () => this.core.oauth2,
      filesPort: () => (this.core.relay.available ? this.#service?.httpPort : undefined),
      control: options.control === true ? controlHandler(this) : undefined,
      connected: (link: Link) => this.#connected(link),
      trace: (text: string) => this.core.trace(text),
    };
    this.#plain =
      options.plain === false
        ? undefined
        : new PbxServer({ ...common, host: options.plainHost ?? host, port, certificate: undefined });
    this.#secure =
      certificate === undefined ? undefined : new PbxServer({ ...common, port: tlsPort, certificate });
    const app = this.core.directory.messagesApp;
    if (options.messages !== false && app !== undefined) {
      this.#service = new MessagesService({
        pbxUrl: () => this.appsUrl,
        certificate: certificate?.cert,
        app: app.name,
        password: app.password,
        world: this.world,
        directory: options.dataDir,
        switches: this.switches,
        clock: this.core.clock,
        random: this.core.random,
      });
    }
  }

  /** Part of `startPbx`. */
  async start(): Promise<void> {
    await this.#plain?.listen();
    await this.#secure?.listen();
    await this.#service?.start();
    if (this.#options.bots !== false && this.world.bots !== undefined) this.#bots = await startBots(this);
  }

  /** "http://127.0.0.1:PORT", what a user would type; the TLS one when there is no plain server. */
  get url(): string {
    const server = this.#plain ?? this.#secure;
    if (server === undefined) throw new Error('a PBX without a server: set plain or tls');
    return this.#address(server);
  }

  /** "https://127.0.0.1:PORT". Throws when it runs without TLS. */
  get tlsUrl(): string {
    if (this.#secure === undefined) throw new Error('this PBX runs without TLS: startPbx({ tls: true })');
    return this.#address(this.#secure);
  }

  get plainPort(): number | undefined {
    return this.#plain?.port;
  }

  get tlsPort(): number | undefined {
    return this.#secure?.port;
  }

  /** The self-signed certificate, PEM. */
  get certificate(): string | undefined {
    return this.#certificate?.cert;
  }

  get clientUrl(): string {
    return `${this.#webSocketBase}/APPCLIENT${this.#build}/websocket`;
  }

  get appsUrl(): string {
    return `${this.#webSocketBase}/APPS${this.#build}/websocket`;
  }

  /** Logs in as a user and registers, so that a test can act as that person. */
  async user(sip: string, options: Partial<PeerOptions> = {}): Promise<Peer> {
    const user = this.core.directory.user(sip);
    if (user === undefined) throw new Error(`world ${this.world.name} has no user ${sip}`);
    const peer = new Peer({
      clientUrl: this.clientUrl,
      appsUrl: this.appsUrl,
      certificate: this.certificate,
      username: user.sip,
      password: user.password,
      hw: this.switches.registerHw,
      ...options,
    });
    this.#peers.add(peer);
    await peer.connect();
    return peer;
  }

  /** Changes a switch; throws when there is no such switch or value. */
  setSwitch(name: string, value: string | number): void {
    const problem = setSwitch(this.switches, name, value);
    if (problem !== undefined) throw new Error(problem);
  }

  addUser(user: WorldUser): void {
    this.core.directory.add(user);
  }

  /** Grants or withdraws the chat licence; a session without one gets Error. */
  setLicence(sip: string, licensed: boolean): void {
    this.#known(sip).licensed = licensed;
    if (!licensed) this.core.relay.endSessions(sip);
  }

  /** Sets or removes the 'chat' check mark at the user's apps. */
  setChatRight(sip: string, chat: boolean): void {
    const user = this.#known(sip);
    user.chat = chat;
    this.core.clients.appsChanged(user.sip);
    if (chat) return;
    this.core.signal.releaseCallsOf(user.sip, 21);
    for (const app of [...this.#apps]) {
      if (app.user === user && app.app?.name === 'chat') app.close(1008, 'the right to chat was withdrawn');
    }
  }

  /** Adds or removes a favourite, as another program of the user would. */
  setFavourite(sip: string, favourite: string, present: boolean): void {
    const list = this.core.favourites.get(sip) ?? [];
    this.core.favourites.set(sip, list);
    const at = list.indexOf(favourite);
    if (present === at >= 0) return;
    if (present) list.push(favourite);
    else list.splice(at, 1);
    for (const app of this.#apps) {
      if (app.user?.sip === sip)
        app.api?.favouriteChanged(favourite, present, present ? list.length : at + 1);
    }
  }

  /** `Error` on the messages sessions of a user, or of all. */
  messagesError(sip?: string): number {
    return this.core.relay.endSessions(sip);
  }

  /** Takes the Messages service down (false) or brings it back. */
  async setMessagesService(running: boolean): Promise<void> {
    if (running) {
      await this.#service?.resume();
      return;
    }
    this.#service?.suspend();
    await this.until(() => !this.core.relay.available, 'end of the Messages service');
  }

  /** Resolves as soon as the condition holds; rejects after `timeoutMs` with what was missing. */
  async until(holds: () => boolean, what: string, timeoutMs = 5000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`no ${what} within ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Ends the sessions of a user: LogoutResult comes unasked. */
  logOut(sip: string): void {
    for (const session of this.core.sessions.of(sip)) this.core.clients.removeSession(session);
  }

  /** Approves the pending second factor of a user's newest login, as another device would. */
  authorize(sip: string): void {
    const session = this.core.sessions.of(sip).findLast((one) => one.code !== undefined);
    if (session === undefined) throw new Error(`no login of ${sip} is pending`);
    this.core.clients.authorize(session);
  }

  /** `StandbyBack` or `Disconnect` to a user's client connections, or to all, and the end of the connection. */
  announceEnd(mt: 'StandbyBack' | 'Disconnect', sip?: string): void {
    this.core.clients.announceEnd(mt, sip);
  }

  /** Is there a registration of this user, that is a chat program ready for calls? */
  isRegistered(sip: string): boolean {
    return this.core.signal.registered(sip).length > 0;
  }

  /** Down and up again, on the same ports and with everything that a PBX keeps. */
  async restart(downMs = 0): Promise<void> {
    await this.#plain?.close();
    await this.#secure?.close();
    if (downMs > 0) await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.#plain?.listen();
    await this.#secure?.listen();
    const service = this.#service;
    if (service !== undefined) {
      service.suspend();
      await service.resume();
    }
  }

  async close(): Promise<void> {
    this.#bots?.stop();
    for (const peer of this.#peers) peer.close();
    await this.#service?.close();
    await this.#plain?.close();
    await this.#secure?.close();
    this.core.sessions.flush();
  }

  #compose(): Core {
    const { clock = systemClock, random = systemRandom, sessionsOf, dataDir, trace } = this.#options;
    const directory = new Directory(this.world, this.switches);
    const rooms = {
      clock,
      random,
      switches: this.switches,
      faults: this.faults,
      directory,
      sessions: sessionsOf?.core.sessions ?? new Sessions(dataDir, clock, random),
      oauth2: new OAuth2(directory, random),
      presence: new Presence(directory),
      favourites: new Map(this.world.users.map((user) => [user.sip, [...(user.favourites ?? [])]])),
      trace: (text: string) => {
        this.traces.push(text);
        if (this.traces.length > 1000) this.traces.splice(0, 500);
        trace?.(text);
      },
    };
    // The rooms know each other; they meet in one object that is complete before the first frame.
    const core = rooms as typeof rooms & Core;
    return Object.assign(core, {
      clients: new ClientConnections(core),
      badges: new Badges(core),
      signal: new Signal(core),
      relay: new MessagesRelay(core),
    });
  }

  #connected(link: Link): void {
    if (link.kind === 'client') {
      new ClientConnection(this.core, link);
      return;
    }
    const connection = new AppConnection(this.core, link);
    this.#apps.add(connection);
    connection.onEnd = () => this.#apps.delete(connection);
  }

  #known(sip: string): WorldUser & { sip: string } {
    const user = this.core.directory.user(sip);
    if (user === undefined) throw new Error(`world ${this.world.name} has no user ${sip}`);
    return user;
  }

  #address(server: PbxServer): string {
    const { host } = server;
    const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
    return `${server.secure ? 'https' : 'http'}://${local.includes(':') ? `[${local}]` : local}:${server.port}`;
  }

  get #build(): string {
    return this.switches.buildNumber === 'required' ? '/0' : '';
  }

  get #webSocketBase(): string {
    const { pathPrefix, module } = this.switches;
    return `${this.url.replace(/^http/, 'ws')}${pathPrefix.replace(/\/$/, '')}/${module}`;
  }
}
