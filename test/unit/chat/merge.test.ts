import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alreadyLoaded,
  appendLive,
  mergeHistory,
  withoutHistoryBefore,
  type HistoryMessage,
} from '../../../src-main/chat/merge.ts';
import type { Message } from '../../../src-main/chat/model.ts';
import { failed, queued } from '../../../src-main/chat/outbox.ts';
import { fromPlain } from '../../../src-main/chat/rich-text.ts';

function message(id: string, text: string, at: number, more: Partial<Message> = {}): Message {
  const own = more.own ?? false;
  return {
    id,
    serverId: null,
    author: { sip: own ? 'alice' : 'bob', name: '' },
    own,
    html: fromPlain(text),
    text,
    at,
    claimedAt: at,
    arrivedAt: at,
    attachments: [],
    incomplete: false,
    live: true,
    kept: false,
    edited: false,
    outgoing: null,
    ...more,
  };
}

function paged(serverId: string, text: string, at: number, more: Partial<Message> = {}): HistoryMessage {
  return { ...message(`s${serverId}`, text, at, { live: false, ...more }), serverId };
}

const texts = (messages: readonly Message[]): string[] => messages.map(({ text }) => text);

describe('a message that arrives', () => {
  test('stands at the end, whatever its sender takes for the time', () => {
    const before = [message('a', 'a', 10_700)];
    expect(appendLive(before, message('b', 'b', 10_000, { arrivedAt: 11_000 })).at(-1)).toMatchObject({
      id: 'b',
      at: 10_700,
    });
    expect(appendLive(before, message('b', 'b', 99_000, { arrivedAt: 11_000 })).at(-1)?.at).toBe(11_000);
  });

  test('is not shown again when a page has just brought it', () => {
    const page = [paged('1', 'hi', 10_400, { arrivedAt: 11_000 })];
    expect(alreadyLoaded(page, message('l', 'hi', 10_000, { arrivedAt: 11_200 }))).toBe(page[0]);
    expect(alreadyLoaded(page, message('l', 'ho', 10_000, { arrivedAt: 11_200 }))).toBeNull();
    expect(alreadyLoaded(page, message('l', 'hi', 10_000, { arrivedAt: 60_000 }))).toBeNull();
    expect(alreadyLoaded([{ ...page[0]!, live: true }], message('l', 'hi', 10_000))).toBeNull();
  });
});

describe('a page of the history', () => {
  // Without words, and in one second: each is a little nearer to the other's stored copy than to its own.
  const file = (name: string, url: string, size: number | null = null): Partial<Message> => ({
    attachments: [{ name, url, size, upload: null, download: null, problem: null }],
  });
  test.each([
    ['of other names', 'plan.pdf', 'setup.exe'],
    ['of the same name', 'picture.png', 'picture.png'],
  ])('keeps what is known about two files %s with the right one', (_, first, second) => {
    const live = [
      message('l1', '', 10_000, { arrivedAt: 10_180, ...file(first, 'temporary/1', 13) }),
      message('l2', '', 10_000, { arrivedAt: 10_300, ...file(second, 'temporary/2', 2) }),
    ];
    const page = [
      paged('1', '', 10_050, file(first, 'permanent/1')),
      paged('2', '', 10_170, file(second, 'permanent/2')),
    ];
    for (const given of [page, page.toReversed()]) {
      const { messages } = mergeHistory(live, given, 'newest');
      expect(messages.map(({ id, attachments: [one] }) => [id, one?.name, one?.url, one?.size])).toEqual([
        ['l1', first, 'permanent/1', 13],
        ['l2', second, 'permanent/2', 2],
      ]);
    }
  });

  test('is recognised in what was seen live or written here, and keeps its id', () => {
    const live = message('l1', 'hi', 10_000);
    const own = message('o1', 'yes', 11_000, { own: true, outgoing: { ...queued('o1'), state: 'sent' } });
    const { messages, added } = mergeHistory(
      [live, own],
      [paged('1', 'hi', 10_400), paged('2', 'yes', 11_300, { own: true })],
      'newest',
    );
    expect(messages.map(({ id, serverId, at }) => [id, serverId, at])).toEqual([
      ['l1', '1', 10_400],
      ['o1', '2', 11_300],
    ]);
    expect(messages[1]?.outgoing?.state).toBe('delivered');
    expect(added).toBe(0);
  });

  test('settles a message of which nobody knew whether it got through', () => {
    const unclear = failed({ ...queued('o1'), state: 'sent' }, { code: 'connection-lost' }, true);
    const own = message('o1', 'yes', 11_000, { own: true, outgoing: unclear });
    const { messages } = mergeHistory([own], [paged('2', 'yes', 11_300, { own: true })], 'newest');
    expect(messages[0]?.outgoing?.state).toBe('delivered');
  });

  test('is not taken for a message that was refused, or that never left', () => {
    const refused = message('o1', 'yes', 11_000, {
      own: true,
      outgoing: failed(queued('o1'), { code: 'not-online' }, true),
    });
    const waiting = message('o2', 'yes', 11_100, { own: true, outgoing: queued('o2') });
    const { messages } = mergeHistory(
      [refused, waiting],
      [paged('2', 'yes', 11_050, { own: true })],
      'newest',
    );
    expect(messages.map(({ id }) => id)).toEqual(['o1', 's2', 'o2']);
  });

  test('leaves two equal texts in a row two', () => {
    const live = [message('l1', 'ok', 10_000), message('l2', 'ok', 11_000)];
    const both = [paged('1', 'ok', 10_300), paged('2', 'ok', 11_300)];
    expect(mergeHistory(live, both, 'newest').messages.map(({ id }) => id)).toEqual(['l1', 'l2']);
    expect(mergeHistory([], both, 'newest').messages).toHaveLength(2);
    expect(mergeHistory(live, both.slice(1), 'newest').messages.map(({ serverId }) => serverId)).toEqual([
      null,
      '2',
    ]);
  });

  test('finds own messages though the clock of this computer is wrong', () => {
    const own = message('o1', 'yes', 400_000, { own: true });
    const { messages } = mergeHistory([own], [paged('2', 'yes', 100_000, { own: true })], 'newest');
    expect(messages.map(({ id, at }) => [id, at])).toEqual([['o1', 100_000]]);
  });

  test('brings the new text of a message that was edited', () => {
    const { messages } = mergeHistory([paged('1', 'hi', 10)], [paged('1', 'ho', 10)], 'newest');
    expect(texts(messages)).toEqual(['ho']);
  });

  test('knows a message again that was edited before its id was known, if the server has it for certain', () => {
    const items = [paged('1', 'ho', 10_400), paged('2', 'yes', 11_000)];
    const live = [message('l1', 'hi', 10_000, { kept: true }), message('l2', 'yes', 11_000, { kept: true })];
    const { messages } = mergeHistory(live, items, 'newest');
    expect(messages.map(({ id, text, edited }) => [id, text, edited])).toEqual([
      ['l1', 'ho', true],
      ['l2', 'yes', false],
    ]);
    const others = [
      message('l1', 'hi', 10_000),
      message('l1', 'hi', 8_000, { kept: true }),
      message('l1', 'hi', 10_000, { kept: true, own: true }),
    ];
    for (const other of others) expect(mergeHistory([other], items, 'newest').messages).toHaveLength(3);
  });

  test('changes nothing the second time, not even the identity of anything', () => {
    const page = [paged('1', 'a', 10), paged('2', 'b', 10), paged('3', 'c', 20)];
    const once = mergeHistory([message('l1', 'x', 15)], page, 'newest').messages;
    const twice = mergeHistory(
      once,
      page.map((item) => ({ ...item })),
      'newest',
    ).messages;
    expect(twice).toBe(once);
  });

  test('puts an older page of the same instant before what is known', () => {
    const newest = mergeHistory([], [paged('3', 'c', 10)], 'newest').messages;
    expect(texts(mergeHistory(newest, [paged('1', 'a', 10), paged('2', 'b', 10)], 'older').messages)).toEqual(
      ['a', 'b', 'c'],
    );
  });

  test('says when something is missing between it and what was known', () => {
    const known = [paged('1', 'a', 10), message('l', 'x', 15)];
    const gap = mergeHistory(known, [paged('9', 'z', 90)], 'newest');
    expect(gap.connected).toBe(false);
    expect(texts(withoutHistoryBefore(gap.messages, 90))).toEqual(['x', 'z']);
    expect(mergeHistory(known, [paged('1', 'a', 10), paged('9', 'z', 90)], 'newest').connected).toBe(true);
  });
});

