// What the settings file holds, and how it is read: field by field, so that one bad value costs that value alone.
// Pure; disk/settings.ts owns the file.
import * as v from 'valibot';
import type { Preferences, TraceClass } from '../ipc/contract.ts';
import { preferenceSchemas, type Schemas } from '../ipc/preferences.ts';

export interface WindowPlace {
  /** Screen coordinates; null: where the desktop puts it. */
  x: number | null;
  y: number | null;
  width: number;
  height: number;
  maximized: boolean;
}

export interface LastLogin {
  server: string;
  user: string;
  remember: boolean;
}

export interface Settings {
  preferences: Preferences;
  window: WindowPlace | null;
  /** How large the window shows everything, in percent. */
  zoom: number;
  /** Languages, as BCP 47 tags, that the spelling of what is typed is checked in; none: it is not. */
  spelling: string[];
  /** Where dictionaries come from besides the system's: a folder, or the https address of a server; empty: nowhere. */
  dictionaries: string;
  lastLogin: LastLogin;
  /** Where attachments are saved; empty: the system's folder for downloads. */
  downloadFolder: string;
  /** Minutes without a key or a movement after which the PBX is told that nobody is there; 0 = never. */
  awayAfter: number;
  /** Where updates of the program come from: an https address; empty: where its publisher has them. */
  updateFeed: string;
  /** The person has been told that closing the window keeps the program in the tray. */
  toldKept: boolean;
  /** The person has been told what chat without a licence is. */
  toldVolatile: boolean;
  /** The person has been told that this desktop has no tray. */
  toldNoTray: boolean;
  /** Milliseconds since 1970 UTC: breakdowns up to then have been offered for a report. */
  crashesSeen: number;
  /** Whether to start with the computer was chosen here, or set once as the organisation recommends it. */
  autostartChosen: boolean;
  /** macOS: started with the session, it stays in the menu bar. Elsewhere the system keeps it. */
  hiddenAtLogin: boolean;
  /** Classes that are traced to a file in the logs directory. */
  trace: TraceClass[];
}

export type SettingName = keyof Settings;

export const defaults: Settings = {
  preferences: {
    theme: 'system',
    density: 'comfortable',
    textSize: 'normal',
    language: 'system',
    listWidth: 280,
    formatBar: false,
    recentEmoji: [],
    skinTone: 0,
    notifications: true,
    notificationSound: true,
    hideContent: false,
    mutedUntil: 0,
    badge: 'number',
    globalShortcut: 'off',
    closeToTray: true,
  },
  window: null,
  zoom: 100,
  spelling: [],
  dictionaries: '',
  lastLogin: { server: '', user: '', remember: true },
  downloadFolder: '',
  awayAfter: 5,
  updateFeed: '',
  toldKept: false,
  toldVolatile: false,
  toldNoTray: false,
  crashesSeen: 0,
  autostartChosen: false,
  hiddenAtLogin: false,
  trace: [],
};

export const currentVersion = 2;

/** `migrations[n]` turns the content of version n into that of version n + 1. */
export type Migration = (content: Record<string, unknown>) => Record<string, unknown>;
export const migrations: Readonly<Record<number, Migration>> = {
  // What the window's own settings screen can change moved to the preferences.
  1: ({ closeToTray, ...content }) =>
    closeToTray === undefined
      ? content
      : { ...content, preferences: { ...toRecord(content['preferences']), closeToTray } },
};

function toRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

const coordinate = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const extent = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const line = v.pipe(v.string(), v.maxLength(2000));

export const lastLoginSchemas: Schemas<LastLogin> = { server: line, user: line, remember: v.boolean() };
export const wholeSchemas: Schemas<Omit<Settings, 'preferences' | 'lastLogin'>> = {
  window: v.nullable(
    v.object({
      x: v.nullable(coordinate),
      y: v.nullable(coordinate),
      width: extent,
      height: extent,
      maximized: v.boolean(),
    }),
  ),
  zoom: v.pipe(v.number(), v.minValue(50), v.maxValue(200)),
  spelling: v.pipe(v.array(v.pipe(v.string(), v.maxLength(40))), v.maxLength(20)),
  dictionaries: v.pipe(v.string(), v.maxLength(2000)),
  downloadFolder: v.pipe(v.string(), v.maxLength(32_768)),
  awayAfter: v.pipe(v.number(), v.minValue(0), v.maxValue(1440)),
  updateFeed: v.pipe(v.string(), v.maxLength(2000)),
  toldKept: v.boolean(),
  toldVolatile: v.boolean(),
  toldNoTray: v.boolean(),
  crashesSeen: v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
  autostartChosen: v.boolean(),
  hiddenAtLogin: v.boolean(),
  trace: v.array(v.picklist(['app', 'browser', 'websocket'])),
};

export interface ReadResult {
  settings: Settings;
  /** Names of the values that were not usable and stand at their default. */
  dropped: string[];
}

export function readSettings(content: Record<string, unknown>): ReadResult {
  const dropped: string[] = [];
  const read = <T extends object>(schemas: Schemas<T>, given: unknown, fallback: T, prefix: string): T => {
    const result = { ...fallback };
    if (given === undefined) return result;
    if (!isRecord(given)) {
      dropped.push(prefix.slice(0, -1));
      return result;
    }
    for (const name of Object.keys(schemas) as (keyof T & string)[]) {
      if (given[name] === undefined) continue;
      const parsed = v.safeParse(schemas[name], given[name]);
      if (parsed.success) result[name] = parsed.output as T[typeof name];
      else dropped.push(prefix + name);
    }
    return result;
  };
  const { preferences, lastLogin, ...whole } = defaults;
  const settings: Settings = {
    ...read(wholeSchemas, content, whole, ''),
    preferences: read(preferenceSchemas, content['preferences'], preferences, 'preferences.'),
    lastLogin: read(lastLoginSchemas, content['lastLogin'], lastLogin, 'lastLogin.'),
  };
  return { settings, dropped };
}

/**
 * The content as the current version writes it. A newer version than ours is left as it is: its known fields are
 * read, its unknown ones are kept for the day the newer program comes back.
 */
export function migrate(
  content: Record<string, unknown>,
  steps: Readonly<Record<number, Migration>> = migrations,
  target = currentVersion,
): Record<string, unknown> {
  const version = content['version'];
  let at = typeof version === 'number' && Number.isInteger(version) && version > 0 ? version : target;
  let current = content;
  for (; at < target; at++) current = { ...(steps[at]?.(current) ?? current), version: at + 1 };
  return current;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
