// The login on the client connection (protocol, section 2), from CheckBuild to a proven LoginResult.
import type { LoginReason, Reason } from '../ipc/contract.ts';
import type { LoginProof } from './digests.ts';
import {
  decryptSessionField,
  isProven,
  loginResponse,
  loginResultDigest,
  redirectDigest,
} from './digests.ts';
import type { Frame, Json, JsonObject } from './frames.ts';
import { number, object, rawMembers, text, textOrNumber, truthy } from './frames.ts';
import type { Credentials, Login, PbxSettings, PbxUser, World } from './index.ts';
import type { Sibling } from './server-address.ts';

export interface LoginOptions {
  login: Login;
  userAgent: string;
  settings: PbxSettings;
  world: World;
  send(frame: Json): void;
}

export interface LoginOutcome {
  user: PbxUser;
  /** For the next login; null when the PBX gave none. */
  session: Credentials | null;
  /** `host:port/module` of the standby PBX, as the PBX wrote it; empty: there is none. */
  standby: string;
}

/** Protocol, section 2, Redirect: proven by its digest. */
export interface Redirection extends Sibling {
  /** For the login there; null when the PBX gave none. */
  session: Credentials | null;
}

export interface LoginHandlers {
  loggedIn(outcome: LoginOutcome): void;
  /** The user lives on another PBX; this login is over. */
  redirected(to: Redirection): void;
  failed(reason: Reason<LoginReason>): void;
  /** Second factor: show the code and wait. */
  authorize(code: number): void;
  /** What answers the socket does not answer a login. */
  unanswered(): void;
}

export interface LoginDialogue {
  /** True: the frame belongs to the login. */
  received(frame: Frame, source: string): boolean;
  stop(): void;
}

type Phase = 'build' | 'info' | 'challenge' | 'result' | 'authorizing' | 'over';

