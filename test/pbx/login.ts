import { randomDigits } from './clock.ts';
import type { Core } from './core.ts';
import {
  createKeyExchange,
  encryptSessionCredential,
  loginResponse,
  loginResultDigest,
  redirectDigest,
  type LoginParameters,
} from './digests.ts';
import type { User } from './directory.ts';
import { asText, type JsonObject } from './json.ts';
import type { Link } from './link.ts';
import { OAuth2 } from './oauth2.ts';
import type { Session } from './sessions.ts';

const errors = {
  1: 'Invalid parameters',
  2: 'Authentication failed',
  5: 'Session expired',
} as const;

type Stage =
  | { at: 'start' }
  | { at: 'challenged'; type: 'user' | 'session'; challenge: string }
  | { at: 'oauth2'; state: string }
  | { at: 'authorizing'; session: Session; finish: () => void }
  | { at: 'done' };

/** One login on a client connection (protocol, section 2), from the first Login to the LoginResult. */
export class Login {
  readonly #core: Core;
  readonly #link: Link;
  readonly #loggedIn: (user: User, session: Session) => void;
  #stage: Stage = { at: 'start' };

  constructor(core: Core, link: Link, loggedIn: (user: User, session: Session) => void) {
    this.#core = core;
    this.#link = link;
    this.#loggedIn = loggedIn;
  }

  info(): JsonObject {
    const methods = this.#methods;
    return {
      mt: 'LoginInfoResult',
      user: {
        digest: methods.includes('digest'),
        ntlm: methods.includes('ntlm'),
        oauth2: methods.includes('oauth2'),
        oauth2Name: methods.includes('oauth2') ? (this.#core.directory.oauth2Name ?? 'Company account') : '',
      },
      session: { digest: true },
    };
  }

  get #methods(): string[] {
    const { loginMethods } = this.#core.switches;
    if (loginMethods !== 'world') return loginMethods.split('+');
    return this.#core.directory.oauth2Name === undefined ? ['digest'] : ['digest', 'oauth2'];
  }

