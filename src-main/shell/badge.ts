// The unread messages at the program's icon: launcher (Linux), dock (macOS), overlay on the taskbar button (Windows).
// One mechanism per platform, never two.
import type { Words } from '../../assets/translations/index.ts';
import { badgeText, type BadgeView } from '../chat/select.ts';

export interface BadgePorts {
  platform: NodeJS.Platform;
  /** Linux: launcher.ts. */
  setLauncher(view: BadgeView): void;
  /** macOS; empty: none. */
  setDock(text: string): void;
  /** Windows; `pixels` null takes the overlay away. */
  setOverlay(pixels: Pixels | null, description: string): void;
  words(): Words;
}

export interface BadgeRenderer {
  render(view: BadgeView): void;
  /** Taskbars forget the overlays of windows that were hidden, and all of them when they are restarted: says it again. */
  reapply(): void;
}

export function createBadge(ports: BadgePorts): BadgeRenderer {
  const { platform, words } = ports;
  let shown: BadgeView = { unread: 0, badge: 'number' };
  const apply = () => {
    const { unread } = shown;
    if (platform === 'win32') {
      if (unread === 0) ports.setOverlay(null, '');
      else ports.setOverlay(drawBadge(shown), words()('badge.description', { count: unread }));
    } else if (platform === 'darwin') {
      ports.setDock(badgeText(shown));
    } else {
      ports.setLauncher(shown);
    }
  };
  return {
    render(view) {
      const nothing = view.unread === 0 && shown.unread === 0;
      const same = view.unread === shown.unread && view.badge === shown.badge;
      shown = view;
      if (!nothing && !same) apply();
    },
    reapply: apply,
  };
}

/** Rows from the top, four bytes per pixel in the order blue, green, red, alpha. */
export interface Pixels {
  width: number;
  height: number;
  bytes: Buffer;
}

/** Overlays are drawn at 16 x 16 points; twice that is sharp at 200 %. */
const side = 32;
const disc = { red: 0xc4, green: 0x2b, blue: 0x1c };
/** Columns of 3 x 5 dots, from the top, as bits from the left. */
const digits: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 7, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 2, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  '+': [0, 2, 7, 2, 0],
};

/** A disc, with the number in it unless it is a dot; beyond 99 it says '99+'. */
export function drawBadge({ unread, badge }: BadgeView): Pixels {
  const bytes = Buffer.alloc(side * side * 4);
  const set = (x: number, y: number, color: { red: number; green: number; blue: number }, alpha: number) => {
    const at = (y * side + x) * 4;
    // Premultiplied, as the bitmap is taken.
    bytes[at] = Math.round(color.blue * alpha);
    bytes[at + 1] = Math.round(color.green * alpha);
    bytes[at + 2] = Math.round(color.red * alpha);
    bytes[at + 3] = Math.round(255 * alpha);
  };
  const center = (side - 1) / 2;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const alpha = Math.min(1, Math.max(0, side / 2 - Math.hypot(x - center, y - center)));
      if (alpha > 0) set(x, y, disc, alpha);
    }
  }
  if (badge === 'dot') return { width: side, height: side, bytes };
  const text = unread > 99 ? '99+' : String(unread);
  const dot = text.length === 1 ? 4 : text.length === 2 ? 3 : 2;
  const width = (text.length * 4 - 1) * dot;
  const left = Math.round((side - width) / 2);
  const top = Math.round((side - 5 * dot) / 2);
  const white = { red: 255, green: 255, blue: 255 };
  [...text].forEach((digit, index) => {
    (digits[digit] ?? []).forEach((bits, row) => {
      for (let column = 0; column < 3; column++) {
        if ((bits & (4 >> column)) === 0) continue;
        for (let dy = 0; dy < dot; dy++) {
          for (let dx = 0; dx < dot; dx++) {
            set(left + (index * 4 + column) * dot + dx, top + row * dot + dy, white, 1);
          }
        }
      }
    });
  });
  return { width: side, height: side, bytes };
}
