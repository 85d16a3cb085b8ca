import { describe, expect, it } from 'vitest';
import { mutedUntil, watchMute } from '../../../src-main/shell/mute.ts';
import { appStore } from './app-store.ts';

const hour = 3_600_000;
const local = (text: string) => new Date(text).getTime();

describe('muting', () => {
  it('is for an hour, until the next morning, or over', () => {
    const now = local('2026-03-04T15:20:00');
    expect(mutedUntil('hour', now)).toBe(now + hour);
    expect(mutedUntil('tomorrow', now)).toBe(local('2026-03-05T08:00:00'));
    expect(mutedUntil('tomorrow', local('2026-03-31T23:59:59'))).toBe(local('2026-04-01T08:00:00'));
    expect(mutedUntil('tomorrow', local('2026-04-01T00:00:00'))).toBe(local('2026-04-02T08:00:00'));
    expect(mutedUntil('never', now)).toBe(0);
  });

  function setup(until: number) {
    const clock = { now: 0 };
    const store = appStore({ mutedUntil: until });
    const waits: number[] = [];
    let next: (() => void) | null = null;
    let ended = 0;
    const mute = (mutedUntil: number) => store.prefer({ mutedUntil });
    const stop = watchMute({
      store,
      now: () => clock.now,
      after(milliseconds, run) {
        waits.push(milliseconds);
        next = run;
        return () => (next = null);
      },
      end() {
        ended += 1;
        mute(0);
      },
    });
    const pass = (milliseconds: number) => {
      clock.now += milliseconds;
      next?.();
    };
    return { waits, pass, mute, stop, waiting: () => next !== null, ended: () => ended };
  }

  it('ends by itself, also when the machine slept over its end', () => {
    const { waits, pass, ended, waiting } = setup(90_000);
    expect(waits).toEqual([60_000]);
    pass(60_000);
    expect([waits, ended()]).toEqual([[60_000, 30_000], 0]);
    pass(8 * hour);
    expect([ended(), waiting()]).toEqual([1, false]);
  });

  it('that ended while the program was not running ends at its start', () => {
    expect(setup(-1).ended()).toBe(1);
  });

  it('can be made longer, taken back, and is not watched for ever', () => {
    const { mute, pass, ended, waiting, stop } = setup(0);
    expect(waiting()).toBe(false);
    mute(30_000);
    mute(90_000);
    pass(40_000);
    expect(ended()).toBe(0);
    mute(0);
    expect(waiting()).toBe(false);
    mute(90_000);
    expect(waiting()).toBe(true);
    stop();
    expect(waiting()).toBe(false);
  });
});
