// The message input as an editor of rich text. Loaded after the first paint; until then the same element takes plain
// text (components/Composer.svelte), and what was typed by then is taken over.
import type { Node, Slice } from 'prosemirror-model';
import { pressed } from '../../src-main/ipc/shortcuts.ts';
import { nodes } from './schema.ts';
import { TextSelection, type Command, type Transaction } from 'prosemirror-state';
import { closeHistory, redo, undo } from 'prosemirror-history';
import { EditorView } from 'prosemirror-view';
import { isForFiles } from '../paste.ts';
import {
  activeFormats,
  enter,
  formatCommand,
  inList,
  insert,
  isBlank,
  stateOf,
  trimmed,
  type Format,
} from './commands.ts';
import { fromHtml, fromText } from './from-html.ts';
import { toHtml } from './to-html.ts';

export type { Format } from './commands.ts';

/** What the editor tells: after every change of the content or the selection. */
export interface EditorFacts {
  blank: boolean;
  /** Nothing at all in it: the place of the placeholder. */
  empty: boolean;
  inList: boolean;
  active: Partial<Record<Format, boolean>>;
}

export interface EditorOptions {
  /** What stands in it at first: plain HTML. */
  html: string;
  /** The element is in use already, with the cursor in it. */
  focused: boolean;
  /** `typed`: the content has changed. */
  onchange(facts: EditorFacts, typed: boolean): void;
  /** After a key or an input method has written `text`; not for what was pasted or undone. */
  onwritten(text: string): void;
  onsend(): void;
  /** Sees every key first; true: it was for somebody else. */
  onkey(event: KeyboardEvent): boolean;
}

export interface Editor {
  /** The content, for a draft. */
  html(): string;
  /** The content as it is sent: nothing blank at its ends. */
  htmlToSend(): string;
  focus(): void;
  /** Empties it and forgets its history. */
  clear(): void;
  /** Puts content back before what is there by now. */
  putBack(html: string): void;
  format(format: Format): void;
  /** In place of the selection. Undone by itself, and leaves the focus where it is. */
  insertText(text: string): void;
  /** The text of the paragraph before the cursor; null with a selection, and inside a word. */
  textBefore(): string | null;
  /** Replaces that many UTF-16 units before the cursor, but for the last `kept` ones. Undone by itself. */
  replaceBefore(length: number, text: string, kept?: number): void;
  /** Where the text is that many UTF-16 units before the cursor, in CSS pixels of the window. */
  cursor(before: number): { left: number; top: number };
  destroy(): void;
}

