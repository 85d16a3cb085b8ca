// What is read of the profile before anything else can begin: the settings and the logs.
import ElectronStore from 'electron-store';
import path from 'node:path';
import { readManaged, type ManagedSettings } from '../disk/managed.ts';
import { ownFields, type Fields } from '../disk/named-settings.ts';
import { openSettings, type SettingsFile } from '../disk/settings.ts';
import type { Arguments } from './arguments.ts';
import { findManaged, fromFiles } from './managed-sources.ts';
import { openLogs, type Trace } from './trace.ts';

export interface Profile {
  directory: string;
  logs: string;
  settings: SettingsFile;
  managed: ManagedSettings;
  trace: Trace;
  failed(kind: string, error: unknown): void;
}

/** `others`: settings of other rooms. */
export function openProfile(directory: string, others: Fields, given: Arguments): Profile {
  const sources =
    given.managed === null
      ? findManaged(process.platform, directory)
      : fromFiles({ file: given.managed }, process.getuid?.() ?? 0);
  const managed = readManaged(sources, { ...ownFields, ...others });
  const early = managed.problems.map(
    ({ where, what, names }) => `managed: ${what}: ${where} ${names.join()}`,
  );
  const settings = openSettings({
    directory,
    now: Date.now,
    createStore: (options) => new ElectronStore(options),
    trace: (text) => early.push(text),
    others,
    managed,
  });
  const logs = path.join(directory, 'logs');
  const { trace, failed } = openLogs(
    logs,
    { terminal: given.trace, file: () => settings.get().trace },
    Date.now,
  );
  early.forEach(trace.app);
  return { directory, logs, settings, managed, trace, failed };
}
