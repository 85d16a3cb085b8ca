import { beforeEach, describe, expect, test } from 'vitest';
import type { Directory } from '../../../src-main/pbx/directory.ts';
import { createDirectory } from '../../../src-main/pbx/directory.ts';
import type { JsonObject } from '../../../src-main/pbx/frames.ts';
import type { Address, PbxEvent, PbxUser } from '../../../src-main/pbx/index.ts';
import { defaultSettings } from '../../../src-main/pbx/settings.ts';
import type { ManualWorld } from './manual-world.ts';
import { createManualWorld } from './manual-world.ts';
import type { ScriptedChannel } from './scripted-channel.ts';
import { createScriptedChannel } from './scripted-channel.ts';

const alice: PbxUser = { sip: 'alice', name: 'Alice', domain: 'example.com', guid: '', num: '' };
const bob = { up: true, sip: 'bob', num: '24', dn: 'Bob', email: 'bob@example.com' };

let world: ManualWorld;
let channel: ScriptedChannel;
let directory: Directory;
let events: PbxEvent[];
/** Who was asked for on the client connection. */
let otherwise: Address[];

function begin() {
  channel = createScriptedChannel();
  directory.start(channel, alice);
}

beforeEach(() => {
  world = createManualWorld();
  events = [];
  otherwise = [];
  directory = createDirectory({
    settings: defaultSettings,
    world,
    emit: (event) => void events.push(event),
    askOtherwise: (address) => void otherwise.push(address),
  });
  begin();
});

const subscribed = () =>
  channel.sent.filter(({ mt }) => mt === 'SubscribePresence').map(({ sip, num }) => sip ?? num);
const settings = defaultSettings;
const ended = () =>
  channel.sent.filter(({ mt }) => mt === 'UnsubscribePresence').map(({ sip, num }) => sip ?? num);
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function tell(sip: string, mt: string, more: JsonObject = {}) {
  channel.tell('SubscribePresence', { sip }, { mt, ...more });
}

const item = { contact: 'im:', status: 'open', activity: 'busy', note: '' };
const presences = () => events.flatMap((event) => (event.type === 'presence' ? [event] : []));

describe('presence', () => {
  test('is subscribed to once per person', () => {
    directory.watch(['bob', 'carol']);
    directory.watch(['carol', 'dave', 'Carol@example.com']);
    expect(subscribed()).toEqual(['bob', 'carol', 'dave']);
  });

  test('is told under the address that was asked for, with the name', () => {
    directory.watch(['Bob@example.com']);
    tell('Bob@example.com', 'SubscribePresenceResult');
    tell('Bob@example.com', 'PresenceState', bob);
    tell('Bob@example.com', 'PresenceUpdate', { presence: [item] });
    expect(presences()).toEqual([{ type: 'presence', sip: 'Bob@example.com', items: [item], name: 'Bob' }]);
  });

  test('of somebody who left the set is silent, and known at once when he is back', () => {
    directory.watch(['bob']);
    directory.watch([]);
    tell('bob', 'PresenceUpdate', { presence: [item] });
    expect(presences()).toEqual([]);
    directory.watch(['bob']);
    expect(presences()).toHaveLength(1);
    expect(subscribed()).toEqual(['bob']);
  });

  test('of somebody who has left the set for a while is unsubscribed, and subscribed to anew', async () => {
    directory.watch(['bob', 'carol']);
    directory.watch(['carol']);
    world.advance(settings.presenceLinger - 1);
    expect(ended()).toEqual([]);
    world.advance(1);
    expect(ended()).toEqual(['bob']);
    directory.watch(['bob']);
    expect(subscribed()).toEqual(['bob', 'carol', 'bob']);
    tell('bob', 'PresenceUpdate', { presence: [item] });
    expect(presences()).toHaveLength(1);
  });

  test('of somebody who comes back in time stays', () => {
    directory.watch(['bob']);
    directory.watch([]);
    world.advance(settings.presenceLinger - 1);
    directory.watch(['bob']);
    world.advance(settings.presenceLinger);
    expect(ended()).toEqual([]);
    expect(subscribed()).toEqual(['bob']);
  });

  test('that was asked for to check an address does not stay', async () => {
    const found = directory.find({ num: '24' });
    channel.tell('SubscribePresence', { num: '24' }, { mt: 'PresenceState', ...bob });
    await found;
    world.advance(settings.presenceLinger);
    expect(ended()).toEqual(['24']);
  });

  test('is never unsubscribed where that is switched off', () => {
    directory = createDirectory({
      settings: { ...settings, unsubscribe: false },
      world,
      emit: () => {},
      askOtherwise: () => {},
    });
    begin();
    directory.watch(['bob']);
    directory.watch([]);
    world.advance(60_000);
    expect(ended()).toEqual([]);
  });

  test('is subscribed to again on a new connection', () => {
    directory.watch(['bob']);
    directory.linkLost();
    directory.watch(['bob', 'carol']);
    begin();
    expect(subscribed()).toEqual(['bob', 'carol']);
  });

  test('of an address that nobody has is asked for once', () => {
    directory.watch(['ghost']);
    tell('ghost', 'SubscribePresenceResult', { error: 1 });
    directory.watch(['ghost']);
    directory.watch(['ghost', 'bob']);
    expect(subscribed()).toEqual(['ghost', 'bob']);
  });

  test('is found by its address when src does not come back', () => {
    directory.watch(['bob']);
    channel.push('PbxApi', { mt: 'PresenceUpdate', sip: 'bob@example.com', presence: [item] });
    channel.push('PbxApi', { mt: 'PresenceUpdate', sip: 'stranger', presence: [item] });
    expect(presences()).toHaveLength(1);
  });
});

