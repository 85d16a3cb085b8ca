// The words and the dates in the language of the reader. Changes when the locales of the view do, as soon as the words
// of the other language have been fetched: words and dates are never of two languages.
import { loadCatalogue } from '../assets/translations/load.ts';
import {
  formatLocale,
  languageOf,
  wordsOf,
  type Catalogue,
  type WordKey,
  type Words,
} from '../assets/translations/words.ts';
import { sizes } from './sizes.ts';
import { times, type Times } from './times.ts';

/** What is spoken: `locales` are BCP 47 tags, best first, and the words are in the best of them. */
export interface Speech {
  catalogue: Catalogue;
  locales: readonly string[];
}

export async function loadSpeech(locales: readonly string[]): Promise<Speech> {
  return { catalogue: await loadCatalogue(languageOf(locales)), locales };
}

export class Language {
  #speech: Speech;
  #wanted: string;
  readonly #words: Words = $derived.by(() => wordsOf(this.#speech.catalogue, this.#speech.locales));
  readonly times: Times = $derived.by(() => times(this.#speech.locales));
  readonly tag: string = $derived.by(() => formatLocale(this.#speech.locales));
  readonly #size = $derived(sizes(this.tag));
  readonly #list = $derived(new Intl.ListFormat(this.tag));
  readonly #number = $derived(new Intl.NumberFormat(this.tag));

  constructor(speech: Speech) {
    this.#speech = $state.raw(speech);
    this.#wanted = speech.locales.join(' ');
  }

  /** Speaks `locales` from the moment at which their words are there. Of two changes at once the later one stays. */
  async change(locales: readonly string[]): Promise<void> {
    // Every patch of the app brings a new array; only other locales make new formatters.
    const wanted = locales.join(' ');
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    const speech = await loadSpeech(locales);
    if (wanted === this.#wanted) this.#speech = speech;
  }

  t(key: WordKey, parameters?: Record<string, string | number>): string {
    return this.#words(key, parameters);
  }

  /** The sentence of this name where there is one: not everything needs an explanation. */
  find(key: string): string | null {
    return Object.hasOwn(this.#speech.catalogue, key) ? this.t(key as WordKey) : null;
  }

  /** A size: '3.4 MB'. */
  bytes(bytes: number): string {
    return this.#size(bytes);
  }

  /** 'one, two and three'. */
  list(items: readonly string[]): string {
    return this.#list.format(items);
  }

  number(value: number): string {
    return this.#number.format(value);
  }
}
