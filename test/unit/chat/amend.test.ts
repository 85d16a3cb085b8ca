// Changing and deleting own messages of stored chat (protocol, section 5, Update and Delete).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrives, comesToBob, createBench, loggedIn, type Bench } from './chat-bench.ts';
import { settled } from './manual-world.ts';

/** As long as a deletion can be taken back, in milliseconds. */
const grace = 8_000;

async function withHistory(): Promise<Bench> {
  const bench = await loggedIn(true, ({ server }) => {
    server.store('bob', 'bob', 'hello');
    server.store('bob', 'alice', 'helo');
    server.store('bob', 'bob', 'what?');
    server.messages.forEach((message, index) => (message.at -= (3 - index) * 60_000));
  });
  await comesToBob(bench);
  return bench;
}

async function leave(bench: Bench): Promise<void> {
  bench.session.commands.reading({ discussion: null, inputFocused: false });
  bench.session.commands.closeDiscussion();
  await settled();
}

/** Sent and stored, as the server does it; its id is not known here. */
function send(bench: Bench, html: string): void {
  bench.session.commands.send({ discussion: 'bob', html });
  const { ref } = bench.pbx().sent.at(-1)!;
  bench.server.store('bob', 'alice', html);
  bench.pbx().emit({ type: 'im-sent', ref });
  bench.pbx().emit({ type: 'im-delivered', ref });
}

const pages = (bench: Bench) => bench.pbx().calls.filter((call) => call === 'readChat bob').length;

function idOf(bench: Bench, text: string): string {
  const found = bench.view().messages.find((message) => message.text === text);
  if (!found) throw new Error(`no message '${text}'`);
  return found.id;
}
const edit = (bench: Bench, text: string, html: string) =>
  bench.session.commands.editMessage({ message: idOf(bench, text), html });
const remove = (bench: Bench, text: string) =>
  bench.session.commands.deleteMessage({ message: idOf(bench, text) });
const removal = (bench: Bench, text: string) =>
  bench.view().messages.find((message) => message.text === text)?.removal;
const changes = (bench: Bench) => bench.pbx().calls.filter((call) => /^(update|delete)/.test(call));

describe('an own message', () => {
  test('is changed at the server, and then here', async () => {
    const bench = await withHistory();
    expect(await edit(bench, 'helo', '<div onclick="x">hello <b>there</b></div>')).toEqual({
      ok: true,
      value: null,
    });
    expect(changes(bench)).toEqual(['update <p>hello <b>there</b></p>']);
    expect(bench.texts()).toEqual(['hello', 'hello there', 'what?']);
    expect(bench.view().messages.map(({ edited }) => edited)).toEqual([false, true, false]);
  });

  test('that was just sent is known to the server by the page that is read then', async () => {
    const bench = await withHistory();
    const sent = bench.session.commands.send({ discussion: 'bob', html: 'typo' });
    bench.server.store('bob', 'alice', 'typo');
    bench.pbx().emit({ type: 'im-sent', ref: bench.pbx().sent[0]!.ref });
    expect(bench.last().stored).toBe(false);
    bench.pbx().emit({ type: 'im-delivered', ref: bench.pbx().sent[0]!.ref });
    expect(bench.last().stored).toBe(true);
    expect(await edit(bench, 'typo', 'right')).toEqual({ ok: true, value: null });
    expect(bench.texts().at(-1)).toBe('right');
    expect(bench.last().id).toBe(sent && 'ok' in sent && sent.ok ? sent.value.message : '');
    expect(bench.server.messages.at(-1)?.text).toBe('right');
  });

  test('that was just sent is left alone while nobody is reading: a page would read what is unread', async () => {
    const bench = await withHistory();
    send(bench, 'typo');
    bench.session.commands.reading({ discussion: 'bob', inputFocused: false });
    const before = pages(bench);
    expect(await edit(bench, 'typo', 'right')).toEqual({ ok: false, reason: { code: 'not-stored' } });
    expect(pages(bench)).toBe(before);
  });

  test.each([
    ['nothing is left of it', '<p> </p>', 'empty'],
    ['it is too long', 'x'.repeat(60_000), 'too-long'],
  ])('stays as it was when %s', async (_, html, code) => {
    const bench = await withHistory();
    expect(await edit(bench, 'helo', html)).toEqual({ ok: false, reason: { code } });
    expect(changes(bench)).toEqual([]);
  });

  test('cannot be changed without a link, without the service, or when it is not an own one', async () => {
    const bench = await withHistory();
    expect(await edit(bench, 'what?', 'mine')).toEqual({ ok: false, reason: { code: 'not-stored' } });
    bench.pbx().mode(false);
    expect(bench.open().amends).toEqual({ edit: false, remove: false });
    expect(await edit(bench, 'helo', 'x')).toEqual({ ok: false, reason: { code: 'volatile' } });
    bench.pbx().down();
    expect(await edit(bench, 'helo', 'x')).toEqual({ ok: false, reason: { code: 'offline' } });
  });

  test('is not offered for change any more when the server refused, until there is another session', async () => {
    const bench = await withHistory();
    bench.pbx().amends = 'refused';
    expect(bench.open().amends).toEqual({ edit: true, remove: true });
    expect(await edit(bench, 'helo', 'x')).toEqual({ ok: false, reason: { code: 'refused' } });
    expect(bench.open().amends).toEqual({ edit: false, remove: true });
    expect(bench.texts()).toContain('helo');
    bench.pbx().down();
    bench.pbx().up(true);
    expect(bench.open().amends).toEqual({ edit: true, remove: true });
  });
});

