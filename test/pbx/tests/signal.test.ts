import { afterEach, describe, expect, it } from 'vitest';
import { startPbx, type Pbx, type PbxStartOptions, type Peer } from '../index.ts';
import { isObject, type JsonObject } from '../json.ts';

const running: Pbx[] = [];

/** Without a licence by default: what the PBX does by itself. */
async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx({ messages: false, ...options });
  running.push(pbx);
  return pbx;
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

const setup = (sip: string): JsonObject => ({
  type: 'setup',
  bc: 'a880',
  channel: 0,
  complete: true,
  cd: { sip },
  fty: [{ type: 'im_setup' }, { type: 'name_identification', name: 'Somebody Else' }],
});

const text = (data: string, more: JsonObject = {}): JsonObject => ({
  type: 'facility',
  fty: [{ type: 'im_message', mime: 'text/html', data, ...more }],
});

/** The signalling that somebody has received on one call, oldest first. */
function heard(peer: Peer, call: number): JsonObject[] {
  return peer.frames
    .filter((frame) => frame.mt === 'Signaling' && frame.call === call)
    .map((frame) => frame.sig as JsonObject);
}

async function signaled(peer: Peer, call: number, type: string): Promise<JsonObject> {
  await peer.until(() => heard(peer, call).some((sig) => sig.type === type), `${type} on call ${call}`);
  return heard(peer, call).find((sig) => sig.type === type) as JsonObject;
}

async function cause(peer: Peer, call: number): Promise<unknown> {
  const { cau } = await signaled(peer, call, 'rel');
  return isObject(cau) ? cau.num : undefined;
}

describe('Register', () => {
  it('needs NO_MEDIA_CALL', async () => {
    const alice = await (await start()).user('alice');
    alice.sendApp({ api: 'PbxSignal', mt: 'Register', src: 'r' });
    expect(await alice.frame('RegisterResult', (frame) => frame.src === 'r')).toMatchObject({
      err: expect.any(String),
    });
  });

  it.each([
    ['optional', undefined, true],
    ['optional', 'alice', true],
    ['optional', 'alice-pc', true],
    ['optional', 'bob-pc', false],
    ['sip', undefined, false],
    ['sip', 'alice', true],
    ['device', 'alice', false],
    ['device', 'alice-pc', true],
  ] as const)('with registerHw %s and hw %s', async (registerHw, hw, works) => {
    const pbx = await start({ switches: { registerHw } });
    const alice = await pbx.user('alice');
    alice.sendApp({ api: 'PbxSignal', mt: 'Register', src: 'r', hw, flags: 'NO_MEDIA_CALL' });
    const result = await alice.frame('RegisterResult', (frame) => frame.src === 'r');
    expect(result.err === undefined).toBe(works);
  });

  it('is needed before a call', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice', { register: false });
    const bob = await pbx.user('bob');
    alice.signal(1, setup('bob'));
    expect(await cause(alice, 1)).toBe(98);
    expect(heard(bob, -1)).toEqual([]);
  });
});

