// Every choice that a PBX may make otherwise (the switches of the stand-in), one by one and many at once: the wire comes
// up, both sides hear each other in both modes, a group reaches its members, and what is stored can be read.
import { afterEach, describe, expect, test } from 'vitest';
import type { Pbx as StandIn, Switches } from '../../pbx/index.ts';
import { defaultSwitches, startPbx, switchTable } from '../../pbx/index.ts';
import type { Client } from './real-client.ts';
import { closeClients, password, startClient, until } from './real-client.ts';

type Name = keyof Switches;

/** Switches after which not everything below can be true, and where it is told what is. */
const toldElsewhere: Partial<Record<Name, string>> = {
  loginMethods: 'pbx.test.ts: without digest there is no login with a password',
  secondFactor: 'pbx.test.ts: the login waits for another device',
  redirectTo: 'pbx.test.ts: another PBX of the company',
  standby: 'pbx.test.ts: another PBX of the company',
  takenCause: 'signal.test.ts: needs two devices',
};
/** Where the choice is a text or a number, another one than the default. */
const instead: Partial<Record<Name, string | number>> = {
  pathPrefix: '/example.com/ip',
  module: 'PBX7',
  noAnswerSeconds: 30,
  idleSeconds: 0.02,
  maxText: 1000,
  wakeSeconds: 1,
};

const choices = (Object.keys(switchTable) as Name[])
  .filter((name) => !(name in toldElsewhere))
  .map((name) => {
    const definition = switchTable[name] as { values?: readonly (string | number)[] };
    const other = instead[name];
    return { name, others: definition.values?.slice(1) ?? (other === undefined ? [] : [other]) };
  });

let pbx: StandIn | undefined;

afterEach(async () => {
  closeClients();
  await pbx?.close();
  pbx = undefined;
});

const bare = (address: string | undefined) => (address ?? '').replace('@example.com', '');

async function everything(changes: Partial<Record<Name, string | number>>) {
  const switches = { ...defaultSwitches(), ...changes } as Switches;
  const standIn = await startPbx({ switches });
  pbx = standIn;
  const { pathPrefix, module, chatApp } = switches;
  const typed = `${standIn.url}${pathPrefix}/${module}/APPCLIENT/appclient.htm`;
  const settings = chatApp === 'custom' ? { chatApp: 'company-chat' } : {};
  const online = async (user: string): Promise<Client> => {
    const client = startClient(typed, password(user), settings);
    await client.online();
    return client;
  };
  const said = async (from: Client, to: string, receiver: Client, html: string) => {
    from.pbx.send({ ref: html, to: { sip: to }, html, attachments: [] });
    const { im } = await receiver.next('im', ({ im: one }) => one.data === html);
    await from.next('im-delivered', ({ ref }) => ref === html);
    return im;
  };

  const [alice, bob, tom, tina] = await Promise.all(['alice', 'bob', 'tom', 'tina'].map(online));
  if (!alice || !bob || !tom || !tina) throw new Error('nobody');
  expect([alice, bob].map((client) => client.of('mode').at(-1)?.mode)).toEqual(['stored', 'stored']);
  await until('volatile mode', () => [tom, tina].every((one) => one.of('mode').at(-1)?.mode === 'volatile'));

  for (const [from, to] of [
    [tom, tina],
    [alice, bob],
  ] as const) {
    const [sender, receiver] = [from, to].map((one) => bare(one.of('logged-in')[0]?.user.sip));
    const there = await said(from, receiver ?? '', to, `<b>Grüße</b> an ${receiver} 🌻`);
    expect([bare(there.from.sip), there.group, there.own, there.incomplete]).toEqual([
      sender,
      false,
      false,
      false,
    ]);
    expect(Math.abs(there.at - Date.now())).toBeLessThan(60_000);
    const back = await said(to, sender ?? '', from, `zurück an ${sender}`);
    expect(bare(back.from.sip)).toBe(receiver);
  }

  const groups = await bob.pbx.readGroups();
  expect(groups.ok && groups.value.map(({ sip, id }) => [bare(sip), /^\d{16}$/.test(id)])).toEqual([
    ['grp-team', true],
  ]);
  const inTeam = await said(alice, 'grp-team', bob, 'an alle');
  expect([bare(inTeam.from.sip), inTeam.group]).toEqual(['grp-team', true]);

  const unread = await alice.pbx.readChats({ unread: true });
  expect(unread.ok && unread.value.map(({ sip }) => bare(sip))).toContain('bob');
  const newest = await alice.pbx.readChat({ sip: 'bob', count: 2 });
  if (!newest.ok) throw new Error(newest.reason.code);
  expect(newest.value.slice(-2).map(({ text }) => text)).toEqual([
    '<b>Grüße</b> an bob 🌻',
    'zurück an alice',
  ]);
  const older = await alice.pbx.readChat({ sip: 'bob', count: 1, older: newest.value[0]?.at ?? 0 });
  expect(older.ok && older.value.at(-1)?.text).toBe('Message 30');
  if (switches.badgeNote === 'sent') await alice.next('badge', ({ total }) => total === 0);

  for (const client of [alice, bob, tom, tina]) {
    expect(client.links().slice(-1)).toEqual(['online']);
    expect(client.of('im-failed')).toEqual([]);
    expect(client.traced()).not.toContain('failed on');
  }
}

