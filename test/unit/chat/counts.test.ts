// No order of events makes a count wrong: random lives of a client between a person, other devices, people who
// write, and a server whose answers come in any order, held against a bookkeeping that knows nothing of the client.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { title, tray } from '../../../src-main/chat/select.ts';
import { loggedIn, writes, type Bench } from './chat-bench.ts';
import { settled } from './manual-world.ts';

const people = ['bob', 'carol'] as const;
type Person = (typeof people)[number];

type Step =
  | { do: 'write' | 'open' | 'focus' | 'read elsewhere'; chat: Person }
  | { do: 'close' | 'blur' | 'badge' | 'service' | 'session' | 'link' | 'own message'; chat: Person }
  | { do: 'window'; focused: boolean; visible: boolean; chat: Person }
  | { do: 'deliver' | 'process' | 'answer'; pick: number; chat: Person }
  | { do: 'wait'; milliseconds: number; chat: Person };

const chat = fc.constantFrom(...people);
const acts = (...names: string[]) => fc.record({ do: fc.constantFrom(...names), chat }) as fc.Arbitrary<Step>;
const windowStep = fc
  .record({ focused: fc.boolean(), visible: fc.boolean(), chat })
  .map((facts): Step => ({ do: 'window', ...facts, focused: facts.focused && facts.visible }));
const waitStep = fc
  .record({ milliseconds: fc.constantFrom(10, 400, 3_000, 61_000), chat })
  .map((wait): Step => ({ do: 'wait', ...wait }));

/** What the client shows in its four places must be one number, and never a negative one. */
function consistent(bench: Bench): void {
  const view = bench.view();
  for (const row of view.rows) expect(row.unread).toBeGreaterThanOrEqual(0);
  const total = view.rows.reduce((sum, row) => sum + row.unread, 0);
  expect(view.app.unread).toBe(total);
  expect(bench.total()).toBe(total);
  expect(tray(bench.store.state()).unread).toBe(total);
  expect(title(bench.store.state())).toBe(total > 0 ? `(${total}) PBX Chat` : 'PBX Chat');
  if (view.open) expect(view.open.unread).toBe(view.rows.find(({ id }) => id === view.open?.id)?.unread);
}

async function drain(bench: Bench): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const pbx = bench.pbx();
    while (pbx.events.length > 0) pbx.deliver();
    for (const request of [...pbx.requests]) request.answer();
    await bench.world.pass(400);
    if (pbx.events.length === 0 && pbx.requests.length === 0) break;
  }
  const doubts = Object.values(bench.store.state().accounts).some(({ recount }) => recount);
  expect(doubts).toBe(false);
}

/** The person's side of the read rule, told again in the simplest way. */
class Reader {
  open: Person | null = null;
  input: Person | null = null;
  focused = true;
  visible = true;
  get reading(): Person | null {
    return this.visible && this.focused && this.input === this.open ? this.open : null;
  }
}

function act(bench: Bench, person: Reader, step: Step): void {
  const { commands } = bench.session;
  switch (step.do) {
    case 'open':
      if (!bench.row(step.chat)) return;
      person.open = step.chat;
      return void commands.openDiscussion({ discussion: step.chat });
    case 'close':
      person.open = null;
      return void commands.closeDiscussion();
    case 'focus':
      person.input = person.open;
      return void commands.reading({ discussion: person.open, inputFocused: person.open !== null });
    case 'blur':
      person.input = null;
      return void commands.reading({ discussion: person.open, inputFocused: false });
    case 'window':
      if (person.visible && !step.visible) person.input = null;
      person.focused = step.focused;
      person.visible = step.visible;
      return bench.session.window({ focused: step.focused, visible: step.visible });
  }
}

/** In short: what to do, with bob unless another is named, and how long to wait or which of several to answer. */
function life(...steps: (string | [string, Person | number])[]): Step[] {
  return steps.map((step) => {
    const [act, more] = typeof step === 'string' ? [step, 0] : step;
    const chat = typeof more === 'string' ? more : 'bob';
    const number = typeof more === 'number' ? more : 0;
    return { do: act, chat, pick: number, milliseconds: number } as Step;
  });
}

