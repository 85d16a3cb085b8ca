// The application menu: what every program of its platform has. On Linux and Windows it is hidden until Alt is pressed;
// its shortcuts work all the same.
import type { MenuItemConstructorOptions } from 'electron';
import type { Words } from '../../assets/translations/index.ts';

export interface MenuPorts {
  words: Words;
  platform: NodeJS.Platform;
  /** Reload and developer tools: for those who build the program. */
  development: boolean;
}

/** For `Menu.buildFromTemplate`. */
export function menuTemplate({ words, platform, development }: MenuPorts): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const app = words('app.name');
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const quit: MenuItemConstructorOptions = {
    role: 'quit',
    label: words('appMenu.quit', { app }),
    accelerator: 'CommandOrControl+Q',
  };
  const about: MenuItemConstructorOptions = { role: 'about', label: words('appMenu.about', { app }) };
  const close: MenuItemConstructorOptions = { role: 'close', label: words('appMenu.close') };

  const view: MenuItemConstructorOptions[] = [
    { role: 'zoomIn', label: words('appMenu.zoomIn') },
    // The same without Shift, where plus is a shifted key.
    {
      role: 'zoomIn',
      label: words('appMenu.zoomIn'),
      accelerator: 'CommandOrControl+=',
      visible: false,
      acceleratorWorksWhenHidden: true,
    },
    { role: 'zoomOut', label: words('appMenu.zoomOut') },
    { role: 'resetZoom', label: words('appMenu.zoomReset') },
    separator,
    { role: 'togglefullscreen', label: words('appMenu.fullScreen') },
  ];
  if (development) {
    view.push(
      separator,
      { role: 'reload', label: words('appMenu.reload') },
      { role: 'toggleDevTools', label: words('appMenu.devTools') },
    );
  }

  return [
    ...(mac
      ? [
          {
            label: app,
            submenu: [about, separator, { role: 'services' }, separator, { role: 'hide' }, separator, quit],
          } satisfies MenuItemConstructorOptions,
        ]
      : []),
    { label: words('appMenu.file'), submenu: mac ? [close] : [close, separator, quit] },
    {
      label: words('appMenu.edit'),
      submenu: [
        { role: 'undo', label: words('appMenu.undo') },
        { role: 'redo', label: words('appMenu.redo') },
        separator,
        { role: 'cut', label: words('appMenu.cut') },
        { role: 'copy', label: words('appMenu.copy') },
        { role: 'paste', label: words('appMenu.paste') },
        { role: 'pasteAndMatchStyle', label: words('appMenu.pasteAsText') },
        separator,
        { role: 'selectAll', label: words('appMenu.selectAll') },
      ],
    },
    { label: words('appMenu.view'), submenu: view },
    { label: words('appMenu.window'), submenu: [{ role: 'minimize', label: words('appMenu.minimize') }] },
    ...(mac ? [] : [{ label: words('appMenu.help'), submenu: [about] }]),
  ];
}
