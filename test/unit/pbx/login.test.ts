import { beforeEach, describe, expect, test } from 'vitest';
import { loginResponse, loginResultDigest, redirectDigest } from '../../../src-main/pbx/digests.ts';
import type { JsonObject } from '../../../src-main/pbx/frames.ts';
import { parseFrame, serialise } from '../../../src-main/pbx/frames.ts';
import type { Login } from '../../../src-main/pbx/index.ts';
import type { LoginDialogue, LoginOutcome, Redirection } from '../../../src-main/pbx/login.ts';
import { startLogin } from '../../../src-main/pbx/login.ts';
import { rc4 } from '../../../src-main/pbx/digests.ts';
import { defaultSettings } from '../../../src-main/pbx/settings.ts';
import type { ManualWorld } from './manual-world.ts';
import { createManualWorld } from './manual-world.ts';

const password: Login = { kind: 'password', user: 'alice', password: 's3cret' };
const remembered: Login = { kind: 'session', usr: 'session-name', pwd: 'session-secret' };
const nonce = '0707070707070707';
const challenge = '18bbf2255ea04bad';
const proofOf = (username: string, secret: string) => ({
  domain: 'example.com',
  username,
  password: secret,
  nonce,
  challenge,
});
const proof = proofOf('alice', 's3cret');

let world: ManualWorld;
let sent: JsonObject[];
let outcome: LoginOutcome | Redirection | string | undefined;
let codes: number[];
let dialogue: LoginDialogue;

function begin(login: Login = password) {
  world = createManualWorld();
  sent = [];
  codes = [];
  outcome = undefined;
  dialogue = startLogin(
    {
      login,
      userAgent: 'test',
      settings: defaultSettings,
      world,
      send: (frame) => void sent.push(frame as JsonObject),
    },
    {
      loggedIn: (result) => (outcome = result),
      redirected: (to) => (outcome = to),
      failed: ({ code, detail }) => (outcome = detail === undefined ? code : `${code}: ${detail}`),
      authorize: (code) => void codes.push(code),
      unanswered: () => (outcome = 'unanswered'),
    },
  );
}

function arriveText(source: string): boolean {
  const parsed = parseFrame(source);
  if (!parsed.ok) throw new Error(parsed.error);
  return dialogue.received(parsed.frame, source);
}

const arrive = (frame: JsonObject) => arriveText(serialise(frame));
const sentMts = () => sent.map(({ mt }) => mt);

/** Up to the point where the PBX has to decide. */
function untilResponse(login: Login = password) {
  begin(login);
  arrive({ mt: 'CheckBuildResult' });
  arrive({ mt: 'LoginInfoResult', user: { digest: true }, session: { digest: true } });
  arrive({ mt: 'Authenticate', method: 'digest', domain: 'example.com', challenge });
}

function result(info: JsonObject, by = proof) {
  arrive({ mt: 'LoginResult', info, digest: loginResultDigest(by, serialise(info)) });
}

function encrypted(field: 'usr' | 'pwd', plain: string, secret = 's3cret') {
  const key = `innovaphoneAppClient:${field}:${nonce}:${secret}`;
  return Buffer.from(rc4(Buffer.from(key), Buffer.from(plain))).toString('hex');
}

beforeEach(() => untilResponse());

