export interface Seeded {
  /** 0 <= value < limit */
  below(limit: number): number;
  of<T>(items: readonly [T, ...T[]] | readonly T[]): T;
  chance(percent: number): boolean;
}

/** The same numbers for the same seed, on every machine: worlds must not change from run to run. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    of: <T>(items: readonly T[]): T => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to choose from');
      return item;
    },
    chance: (percent) => below(100) < percent,
  };
}
