// The emoji with their names, and finding one. Loaded at the first use of the picker or of a `:shortcode`: the names are
// larger than the rest of the window.
import en from 'emojibase-data/en/compact.json';
import usual from 'emojibase-data/en/shortcodes/github.json';
import further from 'emojibase-data/en/shortcodes/emojibase.json';
import type { CompactEmoji, ShortcodesDataset } from 'emojibase';
import { fold } from '../filter.ts';
import { notDrawn, type Draws } from './drawn.ts';

export interface Emoji {
  /** Without a skin tone. */
  text: string;
  /** With the tones 1 light to 5 dark; empty where there are none. */
  tones: readonly string[];
  /** In the language that it was loaded for. */
  name: string;
  /** What can be written between colons, in English, the most usual first. */
  codes: readonly string[];
  /** Words to find it by, folded. */
  words: readonly string[];
  group: Group;
}

/** The groups in their order. The numbers are those of the data; 2 are hair and skin, which are no emoji of their own. */
const groupNumbers = {
  smileys: 0,
  people: 1,
  nature: 3,
  food: 4,
  travel: 5,
  activities: 6,
  objects: 7,
  symbols: 8,
  flags: 9,
} as const;
export type Group = keyof typeof groupNumbers;
export const groups = Object.keys(groupNumbers) as Group[];

/** Names in other languages than English, of which everybody gets the shortcodes. */
const translated: Readonly<Record<string, () => Promise<{ default: CompactEmoji[] }>>> = {
  de: () => import('emojibase-data/de/compact.json'),
  es: () => import('emojibase-data/es/compact.json'),
  fr: () => import('emojibase-data/fr/compact.json'),
  it: () => import('emojibase-data/it/compact.json'),
};

const modifiers = ['1F3FB', '1F3FC', '1F3FD', '1F3FE', '1F3FF'];
const loaded = new Map<string, Promise<readonly Emoji[]>>();

/** The emoji in their usual order, with names in `tag`, a BCP 47 tag; in English where there are none. */
export function loadEmoji(tag: string): Promise<readonly Emoji[]> {
  const language = tag.split('-')[0] ?? '';
  let emoji = loaded.get(language);
  if (emoji === undefined) {
    emoji = readEmoji(language);
    loaded.set(language, emoji);
  }
  return emoji;
}

/** Not remembered. `draws`: whether the fonts of this computer can show one. */
export async function readEmoji(language: string, draws?: Draws): Promise<readonly Emoji[]> {
  const [names, missing] = await Promise.all([translated[language]?.(), notDrawn(draws)]);
  const inLanguage = new Map(names?.default.map((entry) => [entry.hexcode, entry]));
  const groupOf = new Map<number, Group>(groups.map((group) => [groupNumbers[group], group]));
  return en
    .toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0))
    .flatMap((entry): Emoji[] => {
      const { hexcode, unicode, skins } = entry;
      const group = groupOf.get(entry.group ?? -1);
      if (group === undefined || missing.has(hexcode)) return [];
      const { label, tags } = inLanguage.get(hexcode) ?? entry;
      // Of those with two people only the ones of one tone.
      const tones = modifiers.flatMap((modifier) => {
        const skin = skins?.find((one) => {
          const used = one.hexcode.split('-').filter((part) => modifiers.includes(part));
          return used.length > 0 && used.every((part) => part === modifier) && !missing.has(one.hexcode);
        });
        return skin === undefined ? [] : [plain(skin.unicode)];
      });
      return [
        {
          text: plain(unicode),
          tones: tones.length === modifiers.length ? tones : [],
          name: label,
          codes: [...new Set([...codesOf(usual, hexcode), ...codesOf(further, hexcode)])],
          words: [...new Set([fold(label), ...(tags ?? []).map(fold)])],
          group,
        },
      ];
    });
}

const codesOf = (codes: ShortcodesDataset, hexcode: string): string[] => [codes[hexcode] ?? []].flat();

/** Without the selector that asks for a picture where there is nothing else to show: not all programs expect it there. */
function plain(text: string): string {
  return text.replace(/^(\p{Emoji_Presentation})\ufe0f$/u, '$1');
}

/** In this skin tone, 0 (none) to 5. */
export function toned(emoji: Emoji, tone: number): string {
  return emoji.tones[tone - 1] ?? emoji.text;
}

/** The one that is written `:code:`; one whose first names it is before one that it is a further name of. */
export function byCode(among: readonly Emoji[], code: string): Emoji | undefined {
  const wanted = code.toLowerCase();
  const named = among.filter(({ codes }) => codes.includes(wanted));
  return named.sort((one, other) => one.codes.indexOf(wanted) - other.codes.indexOf(wanted))[0];
}

/** How well a word fits, 0 the best; null: not at all. */
function fit({ codes, words }: Emoji, code: string, word: string): number | null {
  if (codes[0] === code) return 0;
  if (codes.includes(code)) return 1;
  if (codes.some((one) => one.startsWith(code))) return 2;
  if (words.includes(word)) return 3;
  if (words.some((one) => one.startsWith(word))) return 4;
  if (words.some((one) => one.includes(` ${word}`))) return 5;
  if (codes.some((one) => one.includes(`_${code}`))) return 6;
  return null;
}

/** Those that all words of a text fit, by their names and words or by their English shortcodes, the best first. */
export function findEmoji(among: readonly Emoji[], text: string, most: number): Emoji[] {
  const words = text.split(/[\s:]+/).filter((word) => word !== '');
  if (words.length === 0) return [];
  const sought = words.map((word) => [word.toLowerCase(), fold(word)] as const);
  return among
    .flatMap((emoji) => {
      let sum = 0;
      for (const [code, word] of sought) {
        const one = fit(emoji, code, word);
        if (one === null) return [];
        sum += one;
      }
      // Of those that are begun alike the shorter is meant: `smi` is rather `smile` than `smiley`.
      return [{ emoji, sum, rest: codeFor(emoji, words[0] ?? '').length }];
    })
    .sort((one, other) => one.sum - other.sum || one.rest - other.rest)
    .slice(0, most)
    .map(({ emoji }) => emoji);
}

/** The shortcode to show beside it to somebody who has begun to write `word`. */
export function codeFor({ codes }: Emoji, word: string): string {
  const begun = word.toLowerCase();
  return codes.find((code) => code.startsWith(begun)) ?? codes[0] ?? '';
}
