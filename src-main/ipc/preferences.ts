// What a preference may be: for the window, which sets them, and for the settings file, which keeps them.
import * as v from 'valibot';
import { languages } from '../../assets/translations/words.ts';
import type { Autostart, Preferences } from './contract.ts';

/** One schema per value that stands or falls by itself. */
export type Schemas<T> = { [K in keyof T]: v.GenericSchema<unknown, T[K]> };

/** UTF-16 units of one emoji, and how many are remembered. */
const emoji = { length: 50, remembered: 100 };

/** The system keeps it, and the organisation may set it. */
export const autostartSchema = v.picklist(['off', 'on', 'tray']) satisfies v.GenericSchema<
  unknown,
  Autostart
>;

export const preferenceSchemas = {
  theme: v.picklist(['system', 'light', 'dark']),
  density: v.picklist(['comfortable', 'compact']),
  textSize: v.picklist(['small', 'normal', 'large', 'larger']),
  language: v.picklist(['system', ...languages]),
  listWidth: v.pipe(v.number(), v.minValue(180), v.maxValue(2000)),
  formatBar: v.boolean(),
  recentEmoji: v.pipe(v.array(v.pipe(v.string(), v.maxLength(emoji.length))), v.maxLength(emoji.remembered)),
  skinTone: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)),
  notifications: v.boolean(),
  notificationSound: v.boolean(),
  hideContent: v.boolean(),
  mutedUntil: v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
  badge: v.picklist(['number', 'dot']),
  globalShortcut: v.picklist(['off', 'alt-space', 'shift-space', 'alt-c']),
  closeToTray: v.boolean(),
} satisfies Schemas<Preferences>;
