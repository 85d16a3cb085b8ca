import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TraceClass } from '../../../src-main/ipc/contract.ts';
import {
  createFailureLog,
  createTrace,
  fileSink,
  format,
  openLogs,
  type Sink,
} from '../../../src-main/shell/trace.ts';

const now = () => Date.UTC(2026, 0, 31, 8, 0, 0);
let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-trace-'));
});
afterEach(async () => {
  // What is held back is written in the next turn, and would make the directory anew.
  await new Promise(setImmediate);
  fs.rmSync(directory, { recursive: true, force: true });
});

function memory(): Sink & { lines: string[] } {
  const lines: string[] = [];
  return { lines, write: (text) => lines.push(text), flush: () => undefined };
}

describe('a trace line', () => {
  it('has the time, the class, the connection, the direction and the text', () => {
    const line = {
      class: 'websocket',
      connection: 'client',
      direction: 'out',
      text: '{"mt":"Login"}',
    } as const;
    expect(format(line, now())).toBe('2026-01-31T08:00:00.000Z websocket client > {"mt":"Login"}\n');
    expect(format({ class: 'app', connection: 'none', text: 'up' }, now())).toBe(
      '2026-01-31T08:00:00.000Z app up\n',
    );
  });

  it('is one line, so that what arrives cannot pretend to be another', () => {
    const text = format({ class: 'app', text: 'a\n2026-01-31T08:00:00.000Z app b\r\n  c' }, now());
    expect(text.split('\n')).toHaveLength(2);
  });

  it('goes where its class is switched on, and nowhere else', () => {
    const [terminal, file] = [memory(), memory()];
    const trace = createTrace(
      [
        { classes: () => ['app'], sink: terminal },
        { classes: () => ['app', 'websocket'], sink: file },
      ],
      now,
    );
    trace.app('one');
    trace.line({ class: 'websocket', text: 'two' });
    trace.line({ class: 'browser', text: 'three' });
    expect(terminal.lines.map((line) => line.trim().split(' ').at(-1))).toEqual(['one']);
    expect(file.lines.map((line) => line.trim().split(' ').at(-1))).toEqual(['one', 'two']);
  });

  it('follows its class while the program runs, to the file and not beyond what was switched on', () => {
    let classes: readonly TraceClass[] = [];
    const { trace } = openLogs(directory, { terminal: [], file: () => classes }, now);
    const file = path.join(directory, 'trace.log');
    trace.app('before');
    trace.flush();
    expect(fs.existsSync(file)).toBe(false);
    classes = ['app'];
    trace.app('on');
    trace.line({ class: 'websocket', text: 'other' });
    classes = [];
    trace.app('off');
    trace.flush();
    expect(fs.readFileSync(file, 'utf8')).toBe('2026-01-31T08:00:00.000Z app on\n');
  });

  it('goes nowhere by default', () => {
    const sink = memory();
    createTrace([{ classes: () => [], sink }], now).app('one');
    expect(sink.lines).toEqual([]);
  });
});

describe('a trace file', () => {
  const file = () => path.join(directory, 'logs/trace.log');
  const read = (name: string) => fs.readFileSync(path.join(directory, 'logs', name), 'utf8');

  it('rotates at its limit and keeps only so many', () => {
    const sink = fileSink(file(), { limit: 10, keep: 3 });
    for (const text of ['11111111\n', '22222222\n', '33333333\n', '44444444\n']) {
      sink.write(text);
      sink.flush();
    }
    expect(fs.readdirSync(path.join(directory, 'logs')).sort()).toEqual([
      'trace.log',
      'trace.log.1',
      'trace.log.2',
    ]);
    expect([read('trace.log'), read('trace.log.1'), read('trace.log.2')]).toEqual([
      '44444444\n',
      '33333333\n',
      '22222222\n',
    ]);
  });

  it('goes on where an earlier start left it', () => {
    fileSink(file(), { limit: 100 }).write('one\n');
    for (const text of ['one\n', 'two\n']) {
      const sink = fileSink(file(), { limit: 100 });
      sink.write(text);
      sink.flush();
    }
    expect(read('trace.log')).toBe('one\ntwo\n');
  });

  it('that cannot be written costs its lines and nothing else', () => {
    fs.writeFileSync(path.join(directory, 'logs'), 'a file where the directory should be');
    const sink = fileSink(file());
    sink.write('one\n');
    expect(() => sink.flush()).not.toThrow();
  });
});

describe('a failure that nobody caught', () => {
  it('is written down with its stack, on one line, whether or not anything is traced', () => {
    const sink = memory();
    const failed = createFailureLog(sink, createTrace([], now), now);
    failed('uncaught exception', new Error('broken'));
    failed('unhandled rejection', 'just a word');
    expect(sink.lines).toHaveLength(2);
    expect(sink.lines[0]).toMatch(/uncaught exception: Error: broken ⏎ at .*trace\.test\.ts/);
    expect(sink.lines[1]).toMatch(/unhandled rejection: just a word\n$/);
  });
});
