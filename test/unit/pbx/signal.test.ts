import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src-main/pbx/frames.ts';
import type { PbxEvent, PbxSettings, PbxUser } from '../../../src-main/pbx/index.ts';
import { defaultSettings } from '../../../src-main/pbx/settings.ts';
import type { Signal } from '../../../src-main/pbx/signal.ts';
import { createSignal } from '../../../src-main/pbx/signal.ts';
import type { ManualWorld } from './manual-world.ts';
import { createManualWorld, start } from './manual-world.ts';
import type { ScriptedChannel } from './scripted-channel.ts';
import { createScriptedChannel } from './scripted-channel.ts';

const alice: PbxUser = { sip: 'alice', name: 'Alice', domain: 'example.com', guid: '', num: '23' };
const registered = { api: 'PbxSignal', mt: 'RegisterResult' };

let world: ManualWorld;
let events: PbxEvent[];
let channel: ScriptedChannel;
let signal: Signal;
let groups: Set<string>;

async function connect(settings: Partial<PbxSettings> = {}) {
  world = createManualWorld();
  events = [];
  groups = new Set();
  signal = createSignal({
    settings: { ...defaultSettings, ...settings },
    world,
    emit: (event) => void events.push(event),
    groups,
  });
  await register();
}

async function register() {
  channel = createScriptedChannel();
  const done = signal.register(channel, alice, [null], () => {});
  await channel.answer('Register', registered);
  expect(await done).toEqual({ ok: true, value: null });
  channel.sent.shift();
}

beforeEach(() => connect());

/** What went out: the call and its signal. */
const sent = () => channel.sent.map(({ call, sig }) => ({ call, ...(sig as JsonObject) }) as JsonObject);
const sentTypes = () => sent().map(({ call, type }) => `${String(call)} ${String(type)}`);
const texts = () =>
  sent()
    .flatMap(({ fty }) => (fty ?? []) as JsonObject[])
    .filter(({ type }) => type === 'im_message')
    .map(({ data }) => data);

function arrive(call: number, type: string, more: JsonObject = {}) {
  channel.push('PbxSignal', { mt: 'Signaling', call, sig: { type, ...more } });
}

function im(data: string, more: JsonObject = {}): JsonObject {
  return { type: 'im_message', mime: 'text/html', data, ...more };
}

function send(ref: string, html = ref, sip = 'bob') {
  signal.send({ ref, to: { sip }, html, attachments: [] });
}

function callFrom(call: number, sip: string, ...facilities: JsonObject[]) {
  arrive(call, 'setup', {
    cg: { sip },
    cd: { sip: 'alice' },
    fty: [{ type: 'im_setup' }, { type: 'name_identification', name: sip.toUpperCase() }, ...facilities],
  });
}

const states = () =>
  events.flatMap((event) =>
    event.type === 'im-failed'
      ? [`${event.ref} ${event.reason.code}`]
      : event.type === 'im-sent' || event.type === 'im-delivered'
        ? [`${event.ref} ${event.type}`]
        : [],
  );
const ims = () => events.flatMap((event) => (event.type === 'im' ? [event.im] : []));

