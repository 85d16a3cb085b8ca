// What of the messages is selected, as it goes to the clipboard. The list renders only what is on screen, so the first and
// the last message are read from the page, and those between from the view.
import type { MessageView } from '../src-main/ipc/contract.ts';
import type { Copied } from './copy.ts';
import { isDeleted } from './message-layout.ts';
import { acceptedElements, blockElements, escapeHtml } from './plain-html.ts';

/** How a message begins where several are copied. */
export interface Heads {
  /** `text` after who wrote it and when. */
  line(message: MessageView, text: string): string;
  /** Who wrote it and when. */
  head(message: MessageView): string;
  attachment(name: string): string;
}

/**
 * The selection of `range` in the messages below `root`. Of one message it is the selected part alone; several have
 * author and time each. A selection of the whole of `root` is one of all messages, however few it renders. Null: nothing
 * of their text is selected.
 */
export function selectedMessages(
  range: Range,
  root: Element,
  messages: readonly MessageView[],
  heads: Heads,
): Required<Copied> | null {
  if (contains(range, root)) return written(messages, new Map(), heads);
  const parts = new Map<number, Required<Copied>>();
  for (const element of root.querySelectorAll('[data-message]')) {
    const index = messages.findIndex(({ id }) => id === element.getAttribute('data-message'));
    const text = element.querySelector('.html > div');
    const part = text === null || index === -1 ? null : selectedPart(range, text);
    if (part !== null) parts.set(index, contentOf(part));
  }
  const first = Math.min(...parts.keys());
  const last = Math.max(...parts.keys());
  if (parts.size < 2) return parts.get(first) ?? null;
  const several = messages.slice(first, last + 1);
  return written(several, new Map([...parts].map(([index, part]) => [several[index - first], part])), heads);
}

function contains(range: Range, root: Element): boolean {
  const whole = document.createRange();
  whole.selectNodeContents(root);
  return (
    range.compareBoundaryPoints(Range.START_TO_START, whole) <= 0 &&
    range.compareBoundaryPoints(Range.END_TO_END, whole) >= 0
  );
}

/** Messages one below the other; of those in `parts` only that, and of a last one of these no files. */
function written(
  messages: readonly MessageView[],
  parts: ReadonlyMap<MessageView | undefined, Required<Copied>>,
  heads: Heads,
): Required<Copied> | null {
  const last = parts.size > 0 ? messages.at(-1) : undefined;
  const copied = messages.flatMap((message) => {
    if (isDeleted(message)) return [];
    const files = message === last ? [] : message.attachments.map(({ name }) => heads.attachment(name));
    const { text, html } = parts.get(message) ?? { text: message.text, html: message.html as string };
    const lines = [text, ...files].filter((line) => line !== '').join('\n');
    const fileLines = files.map((file) => `<p>${escapeHtml(file)}</p>`).join('');
    return [
      {
        text: heads.line(message, lines),
        html: `<p><b>${escapeHtml(heads.head(message))}</b></p>${html}${fileLines}`,
      },
    ];
  });
  if (copied.length === 0) return null;
  return {
    text: copied.map(({ text }) => text).join('\n'),
    html: copied.map(({ html }) => html).join(''),
  };
}

const around = new Set('b strong i em u s code pre'.split(' '));
const lists = new Set(['ul', 'ol']);

/** What of the text of a message is selected, with the formats that hold there. */
function selectedPart(range: Range, text: Element): Node | null {
  if (!range.intersectsNode(text)) return null;
  const part = document.createRange();
  part.selectNodeContents(text);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0)
    part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0)
    part.setEnd(range.endContainer, range.endOffset);
  // A selection of whole paragraphs ends before the first letter of the next message.
  if (part.toString().trim() === '') return null;
  const { commonAncestorContainer: common } = part;
  let content: Node = part.cloneContents();
  for (let above: Node | null = common; above instanceof Node && above !== text; above = above.parentNode) {
    const name = above.nodeName.toLowerCase();
    if (!around.has(name) && !(above === common && lists.has(name))) continue;
    const copy = document.createElement(name);
    copy.append(content);
    content = copy;
  }
  return content;
}

/** The accepted elements of a part of a message, without attributes, and its lines. */
function contentOf(root: Node): Required<Copied> {
  let text = '';
  const startLine = (): void => {
    if (text !== '' && !text.endsWith('\n')) text += '\n';
  };
  const inside = (node: Node, preformatted: boolean, mark: () => string): string => {
    if (node instanceof Text) {
      const words = preformatted ? node.data : node.data.replace(/[ \t\r\n]+/g, ' ');
      if (words !== ' ' || (text !== '' && !text.endsWith('\n'))) text += words.replace(/\u00a0/g, ' ');
      return escapeHtml(node.data);
    }
    const name = node.nodeName.toLowerCase();
    if (name === 'br') {
      text += '\n';
      return '<br>';
    }
    if (blockElements.has(name)) startLine();
    if (name === 'li') text += mark();
    let number = 0;
    const next = (): string => (name === 'ol' ? `${++number}. ` : '- ');
    const html = [...node.childNodes]
      .map((child) => inside(child, preformatted || name === 'pre', next))
      .join('');
    if (blockElements.has(name)) startLine();
    return acceptedElements.has(name) ? `<${name}>${html}</${name}>` : html;
  };
  const html = inside(root, false, () => '- ');
  return { text: text.replace(/\n+$/, ''), html };
}
