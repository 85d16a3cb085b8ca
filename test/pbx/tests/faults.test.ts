import { afterEach, describe, expect, it } from 'vitest';
import {
  setSwitch,
  startPbx,
  switchTable,
  type FrameRule,
  type Pbx,
  type PbxStartOptions,
} from '../index.ts';
import { defaultSwitches } from '../switches.ts';
import { RawClient } from './raw-client.ts';

const running: Pbx[] = [];

async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx({ messages: false, ...options });
  running.push(pbx);
  return pbx;
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

async function client(rule?: FrameRule): Promise<{ pbx: Pbx; raw: RawClient }> {
  const pbx = await start();
  if (rule !== undefined) pbx.faults.on(rule);
  return { pbx, raw: await RawClient.open(pbx.clientUrl) };
}

describe('faults of single frames', () => {
  it('drop-before breaks the link instead of the frame', async () => {
    const { raw } = await client({ action: 'drop-before', mt: 'CheckBuildResult' });
    raw.send({ mt: 'CheckBuild' });
    expect(await raw.closed()).toBe(1006);
    expect(raw.frames).toEqual([]);
  });

  it('drop-after breaks it right behind the n-th frame', async () => {
    const { raw } = await client({ action: 'drop-after', mt: 'CheckBuildResult', nth: 2 });
    raw.send({ mt: 'CheckBuild' });
    await raw.next('CheckBuildResult');
    raw.send({ mt: 'CheckBuild' });
    expect(await raw.closed()).toBe(1006);
  });

  it('drop-before on the way in leaves the request undone', async () => {
    const { pbx, raw } = await client({ action: 'drop-before', direction: 'in', mt: 'CheckBuild' });
    raw.send({ mt: 'CheckBuild' });
    raw.send({ mt: 'SubscribeRegister' });
    await raw.closed();
    expect(pbx.received.frames).toEqual([]);
  });

  it('swallow loses one, duplicate doubles one, garbage comes before one', async () => {
    const { pbx, raw } = await client({ action: 'swallow', mt: 'CheckBuildResult' });
    raw.send({ mt: 'CheckBuild' });
    raw.send({ mt: 'SubscribeRegister' });
    await raw.next('UpdateRegister');
    expect(raw.frames.map((frame) => frame.mt)).toEqual(['UpdateRegister']);
    pbx.faults.on({ action: 'duplicate', mt: 'UpdateRegister' });
    pbx.faults.on({ action: 'garbage', mt: 'CheckBuildResult', text: '}{' });
    raw.send({ mt: 'SubscribeRegister' });
    raw.send({ mt: 'CheckBuild' });
    await raw.next('CheckBuildResult');
    expect(raw.frames.map((frame) => frame.mt)).toEqual([
      'UpdateRegister',
      'UpdateRegister',
      'UpdateRegister',
      'CheckBuildResult',
    ]);
    expect(raw.texts.at(-2)).toBe('}{');
  });

  it('delay keeps the order', async () => {
    const { raw } = await client({ action: 'delay', mt: 'CheckBuildResult', ms: 60 });
    const begin = performance.now();
    raw.send({ mt: 'CheckBuild' });
    raw.send({ mt: 'SubscribeRegister' });
    await raw.next('UpdateRegister');
    expect(raw.frames.map((frame) => frame.mt)).toEqual(['CheckBuildResult', 'UpdateRegister']);
    expect(performance.now() - begin).toBeGreaterThan(50);
  });

  it('delay keeps the order also when its time is over before its timer runs', async () => {
    let now = 1_750_000_000_000;
    const timers: (() => void)[] = [];
    const after = (_milliseconds: number, run: () => void): (() => void) => {
      timers.push(run);
      return () => undefined;
    };
    const pbx = await start({ clock: { now: () => now, after } });
    pbx.faults.on({ action: 'delay', mt: 'CheckBuildResult', ms: 60 });
    const raw = await RawClient.open(pbx.clientUrl);
    raw.send({ mt: 'CheckBuild' });
    await pbx.received.waitFor(({ mt }) => mt === 'CheckBuild');
    now += 1000;
    raw.send({ mt: 'SubscribeRegister' });
    await pbx.received.waitFor(({ mt }) => mt === 'SubscribeRegister');
    for (let run = timers.shift(); run !== undefined; run = timers.shift()) run();
    await raw.next('UpdateRegister');
    expect(raw.frames.map((frame) => frame.mt)).toEqual(['CheckBuildResult', 'UpdateRegister']);
  });

  it('refuse ends a call with its cause on both sides, and answers a request with Error', async () => {
    const pbx = await startPbx();
    running.push(pbx);
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    pbx.faults.on({ action: 'refuse', direction: 'in', user: 'alice', sig: 'setup', cause: 17 });
    alice.say('bob', 'to nobody');
    await alice.until(() => alice.causes.get('bob') === 17, 'release');
    alice.say('bob', 'on a call');
    await bob.waitFor(({ text }) => text === 'on a call');
    pbx.faults.on({ action: 'refuse', direction: 'in', user: 'alice', sig: 'facility' });
    alice.say('bob', 'refused');
    await alice.until(() => alice.causes.get('bob') === 41, 'release');
    await bob.until(() => !bob.isConnectedTo('alice'), 'release at the other side');
    expect(bob.messages.map(({ text }) => text)).toEqual(['on a call']);
    pbx.faults.on({ action: 'refuse', direction: 'in', mt: 'Session' });
    await expect(alice.openMessages()).rejects.toThrow('Session answered by Error');
    await alice.openMessages();
  });

  it('strike only the kind, the user and the signalling they name', async () => {
    const pbx = await start();
    pbx.faults.on({ action: 'drop-before', kind: 'app', user: 'bob', sig: 'conn', direction: 'in' });
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    bob.say('alice', 'this one works');
    await alice.waitFor((message) => message.text === 'this one works');
    alice.say('bob', 'this one fails');
    await alice.until(() => alice.causes.get('bob') === 27, 'release');
  });
});

