// Where the window was, and whether that still exists. Pure.
import type { WindowPlace } from '../disk/settings-fields.ts';
import { smallestSize } from './arguments.ts';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const usualSize = { width: 1000, height: 700 };

/** Pixels of the title bar's height and of its width that must be on a screen for the window to be grabbed. */
const grip = { width: 120, height: 32 };

/**
 * The bounds to open with: the remembered ones where enough of the title bar is on one of `screens` (their work
 * areas), else the remembered size in a place that the desktop chooses. Never larger than the largest screen.
 */
export function boundsFor(
  place: WindowPlace | null,
  screens: readonly Rectangle[],
): { x?: number; y?: number; width: number; height: number } {
  const wanted = place ?? { x: null, y: null, ...usualSize };
  const widest = Math.max(smallestSize.width, ...screens.map((screen) => screen.width));
  const highest = Math.max(smallestSize.height, ...screens.map((screen) => screen.height));
  const size = {
    width: Math.min(Math.max(wanted.width, smallestSize.width), widest),
    height: Math.min(Math.max(wanted.height, smallestSize.height), highest),
  };
  const { x, y } = wanted;
  if (x === null || y === null) return size;
  const reachable = screens.some((screen) => {
    const width = Math.min(x + size.width, screen.x + screen.width) - Math.max(x, screen.x);
    const top = y >= screen.y && y + grip.height <= screen.y + screen.height;
    return width >= grip.width && top;
  });
  return reachable ? { x, y, ...size } : size;
}

export type OnClose =
  | 'hide' // into the tray, or into the dock's keeping
  | 'tell' // stays this once, and says that closing ends the program
  | 'quit';

/** What closing the window does. `tray`: whether the desktop shows tray icons. */
export function onClose(facts: {
  platform: NodeJS.Platform;
  quitting: boolean;
  closeToTray: boolean;
  tray: boolean;
  toldNoTray: boolean;
}): OnClose {
  if (facts.quitting) return 'quit';
  if (facts.platform === 'darwin') return 'hide';
  if (!facts.closeToTray) return 'quit';
  if (facts.tray) return 'hide';
  return facts.toldNoTray ? 'quit' : 'tell';
}
