// The first login of a run: with what the environment gives (the demo), else with what was remembered; and the form is
// filled next time with what was used last, once it was right.
import type { Session } from '../chat/ports.ts';
import type { Store } from '../chat/store.ts';
import { server as serverSetting } from '../disk/named-settings.ts';
import type { SettingsFile } from '../disk/settings.ts';
import type { CommandArgument } from '../ipc/contract.ts';
import { loginFromEnvironment, type Arguments } from './arguments.ts';

/** The command line of a run in which an administrator has set the PBX: it is that one, whatever was given. */
export function withLockedServer(given: Arguments, settings: SettingsFile): Arguments {
  const server = settings.isLocked(serverSetting) ? settings.get().lastLogin.server : given.server;
  return { ...given, server };
}

/** The command to log in, at the PBX that an administrator has set if that is so. */
export function createSignIn(session: Session, settings: SettingsFile) {
  return {
    login: (a: CommandArgument<'login'>) =>
      session.commands.login(
        settings.isLocked(serverSetting) ? { ...a, server: settings.get().lastLogin.server } : a,
      ),
  };
}

export interface StartLoginPorts {
  store: Store;
  settings: SettingsFile;
  session: Session;
  /** To the terminal. */
  say(text: string): void;
}

export function startLogin({ store, settings, session, say }: StartLoginPorts): void {
  const { login, problem } = loginFromEnvironment(process.env['PBX_CHAT_LOGIN']);
  // Nothing that is started from here has to know it.
  delete process.env['PBX_CHAT_LOGIN'];
  if (problem !== null) say(problem);
  if (login === null) {
    rememberLogin(store, settings);
    void session.start();
  } else {
    void createSignIn(session, settings).login({ ...login, remember: false });
  }
}

export function rememberLogin(store: Store, settings: SettingsFile): void {
  let last = store.state().login;
  store.subscribe(() => {
    const { login } = store.state();
    if (login === last) return;
    last = login;
    if (login.state !== 'signed-in') return;
    const { server, user, remember } = login;
    settings.set('lastLogin', { server, user, remember });
  });
}
