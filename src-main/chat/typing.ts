// 'I am typing', told to the peer: often enough to be believed, and no more often than that.
import type { Address, World } from '../pbx/index.ts';

/** How often it is repeated while somebody types, and when it ends by itself, in milliseconds. */
const repeatAfter = 4_000;
const endsAfter = 8_000;

export interface TypingOut {
  typing(to: Address, key: string, typing: boolean): void;
  /** Another discussion, a message that goes out, or the end: whoever was told that somebody types is told that not. */
  stop(): void;
}

export function createTypingOut(world: World, send: (to: Address, typing: boolean) => void): TypingOut {
  let current: { key: string; to: Address; sentAt: number; cancel: () => void } | null = null;

  const stop = (): void => {
    if (!current) return;
    const { to, cancel } = current;
    current = null;
    cancel();
    send(to, false);
  };

  return {
    stop,
    typing(to, key, typing) {
      if (current && current.key !== key) stop();
      if (!typing) return stop();
      const now = world.now();
      const due = !current || now - current.sentAt >= repeatAfter;
      current?.cancel();
      current = {
        key,
        to,
        sentAt: due ? now : (current?.sentAt ?? now),
        cancel: world.after(endsAfter, stop),
      };
      if (due) send(to, true);
    },
  };
}