describe('a PBX that chooses otherwise', () => {
  test.each(choices.flatMap(({ name, others }) => others.map((value) => [name, value] as const)))(
    'at %s (%s) is chatted with all the same',
    { timeout: 20_000 },
    async (name, value) => everything({ [name]: value }),
  );

  test.each([0, 1, 2, 3])('at many points at once (%i)', { timeout: 20_000 }, async (round) => {
    const many = choices.map(({ name, others }, index) => {
      const other = others[(index + round) % Math.max(1, others.length)];
      // About two of three are other than usual, each time different ones.
      return other === undefined || (index + round) % 3 === 0 ? [] : [[name, other] as const];
    });
    await everything(Object.fromEntries(many.flat()));
  });

  test('may keep PbxApi to itself: people are found and seen by the client connection', async () => {
    pbx = await startPbx({ switches: { presenceApi: 'absent' } });
    const bob = startClient(pbx.url, password('bob'));
    await bob.online();
    const alice = startClient(pbx.url, password('alice'));
    await alice.online();
    alice.pbx.watchPresence(['bob', 'tom']);
    const seen = await alice.next('presence', ({ sip }) => sip === 'bob');
    expect(seen.name).toBe('Bob Brown');
    expect(seen.items.find(({ contact }) => contact === 'im:')?.status).toBe('open');
    bob.pbx.setOwnPresence('dnd', 'not now');
    await alice.next('presence', ({ items }) => items.some(({ note }) => note === 'not now'));
    expect(await alice.pbx.findPerson({ num: '25' })).toMatchObject({
      ok: true,
      value: { sip: 'olga', name: 'Olga Orlova' },
    });
    expect(await alice.pbx.findPerson({ sip: 'nobody' })).toEqual({ ok: true, value: null });
    expect(alice.of('badge').length).toBeGreaterThan(0);
  });

  test('may tell of nobody at all, and is chatted with all the same', async () => {
    await everything({ presenceApi: 'absent', clientPresence: 'chat-only' });
  });

  test.each(['complete', 'without-src', 'bare'] as const)(
    'may refuse with an Error (%s) what it does not know, and the session goes on',
    async (errorForm) => {
      const switches = {
        errorForm,
        amending: 'error',
        readMembers: 'error',
        unsubscribing: 'error',
      } as const;
      pbx = await startPbx({ switches });
      // Nothing is refused for having waited too long.
      const patient = { requestTimeout: 60_000, membersTimeout: 60_000, presenceLinger: 1 };
      const alice = startClient(pbx.url, password('alice'), patient);
      await alice.online();
      const page = await alice.pbx.readChat({ sip: 'bob', count: 2 });
      const own = page.ok ? page.value.find(({ author }) => bare(author.sip) === 'alice') : undefined;
      const groups = await alice.pbx.readGroups();
      const group = groups.ok ? groups.value[0]?.id : undefined;
      // Two at once: each has an Error of its own.
      const refused = { ok: false, reason: { code: 'refused' } };
      expect(
        await Promise.all([
          alice.pbx.updateMessage(own?.id ?? '', 'other words'),
          alice.pbx.deleteMessage(own?.id ?? ''),
          alice.pbx.readMembers(group ?? ''),
        ]),
      ).toEqual([refused, refused, { ok: true, value: null }]);
      alice.pbx.watchPresence(['bob']);
      await alice.next('presence', ({ sip }) => sip === 'bob');
      alice.pbx.watchPresence([]);
      await pbx.received.waitFor(({ mt }) => mt === 'UnsubscribePresence');
      expect(await alice.pbx.readChats({ unread: false })).toMatchObject({ ok: true });
      expect(alice.of('mode').map(({ mode }) => mode)).toEqual(['stored']);
      // One that answers nothing is about the session, as ever.
      await pbx.messagesError('alice');
      await alice.next('mode', ({ mode }) => mode === 'volatile');
      await alice.next('mode', ({ mode }) => mode === 'stored', 2);
    },
  );

  test('is played with every switch there is, or it is told where', () => {
    const played = choices.filter(({ others }) => others.length > 0).map(({ name }) => name);
    expect([...played, ...Object.keys(toldElsewhere)].sort()).toEqual(Object.keys(switchTable).sort());
  });
});
