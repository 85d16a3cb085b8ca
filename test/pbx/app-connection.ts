import { answerKeepAlive, deviceOf } from './client-connection.ts';
import { randomDigits } from './clock.ts';
import type { Core } from './core.ts';
import { appLoginDigest } from './digests.ts';
import type { User } from './directory.ts';
import { asText, isObject, type JsonObject } from './json.ts';
import type { Link } from './link.ts';
import { PbxApi } from './pbx-api.ts';
import type { Endpoint } from './signal.ts';
import type { ApiName, AppObject } from './world.ts';

const attempts = 3;

/** One APPS connection (protocol, section 3): AppLogin, then the protocols that its app object grants. */
export class AppConnection {
  readonly #core: Core;
  readonly #link: Link;
  #challenge: string | undefined;
  #failures = 0;
  #app: AppObject | undefined;
  #user: User | undefined;
  #api: PbxApi | undefined;
  #endpoint: Endpoint | undefined;
  /** The src of the latest Register comes back in everything that PbxSignal sends. */
  #echo: JsonObject = {};

  constructor(core: Core, link: Link) {
    this.#core = core;
    this.#link = link;
    link.onFrame = (frame) => this.#receive(frame);
    link.onClose = () => this.#ended();
  }

  get user(): User | undefined {
    return this.#user;
  }

  get app(): AppObject | undefined {
    return this.#app;
  }

  get api(): PbxApi | undefined {
    return this.#api;
  }

  get endpoint(): Endpoint | undefined {
    return this.#endpoint;
  }

  get origin(): string {
    return this.#link.origin;
  }

  get name(): string {
    return this.#user?.sip ?? this.#app?.name ?? 'nobody';
  }

  send(frame: JsonObject): void {
    const { errorForm } = this.#core.switches;
    if (frame.mt !== 'Error' || errorForm === 'complete' || this.#app?.messages === true) {
      return this.#link.send(frame);
    }
    const { api, src: _src, ...rest } = frame;
    this.#link.send(errorForm === 'bare' || api === undefined ? rest : { api, ...rest });
  }

  close(code: number, reason: string): void {
    this.#link.close(code, reason);
  }

  #receive(frame: JsonObject): void {
    switch (frame.mt) {
      case 'AppChallenge':
        return this.#sendChallenge(frame);
      case 'AppLogin':
        return this.#login(frame);
      case 'CheckBuild':
        return this.#link.send({ mt: 'CheckBuildResult', ...src(frame) });
      case 'KeepAlive':
        return answerKeepAlive(this.#core, this.#link, frame);
      default:
        break;
    }
    if (this.#app === undefined) {
      this.#core.trace(`app connection: ${String(frame.mt)} before AppLogin`);
      return this.#link.close(1008, `${String(frame.mt)} before AppLogin`);
    }
    if (frame.api === undefined && this.#app.messages === true) return this.#core.relay.fromService(frame);
    const api = asText(frame.api);
    if (api === undefined || !this.#app.apis.includes(api as ApiName)) {
      return this.#core.trace(
        `app connection of ${this.name}: ignored ${String(frame.mt)} to api ${api ?? '-'}`,
      );
    }
    if (api === 'PbxSignal') this.#signal(frame);
    else if (api === 'PbxMessages') this.#core.relay.fromUser(this, frame);
    else if (this.#core.switches.presenceApi === 'granted' || this.#app.name !== 'chat')
      this.#api?.receive(frame);
    else this.#core.trace(`PbxApi of ${this.name}: not granted`);
  }

  #sendChallenge(frame: JsonObject): void {
    this.#challenge = randomDigits(this.#core.random, 15);
    const asNumber = this.#core.switches.appChallenge === 'number';
    const challenge = asNumber ? Number(this.#challenge) : this.#challenge;
    this.#link.send({ mt: 'AppChallengeResult', challenge, ...src(frame) });
  }

  #login(frame: JsonObject): void {
    const { directory } = this.#core;
    const challenge = this.#challenge;
    this.#challenge = undefined;
    const appName = asText(frame.app);
    const object = directory.app(asText(frame.pbxObj) ?? appName ?? '') ?? directory.app(appName ?? '');
    if (challenge === undefined || appName === undefined || object === undefined || this.#app !== undefined) {
      return this.#refuse(frame, 'no challenge, no such app, or a second login');
    }
    const digest = appLoginDigest({
      app: appName,
      domain: asText(frame.domain),
      sip: asText(frame.sip),
      guid: asText(frame.guid),
      dn: asText(frame.dn),
      info: isObject(frame.info) ? frame.info : undefined,
      challenge,
      password: object.password,
    });
    if (digest !== frame.digest) return this.#refuse(frame, 'wrong digest');
    const user = asText(frame.sip) === undefined ? undefined : directory.user(String(frame.sip));
    if (user !== undefined && !directory.appsOf(user).includes(object) && object.grantedTo !== 'nobody') {
      return this.#refuse(frame, `${user.sip} has no right to ${appName}`);
    }
    this.#app = object;
    this.#user = user;
    this.#link.user = this.name;
    this.#link.internal = object.messages === true;
    this.#api = new PbxApi(this.#core, user, (answer) => this.send(answer));
    if (object.messages === true) this.#core.relay.serviceArrived(this);
    this.#link.send({ mt: 'AppLoginResult', ok: true, ...src(frame) });
  }

