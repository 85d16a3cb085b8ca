// From HTML to the document of the message input: of a draft, and of whatever browsers and office programs put on the
// clipboard. It is read as text, never given to the page, so nothing in it can load, run or even ask the policy.
import { Parser } from 'htmlparser2';
import { Fragment, type Mark, type Node } from 'prosemirror-model';
import { marks, nodes, schema } from './schema.ts';
import { typed } from './to-html.ts';

/** Marks as bits. */
const BOLD = 1;
const ITALIC = 2;
const UNDERLINE = 4;

/** Elements inside each other beyond which it is no text: reading it would take longer than anybody waits. */
const DEEPEST = 2_000;
/** Deeper lists lose their level: nobody means them. */
const DEEPEST_LIST = 8;

interface Run {
  /** A line feed is a break. */
  text: string;
  bits: number;
}

/** A list that a line stands in, and which of its items the line belongs to. */
interface Level {
  list: number;
  ordered: boolean;
  item: number;
}

interface Line {
  runs: Run[];
  levels: Level[];
  /** Follows a line of its kind without the space between paragraphs, as rows of a table and lines of code do. */
  close: boolean;
}

const paragraphs = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
  'table',
  'dl',
  'hr',
]);
const lines = new Set(
  (
    'div address article aside body center dd details dialog dt fieldset figcaption figure footer form header html ' +
    'main nav section summary thead tbody tfoot tr caption'
  ).split(' '),
);
/** Dropped with what is in them. */
const dropped = new Set(
  (
    'script style template iframe frame object embed svg math head title noscript noframes select audio video canvas ' +
    'applet map xml'
  ).split(' '),
);

interface Opened {
  name: string;
  bits: number;
  preserve: boolean;
  drop: boolean;
  link: boolean;
  /** The marker that Word writes before an item of a list. */
  marker: boolean;
  /** It has opened a level of lists. */
  level: boolean;
  /** The levels of lists in which the lines of this item begin, to be left with it. */
  item: boolean;
}

const outside: Opened = {
  name: '',
  bits: 0,
  preserve: false,
  drop: false,
  link: false,
  marker: false,
  level: false,
  item: false,
};

/** The value of a property in a style attribute, lower case; '' when it is not there. */
function styled(style: string, property: string): string {
  const match = new RegExp(`(?:^|;)\\s*${property}\\s*:([^;]*)`, 'i').exec(style);
  return match?.[1]?.trim().toLowerCase() ?? '';
}

function bitsOf(name: string, style: string, inherited: number, link: boolean): number {
  let bits = inherited;
  if (/^(?:b|strong|th|h[1-6])$/.test(name)) bits |= BOLD;
  if (/^(?:i|em|cite|dfn|var)$/.test(name)) bits |= ITALIC;
  if (/^(?:u|ins)$/.test(name) && !link) bits |= UNDERLINE;
  if (style === '') return bits;
  const weight = styled(style, 'font-weight');
  if (/^(?:bold|bolder|[6-9]\d\d|1000)$/.test(weight)) bits |= BOLD;
  else if (/^(?:normal|lighter|[1-5]\d\d)$/.test(weight)) bits &= ~BOLD;
  const slant = styled(style, 'font-style');
  if (/^(?:italic|oblique)/.test(slant)) bits |= ITALIC;
  else if (slant === 'normal') bits &= ~ITALIC;
  const decoration = styled(style, 'text-decoration(?:-line)?');
  // The line below a link is the browser's, not the author's.
  if (decoration.includes('underline') && !link) bits |= UNDERLINE;
  else if (decoration.startsWith('none') && name === 'u') bits &= ~UNDERLINE;
  return bits;
}

/** Reads any HTML. Never throws; the result is a valid document, an empty paragraph where there is nothing to read. */
export function fromHtml(html: string): Node {
  return build(readLines(html));
}

