// Trace lines, to standard error or to a rotating file, of the classes that are switched on; none by default. The wire
// takes passwords, digests and message texts out before a line comes here. Failures of the program itself are always
// written down: a report of a problem needs them.
import fs from 'node:fs';
import path from 'node:path';
import type { TraceClass } from '../ipc/contract.ts';

export interface Line {
  class: TraceClass;
  connection?: 'client' | 'app' | 'none';
  direction?: 'in' | 'out';
  text: string;
}

export interface Trace {
  line(line: Line): void;
  /** A line of class 'app' that belongs to no connection. */
  app(text: string): void;
  /** Writes what is still held back; at the end of the program. */
  flush(): void;
}

export interface Sink {
  write(text: string): void;
  flush(): void;
}

/** `sinks`: where the lines of which classes go; asked for each line, so that a class is switched while it runs. */
export function createTrace(
  sinks: { classes(): readonly TraceClass[]; sink: Sink }[],
  now: () => number,
): Trace {
  const line = (entry: Line) => {
    let text: string | null = null;
    for (const { classes, sink } of sinks) {
      if (classes().includes(entry.class)) sink.write((text ??= format(entry, now())));
    }
  };
  return {
    line,
    app: (text) => line({ class: 'app', text }),
    flush: () => sinks.forEach(({ sink }) => sink.flush()),
  };
}

/** `2026-01-31T08:00:00.000Z websocket client > {"mt":…}`; always one line. */
export function format({ class: of, connection, direction, text }: Line, now: number): string {
  const parts: string[] = [new Date(now).toISOString(), of];
  if (connection !== undefined && connection !== 'none') parts.push(connection);
  if (direction !== undefined) parts.push(direction === 'out' ? '>' : '<');
  parts.push(text.replace(/[\r\n]+\s*/g, ' ⏎ '));
  return `${parts.join(' ')}\n`;
}

export function streamSink(stream: { write(text: string): unknown }): Sink {
  return { write: (text) => void stream.write(text), flush: () => undefined };
}

/**
 * Keeps `file`, `file.1` … `file.(keep - 1)`, each at most `limit` characters and a bit. Lines of one turn of the
 * event loop are written together. A disk that refuses costs the lines, nothing else.
 */
export function fileSink(file: string, { limit = 5_000_000, keep = 3 } = {}): Sink {
  let held: string[] = [];
  let scheduled = false;
  let size: number | null = null;

  const flush = () => {
    scheduled = false;
    if (held.length === 0) return;
    const text = held.join('');
    held = [];
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      size ??= fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (size > 0 && size + text.length > limit) {
        rotate(file, keep);
        size = 0;
      }
      fs.appendFileSync(file, text, { mode: 0o600 });
      size += text.length;
    } catch {
      // Nowhere to tell it.
    }
  };
  return {
    write(text) {
      held.push(text);
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
    flush,
  };
}

function rotate(file: string, keep: number): void {
  for (let number = keep - 1; number >= 1; number--) {
    const from = number === 1 ? file : `${file}.${number - 1}`;
    if (fs.existsSync(from)) fs.renameSync(from, `${file}.${number}`);
  }
}

/** The trace, to the terminal and to a file, each with its classes; and the log of failures, which is always kept. */
export function openLogs(
  directory: string,
  classes: { terminal: readonly TraceClass[]; file(): readonly TraceClass[] },
  now: () => number,
): { trace: Trace; failed: (kind: string, error: unknown) => void } {
  const trace = createTrace(
    [
      { classes: () => classes.terminal, sink: streamSink(process.stderr) },
      { classes: classes.file, sink: fileSink(path.join(directory, 'trace.log')) },
    ],
    now,
  );
  const failures = fileSink(path.join(directory, 'failures.log'), { limit: 500_000, keep: 2 });
  return { trace, failed: createFailureLog(failures, trace, now) };
}

/** Writes down what nobody caught, with its stack. `process` and the traces are passed in. */
export function createFailureLog(sink: Sink, trace: Trace, now: () => number) {
  return (kind: string, error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    trace.app(`${kind}: ${text}`);
    sink.write(format({ class: 'app', text: `${kind}: ${text}` }, now()));
    sink.flush();
  };
}
