import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Batch,
  Bridge,
  DiscussionRow,
  MessageView,
  Patch,
  SafeHtml,
  Snapshot,
  View,
} from '../../../src-main/ipc/contract.ts';
import { applyPatch, follow } from '../../../src-renderer/bridge.ts';
import { defaults } from '../../../src-main/disk/settings-fields.ts';

const row = (id: string, unread = 0): DiscussionRow => ({
  id,
  kind: 'person',
  name: id,
  address: id,
  presence: { state: 'unknown', note: '' },
  preview: { kind: 'none', text: '', own: false, author: '', failed: false },
  at: null,
  unread,
});

const message = (id: string, text = id): MessageView => ({
  id,
  author: { sip: 'anna', name: 'Anna' },
  own: false,
  html: `<p>${text}</p>` as SafeHtml,
  text,
  at: 0,
  delivery: null,
  attachments: [],
  incomplete: false,
  stored: true,
  removal: null,
  edited: false,
});

const open = (id: string): NonNullable<View['open']> => ({
  id,
  kind: 'person',
  name: id,
  address: id,
  presence: { state: 'unknown', note: '' },
  typing: [],
  history: { state: 'idle', older: false },
  unread: 0,
  newFrom: null,
  group: null,
  draft: '',
  edit: null,
  tray: [],
  amends: { edit: true, remove: true },
  blocked: null,
});

const view = (rows: DiscussionRow[] = [], messages: MessageView[] = []): View => ({
  app: {
    version: '1',
    platform: 'linux',
    preferences: defaults.preferences,
    dark: false,
    locales: ['en'],
    locked: [],
    unread: 0,
    notifies: true,
    proxy: null,
    autostart: 'off',
    update: { state: 'off', reason: 'no-feed' },
    notices: [],
  },
  login: {
    state: 'signed-in',
    server: '',
    user: '',
    remember: false,
    reason: null,
    field: null,
    code: null,
  },
  account: null,
  rows,
  open: open('anna'),
  messages,
});

describe('a patch', () => {
  it('of one row replaces that row and leaves the others as they are', () => {
    const before = view([row('anna'), row('bruno'), row('carla')]);
    const after = applyPatch(before, { of: 'rows', set: [row('bruno', 3)] });
    expect(after.rows.map(({ unread }) => unread)).toEqual([0, 3, 0]);
    expect(after.rows[0]).toBe(before.rows[0]);
    expect(after.rows[2]).toBe(before.rows[2]);
    expect(after.messages).toBe(before.messages);
  });

  it('with an order adds, moves and removes', () => {
    const before = view([row('anna'), row('bruno'), row('carla')]);
    const after = applyPatch(before, { of: 'rows', set: [row('dora')], order: ['dora', 'carla', 'anna'] });
    expect(after.rows.map(({ id }) => id)).toEqual(['dora', 'carla', 'anna']);
    expect(after.rows[2]).toBe(before.rows[0]);
  });

  it('of messages that were left in the meantime changes nothing', () => {
    const before = view([], [message('1')]);
    const late: Patch[] = [
      { of: 'messages', discussion: 'bruno', set: [message('1', 'other')], order: ['1'] },
      { of: 'discussion', value: open('bruno') },
    ];
    expect(late.reduce(applyPatch, before)).toBe(before);
  });

  it('of another discussion brings all of its messages', () => {
    const after = applyPatch(view([], [message('1')]), {
      of: 'open',
      value: open('bruno'),
      messages: [message('2')],
    });
    expect(after.open?.id).toBe('bruno');
    expect(after.messages.map(({ id }) => id)).toEqual(['2']);
  });

  it('leads to what its order says, whatever was there before', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String));
    fc.assert(
      fc.property(ids, ids, fc.func(fc.boolean()), (before, order, alsoSet) => {
        const start = view(
          [],
          before.map((id) => message(id, 'old')),
        );
        const set = order.filter((id) => !before.includes(id) || alsoSet(id)).map((id) => message(id, 'new'));
        const after = applyPatch(start, { of: 'messages', discussion: 'anna', set, order });
        const changed = new Set(set.map(({ id }) => id));
        expect(after.messages.map(({ id, text }) => [id, text])).toEqual(
          order.map((id) => [id, changed.has(id) ? 'new' : 'old']),
        );
      }),
    );
  });
});

