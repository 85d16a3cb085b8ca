import { describe, expect, it } from 'vitest';
import { words } from '../../../assets/translations/index.ts';
import { createBadge, drawBadge, type Pixels } from '../../../src-main/shell/badge.ts';

function setup(platform: NodeJS.Platform) {
  const counts: number[] = [];
  const overlays: [Pixels | null, string][] = [];
  const badge = createBadge({
    platform,
    setCount: (count) => counts.push(count),
    setOverlay: (pixels, description) => overlays.push([pixels, description]),
    words: () => words(['en']),
  });
  return { badge, counts, overlays };
}

/** The drawn digits as text, one character per pixel. */
function picture({ width, height, bytes }: Pixels): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const at = (y * width + x) * 4;
      if ((bytes[at + 3] ?? 0) < 128) return ' ';
      return bytes[at] === 255 ? '#' : '.';
    }).join(''),
  );
}

describe('the badge', () => {
  it.each(['linux', 'darwin'] as const)('on %s is a count, set only when it changes', (platform) => {
    const { badge, counts, overlays } = setup(platform);
    for (const unread of [0, 3, 3, 4, 0]) badge.render(unread);
    expect(counts).toEqual([3, 4, 0]);
    expect(overlays).toEqual([]);
  });

  it('on Windows is an overlay with a description, and never a count', () => {
    const { badge, counts, overlays } = setup('win32');
    for (const unread of [1, 0]) badge.render(unread);
    expect(overlays).toEqual([
      [drawBadge(1), '1 unread message'],
      [null, ''],
    ]);
    expect(counts).toEqual([]);
  });

  it('is said again when the window was hidden and shown', () => {
    const { badge, counts } = setup('linux');
    badge.render(2);
    badge.reapply();
    expect(counts).toEqual([2, 2]);
  });

  it('is a round disc with transparent corners', () => {
    const { width, height, bytes } = drawBadge(1);
    expect([width, height, bytes.length]).toEqual([32, 32, 32 * 32 * 4]);
    const rows = picture(drawBadge(1));
    expect([rows[0]?.[0], rows[0]?.[31], rows[31]?.[0], rows[31]?.[31]]).toEqual([' ', ' ', ' ', ' ']);
    expect(rows[1]?.[16]).toBe('.');
  });

  it('has its number in the middle, and 99+ for all that is more', () => {
    const seven = picture(drawBadge(7)).map((row) => row.indexOf('#'));
    expect(seven.filter((column) => column >= 0)).toHaveLength(20);
    expect(Math.min(...seven.filter((column) => column >= 0))).toBe(10);
    const different = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 42, 99, 100].map((n) => picture(drawBadge(n)).join());
    expect(new Set(different).size).toBe(different.length);
    expect(picture(drawBadge(100))).toEqual(picture(drawBadge(5000)));
    for (const row of picture(drawBadge(5000))) expect(row).toHaveLength(32);
  });
});
