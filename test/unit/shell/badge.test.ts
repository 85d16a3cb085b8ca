import { describe, expect, it } from 'vitest';
import { words } from '../../../assets/translations/index.ts';
import type { BadgeView } from '../../../src-main/chat/select.ts';
import { createBadge, drawBadge, type Pixels } from '../../../src-main/shell/badge.ts';

const count = (unread: number): BadgeView => ({ unread, badge: 'number' });
const dot = (unread: number): BadgeView => ({ unread, badge: 'dot' });

function setup(platform: NodeJS.Platform) {
  const launcher: BadgeView[] = [];
  const dock: string[] = [];
  const overlays: [Pixels | null, string][] = [];
  const badge = createBadge({
    platform,
    setLauncher: (view) => launcher.push(view),
    setDock: (text) => dock.push(text),
    setOverlay: (pixels, description) => overlays.push([pixels, description]),
    words: () => words(['en']),
  });
  return { badge, launcher, dock, overlays };
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
  const changes = [count(0), count(3), count(3), dot(3), dot(4), dot(0), count(0), count(1)];

  it('on Linux is for the launcher, only when it changes', () => {
    const { badge, launcher, dock, overlays } = setup('linux');
    changes.forEach(badge.render);
    expect(launcher).toEqual([count(3), dot(3), dot(4), dot(0), count(1)]);
    expect([dock, overlays]).toEqual([[], []]);
  });

  it('on macOS is a text in the dock', () => {
    const { badge, launcher, dock, overlays } = setup('darwin');
    changes.forEach(badge.render);
    expect(dock).toEqual(['3', '•', '•', '', '1']);
    expect([launcher, overlays]).toEqual([[], []]);
  });

  it('on Windows is an overlay with a description', () => {
    const { badge, launcher, dock, overlays } = setup('win32');
    for (const view of [count(1), dot(1), count(0)]) badge.render(view);
    expect(overlays).toEqual([
      [drawBadge(count(1)), '1 unread message'],
      [drawBadge(dot(1)), '1 unread message'],
      [null, ''],
    ]);
    expect([launcher, dock]).toEqual([[], []]);
  });

  it('is said again when the window was hidden and shown', () => {
    const { badge, launcher } = setup('linux');
    badge.render(count(2));
    badge.reapply();
    expect(launcher).toEqual([count(2), count(2)]);
  });

  it('is a round disc with transparent corners', () => {
    const { width, height, bytes } = drawBadge(count(1));
    expect([width, height, bytes.length]).toEqual([32, 32, 32 * 32 * 4]);
    const rows = picture(drawBadge(count(1)));
    expect([rows[0]?.[0], rows[0]?.[31], rows[31]?.[0], rows[31]?.[31]]).toEqual([' ', ' ', ' ', ' ']);
    expect(rows[1]?.[16]).toBe('.');
    expect(picture(drawBadge(dot(1))).join('')).not.toContain('#');
  });

  it('has its number in the middle, and 99+ for all that is more', () => {
    const seven = picture(drawBadge(count(7))).map((row) => row.indexOf('#'));
    expect(seven.filter((column) => column >= 0)).toHaveLength(20);
    expect(Math.min(...seven.filter((column) => column >= 0))).toBe(10);
    const different = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 42, 99, 100].map((n) =>
      picture(drawBadge(count(n))).join(),
    );
    expect(new Set(different).size).toBe(different.length);
    expect(picture(drawBadge(count(100)))).toEqual(picture(drawBadge(count(5000))));
    for (const row of picture(drawBadge(count(5000)))) expect(row).toHaveLength(32);
  });
});