describe('any order of pages, live and own messages', () => {
  interface Said {
    text: string;
    own: boolean;
    /** Between its time at the server and at its sender, milliseconds. */
    skew: number;
  }
  const said: fc.Arbitrary<Said> = fc.record({
    text: fc.constantFrom('ok', 'yes', 'no'),
    own: fc.boolean(),
    skew: fc.integer({ min: -900, max: 900 }),
  });
  /** What happens to the client while the server takes the messages one after the other, `gap` milliseconds apart. */
  const step = fc.record({
    said: fc.option(said),
    gap: fc.integer({ min: 0, max: 30_000 }),
    seenLive: fc.boolean(),
    page: fc.option(fc.record({ from: fc.nat(40), length: fc.integer({ min: 1, max: 12 }) })),
  });

  test('shows every message of the server once, sorted, and keeps the id of each', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const server: { id: string; text: string; own: boolean; at: number }[] = [];
        let shown: readonly Message[] = [];
        let now = 1_000_000;
        let next = 1;
        const idOf = new Map<string, string>();
        const merge = (from: number, to: number) => {
          const page = server
            .slice(from, to)
            .map(({ id, text, own, at }) => paged(id, text, at, { own, arrivedAt: now }));
          shown = mergeHistory(shown, page, to === server.length ? 'newest' : 'older').messages;
        };
        const check = () => {
          const ids = shown.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          const serverIds = shown.flatMap(({ serverId }) => serverId ?? []);
          expect(new Set(serverIds).size).toBe(serverIds.length);
          for (let index = 1; index < shown.length; index++) {
            expect(shown[index]!.at).toBeGreaterThanOrEqual(shown[index - 1]!.at);
          }
          for (const { id, serverId } of shown) {
            if (serverId === null) continue;
            expect(idOf.get(serverId) ?? id).toBe(id);
            idOf.set(serverId, id);
          }
        };
        for (const { said: what, gap, seenLive, page } of steps) {
          now += gap;
          if (what) {
            const at = now;
            server.push({ id: String(next), text: what.text, own: what.own, at });
            if (seenLive) {
              const claimedAt = what.own ? at + what.skew : Math.floor((at + what.skew) / 1000) * 1000;
              const live = message(`l${next}`, what.text, at, { own: what.own, claimedAt, arrivedAt: at });
              shown = appendLive(shown, live);
              expect(shown.at(-1)?.id).toBe(live.id);
            }
            next += 1;
          }
          if (page && server.length > 0) {
            const from = Math.min(page.from, server.length - 1);
            merge(from, Math.min(server.length, from + page.length));
          }
          check();
        }
        merge(0, server.length);
        check();
        expect(shown.map(({ serverId }) => serverId)).toEqual(server.map(({ id }) => id));
        expect(texts(shown)).toEqual(server.map(({ text }) => text));
      }),
      { numRuns: 400 },
    );
  });
});
