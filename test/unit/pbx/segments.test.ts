import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compose, toPlain, toSafeHtml } from '../../../src-main/chat/rich-text.ts';
import { addSegment, splitIntoSegments } from '../../../src-main/pbx/segments.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Offsets at which the pieces meet. */
function cuts(pieces: string[]): number[] {
  let at = 0;
  return pieces.slice(0, -1).map((piece) => (at += piece.length));
}

const piece = fc.oneof(
  fc.constantFrom(
    '<b>',
    '</b>',
    '<br>',
    '<p>',
    '</p>',
    '<ul><li>',
    '&amp;',
    '&lt;',
    '&#128512;',
    '&#x1F600;',
    ' ',
  ),
  fc.constantFrom('👨‍👩‍👧‍👦', '🇩🇪', '👍🏽', 'e\u0301', 'ä', '가', '한', '\r\n', 'नमस्ते', '😀', '❤️'),
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((s) => s.replace(/[<>&]/g, '')),
);
const html = fc.array(piece, { maxLength: 120 }).map((pieces) => pieces.join(''));

describe('a long text', () => {
  test('that fits is one segment, also an empty one', () => {
    expect(splitIntoSegments('', 1000)).toEqual(['']);
    expect(splitIntoSegments('x'.repeat(1000), 1000)).toHaveLength(1);
    expect(splitIntoSegments('x'.repeat(1001), 1000).map((s) => s.length)).toEqual([1000, 1]);
  });

  test('joined is the same text, and no segment is longer than allowed', () => {
    fc.assert(
      fc.property(html, fc.integer({ min: 40, max: 200 }), (text, length) => {
        const segments = splitIntoSegments(text, length);
        expect(segments.join('')).toBe(text);
        for (const segment of segments) {
          expect(segment.length).toBeLessThanOrEqual(length);
          if (text !== '') expect(segment).not.toBe('');
        }
      }),
    );
  });

  test('is never cut inside a tag, an entity, a surrogate pair or a grapheme', () => {
    fc.assert(
      fc.property(html, fc.integer({ min: 40, max: 80 }), (text, length) => {
        const boundaries = new Set([...graphemes.segment(text)].map(({ index }) => index));
        const units = [...text.matchAll(/<[^>]*>|&[^;]*;/g)];
        for (const cut of cuts(splitIntoSegments(text, length))) {
          expect(boundaries.has(cut)).toBe(true);
          expect(units.some((unit) => unit.index < cut && cut < unit.index + unit[0].length)).toBe(false);
        }
      }),
    );
  });

  test('any text at all, at any length, is the same when joined', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: -1, max: 50 }),
        (text, length) => {
          expect(splitIntoSegments(text, length).join('')).toBe(text);
        },
      ),
    );
  });

  test('with a grapheme that alone is too long is cut between its code points', () => {
    const zalgo = 'e' + '\u0301'.repeat(50);
    const segments = splitIntoSegments(zalgo, 20);
    expect(segments.join('')).toBe(zalgo);
    expect(Math.max(...segments.map((segment) => segment.length))).toBe(20);
  });

  test(
    'of a message with formats and lists reads the same when joined, and can be shown as far as it has come',
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(html, fc.integer({ min: 40, max: 200 }), (text, length) => {
          const composed = compose(text);
          const segments = splitIntoSegments(composed, length);
          let arrived = '';
          for (const segment of segments) {
            arrived += segment;
            // What has come is closed where it is cut off, and nothing of it is read otherwise than in the whole.
            const shown = toPlain(toSafeHtml(arrived));
            expect(toPlain(toSafeHtml(composed)).startsWith(shown.trimEnd())).toBe(true);
          }
          expect(toSafeHtml(arrived)).toBe(toSafeHtml(composed));
        }),
      );
    },
  );

  test('of a megabyte is cut in reasonable time', { timeout: 10_000 }, () => {
    expect(splitIntoSegments('<b>wörd</b> &amp; 😀 '.repeat(50_000), 1000).length).toBeGreaterThan(1000);
  });
});

describe('a text that arrives in segments', () => {
  test('is joined', () => {
    const begun = addSegment(undefined, 'ab', 10);
    expect(addSegment(begun, 'cd', 10)).toEqual({ data: 'abcd', full: false });
  });

  test('is kept up to the cap, and nothing of what comes after that', () => {
    const begun = addSegment(addSegment(undefined, 'abcd', 5), 'efgh', 5);
    expect(begun).toEqual({ data: 'abcd', full: true });
    expect(addSegment(begun, 'i', 5)).toEqual({ data: 'abcd', full: true });
  });
});
