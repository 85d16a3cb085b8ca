// Marks what is sought where it stands, without touching the document: the messages are sanitised HTML, and a list that
// shows only a part of itself renders them anew at any time.
import { rangesIn, type Spot } from './find-text.ts';
import { blockElements } from './plain-html.ts';

function beginsLine({ nodeName }: Node): boolean {
  return nodeName === 'BR' || blockElements.has(nodeName.toLowerCase());
}

/** The places of `sought` below an element, as ranges of the document. */
function ranges(element: Element, sought: string): Range[] {
  const texts: { node: Text; at: number }[] = [];
  let whole = '';
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Text) {
      texts.push({ node, at: whole.length });
      whole += node.data.replace(/\s/g, ' ');
    } else if (beginsLine(node)) {
      whole += '\n';
    }
  }
  const place = (at: number): [Text, number] | null => {
    const found = texts.findLast((text) => text.at <= at);
    return found === undefined ? null : [found.node, Math.min(at - found.at, found.node.length)];
  };
  return rangesIn(whole, sought).flatMap(({ start, end }) => {
    const from = place(start);
    const last = place(end - 1);
    if (from === null || last === null) return [];
    const range = document.createRange();
    range.setStart(...from);
    range.setEnd(last[0], Math.min(last[1] + 1, last[0].length));
    return [range];
  });
}

/** Marks all places in the texts of messages and the names of their files below `root` that are rendered now. Answers where `current` is, if it is among them. */
export function paint(root: Element, sought: string, current: Spot | null): Range | null {
  const all = new Highlight();
  const here = new Highlight();
  here.priority = 1;
  let shown: Range | null = null;
  for (const message of root.querySelectorAll('[data-message]')) {
    const found = [...message.querySelectorAll('[data-searched]')].flatMap((part) => ranges(part, sought));
    for (const range of found) all.add(range);
    if (current === null || message.getAttribute('data-message') !== current.message) continue;
    shown = found[current.nth] ?? null;
    if (shown !== null) here.add(shown);
  }
  CSS.highlights.set('found', all);
  CSS.highlights.set('found-current', here);
  return shown;
}

export function clear(): void {
  CSS.highlights.delete('found');
  CSS.highlights.delete('found-current');
}
