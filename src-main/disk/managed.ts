// What an administrator decides for everybody on this computer: settings by name, locked or recommended. Pure; where it
// stands on each system is in shell/managed-sources.ts.
import type { SettingValue } from '../ipc/contract.ts';
import type { Field, Fields, Managed } from './named-settings.ts';
import { isRecord } from './settings-fields.ts';

/** One place that was found: a file, or a key of the registry. */
export interface ManagedSource {
  where: string;
  /** 'damaged': it cannot be read. 'untrusted': others than an administrator could have written it. */
  problem?: 'damaged' | 'untrusted';
  content: unknown;
}

export interface ManagedProblem {
  where: string;
  /** 'partly': the settings of these names do not exist, or cannot have the value that they are given. */
  what: 'damaged' | 'untrusted' | 'partly';
  names: string[];
}

export interface ManagedSettings extends Managed {
  /** The places that count. */
  from: string[];
  problems: ManagedProblem[];
}

/** Of several places the later one counts where both name a setting. What cannot be used costs itself alone. */
export function readManaged(sources: readonly ManagedSource[], fields: Fields): ManagedSettings {
  const locked: Record<string, SettingValue> = {};
  const recommended: Record<string, SettingValue> = {};
  const from: string[] = [];
  const problems: ManagedProblem[] = [];
  for (const { where, problem, content } of sources) {
    if (problem !== undefined || !isRecord(content)) {
      problems.push({ where, what: problem ?? 'damaged', names: [] });
      continue;
    }
    from.push(where);
    const names = Object.keys(content).filter((name) => name !== 'locked' && name !== 'recommended');
    names.push(...take(content['locked'], 'locked', locked, fields));
    names.push(...take(content['recommended'], 'recommended', recommended, fields));
    if (names.length > 0) problems.push({ where, what: 'partly', names });
  }
  return { locked, recommended, from, problems };
}

/** Returns the names of what could not be taken. */
function take(given: unknown, part: string, into: Record<string, SettingValue>, fields: Fields): string[] {
  if (given === undefined) return [];
  if (!isRecord(given)) return [part];
  return Object.entries(given).flatMap(([name, raw]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const value = field && valueOf(raw, field);
    if (field?.accepts(value) !== true) return [name];
    into[name] = value;
    return [];
  });
}

/** The registry has no booleans. */
function valueOf(raw: unknown, field: Field): unknown {
  return field.kind === 'switch' && (raw === 0 || raw === 1) ? raw === 1 : raw;
}
