// Updates of the program itself. They are looked for some time after the start and then a few times a day, loaded in the
// background, and put in place when the program ends, or when somebody asks for it: never while somebody types.
import { toPlain, toSafeHtml } from '../chat/rich-text.ts';
import type { Store } from '../chat/store.ts';
import type { UpdateOff } from '../ipc/contract.ts';
import { checkFeed, nextUpdate, updateReason, type UpdateEvent } from './update-steps.ts';

/** electron-updater, as far as it is needed. Its events arrive at the listener it was loaded with. */
export interface Updater {
  /** Rejects when it cannot be found out. */
  check(): Promise<void>;
  /** Ends the program, and starts the new one. */
  restart(): void;
}

export interface UpdatePorts {
  store: Store;
  /** Why this installation does not update itself; null: it may. */
  obstacle: UpdateOff | null;
  /** Where updates come from, as it is set now; empty: nowhere. */
  feed(): string;
  /** Made when it is needed first. */
  load(url: string, listener: (event: UpdateEvent) => void): Promise<Updater>;
  after(milliseconds: number, run: () => void): () => void;
  trace(text: string): void;
}

/** Milliseconds from the start to the first look, and between two. */
export const firstLook = 30_000;
export const betweenLooks = 6 * 3_600_000;
/** UTF-16 units of release notes. */
const longestNotes = 20_000;

export function createUpdates(ports: UpdatePorts) {
  const { store } = ports;
  let updater: { url: string; made: Promise<Updater> } | null = null;
  const take = (event: UpdateEvent) => {
    const before = store.state().app.update;
    const update = nextUpdate(before, event);
    if (update === before) return;
    store.dispatch({ type: 'app/changed', app: { update } });
    if (update.state !== 'ready') return;
    const { version } = update;
    store.dispatch({ type: 'app/noticed', notice: { id: 'update', code: 'update-ready', detail: version } });
  };
  /** The feed may be set and taken away while the program runs. */
  const settle = (): string | null => {
    const feed = checkFeed(ports.feed());
    const off = ports.obstacle ?? ('off' in feed ? feed.off : null);
    const { update } = store.state().app;
    if (off !== null) {
      if (update.state !== 'off' || update.reason !== off)
        store.dispatch({ type: 'app/changed', app: { update: { state: 'off', reason: off } } });
    } else if (update.state === 'off') {
      store.dispatch({ type: 'app/changed', app: { update: { state: 'idle', checkedAt: null } } });
    }
    return off === null && 'url' in feed ? feed.url : null;
  };

  async function look(): Promise<void> {
    const url = settle();
    const { state } = store.state().app.update;
    if (url === null || state === 'checking' || state === 'loading' || state === 'ready') return;
    take({ type: 'checking' });
    try {
      if (updater?.url !== url) updater = { url, made: ports.load(url, take) };
      await (await updater.made).check();
    } catch (error) {
      ports.trace(`updates: ${String(error)}`);
      take({ type: 'failed', reason: updateReason(error as Error) });
    }
  }
  const schedule = (milliseconds: number) =>
    void ports.after(milliseconds, () => {
      void look();
      schedule(betweenLooks);
    });

  return {
    /** Once, at the start: says where it stands, and looks later. */
    begin(): void {
      settle();
      schedule(firstLook);
    },
    commands: {
      async checkForUpdates(): Promise<null> {
        await look();
        return null;
      },
      async installUpdate(): Promise<null> {
        if (store.state().app.update.state === 'ready') (await updater?.made)?.restart();
        return null;
      },
    },
  };
}

/** Release notes of a feed (HTML, or a list of them by version) as plain text: a feed is not trusted with more. */
export function plainNotes(notes: unknown): string {
  const plain = (part: unknown): string => {
    if (typeof part !== 'string') return '';
    const text = part.slice(0, longestNotes);
    return (/<[a-z!/]/i.test(text) ? toPlain(toSafeHtml(text)) : text).trim();
  };
  const parts = Array.isArray(notes)
    ? notes.map((one: { version?: unknown; note?: unknown } | null) =>
        [plain(one?.version), plain(one?.note)].join('\n').trim(),
      )
    : [plain(notes)];
  return parts.join('\n\n').slice(0, longestNotes).trim();
}