/** Lives that once went wrong. */
const found: readonly Step[][] = [
  // Missed while an own message waits for the link: that one does not explain the time of the missed one.
  life('service', ['write', 'carol'], 'service', 'link', ['write', 'carol'], ['own message', 'carol']),
  // A count of one with the time of a message that comes only then, after one that the service may have missed.
  life('service', ['wait', 800], 'write', 'service', 'answer', ['wait', 400], 'write', 'answer', 'answer'),
  // Two in one second, between which the service was told of a reading: it counts one, and not for both.
  life(
    ['write', 'carol'],
    'deliver',
    'write',
    ['open', 'carol'],
    ['wait', 61_000],
    'open',
    'write',
    ['answer', 4],
    ['answer', 1],
    'write',
    'deliver',
    ['answer', 4],
    ['answer', 3],
    ['answer', 1],
    ['answer', 1],
    ['answer', 1],
  ),
  // The first to come after a gap hides that there was one.
  life('service', ['write', 'carol'], 'service', ['wait', 3_000], ['write', 'carol'], 'link', 'link', [
    'write',
    'carol',
  ]),
  // A page that was made between two messages of one second.
  life(
    ['write', 'carol'],
    'deliver',
    ['open', 'carol'],
    ['wait', 61_000],
    'write',
    'deliver',
    'open',
    ['write', 'carol'],
    'process',
    ['write', 'carol'],
    ['wait', 61_000],
    ['write', 'carol'],
  ),
];

/** Milliseconds: hundreds of lives take their time on a busy machine. */
const patience = 60_000;