describe('the registration', () => {
  test('is tried with one hw after the other until one is taken', async () => {
    const fresh = createScriptedChannel();
    const done = signal.register(fresh, alice, [null, 'alice', 'pc'], () => {});
    await fresh.answer('Register', { ...registered, err: 'hw must be the sip' });
    await fresh.answer('Register', { ...registered, err: 5 });
    await fresh.answer('Register', registered);
    expect(await done).toEqual({ ok: true, value: null });
    expect(fresh.sent).toEqual([
      { api: 'PbxSignal', mt: 'Register', flags: 'NO_MEDIA_CALL' },
      { api: 'PbxSignal', mt: 'Register', hw: 'alice', flags: 'NO_MEDIA_CALL' },
      { api: 'PbxSignal', mt: 'Register', hw: 'pc', flags: 'NO_MEDIA_CALL' },
    ]);
  });

  test('goes on where a hw is met with silence', async () => {
    const fresh = createScriptedChannel();
    const done = signal.register(fresh, alice, [null, 'alice'], () => {});
    await fresh.fail('Register', 'no-answer');
    await fresh.answer('Register', registered);
    expect(await done).toEqual({ ok: true, value: null });
  });

  test('that nothing helps says what the PBX said', async () => {
    const fresh = createScriptedChannel();
    const done = signal.register(fresh, alice, [null], () => {});
    await fresh.answer('Register', { ...registered, err: 'no device' });
    expect(await done).toEqual({ ok: false, reason: { code: 'refused', detail: 'no device' } });
  });

  test('that the PBX takes back later is reported', async () => {
    const lost: string[] = [];
    const fresh = createScriptedChannel();
    const done = signal.register(fresh, alice, [null], (detail) => lost.push(detail));
    await fresh.answer('Register', registered);
    await done;
    fresh.push('PbxSignal', { ...registered, err: 'gone' });
    expect(lost).toEqual(['gone']);
  });
});