export function startLogin(options: LoginOptions, handlers: LoginHandlers): LoginDialogue {
  const { login, userAgent, settings, world, send } = options;
  const type = login.kind === 'password' ? 'user' : 'session';
  const username = login.kind === 'password' ? login.user : login.usr;
  const password = login.kind === 'password' ? login.password : login.pwd;
  const nonce = Buffer.from(world.random(8)).toString('hex');

  let phase: Phase = 'build';
  let proof: LoginProof | null = null;
  let cancelDeadline = () => {};

  function enter(next: Phase, limit?: number, late: () => void = handlers.unanswered) {
    phase = next;
    cancelDeadline();
    cancelDeadline = () => {};
    if (limit === undefined) return;
    cancelDeadline = world.after(limit, late);
  }

  function fail(code: LoginReason, detail?: string) {
    enter('over');
    handlers.failed(detail === undefined || detail === '' ? { code } : { code, detail });
  }

  function askMethods() {
    enter('info', settings.loginInfoTimeout, () => askChallenge());
    send({ mt: 'SubscribeRegister' });
    send({ mt: 'LoginInfo' });
  }

  function askChallenge() {
    enter('challenge', settings.requestTimeout);
    send({ mt: 'Login', type, userAgent });
  }

  function methodsKnown(frame: Frame) {
    const offered = object(frame[type]);
    if (type === 'session' || truthy(offered.digest)) return askChallenge();
    if (truthy(offered.oauth2)) return fail('method-oauth2', text(offered.oauth2Name));
    if (truthy(offered.ntlm)) return fail('method-ntlm');
    askChallenge();
  }

  function challenged(frame: Frame) {
    const method = text(frame.method) || 'digest';
    if (method === 'oauth2') return fail('method-oauth2');
    if (method === 'ntlm') return fail('method-ntlm');
    if (method !== 'digest') return fail('rejected', `unknown login method ${method}`);
    const challenge = textOrNumber(frame.challenge);
    proof = { domain: text(frame.domain), username, password, nonce, challenge };
    enter('result', settings.requestTimeout);
    send({
      mt: 'Login',
      type,
      method,
      username,
      nonce,
      response: loginResponse(type, proof),
      userAgent,
    });
  }

  function refused(error: number, errorText: string) {
    const detail = errorText || String(error);
    // What the PBX answers once the right password was given and the second factor was asked for is about that.
    if (phase === 'authorizing') return fail('authorization-refused', detail);
    if (error === 5 || (error === 2 && type === 'session')) return fail('session-expired', detail);
    if (error === 2) return fail('wrong-password', detail);
    fail('rejected', detail);
  }

  function decided(frame: Frame, source: string) {
    const error = number(frame.error);
    if ((error !== null && error !== 0) || (frame.info === undefined && text(frame.errorText) !== '')) {
      return refused(error ?? 0, text(frame.errorText));
    }
    const known = proof;
    const info = rawMembers(source).get('info');
    // Nothing in `info` is believed before the server has proved that it knows the secret.
    if (
      known === null ||
      info === undefined ||
      !isProven(text(frame.digest), info, (candidate) => loginResultDigest(known, candidate))
    ) {
      return fail('server-not-proven');
    }
    enter('over');
    const content = object(frame.info);
    handlers.loggedIn({
      user: readUser(content, known),
      session: sessionOf(content, known),
      standby: text(content.alt),
    });
  }

  /** A login with a session that brings no other one goes on with its own. */
  function sessionOf(content: JsonObject, known: LoginProof): Credentials | null {
    return (
      readSession(content, known) ?? (login.kind === 'session' ? { usr: login.usr, pwd: login.pwd } : null)
    );
  }

  /** Protocol, section 2: the user lives on another PBX. The session in `info` is for that one. */
  function redirected(frame: Frame, source: string) {
    const known = proof;
    const info = rawMembers(source).get('info');
    if (
      known === null ||
      info === undefined ||
      !isProven(text(frame.digest), info, (candidate) => redirectDigest(known, candidate))
    ) {
      return fail('server-not-proven');
    }
    enter('over');
    const content = object(frame.info);
    handlers.redirected({
      host: text(content.host),
      http: number(content.http),
      https: number(content.https),
      module: text(content.mod),
      session: sessionOf(content, known),
    });
  }

  enter('build', settings.loginInfoTimeout, askMethods);
  // Without `url`: it would name the build of a web page that this client does not have.
  send({ mt: 'CheckBuild' });

  return {
    received(frame, source) {
      switch (frame.mt) {
        case 'CheckBuildResult':
          if (phase === 'build') askMethods();
          return true;
        case 'UpdateRegister':
          return true;
        case 'LoginInfoResult':
          if (phase === 'info') methodsKnown(frame);
          return true;
        case 'Authenticate':
          if (phase === 'challenge') challenged(frame);
          return true;
        case 'Authorize':
          if (phase === 'result' || phase === 'authorizing') {
            // No deadline from here on: a person has to find another device. The PBX ends it.
            enter('authorizing');
            handlers.authorize(number(frame.code) ?? 0);
          }
          return true;
        case 'LoginResult':
          if (phase === 'challenge' || phase === 'result' || phase === 'authorizing') decided(frame, source);
          return true;
        case 'Redirect':
          if (phase === 'result' || phase === 'authorizing') redirected(frame, source);
          return true;
        default:
          return false;
      }
    },
    stop: () => enter('over'),
  };
}

/** `info` is flat (`info.sip`) or nested (`info.user.sip`): protocol, section 2. */
function readUser(info: JsonObject, proof: LoginProof): PbxUser {
  const nested = object(info.user);
  const user = nested.sip === undefined ? info : nested;
  const sip = text(user.sip) || proof.username;
  return {
    sip,
    name: text(user.dn) || text(user.cn) || sip,
    domain: text(user.domain) || proof.domain,
    guid: text(user.guid),
    num: textOrNumber(user.num),
  };
}

function readSession(info: JsonObject, proof: LoginProof): Credentials | null {
  const session = object(info.session);
  const usr = decryptSessionField('usr', text(session.usr), proof);
  const pwd = decryptSessionField('pwd', text(session.pwd), proof);
  return usr ? { usr, pwd: pwd ?? '' } : null;
}
