// The settings file: electron-store keeps it, disk/settings-fields.ts says what is in it. A file that cannot be read
// is set aside, never overwritten: what is in it may be all that somebody has of an afternoon of configuration.
import fs from 'node:fs';
import path from 'node:path';
import type { Result, SettingReason, SettingValue } from '../ipc/contract.ts';
import {
  layered,
  nameAt,
  ownFields,
  unmanaged,
  valueIn,
  withValue,
  type Fields,
  type Managed,
  type Overridable,
} from './named-settings.ts';
import { setAside } from './set-aside.ts';
import {
  currentVersion,
  isRecord,
  migrate,
  readSettings,
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
  /** Settings of other rooms, by their full names. */
  others?: Fields;
  /** What an administrator has decided. */
  managed?: Managed;
}

export interface SettingsFile {
  get(): Settings;
  /**
   * Replaces whole values; written at once, and kept for this run when the disk refuses. Of an object only the fields
   * that are other ones now: the rest is the program's, a newer version's or an administrator's.
   */
  set<N extends SettingName>(name: N, value: Settings[N]): void;
  /** Calls the listener after each change of this one, by whatever way it came. Returns what ends that. */
  watch<N extends SettingName>(name: N, listener: (value: Settings[N]) => void): () => void;
  /** All settings that can be changed by name. */
  fields: Fields;
  /** By name, as it counts. */
  read(name: string): SettingValue;
  /** What it is while nobody has chosen: the program's default, or what an administrator recommends. */
  fallback(name: string): SettingValue;
  /** By name; null: back to `fallback`. */
  change(name: string, value: SettingValue | null): Result<null, SettingReason>;
  isLocked(name: string): boolean;
  /** Names of the settings that an administrator has set. */
  locked: readonly string[];
  /** Settings of another room as they count now, such as the wire's under `pbx`. */
  group<T extends Overridable<T>>(group: string, defaults: T): T;
  /** Name of the file that an unreadable one was renamed to; null when all is well. */
  setAside: string | null;
}

export function openSettings(ports: SettingsPorts): SettingsFile {
  const { directory, now, createStore, trace, others = {}, managed = unmanaged } = ports;
  const fields: Fields = { ...ownFields, ...others };
  fs.mkdirSync(directory, { recursive: true });
  const setAside = setAsideWhenDamaged(path.join(directory, 'settings.json'), now(), trace);
  const store = open();
  // As it is in the file: what an administrator says is laid under and over it at each reading, and never written.
  let content: Record<string, unknown> = {};
  try {
    content = migrate({ ...(store?.store ?? {}) });
  } catch (error) {
    trace(`settings: ${String(error)}`);
  }
  const unusable = unusableIn(content, others);
  let counting = layered(content, managed, fields);
  const { settings, dropped } = readSettings(counting);
  let current = settings;
  if (unusable.length + dropped.length > 0) {
    trace(`settings: not usable, so at their defaults: ${[...dropped, ...unusable].join(', ')}`);
  }

  const watchers = new Set<(before: Settings) => void>();
  const write = (changed: Record<string, unknown>) => {
    const before = current;
    content = { ...changed, version: changed['version'] ?? currentVersion };
    counting = layered(content, managed, fields);
    current = readSettings(counting).settings;
    try {
      if (store !== null) store.store = content;
    } catch (error) {
      trace(`settings: cannot be written: ${String(error)}`);
    }
    for (const tell of [...watchers]) tell(before);
  };
  const isLocked = (name: string) => Object.hasOwn(managed.locked, name);
  const read = (name: string): SettingValue => {
    const value = valueIn(counting, name);
    const field = fields[name];
    return field?.accepts(value) === true ? value : fallback(name);
  };
  const fallback = (name: string): SettingValue => managed.recommended[name] ?? fields[name]?.initial ?? '';

  return {
    get: () => current,
    set(name, value) {
      const before: unknown = current[name];
      const given: unknown = value;
      if (same(before, given) || isLocked(name)) return;
      if (!isRecord(before) || !isRecord(given)) return write({ ...content, [name]: given });
      const changed = Object.entries(given).filter(
        ([field, one]) => !same(one, before[field]) && !isLocked(nameAt(name, field)),
      );
      if (changed.length === 0) return;
      const kept = isRecord(content[name]) ? content[name] : {};
      write({ ...content, [name]: { ...kept, ...Object.fromEntries(changed) } });
    },
    watch(name, listener) {
      const tell = (before: Settings) => {
        if (!same(before[name], current[name])) listener(current[name]);
      };
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    fields,
    read,
    fallback,
    change(name, value) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined || field.bySystem) return { ok: false, reason: { code: 'unknown' } };
      if (isLocked(name)) return { ok: false, reason: { code: 'locked' } };
      if (value !== null && !field.accepts(value)) return { ok: false, reason: { code: 'invalid' } };
      // A choice that is what it would be anyway is not one: it follows when that changes.
      write(withValue(content, name, value === null || same(value, fallback(name)) ? undefined : value));
      return { ok: true, value: null };
    },
    isLocked,
    locked: Object.keys(managed.locked),
    group(group, defaults) {
      const names = Object.keys(defaults).filter((name) => Object.hasOwn(fields, `${group}.${name}`));
      const values = names.map((name) => [name, read(`${group}.${name}`)] as const);
      return { ...defaults, ...(Object.fromEntries(values) as Partial<typeof defaults>) };
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

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Names of values of other rooms that the file has and that cannot be used, or that nobody knows. */
function unusableIn(content: Readonly<Record<string, unknown>>, others: Fields): string[] {
  const groups = new Set(Object.keys(others).map((name) => name.slice(0, name.indexOf('.'))));
  return [...groups].flatMap((group) => {
    const given = content[group];
    if (given === undefined) return [];
    if (!isRecord(given)) return [group];
    return Object.entries(given)
      .map(([name, value]) => ({ name: `${group}.${name}`, value }))
      .filter(({ name, value }) => !Object.hasOwn(others, name) || others[name]?.accepts(value) !== true)
      .map(({ name }) => name);
  });
}