describe('a message to somebody', () => {
  test('opens a call without media', () => {
    send('m1', '<b>hi</b>');
    expect(sent()).toEqual([
      {
        call: 1,
        type: 'setup',
        bc: 'a880',
        channel: 0,
        complete: true,
        cd: { sip: 'bob' },
        fty: [{ type: 'im_setup' }, { type: 'name_identification', name: 'Alice' }],
      },
    ]);
    expect(states()).toEqual([]);
  });

  test.each(['call_proc', 'alert'])('goes out on %s and is delivered at conn', (gate) => {
    send('m1', '<b>hi</b>');
    arrive(1, gate);
    expect(sent().at(-1)).toEqual({
      call: 1,
      type: 'facility',
      fty: [{ type: 'im_message', mime: 'text/html', data: '<b>hi</b>', time: start / 1000 }],
    });
    expect(states()).toEqual(['m1 im-sent']);
    arrive(1, 'conn');
    expect(states()).toEqual(['m1 im-sent', 'm1 im-delivered']);
  });

  test('is sent and delivered at once when conn is the first answer', () => {
    send('m1');
    arrive(1, 'conn');
    expect(states()).toEqual(['m1 im-sent', 'm1 im-delivered']);
  });

  test('waits for the gate together with those behind it, in order', () => {
    for (const ref of ['m1', 'm2', 'm3']) send(ref);
    expect(sentTypes()).toEqual(['1 setup']);
    arrive(1, 'call_proc');
    expect(texts()).toEqual(['m1', 'm2', 'm3']);
  });

  test('reuses the call, however the address is written', () => {
    send('m1');
    arrive(1, 'conn');
    send('m2', 'm2', 'Bob@example.com');
    expect(sentTypes()).toEqual(['1 setup', '1 facility', '1 facility']);
  });

  test('to another one opens another call', () => {
    send('m1');
    send('m2', 'm2', 'carol');
    expect(sentTypes()).toEqual(['1 setup', '2 setup']);
  });

  test('to a number calls the number', () => {
    signal.send({ ref: 'm1', to: { num: '42' }, html: 'x', attachments: [] });
    expect(sent()[0]?.cd).toEqual({ num: '42' });
  });

  test('travels in segments when it is long; attachments and time ride on the last', async () => {
    await connect({ segmentLength: 4 });
    signal.send({
      ref: 'm1',
      to: { sip: 'bob' },
      html: 'abcdefghij',
      attachments: [{ url: 'https://a/b c' }],
    });
    arrive(1, 'conn');
    const facilities = sent()
      .slice(1)
      .flatMap(({ fty }) => fty as JsonObject[]);
    expect(facilities).toEqual([
      { type: 'im_message', mime: 'text/html', data: 'abcd', more: true },
      { type: 'im_message', mime: 'text/html', data: 'efgh', more: true },
      { type: 'im_message', mime: 'text/html', data: 'ij', attach: 'https://a/b%20c', time: start / 1000 },
    ]);
    expect(states()).toEqual(['m1 im-sent', 'm1 im-delivered']);
  });

  test('that nobody answers at all fails after a bounded time and the call is released', () => {
    send('m1');
    world.advance(defaultSettings.setupTimeout);
    expect(sentTypes()).toEqual(['1 setup', '1 rel']);
    expect(states()).toEqual(['m1 no-answer']);
  });

  test('whose gate is open never fails by itself', () => {
    send('m1');
    arrive(1, 'alert');
    world.advance(24 * 3_600_000);
    expect(sentTypes()).toEqual(['1 setup', '1 facility']);
    expect(states()).toEqual(['m1 im-sent']);
  });

  test.each([
    [1, 'unknown-user'],
    [17, 'busy'],
    [20, 'not-online'],
    [57, 'not-allowed'],
    [41, 'failed'],
  ])('was not delivered when the call ends before conn with cause %s', (num, code) => {
    send('m1');
    arrive(1, 'call_proc');
    arrive(1, 'rel', { cau: { num } });
    expect(states()).toEqual(['m1 im-sent', `m1 ${code}`]);
  });

  test('that still waited fails with the call, whatever its cause', () => {
    send('m1');
    arrive(1, 'rel', { cau: { num: 20 } });
    send('m2');
    arrive(2, 'rel');
    expect(states()).toEqual(['m1 not-online', 'm2 failed']);
  });

  test.each([16, 26, undefined])(
    'is perhaps not delivered when the call ends before conn with cause %s',
    (num) => {
      send('m1');
      arrive(1, 'call_proc');
      arrive(1, 'rel', num === undefined ? {} : { cau: { num } });
      expect(states()).toEqual(['m1 im-sent', 'm1 connection-lost']);
    },
  );

  test('stays delivered when the call ends after conn', () => {
    send('m1');
    arrive(1, 'conn');
    arrive(1, 'rel', { cau: { num: 41 } });
    expect(states()).toEqual(['m1 im-sent', 'm1 im-delivered']);
  });

  test('after the end of a call opens a new one', () => {
    send('m1');
    arrive(1, 'conn');
    arrive(1, 'rel');
    send('m2');
    expect(sentTypes().at(-1)).toBe('2 setup');
  });

  test('can be sent again from within the news of its failure', async () => {
    let again = true;
    world = createManualWorld();
    signal = createSignal({
      settings: defaultSettings,
      world,
      groups,
      emit(event) {
        if (event.type === 'im-failed' && again) {
          again = false;
          send('m2');
        }
      },
    });
    await register();
    send('m1');
    world.advance(defaultSettings.setupTimeout);
    expect(sentTypes()).toEqual(['1 setup', '1 rel', '2 setup']);
  });

  test('a disc is answered by rel and ends the call', () => {
    send('m1');
    arrive(1, 'call_proc');
    arrive(1, 'disc', { cau: { num: 17 } });
    expect(sentTypes().at(-1)).toBe('1 rel');
    expect(states()).toEqual(['m1 im-sent', 'm1 busy']);
  });
});

describe('a call that is idle', () => {
  test('is released by its caller five minutes after the last message in either direction', () => {
    send('m1');
    arrive(1, 'conn');
    world.advance(200_000);
    arrive(1, 'facility', { fty: [im('hello')] });
    world.advance(299_999);
    expect(sentTypes().at(-1)).toBe('1 facility');
    world.advance(1);
    expect(sentTypes().at(-1)).toBe('1 rel');
    expect(world.timers).toBe(0);
  });

  test('is not kept by typing', () => {
    send('m1');
    arrive(1, 'conn');
    world.advance(299_000);
    signal.sendTyping({ sip: 'bob' }, true);
    world.advance(1000);
    expect(sentTypes().at(-1)).toBe('1 rel');
  });

  test('of somebody who never releases it is released here, later', () => {
    callFrom(-1, 'bob');
    world.advance(defaultSettings.callIdle);
    expect(sentTypes()).toEqual(['-1 conn']);
    world.advance(defaultSettings.callIdle);
    expect(sentTypes()).toEqual(['-1 conn', '-1 rel']);
  });
});

