// The icon in the tray. It renders the view that it is given, and touches the desktop only for what changed.
import type { Words } from '../../assets/translations/index.ts';
import { badgeText, type TrayView } from '../chat/select.ts';
import type { Instant } from '../ipc/contract.ts';
import { muteChoices, presenceChoices, type Activity, type MuteChoice } from '../ipc/own-choices.ts';

type Digit = '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
/** Names of the pictures in assets/tray; scripts/icons.mjs draws them. */
export type TrayIcon = 'normal' | 'offline' | 'unread' | `unread-${Digit | 'many'}`;

export type TrayMenuEntry =
  | { kind: 'separator' }
  | { kind: 'action'; label: string; run(): void }
  /** `checked` null: a choice that is done, not kept. */
  | {
      kind: 'choice';
      label: string;
      enabled: boolean;
      options: { label: string; checked: boolean | null; run(): void }[];
    };

/** One icon of the desktop; the factory is tray-item.ts in the program. */
export interface TrayItem {
  /** `text` stands beside it where the platform has a place for it: macOS. */
  setIcon(icon: TrayIcon, text: string): void;
  setToolTip(text: string): void;
  setMenu(entries: TrayMenuEntry[]): void;
  destroy(): void;
}

export interface TrayPorts {
  create(onClick: () => void): TrayItem;
  words(): Words;
  /** A moment of the next days, in the person's language. */
  moment(at: Instant): string;
  show(): void;
  hide(): void;
  setPresence(activity: Activity, note: string): void;
  mute(until: MuteChoice): void;
  settings(): void;
  quit(): void;
}

export interface TrayRenderer {
  /** `windowShown`: whether the first menu entry hides or shows. */
  render(view: TrayView, windowShown: boolean): void;
  /** The place for the icon is new (the panel came or was restarted): draw everything again. */
  recreate(): void;
  destroy(): void;
}

export function iconOf({ unread, badge, connection }: TrayView): TrayIcon {
  if (unread > 9 && badge === 'number') return 'unread-many';
  if (unread > 0) return badge === 'dot' ? 'unread' : `unread-${String(unread) as Digit}`;
  return connection === 'offline' || connection === 'signed-out' ? 'offline' : 'normal';
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

export function menuOf(view: TrayView, windowShown: boolean, ports: Omit<TrayPorts, 'create'>) {
  const words = ports.words();
  const entries: TrayMenuEntry[] = [
    windowShown
      ? { kind: 'action', label: words('tray.hide'), run: ports.hide }
      : { kind: 'action', label: words('tray.show'), run: ports.show },
    { kind: 'separator' },
  ];
  const { presence, connection, mutedUntil } = view;
  if (presence !== null) {
    entries.push({
      kind: 'choice',
      label: words('menu.presence'),
      enabled: connection === 'online' || connection === 'preparing',
      options: presenceChoices.map(({ activity, state }) => ({
        label: words(`presence.${state}`),
        checked: presence.state === state,
        run: () => ports.setPresence(activity, presence.note),
      })),
    });
  }
  const muted = mutedUntil > 0;
  entries.push({
    kind: 'choice',
    label: muted ? words('mute.until', { time: ports.moment(mutedUntil) }) : words('mute.label'),
    enabled: true,
    options: muteChoices(mutedUntil).map((until) => ({
      label: words(`mute.${until}`),
      checked: null,
      run: () => ports.mute(until),
    })),
  });
  entries.push(
    { kind: 'separator' },
    { kind: 'action', label: words('settings.open'), run: ports.settings },
    { kind: 'action', label: words('tray.quit'), run: ports.quit },
  );
  return entries;
}

export function createTray(ports: TrayPorts): TrayRenderer {
  let item: TrayItem | null = null;
  let shown = { icon: '', toolTip: '', menu: '' };
  let last: { view: TrayView; windowShown: boolean } | null = null;

  const render = (view: TrayView, windowShown: boolean) => {
    last = { view, windowShown };
    const words = ports.words();
    const icon = iconOf(view);
    // Beside the icon, which is one of few colours there.
    const text = badgeText(view);
    const toolTip = toolTipOf(view, words);
    const entries = menuOf(view, windowShown, ports);
    // A note is not written in the menu, but goes with the presence that is chosen there.
    const menu = JSON.stringify([entries, view.presence?.note]);
    const next = { icon: `${icon} ${text}`, toolTip, menu };
    const fresh = item === null;
    // A click shows, always: whether the window had the focus before the click is not known any more.
    item ??= ports.create(ports.show);
    if (fresh || next.icon !== shown.icon) item.setIcon(icon, text);
    if (fresh || next.toolTip !== shown.toolTip) item.setToolTip(toolTip);
    if (fresh || next.menu !== shown.menu) item.setMenu(entries);
    shown = next;
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
