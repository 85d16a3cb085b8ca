import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidates, find, type Candidate } from '../../../src-renderer/find.ts';

const presence = { state: 'unknown' as const, note: '' };

function person(name: string, more: Partial<Candidate> = {}): Candidate {
  const address = more.address ?? `x${name.length}`;
  return {
    id: address,
    kind: 'person',
    name,
    address,
    presence,
    at: null,
    unread: 0,
    favourite: false,
    known: true,
    ...more,
  };
}

const names = (text: string, ...among: (string | Candidate)[]) =>
  find(
    among.map((one) => (typeof one === 'string' ? person(one) : one)),
    text,
  ).map(({ candidate }) => candidate.name);

describe('finding', () => {
  it('nothing typed finds everybody in the given order', () => {
    expect(names('  ', 'Zoe', 'Anna')).toEqual(['Zoe', 'Anna']);
  });

  it('does not care about case and marks', () => {
    expect(names('muller', 'Jörg Müller')).toEqual(['Jörg Müller']);
    expect(names('MÜLLER', 'Joerg Muller')).toEqual(['Joerg Muller']);
    expect(names('strasse', 'Café Straße')).toEqual(['Café Straße']);
  });

  it('puts beginnings of names before beginnings of words, these before the middle, and that before letters', () => {
    expect(names('an', 'Albert Nolte', 'Joanna Wolf', 'Bert Andersen', 'Anna Berg')).toEqual([
      'Anna Berg',
      'Bert Andersen',
      'Joanna Wolf',
      'Albert Nolte',
    ]);
  });

  it('takes words in any order, each the beginning of one', () => {
    expect(names('web jon', 'Jonas Weber', 'Jonas Huber')).toEqual(['Jonas Weber']);
  });

  it('finds by address, and an exact address first', () => {
    const among = [person('Bobby Tables', { address: 'bt' }), person('Robert Brown', { address: 'bob' })];
    expect(names('bob', ...among)).toEqual(['Bobby Tables', 'Robert Brown']);
    expect(names('sip:bob', ...among)).toEqual(['Bobby Tables', 'Robert Brown']);
    expect(names('bt', ...among)[0]).toBe('Bobby Tables');
  });

  it('forgives left-out letters and takes initials', () => {
    expect(names('jnas', 'Jonas Weber', 'Anna Berg')).toEqual(['Jonas Weber']);
    expect(names('jw', 'Jonas Weber', 'Anna Berg')).toEqual(['Jonas Weber']);
    expect(names('hohro', 'Dr. Maximiliane von Hohenstein zu Rosenberg')).toHaveLength(1);
  });

  it('does not take letters that are strewn about for a name', () => {
    expect(names('olga', 'Oberleitner Gerhard und Partner')).toEqual([]);
    expect(names('x', 'Max')).toEqual(['Max']);
    expect(names('zz', 'Zoe')).toEqual([]);
  });

  it('puts the most recent chat first among equals, then favourites', () => {
    expect(
      names(
        'anna',
        person('Anna A'),
        person('Anna F', { favourite: true }),
        person('Anna Old', { at: 10 }),
        person('Anna New', { at: 20 }),
      ),
    ).toEqual(['Anna New', 'Anna Old', 'Anna F', 'Anna A']);
  });

  it('finds anybody by the whole name and by each of its words, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (name) => {
        fc.pre(!/^\s*(?:sips?|im):/i.test(name));
        expect(names(name, name)).toEqual([name]);
        for (const word of name.trim().split(/\s+/)) {
          if (!/^(?:sips?|im):/i.test(word)) expect(names(word, name)).toEqual([name]);
        }
      }),
    );
  });
});

describe('those who can be found', () => {
  it('are favourites in their order and then chats, nobody twice', () => {
    const row = (id: string, at: number) => ({
      id,
      kind: 'person' as const,
      name: id.toUpperCase(),
      address: id,
      presence,
      preview: { kind: 'none' as const, text: '', own: false, author: '', failed: false },
      at,
      unread: 0,
    });
    const favourite = (id: string) => ({ id, address: id, name: id, presence });
    const all = candidates([row('a', 3), row('b', 2)], [favourite('z'), favourite('b')]);
    expect(all.map(({ id, favourite, known, at }) => [id, favourite, known, at])).toEqual([
      ['z', true, false, null],
      ['b', true, true, 2],
      ['a', false, true, 3],
    ]);
  });
});
