// Whether this desktop shows tray icons. Electron makes a tray icon in any case and cannot say whether anybody draws it;
// on Linux the panel that does is a name on the session bus. (Panels that only know the older XEmbed icons are taken
// for none: a window that cannot be brought back is worse than one that stays.)
import { watchNames, type SessionBus } from './session-bus.ts';

const watcher = 'org.kde.StatusNotifierWatcher';

/** Calls `change` with whether there is a tray, first when that is known and then whenever it changes. */
export async function watchTrayHost(
  platform: NodeJS.Platform,
  bus: () => Promise<SessionBus | null>,
  change: (present: boolean) => void,
): Promise<void> {
  if (platform !== 'linux') return change(true);
  const connection = await bus();
  if (connection === null) return change(false);
  const daemon = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
  };
  watchNames(connection, (name, taken) => {
    if (name === watcher) change(taken);
  });
  try {
    const [owned] = await connection.call({
      ...daemon,
      member: 'NameHasOwner',
      signature: 's',
      body: [watcher],
      timeout: 3000,
    });
    change(owned === true);
  } catch {
    change(false);
  }
}
