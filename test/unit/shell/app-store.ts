import { initialState } from '../../../src-main/chat/model.ts';
import { createStore, type Store } from '../../../src-main/chat/store.ts';
import { defaults } from '../../../src-main/disk/settings-fields.ts';
import type { Preferences } from '../../../src-main/ipc/contract.ts';

export interface AppStore extends Store {
  /** As a person changes them. */
  prefer(changed: Partial<Preferences>): void;
}

/** A program in which nobody is logged in. */
export function appStore(changed: Partial<Preferences> = {}): AppStore {
  const store = createStore(
    initialState(
      {
        version: '',
        platform: 'linux',
        preferences: { ...defaults.preferences, ...changed },
        locked: [],
        proxy: null,
        autostart: 'off',
        update: { state: 'off', reason: 'no-feed' },
        dark: false,
        locales: ['en'],
        notices: [],
      },
      { server: '', user: '', remember: true },
    ),
  );
  return {
    ...store,
    prefer(next) {
      const preferences = { ...store.state().app.preferences, ...next };
      store.dispatch({ type: 'app/changed', app: { preferences } });
    },
  };
}