describe('a chat call from somebody', () => {
  test('is answered', () => {
    callFrom(-1, 'bob');
    expect(sent()).toEqual([{ call: -1, type: 'conn' }]);
  });

  test('any other call is released with cause 26', () => {
    arrive(-1, 'setup', { cg: { sip: 'bob' }, fty: [{ type: 'video' }] });
    expect(sent()).toEqual([{ call: -1, type: 'rel', cau: { num: 26 } }]);
    arrive(-2, 'setup', { cg: { sip: 'bob' } });
    expect(sentTypes()).toEqual(['-1 rel', '-2 rel']);
  });

  test('brings messages in setup, before conn and after it', async () => {
    await connect({ answer: 'in-use' });
    callFrom(-1, 'bob', im('one'));
    arrive(-1, 'facility', { fty: [im('two')] });
    expect(sentTypes()).toEqual([]);
    signal.setInUse(true);
    arrive(-1, 'facility', { fty: [im('three'), im('four')] });
    expect(sentTypes()).toEqual(['-1 conn']);
    expect(ims().map(({ data }) => data)).toEqual(['one', 'two', 'three', 'four']);
    expect(ims()[0]).toMatchObject({
      from: { sip: 'bob' },
      fromName: 'BOB',
      group: false,
      author: { sip: 'bob', name: 'BOB' },
      own: false,
      at: start,
      incomplete: false,
    });
  });

  test('is left to other devices while the window is not in use, if the setting says so', async () => {
    await connect({ answer: 'in-use' });
    signal.setInUse(true);
    callFrom(-1, 'bob');
    signal.setInUse(false);
    callFrom(-2, 'carol');
    expect(sentTypes()).toEqual(['-1 conn']);
    arrive(-2, 'rel', { cau: { num: 26 } });
    signal.setInUse(true);
    expect(sentTypes()).toEqual(['-1 conn']);
  });

  test('is where the answer goes out', () => {
    callFrom(-1, 'bob', im('hi'));
    send('m1', 'm1', 'bob@example.com');
    expect(sentTypes()).toEqual(['-1 conn', '-1 facility']);
    expect(states()).toEqual(['m1 im-sent', 'm1 im-delivered']);
  });

  test('is not where the answer goes out if the setting wants an own call', async () => {
    await connect({ replyOn: 'own-call' });
    callFrom(-1, 'bob', im('hi'));
    send('m1');
    expect(sentTypes()).toEqual(['-1 conn', '1 setup']);
  });

  test('while one calls oneself leaves both calls usable, and the own one is used', () => {
    send('m1');
    callFrom(-1, 'bob', im('hi'));
    arrive(1, 'conn');
    arrive(-1, 'facility', { fty: [im('there')] });
    arrive(1, 'facility', { fty: [im('again')] });
    send('m2');
    expect(sentTypes()).toEqual(['1 setup', '-1 conn', '1 facility', '1 facility']);
    expect(ims().map(({ data }) => data)).toEqual(['hi', 'there', 'again']);
  });

  test('that another device takes gives back what was sent on it', () => {
    callFrom(-1, 'bob', im('hi'));
    send('m1');
    arrive(-1, 'rel', { cau: { num: 26 } });
    expect(sentTypes()).toEqual(['-1 conn', '-1 facility', '1 setup']);
    arrive(1, 'conn');
    expect(texts()).toEqual(['m1', 'm1']);
  });

  test('that ends long after the answer gives nothing back', () => {
    callFrom(-1, 'bob', im('hi'));
    send('m1');
    world.advance(60_000);
    arrive(-1, 'rel', { cau: { num: 26 } });
    expect(sentTypes()).toEqual(['-1 conn', '-1 facility']);
  });

  test('comes in a frame twice and is one call', () => {
    callFrom(-1, 'bob', im('hi'));
    callFrom(-1, 'bob', im('hi'));
    expect(sentTypes()).toEqual(['-1 conn']);
    expect(ims()).toHaveLength(1);
  });
});

