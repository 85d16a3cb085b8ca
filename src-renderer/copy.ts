// To the clipboard with the web's own means; Electron's clipboard is not there in a window.

export interface Copied {
  text: string;
  /** Of the elements of protocol, section 7, without attributes. */
  html?: string;
}

/** Copies text, and HTML beside it. Needs a gesture of the person; answers whether it worked. */
export async function copy(copied: Copied): Promise<boolean> {
  // A copy event carries the HTML as it is; what the clipboard is given directly, the browser rewrites.
  if (copyByEvent(copied)) return true;
  try {
    await navigator.clipboard.writeText(copied.text);
    return true;
  } catch {
    return false;
  }
}

function copyByEvent(copied: Copied): boolean {
  let filled = false;
  const fill = (event: ClipboardEvent): void => {
    filled = fillClipboard(event, copied);
    // Whoever looks at what is selected is not asked.
    event.stopImmediatePropagation();
  };
  // Nothing needs to be selected.
  const allow = (event: Event): void => event.preventDefault();
  document.addEventListener('beforecopy', allow, { capture: true });
  document.addEventListener('copy', fill, { capture: true });
  try {
    return document.execCommand('copy') && filled;
  } finally {
    document.removeEventListener('beforecopy', allow, { capture: true });
    document.removeEventListener('copy', fill, { capture: true });
  }
}

/** In the place of what the page would copy; answers whether there is a clipboard. */
export function fillClipboard(event: ClipboardEvent, { text, html }: Copied): boolean {
  if (event.clipboardData === null) return false;
  event.clipboardData.setData('text/plain', text);
  if (html !== undefined) event.clipboardData.setData('text/html', html);
  event.preventDefault();
  return true;
}
