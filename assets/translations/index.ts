// The words of the program, for the window and for what the main process shows (tray, menus). A key that is not in
// en.json does not compile, and neither does a language that lacks one.
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };

/** The name of a sentence. */
export type WordKey = keyof typeof en;
/** A sentence, or one for each plural category of the language (`one`, `other`, ...) chosen by the parameter `count`. */
type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Language = 'en' | 'de';
type Catalogue = Record<WordKey, Entry>;

const catalogues: Record<Language, Catalogue> = { en, de };

/** `{name}` in the sentence is replaced by `parameters.name`; a number is written as the language writes it. */
export type Words = (key: WordKey, parameters?: Record<string, string | number>) => string;

/** The first of `locales` (BCP 47 tags, best first) that there are words for; English if there is none. */
export function languageOf(locales: readonly string[]): Language {
  for (const locale of locales) {
    const [language] = locale.toLowerCase().split('-');
    if (language === 'en' || language === 'de') return language;
  }
  return 'en';
}

/** The tag to format dates and numbers with: of the language of the words, with the region that the person has. */
export function formatLocale(locales: readonly string[]): string {
  const language = languageOf(locales);
  const tag = locales.find((locale) => locale.toLowerCase().split('-')[0] === language) ?? language;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? language;
  } catch {
    return language;
  }
}

/** The words in the best language of `locales`. Never throws: a parameter that is missing stays visible as `{name}`. */
export function words(locales: readonly string[]): Words {
  const catalogue = catalogues[languageOf(locales)];
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
