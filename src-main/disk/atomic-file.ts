// Small files that are either the old or the new content, whatever happens in between.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';

/** Readable for the user alone. Rejects with the system's error. */
export async function writeFileAtomically(file: string, content: string | Buffer): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await fs.open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(draft, file);
  } catch (error) {
    await fs.rm(draft, { force: true });
    throw error;
  }
}