/** A main process of which the test decides when it answers. */
function main(): {
  bridge: Bridge;
  asked: () => number;
  answer: (snapshot: Snapshot) => Promise<void>;
  refuse: () => Promise<void>;
  send: (batch: Batch) => void;
} {
  const waiting: { resolve: (snapshot: Snapshot) => void; reject: (error: Error) => void }[] = [];
  let asked = 0;
  let listener: (batch: Batch) => void = () => {};
  const turn = async (): Promise<void> => {
    for (let step = 0; step < 5; step++) await Promise.resolve();
  };
  return {
    bridge: {
      call: (() => {
        asked += 1;
        return new Promise<Snapshot>((resolve, reject) => waiting.push({ resolve, reject }));
      }) as Bridge['call'],
      attachFiles: () => Promise.resolve({ ok: true as const, value: null }),
      onBatch: (next) => void (listener = next),
      onFocusRequest: () => {},
      onOpened: () => {},
      onScreenRequest: () => {},
    },
    asked: () => asked,
    answer: (snapshot) => {
      waiting.shift()?.resolve(snapshot);
      return turn();
    },
    refuse: () => {
      waiting.shift()?.reject(new Error('no'));
      return turn();
    },
    send: (batch) => listener(batch),
  };
}

/** Time that passes when the test says so. */
function clock(): { after: (delay: number, run: () => void) => void; pass: () => void } {
  let due: (() => void)[] = [];
  return {
    after: (_, run) => void due.push(run),
    pass: () => {
      const now = due;
      due = [];
      for (const run of now) run();
    },
  };
}

describe('following the main process', () => {
  const unread = (seq: number, count: number): Batch => ({
    seq,
    patches: [{ of: 'rows', set: [row('anna', count)] }],
  });
  const snapshot = (seq: number, count: number): Snapshot => ({ seq, view: view([row('anna', count)]) });

  function start(): ReturnType<typeof main> & {
    shown: number[];
    time: ReturnType<typeof clock>;
    lost: number;
  } {
    const process = main();
    const time = clock();
    const state = { ...process, shown: [] as number[], time, lost: 0 };
    follow(
      process.bridge,
      (current) => state.shown.push(current.rows[0]?.unread ?? -1),
      () => (state.lost += 1),
      time,
    );
    return state;
  }

  it('shows the snapshot, then each batch', async () => {
    const process = start();
    await process.answer(snapshot(4, 0));
    process.send(unread(5, 1));
    process.send(unread(6, 2));
    expect(process.shown).toEqual([0, 1, 2]);
    expect(process.asked()).toBe(1);
  });

  it('drops what the snapshot has already and keeps what came after it', async () => {
    const process = start();
    process.send(unread(3, 30));
    process.send(unread(4, 40));
    process.send(unread(5, 50));
    await process.answer(snapshot(4, 41));
    expect(process.shown).toEqual([50]);
  });

  it('asks for one new snapshot when a number is missing, and goes on from there', async () => {
    const process = start();
    await process.answer(snapshot(1, 0));
    process.send(unread(3, 3));
    process.send(unread(4, 4));
    expect(process.asked()).toBe(2);
    expect(process.shown).toEqual([0]);
    await process.answer(snapshot(3, 3));
    expect(process.shown).toEqual([0, 4]);
    process.send(unread(5, 5));
    expect(process.shown).toEqual([0, 4, 5]);
    expect(process.asked()).toBe(2);
  });

  it('does not ask again and again when numbers go on missing', async () => {
    const process = start();
    await process.answer(snapshot(1, 0));
    process.send(unread(3, 3));
    await process.answer(snapshot(3, 3));
    for (let seq = 5; seq < 50; seq += 2) process.send(unread(seq, seq));
    expect(process.asked()).toBe(2);
    process.time.pass();
    expect(process.asked()).toBe(3);
    await process.answer(snapshot(60, 60));
    expect(process.shown.at(-1)).toBe(60);
  });

  it('says so when the main process does not answer', async () => {
    const process = start();
    await process.refuse();
    expect(process.lost).toBe(1);
    expect(process.shown).toEqual([]);
  });
});