describe('what a message says about itself', () => {
  const receive = (...facilities: JsonObject[]) => arrive(-1, 'facility', { fty: facilities });
  beforeEach(() => callFrom(-1, 'bob'));

  test('its time is in seconds', () => {
    receive(im('x', { time: 1_767_000_000 }));
    expect(ims()[0]?.at).toBe(1_767_000_000_000);
  });

  test.each([0, -1, 'soon', 4_000_000_000])('the time %j is not believed', (time) => {
    receive(im('x', { time }));
    expect(ims()[0]?.at).toBe(start);
  });

  test('it may be plain text; what does not claim to be HTML is none', () => {
    receive(im('a', { mime: 'text/plain' }), im('b', { mime: 'image/svg+xml' }), {
      type: 'im_message',
      data: 'c',
    });
    expect(ims().map(({ mime }) => mime)).toEqual(['text/plain', 'text/plain', 'text/html']);
  });

  test('it brings attachments, with or without a text', () => {
    receive(im('', { attach: 'https://a/x.png https%3A%2F%2Fa%2Fy.png' }));
    expect(ims()[0]).toMatchObject({
      data: '',
      attachments: [
        { name: 'x.png', url: 'https://a/x.png' },
        { name: 'y.png', url: 'https://a/y.png' },
      ],
    });
  });

  test('an empty one is nothing', () => {
    receive(im(''), { type: 'im_message' }, { type: 'something_new' });
    expect(events).toEqual([]);
  });

  test('typing is no message', () => {
    receive(im('', { typing: true }), im('', { typing: false }));
    expect(events).toEqual(
      [true, false].map((typing) => ({
        type: 'typing',
        from: { sip: 'bob' },
        group: false,
        author: { sip: 'bob', name: 'BOB' },
        typing,
      })),
    );
  });

  test('its sender may be this user on another device', () => {
    receive(im('x', { sender: 'alice@example.com', sender_dn: 'Alice' }));
    expect(ims()[0]).toMatchObject({ from: { sip: 'bob' }, own: true, group: false });
  });

  test('a sender who is not the caller makes the caller a group', () => {
    callFrom(-2, 'team', im('x', { sender: 'carol', sender_dn: 'Carol' }));
    expect(ims()[0]).toMatchObject({
      from: { sip: 'team' },
      fromName: 'TEAM',
      group: true,
      author: { sip: 'carol', name: 'Carol' },
      own: false,
    });
    expect(groups.has('team')).toBe(true);
  });

  test('in a known group the own one from another device is of the group', () => {
    groups.add('team');
    callFrom(-2, 'team', im('x', { sender: 'alice' }));
    expect(ims()[0]).toMatchObject({ from: { sip: 'team' }, group: true, own: true });
  });

  test('a known group may divert the calls of its members', () => {
    groups.add('team');
    const leg = { type: 'diverting_leg2', diverting: { sip: 'team' }, diverting_name: 'Team' };
    callFrom(-2, 'carol', leg, im('x'));
    callFrom(-3, 'dave', { ...leg, diverting: { sip: 'erin' } }, im('y'));
    expect(ims()[0]).toMatchObject({
      from: { sip: 'team' },
      fromName: 'Team',
      group: true,
      author: { sip: 'carol', name: 'CAROL' },
    });
    expect(ims()[1]).toMatchObject({ from: { sip: 'dave' }, group: false });
  });

  test('what goes to a known group goes out on a call to it', () => {
    groups.add('team');
    callFrom(-2, 'team', im('x', { sender: 'carol' }));
    send('m1', 'm1', 'team@example.com');
    expect(sentTypes().at(-1)).toBe('1 setup');
  });

  test('a call from oneself is with the one who is called', () => {
    arrive(-2, 'setup', { cg: { sip: 'alice' }, cd: { sip: 'dave' }, fty: [{ type: 'im_setup' }, im('x')] });
    expect(ims()[0]).toMatchObject({ from: { sip: 'dave' }, own: true, author: { sip: 'alice' } });
  });
});

