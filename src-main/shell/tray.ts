// The icon in the tray. It renders the view that it is given, and touches the desktop only for what changed.
import type { Words } from '../../assets/translations/index.ts';
import type { TrayView } from '../chat/select.ts';

export type TrayIcon = 'normal' | 'unread' | 'offline';

export interface TrayMenuEntry {
  label: string;
  run(): void;
}

/** One icon of the desktop; the factory is Electron in the program. */
export interface TrayItem {
  setIcon(icon: TrayIcon): void;
  setToolTip(text: string): void;
  /** `null` is a line between entries. */
  setMenu(entries: (TrayMenuEntry | null)[]): void;
  destroy(): void;
}

export interface TrayPorts {
  create(icon: TrayIcon, onClick: () => void): TrayItem;
  words(): Words;
  show(): void;
  hide(): void;
  quit(): void;
}

export interface TrayRenderer {
  /** `windowShown`: whether the first menu entry hides or shows. */
  render(view: TrayView, windowShown: boolean): void;
  /** The place for the icon is new (the panel came or was restarted): draw everything again. */
  recreate(): void;
  destroy(): void;
}

export function iconOf(view: TrayView): TrayIcon {
  if (view.unread > 0) return 'unread';
  return view.connection === 'offline' || view.connection === 'signed-out' ? 'offline' : 'normal';
}

export function toolTipOf(view: TrayView, words: Words): string {
  const app = words('app.name');
  if (view.connection === 'signed-out') return words('tray.signedOut', { app });
  const lines: string[] = [];
  if (view.unread > 0) lines.push(words('tray.unread', { app, count: view.unread }));
  if (view.connection === 'offline') lines.push(words('tray.offline', { app }));
  if (lines.length === 0) return words('tray.account', { app, name: view.account });
  return view.account === '' ? lines.join('\n') : [...lines, view.account].join('\n');
}

export function createTray(ports: TrayPorts): TrayRenderer {
  let item: TrayItem | null = null;
  let shown = { icon: '', toolTip: '', menu: '' };
  let last: { view: TrayView; windowShown: boolean } | null = null;

  const render = (view: TrayView, windowShown: boolean) => {
    last = { view, windowShown };
    const words = ports.words();
    const icon = iconOf(view);
    const toolTip = toolTipOf(view, words);
    const entry: TrayMenuEntry = windowShown
      ? { label: words('tray.hide'), run: ports.hide }
      : { label: words('tray.show'), run: ports.show };
    const quit: TrayMenuEntry = { label: words('tray.quit'), run: ports.quit };
    const menu = `${entry.label}\n${quit.label}`;
    const fresh = item === null;
    // A click shows, always: whether the window had the focus before the click is not known any more.
    item ??= ports.create(icon, ports.show);
    if (!fresh && icon !== shown.icon) item.setIcon(icon);
    if (fresh || toolTip !== shown.toolTip) item.setToolTip(toolTip);
    if (fresh || menu !== shown.menu) item.setMenu([entry, null, quit]);
    shown = { icon, toolTip, menu };
  };
  const destroy = () => {
    item?.destroy();
    item = null;
  };
  return {
    render,
    recreate() {
      destroy();
      if (last !== null) render(last.view, last.windowShown);
    },
    destroy,
  };
}
