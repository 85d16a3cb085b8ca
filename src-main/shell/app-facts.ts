// What the program knows of itself when it starts, from settings, command line and system; and what of it follows a
// preference that somebody changes.
import { app, nativeTheme, shell } from 'electron';
import fs from 'node:fs';
import path from 'node:path';
import type { AppState } from '../chat/model.ts';
import type { ManagedProblem } from '../disk/managed.ts';
import type { Notice, Preferences } from '../ipc/contract.ts';
import type { Arguments } from './arguments.ts';
import { appId } from './identity.ts';
import { languages } from './languages.ts';
import type { Profile } from './profile.ts';
import type { SettingsCommandPorts } from './settings-commands.ts';

/** Sets theme and identity of the program on the way: 'system' is dark or light only after that. */
export function appFacts({ settings, managed }: Profile, given: Arguments): AppState {
  const stored = settings.get().preferences;
  const preferences = given.theme === null ? stored : { ...stored, theme: given.theme };
  nativeTheme.themeSource = preferences.theme;
  const { platform } = process;
  if (platform === 'win32') app.setAppUserModelId(appId);
  return {
    version: app.getVersion(),
    platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
    preferences,
    proxy: null,
    autostart: 'off',
    locked: [...settings.locked],
    dark: nativeTheme.shouldUseDarkColors,
    locales: given.lang === null ? localesFor(preferences.language) : systemLocales(given.lang),
    update: { state: 'off', reason: 'no-feed' },
    notices: [
      ...(settings.setAside === null ? [] : [setAsideNotice(settings.setAside)]),
      ...managed.problems.map(managedNotice),
    ],
  };
}

const setAsideNotice = (detail: string): Notice => ({ id: 'settings', code: 'settings-set-aside', detail });

function managedNotice({ where, what, names }: ManagedProblem): Notice {
  const detail = names.length === 0 ? where : `${names.join(', ')} (${where})`;
  return { id: `managed ${where}`, code: `managed-${what}`, detail };
}

const systemLocales = (wanted: string | null) =>
  languages(wanted, app.getPreferredSystemLanguages(), app.getLocale());

function localesFor(language: Preferences['language']): string[] {
  return systemLocales(language === 'system' ? null : language);
}

/** For settings-commands.ts: what a changed preference changes besides itself. */
export function followPreferences(changed: Partial<Preferences>): Partial<AppState> {
  if (changed.theme !== undefined) nativeTheme.themeSource = changed.theme;
  return changed.language === undefined ? {} : { locales: localesFor(changed.language) };
}

/** For settings-commands.ts: where things are, and what the program is built on. */
export function programFacts({
  directory,
  logs,
}: Profile): Pick<SettingsCommandPorts, 'folders' | 'places' | 'exists' | 'open' | 'runtime'> {
  const runtime = { Electron: 'electron', Chromium: 'chrome', 'Node.js': 'node' };
  return {
    folders: { downloads: app.getPath('downloads'), profile: directory },
    places: {
      profile: directory,
      logs,
      licences: path.join(process.resourcesPath, 'THIRD-PARTY-NOTICES.txt'),
    },
    exists: (place) => fs.existsSync(place),
    open: (place) => shell.openPath(place),
    runtime: Object.entries(runtime).map(([name, key]) => ({ name, version: process.versions[key] ?? '' })),
  };
}
