// The words for the window, which fetches those of one language and only then paints.
import { withEnglish, type Catalogue, type Language } from './words.ts';

const english = async (): Promise<Catalogue> => (await import('./en.json')).default;

const catalogues: Record<Language, () => Promise<Catalogue>> = {
  en: english,
  de: async () => (await import('./de.json')).default,
  fr: async () => withEnglish((await import('./fr.json')).default, await english()),
  it: async () => withEnglish((await import('./it.json')).default, await english()),
  es: async () => withEnglish((await import('./es.json')).default, await english()),
};

/** Fetched once; rejects when the program's own file cannot be read. */
export function loadCatalogue(language: Language): Promise<Catalogue> {
  return catalogues[language]();
}