describe('a chat call', () => {
  it('goes to the peer with who calls, and both sides talk on it', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice');
    const bob = await pbx.user('bob');
    alice.signal(7, setup('bob'));
    const inbound = await signaled(bob, -1, 'setup');
    expect(inbound).toMatchObject({
      bc: 'a880',
      channel: 0,
      complete: true,
      cg: { sip: 'alice' },
      cd: { sip: 'bob' },
    });
    expect(inbound.fty).toEqual([{ type: 'im_setup' }, { type: 'name_identification', name: 'Alice Adams' }]);
    await signaled(alice, 7, 'conn');
    expect(heard(alice, 7).map((sig) => sig.type)).toEqual(['call_proc', 'alert', 'conn']);
    alice.signal(7, text('<b>hello</b>'));
    const message = await bob.waitFor((one) => one.html === '<b>hello</b>');
    expect(message).toMatchObject({ from: 'alice', dn: 'Alice Adams' });
    expect(Math.abs((message.time ?? 0) - Date.now() / 1000)).toBeLessThan(5);
    bob.signal(-1, text('hi'));
    expect(JSON.stringify(await signaled(alice, 7, 'facility'))).toContain('"data":"hi","sender":"bob"');
    alice.signal(7, { type: 'rel', cau: { num: 16 } });
    expect(await cause(bob, -1)).toBe(16);
  });

  it('numbers inbound calls negatively, each differently', async () => {
    const pbx = await start();
    const [alice, bob, tom] = [await pbx.user('alice'), await pbx.user('bob'), await pbx.user('tom')];
    alice.signal(1, setup('bob'));
    await signaled(bob, -1, 'setup');
    tom.signal(1, setup('bob'));
    expect(await signaled(bob, -2, 'setup')).toMatchObject({ cg: { sip: 'tom' } });
  });

  it('can be made to a number', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.signal(1, { ...setup('x'), cd: { num: '24' } });
    await signaled(bob, -1, 'setup');
  });

  it('holds messages that come before the answer, in order, and the latest sign of typing', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob', { answer: 'never' })];
    alice.signal(1, {
      ...setup('bob'),
      fty: [{ type: 'im_setup' }, { type: 'im_message', mime: 'text/html', data: 'one' }],
    });
    alice.signal(1, text('two'));
    alice.signal(1, text('', { typing: true }));
    await signaled(bob, -1, 'setup');
    expect(bob.messages).toEqual([]);
    bob.signal(-1, { type: 'conn' });
    await bob.waitFor((one) => one.text === 'two');
    await bob.until(() => bob.typing.get('alice') === true, 'sign of typing');
    expect(bob.messages.map((one) => one.text)).toEqual(['one', 'two']);
  });

  it('delivers messages before the answer when switched so, also within setup', async () => {
    const pbx = await start({ switches: { earlyMessages: 'relayed' } });
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob', { answer: 'never' })];
    alice.signal(1, {
      ...setup('bob'),
      fty: [{ type: 'im_setup' }, { type: 'im_message', mime: 'text/html', data: 'one' }],
    });
    alice.signal(1, text('two'));
    await bob.waitFor((one) => one.text === 'two');
    expect(bob.messages.map((one) => one.text)).toEqual(['one', 'two']);
    expect(JSON.stringify(heard(bob, -1)[0])).toContain('one');
  });

  it('passes conn with its facilities, attachments, segments and facilities that nobody knows', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob', { answer: 'never' })];
    alice.signal(1, setup('bob'));
    await signaled(bob, -1, 'setup');
    bob.signal(-1, { type: 'conn', fty: [{ type: 'im_message', mime: 'text/html', data: 'within conn' }] });
    expect(JSON.stringify(await signaled(alice, 1, 'conn'))).toContain('within conn');
    alice.signal(1, { type: 'facility', fty: [{ type: 'from_the_future', deep: { er: [1] } }] });
    alice.signal(1, text('first ', { more: true }));
    alice.signal(1, text('second', { attach: 'https://a.example/x%20y https%3A%2F%2Fb.example%2Fz' }));
    const message = await bob.waitFor((one) => one.text === 'first second');
    expect(message.attach).toEqual(['https://a.example/x%20y', 'https%3A%2F%2Fb.example%2Fz']);
    expect(heard(bob, -1)).toContainEqual({
      type: 'facility',
      fty: [{ type: 'from_the_future', deep: { er: [1] } }],
    });
  });

  it('tells nobody a false sender', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.signal(1, { ...setup('bob'), cg: { sip: 'olga' } });
    expect(await signaled(bob, -1, 'setup')).toMatchObject({ cg: { sip: 'alice' } });
    alice.signal(1, text('it is me', { sender: 'olga', sender_dn: 'Olga', time: 5 }));
    const message = await bob.waitFor((one) => one.text === 'it is me');
    expect(message).toMatchObject({ from: 'alice', dn: 'Alice Adams' });
    expect(message.time).not.toBe(5);
  });

  it('works in both directions at once', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.say('bob', 'from alice');
    bob.say('alice', 'from bob');
    await bob.waitFor((one) => one.text === 'from alice');
    await alice.waitFor((one) => one.text === 'from bob');
    alice.say('bob', 'again');
    await bob.waitFor((one) => one.text === 'again');
  });

  it('rings at all connections of a user; the first conn takes it', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice');
    const first = await pbx.user('bob', { answer: 'never' });
    const second = await pbx.user('bob', { answer: 'never' });
    alice.signal(1, setup('bob'));
    alice.signal(1, text('for whoever answers'));
    await signaled(first, -1, 'setup');
    await signaled(second, -1, 'setup');
    second.signal(-1, { type: 'conn' });
    expect(await cause(first, -1)).toBe(26);
    await second.waitFor((one) => one.text === 'for whoever answers');
    expect(first.messages).toEqual([]);
  });

  it('rings at the newest connection alone when switched so', async () => {
    const pbx = await start({ switches: { forking: 'newest' } });
    const [alice, first, second] = [await pbx.user('alice'), await pbx.user('bob'), await pbx.user('bob')];
    alice.signal(1, setup('bob'));
    await signaled(second, -1, 'setup');
    await signaled(alice, 1, 'conn');
    expect(heard(first, -1)).toEqual([]);
  });

  it('rings at a connection that registers while it rings', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob', { answer: 'never' })];
    alice.signal(1, setup('bob'));
    alice.signal(1, text('hello'));
    await signaled(bob, -1, 'setup');
    const late = await pbx.user('bob');
    await late.waitFor((one) => one.text === 'hello');
    expect(await cause(bob, -1)).toBe(26);
  });

  it.each([
    ['call_proc', ['call_proc', 'alert', 'conn']],
    ['alert', ['alert', 'conn']],
    ['conn', ['conn']],
  ] as const)('is answered from %s on', async (gate, expected) => {
    const pbx = await start({ switches: { gate } });
    const alice = await pbx.user('alice');
    await pbx.user('bob');
    alice.signal(1, setup('bob'));
    await signaled(alice, 1, 'conn');
    expect(heard(alice, 1).map((sig) => sig.type)).toEqual(expected);
  });

  it('ends for the peer when the caller’s connection breaks', async () => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.signal(1, setup('bob'));
    await signaled(alice, 1, 'conn');
    alice.close();
    expect(await cause(bob, -1)).toBe(16);
  });

  it('writes addresses with the domain when switched so, and reads both forms', async () => {
    const pbx = await start({ switches: { sipForm: 'full' } });
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.signal(1, setup('Bob@Example.com'));
    expect(await signaled(bob, -1, 'setup')).toMatchObject({ cg: { sip: 'alice@example.com' } });
  });
});

