// How large pictures are, once they have been seen in this run: the next time their room is exact from the start.
import type { AttachmentId } from '../src-main/ipc/contract.ts';

export interface PictureSize {
  /** CSS pixels. */
  width: number;
  height: number;
}

const sizes = new Map<AttachmentId, PictureSize>();
/** The oldest go first; each is a few bytes. */
const most = 5_000;

export function sizeOf(id: AttachmentId): PictureSize | null {
  return sizes.get(id) ?? null;
}

export function rememberSize(id: AttachmentId, size: PictureSize): void {
  if (size.width <= 0 || size.height <= 0) return;
  sizes.delete(id);
  sizes.set(id, size);
  const [oldest] = sizes.keys();
  if (sizes.size > most && oldest !== undefined) sizes.delete(oldest);
}
