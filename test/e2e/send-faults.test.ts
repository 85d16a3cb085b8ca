// What can go wrong while a message is on its way, in both modes. However it goes: the message is at the other side
// once, or it is shown as not delivered, with the reason, and can be sent again; never both, and never out of order.
import type { FrameRule, Pbx } from '../pbx/index.ts';
import type { Peer } from '../pbx/peer.ts';
import { smallWorld } from '../pbx/worlds/small.ts';
import { expect, test, type ChatWindow, type SignedIn } from './fixtures.ts';
import { stored } from './server-history.ts';

/** Short enough to wait for, long enough for a busy machine. */
const settings = {
  pbx: {
    ...{ reconnectFirst: 100, reconnectLast: 1_000, pingDeadline: 3_000, setupTimeout: 4_000 },
    ...{ sessionRetry: 1_000, requestTimeout: 3_000, listEvery: 2_000 },
  },
};

const notStored = /^Not delivered: the connection broke before the PBX had it/;
/** Without a history nobody can tell: the message may be there, and sending it again is left to the person. */
const perhaps = /^Perhaps not delivered: the connection broke/;

type Mode = 'live' | 'stored';
/** It is delivered in the end, whatever was shown before; or what is said at it. */
type End = 'delivered' | RegExp;

interface Fault {
  what: string;
  strike: (stage: Stage) => void | Promise<void>;
  /** Runs when both messages are written. */
  then?: (stage: Stage) => void | Promise<void>;
  /** Undefined: there is no such thing in this mode. */
  live?: End;
  stored?: End;
  /** Without a history: the other side has it, although nobody here can know. */
  arrived?: boolean;
  /** Longer than one segment. */
  long?: boolean;
}

interface Stage {
  pbx: Pbx;
  /** Who writes. */
  me: string;
  /** Who gets it: null when nobody is there. */
  other: Peer | null;
  /** Who looks at the server, and for which chat. */
  reader: { peer: Peer; chat: string };
  /** A fault on the way of frames of this program, by default towards the PBX. */
  rule(rule: Omit<FrameRule, 'user'>): void;
}

const setup = { sig: 'setup' } as const;
/** The first of the two that are written, and no sign of typing. */
const message = { sig: 'facility', has: 'first' } as const;

const onNewCall: Fault[] = [
  {
    what: 'the link breaks before the PBX has the call',
    strike: ({ rule }) => rule({ ...setup, action: 'drop-before' }),
    live: 'delivered',
    stored: 'delivered',
  },
  {
    what: 'the link breaks when the PBX has the call, before it answers',
    strike: ({ rule }) => rule({ direction: 'out', sig: 'call_proc', action: 'drop-before' }),
    live: 'delivered',
    stored: 'delivered',
  },
  {
    what: 'the PBX never answers the call',
    strike: ({ rule }) => rule({ ...setup, action: 'swallow' }),
    live: /^Not delivered: there was no answer in time/,
    stored: /^Not delivered: there was no answer in time/,
  },
  {
    what: 'the PBX refuses the call',
    strike: ({ rule }) => rule({ ...setup, action: 'refuse', cause: 41 }),
    live: /^Not delivered: the PBX refused it/,
    stored: /^Not delivered: the PBX refused it/,
  },
  {
    what: 'the link breaks before the PBX has the message',
    strike: ({ rule }) => rule({ ...message, action: 'drop-before' }),
    live: perhaps,
    stored: notStored,
  },
];

const withSomebody: Fault[] = [
  {
    what: 'the link breaks when the PBX has the message and nobody has answered',
    strike({ rule, other }) {
      if (other) other.answer = 'never';
      rule({ ...message, action: 'drop-after' });
    },
    live: perhaps,
    stored: 'delivered',
  },
  {
    what: 'the link breaks when the other side answers',
    strike({ pbx, rule, other }) {
      pbx.setSwitch('storedConn', 'peer');
      if (other) other.answer = 'never';
      rule({ direction: 'out', sig: 'conn', action: 'drop-before' });
    },
    async then({ pbx, me, other }) {
      const has = (frame: unknown) => JSON.stringify(frame).includes('im_message');
      await pbx.received.waitFor((frame, { user }) => user === me && has(frame));
      other?.pickUp(me);
    },
    live: perhaps,
    arrived: true,
    stored: 'delivered',
  },
  {
    what: 'the other side ends the call instead of answering',
    strike({ other }) {
      if (other) other.answer = 16;
    },
    live: perhaps,
    stored: 'delivered',
  },
  {
    what: 'the other side may not be written to',
    strike({ other }) {
      if (other) other.answer = 21;
    },
    live: /^Not delivered: you are not allowed to write here/,
    stored: 'delivered',
  },
];

const onAnyCall: Fault[] = [
  {
    what: 'the link breaks before the PBX has the message',
    strike: ({ rule }) => rule({ ...message, action: 'drop-before' }),
    live: perhaps,
    stored: notStored,
  },
  {
    what: 'the link breaks when the PBX has the message',
    strike: ({ rule }) => rule({ ...message, action: 'drop-after' }),
    live: perhaps,
    arrived: true,
    stored: 'delivered',
  },
  {
    what: 'the PBX ends the call instead of taking the message',
    strike: ({ rule }) => rule({ ...message, action: 'refuse' }),
    live: perhaps,
    stored: notStored,
  },
];