function readLines(html: string): Line[] {
  const result: Line[] = [];
  const stack: Opened[] = [];
  let levels: Level[] = [];
  let runs: Run[] = [];
  let close = false;
  let lists = 0;
  let items = 0;
  // The lists of Word, which are paragraphs with a style.
  let wordLevels: Level[] = [];
  let word: { depth: number; ordered: boolean } | null = null;

  const top = (): Opened => stack.at(-1) ?? outside;

  const flush = (): void => {
    // White space at the end of a line is the source's; a break there only ends the line.
    for (let last = runs.at(-1); last !== undefined; last = runs.at(-1)) {
      last.text = last.text.replace(/ +$/, '');
      if (last.text !== '') break;
      runs.pop();
    }
    if (runs.length > 0) {
      const last = runs.at(-1);
      if (last?.text.endsWith('\n')) last.text = last.text.slice(0, -1);
      if (word === null) wordLevels = [];
      else if (levels.length === 0) levelOfWord(word.depth, word.ordered);
      const at = word !== null && levels.length === 0 ? wordLevels : levels;
      result.push({
        runs: runs.map((run) => ({ ...run, text: run.text.replace(/\u00a0/g, ' ') })),
        levels: at.map((level) => ({ ...level })),
        close,
      });
    }
    runs = [];
  };

  function levelOfWord(depth: number, ordered: boolean): void {
    wordLevels = wordLevels.slice(0, depth);
    const same = wordLevels[depth - 1];
    if (same !== undefined && same.ordered !== ordered) wordLevels = wordLevels.slice(0, depth - 1);
    while (wordLevels.length < depth) wordLevels.push({ list: ++lists, ordered, item: 0 });
    const level = wordLevels.at(-1);
    if (level !== undefined) level.item = ++items;
  }

  const write = (text: string, preserve: boolean): void => {
    const { bits } = top();
    let part = preserve ? text.replace(/\r\n?/g, '\n') : text.replace(/[ \t\r\n\f]+/g, ' ');
    const before = runs.at(-1)?.text ?? '';
    if (!preserve && /^ /.test(part) && (before === '' || /[ \n]$/.test(before))) part = part.slice(1);
    if (part === '') return;
    const last = runs.at(-1);
    if (last !== undefined && last.bits === bits) last.text += part;
    else runs.push({ text: part, bits });
  };

  const newLine = (): void => {
    const last = runs.at(-1);
    if (last !== undefined) last.text = last.text.replace(/ +$/, '');
    runs.push({ text: '\n', bits: top().bits });
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const above = top();
        const style = attributes['style'] ?? '';
        const link = above.link || name === 'a';
        const wordStyle = style === '' ? '' : styled(style, 'mso-list');
        const opened: Opened = {
          name,
          link,
          bits: bitsOf(name, style, above.bits, link),
          preserve: above.preserve,
          drop: above.drop || dropped.has(name) || isHidden(style),
          marker: above.marker || wordStyle === 'ignore',
          level: false,
          item: false,
        };
        stack.push(opened);
        if (stack.length > DEEPEST) parser.pause();
        if (opened.drop) return;
        const space = name === 'pre' ? 'pre' : styled(style, 'white-space');
        if (space !== '') opened.preserve = /^(?:pre|break-spaces)/.test(space);
        if (name === 'br') {
          newLine();
        } else if (name === 'img') {
          // Pages show emoji as images, with the character as their text.
          const alt = attributes['alt'] ?? '';
          if (/^\p{Extended_Pictographic}/u.test(alt) && alt.length <= 32) write(alt, false);
        } else if (name === 'td' || name === 'th') {
          const last = runs.at(-1);
          if (last !== undefined) {
            // White space between cells is the source's.
            last.text = last.text.replace(/ +$/, '');
            write('\t', true);
          }
        } else if (name === 'ul' || name === 'ol' || name === 'menu' || name === 'dir') {
          flush();
          if (levels.length >= DEEPEST_LIST) return;
          opened.level = true;
          levels = [...levels, { list: ++lists, ordered: name === 'ol', item: 0 }];
        } else if (name === 'li') {
          flush();
          if (levels.length === 0) {
            opened.level = true;
            levels = [{ list: ++lists, ordered: false, item: 0 }];
          }
          opened.item = true;
          levels = levels.with(-1, { ...levels[levels.length - 1]!, item: ++items });
        } else if (paragraphs.has(name) || lines.has(name)) {
          flush();
          close = lines.has(name);
          const depth = /(?:^|\s)level([1-9])/.exec(wordStyle)?.[1];
          word =
            depth === undefined ? null : { depth: Math.min(Number(depth), DEEPEST_LIST), ordered: false };
        }
      },
      ontext(text) {
        const { drop, marker, preserve } = top();
        if (drop) return;
        if (!marker) write(text, preserve);
        else if (word !== null && /[\p{L}\p{N}]+[.)]/u.test(text)) word.ordered = true;
      },
      onclosetag() {
        const closed = stack.pop();
        if (closed === undefined || closed.drop) return;
        const { name } = closed;
        if (closed.item) {
          const item = levels.at(-1)?.item;
          const told = result.at(-1)?.levels[levels.length - 1]?.item === item;
          // An item without words is an item all the same.
          if (runs.length === 0 && !told) runs.push({ text: '\n', bits: 0 });
          flush();
        }
        if (name === 'ul' || name === 'ol' || name === 'menu' || name === 'dir') flush();
        else if (paragraphs.has(name) || lines.has(name)) flush();
        if (closed.level) levels = levels.slice(0, -1);
        if (paragraphs.has(name) || lines.has(name)) {
          close = lines.has(top().name);
          word = null;
        }
      },
    },
    { decodeEntities: true },
  );
  parser.write(html);
  if (stack.length > DEEPEST) return [];
  parser.end();
  flush();
  return result;
}

