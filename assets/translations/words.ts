// How words are made of a catalogue. Loads none: the window fetches the one that it shows (load.ts), the main process
// has them all (index.ts).
import type en from './en.json';

/** The name of a sentence. One that is not in en.json does not compile. */
export type WordKey = keyof typeof en;
/** A sentence, or one for each plural category of the language (`one`, `other`, ...) chosen by the parameter `count`. */
type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<WordKey, Entry>;

export const languages = ['en', 'de', 'fr', 'it', 'es'] as const;
export type Language = (typeof languages)[number];

/** `{name}` in the sentence is replaced by `parameters.name`; a number is written as the language writes it. */
export type Words = (key: WordKey, parameters?: Record<string, string | number>) => string;

function languageIn(locale: string): Language | undefined {
  const [wanted] = locale.toLowerCase().split('-');
  return languages.find((language) => language === wanted);
}

/** The first of `locales` (BCP 47 tags, best first) that there are words for; English if there is none. */
export function languageOf(locales: readonly string[]): Language {
  for (const locale of locales) {
    const language = languageIn(locale);
    if (language !== undefined) return language;
  }
  return 'en';
}

/**
 * The tag to format dates and numbers with: of the language of the words, with the region that the person has. Where
 * the tag of the language names none it is the region of the other languages, if the two go together: a French window
 * on a Swiss machine writes Swiss numbers, but there is no French of the United States.
 */
export function formatLocale(locales: readonly string[]): string {
  const language = languageOf(locales);
  const own = locales.filter((locale) => languageIn(locale) === language).flatMap(canonical);
  const regional = own.find((tag) => new Intl.Locale(tag).region !== undefined);
  if (regional !== undefined) return regional;
  for (const tag of locales.flatMap(canonical)) {
    const { region } = new Intl.Locale(tag);
    if (region === undefined) continue;
    const together = `${language}-${region}`;
    if (new Intl.DateTimeFormat(together).resolvedOptions().locale === together) return together;
  }
  return own[0] ?? language;
}

function canonical(tag: string): string[] {
  try {
    return Intl.getCanonicalLocales(tag);
  } catch {
    return [];
  }
}

/** A moment of the next days as people say it: 14:05, with its weekday when that is not today's. */
export function momentIn(locales: readonly string[], at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const day = sameDay ? {} : ({ weekday: 'long' } as const);
  const options = { ...day, hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(formatLocale(locales), options).format(at);
}

/** The words of a catalogue. Never throws: a parameter that is missing stays visible as `{name}`. */
export function wordsOf(catalogue: Catalogue, locales: readonly string[]): Words {
  const locale = formatLocale(locales);
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);

  return (key, parameters = {}) => {
    const entry = catalogue[key];
    const count = parameters['count'];
    const text =
      typeof entry === 'string'
        ? entry
        : (entry[typeof count === 'number' ? plurals.select(count) : 'other'] ?? entry.other ?? key);
    return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = parameters[name];
      if (value === undefined) return placeholder;
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}
