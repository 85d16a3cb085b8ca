// The surfaces of the program together: the window with its bridge, tray, badge, menu and theme. Each renders what a
// selector makes of the state, when that changed; none counts anything.
import {
  app,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  session as electronSession,
  Tray,
  type BrowserWindow,
  type IpcMainInvokeEvent,
} from 'electron';
import path from 'node:path';
import { words as wordsOf, type Words } from '../../assets/translations/index.ts';
import { badge as badgeOf, title as titleOf, tray as trayOf } from '../chat/select.ts';
import { createPatchFeed, type Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';
import { checkDropped } from '../ipc/arguments.ts';
import {
  channels,
  type AttachReason,
  type DiscussionId,
  type DroppedFile,
  type Result,
} from '../ipc/contract.ts';
import { createServer, type Handlers } from '../ipc/serve.ts';
import type { Arguments } from './arguments.ts';
import { createBadge } from './badge.ts';
import { menuTemplate } from './menu.ts';
import { isOurPage } from './page.ts';
import type { SessionBus } from './session-bus.ts';
import type { Trace } from './trace.ts';
import { watchTrayHost } from './tray-host.ts';
import { createTray, type TrayIcon, type TrayRenderer } from './tray.ts';
import { onClose } from './window-place.ts';
import { lockDownSession, openWindow } from './window.ts';

export interface DesktopPorts {
  store: Store;
  settings: SettingsFile;
  handlers: Handlers;
  arguments: Arguments;
  /** `out/` of the build: preload script, page and pictures. */
  built: string;
  bus(): Promise<SessionBus | null>;
  trace: Trace;
  facts(facts: { focused: boolean; visible: boolean }): void;
  /** Files that the preload script read from a drop or a paste. */
  attach(discussion: DiscussionId, files: DroppedFile[]): Promise<Result<null, AttachReason>>;
  after(milliseconds: number, run: () => void): () => void;
  /** The page cannot be kept alive; null: the person is asked what to do. */
  pageLost: (() => void) | null;
}

export interface Desktop {
  show(): void;
  /** For dialogs; null when there is no window any more. */
  window(): BrowserWindow | null;
  webContents(): Electron.WebContents;
}

/** Milliseconds that a start in the tray waits for the panel, which may be starting too. */
const panelPatience = 10_000;

/** Call once, when Electron is ready. */
export function openDesktop(ports: DesktopPorts): Desktop {
  const { store, settings, trace } = ports;
  const development = !app.isPackaged;
  const { platform } = process;
  let quitting = false;
  let trayPresent = false;
  let tray: TrayRenderer | null = null;

  const words = rememberWords(() => store.state().app.locales);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ words: words(), platform, development })));
  lockDownSession(electronSession.defaultSession, trace.app);

  const trusted = ({ sender, senderFrame }: IpcMainInvokeEvent) =>
    sender === chat.window.webContents &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    isOurPage(senderFrame.url);
  const server = createServer<IpcMainInvokeEvent>({
    trusted,
    handlers: ports.handlers,
    feed: createPatchFeed(store),
    send: (batch) => chat.window.webContents.send(channels.batch, batch),
    visible: () => chat.isVisible(),
    after: ports.after,
    trace: trace.app,
  });
  ipcMain.handle(channels.call, (event, name: unknown, argument: unknown) =>
    server.call(event, name, argument),
  );
  ipcMain.handle(channels.attach, (event, argument: unknown) => {
    const checked = trusted(event) ? checkDropped(argument) : null;
    if (checked !== null) return ports.attach(checked.discussion, checked.files);
    trace.app('ipc: refused: files that cannot be taken');
    return { ok: false, reason: { code: 'unreadable' } };
  });

  const chat = openWindow(
    {
      preload: path.join(ports.built, 'preload/preload.cjs'),
      icon: path.join(ports.built, 'assets/icon.png'),
      place: settings.get().window,
      size: ports.arguments.size,
      dark: store.state().app.dark,
      hidden: ports.arguments.hidden,
      development,
      title: titleOf(store.state()),
      now: Date.now,
      facts: ports.facts,
      savePlace: (place) => settings.set('window', place),
      closing,
      pageGone: () => server.reset(),
      pageLost: () => (ports.pageLost ? ports.pageLost() : void askToReload()),
      visibility(visible) {
        if (visible) {
          server.shown();
          badge.reapply();
        }
        renderTray();
      },
      console: ({ level, text, place }) =>
        trace.line({ class: 'browser', text: `${level} ${text} (${place})` }),
      trace: trace.app,
    },
    (window) => window.webContents.send(channels.focus, 'list'),
  );

  const badge = createBadge({
    platform,
    words,
    setCount: (count) => void app.setBadgeCount(count),
    setOverlay(pixels, description) {
      const { width = 0, height = 0, bytes = Buffer.alloc(0) } = pixels ?? {};
      const image = pixels && nativeImage.createFromBitmap(bytes, { width, height, scaleFactor: 2 });
      chat.window.setOverlayIcon(image, description);
    },
  });

  // --- State to surfaces ---

  let shownTitle = titleOf(store.state());
  let shownTray = JSON.stringify(trayOf(store.state()));
  let shownLocales = store.state().app.locales;
  let shownDark = store.state().app.dark;
  const unsubscribe = store.subscribe(() => {
    const state = store.state();
    server.changed();
    badge.render(badgeOf(state));
    const title = titleOf(state);
    if (title !== shownTitle) chat.setTitle((shownTitle = title));
    const view = JSON.stringify(trayOf(state));
    if (view !== shownTray || state.app.locales !== shownLocales) {
      shownTray = view;
      shownLocales = state.app.locales;
      renderTray();
    }
    if (state.app.dark !== shownDark) chat.setDark((shownDark = state.app.dark));
  });
  chat.window.once('closed', () => {
    // The links are still open for a moment, and what they say has no window to go to.
    unsubscribe();
    server.reset();
    tray?.destroy();
    tray = null;
  });
  function renderTray(): void {
    tray?.render(trayOf(store.state()), chat.isVisible());
  }

  // --- Life of the window ---

  function closing(): 'hide' | 'tell' | 'quit' {
    const { closeToTray, toldNoTray } = settings.get();
    const action = onClose({ platform, quitting, closeToTray, tray: trayPresent, toldNoTray });
    if (action === 'tell') {
      settings.set('toldNoTray', true);
      store.dispatch({ type: 'app/noticed', notice: { id: 'no-tray', code: 'no-tray' } });
    }
    return action;
  }
  async function askToReload(): Promise<void> {
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: words()('app.stuck'),
      buttons: [words()('app.stuckNext'), words()('appMenu.quit', { app: words()('app.name') })],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 0) chat.reload();
    else app.quit();
  }
  const quit = () => {
    quitting = true;
    app.quit();
  };
  app.on('before-quit', () => (quitting = true));
  app.on('activate', () => chat.show());
  app.on('window-all-closed', () => app.quit());

  // --- Theme ---

  nativeTheme.on('updated', () => {
    const dark = nativeTheme.shouldUseDarkColors;
    if (dark !== store.state().app.dark) store.dispatch({ type: 'app/changed', app: { dark } });
  });

  // --- Tray: after the first paint, which it has no part in ---

  const openTray = () => {
    if (ports.arguments.capture !== null) return;
    void watchTrayHost(platform, ports.bus, (present) => {
      // An icon that was made while no panel was there is not taken over by one that comes later.
      if (tray !== null && present && !trayPresent) tray.recreate();
      trayPresent = present;
      if (tray !== null || chat.window.isDestroyed()) return;
      tray = createTray({
        words,
        show: () => chat.show(),
        hide: () => chat.hide(),
        quit,
        create: (icon, onClick) => createTrayItem(ports.built, icon, onClick),
      });
      renderTray();
    });
    if (ports.arguments.hidden) {
      ports.after(panelPatience, () => {
        // In the tray of a desktop without one, nobody would ever find it.
        if (!trayPresent && !chat.window.isDestroyed() && !chat.isVisible()) chat.window.minimize();
      });
    }
  };
  chat.window.webContents.once('did-finish-load', () => setImmediate(openTray));

  return {
    show: () => chat.show(),
    window: () => (chat.window.isDestroyed() ? null : chat.window),
    webContents: () => chat.window.webContents,
  };
}

function createTrayItem(built: string, icon: TrayIcon, onClick: () => void) {
  // By its name Electron also finds the versions for screens of higher density.
  const picture = (which: TrayIcon) =>
    nativeImage.createFromPath(path.join(built, 'assets/tray', `${which}.png`));
  const item = new Tray(picture(icon));
  item.on('click', onClick);
  return {
    setIcon: (which: TrayIcon) => item.setImage(picture(which)),
    setToolTip: (text: string) => item.setToolTip(text),
    setMenu: (entries: ({ label: string; run(): void } | null)[]) =>
      item.setContextMenu(
        Menu.buildFromTemplate(
          entries.map((entry) =>
            entry === null ? { type: 'separator' } : { label: entry.label, click: entry.run },
          ),
        ),
      ),
    destroy: () => item.destroy(),
  };
}

/** The words are looked up on every event, and made anew only for other languages. */
function rememberWords(locales: () => readonly string[]): () => Words {
  let known: { locales: readonly string[]; words: Words } | null = null;
  return () => {
    const now = locales();
    if (known?.locales !== now) known = { locales: now, words: wordsOf(now) };
    return known.words;
  };
}
