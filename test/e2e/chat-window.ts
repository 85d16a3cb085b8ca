// The window in the words of a person: where things are, and what one does with them.
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test';

export class ChatWindow {
  readonly app: ElectronApplication;
  readonly page: Page;

  constructor({ app, window }: { app: ElectronApplication; window: Page }) {
    this.app = app;
    this.page = window;
  }

  /** The row of a discussion in the list. */
  row(name: string): Locator {
    return this.page
      .getByRole('listbox', { name: 'Chats' })
      .getByRole('option')
      .filter({ has: this.page.locator(`.name[title="${name}"]`) });
  }

  get rows(): Locator {
    return this.page.getByRole('listbox', { name: 'Chats' }).getByRole('option');
  }

  /** The number at the row; hidden when everything has been read. */
  pill(name: string): Locator {
    return this.row(name).locator('.pill');
  }

  get input(): Locator {
    return this.page.getByRole('textbox', { name: /^Message to / });
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  /** A message on screen, by its text. */
  message(text: string): Locator {
    return this.log.getByRole('article').filter({
      has: this.page.locator('.content .html', { hasText: new RegExp(`^\\s*${escape(text)}\\s*$`) }),
    });
  }

  /** 'waiting', 'sent', 'delivered' or 'failed' of an own message. */
  delivery(text: string): Locator {
    return this.message(text).locator('[data-delivery]');
  }

  get newLine(): Locator {
    return this.log.getByRole('separator').filter({ hasText: 'New' });
  }

  /** What the slim line says about the connection; hidden while all is well. */
  get connection(): Locator {
    return this.page.getByTestId('connection');
  }

  /** Waits for the list with the own name above it. */
  async ready(): Promise<void> {
    await expect(this.page.getByRole('button', { name: /^Your menu/ })).toBeVisible({ timeout: 30_000 });
    await expect(this.connection).toBeHidden({ timeout: 30_000 });
  }

  async open(name: string): Promise<void> {
    await this.row(name).click();
    await expect(this.page.getByRole('heading', { name })).toBeVisible();
    await expect(this.input).toBeFocused();
  }

  async write(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** Opens every discussion that has something unread. */
  async readAll(): Promise<void> {
    const unread = this.rows.filter({ has: this.page.locator('.pill') });
    while ((await unread.count()) > 0) {
      const name = await unread.first().locator('.name').getAttribute('title');
      await this.open(name ?? '');
      await expect(this.pill(name ?? '')).toHaveCount(0);
    }
  }

  /** The title of the window, as the desktop shows it. */
  title(): Promise<string> {
    return this.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle() ?? '');
  }

  /** The unread numbers that the program shows: the total in the title, and the numbers at the rows. */
  async expectUnread(total: number, of: Record<string, number> = {}): Promise<void> {
    const title = total === 0 ? /^(?!\()/ : new RegExp(`^\\(${total}\\) `);
    await expect.poll(() => this.title()).toMatch(title);
    for (const [name, count] of Object.entries(of)) {
      if (count === 0) await expect(this.pill(name)).toHaveCount(0);
      else await expect(this.pill(name)).toHaveText(String(count));
    }
  }

  /** The texts on screen that fit, from the top. */
  async texts(fits: RegExp): Promise<string[]> {
    const texts = await this.log.getByRole('article').locator('.content .html').allInnerTexts();
    return texts.map((text) => text.trim()).filter((text) => fits.test(text));
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
