// The settings file: electron-store keeps it, disk/settings-fields.ts says what is in it. A file that cannot be read
// is set aside, never overwritten: what is in it may be all that somebody has of an afternoon of configuration.
import fs from 'node:fs';
import path from 'node:path';
import { setAside } from './set-aside.ts';
import {
  currentVersion,
  isRecord,
  migrate,
  readOverrides,
  readSettings,
  type Choices,
  type Ranges,
  type SettingName,
  type Settings,
} from './settings-fields.ts';

/** The part of electron-store that is used. */
export interface SettingsStore {
  store: Record<string, unknown>;
}
export interface SettingsStoreOptions {
  cwd: string;
  name: string;
  accessPropertiesByDotNotation: false;
  configFileMode: number;
}

export interface SettingsPorts {
  directory: string;
  now(): number;
  createStore(options: SettingsStoreOptions): SettingsStore;
  trace(text: string): void;
}

export interface SettingsFile {
  get(): Settings;
  /** Replaces whole values; written at once, and kept for this run when the disk refuses. */
  set<N extends SettingName>(name: N, value: Settings[N]): void;
  /** Settings of another room that the file may override under `name`, such as the wire's. */
  overrides<T extends { [K in keyof T]: string | number | boolean | readonly string[] }>(
    name: string,
    defaults: T,
    choices?: Choices,
    ranges?: Ranges,
  ): T;
  /** Name of the file that an unreadable one was renamed to; null when all is well. */
  setAside: string | null;
}

export function openSettings({ directory, now, createStore, trace }: SettingsPorts): SettingsFile {
  fs.mkdirSync(directory, { recursive: true });
  const setAside = setAsideWhenDamaged(path.join(directory, 'settings.json'), now(), trace);
  const store = open();
  let content: Record<string, unknown> = {};
  try {
    content = migrate({ ...(store?.store ?? {}) });
  } catch (error) {
    trace(`settings: ${String(error)}`);
  }
  const { settings, dropped } = readSettings(content);
  if (dropped.length > 0) trace(`settings: not usable, so at their defaults: ${dropped.join(', ')}`);
  let current = settings;

  return {
    get: () => current,
    set(name, value) {
      if (JSON.stringify(current[name]) === JSON.stringify(value)) return;
      current = { ...current, [name]: value };
      // Of an object the fields that a newer version has beside ours stay.
      const before: unknown = content[name];
      const given: unknown = value;
      const next = isRecord(before) && isRecord(given) ? { ...before, ...given } : given;
      content = { ...content, version: content['version'] ?? currentVersion, [name]: next };
      try {
        if (store !== null) store.store = content;
      } catch (error) {
        trace(`settings: cannot be written: ${String(error)}`);
      }
    },
    overrides(name, defaults, choices, ranges) {
      const result = readOverrides(content[name], defaults, choices, ranges);
      if (result.dropped.length > 0) {
        trace(`settings: not usable, so at their defaults: ${name} ${result.dropped.join(', ')}`);
      }
      return result.value;
    },
    setAside,
  };

  function open(): SettingsStore | null {
    try {
      return createStore({
        cwd: directory,
        name: 'settings',
        accessPropertiesByDotNotation: false,
        configFileMode: 0o600,
      });
    } catch (error) {
      trace(`settings: cannot be opened: ${String(error)}`);
      return null;
    }
  }
}

/** Returns the new name of a file that is there but holds no JSON object. */
function setAsideWhenDamaged(file: string, now: number, trace: (text: string) => void): string | null {
  let damage: string;
  try {
    if (isRecord(JSON.parse(fs.readFileSync(file, 'utf8')))) return null;
    damage = 'not an object';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    damage = String(error);
  }
  const name = setAside(file, now);
  trace(`settings: ${damage}; set aside as ${name}`);
  return name;
}
