// What the session hears of the machine it runs on: who is at it, whether it is locked, sleeps, or has a network, and
// which way leads out of it.
import { net, powerMonitor, session as electronSession } from 'electron';
import type { Session } from '../chat/ports.ts';
import { watchActivity } from './activity.ts';
import { after, every } from './launch.ts';
import { watchLock } from './lock.ts';
import { watchPower } from './power.ts';
import type { SessionBus } from './session-bus.ts';

export interface MachinePorts {
  session: Pick<Session, 'activity' | 'locked' | 'power'>;
  bus(): Promise<SessionBus | null>;
  systemBus(): Promise<SessionBus | null>;
  /** Minutes. */
  awayAfter(): number;
  /** Runs when there is something to see. */
  afterPaint(run: () => void): void;
}

/** After Electron is ready. */
export function watchMachine({ session, bus, systemBus, awayAfter, afterPaint }: MachinePorts): void {
  const monitor = powerMonitor;
  const activity = watchActivity({ monitor, awayAfter, after, report: session.activity });
  const changeLock = (locked: boolean) => {
    session.locked(locked);
    activity.lock(locked);
    // Some machines sleep without saying so, and are unlocked afterwards.
    if (!locked) session.power('resume');
  };
  const { platform } = process;
  afterPaint(() => void watchLock({ platform, monitor, bus, systemBus, change: changeLock }));
  watchPower({ monitor, isOnline: () => net.isOnline(), every, power: session.power });
}

let configured: Promise<void> | null = null;

/** As a PAC script answers: `PROXY host:port; DIRECT`. After Electron is ready. */
export async function systemProxy(url: string): Promise<string> {
  const { defaultSession } = electronSession;
  // Before it was read once on demand, Chromium's first answer may be 'direct' though there is a proxy.
  await (configured ??= defaultSession.forceReloadProxyConfig());
  return defaultSession.resolveProxy(url);
}