describe('a call that fails', () => {
  it.each([
    ['to nobody', 'nobody', {}, 1],
    ['to nobody, switched', 'nobody', { unknownUserCause: 3 }, 3],
    ['to another domain', 'bob@elsewhere.example', {}, 1],
    ['to somebody offline', 'bob', {}, 20],
    ['to somebody offline, switched', 'bob', { offlineCause: 18 }, 18],
    ['to somebody who may not chat', 'vera', {}, 21],
    ['to somebody who may not chat, switched', 'vera', { noChatRightCause: 57 }, 57],
    ['to a group without a licence', 'grp-team', {}, 57],
  ] as const)('%s is released with the cause', async (_case, sip, switches, expected) => {
    const tom = await (await start({ switches })).user('tom');
    tom.signal(1, setup(sip));
    expect(await cause(tom, 1)).toBe(expected);
  });

  it('carries the cause of the peer', async () => {
    const pbx = await start();
    const tom = await pbx.user('tom');
    await pbx.user('bob', { answer: 17 });
    tom.signal(1, setup('bob'));
    expect(await cause(tom, 1)).toBe(17);
  });

  it('ends after a while without an answer when switched so', async () => {
    const pbx = await start({ switches: { noAnswerSeconds: 0.05 } });
    const tom = await pbx.user('tom');
    const bob = await pbx.user('bob', { answer: 'never' });
    tom.signal(1, setup('bob'));
    expect(await cause(tom, 1)).toBe(18);
    expect(await cause(bob, -1)).toBe(18);
  });

  it('wakes a peer whose chat app does not run, and reaches it when it comes', async () => {
    const pbx = await start();
    const tom = await pbx.user('tom');
    const bob = await pbx.user('bob', { chat: false });
    tom.say('bob', 'wake up');
    expect(await bob.frame('Wake')).toMatchObject({ type: 'chat' });
    await bob.connectChat();
    await bob.waitFor((one) => one.text === 'wake up');
  });

  it('is released when the woken peer does not come', async () => {
    const pbx = await start({ switches: { wakeSeconds: 0.05 } });
    const tom = await pbx.user('tom');
    const bob = await pbx.user('bob', { chat: false });
    tom.signal(1, setup('bob'));
    await bob.frame('Wake');
    expect(await cause(tom, 1)).toBe(20);
  });
});

