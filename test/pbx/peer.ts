import { WebSocket } from 'ws';
import {
  decryptSessionCredential,
  loginResponse,
  loginResultDigest,
  type LoginParameters,
} from './digests.ts';
import { escapeHtml, plainText } from './html.ts';
import { asText, isObject, parseJson, stringifyJson, type JsonObject } from './json.ts';

export interface PeerOptions {
  clientUrl: string;
  appsUrl: string;
  certificate: string | undefined;
  username: string;
  password: string;
  /** What Register needs. */
  hw: 'optional' | 'sip' | 'device';
  /** How inbound calls are answered: 'always', 'never' (they ring on) or with a release cause. Default 'always'. */
  answer?: 'always' | 'never' | number;
  /** Only the client connection: the chat program is not running. Default true. */
  chat?: boolean;
  /** Where an answer goes out: always on an own call (default), or on the call on which the other one wrote. */
  replyOn?: 'own-call' | 'same-call';
  /** Register the chat app for calls. Default true. */
  register?: boolean;
  /** Credentials of an earlier session instead of the password. */
  session?: { usr: string; pwd: string };
}

export interface PeerMessage {
  /** The sip of the author. */
  from: string;
  dn: string;
  /** The sip of the group; undefined in a chat of two. */
  group: string | undefined;
  html: string;
  /** As a person reads it. */
  text: string;
  attach: string[];
  /** Seconds since 1970 UTC. */
  time: number | undefined;
}

const keptFrames = 20_000;

interface PeerCall {
  peer: string;
  outgoing: boolean;
  connected: boolean;
  segments: string;
  isGroup: boolean;
  /** A group called in the name of its author: no way back to either of them. */
  onBehalf: boolean;
}

/** A chat program without a window, on real sockets: the other person of a test, and the body of the bots. */
export class Peer {
  readonly options: PeerOptions;
  answer: 'always' | 'never' | number;
  /** Everything received, oldest first. */
  readonly messages: PeerMessage[] = [];
  /** Who is typing, by sip. */
  readonly typing = new Map<string, boolean>();
  /** Release causes of own calls, by called sip. */
  readonly causes = new Map<string, number>();
  /** All frames of both connections. */
  readonly frames: JsonObject[] = [];
  onMessage: (message: PeerMessage) => void = () => undefined;
  /** A connection broke, other than by `close`. */
  onLost: () => void = () => undefined;
  /** Set by the login. */
  session: { usr: string; pwd: string } | undefined;
  info: JsonObject = {};

  #client: WebSocket | undefined;
  #apps: WebSocket | undefined;
  #app: string | undefined;
  readonly #calls = new Map<number, PeerCall>();
  #nextCall = 1;
  #nextSrc = 1;
  readonly #watchers = new Set<() => void>();

  constructor(options: PeerOptions) {
    this.options = options;
    this.answer = options.answer ?? 'always';
  }

  get sip(): string {
    const user = isObject(this.info.user) ? this.info.user : this.info;
    return asText(user.sip) ?? this.options.username;
  }

  /** Logs in and, unless told otherwise, connects and registers the chat app. Rejects with the reason. */
  async connect(): Promise<void> {
    // A new connection answers for itself: what an earlier one said would be taken for its answers.
    this.frames.length = 0;
    this.#client = await this.#open(this.options.clientUrl);
    this.session = this.options.session ?? this.session;
    await this.#login(this.session);
    if (this.options.chat !== false) await this.connectChat();
  }

