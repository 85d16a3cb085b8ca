// The first login of a run: with what the environment gives (the demo), else with what was remembered; and the form is
// filled next time with what was used last, once it was right.
import type { Session } from '../chat/ports.ts';
import type { Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';
import { loginFromEnvironment } from './arguments.ts';

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
    void session.commands.login({ ...login, remember: false });
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
