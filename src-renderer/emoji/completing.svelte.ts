// Completing `:shortcodes` in the message input: what is offered, and the keys of the list while it is there.
import type { Editor } from '../editor/editor.ts';
import type { Emoji } from './emoji.ts';
import { closedShortcodeAt, shortcodeAt, sinceShortcode } from './shortcode.ts';

export interface Offer {
  emoji: Emoji;
  /** In the skin tone of the person. */
  text: string;
  code: string;
}

interface Options {
  editor(): Pick<Editor, 'textBefore' | 'replaceBefore' | 'cursor'> | null;
  /** BCP 47 tag of the names. */
  language(): string;
  skinTone(): number;
  /** One was written. */
  onchoose(text: string): void;
}

const MOST = 8;

export class Completing {
  readonly #options: Options;
  offers = $state.raw<readonly Offer[]>([]);
  current = $state(0);
  /** CSS pixels of the window: where the shortcode begins. */
  place = $state.raw({ left: 0, top: 0 });
  #word = '';
  /** Escape was pressed: nothing is offered until another one is begun. */
  #refused = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** After every change; `typed`: of the content, and not of the selection alone. */
  async look(typed: boolean): Promise<void> {
    const editor = this.#options.editor();
    const word = shortcodeAt(editor?.textBefore() ?? '');
    if (word === null) this.#refused = false;
    if (editor === null || word === null || this.#refused || (!typed && this.offers.length === 0)) {
      this.close();
      return;
    }
    this.#word = word;
    const { loadEmoji, findEmoji, codeFor, toned } = await import('./emoji.ts');
    const all = await loadEmoji(this.#options.language());
    if (this.#word !== word) return;
    const tone = this.#options.skinTone();
    this.current = 0;
    this.place = editor.cursor(word.length + 1);
    this.offers = findEmoji(all, word, MOST).map((emoji) => ({
      emoji,
      text: toned(emoji, tone),
      code: codeFor(emoji, word),
    }));
  }

  /** Somebody has typed `text`, and it stands in the input: `:smile:` written out becomes what it means. */
  async typed(text: string): Promise<void> {
    if (!text.endsWith(':')) return;
    const editor = this.#options.editor();
    const code = closedShortcodeAt(editor?.textBefore() ?? '');
    if (editor === null || code === null) return;
    const { loadEmoji, byCode, toned } = await import('./emoji.ts');
    const emoji = byCode(await loadEmoji(this.#options.language()), code);
    // More may have been typed since, and stays behind it.
    const length = sinceShortcode(editor.textBefore() ?? '', code);
    if (emoji === undefined || length === null) return;
    this.#write(editor, length, toned(emoji, this.#options.skinTone()), length - code.length - 2);
  }

  /** True: it was for the list. */
  key(event: KeyboardEvent): boolean {
    const count = this.offers.length;
    if (count === 0 || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === 'ArrowDown') this.current = (this.current + 1) % count;
    else if (event.key === 'ArrowUp') this.current = (this.current + count - 1) % count;
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) this.take(this.current);
    else if (event.key === 'Escape') {
      this.#refused = true;
      this.close();
    } else return false;
    return true;
  }

  take(index: number): void {
    const offer = this.offers[index];
    const editor = this.#options.editor();
    if (offer === undefined || editor === null) return;
    this.#write(editor, this.#word.length + 1, offer.text);
  }

  #write(editor: Pick<Editor, 'replaceBefore'>, length: number, text: string, kept = 0): void {
    this.close();
    editor.replaceBefore(length, text, kept);
    this.#options.onchoose(text);
  }

  close(): void {
    this.#word = '';
    this.offers = [];
  }
}
