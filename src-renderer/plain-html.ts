// Between the text of the message input and the plain HTML of protocol, section 7.

/** Text whose characters mean themselves in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/**
 * Composed text as plain HTML: one paragraph, a `br` per line break. What HTML would collapse (several blanks, tabs) is
 * kept with no-break spaces, so that a pasted table or a piece of code arrives as it was. Empty text gives ''.
 */
export function textToHtml(text: string): string {
  if (text === '') return '';
  const escaped = escapeHtml(text)
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, '    ')
    .replace(/^ | $|(?<= ) /gm, '\u00a0')
    .replace(/\n/g, '<br>');
  return `<p>${escaped}</p>`;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** The other way, for a draft: paragraphs and breaks become line breaks, any other element leaves its text. */
export function htmlToText(html: string): string {
  return html
    .replace(/[\r\n]+/g, ' ')
    .replace(/<\/(?:p|li)>\s*<(?:p|li)>/gi, '\n')
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\u00a0/g, ' ');
}

/** The elements of protocol, section 7; the sanitiser of the main process lets no other through. */
export const acceptedElements: ReadonlySet<string> = new Set(
  'p br div span b strong i em u s ul ol li dl dt dd blockquote code pre h1 h2 h3 h4 h5 h6'.split(' '),
);
/** Those that begin a line. */
export const blockElements: ReadonlySet<string> = new Set(
  'p div dl dt dd ul ol li blockquote pre h1 h2 h3 h4 h5 h6'.split(' '),
);
const anyTag = new RegExp(`<(?!/?(?:${[...acceptedElements].join('|')})\\s*/?>)`, 'i');

/**
 * True when `html` has nothing but those elements, without attributes. The main process has made sure of it; this is
 * the second lock on the one door to the page, and costs one pass.
 */
export function isPlainHtml(html: string): boolean {
  return !anyTag.test(html);
}
