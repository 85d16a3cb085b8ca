// Fills the login form next time: what was used last, once it was right.
import type { Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';

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
