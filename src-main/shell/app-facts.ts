// What the program knows of itself when it starts: for the state, from settings, command line and system.
import { app, nativeTheme } from 'electron';
import type { AppState } from '../chat/model.ts';
import type { SettingsFile } from '../disk/settings.ts';
import type { Arguments } from './arguments.ts';
import { appId } from './identity.ts';
import { languages } from './languages.ts';

/** Sets theme and identity of the program on the way: 'system' is dark or light only after that. */
export function appFacts(settings: SettingsFile, given: Arguments): AppState {
  const stored = settings.get().preferences;
  const preferences = given.theme === null ? stored : { ...stored, theme: given.theme };
  nativeTheme.themeSource = preferences.theme;
  const { platform } = process;
  if (platform === 'win32') app.setAppUserModelId(appId);
  return {
    version: app.getVersion(),
    platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
    preferences,
    autostart: 'off',
    dark: nativeTheme.shouldUseDarkColors,
    locales: languages(given.lang, app.getPreferredSystemLanguages(), app.getLocale()),
    notices:
      settings.setAside === null
        ? []
        : [{ id: 'settings', code: 'settings-set-aside', detail: settings.setAside }],
  };
}