describe('a typed address', () => {
  test('of somebody gives the person', async () => {
    const found = directory.find({ sip: 'bob' });
    tell('bob', 'SubscribePresenceResult');
    tell('bob', 'PresenceState', bob);
    expect(await found).toEqual({
      ok: true,
      value: { sip: 'bob', num: '24', name: 'Bob', email: 'bob@example.com' },
    });
  });

  test('may be a number', async () => {
    const found = directory.find({ num: '24' });
    channel.tell('SubscribePresence', { num: '24' }, { mt: 'PresenceState', ...bob });
    expect(await found).toMatchObject({ ok: true, value: { sip: 'bob', num: '24' } });
  });

  test.each([
    ['an error in the result', { mt: 'SubscribePresenceResult', error: 2 }],
    ['an Error', { mt: 'Error' }],
    ['a state that repeats the address alone', { mt: 'PresenceState', up: false, sip: 'ghost' }],
    ['an empty state', { mt: 'PresenceState' }],
  ])('is nobody: %s', async (_how, frame) => {
    const found = directory.find({ sip: 'ghost' });
    channel.tell('SubscribePresence', { sip: 'ghost' }, frame);
    expect(await found).toEqual({ ok: true, value: null });
  });

  test('is nobody, although the result came first', async () => {
    const found = directory.find({ sip: 'ghost' });
    tell('ghost', 'SubscribePresenceResult');
    await settled();
    tell('ghost', 'PresenceState', { up: false, sip: 'ghost' });
    expect(await found).toEqual({ ok: true, value: null });
  });

  test('that is accepted and never described is taken as it is', async () => {
    const found = directory.find({ sip: 'bob' });
    tell('bob', 'SubscribePresenceResult');
    await settled();
    world.advance(1000);
    expect(await found).toEqual({ ok: true, value: { sip: 'bob', num: '', name: '', email: '' } });
  });

  test('that is known is answered without asking again; one that was nobody is asked again', async () => {
    for (const frame of [{ mt: 'PresenceState', ...bob }]) {
      const found = directory.find({ sip: 'bob' });
      channel.tell('SubscribePresence', { sip: 'bob' }, frame);
      await found;
    }
    expect(await directory.find({ sip: 'BOB' })).toMatchObject({ ok: true, value: { name: 'Bob' } });
    const first = directory.find({ sip: 'ghost' });
    tell('ghost', 'Error');
    await first;
    void directory.find({ sip: 'ghost' });
    expect(subscribed()).toEqual(['bob', 'ghost', 'ghost']);
  });

  test('without an answer, or without a link, says so', async () => {
    const found = directory.find({ sip: 'bob' });
    world.advance(defaultSettings.requestTimeout);
    expect(await found).toEqual({ ok: false, reason: { code: 'no-answer' } });
    const second = directory.find({ sip: 'carol' });
    directory.linkLost();
    expect(await second).toEqual({ ok: false, reason: { code: 'offline' } });
    expect(await directory.find({ sip: 'carol' })).toEqual({ ok: false, reason: { code: 'offline' } });
    expect(world.timers).toBe(0);
  });
});