describe('deleting', () => {
  test('waits for a moment, and can be taken back until then', async () => {
    const bench = await withHistory();
    remove(bench, 'helo');
    expect(removal(bench, 'helo')).toEqual({ state: 'undoable' });
    await bench.world.pass(grace - 1);
    bench.session.commands.keepMessage({ message: idOf(bench, 'helo') });
    await bench.world.pass(60_000);
    expect(removal(bench, 'helo')).toBeNull();
    expect(changes(bench)).toEqual([]);
  });

  test('then asks the server, and takes the message away', async () => {
    const bench = await withHistory();
    remove(bench, 'helo');
    await bench.world.pass(grace);
    expect(changes(bench)).toEqual(['delete']);
    expect(bench.texts()).toEqual(['hello', 'what?']);
  });

  test('goes on when another discussion is opened meanwhile', async () => {
    const bench = await withHistory();
    remove(bench, 'helo');
    bench.session.commands.closeDiscussion();
    await bench.world.pass(grace);
    expect(changes(bench)).toEqual(['delete']);
  });

  test('is asked for at once when the program ends in that moment, or somebody signs out', async () => {
    for (const end of ['close', 'logout'] as const) {
      const bench = await withHistory();
      remove(bench, 'helo');
      if (end === 'close') bench.session.close();
      else await bench.session.commands.logout();
      expect(
        bench
          .pbx()
          .calls.slice(-2)
          .filter((call) => call !== 'logout'),
      ).toContain('delete');
      expect(bench.server.messages.map(({ text }) => text)).toEqual(['hello', 'what?']);
    }
  });

  test('waits for the link when it is away, and can still be taken back', async () => {
    const bench = await withHistory();
    remove(bench, 'helo');
    remove(bench, 'helo');
    bench.pbx().down();
    await bench.world.pass(grace);
    expect(removal(bench, 'helo')).toEqual({ state: 'waiting' });
    bench.pbx().up(true);
    await settled();
    expect(changes(bench)).toEqual(['delete']);
    expect(bench.texts()).toEqual(['hello', 'what?']);
  });

  test('whose answer was lost is asked for again, and a refusal then means that it had been done', async () => {
    const bench = await withHistory();
    const pbx = bench.pbx();
    remove(bench, 'helo');
    pbx.prompt = false;
    await bench.world.pass(grace);
    pbx.requests.find(({ kind }) => kind === 'delete')!.process();
    pbx.down();
    await settled();
    expect(removal(bench, 'helo')).toEqual({ state: 'waiting' });
    pbx.prompt = true;
    pbx.amends = 'refused';
    pbx.up(true);
    await settled();
    expect(bench.texts()).toEqual(['hello', 'what?']);
    expect(bench.open().amends).toEqual({ edit: true, remove: true });
  });

  test('of a message that was just sent learns its id as soon as somebody reads the discussion, not before', async () => {
    const bench = await withHistory();
    send(bench, 'oops');
    bench.session.commands.reading({ discussion: 'bob', inputFocused: false });
    const before = pages(bench);
    remove(bench, 'oops');
    await bench.world.pass(grace);
    expect(removal(bench, 'oops')).toEqual({ state: 'waiting' });
    expect([pages(bench), changes(bench)]).toEqual([before, []]);
    bench.session.commands.reading({ discussion: 'bob', inputFocused: true });
    await settled();
    expect(changes(bench)).toEqual(['delete']);
    expect(bench.texts()).toEqual(['hello', 'helo', 'what?']);
  });

  test('of a message that the server turns out not to have says so', async () => {
    const bench = await withHistory();
    send(bench, 'never stored');
    bench.server.messages.pop();
    remove(bench, 'never stored');
    await settled();
    expect(removal(bench, 'never stored')).toEqual({ state: 'failed', reason: { code: 'not-stored' } });
  });

  test('is not offered any more when the server refused', async () => {
    const bench = await withHistory();
    bench.pbx().amends = 'refused';
    remove(bench, 'helo');
    await bench.world.pass(grace);
    expect(removal(bench, 'helo')).toEqual({ state: 'failed', reason: { code: 'refused' } });
    expect(bench.open().amends).toEqual({ edit: true, remove: false });
    bench.session.commands.keepMessage({ message: idOf(bench, 'helo') });
    expect(removal(bench, 'helo')).toBeNull();
  });

  test('does nothing to a message of somebody else', async () => {
    const bench = await withHistory();
    remove(bench, 'what?');
    expect(removal(bench, 'what?')).toBeNull();
  });
});

