// The window with its bridge, and what it does when it is closed. The other surfaces are in surfaces.ts.
import {
  app,
  clipboard,
  ipcMain,
  Menu,
  nativeTheme,
  session as electronSession,
  type BrowserWindow,
  type IpcMainInvokeEvent,
} from 'electron';
import path from 'node:path';
import { formatLocale, words as wordsOf, type Words } from '../../assets/translations/index.ts';
import { title as titleOf } from '../chat/select.ts';
import { createPatchFeed, follow, type Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';
import { checkDropped } from '../ipc/arguments.ts';
import {
  channels,
  type AttachReason,
  type CommandArgument,
  type DiscussionId,
  type DroppedFile,
  type Result,
  type Screen,
} from '../ipc/contract.ts';
import { createServer, type Handlers } from '../ipc/serve.ts';
import type { Arguments } from './arguments.ts';
import { contextTemplate } from './context-menu.ts';
import { askAboutHang, askToReload } from './page-questions.ts';
import { isOurPage } from './page.ts';
import type { SessionBus } from './session-bus.ts';
import { openSurfaces } from './surfaces.ts';
import { createSpelling } from './spelling.ts';
import type { Trace } from './trace.ts';
import { onClose } from './window-place.ts';
import { watchCrashes } from './watch-crashes.ts';
import { lockDownSession, openWindow } from './window.ts';
import { nextZoom, type ZoomStep } from './zoom.ts';

export interface DesktopPorts {
  store: Store;
  settings: SettingsFile;
  handlers: Handlers;
  arguments: Arguments;
  /** `out/` of the build: preload script, page and pictures. */
  built: string;
  bus(): Promise<SessionBus | null>;
  trace: Trace;
  /** The directory of the logs. */
  logs: string;
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

const nobodyReads: CommandArgument<'reading'> = { discussion: null, inputFocused: false };

/** Call once, when Electron is ready. */
export function openDesktop(ports: DesktopPorts): Desktop {
  const { store, settings, trace } = ports;
  const development = !app.isPackaged;
  const { platform } = process;
  let quitting = false;
  const crashes = watchCrashes(ports);
  /** As the page reported it last, and whether the focus goes back there when the page is there again. */
  let reading = nobodyReads;
  let restoring: 'composer' | 'list' | null = null;
  const handlers: Handlers = {
    ...ports.handlers,
    reading(facts) {
      reading = facts;
      return ports.handlers.reading(facts);
    },
    painted(facts) {
      if (restoring !== null) chat.window.webContents.send(channels.focus, restoring);
      restoring = null;
      return ports.handlers.painted(facts);
    },
    dismissNotice(notice) {
      crashes.dismissed(notice.id);
      return ports.handlers.dismissNotice(notice);
    },
  };

  const words = rememberWords(() => store.state().app.locales);
  lockDownSession(electronSession.defaultSession, trace.app);
  const spelling = createSpelling({
    ...ports,
    session: electronSession.defaultSession,
    platform,
    locales: () => store.state().app.locales,
    missing: (tag) =>
      store.dispatch({
        type: 'app/noticed',
        notice: { id: 'spelling', code: 'no-dictionary', detail: languageName(tag) },
      }),
    trace: trace.app,
  });

  const trusted = ({ sender, senderFrame }: IpcMainInvokeEvent) =>
    sender === chat.window.webContents &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    isOurPage(senderFrame.url);
  const server = createServer<IpcMainInvokeEvent>({
    trusted,
    handlers,
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
      zoom: ports.arguments.capture === null ? settings.get().zoom : 100,
      hidden: ports.arguments.hidden,
      development,
      title: titleOf(store.state()),
      now: Date.now,
      facts: ports.facts,
      savePlace: (place) => settings.set('window', place),
      zoomed: zoom,
      closing,
      pageGone: () => server.reset(),
      life: {
        after: ports.after,
        ask: (signal) => askAboutHang(words(), signal),
        lost: () => void lost(),
        away() {
          restoring = reading.inputFocused ? 'composer' : 'list';
          void ports.handlers.reading(nobodyReads);
        },
        back() {
          restoring = null;
          void ports.handlers.reading(reading);
        },
        record: crashes.record,
      },
      visibility(visible) {
        if (visible) server.shown();
        surfaces.windowShown(visible);
      },
      console: ({ level, text, place }) =>
        trace.line({ class: 'browser', text: `${level} ${text} (${place})` }),
      trace: trace.app,
    },
    (window) => window.webContents.send(channels.focus, 'list'),
  );

  chat.window.webContents.on('context-menu', (_event, params) => {
    const { webContents } = chat.window;
    const template = contextTemplate(params, {
      words: words(),
      spelling: spelling.choices(),
      languageName,
      correct: (word) => webContents.replaceMisspelling(word),
      learn: spelling.learn,
      toggleSpelling: spelling.toggle,
      openLink: (url) => void handlers.openLink({ url }),
      copyText: (text) => void clipboard.writeText(text),
      copyPicture: () => webContents.copyImageAt(params.x, params.y),
      save: (attachment) => void handlers.saveAttachment({ attachment, choose: true, confirmed: false }),
    });
    if (template.length > 0) Menu.buildFromTemplate(template).popup({ window: chat.window });
  });

  const surfaces = openSurfaces({
    ...ports,
    words,
    platform,
    development,
    chat,
    openDiscussion,
    open,
    zoom,
    quit() {
      quitting = true;
      app.quit();
    },
  });

  const ends = [
    store.subscribe(() => server.changed()),
    follow(store, titleOf, (title) => chat.setTitle(title)),
    follow(
      store,
      ({ app: { dark } }) => dark,
      (dark) => chat.setDark(dark),
    ),
  ];
  chat.window.once('closed', () => {
    // The links are still open for a moment, and what they say has no window to go to.
    for (const end of ends) end();
    server.reset();
    surfaces.close();
  });

  /** As if it had been chosen in the list: that is what reads it (protocol, section 9). */
  function openDiscussion(discussion: DiscussionId): void {
    chat.show();
    void handlers.openDiscussion({ discussion });
    chat.window.webContents.send(channels.opened, discussion);
  }

  function languageName(tag: string): string {
    return (
      new Intl.DisplayNames(formatLocale(store.state().app.locales), { type: 'language' }).of(tag) ?? tag
    );
  }

  /** A part of the window, as its own shortcut shows it. */
  function open(screen: Screen): void {
    chat.show();
    chat.window.webContents.send(channels.screen, screen);
  }

  function zoom(step: ZoomStep): void {
    const next = nextZoom(settings.get().zoom, step);
    settings.set('zoom', next);
    chat.setZoom(next);
  }

  // --- Life of the window ---

  function closing(): 'hide' | 'tell' | 'quit' {
    const { toldNoTray, toldKept } = settings.get();
    const { closeToTray } = store.state().app.preferences;
    const tray = surfaces.trayPresent();
    const action = onClose({ platform, quitting, closeToTray, tray, toldNoTray });
    if (action === 'tell') {
      settings.set('toldNoTray', true);
      store.dispatch({ type: 'app/noticed', notice: { id: 'no-tray', code: 'no-tray' } });
    }
    if (action === 'hide' && platform !== 'darwin' && !toldKept) {
      settings.set('toldKept', true);
      store.dispatch({ type: 'app/noticed', notice: { id: 'kept-in-tray', code: 'kept-in-tray' } });
      surfaces.sayKept();
    }
    return action;
  }
  async function lost(): Promise<void> {
    if (ports.pageLost) return ports.pageLost();
    if ((await askToReload(words())) === 'reload') chat.reload();
    else app.quit();
  }
  app.on('before-quit', () => (quitting = true));
  app.on('activate', () => chat.show());
  app.on('window-all-closed', () => app.quit());

  nativeTheme.on('updated', () => {
    const dark = nativeTheme.shouldUseDarkColors;
    if (dark !== store.state().app.dark) store.dispatch({ type: 'app/changed', app: { dark } });
  });

  return {
    show: () => chat.show(),
    window: () => (chat.window.isDestroyed() ? null : chat.window),
    webContents: () => chat.window.webContents,
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
