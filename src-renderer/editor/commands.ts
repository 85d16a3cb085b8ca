// What keys and buttons do to the document of the message input. Functions of the state alone: the tests run them
// without a window.
import { baseKeymap, joinTextblockBackward, toggleMark } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import { Slice, type Node, type NodeType } from 'prosemirror-model';
import { liftListItem, sinkListItem, splitListItem } from 'prosemirror-schema-list';
import { EditorState, TextSelection, type Command, type Plugin, type Transaction } from 'prosemirror-state';
import { keysOf, partsOf, type ShortcutOf } from '../../src-main/ipc/shortcuts.ts';
import { marks, nodes } from './schema.ts';

export type Format = 'bold' | 'italic' | 'underline' | 'bullets' | 'numbers';
export const formats: readonly Format[] = ['bold', 'italic', 'underline', 'bullets', 'numbers'];

/** A document as the state of an editor with nothing but its history and the keys that edit. */
export function stateOf(doc: Node, plugins: Plugin[] = []): EditorState {
  return EditorState.create({
    doc,
    plugins: [...plugins, keymap(editingKeys), keymap(baseKeymap), history()],
  });
}

/** Nothing to read in it: blanks, breaks and empty items are nothing. */
export function isBlank(doc: Node): boolean {
  return doc.textContent.trim() === '';
}

/** The depth of the innermost list item around the start of the selection; 0: none. */
function itemDepth({ selection: { $from } }: EditorState): number {
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === nodes.li) return depth;
  return 0;
}

/** Whether the cursor stands in a list. */
export function inList(state: EditorState): boolean {
  return itemDepth(state) > 0;
}

/** What holds at the selection, for the buttons. */
export function activeFormats(state: EditorState): Record<Format, boolean> {
  const { from, to, empty, $from } = state.selection;
  const has = (mark: (typeof marks)[keyof typeof marks]): boolean =>
    empty
      ? mark.isInSet(state.storedMarks ?? $from.marks()) !== undefined
      : state.doc.rangeHasMark(from, to, mark);
  const depth = itemDepth(state);
  const list = depth > 0 ? $from.node(depth - 1).type : null;
  return {
    bold: has(marks.b),
    italic: has(marks.i),
    underline: has(marks.u),
    bullets: list === nodes.ul,
    numbers: list === nodes.ol,
  };
}

/**
 * Of a paragraph of several lines only those that the selection touches become items, so the lines get paragraphs of
 * their own first.
 */
function splitSelectedLines(tr: Transaction): void {
  const { selection } = tr;
  let { from, to } = selection;
  const breaks: number[] = [];
  tr.doc.nodesBetween(from, to, (node, pos, parent) => {
    // The lines of an item stay together.
    if (!node.isTextblock || parent !== tr.doc) return false;
    let before = -1;
    let after = -1;
    node.forEach((child, offset) => {
      const at = pos + 1 + offset;
      if (child.type !== nodes.br) return;
      if (at < from) before = at;
      else if (at < to) breaks.push(at);
      else if (after === -1) after = at;
    });
    breaks.push(...[before, after].filter((at) => at !== -1));
    return false;
  });
  for (const at of breaks.sort((one, other) => other - one)) {
    // An end of the selection that stands at a break belongs to the line before it.
    const [fromSide, toSide] = [at >= from ? -1 : 1, at >= to ? -1 : 1];
    const done = tr.steps.length;
    tr.delete(at, at + 1).split(at);
    const mapping = tr.mapping.slice(done);
    from = mapping.map(from, fromSide);
    to = mapping.map(to, toSide);
  }
  if (breaks.length > 0 && selection instanceof TextSelection) {
    const backward = selection.head < selection.anchor;
    tr.setSelection(TextSelection.create(tr.doc, backward ? to : from, backward ? from : to));
  }
}

/** All blocks that the selection touches, as one list of this type. */
function wrapInOneList(tr: Transaction, type: NodeType): void {
  const { $from, $to } = tr.selection;
  const first = $from.index(0);
  const last = Math.max(first, $to.pos === tr.doc.content.size ? tr.doc.childCount - 1 : $to.index(0));
  const starts = (): number[] => {
    const found: number[] = [];
    tr.doc.forEach((_, offset) => found.push(offset));
    return found.slice(first, last + 1);
  };
  for (const start of starts().reverse()) {
    const range = tr.doc.resolve(start + 1).blockRange();
    if (tr.doc.nodeAt(start)?.type !== nodes.p) tr.setNodeMarkup(start, type);
    else if (range !== null) tr.wrap(range, [{ type }, { type: nodes.li }]);
  }
  for (const start of starts().slice(1).reverse()) tr.join(start);
}

/** The items of a list that the selection touches, out of it by one level each. */
function liftItems(tr: Transaction, list: number): void {
  const { from, to } = tr.selection;
  const touched: number[] = [];
  tr.doc.nodeAt(list)?.forEach((item, offset) => {
    const start = list + 1 + offset;
    if (start <= to && start + item.nodeSize >= from) touched.push(start);
  });
  for (const start of touched.reverse()) {
    // One by one: several at once would have to be one item for a moment, which the schema does not allow.
    const selection = TextSelection.near(tr.doc.resolve(start + 1));
    const one = EditorState.create({ doc: tr.doc, selection });
    liftListItem(nodes.li)(one, (lift) => lift.steps.forEach((step) => tr.step(step)));
  }
}

