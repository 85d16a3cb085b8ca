// What an administrator says about starting with the computer, against what the system has. Pure.
import type { Autostart } from '../ipc/contract.ts';

export interface AutostartPolicy {
  /** It is to be so; null: the person decides. */
  locked: Autostart | null;
  /** It is to be so until the person decides. */
  recommended: Autostart;
  /** The person has decided, or the recommendation was followed once: from then on it is theirs. */
  chosen: boolean;
}

/** What has to be written; null: it stays as it is. Without a lock nothing is switched on that somebody switched off. */
export function dueAutostart(
  { locked, recommended, chosen }: AutostartPolicy,
  now: Autostart,
): Autostart | null {
  const due = locked ?? (chosen || now !== 'off' ? now : recommended);
  return due === now ? null : due;
}