describe('what another program has changed', () => {
  test('is shown when the server says so', async () => {
    const bench = await withHistory();
    const { id } = bench.server.messages[0]!;
    bench.pbx().emit({ type: 'stored-changed', id, text: '<b>hello</b> again<script>x</script>' });
    expect(bench.texts()).toEqual(['hello again', 'helo', 'what?']);
    bench.pbx().emit({ type: 'stored-changed', id, text: null });
    bench.pbx().emit({ type: 'stored-changed', id: '999', text: null });
    expect(bench.texts()).toEqual(['helo', 'what?']);
  });

  test('is seen when the discussion is opened again, if the server does not', async () => {
    const bench = await withHistory();
    await leave(bench);
    const [first, , last] = bench.server.messages;
    bench.server.messages.splice(2, 1);
    bench.server.messages[0] = { ...first!, text: 'hello, all' };
    expect(last?.text).toBe('what?');
    await bench.world.pass(59_000);
    await comesToBob(bench);
    expect(bench.texts()).toEqual(['hello', 'helo', 'what?']);
    await leave(bench);
    await bench.world.pass(60_000);
    await comesToBob(bench);
    expect(bench.texts()).toEqual(['hello, all', 'helo']);
  });

  test('takes a deleted message out of the count and the "new" line', async () => {
    const bench = await withHistory();
    bench.session.commands.reading({ discussion: 'bob', inputFocused: false });
    await bench.world.pass(10_000);
    await arrives(bench, 'bob', 'oops');
    expect([bench.total(), bench.open().newFrom]).toEqual([1, bench.last().id]);
    bench.server.messages.pop();
    bench.server.unreadOf('bob').clear();
    bench.pbx().emit({ type: 'badge', total: 0 });
    await bench.world.pass(1_000);
    expect(bench.total()).toBe(0);
  });

  test('is placed by a page when its id is not known, which is read only while somebody reads', async () => {
    const bench = await withHistory();
    bench.session.commands.reading({ discussion: 'bob', inputFocused: false });
    await arrives(bench, 'bob', 'tree');
    await arrives(bench, 'bob', 'oops');
    await bench.world.pass(10_000);
    const before = pages(bench);
    const [tree, oops] = bench.server.messages.slice(-2);
    bench.server.messages.pop();
    bench.server.messages[3] = { ...tree!, text: 'three' };
    bench.pbx().emit({ type: 'stored-changed', id: tree!.id, text: 'three' });
    bench.pbx().emit({ type: 'stored-changed', id: oops!.id, text: null });
    await bench.world.pass(10_000);
    expect(pages(bench)).toBe(before);
    bench.session.commands.reading({ discussion: 'bob', inputFocused: true });
    await settled();
    expect(bench.texts()).toEqual(['hello', 'helo', 'what?', 'three']);
    expect(bench.last()).toMatchObject({ edited: true });
    expect(pages(bench)).toBe(before + 1);
    await bench.world.pass(10_000);
    expect(pages(bench)).toBe(before + 1);
  });

  test('does not make a message vanish that the server only does not keep', async () => {
    const bench = await withHistory();
    bench.pbx().emit(bench.pbx().im('bob', 'bob', 'not kept'));
    await bench.world.pass(70_000);
    await leave(bench);
    await comesToBob(bench);
    expect(bench.texts()).toContain('not kept');
  });

  test('is not kept in mind without end', async () => {
    const bench = await withHistory();
    await leave(bench);
    for (let id = 0; id < 500; id++)
      bench.pbx().emit({ type: 'stored-changed', id: `9${id}`, text: `text ${id}` });
    const [account] = Object.values(bench.store.state().accounts);
    expect(account?.unplaced.map(({ id }) => id)).toEqual(
      Array.from({ length: 200 }, (_, index) => `9${index + 300}`),
    );
  });
});

