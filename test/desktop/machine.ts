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
  /** Somebody has locked the session of the program, and told the service so. */
  lock(): void;
  unlock(): void;
  /** The same in a session of somebody else. */
  lockElsewhere(): void;
  /** How often somebody has asked whether a session is locked. */
  asked(): number;
  /** Of the session of the program. */
  path: string;
}

export interface LoginOptions {
  /** By what the session of the program is found: its display, its process, which services from before 243 know alone. */
  session?: 'auto' | 'pid' | 'none';
}

/** org.freedesktop.login1; `bus` stands in for the one of the system. It lets nobody delay the sleep. */
export async function serveLogin(
  bus: PrivateBus,
  { session = 'auto' }: LoginOptions = {},
): Promise<LoginService> {
  const name = 'org.freedesktop.login1';
  const paths = { own: '/org/freedesktop/login1/session/_32', other: '/org/freedesktop/login1/session/_33' };
  let asked = 0;
  const found = (by: string) => {
    if (by === session) return paths.own;
    throw new dbus.DBusError(`${name}.NoSuchSession`, `none for '${by}'`);
  };
  class Manager extends Interface {
    Inhibit(): never {
      throw new dbus.DBusError('org.freedesktop.DBus.Error.AccessDenied', 'not here');
    }
    GetSession(id: string) {
      return found(id);
    }
    GetSessionByPID() {
      return found('pid');
    }
    PrepareForSleep(going: boolean) {
      return going;
    }
  }
  Manager.configureMembers({
    methods: {
      Inhibit: { inSignature: 'ssss', outSignature: 'h' },
      GetSession: { inSignature: 's', outSignature: 'o' },
      GetSessionByPID: { inSignature: 'u', outSignature: 'o' },
    },
    signals: { PrepareForSleep: { signature: 'b' } },
  });
  class LoginSession extends Interface {
    #locked = false;
    get LockedHint() {
      asked++;
      return this.#locked;
    }
    hint(locked: boolean) {
      this.#locked = locked;
      Interface.emitPropertiesChanged(this, { LockedHint: locked }, []);
    }
  }
  LoginSession.configureMembers({
    properties: { LockedHint: { signature: 'b', access: dbus.interface.ACCESS_READ } },
  });
  const manager = new Manager(`${name}.Manager`);
  const [own, other] = [new LoginSession(`${name}.Session`), new LoginSession(`${name}.Session`)];
  await bus.serve(name, { '/org/freedesktop/login1': manager, [paths.own]: own, [paths.other]: other });
  return {
    sleep: () => manager.PrepareForSleep(true),
    wake: () => manager.PrepareForSleep(false),
    lock: () => own.hint(true),
    unlock: () => own.hint(false),
    lockElsewhere: () => other.hint(true),
    asked: () => asked,
    path: paths.own,
  };
}

export interface ScreenSaver {
  lock(): void;
  unlock(): void;
  /** Ends without a word. */
  stop(): Promise<unknown>;
}

/** A screen saver on the session bus, of GNOME if nothing else is said. */
export async function serveScreenSaver(
  bus: PrivateBus,
  name = 'org.gnome.ScreenSaver',
): Promise<ScreenSaver> {
  class Saver extends Interface {
    #active = false;
    GetActive() {
      return this.#active;
    }
    ActiveChanged(active: boolean) {
      this.#active = active;
      return active;
    }
  }
  Saver.configureMembers({
    methods: { GetActive: { outSignature: 'b' } },
    signals: { ActiveChanged: { signature: 'b' } },
  });
  const saver = new Saver(name);
  const stop = await bus.serve(name, { [`/${name.replaceAll('.', '/')}`]: saver });
  return { lock: () => saver.ActiveChanged(true), unlock: () => saver.ActiveChanged(false), stop };
}

/** Why nothing can be typed here from outside of a program; null: it can. */
export const inputMissing = findProgram('xdotool') === null ? 'xdotool is not installed' : null;
if (inputMissing !== null) console.log(`skipped: tests with real input: ${inputMissing}`);

/** `xdotool` on the display of `env`, to its end. */
export async function input(env: Record<string, string>, ...args: string[]): Promise<void> {
  await start('xdotool', args, { env: { ...process.env, ...env } }).exited;
}
