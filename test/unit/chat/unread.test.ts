import { describe, expect, test } from 'vitest';
import {
  answered,
  arrive,
  beingRead,
  checked,
  countOf,
  interrupted,
  loadDone,
  markDone,
  markFailed,
  markStarted,
  nothingUnread,
  read,
  readByTransition,
  readOnArrival,
  readsOnArrival,
  type Reading,
  type Unread,
} from '../../../src-main/chat/unread.ts';

const reading: Reading = { open: 'bob', input: 'bob', focused: true, visible: true };

describe('a message that arrives from bob (protocol, section 9)', () => {
  test.each<[string, Partial<Reading>, boolean]>([
    ['the program is closed to the tray', { visible: false, focused: false, input: null }, false],
    ['the window is minimised', { visible: false }, false],
    ['the window is visible but another program has the focus', { focused: false }, false],
    ['another discussion is open', { open: 'carol', input: 'carol' }, false],
    ['no discussion is open', { open: null, input: null }, false],
    ['his discussion is open, the focus is in the list', { input: null }, false],
    ['his discussion is open, the input of the one before is still reported', { input: 'carol' }, false],
    ['his discussion is open and its input has the focus', {}, true],
  ])('while %s: read on arrival %#', (_, facts, reads) => {
    expect(readsOnArrival({ ...reading, ...facts }, 'bob')).toBe(reads);
  });

  test('counts at nobody else', () => {
    expect(readsOnArrival(reading, 'carol')).toBe(false);
  });
});

describe('what a change of facts reads', () => {
  const away: Reading = { open: 'bob', input: null, focused: false, visible: false };
  test.each<[string, Reading, Reading, string | null]>([
    ['the input gets the focus', { ...reading, input: null }, reading, 'bob'],
    ['the window gets the focus back, input and all', { ...reading, focused: false }, reading, 'bob'],
    ['the program comes back from the tray', away, { ...away, focused: true, visible: true }, null],
    [
      'the window gets the focus, the list has it inside',
      { ...away, visible: true },
      { ...reading, input: null },
      null,
    ],
    ['the window loses the focus', reading, { ...reading, focused: false }, null],
    ['the input had the focus all the time', reading, { ...reading }, null],
    [
      'the input of another discussion gets the focus',
      { ...reading, input: null },
      { ...reading, input: 'carol' },
      null,
    ],
  ])('%s: %s', (_, before, after, read) => {
    expect(readByTransition(before, after)).toBe(read);
  });

  test('is always something that is being read afterwards', () => {
    for (const input of [null, 'bob', 'carol'])
      for (const focused of [true, false])
        for (const visible of [true, false]) {
          const after = { ...reading, input, focused, visible };
          const read = readByTransition(away, after);
          expect(read).toBe(input === 'bob' && focused && visible ? 'bob' : null);
          expect(read).toBe(beingRead(after));
        }
  });
});