/** The selected items out of their list by one level. */
const liftSelected: Command = (state, dispatch) => {
  const depth = itemDepth(state);
  const { $from, to } = state.selection;
  if (depth === 0 || $from.sharedDepth(to) < depth - 1) return false;
  const { tr } = state;
  liftItems(tr, $from.before(depth - 1));
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Into a list of this kind, from the other kind into this one, or out of it. */
function toggleList(kind: 'bullets' | 'numbers'): Command {
  const type = kind === 'bullets' ? nodes.ul : nodes.ol;
  return (state, dispatch) => {
    const depth = itemDepth(state);
    const { $from, to } = state.selection;
    const { tr } = state;
    if (depth > 0 && $from.sharedDepth(to) >= depth - 1) {
      const list = $from.before(depth - 1);
      if ($from.node(depth - 1).type === type) liftItems(tr, list);
      else tr.setNodeMarkup(list, type);
    } else {
      splitSelectedLines(tr);
      wrapInOneList(tr, type);
    }
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

const formatCommands: Record<Format, Command> = {
  bold: toggleMark(marks.b),
  italic: toggleMark(marks.i),
  underline: toggleMark(marks.u),
  bullets: toggleList('bullets'),
  numbers: toggleList('numbers'),
};

export function formatCommand(format: Format): Command {
  return formatCommands[format];
}

/** A line break, in whatever format is being written. */
export const breakLine: Command = (state, dispatch) => {
  const { selection, storedMarks } = state;
  const set = storedMarks ?? selection.$from.marks();
  const tr = state.tr.replaceSelectionWith(nodes.br.create(null, null, set), false);
  dispatch?.(tr.setStoredMarks(set).scrollIntoView());
  return true;
};

/**
 * Enter. In a list it makes the next item; in an item without words it steps out by one level, and on the last one of
 * the outermost list it does what it does outside of lists: it sends.
 */
export function enter(send: () => void): Command {
  return (state, dispatch, view) => {
    const depth = itemDepth(state);
    if (depth > 0) {
      const { $from } = state.selection;
      const item = $from.node(depth);
      if (item.textContent !== '' || item.childCount > 1)
        return splitListItem(nodes.li)(state, dispatch, view);
      const last =
        $from.after(1) === state.doc.content.size && $from.indexAfter(1) === $from.node(1).childCount;
      if (depth > 2 || !last || isBlank(state.doc)) return liftListItem(nodes.li)(state, dispatch, view);
    }
    send();
    return true;
  };
}

/** Backspace at the start of an item: out of the list where nothing stands before it, else into the item before. */
const backIntoItem: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const depth = itemDepth(state);
  if (!empty || depth === 0 || $from.parentOffset > 0) return false;
  const first = $from.index(depth - 1) === 0;
  if (first || $from.parent.childCount === 0) return liftListItem(nodes.li)(state, dispatch, view);
  return joinTextblockBackward(state, dispatch, view);
};

const shortcutCommands: Record<ShortcutOf<'editor'>, Command> = {
  ...formatCommands,
  undo,
  redo,
  newLine: breakLine,
  indent: sinkListItem(nodes.li),
  outdent: liftSelected,
};

/** `Control+Shift+7` as a keymap writes it; a letter also as Caps Lock makes it. */
function keymapKeys(keys: string): string[] {
  const { modifiers, key } = partsOf(keys);
  const names: Readonly<Record<string, string>> = { Control: 'Mod', Ctrl: 'Ctrl' };
  const before = [...modifiers].map((name) => `${names[name] ?? name}-`).join('');
  return [...new Set([key.toLowerCase(), key])].map((each) => before + (key.length === 1 ? each : key));
}

const editingKeys: Record<string, Command> = {
  ...Object.fromEntries(
    (Object.keys(shortcutCommands) as ShortcutOf<'editor'>[]).flatMap((name) =>
      keysOf(name, false).flatMap((keys) =>
        keymapKeys(keys).map((written) => [written, shortcutCommands[name]]),
      ),
    ),
  ),
  Backspace: backIntoItem,
};

/** Puts a document where the selection is: words into the line, several blocks as blocks. */
export function insert(state: EditorState, doc: Node): Transaction {
  const one = doc.childCount === 1 && doc.firstChild?.type === nodes.p;
  const slice = one ? new Slice(doc.content, 1, 1) : Slice.maxOpen(doc.content);
  return state.tr.replaceSelection(slice).scrollIntoView();
}

/**
 * Without the blanks, breaks and empty items at both ends, to be sent. An item that began with an empty line may have lost
 * it, so the result is for `toHtml` and not for an editor.
 */
export function trimmed(doc: Node): Node {
  let from = -1;
  let to = -1;
  doc.descendants((node, pos) => {
    const text = node.text ?? '';
    if (text.trim() === '') return;
    if (from === -1) from = pos + text.length - text.trimStart().length;
    to = pos + text.trimEnd().length;
  });
  return from === -1 ? nodes.doc.create(null, nodes.p.create()) : doc.cut(from, to);
}
