// 'Report a problem': everything that somebody needs who is to find out what is wrong, in one file. It is shown before it is
// saved, and what is saved is what was shown. It is sent nowhere.
import fs from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../disk/atomic-file.ts';
import { namesIn } from '../disk/names-in.ts';
import type { CommandArgument, ReportFile, ReportReason, Result } from '../ipc/contract.ts';
import {
  describeCheck,
  describeFacts,
  scrub,
  scrubRecords,
  scrubTrace,
  settingsForReport,
  type CheckStep,
  type RedactFrame,
} from './report-content.ts';

export interface ReportPorts {
  /** Directory of the logs and of the records of crashes. */
  logs: string;
  home: string;
  now(): number;
  /** Writes what the logs still hold back. */
  flush(): void;
  /** Versions and what is known of the machine. */
  facts(): Promise<Record<string, unknown>>;
  settings(): Record<string, unknown>;
  /** How the program itself sees its login and its connection; no names and no texts. */
  state(): Record<string, unknown>;
  /** Null: no server is known. */
  checkConnection(): Promise<CheckStep[] | null>;
  redactFrame: RedactFrame;
  /** Null: cancelled. */
  askWhereToSave(suggested: string): Promise<string | null>;
  folder(): string;
  show(file: string): void;
  trace(text: string): void;
}

/** Bytes of each log that come along: the newest. */
export const logLimit = 512 * 1024;
const logName = /^[\w-]+\.(log|jsonl)(?:\.\d)?$/;

export function createReportCommands(ports: ReportPorts) {
  let prepared: ReportFile[] | null = null;
  let saved: string | null = null;

  async function collect(): Promise<ReportFile[]> {
    const [facts, steps] = await Promise.all([ports.facts(), ports.checkConnection()]);
    const check = steps === null ? 'No server is known yet.\n' : describeCheck(steps);
    ports.flush();
    return [
      reportFile('about.txt', describeFacts(facts)),
      reportFile('connection.txt', `${check}\n${describeFacts(ports.state())}`),
      reportFile('settings.json', `${JSON.stringify(settingsForReport(ports.settings()), null, 2)}\n`),
      ...readLogs(ports),
    ];
  }

  return {
    async prepareReport(): Promise<ReportFile[]> {
      prepared = await collect();
      return prepared;
    },
    async saveReport({
      description,
    }: CommandArgument<'saveReport'>): Promise<Result<string | null, ReportReason>> {
      if (prepared === null) return { ok: false, reason: { code: 'not-prepared' } };
      const files =
        description.trim() === '' ? prepared : [reportFile('description.txt', description), ...prepared];
      const day = new Date(ports.now()).toISOString().slice(0, 10);
      const file = await ports.askWhereToSave(path.join(ports.folder(), `pbx-chat-report-${day}.zip`));
      if (file === null) return { ok: true, value: null };
      try {
        await writeFileAtomically(file, await pack(files, ports.now()));
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        ports.trace(`report: cannot be saved: ${code}`);
        return { ok: false, reason: { code: code === 'ENOSPC' ? 'no-space' : 'not-writable' } };
      }
      saved = file;
      return { ok: true, value: path.basename(file) };
    },
    showReport(): null {
      if (saved !== null) ports.show(saved);
      return null;
    },
  };
}

async function pack(files: readonly ReportFile[], mtime: number): Promise<Buffer> {
  const { strToU8, zipSync } = await import('fflate');
  const entries = files.map(({ name, text }) => [name, strToU8(text)] as const);
  return Buffer.from(zipSync(Object.fromEntries(entries), { mtime }));
}

function reportFile(name: string, text: string): ReportFile {
  return { name, size: Buffer.byteLength(text), text };
}

function readLogs({ logs: directory, home, redactFrame }: ReportPorts): ReportFile[] {
  const files: ReportFile[] = [];
  for (const name of namesIn(directory)) {
    const kind = logName.exec(name)?.[1];
    if (kind === undefined) continue;
    try {
      const text = readEnd(path.join(directory, name));
      files.push(
        reportFile(
          `logs/${name}`,
          kind === 'jsonl' ? scrubRecords(text, home) : scrubTrace(text, home, redactFrame),
        ),
      );
    } catch (error) {
      files.push(reportFile(`logs/${name}`, scrub(`cannot be read: ${String(error)}\n`, home)));
    }
  }
  return files;
}

/** The newest whole lines of a file. */
function readEnd(file: string): string {
  const handle = fs.openSync(file, 'r');
  try {
    const { size } = fs.fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, logLimit));
    const length = fs.readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString('utf8', 0, length);
    return size > logLimit ? `(earlier lines are left out)\n${text.slice(text.indexOf('\n') + 1)}` : text;
  } finally {
    fs.closeSync(handle);
  }
}
