// From the document of the message input to the plain HTML of protocol, section 7.
import type { Fragment, Node } from 'prosemirror-model';
import { escapeHtml } from '../plain-html.ts';
import { marks, nodes } from './schema.ts';

const order = [marks.b, marks.i, marks.u];

/**
 * The document as HTML of `p br b i u ul ol li` without attributes; '' when it is empty. What HTML would collapse
 * (several blanks, tabs) is kept with no-break spaces, so that a piece of code arrives as it was.
 */
export function toHtml(doc: Node): string {
  const only = doc.childCount === 1 ? doc.firstChild : null;
  if (only?.type === nodes.p && only.childCount === 0) return '';
  return blocks(doc.content);
}

function blocks(content: Fragment): string {
  let html = '';
  content.forEach((node) => (html += `<${node.type.name}>${inside(node)}</${node.type.name}>`));
  return html;
}

function inside(node: Node): string {
  if (node.isTextblock) return inline(node);
  if (node.type !== nodes.li) return blocks(node.content);
  // The words of an item stand in it directly, without a paragraph of their own.
  const words = node.firstChild;
  if (!words?.isTextblock) return blocks(node.content);
  return inline(words) + blocks(node.content.cut(words.nodeSize));
}

interface Run {
  text: string;
  tags: string[];
}

function inline(block: Node): string {
  const runs: Run[] = [];
  block.forEach((node) => {
    const tags = order.filter((mark) => mark.isInSet(node.marks)).map((mark) => mark.name);
    runs.push({ text: node.isText ? typed(node.text ?? '') : '\n', tags });
  });
  const kept = keepBlanks(runs.map(({ text }) => text).join(''));

  let html = '';
  let open: string[] = [];
  let at = 0;
  for (const { text, tags } of runs) {
    const common = tags.findIndex((tag, index) => open[index] !== tag);
    const shared = common === -1 ? tags.length : common;
    html +=
      close(open.slice(shared)) +
      tags
        .slice(shared)
        .map((tag) => `<${tag}>`)
        .join('');
    open = tags;
    html += escapeHtml(kept.slice(at, at + text.length)).replace(/\n/g, '<br>');
    at += text.length;
  }
  html += close(open);
  // A break that ends a block is not seen in HTML: one more stands for the line that it begins.
  return kept === '' || kept.endsWith('\n') ? `${html}<br>` : html;
}

const close = (tags: string[]): string =>
  tags
    .reverse()
    .map((tag) => `</${tag}>`)
    .join('');

/** Line ends of one kind, tabs as blanks, no control characters. */
export function typed(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/\t/g, '    ')
    .replace(/\u00a0/g, ' ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, '');
}

/** Of the same length: blanks at the ends of a line and after another blank become no-break spaces. */
function keepBlanks(text: string): string {
  return text.replace(/^ | $|(?<= ) /gm, '\u00a0');
}
