// A clock that moves only when a test says so.
import type { World } from '../../../src-main/pbx/index.ts';

export interface ManualWorld extends World {
  /** Runs everything that is due in the next `milliseconds`, in order. */
  pass(milliseconds: number): Promise<void>;
  timers(): number;
}

/** Lets everything that waits on promises go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function manualWorld(start = 1_700_000_000_000): ManualWorld {
  let now = start;
  let count = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  return {
    now: () => now,
    after(milliseconds, run) {
      const id = ++count;
      timers.set(id, { at: now + milliseconds, run });
      return () => void timers.delete(id);
    },
    random: (bytes) => {
      const id = ++count;
      return Uint8Array.from({ length: bytes }, (_, index) => (id >> (8 * index)) & 0xff);
    },
    trace: () => undefined,
    timers: () => timers.size,
    async pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await settled();
        const due = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
        if (!due) break;
        const [id, { at, run }] = due;
        timers.delete(id);
        now = Math.max(now, at);
        run();
      }
      now = end;
      await settled();
    },
  };
}
