// Links of messages open outside the program, in whatever the system has for them. The texts are written by others,
// so only schemes pass that lead to a browser, a mail program or a telephone.

const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sip:']);
/** UTF-16 units; some systems hand longer ones on truncated. */
const longest = 2000;

/** The address to open, as it was checked; null when it must not be opened. */
export function openableLink(text: string): string | null {
  // Browsers drop these silently, and a filter that reads another address than the system is no filter.

  if (text.length > longest || /[\u0000-\u0020\u007f]/.test(text)) return null;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  if (!schemes.has(url.protocol)) return null;
  if ((url.protocol === 'http:' || url.protocol === 'https:') && url.hostname === '') return null;
  return url.href.length > longest ? null : url.href;
}