function isHidden(style: string): boolean {
  return style !== '' && (styled(style, 'display') === 'none' || styled(style, 'mso-hide') === 'all');
}

interface Item {
  item: number;
  runs: Run[];
  lists: List[];
}
interface List {
  list: number;
  ordered: boolean;
  items: Item[];
}
type Block = { runs: Run[]; close: boolean } | List;

function build(read: Line[]): Node {
  const blocks: Block[] = [];
  for (const { runs, levels, close } of read) {
    if (levels.length === 0) {
      const last = blocks.at(-1);
      if (close && last !== undefined && 'close' in last && last.close)
        last.runs.push({ text: '\n', bits: 0 }, ...runs);
      else blocks.push({ runs: [...runs], close });
      continue;
    }
    let container: Block[] = blocks;
    levels.forEach((level, depth) => {
      const last = container.at(-1);
      const list: List =
        last !== undefined && 'list' in last && last.list === level.list
          ? last
          : { list: level.list, ordered: level.ordered, items: [] };
      if (list !== last) container.push(list);
      const deepest = depth === levels.length - 1;
      let item = list.items.at(-1);
      if (deepest && item?.item === level.item && item.lists.length === 0) {
        item.runs.push({ text: '\n', bits: 0 }, ...runs);
        return;
      }
      if (item === undefined || item.item !== level.item || deepest) {
        item = { item: level.item, runs: deepest ? [...runs] : [], lists: [] };
        list.items.push(item);
      }
      container = item.lists;
    });
  }
  const content = blocks.map((block) => ('list' in block ? listOf(block) : paragraphOf(block.runs)));
  return nodes.doc.create(null, content.length > 0 ? content : [nodes.p.create()]);
}

function listOf({ ordered, items }: List): Node {
  const type = ordered ? nodes.ol : nodes.ul;
  return type.create(
    null,
    items.map(({ runs, lists }) => nodes.li.create(null, [paragraphOf(runs), ...lists.map(listOf)])),
  );
}

function paragraphOf(runs: Run[]): Node {
  const content: Node[] = [];
  for (const { text, bits } of runs) {
    const set = marksOf(bits);
    typed(text)
      .split('\n')
      .forEach((part, index) => {
        if (index > 0) content.push(nodes.br.create(null, null, set));
        if (part !== '') content.push(schema.text(part, set));
      });
  }
  return nodes.p.create(null, Fragment.fromArray(content));
}

function marksOf(bits: number): Mark[] {
  const set: Mark[] = [];
  if (bits & BOLD) set.push(marks.b.create());
  if (bits & ITALIC) set.push(marks.i.create());
  if (bits & UNDERLINE) set.push(marks.u.create());
  return set;
}

/** Plain text as a document of one paragraph. */
export function fromText(text: string): Node {
  return nodes.doc.create(null, paragraphOf([{ text, bits: 0 }]));
}