describe('a text that goes on', () => {
  const receive = (...facilities: JsonObject[]) => arrive(-1, 'facility', { fty: facilities });
  beforeEach(() => callFrom(-1, 'bob'));

  test('is shown when it is complete; attachments and time are those of its end', () => {
    receive(im('one ', { more: true }));
    receive(im('two ', { more: true }));
    expect(ims()).toEqual([]);
    receive(im('three', { attach: 'https://a/x', time: 1_767_000_000 }));
    expect(ims()).toHaveLength(1);
    expect(ims()[0]).toMatchObject({ data: 'one two three', at: 1_767_000_000_000, incomplete: false });
    expect(ims()[0]?.attachments).toHaveLength(1);
  });

  test('of two senders on one call are two texts', () => {
    receive(im('a', { more: true, sender: 'carol' }), im('b', { more: true, sender: 'dave' }));
    receive(im('A', { sender: 'carol' }), im('B', { sender: 'dave' }));
    expect(ims().map(({ data }) => data)).toEqual(['aA', 'bB']);
  });

  test('is not ended by typing', () => {
    receive(im('a', { more: true }), im('', { typing: true }), im('b'));
    expect(ims().map(({ data }) => data)).toEqual(['ab']);
  });

  test('that stops is shown after a while, marked incomplete', () => {
    receive(im('one ', { more: true }));
    world.advance(defaultSettings.segmentTimeout);
    expect(ims()).toMatchObject([{ data: 'one ', incomplete: true }]);
  });

  test('that is too long is shown as far as it goes, once', async () => {
    await connect({ segmentCap: 5 });
    callFrom(-1, 'bob');
    receive(im('abc', { more: true }), im('def', { more: true }), im('ghi', { more: true }), im('j'));
    expect(ims()).toMatchObject([{ data: 'abc', incomplete: true }]);
    receive(im('next'));
    expect(ims()).toHaveLength(2);
  });

  test.each(['rel', 'the loss of the link'])('is shown as it is at %s', (what) => {
    receive(im('one ', { more: true }));
    if (what === 'rel') arrive(-1, 'rel');
    else signal.linkLost();
    expect(ims()).toMatchObject([{ data: 'one ', incomplete: true }]);
  });
});

describe('typing', () => {
  test('goes out on a call that is there', () => {
    callFrom(-1, 'bob');
    signal.sendTyping({ sip: 'bob' }, true);
    expect(sent().at(-1)).toEqual({
      call: -1,
      type: 'facility',
      fty: [{ type: 'im_message', mime: 'text/html', data: '', typing: true }],
    });
  });

  test('never opens a call, and never goes through a closed gate', () => {
    signal.sendTyping({ sip: 'bob' }, true);
    send('m1');
    signal.sendTyping({ sip: 'bob' }, true);
    expect(sentTypes()).toEqual(['1 setup']);
  });
});

