// The count at the program's icon in the launcher of a Linux desktop: the signal com.canonical.Unity.LauncherEntry.Update
// on the session bus, which Ubuntu Dock, Dash to Dock and Plasma listen to. Sent by ourselves, because what Electron
// does for it differs between its versions and needs a library that is not everywhere.
import type { BadgeView } from '../chat/select.ts';
import { desktopEntry } from './identity.ts';
import { watchNames, type BusValue, type SessionBus } from './session-bus.ts';

/** Launchers own this name, so its owner changes when one is started. */
const launcherName = 'com.canonical.Unity';

export interface LauncherPorts {
  bus(): Promise<SessionBus | null>;
  trace(text: string): void;
}

/** A launcher forgets the counts of programs that leave the bus, so there is nothing to take back at the end. */
export function createLauncher({ bus, trace }: LauncherPorts): (view: BadgeView) => void {
  let wanted: BadgeView | null = null;
  let connection: Promise<SessionBus | null> | null = null;
  const say = (to: SessionBus | null) => {
    if (wanted !== null) to?.emit(updateOf(wanted));
  };
  const connect = async () => {
    const connected = await bus();
    if (connected === null) trace('launcher: there is no session bus');
    else watchNames(connected, (name, taken) => name === launcherName && taken && say(connected));
    return connected;
  };
  return (view) => {
    wanted = view;
    connection ??= connect();
    void connection.then(say);
  };
}

/** A launcher has no dot: where somebody wants no number, the entry asks for attention instead. */
function updateOf({ unread, badge }: BadgeView) {
  const numbered = unread > 0 && badge === 'number';
  const flag = (value: boolean) => ({ signature: 'b', value });
  const properties: BusValue[] = [
    ['count', { signature: 'x', value: numbered ? unread : 0 }],
    ['count-visible', flag(numbered)],
    ['urgent', flag(unread > 0 && badge === 'dot')],
  ];
  return {
    path: '/com/canonical/unity/launcherentry/1',
    interface: 'com.canonical.Unity.LauncherEntry',
    member: 'Update',
    signature: 'sa{sv}',
    body: [`application://${desktopEntry}.desktop`, properties],
  };
}
