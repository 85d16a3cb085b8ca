import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import de from '../../../assets/translations/de.json' with { type: 'json' };
import en from '../../../assets/translations/en.json' with { type: 'json' };
import es from '../../../assets/translations/es.json' with { type: 'json' };
import fr from '../../../assets/translations/fr.json' with { type: 'json' };
import { formatLocale, languageOf, words, type WordKey } from '../../../assets/translations/index.ts';
import it_ from '../../../assets/translations/it.json' with { type: 'json' };
import { loadCatalogue } from '../../../assets/translations/load.ts';
import { languages } from '../../../assets/translations/words.ts';

type Entry = string | Record<string, string>;
type Texts = Record<string, Entry>;
const catalogues: Record<string, Texts> = { en, de, fr, it: it_, es };
const others = Object.entries(catalogues).filter(([language]) => language !== 'en');
const forms = (entry: Entry | undefined): string[] =>
  typeof entry === 'object' ? Object.values(entry) : entry === undefined ? [] : [entry];
const placeholders = (entry: Entry | undefined): string[] =>
  [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
const sentences = (catalogue: Texts): [string, string][] =>
  Object.entries(catalogue).flatMap(([key, entry]) =>
    forms(entry).map((form): [string, string] => [key, form]),
  );
/** The sentences of a catalogue that a typographer would send back, by what is wrong with them. */
const faults = (catalogue: Texts, wrong: Record<string, RegExp>): string[] =>
  sentences(catalogue).flatMap(([key, text]) =>
    Object.entries(wrong)
      .filter(([, pattern]) => pattern.test(text))
      .map(([what]) => `${key}: ${what}: ${text}`),
  );

describe('the languages', () => {
  it('are those that can be chosen', () => {
    expect(Object.keys(catalogues).sort()).toEqual([...languages].sort());
  });

  it.each(others)('%s has the sentences of English and no others', (_, catalogue) => {
    const lacking = Object.keys(en).filter((key) => !(key in catalogue));
    const needless = Object.keys(catalogue).filter((key) => !(key in en));
    expect({ lacking, needless }).toEqual({ lacking: [], needless: [] });
    expect(Object.keys(catalogue)).toEqual(Object.keys(en));
  });

  it.each(others)('%s puts the same things into its sentences', (_, catalogue) => {
    const different = Object.entries(catalogue)
      .filter(([key]) => key in en)
      .filter(([key, entry]) => `${placeholders(entry)}` !== `${placeholders(catalogues['en']?.[key])}`)
      .map(([key]) => key);
    expect(different).toEqual([]);
  });

  it.each(Object.entries(catalogues))('%s has every plural of its own', (language, catalogue) => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    for (const [key, entry] of Object.entries(catalogue)) {
      if (typeof entry !== 'object') continue;
      expect([key, ...Object.keys(entry).sort()]).toEqual([key, ...categories]);
      for (const form of Object.values(entry)) expect(form).toMatch(/\{count\}|\{messages\}/);
    }
  });

  it.each(Object.entries(catalogues))('%s has no sentence that is empty or frayed', (_, catalogue) => {
    expect(
      faults(catalogue, { empty: /^\s*$/, frayed: /^\s|\s$|\s\s/, 'left open': /\{[^}\w]|\{\w*$/ }),
    ).toEqual([]);
  });

  it.each(others)('%s says nothing in English', (language, catalogue) => {
    const english = new Set(Object.values(en as Texts).flatMap(forms));
    const same = sentences(catalogue).filter(
      ([, text]) => /\p{L}/u.test(text.replace(/\{\w+\}/g, '')) && english.has(text),
    );
    expect(same.filter(([, text]) => !isSameWord(language, text))).toEqual([]);
  });

  it.each(Object.entries(catalogues))('%s is loaded by the window as it is', async (language, catalogue) => {
    const loaded = await loadCatalogue(languageOf([language]));
    expect(loaded).toEqual(catalogue);
  });
});

/** Names, addresses, and what a language writes as English does. A sentence does not belong here. */
const sameWords: Record<string, string[]> = {
  everywhere: [
    'App',
    'Browser Console',
    'Emoji',
    'Esc',
    'PBX',
    'PBX Chat',
    'Version {version}',
    'WebSocket',
    'pbx.example.com',
  ],
  de: ['Admin', 'Audio {name}', 'Chats', 'Downloads', 'Name', 'Normal', 'Offline', 'Text', 'Video {name}'],
  fr: ['Admin', 'Ctrl', 'Ctrl+Alt+C', 'Licences', 'Note', 'Notifications', 'Services'],
  it: [
    'Account',
    'Admin',
    'Audio {name}',
    'Ctrl',
    'Ctrl+Alt+C',
    'File',
    'File: {file}',
    'Home',
    'No',
    'Offline',
    'Password',
    'Video {name}',
    '{messages} in {count} chat',
  ],
  es: ['Admin', 'Audio {name}', 'Chats', 'Ctrl', 'Ctrl+Alt+C', 'No', 'Zoom'],
};
const isSameWord = (language: string, text: string): boolean =>
  ['everywhere', language].some((where) => sameWords[where]?.includes(text));

describe('the typography', () => {
  const everywhere = {
    'three dots for an ellipsis': /\.\.\./,
    'a typewriter quote or apostrophe': /["'`]/,
    'a hyphen for a dash': / - /,
    'a percent sign that can fall off its number': / %/,
  };

  it('of English has “quotes”, and a space before the ellipsis', () => {
    expect(faults(en, { ...everywhere, quotes: /[„«»]/, ellipsis: /\S…/ })).toEqual([]);
  });

  it('of German has „quotes“, and a space before the ellipsis', () => {
    expect(
      faults(de, { ...everywhere, quotes: /”|«|»|“[^“]*“/, ellipsis: /\S…/, space: /\s[;:!?]/ }),
    ).toEqual([]);
  });

  it('of French has a narrow no-break space inside « quotes » and before double punctuation', () => {
    const wrong = {
      ...everywhere,
      'quotes of others': /[„“”]/,
      'before ; : ! ?': /[^\u202f][;:!?](?=\s|$)/,
      'within « »': /«[^\u202f]|[^\u202f]»/,
      'space before an ellipsis': /\s…/,
    };
    expect(faults(fr, wrong)).toEqual([]);
  });

  it('of Italian has «quotes», and nothing before an ellipsis or double punctuation', () => {
    expect(faults(it_, { ...everywhere, quotes: /[„“”]|«\s|\s»/, space: /\s[;:!?…]/ })).toEqual([]);
  });

  it('of Spanish opens its questions and exclamations, and has «quotes»', () => {
    const wrong = {
      ...everywhere,
      quotes: /[„“”]|«\s|\s»/,
      space: /\s[;:!?…]/,
      'a question that is not opened': /^[^¿]*\?/,
      'an exclamation that is not opened': /^[^¡]*!/,
    };
    expect(faults(es, wrong)).toEqual([]);
  });

  it.each(others)('of %s ends a sentence where English does', (_, catalogue) => {
    const ends = (text: string): string => /[.…?!:]?$/.exec(text)?.[0] ?? '';
    const different = Object.keys(catalogue).filter((key) => {
      const [english] = forms(catalogues['en']?.[key]);
      const [text] = forms(catalogue[key]);
      return english !== undefined && text !== undefined && ends(english) !== ends(text);
    });
    expect(different).toEqual([]);
  });
});

describe('the reasons of the contract', () => {
  const contract = fs.readFileSync(
    path.resolve(import.meta.dirname, '../../../src-main/ipc/contract.ts'),
    'utf8',
  );
  const codes = (type: string): string[] => {
    const text = new RegExp(`export type ${type} =([^;]*);`).exec(contract)?.[1] ?? '';
    return [...text.matchAll(/'([\w-]+)'/g)].map((match) => match[1] ?? '');
  };

  it.each([
    ['LoginReason', 'login.reason'],
    ['OfflineReason', 'offline.reason'],
    ['DeliveryReason', 'delivery.reason'],
    ['VolatileReason', 'volatile.reason'],
    ['AddressReason', 'address.reason'],
    ['SendReason', 'composer.reason'],
    ['PresenceState', 'presence'],
  ])('%s has words for each of its codes', (type, prefix) => {
    const found = codes(type);
    expect(found.length).toBeGreaterThan(1);
    for (const code of found) expect(Object.keys(en)).toContain(`${prefix}.${code}`);
  });
});

describe('the words', () => {
  it('come in the first language that there is', () => {
    expect(languageOf(['es-419', 'fr', 'en'])).toBe('es');
    expect(languageOf(['pt-BR', 'de-AT', 'en'])).toBe('de');
    expect(languageOf(['xx'])).toBe('en');
    expect(languageOf([])).toBe('en');
    expect(words(['de-CH'])('dialog.cancel')).toBe('Abbrechen');
  });

  it('keep the region for numbers and dates, and survive a tag that is none', () => {
    expect(formatLocale(['en-GB', 'en'])).toBe('en-GB');
    expect(formatLocale(['de', 'en-GB', 'de-AT'])).toBe('de-AT');
    expect(formatLocale(['de', 'it-CH', 'en-US'])).toBe('de-CH');
    expect(formatLocale(['fr', 'de-CH', 'en-US'])).toBe('fr-CH');
    expect(formatLocale(['fr', 'en-US', 'en'])).toBe('fr');
    expect(formatLocale(['de_DE!'])).toBe('en');
    expect(formatLocale(['en_$'])).toBe('en');
  });

  it('choose the plural and write the number as the language does', () => {
    const t = words(['de-DE']);
    expect(t('badge.description', { count: 1 })).toBe('1 ungelesene Nachricht');
    expect(t('badge.description', { count: 1234 })).toBe('1.234 ungelesene Nachrichten');
    const french = words(['fr-FR']);
    expect(french('badge.description', { count: 0 })).toBe('0 message non lu');
    expect(french('badge.description', { count: 1_000_000 })).toBe('1\u202f000\u202f000 de messages non lus');
  });

  it('put a text in as it is, whatever is in it', () => {
    expect(words(['en'])('search.nothing', { text: '{text} $& $1' })).toContain('{text} $& $1');
  });

  it('show a parameter that is missing instead of failing', () => {
    expect(words(['en'])('list.you')).toBe('You: {text}');
  });
});

it('has no sentence that nobody says', () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  const sources = ['src-main', 'src-renderer'].flatMap((room) =>
    fs
      .readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|svelte)$/.test(file))
      .map((file) => fs.readFileSync(path.join(root, room, file), 'utf8')),
  );
  const text = sources.join('\n');
  // A key is said by its whole name, or by its first part and a code: `presence.${state}`.
  const said = (key: WordKey): boolean =>
    text.includes(`'${key}'`) || text.includes(`\`${key.slice(0, key.lastIndexOf('.') + 1)}\${`);
  const silent = (Object.keys(en) as WordKey[]).filter((key) => !said(key));
  // The names of settings are in settings.test.ts.
  expect(silent.filter((key) => !key.startsWith('setting.'))).toEqual([]);
});
