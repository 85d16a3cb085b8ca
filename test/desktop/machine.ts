// What tells a program on Linux of the machine: the login service, which announces sleep, and the screen saver of a
// desktop, which announces the lock. And input, as hands make it.
import dbus from 'dbus-next';
import { findProgram, start } from '../../scripts/processes.mjs';
import type { PrivateBus } from './private-bus.ts';

const { Interface } = dbus.interface;

export interface LoginService {
  /** The machine is about to sleep. */
  sleep(): void;
  wake(): void;
}

/** org.freedesktop.login1; `bus` stands in for the one of the system. It lets nobody delay the sleep. */
export async function serveLogin(bus: PrivateBus): Promise<LoginService> {
  const name = 'org.freedesktop.login1';
  class Manager extends Interface {
    Inhibit(): never {
      throw new dbus.DBusError('org.freedesktop.DBus.Error.AccessDenied', 'not here');
    }
    PrepareForSleep(going: boolean) {
      return going;
    }
  }
  Manager.configureMembers({
    methods: { Inhibit: { inSignature: 'ssss', outSignature: 'h' } },
    signals: { PrepareForSleep: { signature: 'b' } },
  });
  const manager = new Manager(`${name}.Manager`);
  await bus.serve(name, { '/org/freedesktop/login1': manager });
  return { sleep: () => manager.PrepareForSleep(true), wake: () => manager.PrepareForSleep(false) };
}

export interface ScreenSaver {
  lock(): void;
  unlock(): void;
}

/** The screen saver of GNOME, on the session bus. */
export async function serveScreenSaver(bus: PrivateBus): Promise<ScreenSaver> {
  const name = 'org.gnome.ScreenSaver';
  class Saver extends Interface {
    ActiveChanged(active: boolean) {
      return active;
    }
  }
  Saver.configureMembers({ signals: { ActiveChanged: { signature: 'b' } } });
  const saver = new Saver(name);
  await bus.serve(name, { '/org/gnome/ScreenSaver': saver });
  return { lock: () => saver.ActiveChanged(true), unlock: () => saver.ActiveChanged(false) };
}

/** Why nothing can be typed here from outside of a program; null: it can. */
export const inputMissing = findProgram('xdotool') === null ? 'xdotool is not installed' : null;
if (inputMissing !== null) console.log(`skipped: tests with real input: ${inputMissing}`);

/** `xdotool` on the display of `env`, to its end. */
export async function input(env: Record<string, string>, ...args: string[]): Promise<void> {
  await start('xdotool', args, { env: { ...process.env, ...env } }).exited;
}
