// How a name becomes an avatar: one or two letters and one of the hues of tokens.css.

/** The number of hues that tokens.css has, `--avatar-0-…` to `--avatar-7-…`. */
export const hueCount = 8;

/** The first user-perceived characters of a text: an emoji or a letter with its marks counts as one. */
function firstCharacter(word: string): string {
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)) {
    return segment;
  }
  return '';
}

/**
 * Initials of a name: of the first and the last word that starts with a letter or a digit. An address gives the
 * initials of what stands before the @ or the first dot-separated parts; a name of emoji gives the emoji.
 */
export function initials(name: string): string {
  const plain = name.replace(/\p{Cc}|\p{Cf}(?<!\u200d)/gu, '').trim();
  const isAddress = !/\s/.test(plain) && /[@.]/.test(plain);
  const person = isAddress ? (plain.split('@')[0] ?? '') : plain;
  const words = (isAddress ? person.split(/[._-]+/) : person.split(/\s+/))
    .map((word) => word.replace(/^[("'„“‚‘[<-]+/u, ''))
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  if (first === undefined) return firstCharacter(plain) || '?';
  // A number is better shown as its first digits than as one of them.
  if (/^\p{N}+$/u.test(first) && words.length === 1) return first.slice(0, 2);
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  const letters = firstCharacter(first) + (last === undefined ? '' : firstCharacter(last));
  // Scripts without case, and those whose letters join, take one letter: two would not read as initials.
  return /^\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{N}/u.test(letters)
    ? letters.toLocaleUpperCase()
    : firstCharacter(first);
}

/** The hue of somebody: the same on every machine and in every run, whatever the display name is today. */
export function hue(address: string): number {
  // FNV-1a, 32 bits: short, and neighbours in the alphabet get different hues.
  let hash = 0x811c9dc5;
  for (const unit of address.toLowerCase()) {
    hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return ((hash ^ (hash >>> 16)) >>> 0) % hueCount;
}
