// What happens before there is anything to show: the command line, the one instance, and what nobody caught.
import { app, type WebContents } from 'electron';
import fs from 'node:fs';
import { parseArguments, usage, type Arguments } from './arguments.ts';

/** Straight to the terminal, also when the program ends right after. */
export function say(text: string): void {
  try {
    fs.writeSync(2, `pbx-chat: ${text}\n`);
  } catch {
    // There is none.
  }
}

/** The arguments of a start that goes on. Everything else has been said, and ends the process here. */
export function launch(argv: readonly string[]): Arguments {
  const parsed = parseArguments(argv, process.defaultApp === true);
  if (!parsed.ok) {
    say(parsed.message);
    return process.exit(2);
  }
  const given = parsed.value;
  if (given.help || given.version) {
    fs.writeSync(1, given.help ? usage : `PBX Chat ${app.getVersion()}\n`);
    return process.exit(0);
  }
  // Bound to the user data directory: another profile is another program.
  if (!app.requestSingleInstanceLock({ chat: given.chat })) {
    say('it is running already, and is shown.');
    return process.exit(given.capture === null ? 0 : 1);
  }
  if (given.lang !== null) app.commandLine.appendSwitch('lang', given.lang);
  return given;
}

/** Addresses on the command line, links from the system, and both of a second start, which shows the first. */
export function listenForLinks(
  first: string | null,
  { show, open }: { show(): void; open(address: string): void },
): void {
  if (first !== null) open(first);
  app.on('open-url', (_event, url) => open(url));
  app.on('second-instance', (_event, _argv, _directory, data) => {
    show();
    const { chat } = (data ?? {}) as { chat?: unknown };
    if (typeof chat === 'string') open(chat);
  });
}

/**
 * Without listeners of our own Electron shows a dialog for what nobody caught, which stops the program until somebody
 * answers it. A chat that goes on with one thing failed is better than one that has stopped.
 */
export function guardProcess(failed: (kind: string, error: unknown) => void): void {
  process.on('uncaughtException', (error) => failed('uncaught exception', error));
  process.on('unhandledRejection', (error) => failed('unhandled rejection', error));
  // Whoever reads our output may end before we do.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Returns what cancels it. */
export function after(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}

/** Runs once there is something to see in a window that is about to load. */
export function afterPaint(contents: WebContents, run: () => void): void {
  contents.once('did-finish-load', () => setImmediate(run));
}

/** Returns what ends it. */
export function every(milliseconds: number, run: () => void): () => void {
  const timer = setInterval(run, milliseconds).unref();
  return () => clearInterval(timer);
}
