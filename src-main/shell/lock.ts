// Whether the screen is locked. Windows and macOS tell Electron; on Linux the desktop's screen saver tells the session
// bus, under the name of its kind.
import type { SessionBus } from './session-bus.ts';

export interface LockPorts {
  platform: NodeJS.Platform;
  monitor: { on(event: 'lock-screen' | 'unlock-screen', listener: () => void): unknown };
  bus(): Promise<SessionBus | null>;
  /** May be told the same twice. */
  change(locked: boolean): void;
}

const screenSavers = [
  'org.gnome.ScreenSaver',
  'org.freedesktop.ScreenSaver',
  'org.cinnamon.ScreenSaver',
  'org.mate.ScreenSaver',
  'org.xfce.ScreenSaver',
];

export async function watchLock({ platform, monitor, bus, change }: LockPorts): Promise<void> {
  if (platform !== 'linux') {
    monitor.on('lock-screen', () => change(true));
    monitor.on('unlock-screen', () => change(false));
    return;
  }
  const connection = await bus();
  for (const name of screenSavers) {
    connection?.listen({ interface: name, member: 'ActiveChanged' }, ({ body }) => {
      if (typeof body[0] === 'boolean') change(body[0]);
    });
  }
}
