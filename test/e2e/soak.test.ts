// Two people, each with a program of their own, who use it for a while as people do, over links that break: at every
// quiet moment the counts are what the read rule says, and at the end both have the same messages, each once, in order.
//
// PBX_CHAT_SOAK_SECONDS and PBX_CHAT_SOAK_SEED choose how long and which; the seed of a run is in its report.
import { smallWorld } from '../pbx/worlds/small.ts';
import type { Pbx } from '../pbx/index.ts';
import type { View } from '../../src-main/ipc/contract.ts';
import { expect, test, type ChatWindow, type SignedIn } from './fixtures.ts';
import { stored } from './server-history.ts';

const seconds = Number(process.env['PBX_CHAT_SOAK_SECONDS'] ?? 45);
const seed = Number(process.env['PBX_CHAT_SOAK_SEED'] ?? 1);
const settleMs = 30_000;
const team = 'grp-team';

interface Page {
  pbxChat: { call(name: string, argument?: unknown): Promise<unknown> };
}

/** Somebody at a program. What they should see is kept beside it, by the rule alone. */
interface Person {
  sip: string;
  names: Record<string, string>;
  client: SignedIn;
  open: string | null;
  /** The message input has the focus, in a window that has it. */
  input: boolean;
  focused: boolean;
  unread: Record<string, number>;
}

interface Written {
  from: string;
  /** The discussion: the sips of both, or the group. */
  in: string;
  text: string;
}

/** Everybody has written once, so that every row is there from the beginning. */
const history = (now: number) =>
  [
    ['alice', 'bob'],
    ['olga', 'alice'],
    ['olga', 'bob'],
    ['olga', team],
  ].map(([from = '', to = ''], index) => ({ from, to, at: now - 3_600_000 + index, text: 'before' }));

const pair = (a: string, b: string) => [a, b].sort().join('|');

