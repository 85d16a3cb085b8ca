// Starting with the session of the desktop: off, on, or on in the tray. What the system says is the setting, and nothing
// is kept beside it, so that nothing here can switch on again what somebody switched off there. An administrator can:
// autostart-policy.ts.
import { app } from 'electron';
import os from 'node:os';
import path from 'node:path';
import { follow, type Store } from '../chat/store.ts';
import { autostart as name } from '../disk/named-settings.ts';
import type { SettingsFile } from '../disk/settings.ts';
import type { Autostart, CommandArgument, Result } from '../ipc/contract.ts';
import { dueAutostart } from './autostart-policy.ts';
import { autostartFile, type AutostartFile } from './autostart-file.ts';
import { desktopEntry } from './identity.ts';

export interface AutostartPorts {
  store: Store;
  settings: SettingsFile;
  /** False: whatever an administrator says, this run changes nothing. */
  managed: boolean;
  trace(text: string): void;
}

/** After Electron is ready. */
export function openAutostart({ store, settings, managed, trace }: AutostartPorts) {
  const { platform } = process;
  const system = platform === 'linux' ? linux() : platform === 'win32' ? windows() : mac(settings);
  const locked = settings.isLocked(name);
  const write = (mode: Autostart): boolean => {
    try {
      system.write(mode);
    } catch (error) {
      trace(`autostart: ${String(error)}`);
    }
    return system.read() === mode;
  };
  const look = () => {
    const policy = {
      locked: locked ? (settings.read(name) as Autostart) : null,
      recommended: settings.fallback(name) as Autostart,
      chosen: settings.get().autostartChosen,
    };
    const found = system.read();
    const due = managed ? dueAutostart(policy, found) : null;
    if (due !== null && write(due) && !locked) settings.set('autostartChosen', true);
    const autostart = due === null ? found : system.read();
    if (autostart !== store.state().app.autostart)
      store.dispatch({ type: 'app/changed', app: { autostart } });
  };
  // Who changes it in the settings of the desktop comes back to the window afterwards.
  follow(store, ({ window: { focused } }) => focused, look);
  return {
    /** This is a start by the system that is to stay in the tray, where it is not `--hidden` that says so. */
    startedHidden: system.startedHidden,
    commands: {
      setAutostart({ mode }: CommandArgument<'setAutostart'>): Result<null, 'not-taken' | 'locked'> {
        if (locked) return { ok: false, reason: { code: 'locked' } };
        settings.set('autostartChosen', true);
        const taken = write(mode);
        look();
        return taken ? { ok: true, value: null } : { ok: false, reason: { code: 'not-taken' } };
      },
    },
  };
}

interface SystemAutostart extends AutostartFile {
  startedHidden: boolean;
}

function linux(): SystemAutostart {
  const { XDG_CONFIG_HOME: configured = '', APPIMAGE: image = '' } = process.env;
  // Relative ones are to be ignored (XDG Base Directory Specification).
  const config = path.isAbsolute(configured) ? configured : path.join(os.homedir(), '.config');
  const directory = path.join(config, 'autostart');
  // An AppImage runs from where it is mounted, which is another place each time.
  const program = image === '' ? process.execPath : image;
  const command = app.isPackaged ? [program] : [program, app.getAppPath()];
  const file = autostartFile({ directory, name: desktopEntry, title: app.name, command });
  return { ...file, startedHidden: false };
}

function windows(): SystemAutostart {
  const argumentsOf = (wanted: Autostart) => (wanted === 'tray' ? ['--hidden'] : []);
  return {
    read() {
      for (const mode of ['on', 'tray'] as const) {
        const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings({
          args: argumentsOf(mode),
        });
        // The second is false when it was disabled in the task manager.
        if (openAtLogin && executableWillLaunchAtLogin) return mode;
      }
      return 'off';
    },
    startedHidden: false,
    write(wanted) {
      // One entry: whichever there was is written over, or removed.
      app.setLoginItemSettings({ openAtLogin: wanted !== 'off', args: argumentsOf(wanted), enabled: true });
    },
  };
}

function mac(settings: SettingsFile): SystemAutostart {
  // The system starts the program without arguments, so where it goes is remembered here.
  return {
    read: () => {
      if (!app.getLoginItemSettings().openAtLogin) return 'off';
      return settings.get().hiddenAtLogin ? 'tray' : 'on';
    },
    write(wanted) {
      settings.set('hiddenAtLogin', wanted === 'tray');
      app.setLoginItemSettings({ openAtLogin: wanted !== 'off' });
    },
    startedHidden: settings.get().hiddenAtLogin && app.getLoginItemSettings().wasOpenedAtLogin,
  };
}
