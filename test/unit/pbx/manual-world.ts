import type { TraceLine, World } from '../../../src-main/pbx/index.ts';

export interface ManualWorld extends World {
  /** Runs what is due within that time, in order. */
  advance(milliseconds: number): void;
  /** Timers that are still to run. */
  readonly timers: number;
  readonly traces: TraceLine[];
}

export const start = Date.UTC(2026, 0, 5, 9, 0, 0);

/** A world whose time moves by hand. */
export function createManualWorld(): ManualWorld {
  let now = start;
  let timers: { at: number; run: () => void }[] = [];
  const traces: TraceLine[] = [];
  return {
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    random: (bytes) => new Uint8Array(bytes).fill(7),
    trace: (line) => void traces.push(line),
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers = timers.filter((other) => other !== due);
        now = due.at;
        due.run();
      }
      now = end;
    },
    get timers() {
      return timers.length;
    },
    traces,
  };
}
