// A file that cannot be read is set aside, never overwritten: what is in it may be all that somebody has of it.
import fs from 'node:fs';
import path from 'node:path';

/** Renames `file` and returns its new name; its old one when the disk refuses. */
export function setAside(file: string, now: number): string {
  const { dir, name, ext } = path.parse(file);
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const damaged = `${name}.damaged-${stamp}${ext}`;
  try {
    fs.renameSync(file, path.join(dir, damaged));
    return damaged;
  } catch {
    return path.basename(file);
  }
}
