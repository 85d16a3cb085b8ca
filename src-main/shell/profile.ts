// What is read of the profile before anything else can begin: the settings and the logs.
import ElectronStore from 'electron-store';
import path from 'node:path';
import type { Fields } from '../disk/named-settings.ts';
import { openSettings, type SettingsFile } from '../disk/settings.ts';
import type { TraceClass } from '../ipc/contract.ts';
import { openLogs, type Trace } from './trace.ts';

export interface Profile {
  directory: string;
  logs: string;
  settings: SettingsFile;
  trace: Trace;
  failed(kind: string, error: unknown): void;
}

/** `others`: settings of other rooms. `terminal`: what is traced to standard error in this run. */
export function openProfile(directory: string, others: Fields, terminal: readonly TraceClass[]): Profile {
  const early: string[] = [];
  const settings = openSettings({
    directory,
    now: Date.now,
    createStore: (options) => new ElectronStore(options),
    trace: (text) => early.push(text),
    others,
  });
  const logs = path.join(directory, 'logs');
  const { trace, failed } = openLogs(logs, { terminal, file: () => settings.get().trace }, Date.now);
  early.forEach(trace.app);
  return { directory, logs, settings, trace, failed };
}
