import { describe, expect, it } from 'vitest';
import fs from 'node:fs';
import path from 'node:path';
import { boundsFor, onClose, usualSize } from '../../../src-main/shell/window-place.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1050 };
const right = { x: 1920, y: 0, width: 1280, height: 1024 };
const place = { x: 2000, y: 100, width: 900, height: 600, maximized: false };

describe('the place of the window', () => {
  it('is the desktop’s choice at first', () => {
    expect(boundsFor(null, [screen])).toEqual(usualSize);
  });

  it('is where it was, also on a second screen', () => {
    expect(boundsFor(place, [screen, right])).toEqual({ x: 2000, y: 100, width: 900, height: 600 });
  });

  it('is the desktop’s choice when that screen is gone, in the size that it had', () => {
    expect(boundsFor(place, [screen])).toEqual({ width: 900, height: 600 });
  });

  it.each([
    ['above the screen', { y: -50 }],
    ['below the screen', { y: 1040 }],
    ['but for a corner left of it', { x: -880 }],
    ['but for a corner right of it', { x: 1900 }],
  ])('is the desktop’s choice when the title bar would be %s', (_where, change) => {
    expect(boundsFor({ ...place, x: 100, ...change }, [screen])).toEqual({ width: 900, height: 600 });
  });

  it('fits: never larger than the screen, never too small to use', () => {
    const huge = { ...place, x: 0, y: 0, width: 9000, height: 9000 };
    expect(boundsFor(huge, [screen])).toEqual({ x: 0, y: 0, width: 1920, height: 1050 });
    const tiny = { ...place, x: 0, y: 0, width: 1, height: 1 };
    expect(boundsFor(tiny, [screen])).toMatchObject({ width: 360, height: 480 });
    expect(boundsFor(place, [])).toMatchObject({ width: 360, height: 480 });
  });
});

describe('closing the window', () => {
  const facts = {
    platform: 'linux' as NodeJS.Platform,
    quitting: false,
    closeToTray: true,
    tray: true,
    toldNoTray: false,
  };
  it.each([
    ['hides it into the tray', {}, 'hide'],
    ['ends the program when that is wanted', { closeToTray: false }, 'quit'],
    ['says once that there is no tray, and stays', { tray: false }, 'tell'],
    ['ends the program once that was said', { tray: false, toldNoTray: true }, 'quit'],
    ['does not hold up the end of the program', { quitting: true }, 'quit'],
    ['leaves the program in the dock of macOS', { platform: 'darwin' as const, closeToTray: false }, 'hide'],
  ])('%s', (_what, change, action) => {
    expect(onClose({ ...facts, ...change })).toBe(action);
  });
});

describe('the colour before the first paint', () => {
  // The formulas of CSS Color 4 for oklch() to sRGB.
  function hexOf([l, c, h]: number[]): string {
    const [L = 0, a = 0, b = 0] = [
      l ?? 0,
      (c ?? 0) * Math.cos(((h ?? 0) * Math.PI) / 180),
      (c ?? 0) * Math.sin(((h ?? 0) * Math.PI) / 180),
    ];
    const long = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
    const medium = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
    const short = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
    const linear = [
      4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
      -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
      -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    ];
    const bytes = linear.map((x) => 255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
    return `#${bytes
      .map((x) =>
        Math.round(Math.min(255, Math.max(0, x)))
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
  }

  it('is the surface of the page, light and dark', () => {
    const root = path.resolve(import.meta.dirname, '../../..');
    const tokens = fs.readFileSync(path.join(root, 'src-renderer/tokens.css'), 'utf8');
    const window = fs.readFileSync(path.join(root, 'src-main/shell/window.ts'), 'utf8');
    const surfaces = [...tokens.matchAll(/--surface: oklch\(([\d. ]+)\)/g)].map((match) =>
      hexOf((match[1] ?? '').split(' ').map(Number)),
    );
    expect(surfaces).toHaveLength(2);
    expect(window).toContain(`{ light: '${surfaces[0]}', dark: '${surfaces[1]}' }`);
  });
});