/** Makes `element`, with its role and its names, an editor. */
export function mountEditor(element: HTMLElement, options: EditorOptions): Editor {
  const send = enter(options.onsend);
  /** What is being written, until the document has it. */
  let written: string | null = null;

  const view = new EditorView(
    { mount: element },
    {
      state: stateOf(fromHtml(options.html)),
      dispatchTransaction(transaction) {
        view.updateState(view.state.apply(transaction));
        tell(transaction.docChanged);
        if (written === null || !transaction.docChanged) return;
        const text = written;
        written = null;
        options.onwritten(text);
      },
      handleTextInput(_, _from, _to, text) {
        written = text;
        return false;
      },
      handleKeyDown(_, event) {
        if (options.onkey(event)) return true;
        // Enter has no modifier that a Mac would have elsewhere.
        if (pressed('input', event, false) !== 'send') return false;
        run(send);
        return true;
      },
      clipboardTextSerializer: (slice) => textOf(slice),
      handleDOMEvents: {
        paste: (_, event) => paste(event),
        drop: (_, event) => drop(event),
        copy: (_, event) => copy(event, false),
        cut: (_, event) => copy(event, true),
        // Undo of the menu of the program, which would undo in the page and not in the document.
        beforeinput(_, event) {
          const command = event.inputType === 'historyUndo' ? undo : redo;
          if (event.inputType !== 'historyUndo' && event.inputType !== 'historyRedo') return false;
          event.preventDefault();
          run(command);
          return true;
        },
      },
    },
  );

  function run(command: Command): void {
    command(view.state, view.dispatch.bind(view), view);
  }

  /** A step of its own for undo, apart from what was typed before and what is typed next. */
  function dispatchAlone(transaction: Transaction): void {
    view.dispatch(closeHistory(transaction.scrollIntoView()));
    view.dispatch(closeHistory(view.state.tr));
  }

  function tell(typed: boolean): void {
    const { state } = view;
    const { doc } = state;
    options.onchange(
      {
        blank: isBlank(doc),
        empty: doc.childCount === 1 && doc.firstChild?.type === nodes.p && doc.firstChild.childCount === 0,
        inList: inList(state),
        active: activeFormats(state),
      },
      typed,
    );
  }

  function take(data: DataTransfer): boolean {
    const doc = contentOf(data);
    if (doc === null) return false;
    view.dispatch(insert(view.state, doc).setMeta('paste', true));
    return true;
  }

  /** Files are for the attachments: the event goes on to whoever takes them. Everything else is pasted here. */
  function paste(event: ClipboardEvent): boolean {
    const data = event.clipboardData;
    event.preventDefault();
    if (data !== null && !isForFiles(data)) take(data);
    return true;
  }

  function drop(event: DragEvent): boolean {
    const data = event.dataTransfer;
    const forFiles = data === null || isForFiles(data);
    // What is dragged within the message is moved by the editor itself.
    if (view.dragging !== null && !forFiles) return false;
    event.preventDefault();
    if (forFiles) return true;
    const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (at !== null) {
      const { state } = view;
      view.dispatch(state.tr.setSelection(TextSelection.near(state.doc.resolve(at.pos))));
    }
    take(data);
    view.focus();
    return true;
  }

  function copy(event: ClipboardEvent, cut: boolean): boolean {
    const { selection } = view.state;
    event.preventDefault();
    if (selection.empty || event.clipboardData === null) return true;
    const doc = view.state.doc.cut(selection.from, selection.to);
    event.clipboardData.setData('text/plain', textOf(selection.content()));
    event.clipboardData.setData('text/html', toHtml(doc));
    if (cut) view.dispatch(view.state.tr.deleteSelection().scrollIntoView().setMeta('uiEvent', 'cut'));
    return true;
  }

  if (options.focused) {
    view.dispatch(view.state.tr.setSelection(TextSelection.atEnd(view.state.doc)));
    view.focus();
  }
  tell(false);

  return {
    html: () => toHtml(view.state.doc),
    htmlToSend: () => toHtml(trimmed(view.state.doc)),
    focus: () => view.focus(),
    clear: () => {
      view.updateState(stateOf(fromText('')));
      tell(false);
    },
    putBack: (html) => {
      const before = fromHtml(html).content;
      const rest = isBlank(view.state.doc) ? null : view.state.doc.content;
      view.updateState(stateOf(nodes.doc.create(null, rest === null ? before : before.append(rest))));
      view.dispatch(view.state.tr.setSelection(TextSelection.atEnd(view.state.doc)));
    },
    format: (format) => {
      run(formatCommand(format));
      view.focus();
    },
    insertText: (text) => dispatchAlone(view.state.tr.insertText(text)),
    textBefore: () => {
      const { $from, empty } = view.state.selection;
      const insideWord = /^[\p{L}\p{N}_]/u.test($from.nodeAfter?.text ?? '');
      return empty && !insideWord ? $from.parent.textBetween(0, $from.parentOffset, null, '\n') : null;
    },
    replaceBefore: (length, text, kept = 0) => {
      const { from } = view.state.selection;
      dispatchAlone(view.state.tr.insertText(text, from - length, from - kept));
    },
    cursor: (before) => view.coordsAtPos(view.state.selection.from - before),
    destroy: () => view.destroy(),
  };
}

/** The lines of a selection. */
function textOf(slice: Slice): string {
  return slice.content.textBetween(0, slice.content.size, '\n');
}

/** UTF-16 units of HTML beyond which the plain text is taken: nobody formats as much by hand. */
const LONGEST_HTML = 2_000_000;

/** What was pasted or dropped; null when there is no text in it. */
function contentOf(data: DataTransfer): Node | null {
  const text = data.getData('text/plain');
  const html = data.getData('text/html');
  // A copied link: its address is what is meant, and the markup has only its title.
  const isAddress = /^[a-z][a-z\d+.-]*:\S+$/i.test(text.trim());
  if (html !== '' && html.length <= LONGEST_HTML && !isAddress) {
    const doc = fromHtml(html);
    if (!isBlank(doc)) return doc;
  }
  return text === '' ? null : fromText(text);
}
