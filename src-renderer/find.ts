// Going to a person or a chat by a few letters: who can be found, and in which order. Pure.
import type { DiscussionRow, PersonView, PresenceView } from '../src-main/ipc/contract.ts';
import { fold } from './filter.ts';

export interface Candidate {
  /** As a discussion with them is known. */
  id: string;
  kind: 'person' | 'group';
  name: string;
  address: string;
  presence: PresenceView;
  /** Milliseconds since 1970 UTC of the last message; null: there is none. */
  at: number | null;
  unread: number;
  favourite: boolean;
  /** There is a discussion, so that nobody has to be asked whether the address exists. */
  known: boolean;
}

/** Chats and favourites, each once: favourites in their order at the PBX, then chats as the list has them. */
export function candidates(rows: readonly DiscussionRow[], favourites: readonly PersonView[]): Candidate[] {
  const chats = new Map<string, Candidate>();
  for (const { id, kind, name, address, presence, at, unread } of rows) {
    chats.set(id, { id, kind, name, address, presence, at, unread, favourite: false, known: true });
  }
  const first = favourites.map(({ id, name, address, presence }): Candidate => {
    const chat = chats.get(id);
    chats.delete(id);
    if (chat !== undefined) return { ...chat, favourite: true };
    return {
      id,
      kind: 'person',
      name,
      address,
      presence,
      at: null,
      unread: 0,
      favourite: true,
      known: false,
    };
  });
  return [...first, ...chats.values()];
}

/** How well a text fits; more is better. */
export type Fit = 'whole' | 'words' | 'inside' | 'letters';
const fits: readonly Fit[] = ['letters', 'inside', 'words', 'whole'];

export interface Found {
  candidate: Candidate;
  fit: Fit;
}

const between = /[\s@.,:;()/_+&-]+/;

/**
 * The candidates that a text may mean, best first: those whose name begins with it, those of whom every word of it begins
 * a word, those who have it somewhere, and those in whose name its letters stand in this order, beginning with a word.
 * Marks and case do not matter. Among equals the most recent chat comes first, then favourites, then the given order.
 */
export function find(among: readonly Candidate[], text: string): Found[] {
  const sought = fold(text.replace(/^\s*(?:sips?|im):(?:\/\/)?/i, ''));
  if (sought === '') return among.map((candidate) => ({ candidate, fit: 'whole' }));
  const words = sought.split(/\s+/);
  const letters = [...words.join('')];
  const found: (Found & { gaps: number; order: number })[] = [];
  for (const [order, candidate] of among.entries()) {
    const name = fold(candidate.name);
    const address = fold(candidate.address);
    const starts = [...name.split(between), ...address.split(between), address];
    const whole = name.startsWith(sought) || address === sought;
    if (whole) found.push({ candidate, fit: 'whole', gaps: 0, order });
    else if (words.every((word) => starts.some((start) => start.startsWith(word)))) {
      found.push({ candidate, fit: 'words', gaps: 0, order });
    } else if (words.every((word) => name.includes(word) || address.includes(word))) {
      found.push({ candidate, fit: 'inside', gaps: 0, order });
    } else {
      const gaps = gapsBetween(letters, name);
      if (gaps !== null) found.push({ candidate, fit: 'letters', gaps, order });
    }
  }
  return found.sort(
    (a, b) =>
      fits.indexOf(b.fit) - fits.indexOf(a.fit) ||
      a.gaps - b.gaps ||
      (b.candidate.at ?? 0) - (a.candidate.at ?? 0) ||
      Number(b.candidate.favourite) - Number(a.candidate.favourite) ||
      a.order - b.order,
  );
}

/**
 * How often one has to skip within a word so that the letters stand in `name` in this order, the first of them at the
 * beginning of a word; going on at the beginning of a later word is no skip. Null: they do not. One letter is no pattern.
 */
function gapsBetween(letters: readonly string[], name: string): number | null {
  const [first, ...rest] = letters;
  if (first === undefined || rest.length === 0) return null;
  const at = [...name];
  const begins = (index: number) => index === 0 || between.test(at[index - 1] ?? '');
  // gaps[i]: the fewest skips with the letters so far, the last of them at position i.
  let gaps = at.map((letter, index) => (letter === first && begins(index) ? 0 : Infinity));
  for (const letter of rest) {
    let best = Infinity;
    gaps = at.map((here, index) => {
      const previous = gaps[index - 1] ?? Infinity;
      const reached = here === letter ? Math.min(previous, best + (begins(index) ? 0 : 1)) : Infinity;
      best = Math.min(best, previous);
      return reached;
    });
  }
  const fewest = Math.min(...gaps);
  // Letters strewn over a long name mean somebody else.
  return fewest <= Math.floor(letters.length / 3) ? fewest : null;
}

/** The key of a choice that stands for an address as it was typed. */
export const addressKey = 'address:';

/** Who was found, with the typed address behind those who are surely meant and before the others. */
export function withAddress<T>(
  found: readonly Found[],
  sure: (one: Found) => boolean,
  choice: (candidate: Candidate) => T,
  address: T,
): T[] {
  const choices = (some: readonly Found[]) => some.map(({ candidate }) => choice(candidate));
  return [...choices(found.filter(sure)), address, ...choices(found.filter((one) => !sure(one)))];
}

/** The text fits a name or the beginnings of its words. */
export function fitsWords({ fit }: Found): boolean {
  return fit === 'whole' || fit === 'words';
}
