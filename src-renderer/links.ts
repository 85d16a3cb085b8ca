// Links are made when a message is shown, in the text nodes of its sanitised HTML: never by writing markup, so no
// content can become an attribute. Loaded only when a text looks as if it had one.
import { find } from 'linkifyjs';

export interface Link {
  start: number;
  end: number;
  /** Absolute, with its scheme. */
  url: string;
}

/** Numbers and addresses of the telephone, which linkify does not know; without the punctuation of the sentence. */
const telephone = /(?<![\p{L}\p{N}])(?:tel|sips?):[\p{L}\p{N}+(][^\s<>"']*[\p{L}\p{N})#*]/giu;

const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sip:']);

/** Top-level domains that are also endings of file names; `notes.md` is a file unless somebody writes https:// before it. */
const fileEndings = /\.(?:md|py|sh|rs|pl|zip|mov|app|ps|so|cc|ai|do|cab|bz|gz|pub|java|cfd|doc|txt|log)$/i;

/** The links of a text, in its order (protocol, section 7: http, https, mailto, tel, sip). */
export function findLinks(text: string): Link[] {
  const links: Link[] = [];
  const add = (start: number, end: number, address: string): void => {
    const url = parse(address);
    if (url === null || links.some((link) => link.start < end && start < link.end)) return;
    links.push({ start, end, url });
  };
  for (const match of text.matchAll(telephone)) add(match.index, match.index + match[0].length, match[0]);
  for (const { value, href, start, end, type } of find(text, { defaultProtocol: 'https' })) {
    const bareHost = /^[^/:?#@]+$/.test(value);
    if (type === 'url' && bareHost && fileEndings.test(value)) continue;
    add(start, end, href);
  }
  return links.sort((one, other) => one.start - other.start);
}

/** The address in its normal form; null when it is none, or of a scheme that is not opened. */
function parse(address: string): string | null {
  try {
    const url = new URL(address);
    return schemes.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The longest text that is searched, in UTF-16 units; what is longer than a page of print is no place for links. */
const SEARCHED = 100_000;

/**
 * Turns what looks like a link under `root` into anchors. `decorate` gets each one with the address that it leads to.
 * Text in `code` and `pre` stays text.
 */
export function linkTexts(
  root: HTMLElement,
  decorate: (anchor: HTMLAnchorElement, url: string) => void,
): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node as Text;
    if (text.length <= SEARCHED && text.parentElement?.closest('a, code, pre') === null) nodes.push(text);
  }
  for (const node of nodes) {
    // From the end, so that the offsets before it stay true.
    for (const link of findLinks(node.data).reverse()) {
      const linked = node.splitText(link.start);
      linked.splitText(link.end - link.start);
      const anchor = document.createElement('a');
      anchor.href = link.url;
      linked.replaceWith(anchor);
      anchor.append(linked);
      decorate(anchor, link.url);
    }
  }
}