test(`two people chat at random, ${seconds} s, seed ${seed}`, async ({
  launchPbx,
  signIn,
  windowManager,
}) => {
  void windowManager;
  test.setTimeout(seconds * 1000 + 240_000);
  const random = generator(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const pbx = await launchPbx({ world: smallWorld({ history }) });
  const olga = await pbx.user('olga');
  const settings = { pbx: { listEvery: 5_000, reconnectFirst: 100, reconnectLast: 1_000 } };
  const start = async (sip: string, userDataDir?: string) =>
    signIn(pbx, sip, userDataDir === undefined ? { settings } : { userDataDir });
  const alice = person(
    'alice',
    { bob: 'Bob Brown', olga: 'Olga Orlova', [team]: 'Team' },
    await start('alice'),
  );
  const bob = person(
    'bob',
    { alice: 'Alice Adams', olga: 'Olga Orlova', [team]: 'Team' },
    await start('bob'),
  );
  const people = [alice, bob];
  const written: Written[] = [];
  const steps: string[] = [];
  let number = 0;

  /** By the rule: a message that arrives at somebody. */
  function arrives(at: Person, where: string): void {
    if (at.open !== where || !at.input || !at.focused) at.unread[where] = (at.unread[where] ?? 0) + 1;
  }

  function wrote(from: string, to: string, text: string): void {
    written.push({ from, in: to === team ? team : pair(from, to), text });
    steps.push(`  ${text} from ${from} to ${to}`);
    for (const one of people) {
      if (one.sip === from || (to !== team && to !== one.sip)) continue;
      arrives(one, to === team ? team : from);
    }
  }

  function writesAt(who: Person): void {
    const to = pick([who.sip, who.sip, team]);
    const text = `n${++number}`;
    olga.say(to, text);
    wrote('olga', to, text);
  }

  async function open(who: Person, where: string): Promise<void> {
    await focus(who);
    const { chat } = who.client;
    await chat.row(who.names[where] ?? '').click();
    await expect(chat.page.getByRole('heading', { name: who.names[where] ?? '', exact: true })).toBeVisible();
    await expect(chat.input).toBeFocused();
    who.open = where;
    who.input = true;
    who.unread[where] = 0;
  }

  async function focus(who: Person): Promise<void> {
    if (who.focused) return;
    await who.client.focus();
    for (const other of people) other.focused = other === who;
    if (who.open !== null && who.input) who.unread[who.open] = 0;
  }

  async function compose(who: Person): Promise<string> {
    const { input, page } = who.client.chat;
    const text = `n${++number}`;
    switch (pick(['plain', 'plain', 'bold', 'lines', 'emoji', 'long'])) {
      case 'plain':
        await input.pressSequentially(
          `${text} ${pick(['hello', 'a <b> & c', 'see https://example.com/x?y=1'])}`,
        );
        break;
      case 'bold':
        await page.keyboard.press('Control+b');
        await input.pressSequentially(text);
        await page.keyboard.press('Control+b');
        await input.pressSequentially(' and so on');
        break;
      case 'lines':
        await input.pressSequentially(`${text} one`);
        await page.keyboard.press('Shift+Enter');
        await input.pressSequentially('two');
        break;
      case 'emoji':
        await page.keyboard.insertText(`${text} 👩‍👩‍👧 🇩🇪 é`);
        break;
      case 'long':
        await page.keyboard.insertText(`${text} ${'many words 🙂 & '.repeat(150)}`);
        break;
    }
    return text;
  }

  const actions: [weight: number, name: string, run: (who: Person) => Promise<void>][] = [
    [
      10,
      'writes',
      async (who) => {
        if (who.open === null || pick([true, false, false])) await open(who, pick(Object.keys(who.names)));
        else await inInput(who);
        const text = await compose(who);
        await who.client.chat.page.keyboard.press('Enter');
        wrote(who.sip, who.open ?? '', text);
      },
    ],
    [
      4,
      'gets several from Olga',
      async (who) => {
        for (let count = 1 + Math.floor(random() * 3); count > 0; count--) writesAt(who);
      },
    ],
    [4, 'opens', (who) => open(who, pick(Object.keys(who.names)))],
    [4, 'focuses', focus],
    [
      2,
      'leaves the window',
      async (who) => {
        await who.client.blur();
        who.focused = false;
      },
    ],
    [
      3,
      'looks elsewhere',
      async (who) => {
        await who.client.chat.page.getByRole('searchbox', { name: 'Search chats' }).focus();
        who.input = false;
      },
    ],
    [2, 'goes back to the input', inInput],
    [
      3,
      'loses the link',
      async (who) => {
        pbx.faults.drop({ user: who.sip, ...pick([{}, {}, { kind: 'app' }, { kind: 'client' }] as const) });
      },
    ],
    [
      1,
      'writes while the link breaks',
      async (who) => {
        if (who.open === null) return;
        await inInput(who);
        const text = await compose(who);
        const enter = who.client.chat.page.keyboard.press('Enter');
        pbx.faults.drop({ user: who.sip });
        await enter;
        wrote(who.sip, who.open, text);
      },
    ],
    [
      1,
      'loses the service',
      async (who) => {
        // Not how many: over the hours old frames are forgotten.
        const newest = () => pbx.sent.of('SessionResult', who.sip).at(-1);
        const before = newest();
        pbx.messagesError(who.sip);
        // It goes on storing, and somebody writes before the program has its session again.
        if (pick([true, false])) writesAt(who);
        await expect.poll(() => newest() !== before, { timeout: settleMs }).toBe(true);
      },
    ],
    [
      1,
      'ends the program and starts it again',
      async (who) => {
        await who.client.close();
        who.open = null;
        who.input = who.focused = false;
        // The window that is left gets the focus, from the desktop.
        for (const other of people) if (other !== who) await focus(other);
        who.client = { ...(await start(who.sip, who.client.userDataDir)) };
        // A program that starts is in front.
        await focus(who);
      },
    ],
  ];
  const bag = actions.flatMap(([weight, name, run]) => Array.from({ length: weight }, () => ({ name, run })));

  async function inInput(who: Person): Promise<void> {
    if (who.open === null) return;
    await focus(who);
    await who.client.chat.input.focus();
    who.input = true;
    who.unread[who.open] = 0;
  }

  async function quiet(): Promise<void> {
    // First everything that was not delivered: what one still has to send again, the other cannot have.
    for (const who of people) {
      await expect(who.client.chat.connection).toBeHidden({ timeout: settleMs });
      await sendAgain(who);
    }
    for (const who of people) {
      const expected = Object.fromEntries(
        Object.entries(who.names).map(([key, name]) => [name, who.unread[key] ?? 0]),
      );
      await expect
        .poll(() => pills(who.client.chat), { timeout: settleMs, message: who.sip })
        .toEqual(expected);
      const total = Object.values(expected).reduce((sum, one) => sum + one, 0);
      await who.client.chat.expectUnread(total);
    }
  }

  try {
    for (const who of people) await focus(who);
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      const who = pick(people);
      const { name, run } = pick(bag);
      steps.push(`${who.sip} ${name} (open: ${who.open}, input: ${who.input}, focused: ${who.focused})`);
      await run(who);
      await quiet();
    }
    await same(pbx, people, written);
  } catch (error) {
    const last = steps
      .slice(-40)
      .map((step, index, all) => `${steps.length - all.length + index + 1} ${step}`);
    throw new Error(`seed ${seed}, after ${steps.length} steps:\n${last.join('\n')}`, { cause: error });
  }
  console.log(`soak: seed ${seed}, ${steps.length} steps, ${written.length} messages`);
});