const onOpenCall: Fault[] = [
  {
    what: 'the link breaks in the middle of a long message',
    long: true,
    strike: ({ rule }) => rule({ sig: 'facility', has: 'many more', action: 'drop-before', nth: 2 }),
    live: perhaps,
    stored: notStored,
  },
  {
    what: 'the link breaks, and again when it is sent again',
    strike: ({ rule }) => rule({ ...message, action: 'drop-before', times: 2 }),
    live: perhaps,
    stored: notStored,
  },
  {
    what: 'the link is dead without breaking',
    strike: ({ pbx, me }) => void pbx.faults.halfOpen(true, { user: me }),
    live: perhaps,
    stored: notStored,
  },
];

const afterTheReturn: Fault[] = [
  {
    what: 'there is no link for a while',
    strike: ({ pbx, me }) => {
      pbx.faults.refuseConnections = true;
      pbx.faults.drop({ user: me });
    },
    then: ({ pbx }) => void (pbx.faults.refuseConnections = false),
    live: 'delivered',
    stored: 'delivered',
  },
  {
    what: 'the PBX refuses the registration when the link is back',
    strike: ({ pbx, me, rule }) => {
      rule({ mt: 'Register', action: 'refuse', times: 3 });
      pbx.faults.drop({ user: me });
    },
    live: 'delivered',
    stored: 'delivered',
  },
  {
    what: 'the PBX has the message, and the service is not there when the link is back',
    strike: ({ rule }) => {
      rule({ ...message, action: 'drop-after' });
      rule({ mt: 'Session', action: 'refuse' });
    },
    stored: 'delivered',
  },
  {
    what: 'the PBX has the message, and the service does not answer what it has',
    strike: ({ rule }) => {
      rule({ ...message, action: 'drop-after' });
      rule({ mt: 'ReadChat', action: 'swallow' });
    },
    stored: 'delivered',
  },
  {
    what: 'the PBX has the message, and the service answers with an error',
    strike: ({ rule }) => {
      rule({ ...message, action: 'drop-after' });
      rule({ mt: 'ReadChat', action: 'refuse' });
    },
    stored: 'delivered',
  },
];

interface Chat {
  title: string;
  mode: Mode;
  me: string;
  to: string;
  /** As the list calls it. */
  name: string;
  other: string | null;
}

const live: Chat = {
  ...{ title: 'chat that is not stored', mode: 'live' },
  ...{ me: 'tom', to: 'tina', name: 'Tina Turner', other: 'tina' },
};
const kept: Chat = {
  ...{ title: 'stored chat', mode: 'stored' },
  ...{ me: 'alice', to: 'bob', name: 'Bob Brown', other: 'bob' },
};
const away: Chat = {
  ...{ title: 'stored chat with somebody who is offline', mode: 'stored' },
  ...{ me: 'alice', to: 'olga', name: 'Olga Orlova', other: null },
};
const group: Chat = {
  ...{ title: 'a group', mode: 'stored' },
  ...{ me: 'alice', to: 'grp-team', name: 'Team', other: 'bob' },
};

/** The call on which the messages go out: one that they open, the own one that is there, or one of the other side. */
type On = 'a new call' | 'the open call' | 'a call of the other side';

const table: [chat: Chat, on: On, faults: Fault[]][] = [
  [live, 'a new call', [...onNewCall, ...withSomebody]],
  [live, 'the open call', [...onAnyCall, ...onOpenCall, ...afterTheReturn]],
  [live, 'a call of the other side', onAnyCall],
  [kept, 'a new call', [...onNewCall, ...withSomebody]],
  [kept, 'the open call', [...onAnyCall, ...onOpenCall, ...afterTheReturn]],
  [kept, 'a call of the other side', onAnyCall],
  [away, 'the open call', onAnyCall],
  [group, 'the open call', [...onAnyCall, ...onOpenCall.filter(({ long }) => long)]],
];

for (const [chat, on, faults] of table) {
  test(`${chat.title}: what goes wrong on ${on} loses nothing and sends nothing twice`, async ({
    launchPbx,
    signIn,
  }) => {
    test.slow();
    const pbx = await launchPbx({ world: smallWorld({ history: greetings }) });
    const other = chat.other === null ? null : await pbx.user(chat.other);
    const { me, to, mode } = chat;
    const program = await signIn(pbx, me, { settings });
    await program.focus();
    if (mode === 'live') other?.say(me, 'hello');
    await program.chat.open(chat.name);
    const rule = (one: Omit<FrameRule, 'user'>) =>
      pbx.faults.on({ direction: 'in', kind: 'app', ...one, user: me });
    const isGroup = to === group.to;
    const peer = await pbx.user(isGroup ? 'olga' : to, { register: false });
    const reader = { peer, chat: isGroup ? to : me };
    const stage: Stage = { pbx, me, other, reader, rule };
    for (const [index, fault] of faults.entries()) {
      if (fault[mode] === undefined) continue;
      await test.step(fault.what, () => goesWrong(stage, program, fault, mode, on, index));
    }
  });
}