describe('counts', () => {
  const now = 1_000_500;
  const message = (id: string, claimedAt = 1_000_000) => ({ id, claimedAt, arrivedAt: now });
  const stored = (count: number, at = 900_000): Unread => ({ ...nothingUnread, stored: count, at });

  test('are what the server counted and what arrived since', () => {
    const { unread, doubtful } = arrive(stored(2), message('a'), 'yes');
    expect([countOf(unread), doubtful]).toEqual([3, false]);
  });

  test('do not take a message twice that the server may have counted already, but ask', () => {
    const { unread, doubtful } = arrive(stored(1, 1_000_700), message('a', 1_000_000), 'yes');
    expect([countOf(unread), doubtful]).toEqual([1, true]);
  });

  test('take it when the server counted nothing', () => {
    expect(countOf(arrive(stored(0, 2_000_000), message('a'), 'yes').unread)).toBe(1);
  });

  test('are gone with reading, and the server is to be told', () => {
    const unread = read(arrive(stored(2), message('a'), 'yes').unread);
    expect([countOf(unread), unread.mark]).toEqual([0, 'due']);
  });

  test('tell the server nothing about messages that it never had', () => {
    const unread = read(arrive(nothingUnread, message('a'), 'no').unread);
    expect([countOf(unread), unread.mark]).toEqual([0, 'none']);
  });

  test('tell the server of a message that was read on arrival', () => {
    expect(readOnArrival(nothingUnread, 'yes').mark).toBe('due');
    expect(readOnArrival(nothingUnread, 'no').mark).toBe('none');
  });

  test('take the answer of the server as it is when nothing happened since it was asked', () => {
    const before = arrive(stored(1), message('a'), 'yes').unread;
    expect(answered(before, before, 5, 1).unread).toMatchObject({ stored: 5, arrived: [] });
    expect(countOf(answered(before, before, 0, 1).unread)).toBe(0);
  });

  test('drop an answer that was overtaken by a message, and ask again', () => {
    const after = arrive(nothingUnread, message('a'), 'yes').unread;
    const { unread, overtaken } = answered(after, nothingUnread, 0, 1);
    expect([countOf(unread), overtaken]).toEqual([1, true]);
  });

  test('drop an answer that was overtaken by reading', () => {
    const before = stored(3);
    const after = markDone(markStarted(read(before)), now);
    const { unread, overtaken } = answered(after, before, 3, 1);
    expect([countOf(unread), overtaken]).toEqual([0, true]);
  });

  test('drop the older of two answers that come in the wrong order', () => {
    const newer = answered(stored(3), stored(3), 0, 1).unread;
    expect(answered(newer, stored(3), 3, 1)).toEqual({ unread: newer, overtaken: true });
  });

  test('ignore the server until it has confirmed a reading', () => {
    const told = markStarted(read(stored(3)));
    expect(countOf(answered(told, told, 3, 1).unread)).toBe(0);
    const confirmed = markDone(told, now);
    expect(countOf(answered(confirmed, confirmed, 3, 1).unread)).toBe(3);
  });

  test('keep a message that arrived while a reading was told, when the server has cleared it with the rest', () => {
    const told = markStarted(read(stored(3)));
    const confirmed = markDone(arrive(told, message('a'), 'yes').unread, now);
    const cleared = answered(confirmed, confirmed, 0, 1).unread;
    expect(countOf(cleared)).toBe(1);
    // And from then on the server's count comes on top.
    expect(countOf(answered(cleared, cleared, 2, 1).unread)).toBe(3);
    expect(countOf(read(cleared))).toBe(0);
  });

  test('keep one that arrived just after the confirmation, for the same reason', () => {
    const confirmed = markDone(markStarted(read(stored(3))), now - 100);
    const { unread, doubtful } = arrive(confirmed, message('a'), 'yes');
    expect([countOf(answered(unread, unread, 0, 1).unread), doubtful]).toEqual([1, true]);
    const later = arrive(markDone(markStarted(read(stored(3))), now - 60_000), message('a'), 'yes').unread;
    expect(countOf(answered(later, later, 0, 1).unread)).toBe(0);
  });

  test('leave it to the server when it still counts that message', () => {
    const told = markStarted(read(stored(3)));
    const confirmed = markDone(arrive(told, message('a'), 'yes').unread, now);
    const counted = answered(confirmed, confirmed, 1, 1).unread;
    expect(countOf(counted)).toBe(1);
    // Read elsewhere.
    expect(countOf(answered(counted, counted, 0, 1).unread)).toBe(0);
  });

  test('keep one of the same second as what the server counts, if a reading has cleared it', () => {
    const confirmed = markDone(markStarted(read(stored(1))), now - 100);
    // The server counts 'b' alone: 'a' had come before the reading was told.
    const counted = answered(confirmed, confirmed, 1, 1_000_500).unread;
    const a = arrive(counted, message('a'), 'yes').unread;
    expect(countOf(a)).toBe(1);
    const b = arrive(a, message('b'), 'yes').unread;
    expect(countOf(answered(b, b, 1, 1_000_500).unread)).toBe(2);
    // Or it counts both.
    expect(countOf(answered(b, b, 2, 1_000_600).unread)).toBe(2);
    // Or they were read elsewhere.
    expect(countOf(answered(a, a, 0, 1).unread)).toBe(0);
  });

  test('keep what came without a service when a service comes and knows nothing of it', () => {
    const unread = arrive(nothingUnread, message('a'), 'no').unread;
    expect(countOf(answered(unread, unread, 0, 1).unread)).toBe(1);
    expect(countOf(answered(unread, unread, 2, 1).unread)).toBe(3);
  });

  test('never tell a reading that would clear a message which came after it', () => {
    const due = read(stored(1));
    expect(arrive(due, message('a'), 'yes').unread.mark).toBe('none');
    expect(markFailed(arrive(markStarted(due), message('a'), 'yes').unread).mark).toBe('none');
  });

  test('tell a reading after a lost link only if nothing newer came', () => {
    const lost = interrupted(read(stored(1)));
    expect(lost.mark).toBe('check');
    expect(checked(lost, false, 1).mark).toBe('due');
    expect(checked(lost, true, 1).mark).toBe('none');
    expect(checked(lost, false, 2).mark).toBe('none');
  });

  test('keep unread what was loaded without being read', () => {
    const before = arrive(stored(2), message('c', 5_000_000), 'yes').unread;
    const loading = arrive(markStarted(before), message('d', 6_000_000), 'yes').unread;
    const loaded = loadDone(loading, new Set(['c']), ['a', 'b', 'c', 'd'], now);
    expect(loaded.arrived).toEqual([
      { id: 'a', counted: 'no' },
      { id: 'b', counted: 'no' },
      { id: 'c', counted: 'no' },
      { id: 'd', counted: 'maybe' },
    ]);
    // The server counts only the one that came after the page.
    expect(countOf(answered(loaded, loaded, 1, 1).unread)).toBe(4);
    // It had that one cleared as well.
    expect(countOf(answered(loaded, loaded, 0, 1).unread)).toBe(4);
  });
});