describe('the favourites', () => {
  const people = () =>
    events.flatMap((event) => (event.type === 'favourites' ? [event.people.map((p) => p.name)] : []));
  const profile = (mt: string, more: JsonObject) => channel.tell('SubscribeProfile', {}, { mt, ...more });

  test('are the whole list each time', () => {
    profile('SubscribeProfileResult', {
      profile: {
        id: 1,
        contacts: [{ id: 1, name: 'bob', num: '24', dsp: 'Bob' }, { id: 2, name: 'carol' }, 'x'],
      },
    });
    profile('ProfileContactAdded', { contact: { id: 3, name: 'dave', dsp: 'Dave' } });
    profile('ProfileContactAdded', { profile: { id: 1, contact: { id: 4, name: 'erin', dsp: 'Erin' } } });
    profile('ProfileContactDeleted', { contact: { id: 1 } });
    profile('ProfileContactDeleted', { id: 2 });
    profile('ProfileContactDeleted', { profile: { contact: { id: 3 } } });
    expect(people()).toEqual([
      ['Bob', 'carol'],
      ['Bob', 'carol', 'Dave'],
      ['Bob', 'carol', 'Dave', 'Erin'],
      ['carol', 'Dave', 'Erin'],
      ['Dave', 'Erin'],
      ['Erin'],
    ]);
    expect(events[0]).toMatchObject({ people: [{ sip: 'bob', num: '24', name: 'Bob', email: '' }, {}] });
  });
});

describe('where PbxApi is silent', () => {
  const silence = settings.directoryTimeout;

  test('people are asked for on the client connection, and told as ever', () => {
    directory.watch(['bob']);
    world.advance(silence - 1);
    expect(otherwise).toEqual([]);
    world.advance(1);
    expect(otherwise).toEqual([{ sip: 'bob' }]);
    directory.watch(['bob', 'carol']);
    expect(otherwise).toEqual([{ sip: 'bob' }, { sip: 'carol' }]);
    const ep = { sip: 'bob', dn: 'Bob', num: '24' };
    directory.otherwise({ mt: 'UpdatePresence', sip: 'Bob@example.com', up: true, ep, presence: [item] });
    expect(presences()).toEqual([{ type: 'presence', sip: 'bob', items: [item], name: 'Bob' }]);
    directory.otherwise({ mt: 'UpdatePresence', sip: 'zoe', up: true, ep, presence: [item] });
    expect(presences()).toHaveLength(1);
  });

  test('a typed address is checked there', async () => {
    const found = directory.find({ num: '24' });
    const nobody = directory.find({ sip: 'nobody' });
    world.advance(silence);
    const ep = { sip: 'bob', dn: 'Bob', num: '24', email: 'bob@example.com' };
    directory.otherwise({ mt: 'UpdatePresence', num: '24', up: true, ep, presence: [item] });
    directory.otherwise({ mt: 'UpdatePresence', sip: 'nobody', up: false, ep: {}, presence: [] });
    expect(await found).toMatchObject({ ok: true, value: { sip: 'bob', name: 'Bob' } });
    expect(await nobody).toEqual({ ok: true, value: null });
    const silent = directory.find({ sip: 'silent' });
    world.advance(settings.requestTimeout);
    expect(await silent).toEqual({ ok: false, reason: { code: 'no-answer' } });
  });

  test('the next connection begins with that, until PbxApi says something', () => {
    world.advance(silence);
    directory.linkLost();
    begin();
    directory.watch(['bob']);
    expect(otherwise).toEqual([{ sip: 'bob' }]);
    tell('bob', 'SubscribePresenceResult');
    directory.watch(['bob', 'carol']);
    world.advance(silence);
    expect(otherwise).toEqual([{ sip: 'bob' }]);
  });

  test('is not where it answers, or where there is no connection', () => {
    directory.watch(['bob']);
    tell('bob', 'SubscribePresenceResult');
    world.advance(silence);
    directory.linkLost();
    begin();
    directory.linkLost();
    world.advance(silence);
    expect(otherwise).toEqual([]);
  });
});
