// A key that shows the window from wherever one is. Off unless somebody has chosen one, because it is taken from all
// other programs; where another one has it already, that is said.
import { follow, type Store } from '../chat/store.ts';
import type { Preferences } from '../ipc/contract.ts';

type Wanted = Preferences['globalShortcut'];

/** As Electron names them. */
const accelerators: Record<Exclude<Wanted, 'off'>, string> = {
  'alt-space': 'CommandOrControl+Alt+Space',
  'shift-space': 'CommandOrControl+Shift+Space',
  'alt-c': 'CommandOrControl+Alt+C',
};

export interface GlobalShortcutPorts {
  store: Store;
  /** False: another program has it. May throw where the desktop has no such thing. */
  register(accelerator: string, run: () => void): boolean;
  unregister(accelerator: string): void;
  show(): void;
  trace(text: string): void;
}

const notice = { id: 'shortcut', code: 'shortcut-taken' } as const;

/** Returns what gives the key back and ends it. */
export function followGlobalShortcut(ports: GlobalShortcutPorts): () => void {
  const { store, trace } = ports;
  let held: string | null = null;
  const release = () => {
    if (held !== null) ports.unregister(held);
    held = null;
  };
  const take = (accelerator: string): boolean => {
    try {
      return ports.register(accelerator, ports.show);
    } catch (error) {
      trace(`shortcut: ${String(error)}`);
      return false;
    }
  };
  const apply = (wanted: Wanted) => {
    release();
    if (wanted !== 'off' && take(accelerators[wanted])) held = accelerators[wanted];
    if (wanted === 'off' || held !== null) store.dispatch({ type: 'app/unnoticed', notice: notice.id });
    else store.dispatch({ type: 'app/noticed', notice });
  };
  const end = follow(store, ({ app }) => app.preferences.globalShortcut, apply);
  return () => {
    end();
    release();
  };
}