async function goesWrong(
  stage: Stage,
  program: SignedIn,
  fault: Fault,
  mode: Mode,
  on: On,
  index: number,
): Promise<void> {
  const { pbx, me, other } = stage;
  const { chat } = program;
  await relink(stage, program);
  const opener = `${index} opener`;
  if (on === 'the open call') {
    await chat.write(opener);
    await expect(chat.delivery(opener)).toHaveAttribute('data-delivery', 'delivered', { timeout: 20_000 });
  } else if (on === 'a call of the other side') {
    other?.say(me, opener);
    await expect(chat.message(opener)).toBeVisible();
  }
  const first = `${index} first${fault.long === true ? ' and many more words'.repeat(100) : ''}`;
  const written = [first, `${index} second`];
  await fault.strike(stage);
  for (const text of written) await chat.write(text);
  await fault.then?.(stage);

  const end = fault[mode];
  const reaches = () => there(stage, mode, written);
  await expect
    .poll(() => fate(chat, first), { timeout: 20_000 })
    .toMatch(end === 'delivered' ? /^delivered$/ : (end ?? ''));
  if (end === 'delivered') await expect.poll(async () => (await reaches())[first]).toBe(1);
  else expect((await reaches())[first]).toBe(fault.arrived === true ? 1 : 0);

  pbx.setSwitch('storedConn', 'service');
  if (other) other.answer = 'always';
  other?.pickUp(me);
  await settled(stage, chat, mode, written);
  for (const text of written) await sendAgain(stage, chat, mode, text);
  // Each once, and in the order in which they stand here.
  const here = await chat.texts(new RegExp(`^${index} (?:first|second)`));
  expect([...here].sort()).toEqual([...written].sort());
  await expect.poll(() => texts(stage, mode, written)).toEqual(here);
  if (end === 'delivered') expect(here).toEqual(written);
}

/** A link on which there is no call yet, whatever the one before was like. */
async function relink({ pbx, me }: Stage, { chat }: SignedIn): Promise<void> {
  const registrations = () => pbx.sent.of('RegisterResult', me).length;
  const before = registrations();
  pbx.faults.drop({ user: me });
  pbx.faults.clear();
  await expect.poll(registrations, { timeout: 20_000 }).toBeGreaterThan(before);
  await expect(chat.connection).toBeHidden({ timeout: 20_000 });
}

/** What is shown of an own message: its state, or when it has failed what is said about it. */
function fate(chat: ChatWindow, text: string): Promise<string> {
  // In one look: what is said goes when the state changes.
  return chat.message(text).evaluate((article) => {
    const state = article.querySelector<HTMLElement>('[data-delivery]')?.dataset['delivery'];
    const said = article.querySelector('.body > .failed > p')?.textContent;
    return (state === 'failed' ? said : state)?.trim() ?? '';
  });
}

/** Of these texts those that are at the other side, in its order: with a service what that has, else what came. */
async function texts({ other, reader }: Stage, mode: Mode, of: string[]): Promise<string[]> {
  const found =
    mode === 'live'
      ? (other?.messages ?? []).map(({ text }) => text)
      : await stored(reader.peer, reader.chat);
  return found.filter((text) => of.includes(text));
}

async function there(stage: Stage, mode: Mode, of: string[]): Promise<Record<string, number>> {
  const found = await texts(stage, mode, of);
  return Object.fromEntries(of.map((text) => [text, found.filter((one) => one === text).length]));
}

/** Every message has an end, and where anybody can know, it is the true one. */
async function settled(stage: Stage, chat: ChatWindow, mode: Mode, written: string[]): Promise<void> {
  const truth = async (text: string) => {
    const said = await fate(chat, text);
    const count = (await there(stage, mode, written))[text] ?? 0;
    const isTrue =
      said === 'delivered'
        ? count === 1
        : said.startsWith('Not delivered')
          ? count === 0
          : perhaps.test(said) && mode === 'live' && count < 2;
    return isTrue ? 'true' : `'${said}', there ${count} times`;
  };
  for (const text of written) await expect.poll(() => truth(text), { timeout: 20_000 }).toBe('true');
}

/** As a person does who has asked the other side whether it is there; as often as it takes. */
async function sendAgain(stage: Stage, chat: ChatWindow, mode: Mode, text: string): Promise<void> {
  const button = chat.message(text).getByRole('button', { name: 'Send again' });
  while ((await button.count()) > 0 && (await there(stage, mode, [text]))[text] === 0) {
    await button.click();
    await settled(stage, chat, mode, [text]);
    await expect(chat.connection).toBeHidden({ timeout: 20_000 });
  }
}

/** So that every discussion is in the list. */
const greetings = (now: number) =>
  ['bob', 'olga', 'grp-team'].map((to, index) => ({
    ...{ from: 'alice', to, at: now - 3_600_000 + index, text: 'before' },
  }));
