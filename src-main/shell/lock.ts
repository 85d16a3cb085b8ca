// Whether the screen is locked. Windows and macOS tell Electron. On Linux there are two who may know: the desktop's screen
// saver, which tells the session bus under the name of its kind, and the login service, which lockers tell that are no
// part of a desktop (`LockedHint` of org.freedesktop.login1). Both are asked as well, because a screen can be locked
// already when the program starts.
import { watchNames, type BusCall, type BusValue, type SessionBus } from './session-bus.ts';

export interface LockPorts {
  platform: NodeJS.Platform;
  monitor: { on(event: 'lock-screen' | 'unlock-screen', listener: () => void): unknown };
  bus(): Promise<SessionBus | null>;
  systemBus(): Promise<SessionBus | null>;
  change(locked: boolean): void;
}

/** Says what one source says from now on. */
type Tell = (source: string, locked: boolean) => void;

/** Names on the bus, which are those of the interfaces too, and of the places. */
const screenSavers = [
  'org.gnome.ScreenSaver',
  'org.freedesktop.ScreenSaver',
  'org.cinnamon.ScreenSaver',
  'org.mate.ScreenSaver',
  'org.xfce.ScreenSaver',
];
const login = 'org.freedesktop.login1';
const properties = 'org.freedesktop.DBus.Properties';
/** Milliseconds. */
const patience = 3000;

export async function watchLock(ports: LockPorts): Promise<void> {
  const { platform, monitor, change } = ports;
  if (platform !== 'linux') {
    monitor.on('lock-screen', () => change(true));
    monitor.on('unlock-screen', () => change(false));
    return;
  }
  const tell = anyOf(change);
  await Promise.all([
    ports.bus().then((bus) => bus && watchScreenSavers(bus, tell)),
    ports.systemBus().then((bus) => bus && watchLogin(bus, tell)),
  ]);
}

/** Locked as long as one source says so. */
function anyOf(change: (locked: boolean) => void): Tell {
  const saying = new Set<string>();
  return (source, locked) => {
    const before = saying.size > 0;
    if (locked) saying.add(source);
    else saying.delete(source);
    const now = saying.size > 0;
    if (now !== before) change(now);
  };
}

async function watchScreenSavers(bus: SessionBus, tell: Tell): Promise<void> {
  watchNames(bus, (name, taken) => {
    // One that has ended locks nothing any more, and will not say so.
    if (screenSavers.includes(name) && !taken) tell(name, false);
  });
  const watched = screenSavers.map(async (name) => {
    bus.listen({ interface: name, member: 'ActiveChanged' }, ({ body: [active] }) => {
      if (typeof active === 'boolean') tell(name, active);
    });
    const of = { destination: name, path: `/${name.replaceAll('.', '/')}`, interface: name };
    const active = await ask(bus, { ...of, member: 'GetActive' });
    if (active === true) tell(name, true);
  });
  await Promise.all(watched);
}

async function watchLogin(bus: SessionBus, tell: Tell): Promise<void> {
  const session = await ownSession(bus);
  if (session === null) return;
  const of = `${login}.Session`;
  const read = async () => {
    const hint = await ask(bus, {
      ...{ destination: login, path: session, interface: properties, member: 'Get' },
      ...{ signature: 'ss', body: [of, 'LockedHint'] },
    });
    if (hint !== null && typeof hint === 'object' && 'value' in hint) tell(login, hint.value === true);
  };
  // A signal may be anybody's on the bus of the machine, and need not have the value: the service has it.
  bus.listen({ path: session, interface: properties, member: 'PropertiesChanged' }, ({ body }) => {
    if (body[0] === of) void read();
  });
  await read();
}

/**
 * The path of the session of this program: that it runs in, or, where it was started by the service manager of the user
 * and runs in none, that with the user's display ('auto', since systemd 243). Older ones know the first kind only.
 */
async function ownSession(bus: SessionBus): Promise<string | null> {
  const of = { destination: login, path: '/org/freedesktop/login1', interface: `${login}.Manager` };
  const path =
    (await ask(bus, { ...of, member: 'GetSession', signature: 's', body: ['auto'] })) ??
    (await ask(bus, { ...of, member: 'GetSessionByPID', signature: 'u', body: [process.pid] }));
  return typeof path === 'string' ? path : null;
}

/** The first value of the answer; null: nobody there, or no answer. Nobody is started to give one. */
async function ask(bus: SessionBus, call: Omit<BusCall, 'timeout' | 'activate'>): Promise<BusValue | null> {
  try {
    const [value = null] = await bus.call({ ...call, activate: false, timeout: patience });
    return value;
  } catch {
    return null;
  }
}
