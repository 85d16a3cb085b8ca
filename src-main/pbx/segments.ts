// Long texts travel in segments (protocol, sections 4 and 7, `more`).

/** What must stay in one piece: tags and entities. */
const unit = /<[^<>]*>|&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/gi;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Cuts plain HTML into pieces of at most `length` UTF-16 units which joined are the text again; never inside a tag,
 * an entity, a surrogate pair or a grapheme. Only a grapheme or a tag that alone is longer than that is cut, between
 * code points. An empty text is one empty segment.
 */
export function splitIntoSegments(html: string, length: number): string[] {
  const limit = Math.max(2, length);
  if (html.length <= limit) return [html];

  const segments: string[] = [];
  const units = html.matchAll(unit);
  let ahead = units.next().value;
  let start = 0;
  while (html.length - start > limit) {
    // One code point more than fits: whether there is a boundary before it depends on it.
    const window = html.slice(start, start + limit + 2);
    let cut = start;
    for (const { index } of graphemes.segment(window)) {
      const at = start + index;
      if (at > start + limit) break;
      while (ahead !== undefined && ahead.index + ahead[0].length <= at) ahead = units.next().value;
      if (ahead === undefined || at <= ahead.index) cut = at;
    }
    if (cut === start) cut = start + (isHighSurrogate(html, start + limit - 1) ? limit - 1 : limit);
    segments.push(html.slice(start, cut));
    start = cut;
  }
  segments.push(html.slice(start));
  return segments;
}

function isHighSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800;
}

/** One text on its way, of one sender on one call. */
export interface Assembly {
  data: string;
  /** The cap was passed: what came after it is dropped. */
  full: boolean;
}

/** Adds a segment. `cap` in UTF-16 units. */
export function addSegment(assembly: Assembly | undefined, data: string, cap: number): Assembly {
  const before = assembly?.data ?? '';
  if (assembly?.full || before.length + data.length > cap) return { data: before, full: true };
  return { data: before + data, full: false };
}
