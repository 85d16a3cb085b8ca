// The words and the dates in the language of the reader. Follows the locales of the view.
import { formatLocale, words, type WordKey, type Words } from '../assets/translations/index.ts';
import type { Chat } from './chat.svelte.ts';
import { times, type Times } from './times.ts';

export class Language {
  readonly #chat: Chat;
  // Every patch of the app brings a new array; only other locales make new formatters.
  readonly #locales = $derived.by(() => this.#chat.app.locales.join(' '));
  readonly #words: Words = $derived(words(this.#locales.split(' ')));
  readonly times: Times = $derived(times(this.#locales.split(' ')));
  readonly tag: string = $derived(formatLocale(this.#locales.split(' ')));
  readonly #number = $derived(new Intl.NumberFormat(this.tag));

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  t(key: WordKey, parameters?: Record<string, string | number>): string {
    return this.#words(key, parameters);
  }

  number(value: number): string {
    return this.#number.format(value);
  }
}
