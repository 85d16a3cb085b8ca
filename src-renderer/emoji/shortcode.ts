// Where a `:shortcode` is being written. Small, because it looks at every change of the message input.

/** Shortest beginning that is completed: shorter ones are mostly the eyes of a smiley. */
const SHORTEST = 2;

// Not in a word (10:30, http://), and beginning with a letter or as +1 does; what else begins with a digit is a time.
const begun = /(?:^|[\s(]):([\p{L}+-][\p{L}\p{M}\p{N}_+-]*)$/u;
const closed = /(?:^|[\s(]):([\p{L}\p{N}+-][\p{L}\p{M}\p{N}_+-]*):$/u;

/** What is written between the colon and the cursor; null where none is being written. `text`: up to the cursor. */
export function shortcodeAt(text: string): string | null {
  const word = begun.exec(text)?.[1];
  return word !== undefined && word.length >= SHORTEST ? word : null;
}

/** The shortcode that has just been closed with a colon; null when there is none. */
export function closedShortcodeAt(text: string): string | null {
  return closed.exec(text)?.[1] ?? null;
}

/** UTF-16 units from the start of the last `:code:` to the end of the text; null when it is not there. */
export function sinceShortcode(text: string, code: string): number | null {
  const written = `:${code}:`;
  const start = text.lastIndexOf(written);
  const there = start !== -1 && closedShortcodeAt(text.slice(0, start + written.length)) === code;
  return there ? text.length - start : null;
}

/** Three rows of the picker. */
const REMEMBERED = 24;

/** The latest first, each once. */
export function withRecent(recent: readonly string[], emoji: string): string[] {
  return [emoji, ...recent.filter((one) => one !== emoji)].slice(0, REMEMBERED);
}