describe('the order of a login', () => {
  test('is that of the protocol', () => {
    expect(sent).toEqual([
      { mt: 'CheckBuild' },
      { mt: 'SubscribeRegister' },
      { mt: 'LoginInfo' },
      { mt: 'Login', type: 'user', userAgent: 'test' },
      {
        mt: 'Login',
        type: 'user',
        method: 'digest',
        username: 'alice',
        nonce,
        response: loginResponse('user', proof),
        userAgent: 'test',
      },
    ]);
  });

  test('does not wait for a PBX that knows neither CheckBuild nor LoginInfo', () => {
    begin();
    world.advance(defaultSettings.loginInfoTimeout);
    expect(sentMts()).toEqual(['CheckBuild', 'SubscribeRegister', 'LoginInfo']);
    world.advance(defaultSettings.loginInfoTimeout);
    expect(sentMts().at(-1)).toBe('Login');
  });

  test('ends when nothing of it is answered', () => {
    begin();
    world.advance(2 * defaultSettings.loginInfoTimeout + defaultSettings.requestTimeout);
    expect(outcome).toBe('unanswered');
  });

  test('takes a challenge that is a number', () => {
    begin();
    arrive({ mt: 'CheckBuildResult' });
    arrive({ mt: 'LoginInfoResult' });
    arriveText(
      '{"mt":"Authenticate","method":"digest","domain":"example.com","challenge":12345678901234567890}',
    );
    const expected = loginResponse('user', { ...proof, challenge: '12345678901234567890' });
    expect(sent.at(-1)?.response).toBe(expected);
  });

  test('ignores what comes at the wrong time, and leaves what is not of a login', () => {
    begin();
    arrive({ mt: 'LoginInfoResult' });
    arrive({ mt: 'Authenticate', method: 'digest', challenge });
    arrive({ mt: 'LoginResult', info: {} });
    arrive({ mt: 'Redirect', info: {} });
    arrive({ mt: 'Authorize', code: 1 });
    expect(sentMts()).toEqual(['CheckBuild']);
    expect([outcome, codes]).toEqual([undefined, []]);
    expect(arrive({ mt: 'UpdateUser' })).toBe(false);
  });

  test('with a session asks for a session', () => {
    untilResponse(remembered);
    expect(sent[3]).toMatchObject({ type: 'session' });
    expect(sent[4]).toMatchObject({
      type: 'session',
      username: 'session-name',
      response: loginResponse('session', proofOf('session-name', 'session-secret')),
    });
  });

  test('leaves no timer', () => {
    dialogue.stop();
    expect(world.timers).toBe(0);
  });
});

describe('what the PBX offers', () => {
  const offer = (user: JsonObject) => {
    begin();
    arrive({ mt: 'CheckBuildResult' });
    arrive({ mt: 'LoginInfoResult', user });
  };

  test.each([
    [{ digest: false, oauth2: true, oauth2Name: 'Company' }, 'method-oauth2: Company'],
    [{ digest: false, ntlm: true }, 'method-ntlm'],
    [{ ntlm: true, oauth2: true }, 'method-oauth2'],
  ])('%j is said clearly', (user, said) => {
    offer(user);
    expect(outcome).toBe(said);
    expect(sentMts()).not.toContain('Login');
  });

  test.each([{ digest: true, oauth2: true, ntlm: true }, {}])('%j is a digest login', (user) => {
    offer(user);
    expect(sentMts()).toContain('Login');
  });

  test.each([
    ['ntlm', 'method-ntlm'],
    ['oauth2', 'method-oauth2'],
    ['magic', 'rejected: unknown login method magic'],
  ])('the method %s in Authenticate is said clearly', (method, said) => {
    begin();
    arrive({ mt: 'CheckBuildResult' });
    arrive({ mt: 'LoginInfoResult' });
    arrive({ mt: 'Authenticate', method, challenge });
    expect(outcome).toBe(said);
  });
});

