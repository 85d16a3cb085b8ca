// The one place for what differs between the oldest Electron that this program runs on (33) and the pinned one, whose
// types it is compiled with.
import type { WebContents } from 'electron';

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
