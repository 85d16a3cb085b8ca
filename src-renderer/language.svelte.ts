// The words and the dates in the language of the reader. Follows the locales of the view.
import { formatLocale, words, type WordKey, type Words } from '../assets/translations/index.ts';
import type { Chat } from './chat.svelte.ts';
import { times, type Times } from './times.ts';

/** Decimal units, as file managers count. */
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function inUnit(bytes: number): [number, (typeof units)[number]] {
  let value = Math.max(0, bytes);
  let index = 0;
  while (value >= 999.5 && index < units.length - 1) {
    value /= 1000;
    index++;
  }
  return [value, units[index] ?? 'byte'];
}

export class Language {
  readonly #chat: Chat;
  // Every patch of the app brings a new array; only other locales make new formatters.
  readonly #locales = $derived.by(() => this.#chat.app.locales.join(' '));
  readonly #words: Words = $derived(words(this.#locales.split(' ')));
  readonly times: Times = $derived(times(this.#locales.split(' ')));
  readonly tag: string = $derived(formatLocale(this.#locales.split(' ')));
  readonly #number = $derived(new Intl.NumberFormat(this.tag));

  // What has been made once is not made again; nobody renders by it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #bytes = new Map<string, Intl.NumberFormat>();

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  t(key: WordKey, parameters?: Record<string, string | number>): string {
    return this.#words(key, parameters);
  }

  /** A size: '3.4 MB'. */
  bytes(bytes: number): string {
    const [value, unit] = inUnit(bytes);
    const key = `${this.tag} ${unit}`;
    let format = this.#bytes.get(key);
    if (format === undefined) {
      const bytesAlone = unit === 'byte';
      const options = {
        style: 'unit',
        unit,
        unitDisplay: bytesAlone ? 'long' : 'short',
        maximumFractionDigits: bytesAlone ? 0 : 1,
      } as const;
      this.#bytes.set(key, (format = new Intl.NumberFormat(this.tag, options)));
    }
    return format.format(value);
  }

  number(value: number): string {
    return this.#number.format(value);
  }
}
