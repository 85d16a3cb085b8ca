import { describe, expect, it } from 'vitest';
import type { DiscussionRow } from '../../../src-main/ipc/contract.ts';
import { filterRows } from '../../../src-renderer/filter.ts';
import { holdOrder } from '../../../src-renderer/order.ts';

const row = (name: string, address = name): DiscussionRow => ({
  id: address,
  kind: 'person',
  name,
  address,
  presence: { state: 'unknown', note: '' },
  preview: { kind: 'none', text: '', own: false, author: '', failed: false },
  at: null,
  unread: 0,
});
const names = (rows: DiscussionRow[]): string[] => rows.map(({ name }) => name);

describe('searching the list', () => {
  const rows = [
    row('Hannah Berger', 'hannah.berger'),
    row('Anna Berg', 'anna.berg'),
    row('Jörg Müßig', 'joerg'),
    row('Sales', 'group-17'),
  ];

  it('finds words in any order', () => {
    expect(names(filterRows(rows, 'berg ann'))).toEqual(['Hannah Berger', 'Anna Berg']);
  });

  it('puts a name that starts with it first', () => {
    expect(names(filterRows(rows, 'anna'))).toEqual(['Anna Berg', 'Hannah Berger']);
  });

  it('does not mind marks and case', () => {
    expect(names(filterRows(rows, 'JORG mussig'))).toEqual(['Jörg Müßig']);
  });

  it('finds addresses', () => {
    expect(names(filterRows(rows, 'p-17'))).toEqual(['Sales']);
  });

  it('shows all for nothing and none for what is not there', () => {
    expect(filterRows(rows, '  ')).toEqual(rows);
    expect(filterRows(rows, 'anna zzz')).toEqual([]);
  });
});

describe('the order while somebody points at the list', () => {
  const [a, b, c] = [row('a'), row('b'), row('c')];

  it('stays, with what is new in the rows', () => {
    const changed = { ...c, unread: 4 };
    expect(holdOrder([a, b, c], [changed, a, b])).toEqual([a, b, changed]);
  });

  it('takes new rows at the end and leaves out what is gone', () => {
    const d = row('d');
    expect(holdOrder([a, b, c], [d, c, a])).toEqual([a, c, d]);
  });
});
