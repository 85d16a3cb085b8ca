// The one window: hardened, remembered in size and place, and the source of the facts that only it knows.
import { BrowserWindow, screen, type Session } from 'electron';
import type { WindowPlace } from '../disk/settings-fields.ts';
import { smallestSize } from './arguments.ts';
import { onConsoleMessage, type ConsoleMessage } from './compatibility.ts';
import { createPageLife, type PageLifePorts } from './page-life.ts';
import { isOurPage, isOwnResource, pageUrl } from './page.ts';
import { boundsFor } from './window-place.ts';
import type { ZoomStep } from './zoom.ts';

/** --surface of the window's tokens (src-renderer/tokens.css): what is seen before the first paint. */
const background = { light: '#fdfdfe', dark: '#181a1c' };

/** Milliseconds after the last move or resize before the place is written down. */
const placeDelay = 500;

export interface WindowPorts {
  preload: string;
  icon: string;
  place: WindowPlace | null;
  /** Of the content, for this run; then the place is not remembered. */
  size: { width: number; height: number } | null;
  dark: boolean;
  /** Percent. */
  zoom: number;
  hidden: boolean;
  development: boolean;
  title: string;
  now(): number;
  facts(facts: { focused: boolean; visible: boolean }): void;
  savePlace(place: WindowPlace): void;
  /** The wheel was turned with Ctrl. */
  zoomed(step: ZoomStep): void;
  /** What closing does; anything but 'quit' leaves the window in being. */
  closing(): 'hide' | 'tell' | 'quit';
  /** The page is about to be loaded anew, or is gone. */
  pageGone(): void;
  life: Omit<PageLifePorts, 'now' | 'load' | 'end'>;
  /** The window became visible, or stopped being so. */
  visibility(visible: boolean): void;
  console(message: ConsoleMessage): void;
  trace(text: string): void;
}

export interface ChatWindow {
  readonly window: BrowserWindow;
  /** In front of the person, from wherever it was. */
  show(): void;
  hide(): void;
  isVisible(): boolean;
  reload(): void;
  setTitle(title: string): void;
  setDark(dark: boolean): void;
  /** Percent. */
  setZoom(percent: number): void;
}

/** `focusList`: asks the page to put the focus to its list; a window that comes back from the tray reads nothing. */
export function openWindow(ports: WindowPorts, focusList: (window: BrowserWindow) => void): ChatWindow {
  const bounds = boundsFor(
    ports.size === null ? ports.place : null,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    ...(ports.size === null ? {} : { ...ports.size, useContentSize: true }),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    show: false,
    title: ports.title,
    icon: ports.icon,
    backgroundColor: ports.dark ? background.dark : background.light,
    autoHideMenuBar: true,
    webPreferences: {
      preload: ports.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // The session decides: spelling.ts.
      spellcheck: true,
      zoomFactor: ports.zoom / 100,
      devTools: ports.development,
    },
  });
  const { webContents } = window;
  let hidden = ports.hidden;

  const isVisible = () => window.isVisible() && !window.isMinimized();
  let lastVisible = false;
  const report = () => {
    const visible = isVisible();
    ports.facts({ focused: window.isFocused(), visible });
    if (visible !== lastVisible) ports.visibility((lastVisible = visible));
  };
  window.on('focus', report);
  window.on('blur', report);
  window.on('show', report);
  window.on('hide', () => {
    // Now, not only when it comes back, and however it was hidden: the input must not have the focus in the moment the
    // window gets it (protocol, section 9: opening the app reads nothing).
    hidden = true;
    focusList(window);
    report();
  });
  window.on('minimize', report);
  window.on('restore', report);

  const show = () => {
    const fromHidden = hidden;
    hidden = false;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    if (fromHidden) focusList(window);
  };
  const hide = () => window.hide();

  window.once('ready-to-show', () => {
    if (hidden) return;
    if (ports.place?.maximized === true && ports.size === null) window.maximize();
    window.show();
  });

  window.on('close', (event) => {
    const action = ports.closing();
    if (action === 'quit') return;
    event.preventDefault();
    if (action === 'hide') leaveFullScreen(window, hide);
  });

  // The page never decides what the window is called: the number in the title is the number everywhere.
  window.on('page-title-updated', (event) => event.preventDefault());
  if (ports.size === null) rememberPlace(window, ports.savePlace);
  lockDown(window, ports.trace);
  keepAlive(window, ports);
  onConsoleMessage(webContents, ports.console);
  let zoom = ports.zoom;
  const applyZoom = () => webContents.setZoomFactor(zoom / 100);
  // The engine remembers a zoom of its own for each page; ours is the one that counts.
  webContents.on('dom-ready', applyZoom);
  webContents.on('zoom-changed', (_event, direction) => ports.zoomed(direction === 'in' ? 1 : -1));
  void window.loadURL(pageUrl).catch((error: unknown) => ports.trace(`window: ${String(error)}`));

  return {
    window,
    show,
    hide,
    isVisible,
    reload: () => void window.loadURL(pageUrl).catch(() => undefined),
    setTitle: (title) => window.setTitle(title),
    setZoom(percent) {
      zoom = percent;
      applyZoom();
    },
    setDark: (dark) => window.setBackgroundColor(dark ? background.dark : background.light),
  };
}

