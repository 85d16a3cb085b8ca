// The application menu: what every program of its platform has, and every action that has a shortcut. On Linux and
// Windows it is hidden until Alt is pressed; its shortcuts work all the same.
import type { MenuItemConstructorOptions } from 'electron';
import type { Words, WordKey } from '../../assets/translations/index.ts';
import type { MenuView } from '../chat/select.ts';
import type { Screen } from '../ipc/contract.ts';
import { keysOf, partsOf, type ShortcutName } from '../ipc/shortcuts.ts';
import type { ZoomStep } from './zoom.ts';

export interface MenuPorts {
  words: Words;
  platform: NodeJS.Platform;
  /** Reload and developer tools: for those who build the program. */
  development: boolean;
  facts: MenuView;
  /** Shows a part of the window, as its own shortcut does. */
  open(screen: Screen): void;
  zoom(step: ZoomStep): void;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** `Control+ArrowUp` as Electron writes it. */
export function acceleratorOf(keys: string): string {
  const { modifiers, key } = partsOf(keys);
  const names: Readonly<Record<string, string>> = { Ctrl: 'Control', Control: 'CommandOrControl' };
  const keyNames: Readonly<Record<string, string>> = { '+': 'Plus', ArrowUp: 'Up', ArrowDown: 'Down' };
  return [...[...modifiers].map((name) => names[name] ?? name), keyNames[key] ?? key].join('+');
}

/** For `Menu.buildFromTemplate`. */
export function menuTemplate(ports: MenuPorts): MenuItemConstructorOptions[] {
  const { words, platform, facts } = ports;
  const mac = platform === 'darwin';
  const app = words('app.name');

  /** The keys of the menu are its own; those of the window the window sees first, and the menu when it does not. */
  const keys = (name: ShortcutName): { accelerator: string } => ({
    accelerator: acceleratorOf(keysOf(name, mac)[0]),
  });
  const role = (of: NonNullable<MenuItemConstructorOptions['role']>, word: WordKey, name?: ShortcutName) => ({
    id: of,
    role: of,
    label: words(word, { app }),
    ...(name !== undefined && keys(name)),
  });
  const screen = (name: Screen & ShortcutName, word: WordKey, enabled: boolean) => ({
    id: name,
    label: words(word),
    enabled,
    ...keys(name),
    click: () => ports.open(name),
  });
  /** A shortcut with several keys is several entries, of which one is shown. */
  const zoom = (name: ShortcutName, step: ZoomStep, word: WordKey): MenuItemConstructorOptions[] =>
    keysOf(name, mac).map((each, index) => ({
      ...(index === 0 && { id: name }),
      label: words(word),
      accelerator: acceleratorOf(each),
      visible: index === 0,
      acceleratorWorksWhenHidden: true,
      click: () => ports.zoom(step),
    }));

  const quit = role('quit', 'appMenu.quit', 'quit');
  const about = role('about', 'appMenu.about');
  const settings = screen('settings', 'shortcut.settings', true);
  const application: MenuItemConstructorOptions = {
    label: app,
    submenu: [
      about,
      separator,
      settings,
      separator,
      role('services', 'appMenu.services'),
      separator,
      role('hide', 'appMenu.hide'),
      role('hideOthers', 'appMenu.hideOthers'),
      role('unhide', 'appMenu.unhide'),
      separator,
      quit,
    ],
  };
  const close = role('close', 'appMenu.close', 'close');
  const development: MenuItemConstructorOptions[] = [
    separator,
    role('reload', 'appMenu.reload'),
    role('toggleDevTools', 'appMenu.devTools'),
  ];

  return [
    ...(mac ? [application] : []),
    {
      label: words('appMenu.file'),
      submenu: [
        screen('newChat', 'shortcut.newChat', facts.inside),
        screen('goTo', 'shortcut.goTo', facts.inside),
        separator,
        close,
        ...(mac ? [] : [separator, settings, separator, quit]),
      ],
    },
    {
      label: words('appMenu.edit'),
      submenu: [
        role('undo', 'appMenu.undo'),
        role('redo', 'appMenu.redo'),
        separator,
        role('cut', 'appMenu.cut'),
        role('copy', 'appMenu.copy'),
        role('paste', 'appMenu.paste'),
        role('pasteAndMatchStyle', 'appMenu.pasteAsText', 'pasteAsText'),
        separator,
        role('selectAll', 'appMenu.selectAll'),
        separator,
        screen('find', 'shortcut.find', facts.discussion),
      ],
    },
    {
      label: words('appMenu.view'),
      submenu: [
        ...zoom('zoomIn', 1, 'shortcut.zoomIn'),
        ...zoom('zoomOut', -1, 'shortcut.zoomOut'),
        ...zoom('zoomReset', 0, 'shortcut.zoomReset'),
        separator,
        role('togglefullscreen', 'shortcut.fullScreen', 'fullScreen'),
        ...(ports.development ? development : []),
      ],
    },
    {
      label: words('appMenu.window'),
      ...(mac && { role: 'windowMenu' as const }),
      submenu: [
        role('minimize', 'appMenu.minimize'),
        ...(mac ? [role('zoom', 'appMenu.maximize'), separator, role('front', 'appMenu.front')] : []),
      ],
    },
    {
      label: words('appMenu.help'),
      ...(mac && { role: 'help' as const }),
      submenu: [
        screen('shortcuts', 'shortcut.shortcuts', true),
        { id: 'updates', label: words('update.open'), click: () => ports.open('updates') },
        { id: 'report', label: words('report.open'), click: () => ports.open('report') },
        ...(mac ? [] : [separator, about]),
      ],
    },
  ];
}
