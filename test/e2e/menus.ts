// The menus of the program, without one on the screen that waits for a person.
import type { Client } from './launch.ts';

/** Keeps the menu of the right mouse button that the program shows, instead of showing it. */
export async function keepMenus({ app }: Client): Promise<void> {
  await app.evaluate(({ Menu }) => {
    Menu.prototype.popup = function (this: Electron.Menu) {
      (globalThis as { shown?: Electron.Menu }).shown = this;
    };
  });
}

export function shownLabels({ app }: Client): Promise<string[]> {
  return app.evaluate(() => {
    const menu = (globalThis as { shown?: Electron.Menu }).shown;
    return menu?.items.map(({ type, label }) => (type === 'separator' ? '-' : label)) ?? [];
  });
}

/** An entry of the menu that was kept last. */
export async function choose({ app }: Client, label: string): Promise<void> {
  await app.evaluate(({ BrowserWindow }, label) => {
    const all = (menu?: Electron.Menu): Electron.MenuItem[] =>
      menu?.items.flatMap((item) => [item, ...all(item.submenu)]) ?? [];
    const item = all((globalThis as { shown?: Electron.Menu }).shown).find((one) => one.label === label);
    if (!item) throw new Error(`no entry ${label}`);
    const [own] = BrowserWindow.getAllWindows();
    // As a choice by hand: a role acts on the window that has the focus.
    item.click(undefined, own, own?.webContents);
  }, label);
}

/** An entry of the application menu. */
export async function chooseInAppMenu({ app }: Client, id: string): Promise<void> {
  await app.evaluate(({ BrowserWindow, Menu }, id) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(id);
    if (!item) throw new Error(`no entry ${id}`);
    const [own] = BrowserWindow.getAllWindows();
    item.click(undefined, own, own?.webContents);
  }, id);
}
