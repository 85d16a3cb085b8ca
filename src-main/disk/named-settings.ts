// Settings by name, for whoever treats them all alike: the settings screen, and an administrator's file. A name is where
// the value stands in the settings file, `preferences.theme` for one. Pure.
import * as v from 'valibot';
import type { Preferences, SettingKind, SettingValue } from '../ipc/contract.ts';
import { autostartSchema, preferenceSchemas } from '../ipc/preferences.ts';
import { defaults, isRecord, wholeSchemas, lastLoginSchemas } from './settings-fields.ts';

/** What there is to know about a setting besides its value. */
export interface Field {
  readonly kind: SettingKind;
  /** The program's default. */
  readonly initial: SettingValue;
  readonly options: readonly string[] | null;
  readonly range: { readonly min: number; readonly max: number } | null;
  /** The system keeps what is chosen, not the settings file: an administrator can set it by name, the window cannot. */
  readonly bySystem?: true;
  accepts(value: unknown): value is SettingValue;
}

export type Fields = Readonly<Record<string, Field>>;
export type NamedValues = Readonly<Record<string, SettingValue>>;

/** Preferences that the window remembers by itself: nobody chooses them on a screen, and no administrator for others. */
export const remembered = [
  'listWidth',
  'formatBar',
  'mutedUntil',
  'recentEmoji',
  'skinTone',
] as const satisfies (keyof Preferences)[];

/** The address of the PBX has a name of its own: in the file it stands where the login was last kept. */
export const server = 'server';
/** Whether the program starts with the computer. */
export const autostart = 'autostart';
const places: Readonly<Record<string, readonly [string, string]>> = { [server]: ['lastLogin', 'server'] };

function placeOf(name: string): readonly [group: string, field?: string] {
  const dot = name.indexOf('.');
  return places[name] ?? (dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)]);
}

/** The name of what stands there: the other way round. */
export function nameAt(group: string, field: string): string {
  const named = Object.entries(places).find(([, [one, other]]) => one === group && other === field);
  return named?.[0] ?? `${group}.${field}`;
}

/** The value of this name in the content of a settings file. */
export function valueIn(content: Readonly<Record<string, unknown>>, name: string): unknown {
  const [group, field] = placeOf(name);
  const value = Object.hasOwn(content, group) ? content[group] : undefined;
  if (field === undefined) return value;
  return isRecord(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

/** The content with this value in its place; `undefined` takes it away. Whatever stands beside it stays. */
export function withValue(
  content: Readonly<Record<string, unknown>>,
  name: string,
  value: SettingValue | undefined,
): Record<string, unknown> {
  const [group, field] = placeOf(name);
  if (field === undefined) return put(content, group, value);
  const inner = content[group];
  return put(content, group, put(isRecord(inner) ? inner : {}, field, value));
}

function put(record: Readonly<Record<string, unknown>>, name: string, value: unknown) {
  if (value !== undefined) return { ...record, [name]: value };
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== name));
}

/** Values an administrator has decided for everybody, all of them usable. */
export interface Managed {
  /** Stand whatever the person chose. */
  readonly locked: NamedValues;
  /** Stand while the person has not chosen. */
  readonly recommended: NamedValues;
}

export const unmanaged: Managed = { locked: {}, recommended: {} };

/** The content of the settings file as it counts: over what is recommended, and under what is locked. */
export function layered(
  content: Readonly<Record<string, unknown>>,
  { locked, recommended }: Managed,
  fields: Fields,
): Record<string, unknown> {
  let result: Record<string, unknown> = { ...content };
  for (const [name, value] of Object.entries(recommended)) {
    if (fields[name]?.accepts(valueIn(result, name)) !== true) result = withValue(result, name, value);
  }
  for (const [name, value] of Object.entries(locked)) result = withValue(result, name, value);
  return result;
}

// --- What settings there are ---

/** The program's own. */
export const ownFields: Fields = {
  [server]: fieldOf(lastLoginSchemas.server, defaults.lastLogin.server),
  ...Object.fromEntries(
    Object.entries(preferenceSchemas)
      .filter(([name]) => !(remembered as readonly string[]).includes(name))
      .map(([name, schema]) => {
        const initial = defaults.preferences[name as keyof Preferences] as SettingValue;
        return [`preferences.${name}`, fieldOf(schema, initial)];
      }),
  ),
  [autostart]: { ...fieldOf(autostartSchema, 'off'), bySystem: true },
  downloadFolder: fieldOf(wholeSchemas.downloadFolder, defaults.downloadFolder),
  awayAfter: fieldOf(wholeSchemas.awayAfter, defaults.awayAfter),
  updateFeed: fieldOf(wholeSchemas.updateFeed, defaults.updateFeed),
  spelling: fieldOf(wholeSchemas.spelling, defaults.spelling),
  dictionaries: fieldOf(wholeSchemas.dictionaries, defaults.dictionaries),
  trace: fieldOf(wholeSchemas.trace, defaults.trace),
};

function fieldOf(schema: v.GenericSchema, initial: SettingValue): Field {
  const described = schema as {
    options?: string[];
    item?: { options?: string[] };
    pipe?: { type: string; requirement?: number }[];
  };
  const bound = (type: string) => described.pipe?.find((step) => step.type === type)?.requirement;
  const [min, max] = [bound('min_value'), bound('max_value')];
  return {
    kind: kindOf(initial, described.options),
    initial,
    options: described.options ?? described.item?.options ?? null,
    range: min === undefined || max === undefined ? null : { min, max },
    accepts: (value): value is SettingValue => v.is(schema, value),
  };
}

function kindOf(initial: SettingValue, options: readonly string[] | undefined): SettingKind {
  if (typeof initial === 'boolean') return 'switch';
  if (typeof initial === 'number') return 'number';
  if (typeof initial !== 'string') return 'list';
  return options === undefined ? 'text' : 'choice';
}

/** Settings of another room, which knows their defaults, what words they may be, and between what bounds. */
export interface OtherSettings<T> {
  defaults: T;
  choices: Readonly<Record<string, readonly string[]>>;
  /** From what to what a number may go. */
  ranges: Readonly<Record<string, readonly [number, number]>>;
}

export type Overridable<T> = { [K in keyof T]: string | number | boolean | readonly string[] };

const longest = 1000;

/** The settings of another room, as `group.name`. A list has something in it; a number is in its range, or not negative. */
export function otherFields<T extends Overridable<T>>(group: string, of: OtherSettings<T>): Fields {
  const names = Object.keys(of.defaults) as (keyof T & string)[];
  return Object.fromEntries(names.map((name) => [`${group}.${name}`, otherField(of, name)]));
}

function otherField<T extends Overridable<T>>(of: OtherSettings<T>, name: keyof T & string): Field {
  const given: string | number | boolean | readonly string[] = of.defaults[name];
  const initial: SettingValue = typeof given === 'object' ? [...given] : given;
  const options = of.choices[name];
  const range = of.ranges[name];
  const text = (value: unknown): value is string =>
    typeof value === 'string' && (options?.includes(value) ?? value.length <= longest);
  const [min, max] = range ?? [0, Number.MAX_VALUE];
  return {
    kind: kindOf(initial, options),
    initial,
    options: options ?? null,
    range: range === undefined ? null : { min, max },
    accepts(value): value is SettingValue {
      if (Array.isArray(initial)) {
        return Array.isArray(value) && value.length > 0 && value.every((item) => text(item) && item !== '');
      }
      if (typeof initial === 'number') return typeof value === 'number' && value >= min && value <= max;
      return typeof initial === 'string' ? text(value) : typeof value === typeof initial;
    },
  };
}