  receive(frame: JsonObject): void {
    if (this.#stage.at === 'done') return this.#fail(1);
    this.#abandon();
    const type = asText(frame.type);
    if (type !== 'user' && type !== 'session') return this.#fail(1);
    if (typeof frame.userAgent !== 'string') return this.#fail(1);
    if (frame.method === 'oauth2' && type === 'user') return this.#beginOAuth2(frame);
    if (frame.response !== undefined || frame.username !== undefined) return this.#second(type, frame);
    this.#first(type);
  }

  cancel(): void {
    if (this.#stage.at !== 'oauth2' && this.#stage.at !== 'authorizing') return;
    this.#abandon();
    this.#fail(2, 'Login canceled');
  }

  /** The pending session was approved or refused on another device. */
  authorized(session: Session, approved: boolean): void {
    if (this.#stage.at !== 'authorizing' || this.#stage.session !== session) return;
    const { finish } = this.#stage;
    this.#stage = { at: 'start' };
    if (approved) finish();
    else this.#fail(2);
  }

  /** The link is gone. */
  ended(): void {
    this.#abandon();
  }

  #first(type: 'user' | 'session'): void {
    const { random, directory } = this.#core;
    if (type === 'user' && !this.#methods.includes('digest')) {
      if (!this.#methods.includes('ntlm')) return this.#fail(1);
      const challenge = random.hex(8);
      this.#link.send({ mt: 'Authenticate', type, method: 'ntlm', domain: directory.domain, challenge });
      return;
    }
    const challenge = random.hex(8);
    this.#stage = { at: 'challenged', type, challenge };
    this.#link.send({ mt: 'Authenticate', type, method: 'digest', domain: directory.domain, challenge });
  }

  #second(type: 'user' | 'session', frame: JsonObject): void {
    const stage = this.#stage;
    const { username, nonce, response, userAgent } = frame;
    this.#stage = { at: 'start' };
    if (
      stage.at !== 'challenged' ||
      stage.type !== type ||
      frame.method !== 'digest' ||
      typeof username !== 'string' ||
      typeof nonce !== 'string' ||
      typeof response !== 'string' ||
      !/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(nonce)
    ) {
      return this.#fail(1);
    }
    const { directory, sessions, faults } = this.#core;
    const session = type === 'session' ? sessions.byName(username) : undefined;
    if (type === 'session' && (session === undefined || session.code !== undefined)) return this.#fail(5);
    const user = directory.user(session?.user ?? username);
    const password = session?.pwd ?? user?.password;
    if (user === undefined || password === undefined) return this.#fail(2);
    const parameters = { domain: directory.domain, username, password, nonce, challenge: stage.challenge };
    // Strict as documented: the digest is lower-case hex.
    if (response !== loginResponse(type, parameters)) return this.#fail(2);
    if (session !== undefined) {
      sessions.used(session, String(userAgent));
      if (this.#core.switches.redirectTo !== '') return this.#redirect(user, undefined, parameters, {});
      return this.#succeed(
        user,
        session,
        parameters,
        this.#core.switches.sessionInSessionLogin === 'present',
        {},
      );
    }
    if (faults.wrongLoginDigest) this.#core.trace(`login of ${user.sip}: sending a wrong digest, as asked`);
    this.#newSession(user, String(userAgent), parameters, {});
  }

  #beginOAuth2(frame: JsonObject): void {
    const { switches, random, directory, oauth2 } = this.#core;
    const { nonce, keyShare, userAgent } = frame;
    if (
      !this.#methods.includes('oauth2') ||
      typeof nonce !== 'string' ||
      typeof keyShare !== 'string' ||
      !/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(nonce) ||
      !/^[0-9a-f]{128}$/i.test(keyShare)
    ) {
      return this.#fail(1);
    }
    const exchange = createKeyExchange();
    let password: string;
    try {
      password = exchange.secret(keyShare);
    } catch {
      return this.#fail(1);
    }
    const challenge = random.hex(8);
    const state = oauth2.begin((user) => {
      this.#stage = { at: 'start' };
      const parameters = { domain: directory.domain, username: user.sip, password, nonce, challenge };
      this.#newSession(user, String(userAgent), parameters, { keyShare: exchange.keyShare });
    });
    this.#stage = { at: 'oauth2', state };
    this.#link.send({
      mt: 'Authenticate',
      type: 'user',
      method: 'oauth2',
      domain: directory.domain,
      challenge,
      url: `${this.#link.origin}${switches.pathPrefix}/${switches.module}${OAuth2.path}${state}`,
    });
  }

  #newSession(user: User, userAgent: string, parameters: LoginParameters, extra: JsonObject): void {
    const { sessions, switches, random, clients } = this.#core;
    if (switches.redirectTo !== '') {
      return this.#redirect(user, sessions.create(user.sip, userAgent), parameters, extra);
    }
    const others = sessions.of(user.sip).some((session) => session.code === undefined);
    if (switches.secondFactor === 'off' || !others || extra.keyShare !== undefined) {
      const session = sessions.create(user.sip, userAgent);
      clients.sessionChanged(session, 'SessionAdded');
      return this.#succeed(user, session, parameters, true, extra);
    }
    const code = Number(randomDigits(random, 2));
    const session = sessions.create(user.sip, userAgent, code);
    const finish = (): void => this.#succeed(user, session, parameters, true, extra);
    this.#stage = { at: 'authorizing', session, finish };
    this.#link.send({ mt: 'Authorize', code });
    clients.sessionChanged(session, 'SessionAdded');
  }

  #succeed(user: User, session: Session, p: LoginParameters, withSession: boolean, extra: JsonObject): void {
    const { switches, faults, directory } = this.#core;
    const person = {
      domain: directory.domain,
      sip: user.sip,
      guid: user.guid,
      dn: user.dn,
      num: user.num,
      email: user.email,
    };
    const { properties } = switches;
    const prefix = { intl: '000', ntl: '00', subs: '0', area: '7031', country: '49' };
    const told = properties === 'required' ? { sip: user.sip } : person;
    const info: JsonObject = {
      ...(switches.infoShape === 'flat'
        ? told
        : { user: { ...told, ...(properties === 'required' ? {} : { prefix }) }, account: {}, settings: {} }),
      ...(properties === 'extra' ? { unheardOf: { 1.5: 'of', 1: ['Grüße', '/'] } } : {}),
      ...(withSession ? { session: encrypted(session, p) } : {}),
      ...(switches.standby === '' ? {} : { alt: switches.standby }),
      ...extra,
    };
    const digest = loginResultDigest(
      faults.wrongLoginDigest ? { ...p, password: `not ${p.password}` } : p,
      info,
    );
    this.#stage = { at: 'done' };
    this.#link.user = user.sip;
    this.#link.send({ mt: 'LoginResult', info, digest });
    this.#loggedIn(user, session);
  }

  /** A login with a session goes on with that one, wherever the user lives. */
  #redirect(user: User, session: Session | undefined, p: LoginParameters, extra: JsonObject): void {
    const { switches } = this.#core;
    const target = /^([^/:]+|\[[^\]]+\])(?::(\d+))?(?:\/(.+))?$/.exec(switches.redirectTo);
    const port =
      target?.[2] === undefined
        ? {}
        : { [new URL(this.#link.origin).protocol.slice(0, -1)]: Number(target[2]) };
    const info: JsonObject = {
      host: target?.[1] ?? switches.redirectTo,
      ...port,
      mod: target?.[3] ?? switches.module,
      ...(extra.keyShare === undefined ? {} : { sip: user.sip }),
      ...(session === undefined ? {} : { session: encrypted(session, p) }),
      ...extra,
    };
    this.#stage = { at: 'start' };
    this.#link.send({ mt: 'Redirect', info, digest: redirectDigest(p, info) });
  }

  #fail(error: keyof typeof errors, errorText: string = errors[error]): void {
    this.#link.send({ mt: 'LoginResult', error, errorText });
  }

  #abandon(): void {
    const stage = this.#stage;
    if (stage.at === 'oauth2') this.#core.oauth2.cancel(stage.state);
    if (stage.at === 'authorizing') {
      this.#core.sessions.remove(stage.session);
      this.#core.clients.sessionDeleted(stage.session);
    }
    if (stage.at === 'oauth2' || stage.at === 'authorizing') this.#stage = { at: 'start' };
  }
}

function encrypted(session: Session, p: LoginParameters): JsonObject {
  return {
    usr: encryptSessionCredential('usr', p.nonce, p.password, session.usr),
    pwd: encryptSessionCredential('pwd', p.nonce, p.password, session.pwd),
  };
}
