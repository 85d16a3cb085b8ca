// The picture of a person or a group for the desktop: drawn by the page, which has the colours and the fonts of the
// avatars in it, and handed over as an image.
import { nativeImage, type NativeImage } from 'electron';
import type { NotificationView } from '../chat/notifications.ts';
import type { Picture } from './notify.ts';

type Subject = NonNullable<NotificationView['picture']>;

export interface PicturePorts {
  /** Has `drawAvatar` (src-renderer/avatar-picture.ts) as soon as it is loaded. */
  page(): { executeJavaScript(code: string): Promise<unknown> };
  after(milliseconds: number, run: () => void): () => void;
}

/** Milliseconds: a notification without its picture is better than one that is late. */
const patience = 800;
/** Pictures that are kept; beyond, the oldest goes. */
const most = 100;

export function createPictures({ page, after }: PicturePorts): (subject: Subject) => Promise<Picture | null> {
  const drawn = new Map<string, Picture>();
  return async (subject) => {
    const key = JSON.stringify(subject);
    const known = drawn.get(key);
    if (known !== undefined) return known;
    const url = await Promise.race([
      page().executeJavaScript(`window.drawAvatar?.(${key})`),
      new Promise<null>((resolve) => after(patience, () => resolve(null))),
    ]);
    if (typeof url !== 'string') return null;
    const image = nativeImage.createFromDataURL(url);
    if (image.isEmpty()) return null;
    const picture = toPicture(image);
    drawn.set(key, picture);
    const [oldest] = drawn.keys();
    if (drawn.size > most && oldest !== undefined) drawn.delete(oldest);
    return picture;
  };
}

/** Bitmaps are premultiplied and in the order blue, green, red, alpha; pictures are neither. */
export function toPicture(image: NativeImage): Picture {
  const { width, height } = image.getSize();
  const bytes = Buffer.from(image.toBitmap());
  for (let at = 0; at < bytes.length; at += 4) {
    const [blue = 0, green = 0, red = 0, alpha = 0] = bytes.subarray(at, at + 4);
    const straight = (value: number) => (alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha)));
    bytes[at] = straight(red);
    bytes[at + 1] = straight(green);
    bytes[at + 2] = straight(blue);
  }
  return { width, height, bytes };
}

export function fromPicture({ width, height, bytes }: Picture): NativeImage {
  const bitmap = Buffer.from(bytes);
  for (let at = 0; at < bitmap.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = bytes.subarray(at, at + 4);
    bitmap[at] = Math.round((blue * alpha) / 255);
    bitmap[at + 1] = Math.round((green * alpha) / 255);
    bitmap[at + 2] = Math.round((red * alpha) / 255);
  }
  return nativeImage.createFromBitmap(bitmap, { width, height });
}
