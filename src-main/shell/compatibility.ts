// The one place for what differs between the oldest Electron that this program runs on (33) and the pinned one, whose
// types it is compiled with.
import type { Notification, WebContents } from 'electron';

export interface ConsoleMessage {
  level: 'debug' | 'info' | 'warning' | 'error';
  text: string;
  /** `file:line` of the page. */
  place: string;
}

const levels = ['debug', 'info', 'warning', 'error'] as const;

/** Since 35 the event carries the message; before, it came as arguments, the level as a number. */
export function onConsoleMessage(contents: WebContents, listener: (message: ConsoleMessage) => void): void {
  const receive = (event: object, ...rest: unknown[]) => {
    const late = event as { level?: unknown; message?: unknown; lineNumber?: unknown; sourceId?: unknown };
    const [level, text, line, source] =
      typeof late.message === 'string' ? [late.level, late.message, late.lineNumber, late.sourceId] : rest;
    listener({
      level:
        typeof level === 'number' ? (levels[level] ?? 'info') : (levels.find((l) => l === level) ?? 'info'),
      text: String(text),
      place: `${String(source)}:${String(line)}`,
    });
  };
  contents.on('console-message', receive);
}

/** macOS always; Windows since its notifications tell of their activation, which came with the answer field. */
export function canReplyInline(notification: typeof Notification, platform: NodeJS.Platform): boolean {
  return platform === 'darwin' || (platform === 'win32' && 'handleActivation' in notification);
}

/** Later versions put the text into the event; all of them also hand it over as the second argument. */
export function onReply(notification: Notification, listener: (text: string) => void): void {
  notification.on('reply', (event: object, ...rest: unknown[]) => {
    const text = rest[0] ?? (event as { reply?: unknown }).reply;
    if (typeof text === 'string') listener(text);
  });
}

/** Windows, where it is there: a click on a notification of an earlier run, which no object here belongs to. */
export function onOldNotification(notification: typeof Notification, listener: () => void): void {
  if (process.platform === 'win32' && 'handleActivation' in notification) {
    notification.handleActivation(({ type }) => type === 'click' && listener());
  }
}
