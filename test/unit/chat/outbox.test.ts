import { describe, expect, test } from 'vitest';
import type { Outgoing } from '../../../src-main/chat/model.ts';
import {
  again,
  canDiscard,
  delivered,
  deliveryView,
  failed,
  handedOver,
  messageOfRef,
  notStored,
  orphaned,
  queued,
  sent,
  unknowable,
} from '../../../src-main/chat/outbox.ts';

const lost = { code: 'connection-lost' } as const;
const offline = { code: 'not-online' } as const;
const steps: Record<string, (outgoing: Outgoing) => Outgoing> = {
  handedOver,
  sent,
  delivered,
  refused: (outgoing) => failed(outgoing, offline, true),
  'lost, volatile': (outgoing) => failed(outgoing, lost, false),
  'lost, stored': (outgoing) => failed(outgoing, lost, true),
  notStored,
  unknowable,
  'orphaned, volatile': (outgoing) => orphaned(outgoing, false),
  'orphaned, stored': (outgoing) => orphaned(outgoing, true),
  again: (outgoing) => again('o1', outgoing),
};
const states = ['queued', 'sending', 'sent', 'unclear', 'delivered', 'failed'] as const;

// Rows: what happens. Columns: the state in which it happens, in the order of `states`. '-': nothing changes.
const table: Record<string, string[]> = {
  handedOver: ['sending', '-', '-', '-', '-', '-'],
  sent: ['sent', 'sent', '-', '-', '-', '-'],
  delivered: ['delivered', 'delivered', 'delivered', 'delivered', '-', 'delivered'],
  refused: ['failed', 'failed', 'failed', 'failed', '-', '-'],
  'lost, volatile': ['failed', 'failed', 'failed', 'failed', '-', '-'],
  'lost, stored': ['unclear', 'unclear', 'unclear', 'unclear', '-', '-'],
  notStored: ['-', '-', '-', 'failed', '-', '-'],
  unknowable: ['-', '-', '-', 'failed', '-', '-'],
  'orphaned, volatile': ['-', 'queued', 'failed', '-', '-', '-'],
  'orphaned, stored': ['-', 'queued', 'unclear', '-', '-', '-'],
  again: ['-', '-', '-', '-', '-', 'queued'],
};

describe.each(Object.entries(table))('%s', (step, row) => {
  test.each(states.map((state, index) => [state, row[index] ?? '-'] as const))('%s -> %s', (state, next) => {
    const before: Outgoing = { ...queued('o1'), state, reason: state === 'failed' ? offline : null };
    const after = steps[step]?.(before);
    expect(after?.state).toBe(next === '-' ? state : next);
  });
});

test('every attempt has a name of its own, which leads back to the message', () => {
  const first = queued('o1');
  const second = again('o1', failed(first, offline, false));
  expect(second.ref).not.toBe(first.ref);
  expect(messageOfRef(second.ref)).toBe('o1');
});

test('a message says what a person may know of its state', () => {
  expect(states.map((state) => deliveryView({ ...queued('o1'), state, reason: offline })?.state)).toEqual([
    'waiting',
    'waiting',
    'sent',
    'waiting',
    'delivered',
    'failed',
  ]);
  expect(deliveryView(null)).toBeNull();
  expect(deliveryView(failed(queued('o1'), offline, true))).toEqual({ state: 'failed', reason: offline });
});

test('a message that the history has not is not delivered, and without a history perhaps', () => {
  const unclear = failed({ ...queued('o1'), state: 'sent' }, lost, true);
  expect(deliveryView(notStored(unclear))).toEqual({ state: 'failed', reason: { code: 'not-stored' } });
  expect(deliveryView(unknowable(unclear))).toEqual({ state: 'failed', reason: lost });
});

test('only what nobody else has can be discarded', () => {
  expect(states.filter((state) => canDiscard({ ...queued('o1'), state }))).toEqual(['queued', 'failed']);
});
