// An icon in the tray as Electron makes it. macOS draws it in the colour of its menu bar, with the number as text beside
// it; elsewhere the number is in the picture, whose colours can be told from a light panel and from a dark one.
import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';
import path from 'node:path';
import type { TrayIcon, TrayItem, TrayMenuEntry } from './tray.ts';

/** `directory`: of the pictures. */
export function createTrayItem(directory: string, platform: NodeJS.Platform, onClick: () => void): TrayItem {
  const mac = platform === 'darwin';
  // By its name Electron also finds the versions for screens of higher density, and what macOS may colour.
  const picture = (icon: TrayIcon) =>
    nativeImage.createFromPath(path.join(directory, `${mac ? template(icon) : icon}.png`));
  const item = new Tray(picture('normal'));
  let menu: Menu | null = null;
  item.on('click', onClick);
  // A menu that is set opens at every click there, and one click shows the window.
  if (mac) item.on('right-click', () => menu && item.popUpContextMenu(menu));
  return {
    setIcon(icon, text) {
      item.setImage(picture(icon));
      if (mac) item.setTitle(text);
    },
    setToolTip: (text) => item.setToolTip(text),
    setMenu(entries) {
      menu = Menu.buildFromTemplate(entries.map(toElectron));
      if (!mac) item.setContextMenu(menu);
    },
    destroy: () => item.destroy(),
  };
}

function template(icon: TrayIcon): string {
  return icon === 'offline' ? 'offlineTemplate' : 'normalTemplate';
}

function toElectron(entry: TrayMenuEntry): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'action':
      return { label: entry.label, click: () => entry.run() };
    case 'choice':
      return {
        label: entry.label,
        enabled: entry.enabled,
        submenu: entry.options.map(({ label, checked, run }) => ({
          label,
          click: () => run(),
          ...(checked !== null && { type: 'radio', checked }),
        })),
      };
  }
}
