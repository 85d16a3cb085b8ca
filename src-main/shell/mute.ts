// Muting the notifications for a while: until when that is, and its end.
import type { Store } from '../chat/store.ts';
import type { Instant } from '../ipc/contract.ts';
import type { MuteChoice } from '../ipc/own-choices.ts';

/** The hour of the morning, local time, at which 'until tomorrow' ends. */
const morning = 8;
/** Milliseconds between two looks at the clock at most: timers stand still while the machine sleeps. */
const longestWait = 60_000;

/** 0 is 'not muted'. */
export function mutedUntil(until: MuteChoice, now: Instant): Instant {
  switch (until) {
    case 'hour':
      return now + 3_600_000;
    case 'tomorrow':
      return new Date(new Date(now).setHours(24, 0, 0, 0)).setHours(morning);
    case 'never':
      return 0;
  }
}

export interface MutePorts {
  store: Store;
  now(): Instant;
  /** Returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  /** The time has come. */
  end(): void;
}

/** A mute that is over is taken back, so that nothing shows it as standing. */
export function watchMute({ store, now, after, end }: MutePorts): () => void {
  const standing = () => store.state().app.preferences.mutedUntil;
  let watched = 0;
  let cancel = () => {};
  const look = () => {
    cancel();
    watched = standing();
    if (watched === 0) return;
    const left = watched - now();
    if (left > 0) cancel = after(Math.min(left, longestWait), look);
    else end();
  };
  look();
  const ignore = store.subscribe(() => standing() !== watched && look());
  return () => {
    ignore();
    cancel();
  };
}