describe('what the PBX refuses', () => {
  it.each([
    ['text with an attribute', text('<b class="x">x</b>'), 29],
    ['an element that is not allowed', text('<img>'), 29],
    ['a script', text('<script>x</script>'), 29],
    ['a bare <', text('1 < 2'), 29],
    ['text of another kind', text('x', { mime: 'application/json' }), 100],
    ['data that is no text', text('x', { data: 5 }), 100],
    ['attachments with blanks', text('x', { attach: 'https://a.example/x  y' }), 100],
    ['a facility without a type', { type: 'facility', fty: [{ data: 'x' }] }, 100],
  ] as const)('%s: both sides are released', async (_case, sig, expected) => {
    const pbx = await start();
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.signal(1, setup('bob'));
    await signaled(alice, 1, 'conn');
    alice.signal(1, sig as unknown as JsonObject);
    expect(await cause(alice, 1)).toBe(expected);
    await signaled(bob, -1, 'rel');
    expect(bob.messages).toEqual([]);
  });

  it.each([
    ['a call with media', { channel: -1 }, 100],
    ['a call without im_setup', { fty: [] }, 79],
    ['a call to nowhere', { cd: {} }, 100],
    [
      'a text with attributes in the setup',
      { fty: [{ type: 'im_setup' }, { type: 'im_message', mime: 'text/html', data: '<p id="x">' }] },
      29,
    ],
  ])('%s', async (_case, change, expected) => {
    const pbx = await start();
    const alice = await pbx.user('alice');
    await pbx.user('bob');
    alice.signal(1, { ...setup('bob'), ...change });
    expect(await cause(alice, 1)).toBe(expected);
  });

  it('own calls with a negative number, and numbers that are in use', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice');
    await pbx.user('bob');
    alice.signal(-5, setup('bob'));
    expect(await cause(alice, -5)).toBe(81);
    alice.signal(1, setup('bob'));
    await signaled(alice, 1, 'conn');
    alice.signal(1, setup('bob'));
    expect(await cause(alice, 1)).toBe(81);
  });

  it('messages on a call that is over', async () => {
    const alice = await (await start()).user('alice');
    alice.signal(9, text('anybody?'));
    expect(await cause(alice, 9)).toBe(81);
  });

  it('segments longer than the limit when there is one', async () => {
    const pbx = await start({ switches: { maxText: 1000 } });
    const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
    alice.send('bob', 'x'.repeat(1000));
    await bob.waitFor((one) => one.text.length === 1000);
    alice.send('bob', 'x'.repeat(1001));
    await alice.until(() => alice.causes.get('bob') === 29, 'release');
  });

  it('calls of somebody whose right was withdrawn', async () => {
    const pbx = await start();
    const [tom, bob] = [await pbx.user('tom'), await pbx.user('bob')];
    tom.signal(1, setup('bob'));
    await signaled(tom, 1, 'conn');
    pbx.setChatRight('bob', false);
    expect(await cause(tom, 1)).toBe(21);
    tom.signal(2, setup('bob'));
    expect(await cause(tom, 2)).toBe(21);
    expect(bob.sip).toBe('bob');
  });
});