  onEnd: () => void = () => undefined;

  #refuse(frame: JsonObject, reason: string): void {
    this.#core.trace(`AppLogin as ${String(frame.app)} refused: ${reason}`);
    this.#failures += 1;
    this.#link.send({ mt: 'AppLoginResult', ok: false, ...src(frame) });
    if (this.#failures >= attempts) this.#link.close(1008, 'too many failed logins');
  }

  #signal(frame: JsonObject): void {
    if (frame.mt === 'Register') return this.#register(frame);
    if (frame.mt !== 'Signaling') return this.#core.trace(`PbxSignal: ignored ${String(frame.mt)}`);
    // Without a registration there is still somebody to tell so.
    this.#core.signal.receive(this.#endpoint ?? this.#makeEndpoint(), frame.call, frame.sig);
  }

  #register(frame: JsonObject): void {
    const err = this.#registerProblem(frame);
    if (err !== undefined) {
      this.#core.trace(`Register of ${this.name}: ${err}`);
      return this.#link.send({ api: 'PbxSignal', mt: 'RegisterResult', ...src(frame), err });
    }
    this.#echo = src(frame);
    this.#endpoint ??= this.#makeEndpoint();
    const prefixes = { prefixIntl: '000', prefixNtl: '00', prefixSubs: '0', area: '7031', country: '49' };
    this.#link.send({ api: 'PbxSignal', mt: 'RegisterResult', ...src(frame), ...prefixes });
    this.#core.signal.register(this.#endpoint);
    if (this.#app?.messages === true) this.#core.badges.serviceArrived();
  }

  #registerProblem(frame: JsonObject): string | undefined {
    if (
      !String(frame.flags ?? '')
        .split('|')
        .includes('NO_MEDIA_CALL')
    )
      return 'flags lack NO_MEDIA_CALL';
    const user = this.#user;
    if (user === undefined) return undefined;
    const { switches, directory } = this.#core;
    const hw = asText(frame.hw);
    const isSip = hw !== undefined && directory.bare(hw) === user.sip;
    const isDevice = hw === deviceOf(user);
    if (switches.registerHw === 'sip') return isSip ? undefined : 'hw must be the sip of the user';
    if (switches.registerHw === 'device') return isDevice ? undefined : 'hw must be a device of the user';
    return hw === undefined || isSip || isDevice ? undefined : `no device ${hw}`;
  }

  #makeEndpoint(): Endpoint {
    return {
      sip: this.#user?.sip ?? this.#app?.name ?? '',
      trusted: this.#app?.messages === true,
      signal: (call, sig) => this.#link.send({ api: 'PbxSignal', mt: 'Signaling', ...this.#echo, call, sig }),
    };
  }

  #ended(): void {
    if (this.#endpoint !== undefined) this.#core.signal.unregister(this.#endpoint);
    this.#api?.ended();
    this.#core.relay.connectionLeft(this);
    if (this.#app?.messages === true) this.#core.relay.serviceLeft(this);
    this.onEnd();
  }
}

function src(frame: JsonObject): JsonObject {
  return frame.src === undefined ? {} : { src: frame.src };
}
