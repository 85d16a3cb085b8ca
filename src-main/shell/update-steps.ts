// Updates as a matter of states: where this program may update itself, from where, and what follows what. Pure.
import type { Instant, Reason, UpdateOff, UpdateReason, UpdateView } from '../ipc/contract.ts';
import { isLoopback } from './arguments.ts';

export interface Installation {
  platform: NodeJS.Platform;
  packaged: boolean;
  /** Path of the executable. */
  executable: string;
  /** Linux: the file that an AppImage was started from; empty: it is none. */
  appImage: string;
  /** Windows: the uninstaller that only our own set-up leaves beside the program. */
  uninstaller: boolean;
  /** Windows: the publisher that a signature has to name is written into the program. */
  publisher: boolean;
}

/** Why this installation does not update itself; null: it may. */
export function updateObstacle(of: Installation): UpdateOff | null {
  if (!of.packaged) return 'not-installed';
  if (of.platform === 'darwin' || of.appImage !== '') return null;
  // Without a name to look for, the signature of what was downloaded would say nothing.
  if (of.platform === 'win32' && of.uninstaller) return of.publisher ? null : 'unsigned';
  const system = /^(?:\/usr\/|\/opt\/|\/snap\/|\/app\/|[a-z]:\\Program Files)/i;
  return system.test(of.executable) ? 'package-manager' : 'not-installed';
}

/** The address of a feed as it may be asked; TLS, but for this computer. */
export function checkFeed(typed: string): { url: string } | { off: UpdateOff } {
  if (typed.trim() === '') return { off: 'no-feed' };
  try {
    const url = new URL(typed.trim());
    if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.href)))
      return { url: url.href };
  } catch {
    // Not an address at all.
  }
  return { off: 'insecure-feed' };
}

export type UpdateEvent =
  | { type: 'checking' }
  | { type: 'none'; at: Instant }
  /** `notes`: plain text. */
  | { type: 'found'; version: string; notes: string }
  | { type: 'progress'; percent: number }
  | { type: 'loaded' }
  | { type: 'failed'; reason: Reason<UpdateReason> };

/** What does not fit is left out of account: an updater that goes on after it failed changes nothing. */
export function nextUpdate(before: UpdateView, event: UpdateEvent): UpdateView {
  if (before.state === 'off') return before;
  switch (event.type) {
    case 'checking':
      // What was loaded stays ready, whatever a later look finds out.
      return before.state === 'ready' || before.state === 'loading' ? before : { state: 'checking' };
    case 'none':
      return before.state === 'checking' ? { state: 'idle', checkedAt: event.at } : before;
    case 'found':
      if (before.state !== 'checking') return before;
      return { state: 'loading', version: event.version, notes: event.notes, percent: 0 };
    case 'progress':
      if (before.state !== 'loading') return before;
      return { ...before, percent: Math.max(before.percent, Math.min(100, Math.floor(event.percent))) };
    case 'loaded':
      if (before.state !== 'loading') return before;
      return { state: 'ready', version: before.version, notes: before.notes };
    case 'failed':
      return before.state === 'ready' || before.state === 'idle'
        ? before
        : { state: 'failed', reason: event.reason };
  }
}

/** Why it failed, from what electron-updater, the network and the disk call it. */
export function updateReason(error: { code?: unknown; message?: unknown }): Reason<UpdateReason> {
  const code = typeof error.code === 'string' ? error.code : '';
  const message = typeof error.message === 'string' ? error.message : '';
  const detail = code || (message.split('\n')[0] ?? '').slice(0, 200);
  if (/CHECKSUM_MISMATCH|INVALID_SIGNATURE|checksum mismatch/i.test(`${code} ${message}`)) {
    return { code: 'not-verified', detail };
  }
  if (/ENOSPC|EDQUOT/.test(`${code} ${message}`)) return { code: 'no-space', detail };
  if (
    /net::|HTTP_ERROR|CHANNEL_FILE_NOT_FOUND|ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN/.test(`${code} ${message}`)
  ) {
    return { code: 'unreachable', detail };
  }
  return { code: 'failed', detail };
}
