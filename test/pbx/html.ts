/**
 * Plain HTML as the PBX enforces it (protocol, section 7): known elements, no attribute whatsoever, nothing else that
 * starts with '<'. Written as a scanner over the raw text rather than on a library, so that the client's sanitiser
 * and this check cannot share a misreading. A message may be one segment of several (`more`), so elements need not be
 * closed in the text that opened them.
 */
const allowedElements = new Set(
  ('p br div span b strong i em u s ul ol li dl dt dd blockquote code pre ' + 'h1 h2 h3 h4 h5 h6').split(' '),
);

export type HtmlVerdict = { ok: true } | { ok: false; reason: string };

export function checkPlainHtml(text: string): HtmlVerdict {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const rest = text.slice(at, at + 200);
    const tag = /^<(\/?)([A-Za-z][A-Za-z0-9]*)(\s*)(\/?)>/.exec(rest);
    if (tag === null) return { ok: false, reason: describe(rest) };
    const name = (tag[2] ?? '').toLowerCase();
    if (!allowedElements.has(name)) return { ok: false, reason: `the element ${name} is not allowed` };
    if (tag[1] === '/' && tag[4] === '/') return { ok: false, reason: `</${name}/> is no tag` };
  }
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text))
    return { ok: false, reason: 'a control character' };
  if (/\p{Surrogate}/u.test(text)) return { ok: false, reason: 'half a surrogate pair' };
  return { ok: true };
}

function describe(rest: string): string {
  const name = /^<\/?([A-Za-z][^\s/>]*)/.exec(rest)?.[1];
  if (name === undefined) return "a '<' that starts no tag";
  if (!/^[A-Za-z0-9]+$/.test(name)) return `the element ${name} is not allowed`;
  return rest.includes('>') ? `the element ${name} has an attribute` : `the tag ${name} does not end`;
}

/** What a person reads: tags gone, the five usual entities resolved. For bots and tables, never for display. */
export function plainText(html: string): string {
  return html
    .replace(/<(?:br|\/p|\/div|\/li)\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&')
    .trim();
}

/** Text as plain HTML, its line breaks as br. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br>');
}