describe('a message on an open call', () => {
  beforeEach(() => {
    send('m1');
    arrive(1, 'conn');
    channel.prompt = false;
    events.length = 0;
  });

  test('is delivered when the PBX has it', () => {
    send('m2');
    send('m3');
    expect(states()).toEqual(['m2 im-sent', 'm3 im-sent']);
    channel.arrived();
    expect(states().slice(2)).toEqual(['m2 im-delivered', 'm3 im-delivered']);
  });

  test('that crossed the release of the call is perhaps not delivered', () => {
    send('m2');
    arrive(1, 'rel', { cau: { num: 16 } });
    channel.arrived();
    expect(states()).toEqual(['m2 im-sent', 'm2 connection-lost']);
    send('m3');
    expect(sentTypes().at(-1)).toBe('2 setup');
  });

  test('is not touched by a release that comes later', () => {
    send('m2');
    channel.arrived();
    arrive(1, 'rel', { cau: { num: 16 } });
    expect(states()).toEqual(['m2 im-sent', 'm2 im-delivered']);
  });

  test('is delivered once, at conn or when the PBX has it, whatever is later', () => {
    send('m2', 'm2', 'carol');
    arrive(2, 'call_proc');
    arrive(2, 'conn');
    expect(states()).toEqual(['m2 im-sent']);
    channel.arrived();
    expect(states()).toEqual(['m2 im-sent', 'm2 im-delivered']);
  });
});

describe('the loss of the link', () => {
  test('fails what was sent and not accepted, and keeps what still waited', async () => {
    send('m1');
    arrive(1, 'call_proc');
    send('m2', 'm2', 'carol');
    signal.linkLost();
    expect(states()).toEqual(['m1 im-sent', 'm1 connection-lost']);
    await register();
    expect(sent()[0]).toMatchObject({ type: 'setup', cd: { sip: 'carol' } });
    expect(channel.sent).toHaveLength(1);
  });

  test('fails what was sent on an open call and is not known to have reached the PBX', () => {
    send('m1');
    arrive(1, 'conn');
    channel.prompt = false;
    send('m2');
    expect(states()).toEqual(['m1 im-sent', 'm1 im-delivered', 'm2 im-sent']);
    signal.linkLost();
    expect(states().slice(3)).toEqual(['m2 connection-lost']);
    channel.arrived();
    expect(states()).toHaveLength(4);
  });

  test('leaves what was delivered alone', () => {
    send('m1');
    arrive(1, 'conn');
    signal.linkLost();
    expect(states()).toEqual(['m1 im-sent', 'm1 im-delivered']);
    expect(world.timers).toBe(0);
  });

  test('while a message is being handed over keeps it for later', async () => {
    send('m1');
    channel.open = false;
    arrive(1, 'conn');
    expect(states()).toEqual([]);
    signal.linkLost();
    await register();
    arrive(2, 'conn');
    expect(states()).toEqual(['m1 im-sent', 'm1 im-delivered']);
  });

  test('does not keep a message from waiting that is sent meanwhile', async () => {
    signal.linkLost();
    send('m1');
    send('m2', 'm2', 'BOB@example.com');
    await register();
    expect(sentTypes()).toEqual(['1 setup']);
    arrive(1, 'conn');
    expect(texts()).toEqual(['m1', 'm2']);
  });

  test('before the first login queues as well, and knows the peer by its domain afterwards', async () => {
    world = createManualWorld();
    signal = createSignal({ settings: defaultSettings, world, emit: () => {}, groups });
    send('m1', 'm1', 'bob@example.com');
    send('m2', 'm2', 'bob');
    await register();
    expect(sentTypes()).toEqual(['1 setup']);
    arrive(1, 'conn');
    expect(texts()).toEqual(['m1', 'm2']);
  });
});

describe('the end', () => {
  test('releases every call', () => {
    send('m1');
    callFrom(-1, 'carol');
    signal.releaseAll();
    signal.linkLost();
    expect(sentTypes().slice(-2)).toEqual(['1 rel', '-1 rel']);
    expect(world.timers).toBe(0);
  });

  test('garbage in a signal never throws', () => {
    for (const sig of [
      null,
      5,
      'x',
      [],
      {},
      { type: 7 },
      { type: 'setup', fty: 'x' },
      { type: 'rel', cau: 7 },
    ]) {
      for (const call of [null, 'x', 0, 1, -1, {}]) {
        channel.push('PbxSignal', { mt: 'Signaling', call, sig });
      }
    }
    channel.push('PbxSignal', { mt: 'Unheard' });
    expect(events).toEqual([]);
  });
});