describe('two devices of one person', () => {
  interface Step {
    do: 'peer writes' | 'wait' | 'send' | 'come' | 'leave' | 'link' | 'undo' | 'edit' | 'delete';
    device: number;
    pick: number;
  }

  async function deliver(devices: readonly Bench[]): Promise<void> {
    for (const device of devices) {
      while (device.pbx().events.length > 0) device.pbx().deliver();
      await settled();
    }
  }

  function ownStored(bench: Bench): string[] {
    return bench
      .view()
      .messages.filter(({ own, stored, removal }) => own && stored && removal === null)
      .map(({ text }) => text);
  }

  test('end with the messages of the server, whatever they did, in whatever order', async () => {
    const device = fc.nat(1);
    const of = (weight: number, ...names: string[]) => ({
      weight,
      arbitrary: fc.record({ do: fc.constantFrom(...names), device, pick: fc.nat(9) }),
    });
    const step = fc.oneof(
      of(4, 'peer writes', 'wait'),
      of(6, 'send', 'come'),
      of(2, 'leave', 'link', 'undo'),
      of(8, 'edit', 'delete'),
    ) as fc.Arbitrary<Step>;
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(step, { maxLength: 60, size: 'max' }),
        async (indicates, steps) => {
          const desk = await loggedIn(true, ({ server }) => {
            server.store('bob', 'bob', 'long ago');
            server.messages[0]!.at -= 3_600_000;
          });
          const laptop = await loggedIn(true, () => undefined, createBench(null, undefined, desk));
          const devices = [desk, laptop];
          const { server, world } = desk;
          server.indicates = indicates;
          let count = 0;
          for (const next of steps) {
            const bench = devices[next.device]!;
            const present = bench.view().open !== null && bench.pbx().online;
            switch (next.do) {
              case 'peer writes': {
                const text = `bob ${++count}`;
                server.store('bob', 'bob', text);
                for (const { pbx } of devices)
                  if (pbx().online) pbx().events.push(pbx().im('bob', 'bob', text));
                break;
              }
              case 'wait':
                await world.pass(9_000);
                break;
              case 'send':
                if (present) send(bench, `alice ${++count}`);
                break;
              case 'come':
                await comesToBob(bench);
                break;
              case 'leave':
                await leave(bench);
                break;
              case 'link':
                if (bench.pbx().online) bench.pbx().down();
                else bench.pbx().up(true);
                break;
              case 'undo': {
                const hidden = bench.view().messages.find((message) => message.removal !== null);
                if (hidden) bench.session.commands.keepMessage({ message: hidden.id });
                break;
              }
              default: {
                const own = ownStored(bench);
                const text = own[next.pick % Math.max(1, own.length)];
                if (!present || text === undefined) break;
                if (next.do === 'delete') remove(bench, text);
                else await edit(bench, text, `alice ${++count}`);
              }
            }
            await world.pass(2_500);
            await deliver(devices);
          }
          // Everybody comes back, reads, and writes a last word; then they come once more.
          for (const bench of devices) if (!bench.pbx().online) bench.pbx().up(true);
          for (const last of ['bob', 'alice']) {
            for (const bench of devices) {
              await leave(bench);
              await world.pass(61_000);
              await comesToBob(bench);
              await deliver(devices);
            }
            if (last === 'alice') break;
            const text = `bob ${++count}`;
            server.store('bob', 'bob', text);
            for (const { pbx } of devices) pbx().events.push(pbx().im('bob', 'bob', text));
            await deliver(devices);
            for (const bench of devices) {
              await world.pass(2_500);
              send(bench, `alice ${++count}`);
            }
          }
          await world.pass(10_000);
          await deliver(devices);
          const kept = server.messages.map(({ text }) => text);
          for (const bench of devices) {
            expect(bench.texts()).toEqual(kept);
            expect(bench.view().messages.filter(({ removal }) => removal !== null)).toEqual([]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
