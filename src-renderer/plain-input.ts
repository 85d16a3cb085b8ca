// The message input before its editor is loaded: the same element takes plain text, so that the first key is not lost.
import { htmlToText, textToHtml } from './plain-html.ts';

export class PlainInput {
  readonly #element: HTMLElement;
  readonly #html: string;
  readonly #shown: string;

  /** `html`: what stands in it at first. Its formats are not shown here, and are kept unless somebody types. */
  constructor(element: HTMLElement, html: string) {
    this.#element = element;
    this.#html = html;
    this.#shown = htmlToText(html);
    element.textContent = this.#shown;
  }

  get #text(): string {
    return this.#element.textContent.replace(/\n$/, '');
  }

  get blank(): boolean {
    return this.#text.trim() === '';
  }

  get empty(): boolean {
    return this.#text === '';
  }

  html(): string {
    return this.#text === this.#shown ? this.#html : textToHtml(this.#text);
  }

  htmlToSend(): string {
    return this.#text === this.#shown ? this.#html : textToHtml(this.#text.trim());
  }

  focus(): void {
    this.#element.focus();
  }

  clear(): void {
    this.#element.textContent = '';
  }

  putBack(html: string): void {
    const before = htmlToText(html);
    this.#element.textContent = this.empty ? before : `${before}\n${this.#text}`;
  }
}