describe('faults of links', () => {
  it('a half-open link answers nothing, not even pings, until it is cleared', async () => {
    const { pbx, raw } = await client();
    raw.send({ mt: 'CheckBuild' });
    await raw.next('CheckBuildResult');
    expect(pbx.faults.halfOpen(true)).toBe(1);
    let pongs = 0;
    raw.socket.on('pong', () => (pongs += 1));
    raw.socket.ping();
    raw.send({ mt: 'CheckBuild' });
    const other = await RawClient.open(pbx.clientUrl);
    other.send({ mt: 'CheckBuild' });
    await other.next('CheckBuildResult');
    expect([pongs, raw.frames.length, raw.closedWith]).toEqual([0, 1, undefined]);
    pbx.faults.clear();
    await raw.next('CheckBuildResult');
    expect(pongs).toBe(1);
  });

  it('drop hits the links that fit', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    let lost = 0;
    alice.onLost = () => (lost += 1);
    bob.onLost = () => (lost += 100);
    expect(pbx.faults.drop({ user: 'alice', kind: 'app' })).toBe(1);
    await pbx.until(() => lost > 0, 'broken link');
    expect(lost).toBe(1);
    expect(pbx.isRegistered('bob')).toBe(true);
  });

  it('connections are refused when asked for', async () => {
    const pbx = await start();
    pbx.faults.refuseConnections = true;
    await expect(RawClient.open(pbx.clientUrl)).rejects.toThrow('503');
    pbx.faults.clear();
    await RawClient.open(pbx.clientUrl);
  });

  it('StandbyBack and Disconnect announce the end', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice', { chat: false });
    pbx.announceEnd('StandbyBack');
    await alice.frame('StandbyBack');
  });
});

describe('switches', () => {
  it('start with the first value, and each says what it is for', () => {
    for (const [name, definition] of Object.entries(switchTable)) {
      expect(definition.about, name).toMatch(/^(?:section \d|introduction)/);
    }
    expect(defaultSwitches()).toMatchObject({
      gate: 'call_proc',
      offlineCause: 20,
      pathPrefix: '',
      maxText: 0,
    });
  });

  it.each([
    ['gate', 'conn', undefined],
    ['offlineCause', '27', undefined],
    ['maxText', '1000', undefined],
    ['gate', 'never', "'gate' is one of call_proc, alert, conn, not 'never'"],
    ['maxText', 'many', "'maxText' is a number of at least 0, not 'many'"],
    ['toString', 'x', "there is no switch 'toString'"],
  ])('%s=%s', (name, value, problem) => {
    expect(setSwitch(defaultSwitches(), name, value)).toBe(problem);
  });

  it('KeepAlive is echoed or unanswered when switched so', async () => {
    const pbx = await start({ switches: { keepAlive: 'echo' } });
    const raw = await RawClient.open(pbx.clientUrl);
    raw.send({ mt: 'KeepAlive' });
    await raw.next('KeepAlive');
    pbx.setSwitch('keepAlive', 'silent');
    raw.send({ mt: 'KeepAlive' });
    raw.send({ mt: 'CheckBuild' });
    await raw.next('CheckBuildResult');
    expect(raw.frames).toHaveLength(2);
  });
});

describe('/control', () => {
  async function control(pbx: Pbx, body: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${pbx.url}/control`, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  }

  it('is not there unless asked for', async () => {
    expect((await fetch(`${(await start()).url}/control`)).status).toBe(404);
  });

  it('tells the state, sets switches and faults, and lets people act', async () => {
    const pbx = await start({ control: true });
    expect(await control(pbx, { command: 'switch', name: 'gate', value: 'conn' })).toMatchObject({
      status: 200,
    });
    expect(pbx.switches.gate).toBe('conn');
    const bob = await pbx.user('bob');
    await control(pbx, { command: 'say', user: 'alice', to: 'bob', text: 'steered' });
    await bob.waitFor((message) => message.text === 'steered');
    const state = (await (await fetch(`${pbx.url}/control`)).json()) as { registered: string[] };
    expect(state.registered.sort()).toEqual(['alice', 'bob']);
    await control(pbx, { command: 'faults', refuseConnections: true });
    expect(pbx.faults.refuseConnections).toBe(true);
  });

  it('says what is wrong with a command', async () => {
    const pbx = await start({ control: true });
    expect(await control(pbx, { command: 'dance' })).toMatchObject({ status: 400 });
    const wrong = await control(pbx, { command: 'switch', name: 'gate', value: 'x' });
    expect(wrong).toMatchObject({ status: 400, body: { error: expect.stringContaining('one of') } });
    expect(await control(pbx, { command: 'licence', user: 'nobody' })).toMatchObject({ status: 400 });
  });
});
