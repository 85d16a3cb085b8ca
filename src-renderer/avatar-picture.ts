// An avatar as a picture, for the notifications of the desktop: what Avatar.svelte shows, in the same colours.
import { hue, initials } from './avatar.ts';

export interface AvatarSubject {
  name: string;
  address: string;
  kind: 'person' | 'group';
}

/** Pixels of a side: what desktops show at 200 %. */
const side = 96;

/** A data URL of a PNG. */
export function drawAvatar({ name, address, kind }: AvatarSubject): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d');
  if (context === null) return '';
  const style = getComputedStyle(document.documentElement);
  const token = (token: string): string => style.getPropertyValue(token).trim();
  const colour = hue(address);
  context.fillStyle = token(`--avatar-${colour}`);
  context.beginPath();
  context.roundRect(0, 0, side, side, kind === 'group' ? side / 4 : side / 2);
  context.fill();
  context.fillStyle = token(`--avatar-${colour}-text`);
  context.font = `${token('--weight-medium')} ${side * 0.4}px ${token('--font')}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(initials(name), side / 2, side * 0.53);
  return canvas.toDataURL('image/png');
}
