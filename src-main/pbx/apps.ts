// The user's apps (protocol, sections 2 and 3): which of them is the chat, and which devices there are.
import type { Json, JsonObject } from './frames.ts';
import { object, objects, text } from './frames.ts';

export interface App {
  name: string;
  url: string;
}

/** The list as it stands after the last frame. Both forms are accepted: the whole list, and one frame per app. */
export interface AppsList {
  apps: ReadonlyMap<string, App>;
  /** Names of the device apps, such as `phone?dev:ab12`. */
  devices: readonly string[];
  /** What came one by one since the last complete list. */
  series: ReadonlyMap<string, App>;
}

export const noApps: AppsList = { apps: new Map(), devices: [], series: new Map() };

export function allApps(frame: JsonObject): AppsList {
  const apps = objects(frame.apps).map(readApp);
  return {
    ...noApps,
    apps: new Map(apps.map((app) => [app.name, app])),
    devices: readDevices(frame.deviceApps),
  };
}

export function withApp(list: AppsList, frame: JsonObject): AppsList {
  const app = readApp(object(frame.app));
  const add = (apps: AppsList['apps']) => new Map([...apps, [app.name, app]]);
  return { ...list, apps: add(list.apps), series: add(list.series) };
}

/** The series that ends here is the whole list (C): an app that is not in it was taken away. */
export function completed(list: AppsList, frame: JsonObject): AppsList {
  return { ...noApps, apps: list.series, devices: readDevices(frame.deviceApps) };
}

/**
 * Section 3: the entry called `chat`, or whose URL ends in `/APPS/chat/chat` (with or without a page's extension);
 * `wanted` is the setting that overrides it. Null: the user has no right to chat.
 */
export function chatApp(list: AppsList, wanted: string): App | null {
  if (wanted !== '') return list.apps.get(wanted) ?? null;
  const byUrl = (app: App) => /\/APPS\/chat\/chat(?:\.html?)?$/i.test(app.url.replace(/[?#].*/s, ''));
  return list.apps.get('chat') ?? [...list.apps.values()].find(byUrl) ?? null;
}

/**
 * Section 4, `hw` (C): what to register with, in this order. Null: without.
 * `setting` is 'auto' or the one value to use.
 */
export function hwAttempts(setting: string, sip: string, devices: readonly string[]): (string | null)[] {
  if (setting !== 'auto') return [setting];
  const device = devices
    .map((name) => /(?:^|[?&])dev:([^?&]+)/.exec(name)?.[1])
    .find((hw) => hw !== undefined);
  return [null, sip, ...(device === undefined ? [] : [device])];
}

function readApp(app: JsonObject): App {
  return { name: text(app.name), url: text(app.url) };
}

function readDevices(value: Json | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).map((item) =>
    typeof item === 'string' ? item : text(object(item).name),
  );
}