/** Hiding a full-screen window leaves an empty space behind on macOS. */
function leaveFullScreen(window: BrowserWindow, then: () => void): void {
  if (!window.isFullScreen()) return then();
  window.once('leave-full-screen', then);
  window.setFullScreen(false);
}

function rememberPlace(window: BrowserWindow, save: (place: WindowPlace) => void): void {
  let timer: NodeJS.Timeout | null = null;
  const write = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (window.isDestroyed() || window.isMinimized()) return;
    save({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const later = () => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(write, placeDelay);
  };
  for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const) {
    window.on(event as 'resize', later);
  }
  window.on('close', () => {
    if (timer !== null) write();
  });
  window.on('closed', () => {
    if (timer !== null) clearTimeout(timer);
  });
}

/** Nothing that is shown can lead this window elsewhere, open another one, or ask for more than it has. */
function lockDown(window: BrowserWindow, trace: (text: string) => void): void {
  const { webContents } = window;
  webContents.setWindowOpenHandler(({ url }) => {
    trace(`window: refused to open ${new URL(url).protocol}`);
    return { action: 'deny' };
  });
  for (const event of ['will-navigate', 'will-redirect'] as const) {
    webContents.on(event as 'will-navigate', (details) => {
      if (isOurPage(details.url)) return;
      details.preventDefault();
      trace('window: refused to navigate');
    });
  }
  webContents.on('will-attach-webview', (event) => event.preventDefault());
}

/** For the session that the window lives in; before the window is opened. */
export function lockDownSession(session: Session, trace: (text: string) => void): void {
  // Copying text is all that the page may do outside of itself.
  const allowed = new Set(['clipboard-sanitized-write']);
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    if (!allowed.has(permission)) trace(`window: refused the permission ${permission}`);
    answer(allowed.has(permission));
  });
  session.setPermissionCheckHandler((_contents, permission) => allowed.has(permission));
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isOwnResource(url);
    if (cancel) trace('window: refused to load from outside');
    answer({ cancel });
  });
  session.on('will-download', (event) => event.preventDefault());
}

function keepAlive(window: BrowserWindow, ports: WindowPorts): void {
  const { webContents } = window;
  const life = createPageLife({
    ...ports.life,
    now: ports.now,
    load: () => void window.loadURL(pageUrl).catch(() => undefined),
    end: () => webContents.forcefullyCrashRenderer(),
  });
  webContents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) ports.pageGone();
  });
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    ports.trace(`window: the page is gone: ${reason} (${exitCode})`);
    ports.pageGone();
    if (!window.isDestroyed()) life.gone(reason, exitCode);
  });
  webContents.on('unresponsive', () => {
    ports.trace('window: the page does not answer');
    life.unresponsive();
  });
  webContents.on('responsive', () => life.responsive());
}
