// The surfaces of the program beside its window: tray, badge, notifications and menu. Each renders what a selector makes
// of the state, when that changed; none counts anything.
import { app, globalShortcut, Menu, nativeImage, Notification, screen } from 'electron';
import path from 'node:path';
import { momentIn, type Words } from '../../assets/translations/index.ts';
import { note, nothingNoted } from '../chat/notifications.ts';
import { fromPlain } from '../chat/rich-text.ts';
import { badgeView, menu as menuFacts, tray as trayOf } from '../chat/select.ts';
import { follow } from '../chat/store.ts';
import type { DiscussionId, Screen } from '../ipc/contract.ts';
import { createPictures, fromPicture, toPicture } from './avatar-picture.ts';
import { createBadge } from './badge.ts';
import { onOldNotification } from './compatibility.ts';
import type { DesktopPorts } from './desktop.ts';
import { followGlobalShortcut } from './global-shortcut.ts';
import { desktopEntry } from './identity.ts';
import { afterPaint } from './launch.ts';
import { createLauncher } from './launcher.ts';
import { menuTemplate } from './menu.ts';
import { watchMute } from './mute.ts';
import { busNotifications } from './notify-bus.ts';
import { electronNotifications } from './notify-electron.ts';
import { createNotify, type NotifyRenderer } from './notify.ts';
import { watchTrayHost } from './tray-host.ts';
import { createTrayItem } from './tray-item.ts';
import { createTray, type TrayRenderer } from './tray.ts';
import type { ChatWindow } from './window.ts';
import type { ZoomStep } from './zoom.ts';

export interface SurfacePorts extends DesktopPorts {
  words(): Words;
  platform: NodeJS.Platform;
  development: boolean;
  chat: ChatWindow;
  openDiscussion(discussion: DiscussionId): void;
  /** Shows a part of the window. */
  open(screen: Screen): void;
  zoom(step: ZoomStep): void;
  quit(): void;
}

export interface Surfaces {
  trayPresent(): boolean;
  windowShown(visible: boolean): void;
  /** Tells, where the window is not seen any more, that the program goes on. */
  sayKept(): void;
  close(): void;
}

/** Milliseconds that a window in the tray waits for the panel, which may be starting, or starting again. */
const panelPatience = 10_000;

export function openSurfaces(ports: SurfacePorts): Surfaces {
  const { store, words, platform, chat, built } = ports;
  // A picture for somebody to look at is no program that anybody uses.
  const used = ports.arguments.capture === null;
  const ends: (() => void)[] = [];
  let trayPresent = false;
  let tray: TrayRenderer | null = null;

  ends.push(
    follow(
      store,
      (state) => ({ locales: state.app.locales, facts: menuFacts(state) }),
      ({ facts }) => {
        const template = menuTemplate({ ...ports, words: words(), facts });
        Menu.setApplicationMenu(Menu.buildFromTemplate(template));
      },
    ),
  );

  const badge = createBadge({
    platform,
    words,
    setLauncher: createLauncher({ bus: ports.bus, trace: ports.trace.app }),
    setDock: (text) => app.dock?.setBadge(text),
    setOverlay(pixels, description) {
      const { width = 0, height = 0, bytes = Buffer.alloc(0) } = pixels ?? {};
      const image = pixels && nativeImage.createFromBitmap(bytes, { width, height, scaleFactor: 2 });
      chat.window.setOverlayIcon(image, description);
    },
  });
  ends.push(follow(store, badgeView, badge.render));
  if (platform === 'win32') {
    // Electron does not tell when the taskbar is started anew, but the screen becomes smaller by it.
    screen.on('display-metrics-changed', badge.reapply);
    ends.push(() => screen.off('display-metrics-changed', badge.reapply));
  }

  const notify = used ? openNotify(ports) : null;
  if (notify !== null) {
    let noted = nothingNoted;
    ends.push(
      store.subscribe(() => {
        const before = noted;
        noted = note(before, store.state(), Date.now());
        if (noted.notifications !== before.notifications) notify.render(noted.notifications);
      }),
    );
  }

  ends.push(
    watchMute({
      store,
      now: Date.now,
      after: ports.after,
      end: () => void ports.handlers.mute({ until: 'never' }),
    }),
  );

  if (used) {
    ends.push(
      followGlobalShortcut({
        store,
        register: (accelerator, run) => globalShortcut.register(accelerator, run),
        unregister: (accelerator) => globalShortcut.unregister(accelerator),
        show: () => chat.show(),
        trace: ports.trace.app,
      }),
    );
  }

  // In the tray of a desktop without one, nobody would ever find it.
  const keepReachable = () =>
    ports.after(panelPatience, () => {
      const { window } = chat;
      if (trayPresent || window.isDestroyed() || window.isVisible() || window.isMinimized()) return;
      // One that is hidden is none to a window manager, which minimises only what it has been shown.
      window.showInactive();
      window.minimize();
    });
  const renderTray = () => tray?.render(trayOf(store.state()), chat.isVisible());
  ends.push(follow(store, (state) => [trayOf(state), state.app.locales], renderTray));
  // After the first paint, which it has no part in.
  const openTray = () => {
    void watchTrayHost(platform, ports.bus, (present) => {
      // An icon that was made while no panel was there is not taken over by one that comes later.
      if (tray !== null && present && !trayPresent) tray.recreate();
      if (trayPresent && !present) ends.push(keepReachable());
      trayPresent = present;
      if (tray !== null || chat.window.isDestroyed()) return;
      tray = createTray({
        words,
        show: () => chat.show(),
        hide: () => chat.hide(),
        moment: (at) => momentIn(store.state().app.locales, at, Date.now()),
        setPresence: (activity, note) => void ports.handlers.setOwnPresence({ activity, note }),
        mute: (until) => void ports.handlers.mute({ until }),
        settings: () => ports.open('settings'),
        quit: ports.quit,
        create: (onClick) => createTrayItem(path.join(built, 'assets/tray'), platform, onClick),
      });
      renderTray();
    });
    if (ports.arguments.hidden) ends.push(keepReachable());
  };
  if (used) afterPaint(chat.window.webContents, openTray);

  return {
    trayPresent: () => trayPresent,
    windowShown(visible) {
      if (visible) badge.reapply();
      renderTray();
    },
    sayKept: () =>
      notify?.say('kept-in-tray', words()('notification.keptTitle'), words()('notification.keptText')),
    close() {
      for (const end of ends.splice(0)) end();
      notify?.clear();
      tray?.destroy();
      tray = null;
    },
  };
}

function openNotify(ports: SurfacePorts): NotifyRenderer {
  const { store, words, platform, chat, trace } = ports;
  const icon = nativeImage.createFromPath(path.join(ports.built, 'assets/icon.png'));
  const own = () => toPicture(icon.resize({ width: 64, height: 64 }));
  onOldNotification(Notification, () => chat.show());
  return createNotify({
    words,
    sound: () => store.state().app.preferences.notificationSound,
    picture: createPictures({ page: () => chat.window.webContents, after: ports.after }),
    surface:
      platform === 'linux'
        ? busNotifications({
            bus: ports.bus,
            name: app.name,
            desktopEntry,
            picture: own,
            trace: trace.app,
          })
        : electronNotifications({ platform, Notification, image: fromPicture, trace: trace.app }),
    open(account, discussion) {
      // Of an account that is not on screen any more there is nothing to open.
      if (discussion !== null && account === store.state().active) ports.openDiscussion(discussion);
      else chat.show();
    },
    reply(account, discussion, text) {
      if (account === store.state().active)
        void ports.handlers.send({ discussion, html: fromPlain(text.trim()) });
    },
  });
}