  /** Starts the chat app: app login and registration. */
  async connectChat(): Promise<void> {
    this.sendClient({ mt: 'SubscribeApps' });
    await this.until(() => this.#app !== undefined, 'an apps list with the chat app');
    this.#apps = await this.#open(this.options.appsUrl);
    this.sendApp({ mt: 'AppChallenge' });
    const challenge = await this.frame('AppChallengeResult');
    this.sendClient({
      mt: 'AppGetLogin',
      src: 'login',
      app: this.#app,
      challenge: String(challenge.challenge),
    });
    const login = await this.frame('AppGetLoginResult');
    const { app, domain, sip, guid, dn, info, digest, pbxObj } = login;
    this.sendApp({ mt: 'AppLogin', app, domain, sip, guid, dn, info, digest, pbxObj });
    const result = await this.frame('AppLoginResult');
    if (result.ok !== true) throw new Error(`${this.sip}: AppLogin failed`);
    if (this.options.register === false) return;
    const hw =
      this.options.hw === 'optional' ? undefined : this.options.hw === 'sip' ? this.sip : `${this.sip}-pc`;
    this.sendApp({ api: 'PbxSignal', mt: 'Register', src: 'signal', hw, flags: 'NO_MEDIA_CALL' });
    const registered = await this.frame('RegisterResult');
    if (registered.err !== undefined)
      throw new Error(`${this.sip}: Register failed: ${String(registered.err)}`);
  }

  /** Ends the chat app alone; the client connection stays. */
  closeChat(): void {
    const apps = this.#apps;
    this.#apps = undefined;
    apps?.terminate();
    this.#calls.clear();
  }

  close(): void {
    this.closeChat();
    const client = this.#client;
    this.#client = undefined;
    client?.terminate();
  }

  sendClient(frame: JsonObject): void {
    this.#client?.send(stringifyJson(frame));
  }

  sendApp(frame: JsonObject): void {
    this.#apps?.send(stringifyJson(frame));
  }

  /** Sends a text; it goes out at once and the PBX holds it until somebody answers. */
  say(to: string, text: string): void {
    this.send(to, escapeHtml(text));
  }

  /** Sends plain HTML, with attachments by URL. */
  send(to: string, html: string, attach?: string): void {
    const message = {
      type: 'im_message',
      mime: 'text/html',
      data: html,
      ...(attach === undefined ? {} : { attach }),
    };
    this.facility(to, message);
  }

  setTyping(to: string, typing: boolean): void {
    this.facility(to, { type: 'im_message', mime: 'text/html', typing });
  }

  /** Any facility on the own call to somebody, which is set up when there is none. */
  facility(to: string, facility: JsonObject): void {
    const call = this.callTo(to);
    this.signal(call, { type: 'facility', fty: [facility] });
  }

  /** The number of the call to somebody, which is set up when there is none. */
  callTo(to: string): number {
    const calls = [...this.#calls].filter(([, call]) => call.peer === to && !call.onBehalf);
    const open =
      calls.find(([, call]) => call.outgoing) ??
      (this.options.replyOn === 'same-call' ? calls.findLast(([, call]) => call.connected) : undefined);
    if (open !== undefined) return open[0];
    const number = this.#nextCall++;
    const call = { peer: to, connected: false, segments: '', isGroup: false, onBehalf: false };
    this.#calls.set(number, { ...call, outgoing: true });
    this.signal(number, {
      type: 'setup',
      bc: 'a880',
      channel: 0,
      complete: true,
      cd: { sip: to },
      fty: [{ type: 'im_setup' }, { type: 'name_identification', name: this.sip }],
    });
    return number;
  }

  signal(call: number, sig: JsonObject): void {
    this.sendApp({ api: 'PbxSignal', mt: 'Signaling', call, sig });
  }

  /** Answers the calls of somebody that ring. */
  pickUp(peer: string): void {
    for (const [number, call] of this.#calls) {
      if (call.peer !== peer || call.outgoing || call.connected) continue;
      call.connected = true;
      this.signal(number, { type: 'conn' });
    }
  }

  /** Releases all calls with somebody. */
  release(peer: string): void {
    for (const [number, call] of [...this.#calls]) {
      if (call.peer !== peer) continue;
      this.#calls.delete(number);
      this.signal(number, { type: 'rel' });
    }
  }

  isConnectedTo(peer: string): boolean {
    return [...this.#calls.values()].some((call) => call.peer === peer && call.connected);
  }

  /** A PbxMessages or PbxApi request; resolves with all frames that carry its `src`, up to the ...Result or Error. */
  async request(frame: JsonObject, api = 'PbxMessages'): Promise<JsonObject[]> {
    const src = `request ${this.#nextSrc++}`;
    const answers = (): JsonObject[] => this.frames.filter((one) => one.src === src && one.mt !== frame.mt);
    const ended = (): boolean => answers().some((one) => /(?:Result|^Error)$/.test(String(one.mt)));
    this.sendApp({ api, ...frame, src });
    await this.until(ended, `an answer to ${String(frame.mt)}`);
    return answers();
  }

  /** Opens the messages session; rejects when there is none. */
  async openMessages(): Promise<JsonObject> {
    const [answer] = await this.request({ mt: 'Session' });
    if (answer?.mt !== 'SessionResult')
      throw new Error(`${this.sip}: Session answered by ${String(answer?.mt)}`);
    return answer;
  }

  /** The message, received already or still to come, that fits. */
  async waitFor(fits: (message: PeerMessage) => boolean, timeoutMs = 5000): Promise<PeerMessage> {
    await this.until(() => this.messages.some(fits), 'the expected message', timeoutMs);
    return this.messages.find(fits) as PeerMessage;
  }

  /** The frame that fits, received already or still to come. */
  async frame(
    mt: string,
    fits: (frame: JsonObject) => boolean = () => true,
    timeoutMs = 5000,
  ): Promise<JsonObject> {
    const found = (): JsonObject | undefined =>
      this.frames.findLast((frame) => frame.mt === mt && fits(frame));
    await this.until(() => found() !== undefined, mt, timeoutMs);
    return found() as JsonObject;
  }

  /** Resolves as soon as the condition holds; rejects after `timeoutMs` with what was missing. */
  until(holds: () => boolean, what: string, timeoutMs = 5000): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(check);
        const last = this.frames.slice(-8).map((frame) => stringifyJson(frame).slice(0, 200));
        reject(new Error(`${this.sip}: no ${what} within ${timeoutMs} ms; last frames:\n${last.join('\n')}`));
      }, timeoutMs);
      const check = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
    });
  }

  async #login(session: { usr: string; pwd: string } | undefined): Promise<void> {
    const type = session === undefined ? 'user' : 'session';
    const userAgent = 'Peer';
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex');
    const username = session?.usr ?? this.options.username;
    const password = session?.pwd ?? this.options.password;
    this.sendClient({ mt: 'Login', type, userAgent });
    const authenticate = await this.frame('Authenticate');
    const domain = String(authenticate.domain);
    const challenge = String(authenticate.challenge);
    const parameters: LoginParameters = { domain, username, password, nonce, challenge };
    const response = loginResponse(type, parameters);
    this.sendClient({ mt: 'Login', type, method: 'digest', username, nonce, response, userAgent });
    const result = await this.frame('LoginResult', () => true, 30_000);
    if (result.error !== undefined || !isObject(result.info)) {
      throw new Error(`${username}: login failed: ${String(result.error)} ${String(result.errorText)}`);
    }
    this.info = result.info;
    if (result.digest !== loginResultDigest(parameters, result.info))
      throw new Error(`${username}: wrong digest`);
    const sent = result.info.session;
    if (!isObject(sent)) return;
    this.session = {
      usr: decryptSessionCredential('usr', nonce, password, String(sent.usr)),
      pwd: decryptSessionCredential('pwd', nonce, password, String(sent.pwd)),
    };
  }

  #open(url: string): Promise<WebSocket> {
    const { certificate } = this.options;
    const trust = certificate === undefined ? {} : { ca: certificate };
    const socket = new WebSocket(url, trust);
    socket.on('message', (data) => this.#receive(String(data)));
    socket.on('close', () => {
      if (socket === this.#client || socket === this.#apps) this.onLost();
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.on('error', reject);
    });
  }

  #receive(text: string): void {
    let frame;
    try {
      frame = parseJson(text);
    } catch {
      return;
    }
    if (!isObject(frame)) return;
    this.frames.push(frame);
    if (this.frames.length > keptFrames) this.frames.splice(0, keptFrames / 10);
    this.#apply(frame);
    for (const check of [...this.#watchers]) check();
  }

  #apply(frame: JsonObject): void {
    if (frame.mt === 'UpdateApps' && Array.isArray(frame.apps))
      for (const app of frame.apps) this.#listed(app);
    if (frame.mt === 'UpdateAppsInfo') this.#listed(frame.app);
    if (frame.mt === 'Signaling' && isObject(frame.sig)) this.#signaling(Number(frame.call), frame.sig);
  }

  #listed(app: unknown): void {
    if (!isObject(app as JsonObject)) return;
    const { name, url } = app as JsonObject;
    if (name === 'chat' || name === 'company-chat' || String(url).endsWith('/APPS/chat/chat'))
      this.#app = String(name);
  }

  #signaling(number: number, sig: JsonObject): void {
    const facilities = (Array.isArray(sig.fty) ? sig.fty : []).filter(isObject);
    if (sig.type === 'setup') {
      const peer = isObject(sig.cg) ? (asText(sig.cg.sip) ?? '').replace(/@.*$/, '') : '';
      const call = {
        peer,
        outgoing: false,
        connected: false,
        segments: '',
        isGroup: peer.startsWith('grp-'),
        onBehalf:
          facilities.some((facility) => facility.type === 'diverting_leg2') ||
          (isObject(sig.cd) && asText(sig.cd.sip)?.startsWith('grp-') === true),
      };
      this.#calls.set(number, call);
      this.#messages(call, facilities);
      if (this.answer === 'always') {
        call.connected = true;
        this.signal(number, { type: 'conn' });
      } else if (typeof this.answer === 'number') {
        this.#calls.delete(number);
        this.signal(number, { type: 'rel', cau: { num: this.answer } });
      }
      return;
    }
    const call = this.#calls.get(number);
    if (call === undefined) return;
    if (sig.type === 'conn') call.connected = true;
    this.#messages(call, facilities);
    if (sig.type !== 'rel') return;
    this.#calls.delete(number);
    const cause = isObject(sig.cau) ? Number(sig.cau.num) : 16;
    if (call.outgoing) this.causes.set(call.peer, cause);
  }

  #messages(call: PeerCall, facilities: JsonObject[]): void {
    for (const facility of facilities) {
      if (facility.type !== 'im_message') continue;
      const from = (asText(facility.sender) ?? call.peer).replace(/@.*$/, '');
      if (typeof facility.typing === 'boolean')
        this.typing.set(call.isGroup ? call.peer : from, facility.typing);
      const data = asText(facility.data) ?? '';
      const attach = asText(facility.attach)?.split(' ') ?? [];
      if (data === '' && attach.length === 0) continue;
      const html = call.segments + data;
      if (facility.more === true) {
        call.segments = html;
        continue;
      }
      call.segments = '';
      this.typing.delete(call.isGroup ? call.peer : from);
      const message: PeerMessage = {
        from,
        dn: asText(facility.sender_dn) ?? from,
        group: call.isGroup ? call.peer : undefined,
        html,
        text: plainText(html),
        attach,
        time: typeof facility.time === 'number' ? facility.time : undefined,
      };
      this.messages.push(message);
      this.onMessage(message);
    }
  }
}