describe('counts', { timeout: patience }, () => {
  test('are exactly what nobody has read, at every step that the server had time to answer', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: acts('write') },
      acts('open', 'focus', 'read elsewhere', 'close', 'blur', 'service', 'session', 'link', 'own message'),
      windowStep,
      waitStep,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(step, { maxLength: 40, size: 'max' }),
        async (startStored, steps) => {
          const bench = await loggedIn(startStored);
          const person = new Reader();
          let stored = startStored;
          /** What nobody has read, by the time of its arrival here. */
          const unread = new Map<Person, number>(people.map((name) => [name, 0]));
          const missed = new Map<Person, number>(people.map((name) => [name, 0]));
          const see = () => {
            if (person.reading) unread.set(person.reading, 0);
          };
          for (const next of steps) {
            const up = bench.pbx().online;
            switch (next.do) {
              case 'write': {
                const { chat } = next;
                if (!up) {
                  if (!stored) break;
                  bench.server.store(chat, chat, 'hi');
                  missed.set(chat, missed.get(chat)! + 1);
                  break;
                }
                writes(bench, chat, 'hi');
                if (person.reading !== chat) unread.set(chat, unread.get(chat)! + 1);
                break;
              }
              case 'own message':
                if (up) bench.session.commands.send({ discussion: next.chat, html: 'hello' });
                break;
              case 'read elsewhere':
                // What the server never had, another device cannot read.
                if (!up || !stored || bench.server.unreadOf(next.chat).size === 0) break;
                unread.set(next.chat, unread.get(next.chat)! - bench.server.unreadOf(next.chat).size);
                bench.server.unreadOf(next.chat).clear();
                bench.pbx().events.push({ type: 'badge', total: bench.server.total });
                break;
              case 'service':
                if (!up) break;
                stored = !stored;
                bench.pbx().mode(stored);
                break;
              case 'session':
                if (!up || !stored) break;
                stored = false;
                bench.pbx().loseSession();
                break;
              case 'link':
                if (up) bench.pbx().down();
                else {
                  // As below: nobody reconnects within a second.
                  await bench.world.pass(2_000);
                  bench.pbx().up(stored);
                  await drain(bench);
                  for (const name of people) {
                    unread.set(name, unread.get(name)! + missed.get(name)!);
                    missed.set(name, 0);
                  }
                  see();
                }
                break;
              case 'wait':
                await bench.world.pass(next.milliseconds);
                break;
              default: {
                // What a person does without a link, or without the service that has the messages, has tests of its own.
                if (!up || !stored) break;
                const had = bench.row(next.chat) !== undefined;
                act(bench, person, next);
                if (next.do === 'open' && had) unread.set(next.chat, 0);
                see();
              }
            }
            await drain(bench);
            consistent(bench);
            for (const name of people) {
              expect([name, bench.row(name)?.unread ?? 0]).toEqual([name, unread.get(name)]);
            }
          }
        },
      ),
      { numRuns: 250, examples: [[true, life('session', 'write', 'link', 'link', 'write', 'service')]] },
    );
  });

  test('never hide what surely nobody has read, and end up right, whatever order things come in', async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: acts('write') },
      {
        weight: 8,
        arbitrary: fc
          .record({ do: fc.constantFrom('deliver', 'process', 'answer'), pick: fc.nat(5), chat })
          .map((picked) => picked as Step),
      },
      { weight: 4, arbitrary: acts('open', 'focus', 'read elsewhere', 'close', 'blur') },
      acts('service', 'link', 'badge', 'own message'),
      windowStep,
      waitStep,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const bench = await loggedIn(true);
        const pbx = bench.pbx();
        pbx.prompt = false;
        const person = new Reader();
        let stored = true;
        /** By chat, texts of messages that cannot have been read, here or elsewhere, nor were lost on their way. */
        const surely = new Map<Person, Set<string>>(people.map((name) => [name, new Set()]));
        const passedBy: { chat: Person; second: number; text: string }[] = [];
        let count = 0;
        const mayBeRead = (name: Person | null) => name && surely.get(name)?.clear();
        for (const next of steps) {
          switch (next.do) {
            case 'write': {
              const text = `m${++count}`;
              if (pbx.online) {
                const second = Math.floor(bench.world.now() / 1000);
                const sameSecond = bench.server.messages.some(
                  ({ chat, at }) => chat === next.chat && Math.floor(at / 1000) >= second,
                );
                writes(bench, next.chat, text);
                // What a service that is away does not get cannot be told from one of the same second that it has,
                // whichever of the two was first.
                const twins = passedBy.filter((one) => one.chat === next.chat && one.second === second);
                if (pbx.stored ? twins.length === 0 : !sameSecond) surely.get(next.chat)?.add(text);
                if (pbx.stored) for (const one of twins) surely.get(next.chat)?.delete(one.text);
                else passedBy.push({ chat: next.chat, second, text });
              } else if (stored) {
                bench.server.store(next.chat, next.chat, text);
                surely.get(next.chat)?.add(text);
              }
              break;
            }
            case 'own message':
              bench.session.commands.send({ discussion: next.chat, html: `own ${++count}` });
              break;
            case 'read elsewhere':
              bench.server.unreadOf(next.chat).clear();
              mayBeRead(next.chat);
              break;
            case 'badge':
              if (pbx.online) pbx.events.push({ type: 'badge', total: bench.server.total });
              break;
            case 'service':
              if (!pbx.online) break;
              stored = !stored;
              pbx.mode(stored);
              break;
            case 'link':
              if (!pbx.online) {
                pbx.up(stored);
                break;
              }
              // A message whose way here broke, and which a reading of before has cleared at the server, is lost to
              // every program: nobody knows that it was not read.
              for (const event of pbx.events) {
                if (event.type !== 'im') continue;
                const { from, data, at } = event.im;
                const name = from.sip as Person;
                const known = bench.server.messages.find(({ text }) => text === data);
                // Nor can one be told from a message of the same second that was read here just before.
                const sameSecond = bench.server.messages.some(
                  (other) =>
                    other !== known &&
                    other.chat === name &&
                    Math.floor(other.at / 1000) === Math.floor(at / 1000),
                );
                if (sameSecond) surely.get(name)?.delete(data);
                if (!known || !bench.server.unreadOf(name).has(known.id)) surely.get(name)?.delete(data);
              }
              pbx.down();
              // Missed messages are told from known ones by their time; nobody reconnects within a second.
              await bench.world.pass(2_000);
              break;
            case 'deliver':
              pbx.deliver();
              break;
            case 'process': {
              const open = pbx.requests.filter(({ processed }) => !processed);
              open[next.pick % Math.max(1, open.length)]?.process();
              break;
            }
            case 'answer':
              pbx.requests[next.pick % Math.max(1, pbx.requests.length)]?.answer();
              break;
            case 'wait':
              // Messages and answers may overtake each other, but not by more than a moment.
              while (next.milliseconds > 1_000 && pbx.events.length > 0) pbx.deliver();
              await bench.world.pass(next.milliseconds);
              break;
            default:
              act(bench, person, next);
              if (next.do === 'open') mayBeRead(next.chat);
          }
          await settled();
          mayBeRead(person.reading);
          // A page that is on its way while its discussion is on screen can bring anything.
          if (person.open && pbx.requests.some(({ kind }) => kind === `readChat ${person.open}`)) {
            mayBeRead(person.open);
          }
          consistent(bench);
        }
        // The person goes away, and everything comes to rest.
        bench.session.window({ focused: false, visible: false });
        if (!pbx.online) pbx.up(true);
        else if (!stored) pbx.mode(true);
        await drain(bench);
        await bench.world.pass(60_000);
        await drain(bench);
        consistent(bench);
        for (const name of people) {
          expect([name, bench.row(name)?.unread ?? 0]).toSatisfy(
            ([, shown]: [string, number]) => shown >= surely.get(name)!.size,
          );
          // Nor does it show what the server does not count and this program did not keep for a reason.
          expect(bench.row(name)?.unread ?? 0).toBeGreaterThanOrEqual(bench.server.unreadOf(name).size);
          const kept = Object.values(bench.store.state().accounts)
            .flatMap(({ discussions }) => discussions[name]?.unread.arrived ?? [])
            .filter(({ counted }) => counted === 'no').length;
          expect(bench.row(name)?.unread ?? 0).toBe(bench.server.unreadOf(name).size + kept);
        }
        // Opening them reads them all.
        bench.session.window({ focused: true, visible: true });
        for (const name of people) {
          bench.session.commands.openDiscussion({ discussion: name });
          await drain(bench);
        }
        expect(bench.total()).toBe(0);
        expect(bench.server.total).toBe(0);
      }),
      { numRuns: 300, examples: found.map((steps) => [steps]) },
    );
  });
});