describe('a login that succeeds', () => {
  const user = { sip: 'alice', dn: 'Alice', domain: 'example.com', guid: '2c4a', num: 23 };
  const read = { sip: 'alice', name: 'Alice', domain: 'example.com', guid: '2c4a', num: '23' };

  test.each([
    ['flat', user],
    ['nested', { user, account: {} }],
  ])('has the user in info that is %s', (_form, info) => {
    result(info);
    expect(outcome).toEqual({ user: read, session: null, standby: '' });
  });

  test('has a session for the next time, and the standby PBX', () => {
    const session = { usr: encrypted('usr', 'name'), pwd: encrypted('pwd', 'secret') };
    result({ user, session, alt: 'standby.example.com:443/PBX0' });
    expect(outcome).toMatchObject({
      session: { usr: 'name', pwd: 'secret' },
      standby: 'standby.example.com:443/PBX0',
    });
  });

  test('with a session keeps it when no other comes', () => {
    untilResponse(remembered);
    result({ user }, proofOf('session-name', 'session-secret'));
    expect(outcome).toMatchObject({ session: { usr: 'session-name', pwd: 'session-secret' } });
  });

  test('is proven by the digest over the text of info as it came', () => {
    const info = '{"user":{"sip":"alice","10":1.0,"9":"\\/"}}';
    const spaced = info.replaceAll(':', ' : ');
    arriveText(`{"mt":"LoginResult","info":${spaced},"digest":"${loginResultDigest(proof, info)}"}`);
    expect(outcome).toMatchObject({ user: { sip: 'alice' } });
  });

  test.each([
    ['wrong', 'f'.repeat(64)],
    ['missing', undefined],
    ['no text', 5],
  ])('but whose digest is %s is not believed', (_what, digest) => {
    arrive({ mt: 'LoginResult', info: { user }, digest });
    expect(outcome).toBe('server-not-proven');
    expect(world.timers).toBe(0);
  });

  test('but has no info is not believed', () => {
    arrive({ mt: 'LoginResult', digest: loginResultDigest(proof, '') });
    expect(outcome).toBe('server-not-proven');
  });

  test('before the PBX has asked for a proof is not believed', () => {
    begin();
    arrive({ mt: 'CheckBuildResult' });
    arrive({ mt: 'LoginInfoResult' });
    result({ user });
    expect(outcome).toBe('server-not-proven');
  });
});

describe('a login that is refused', () => {
  test.each([
    [2, 'wrong-password: Text'],
    ['2', 'wrong-password: Text'],
    [5, 'session-expired: Text'],
    [1, 'rejected: Text'],
    [99, 'rejected: Text'],
  ])('with error %j says %s', (error, said) => {
    arrive({ mt: 'LoginResult', error, errorText: 'Text' });
    expect(outcome).toBe(said);
  });

  test.each([2, 5])('with a session and error %s asks for the password again', (error) => {
    untilResponse(remembered);
    arrive({ mt: 'LoginResult', error });
    expect(outcome).toBe(`session-expired: ${error}`);
  });

  test('without a number says what the PBX says', () => {
    arrive({ mt: 'LoginResult', errorText: 'Licence missing' });
    expect(outcome).toBe('rejected: Licence missing');
  });
});

describe('the second factor', () => {
  test('shows its code and waits as long as it takes', () => {
    arrive({ mt: 'Authorize', code: 42 });
    expect(codes).toEqual([42]);
    world.advance(3_600_000);
    expect(outcome).toBeUndefined();
    result({ sip: 'alice' });
    expect(outcome).toMatchObject({ user: { sip: 'alice' } });
  });

  test('that is refused says so', () => {
    arrive({ mt: 'Authorize', code: 42 });
    arrive({ mt: 'LoginResult', error: 2, errorText: 'Authentication failed' });
    expect(outcome).toBe('authorization-refused: Authentication failed');
  });
});

describe('a redirect', () => {
  const info = { host: 'secondary.example.com', mod: 'PBX0' };

  test('that is proven names the other PBX, and the session for it', () => {
    const session = { usr: encrypted('usr', 'there'), pwd: encrypted('pwd', 'secret there') };
    const full = { ...info, http: 80, https: 8443, session };
    arrive({ mt: 'Redirect', info: full, digest: redirectDigest(proof, serialise(full)) });
    expect(outcome).toEqual({
      host: 'secondary.example.com',
      http: 80,
      https: 8443,
      module: 'PBX0',
      session: { usr: 'there', pwd: 'secret there' },
    });
    expect(world.timers).toBe(0);
  });

  test('may bring no session, and a login with one keeps its own', () => {
    arrive({ mt: 'Redirect', info, digest: redirectDigest(proof, serialise(info)) });
    expect(outcome).toMatchObject({ https: null, session: null });
    const own = { usr: 'own', pwd: 'own secret' };
    untilResponse({ kind: 'session', ...own });
    const digest = redirectDigest({ ...proof, username: own.usr, password: own.pwd }, serialise(info));
    arrive({ mt: 'Redirect', info, digest });
    expect(outcome).toMatchObject({ host: 'secondary.example.com', session: own });
  });

  test('that is not proven leads nowhere', () => {
    arrive({ mt: 'Redirect', info, digest: loginResultDigest(proof, serialise(info)) });
    expect(outcome).toBe('server-not-proven');
  });
});
