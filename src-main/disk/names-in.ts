import fs from 'node:fs';

/** The names in a directory, in order; none where there is no such directory, or nobody may look into it. */
export function namesIn(directory: string): string[] {
  try {
    return fs.readdirSync(directory).sort();
  } catch {
    return [];
  }
}