/** What did not arrive is sent again, as a person would. */
async function sendAgain({ client: { chat } }: Person): Promise<void> {
  const again = chat.log.getByRole('button', { name: 'Send again' });
  while ((await again.count()) > 0) {
    await again.first().click();
    await expect(chat.log.locator('[data-delivery=waiting], [data-delivery=sent]')).toHaveCount(0);
  }
}

async function pills(chat: ChatWindow): Promise<Record<string, number>> {
  return chat.page.evaluate(() => {
    const rows = [...document.querySelectorAll('[role=listbox] [role=option]')];
    return Object.fromEntries(
      rows.map((row) => [
        row.querySelector('.name')?.getAttribute('title') ?? '',
        Number(row.querySelector('.pill')?.textContent ?? 0),
      ]),
    );
  });
}

/** Every discussion, on both sides and at the server: the same messages, each once, in one order. */
async function same(pbx: Pbx, people: Person[], written: Written[]): Promise<void> {
  const lists = new Map<string, string[]>();
  for (const who of people) {
    for (const [where, name] of Object.entries(who.names)) {
      const discussion = where === team ? team : pair(who.sip, where);
      await who.client.chat.open(name);
      const here = await texts(who.client);
      const expected = written.filter((one) => one.in === discussion).map(({ text }) => text);
      expect([...here].sort(), `${who.sip} in ${where}`).toEqual([...expected].sort());
      const peer = await pbx.user(who.sip, { register: false });
      expect(here, `${who.sip} in ${where}, and the server`).toEqual(numbers(await stored(peer, where)));
      peer.close();
      const other = lists.get(discussion);
      if (other) expect(here, `${discussion} on both sides`).toEqual(other);
      lists.set(discussion, here);
    }
  }
}

const numbers = (texts: string[]) => texts.flatMap((text) => /^n\d+/.exec(text.trim())?.[0] ?? []);

async function texts({ window }: SignedIn): Promise<string[]> {
  const view = async () =>
    (await window.evaluate(() => (globalThis as unknown as Page).pbxChat.call('snapshot'))) as { view: View };
  await expect
    .poll(async () => {
      const { open } = (await view()).view;
      if (open?.history.older !== true) return false;
      await window.evaluate(
        (discussion) => (globalThis as unknown as Page).pbxChat.call('loadOlder', { discussion }),
        open.id,
      );
      return true;
    })
    .toBe(false);
  return numbers((await view()).view.messages.map(({ text }) => text));
}

function person(sip: string, names: Record<string, string>, client: SignedIn): Person {
  return { sip, names, client, open: null, input: false, focused: false, unread: {} };
}

/** Mulberry32: small, and the same numbers everywhere. */
function generator(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
