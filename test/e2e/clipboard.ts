import type { Locator, Page } from '@playwright/test';

/** What a paste brings. Browsers put a `meta` before the HTML. */
export async function clipboard(page: Page, input: Locator): Promise<{ text: string; html: string }> {
  await page.evaluate(() => {
    const take = (event: ClipboardEvent): void => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const [text, html] = ['text/plain', 'text/html'].map(
        (type) => event.clipboardData?.getData(type) ?? '',
      );
      Object.assign(globalThis, { pasted: { text, html } });
    };
    document.addEventListener('paste', take, { capture: true, once: true });
  });
  await input.focus();
  await page.keyboard.press('Control+v');
  return page.evaluate(() => {
    const { text, html } = (globalThis as unknown as { pasted: { text: string; html: string } }).pasted;
    return { text, html: html.replace(/^.*<!--StartFragment-->|<!--EndFragment-->.*$|<meta[^>]*>/gs, '') };
  });
}
