// The words for what the main process shows: tray, menus, notifications. All languages are at hand there, because the
// language of the program can change while it runs. A language that lacks a sentence does not compile.
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import es from './es.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };
import it from './it.json' with { type: 'json' };
import { languageOf, wordsOf, type Catalogue, type Language, type Words } from './words.ts';

export { formatLocale, languageOf, momentIn } from './words.ts';
export type { Language, WordKey, Words } from './words.ts';

const catalogues: Record<Language, Catalogue> = { en, de, fr, it, es };

/** The words in the best language of `locales` (BCP 47 tags, best first). */
export function words(locales: readonly string[]): Words {
  return wordsOf(catalogues[languageOf(locales)], locales);
}
