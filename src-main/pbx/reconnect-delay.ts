import type { PbxSettings, World } from './index.ts';

/**
 * Protocol, section 3: the pause before the next attempt in milliseconds, 1 s doubling to 32 s. The jitter takes up to
 * a quarter off, so that the clients of a PBX which restarts do not all come back in the same moment.
 */
export function reconnectDelay(
  failures: number,
  settings: Pick<PbxSettings, 'reconnectFirst' | 'reconnectLast'>,
  world: Pick<World, 'random'>,
): number {
  const full = Math.min(settings.reconnectLast, settings.reconnectFirst * 2 ** failures);
  const jitter = (world.random(1)[0] ?? 0) / 255;
  return Math.round(full * (1 - jitter / 4));
}
