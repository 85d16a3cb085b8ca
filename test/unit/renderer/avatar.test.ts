import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hue, hueCount, initials } from '../../../src-renderer/avatar.ts';

describe('initials', () => {
  it.each([
    ['Anna Berg', 'AB'],
    ['anna', 'A'],
    ['Dr. Maximiliane von Oberhausen', 'DO'],
    ['anna.berg@example.com', 'AB'],
    ['anna@example.com', 'A'],
    ['Anna Berg (Sales)', 'AS'],
    ['Sales & Marketing', 'SM'],
    ['4711', '47'],
    ['q', 'Q'],
    ['🚀🛰️', '🚀'],
    ['👩‍👩‍👧 Family', 'F'],
    ['محمد العبد الله', 'م'],
    ['佐藤 花子', '佐'],
    ['Élodie Çelik', 'ÉÇ'],
    ['   ', '?'],
    ['', '?'],
    ['\u202eevil', 'E'],
  ])('of %j are %j', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });

  it('are there for every name and never long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const segments = [...new Intl.Segmenter().segment(initials(name))];
        expect(segments.length).toBeGreaterThan(0);
        expect(segments.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});

describe('the hue', () => {
  it('is one of the tokens, and the same for an address in any case', () => {
    fc.assert(
      fc.property(fc.string(), (address) => {
        expect(hue(address)).toBeGreaterThanOrEqual(0);
        expect(hue(address)).toBeLessThan(hueCount);
        expect(Number.isInteger(hue(address))).toBe(true);
      }),
    );
    expect(hue('Anna.Berg')).toBe(hue('anna.berg'));
  });

  it('spreads colleagues over all of them', () => {
    const used = new Set(Array.from({ length: 100 }, (_, index) => hue(`user${index}`)));
    expect(used.size).toBe(hueCount);
  });
});
