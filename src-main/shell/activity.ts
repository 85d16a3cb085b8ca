// Whether somebody is at the machine, for the PBX (protocol, section 2, SetUserActivity): colleagues see 'away' when nobody
// has touched it for a while, and at once when it is locked.

export interface ActivityFacts {
  /** Seconds since the last key or movement; the system says nothing useful when it is negative. */
  idleSeconds: number;
  locked: boolean;
}

/** `awayAfter`: minutes without a key or a movement; 0 = only a locked screen counts. */
export function isActive({ idleSeconds, locked }: ActivityFacts, awayAfter: number): boolean {
  if (locked) return false;
  return awayAfter === 0 || !(idleSeconds >= awayAfter * 60);
}

/**
 * Milliseconds until the next look: when somebody who is active can be away at the earliest, though seldom enough to cost
 * nothing; often while nobody is there, so that the first key counts at once.
 */
export function nextLook({ idleSeconds }: ActivityFacts, active: boolean, awayAfter: number): number {
  if (!active) return 1_000;
  const left = (awayAfter * 60 - Math.max(0, idleSeconds)) * 1_000;
  return awayAfter === 0 ? 60_000 : Math.min(60_000, Math.max(1_000, left));
}

export interface ActivityPorts {
  monitor: { getSystemIdleTime(): number };
  /** Minutes; asked at each look, so that another setting counts at once. */
  awayAfter(): number;
  /** Runs later; returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  /** At the beginning and after each change. */
  report(active: boolean): void;
}

export interface ActivityWatch {
  /** The screen was locked or unlocked. */
  lock(locked: boolean): void;
  stop(): void;
}

export function watchActivity({ monitor, awayAfter, after, report }: ActivityPorts): ActivityWatch {
  let locked = false;
  let told: boolean | null = null;
  let cancel = () => {};
  const look = () => {
    cancel();
    const facts = { idleSeconds: monitor.getSystemIdleTime(), locked };
    const active = isActive(facts, awayAfter());
    cancel = after(nextLook(facts, active, awayAfter()), look);
    if (active !== told) report((told = active));
  };
  look();
  return {
    lock(next) {
      locked = next;
      look();
    },
    stop: () => cancel(),
  };
}
