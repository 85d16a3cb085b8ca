// What broke down, one line each in `crashes.jsonl` among the logs, for a report of a problem: when, what and of which
// versions. No texts and no addresses.
import fs from 'node:fs';
import path from 'node:path';

export type CrashKind =
  | 'page' // the process of the window ended
  | 'hang' // the window did not answer
  | 'helper' // a process of the browser engine ended, such as the one that draws
  | 'main'; // an error that nobody caught

export interface Crashes {
  /** `reason`: a code or the name of an error, never its text. */
  record(kind: CrashKind, reason: string, code?: number): void;
  /** Milliseconds since 1970 UTC of the newest one; null: there is none. */
  newest(): number | null;
}

/** Lines that are kept. */
const most = 100;

export function openCrashes(ports: {
  /** Of the logs. */
  directory: string;
  now(): number;
  /** What is said with every record. */
  versions: Record<string, string>;
}): Crashes {
  const file = path.join(ports.directory, 'crashes.jsonl');
  const lines = (): string[] => {
    try {
      return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  };
  return {
    record(kind, reason, code) {
      const time = new Date(ports.now()).toISOString();
      const line = JSON.stringify({
        time,
        kind,
        reason,
        ...(code !== undefined && { code }),
        ...ports.versions,
      });
      const kept = [...lines().slice(1 - most), line];
      try {
        fs.mkdirSync(ports.directory, { recursive: true });
        fs.writeFileSync(file, `${kept.join('\n')}\n`, { mode: 0o600 });
      } catch {
        // Nowhere to tell it.
      }
    },
    newest() {
      try {
        const { time } = JSON.parse(lines().at(-1) ?? '{}') as { time?: unknown };
        const at = typeof time === 'string' ? Date.parse(time) : NaN;
        return Number.isFinite(at) ? at : null;
      } catch {
        return null;
      }
    },
  };
}
