// Small files that are either the old or the new content, whatever happens in between.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';

/** Readable for the user alone. Rejects with the system's error. */
export async function writeFileAtomically(file: string, content: string | Buffer): Promise<void> {
  const draft = draftOf(file);
  try {
    const handle = await fs.promises.open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.promises.rename(draft, file);
  } catch (error) {
    await fs.promises.rm(draft, { force: true });
    throw error;
  }
}

/** The same at once, for what must be on the disk before the program ends. Throws the system's error. */
export function writeFileAtomicallySync(file: string, content: string): void {
  const draft = draftOf(file);
  try {
    fs.writeFileSync(draft, content, { flag: 'wx', mode: 0o600, flush: true });
    fs.renameSync(draft, file);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}

function draftOf(file: string): string {
  return `${file}.${randomBytes(4).toString('hex')}.tmp`;
}
