// Finding a chat by what one remembers of its name.
import type { DiscussionRow } from '../src-main/ipc/contract.ts';

/** Lower case without marks: `Müller` is found by `muller` and by `müller`. */
export function fold(text: string): string {
  return foldWhole(text).trim();
}

/** The same with its ends, and so that every character folds alike wherever it stands. */
export function foldWhole(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/ß/g, 'ss').replace(/ς/g, 'σ');
}

/**
 * Rows in which every word of `text` begins a word of the name or occurs in the address. The order stays, except that
 * a name that starts with the whole text comes first.
 */
export function filterRows(rows: readonly DiscussionRow[], text: string): DiscussionRow[] {
  const sought = fold(text);
  if (sought === '') return [...rows];
  const words = sought.split(/\s+/);
  const best: DiscussionRow[] = [];
  const others: DiscussionRow[] = [];
  for (const row of rows) {
    const name = fold(row.name);
    const address = fold(row.address);
    const nameWords = name.split(/[\s@.,()/_-]+/);
    const found = words.every(
      (word) =>
        nameWords.some((part) => part.startsWith(word)) || address.includes(word) || name.includes(word),
    );
    if (found) (name.startsWith(sought) ? best : others).push(row);
  }
  return [...best, ...others];
}
