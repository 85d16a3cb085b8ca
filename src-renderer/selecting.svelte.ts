// Selecting and copying in the list of messages, which renders only what is on screen.
import type { MessageView } from '../src-main/ipc/contract.ts';
import { fillClipboard } from './copy.ts';
import type { Language } from './language.svelte.ts';
import { selectedMessages } from './selected-messages.ts';

export interface SelectingOptions {
  /** The list; it is there as soon as somebody can select in it. */
  box: () => HTMLElement;
  /** All that are loaded. */
  messages: () => readonly MessageView[];
  language: Language;
}

export class Selecting {
  readonly #options: SelectingOptions;
  /** The ids of the messages in which the selection begins and ends. */
  ends = $state.raw<readonly string[]>([]);

  constructor(options: SelectingOptions) {
    this.#options = options;
  }

  /** For `selectionchange` of the document. */
  changed(): void {
    const selection = getSelection();
    const nodes = selection?.isCollapsed === false ? [selection.anchorNode, selection.focusNode] : [];
    const ends = nodes.flatMap((node) => {
      const element = node instanceof Element ? node : (node?.parentElement ?? null);
      const id = element?.closest('[data-message]')?.getAttribute('data-message') ?? null;
      return id !== null && this.#options.box().contains(element) ? [id] : [];
    });
    if (`${ends}` !== `${this.ends}`) this.ends = ends;
  }

  /** From edge to edge of the list, whatever it renders in between now and later. */
  all(): void {
    const box = this.#options.box();
    getSelection()?.setBaseAndExtent(box, 0, box, box.childNodes.length);
  }

  /**
   * For `selectstart` of the document. An entry of a menu selects all of the page, which with the focus in the list means
   * the messages. What somebody drags over starts at something in the list; what starts elsewhere while the focus is in
   * it has not been begun by hand.
   */
  starts(event: Event): void {
    const box = this.#options.box();
    const { target } = event;
    if (!box.contains(document.activeElement) || !(target instanceof Node) || box.contains(target)) return;
    event.preventDefault();
    this.all();
  }

  /** For `copy` of the list. */
  copy(event: ClipboardEvent): void {
    const selection = getSelection();
    if (event.defaultPrevented || selection === null || selection.isCollapsed) return;
    const { box, messages, language } = this.#options;
    const heads = (message: MessageView) => ({
      author: message.author.name,
      time: language.times.stamp(message.at),
    });
    const copied = selectedMessages(selection.getRangeAt(0), box(), messages(), {
      line: (message, text) => language.t('message.copyLine', { ...heads(message), text }),
      head: (message) => language.t('message.copyHead', heads(message)),
      attachment: (name) => language.t('message.attachment', { name }),
    });
    if (copied !== null) fillClipboard(event, copied);
  }
}
