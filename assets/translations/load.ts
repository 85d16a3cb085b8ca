// The words for the window, which fetches those of one language and only then paints.
import type { Catalogue, Language } from './words.ts';

const catalogues: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import('./en.json')).default,
  de: async () => (await import('./de.json')).default,
  fr: async () => (await import('./fr.json')).default,
  it: async () => (await import('./it.json')).default,
  es: async () => (await import('./es.json')).default,
};

/** Fetched once; rejects when the program's own file cannot be read. */
export function loadCatalogue(language: Language): Promise<Catalogue> {
  return catalogues[language]();
}
