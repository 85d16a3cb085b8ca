// Text on its way in and out (protocol, section 7). Whatever arrives is untrusted: it leaves this file as SafeHtml,
// as plain text, or not at all. Nothing here throws, whatever the input.
import sanitizeHtml from 'sanitize-html';
import type { SafeHtml } from '../ipc/contract.ts';

/** The elements that are accepted, always without attributes. */
const accepted = [
  ...['p', 'br', 'div', 'span', 'b', 'strong', 'i', 'em', 'u', 's', 'ul', 'ol', 'li', 'dl', 'dt', 'dd'],
  ...['blockquote', 'code', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
];
/** The elements that this client sends. */
const emitted = ['p', 'br', 'b', 'i', 'u', 'ul', 'ol', 'li'];
/** Dropped together with what is in them; of every other unknown element the text stays. */
const dropped = ['script', 'style', 'template', 'iframe', 'object', 'svg', 'math'];

/**
 * Longest text that is looked at, in UTF-16 units. What is beyond is cut and the message marked incomplete: parsing
 * must end in a moment whatever somebody sends.
 */
export const longestText = 100_000;
/** Longest text that can be sent, in UTF-16 units of its HTML: half of the above, as others may have less room. */
export const longestOutgoing = 50_000;
/** Deeper elements lose their tags: a thousand nested quotes help nobody and slow the page down. */
const deepest = 32;

/** Not accepted, but lines of their own wherever they come from: their texts must not run together. */
const lines = [
  ...['address', 'article', 'aside', 'caption', 'center', 'dir', 'fieldset', 'figcaption', 'figure'],
  ...['footer', 'form', 'header', 'hr', 'legend', 'main', 'menu', 'nav', 'section', 'summary', 'table', 'tr'],
];

const shared = { allowedAttributes: {}, nonTextTags: dropped, nestingLimit: deepest } as const;
const incoming: sanitizeHtml.IOptions = {
  ...shared,
  allowedTags: accepted,
  nonTextTags: dropped,
  transformTags: Object.fromEntries(lines.map((tag) => [tag, 'div'])),
};
const outgoing: sanitizeHtml.IOptions = {
  ...shared,
  allowedTags: emitted,
  nonTextTags: dropped,
  transformTags: {
    strong: 'b',
    em: 'i',
    ...Object.fromEntries(
      ['div', 'blockquote', 'pre', 'dl', 'dt', 'dd', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((tag) => [
        tag,
        'p',
      ]),
    ),
  },
};

export interface ReceivedText {
  html: SafeHtml;
  /** The same as plain text, line breaks kept. */
  text: string;
  /** It was longer than `longestText`. */
  cut: boolean;
}

/** Received text to what the window may show. */
export function receive(data: string, mime: 'text/html' | 'text/plain'): ReceivedText {
  const cut = data.length > longestText;
  const part = cut ? cutAt(data, longestText) : data;
  // Nor must the cells of a table.
  const html =
    mime === 'text/plain'
      ? fromPlain(part)
      : clean(part.replaceAll(/<\/t[dh]>(?=<t[dh]\b)/gi, '$& '), incoming);
  return { html, text: toPlain(html), cut };
}

/** Any HTML to SafeHtml. Applying it to its own result changes nothing. */
export function toSafeHtml(html: string): SafeHtml {
  return receive(html, 'text/html').html;
}

/** Plain text to SafeHtml: nothing in it is markup, line breaks stay. */
export function fromPlain(text: string): SafeHtml {
  return escape(normaliseLines(text)).replaceAll('\n', '<br>') as SafeHtml;
}

/**
 * What was composed to what is sent: `p br b i u ul ol li` without attributes, the rest turned into them or into its
 * text. Empty when there is nothing to read in it.
 */
export function compose(html: string): SafeHtml {
  const result = clean(html, outgoing);
  return toPlain(result).trim() === '' ? ('' as SafeHtml) : result;
}

/** SafeHtml to plain text: blocks and breaks become lines, list items get a dash. */
export function toPlain(html: SafeHtml): string {
  let text = '';
  // Blocks stand on lines of their own; the line is only ended when something follows.
  let lineEnds = 0;
  let preformatted = 0;
  let number: (number | null)[] = [];
  const write = (part: string): void => {
    if (lineEnds > 0 && text !== '') text += '\n'.repeat(lineEnds);
    lineEnds = 0;
    text += part;
  };
  const startsLine = (): void => {
    if (text !== '' && lineEnds === 0 && !text.endsWith('\n')) lineEnds = 1;
  };
  for (const token of html.match(/<[^>]*>|[^<]+/g) ?? []) {
    if (!token.startsWith('<')) {
      // Line breaks of the source are white space, and between two blocks not even that; `pre` means them.
      const words = preformatted > 0 ? token : token.replace(/[ \t]*[\r\n]+[ \t]*/g, ' ');
      const between = words.trim() === '' && (lineEnds > 0 || text === '' || text.endsWith('\n'));
      if (!between || preformatted > 0) write(unescape(words));
      continue;
    }
    const closing = token.startsWith('</');
    const tag = token.replace(/[</>\s]/g, '');
    if (tag === 'pre') preformatted += closing ? -1 : 1;
    if (tag === 'br') {
      write('\n');
    } else if (tag === 'ul' || tag === 'ol') {
      startsLine();
      number = closing ? number.slice(0, -1) : [...number, tag === 'ol' ? 0 : null];
    } else if (tag === 'li') {
      startsLine();
      if (!closing) {
        const last = number.at(-1) ?? null;
        if (last !== null) number[number.length - 1] = last + 1;
        write('  '.repeat(Math.max(0, number.length - 1)) + (last === null ? '- ' : `${last + 1}. `));
      }
    } else if (blocks.has(tag)) {
      startsLine();
    }
  }
  return text.replace(/\n+$/, '');
}

const blocks = new Set(
  ['p', 'div', 'dl', 'dt', 'dd', 'blockquote', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'], //
);

/**
 * One line for lists, titles and notifications: white space folded, no control characters, no marks that turn the
 * direction of what stands beside it. `longest` in UTF-16 units.
 */
export function toLine(text: string, longest = 200): string {
  const part = text.length > longest * 8 ? text.slice(0, longest * 8) : text;
  const line = harmless(part.replace(/\s+/g, ' ')).trim();
  return line.length > longest ? `${cutAt(line, longest - 1).trimEnd()}…` : line;
}

/** A name from outside: one line, harmless, at most 120 UTF-16 units. */
export function toName(name: string): string {
  return toLine(name, 120);
}

/**
 * Control characters and the invisible marks that reorder text (embeddings, overrides, isolates, LRM, RLM, ALM): in a
 * name or a preview they could make one thing look like another.
 */
function harmless(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '');
}

function clean(html: string, options: sanitizeHtml.IOptions): SafeHtml {
  let result = html;
  // One pass can uncover markup that a parser reads differently (a paragraph that is now inside a paragraph); two
  // settle it. What would not settle is shown as the text that it is.
  for (let pass = 0; pass < 4; pass++) {
    const next = once(result, options);
    if (next === result) return next as SafeHtml;
    result = next;
  }
  return fromPlain(toPlain(result as SafeHtml));
}

function once(html: string, options: sanitizeHtml.IOptions): string {
  try {
    return sanitizeHtml(html, options).replaceAll('<br />', '<br>');
  } catch {
    return escape(html);
  }
}

function normaliseLines(text: string): string {
  return text.replace(/\r\n?|\u2028|\u2029/g, '\n');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Never between the halves of a surrogate pair. */
function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
