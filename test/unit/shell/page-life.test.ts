import { describe, expect, it } from 'vitest';
import { createPageLife, deathsAllowed, hangPatience } from '../../../src-main/shell/page-life.ts';
import { manualWorld } from '../chat/manual-world.ts';

function setup() {
  const world = manualWorld();
  const done: string[] = [];
  let answer: (value: 'restart' | 'wait') => void = () => {};
  const life = createPageLife({
    now: world.now,
    after: world.after,
    load: () => done.push('load'),
    end: () => {
      done.push('end');
      life.gone('killed', 9);
    },
    ask: (signal) => {
      done.push('ask');
      signal.addEventListener('abort', () => done.push('question over'));
      return new Promise((resolve) => (answer = resolve));
    },
    lost: () => done.push('lost'),
    away: () => done.push('away'),
    back: () => done.push('back'),
    record: (kind, reason) => done.push(`record ${kind} ${reason}`),
  });
  return {
    world,
    life,
    took: () => done.splice(0),
    async say(value: 'restart' | 'wait') {
      answer(value);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('a page that ends', () => {
  it('is recorded and started anew, and nobody counts as reading meanwhile', () => {
    const { life, took } = setup();
    life.gone('crashed', 11);
    expect(took()).toEqual(['away', 'record page crashed', 'load']);
  });

  it('is let go when it ends as it should', () => {
    const { life, took } = setup();
    life.gone('clean-exit', 0);
    expect(took()).toEqual(['away']);
  });

  it('is not started over and over, but again after a while', async () => {
    const { life, took, world } = setup();
    for (let times = 0; times < deathsAllowed.most; times++) life.gone('crashed', 11);
    expect(took().filter((what) => what === 'load')).toHaveLength(deathsAllowed.most);
    life.gone('crashed', 11);
    expect(took()).toEqual(['away', 'record page crashed', 'lost']);
    await world.pass(deathsAllowed.span);
    life.gone('crashed', 11);
    expect(took()).toContain('load');
  });
});

describe('a page that does not answer', () => {
  it('is asked about, and restarted when somebody says so: recorded once', async () => {
    const { life, took, say } = setup();
    life.unresponsive();
    expect(took()).toEqual(['record hang unresponsive', 'away', 'ask']);
    life.unresponsive();
    expect(took()).toEqual([]);
    await say('restart');
    expect(took()).toEqual(['question over', 'end', 'away', 'load']);
  });

  it('is restarted by itself when nobody answers either', async () => {
    const { life, took, world } = setup();
    life.unresponsive();
    took();
    await world.pass(hangPatience - 1);
    expect(took()).toEqual([]);
    await world.pass(1);
    expect(took()).toEqual(['question over', 'end', 'away', 'load']);
  });

  it('is waited for when somebody wants to, and asked about again', async () => {
    const { life, took, world, say } = setup();
    life.unresponsive();
    took();
    await say('wait');
    await world.pass(hangPatience - 1);
    expect(took()).toEqual([]);
    await world.pass(1);
    expect(took()).toEqual(['ask']);
    await world.pass(hangPatience);
    expect(took()).toEqual(['question over', 'end', 'away', 'load']);
  });

  it('goes on as before when it answers again, and nothing happens later', async () => {
    const { life, took, world, say } = setup();
    life.unresponsive();
    took();
    life.responsive();
    expect(took()).toEqual(['question over', 'back']);
    await say('restart');
    await world.pass(hangPatience * 2);
    life.responsive();
    expect(took()).toEqual([]);
    // After 'wait' too.
    life.unresponsive();
    await say('wait');
    life.responsive();
    took();
    await world.pass(hangPatience * 2);
    expect(took()).toEqual([]);
  });
});
