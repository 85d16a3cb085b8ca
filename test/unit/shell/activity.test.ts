import { describe, expect, it } from 'vitest';
import { isActive, nextLook, watchActivity } from '../../../src-main/shell/activity.ts';

describe('somebody is active', () => {
  it.each([
    ['who has just typed', 0, false, 5, true],
    ['until the time is over', 299, false, 5, true],
    ['not from then on', 300, false, 5, false],
    ['not behind a locked screen, whatever was typed', 0, true, 5, false],
    ['however long ago it was, where no time is set', 86_400, false, 0, true],
    ['not behind a locked screen, where no time is set', 0, true, 0, false],
    ['where the system does not know', -1, false, 5, true],
    ['where the system says nonsense', NaN, false, 5, true],
  ] as const)('%s', (_what, idleSeconds, locked, awayAfter, active) => {
    expect(isActive({ idleSeconds, locked }, awayAfter)).toBe(active);
  });

  it('is looked at when it can change at the earliest, and each second while nobody is there', () => {
    expect(nextLook({ idleSeconds: 290, locked: false }, true, 5)).toBe(10_000);
    expect(nextLook({ idleSeconds: 0, locked: false }, true, 5)).toBe(60_000);
    expect(nextLook({ idleSeconds: 400, locked: false }, false, 5)).toBe(1_000);
  });
});

describe('watching', () => {
  function watch() {
    const told: boolean[] = [];
    const state = { idle: 0, awayAfter: 5 };
    let next: { milliseconds: number; run: () => void } | null = null;
    const watch = watchActivity({
      monitor: { getSystemIdleTime: () => state.idle },
      awayAfter: () => state.awayAfter,
      after(milliseconds, run) {
        const mine = { milliseconds, run };
        next = mine;
        return () => {
          if (next === mine) next = null;
        };
      },
      report: (active) => told.push(active),
    });
    return {
      told,
      state,
      ...watch,
      due: () => next,
      look: () => next?.run(),
    };
  }

  it('tells how it is, and then only what changes', () => {
    const { told, state, look } = watch();
    look();
    state.idle = 301;
    look();
    look();
    state.idle = 0;
    look();
    expect(told).toEqual([true, false, true]);
  });

  it('hears of a locked screen at once, and of the unlocked one', () => {
    const { told, lock } = watch();
    lock(true);
    lock(false);
    expect(told).toEqual([true, false, true]);
  });

  it('takes another setting at the next look', () => {
    const { told, state, look } = watch();
    state.idle = 120;
    state.awayAfter = 1;
    look();
    expect(told).toEqual([true, false]);
  });

  it('looks from one place only, and ends', () => {
    const { lock, stop, due } = watch();
    lock(true);
    expect(due()).not.toBeNull();
    stop();
    expect(due()).toBeNull();
  });
});
