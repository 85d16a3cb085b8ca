// The page ends or stops answering, and the program goes on: everything that counts is in the main process, so the page
// is started anew and shows what it showed. Only what happens over and over is asked about.
import type { CrashKind } from './crashes.ts';

/** A page that dies more often than this within the span (milliseconds) is not started again by itself. */
export const deathsAllowed = { most: 3, span: 60_000 };
/** Milliseconds after which a page that hangs is started anew, if nobody wants to wait, and is asked about again. */
export const hangPatience = 20_000;

export interface PageLifePorts {
  now(): number;
  after(milliseconds: number, run: () => void): () => void;
  /** Loads the page. */
  load(): void;
  /** Ends its process, which leads to `gone`. */
  end(): void;
  /** Asks whether to wait for a page that does not answer, until the signal says that it is over. */
  ask(signal: AbortSignal): Promise<'restart' | 'wait'>;
  /** The page died too often. */
  lost(): void;
  /** Nobody sees what happens in the page now. */
  away(): void;
  /** It answers again. */
  back(): void;
  record(kind: CrashKind, reason: string, code?: number): void;
}

export interface PageLife {
  gone(reason: string, code: number): void;
  unresponsive(): void;
  responsive(): void;
}

export function createPageLife(ports: PageLifePorts): PageLife {
  let deaths: number[] = [];
  /** While the page hangs: what ends the question. */
  let asking: (() => void) | null = null;
  let endedByUs = false;

  function restart(): void {
    asking?.();
    endedByUs = true;
    ports.end();
  }

  function ask(): void {
    const over = new AbortController();
    const cancel = ports.after(hangPatience, restart);
    asking = () => {
      asking = null;
      cancel();
      over.abort();
    };
    void ports.ask(over.signal).then((answer) => {
      if (over.signal.aborted) return;
      if (answer === 'restart') return restart();
      cancel();
      const cancelAgain = ports.after(hangPatience, ask);
      asking = () => {
        asking = null;
        cancelAgain();
      };
    });
  }

  return {
    gone(reason, code) {
      asking?.();
      ports.away();
      const expected = endedByUs;
      endedByUs = false;
      if (reason === 'clean-exit') return;
      if (!expected) ports.record('page', reason, code);
      deaths = [...deaths.filter((at) => ports.now() - at < deathsAllowed.span), ports.now()];
      if (deaths.length > deathsAllowed.most) return ports.lost();
      ports.load();
    },
    unresponsive() {
      if (asking !== null) return;
      ports.record('hang', 'unresponsive');
      ports.away();
      ask();
    },
    responsive() {
      if (asking === null) return;
      asking();
      ports.back();
    },
  };
}
