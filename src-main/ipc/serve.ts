// The main process's end of the bridge: answers commands of the one window that is trusted, and sends it what changed,
// at most once per frame. No electron import: what it needs of Electron is passed in.
import type { PatchFeed } from '../chat/ports.ts';
import { checkArgument, isCommand } from './arguments.ts';
import type { Batch, CommandName, Commands } from './contract.ts';

/** Answers to all commands but `snapshot`, which is served here. */
export type Handlers = {
  [N in Exclude<CommandName, 'snapshot'>]: (
    ...argument: Parameters<Commands[N]>
  ) => ReturnType<Commands[N]> | Promise<ReturnType<Commands[N]>>;
};

export interface ServePorts<Event> {
  /** Whether a call comes from the main frame of our window, showing our page. */
  trusted(event: Event): boolean;
  handlers: Handlers;
  feed: PatchFeed;
  send(batch: Batch): void;
  /** Whether a person can see the window now. */
  visible(): boolean;
  /** Runs later; returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  trace(text: string): void;
}

/** What goes back over the channel; preload.ts turns a refusal into a rejection. The words are not for people. */
export type Reply = { value: unknown } | { refused: string };

export interface Server<Event> {
  /** For ipcMain.handle. Never rejects: Electron would print the stack of what the window did wrong. */
  call(event: Event, name: unknown, argument: unknown): Promise<Reply>;
  /** Something changed in the store. */
  changed(): void;
  /** The window became visible: what was held back is sent now. */
  shown(): void;
  /** The page is gone (reload, crash): nothing is sent until it asks for a snapshot. */
  reset(): void;
}

/** Milliseconds between two batches: a frame at 60 Hz, and what is enough when nobody looks. */
export const pace = { visible: 16, hidden: 500 };

/** The longest name of an unknown command that is worth writing down. */
const nameInTrace = 60;

export function createServer<Event>(ports: ServePorts<Event>): Server<Event> {
  const { handlers, feed, trace } = ports;
  let following = false;
  let cancel: (() => void) | null = null;

  const flush = () => {
    cancel?.();
    cancel = null;
    if (!following) return;
    const batch = feed.next();
    if (batch !== null) ports.send(batch);
  };
  const schedule = () => {
    if (!following || cancel !== null) return;
    cancel = ports.after(ports.visible() ? pace.visible : pace.hidden, flush);
  };

  const snapshot = () => {
    // What is due is part of the snapshot; a batch that is sent after it has the next number.
    cancel?.();
    cancel = null;
    following = true;
    return feed.snapshot();
  };
  const refuse = (why: string): Reply => {
    trace(`ipc: refused: ${why}`);
    return { refused: why };
  };
  const run = async (name: CommandName, argument: unknown): Promise<Reply> => {
    const checked = checkArgument(name, argument);
    if (checked.ok) {
      if (name === 'snapshot') return { value: snapshot() };
      const handler = handlers[name] as (argument: unknown) => unknown;
      return { value: await handler(checked.value) };
    }
    const refusal = refuse(`${name}: ${checked.problem}`);
    // The one bound that an honest person can meet; the window keeps the text and shows the words.
    const tooLong = name === 'send' && isTooLong(argument);
    return tooLong ? { value: { ok: false, reason: { code: 'too-long' } } } : refusal;
  };

  return {
    async call(event, name, argument) {
      if (!ports.trusted(event)) return refuse('a stranger');
      if (!isCommand(name)) {
        return refuse(`no command ${typeof name === 'string' ? name.slice(0, nameInTrace) : typeof name}`);
      }
      try {
        return await run(name, argument);
      } catch (error) {
        return refuse(`${name} failed: ${String(error)}`);
      }
    },
    changed: schedule,
    shown: flush,
    reset() {
      following = false;
      cancel?.();
      cancel = null;
    },
  };
}

function isTooLong(argument: unknown): boolean {
  const html = (argument as { html?: unknown } | null)?.html;
  const result = checkArgument('send', { discussion: 'any', html });
  return typeof html === 'string' && !result.ok;
}
