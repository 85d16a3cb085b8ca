import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCrashes } from '../../../src-main/shell/crashes.ts';

let directory: string;
beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-crashes-'))));
afterEach(() => fs.rmSync(directory, { recursive: true }));

const file = () => path.join(directory, 'logs', 'crashes.jsonl');
const open = (now: () => number = Date.now) =>
  openCrashes({ directory: path.join(directory, 'logs'), now, versions: { version: '1.2.3' } });
const records = () =>
  fs
    .readFileSync(file(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

it('a crash is a line with its time, its kind and the versions, readable by the user alone', () => {
  const crashes = open(() => Date.UTC(2026, 0, 31, 8));
  expect(crashes.newest()).toBeNull();
  crashes.record('page', 'crashed', 11);
  crashes.record('hang', 'unresponsive');
  expect(records()).toEqual([
    { time: '2026-01-31T08:00:00.000Z', kind: 'page', reason: 'crashed', code: 11, version: '1.2.3' },
    { time: '2026-01-31T08:00:00.000Z', kind: 'hang', reason: 'unresponsive', version: '1.2.3' },
  ]);
  expect(crashes.newest()).toBe(Date.UTC(2026, 0, 31, 8));
  if (process.platform !== 'win32') expect(fs.statSync(file()).mode & 0o077).toBe(0);
});

it('the newest hundred are kept', () => {
  let now = 0;
  const crashes = open(() => (now += 1000));
  for (let times = 0; times < 130; times++) crashes.record('page', `crash ${times}`);
  expect(records()).toHaveLength(100);
  expect(records().at(-1)).toMatchObject({ reason: 'crash 129' });
});

it('a file that is damaged, or cannot be written, is no second crash', () => {
  fs.mkdirSync(path.join(directory, 'logs'));
  fs.writeFileSync(file(), '{"time":"2026');
  expect(open().newest()).toBeNull();
  fs.rmSync(file());
  fs.mkdirSync(file());
  open().record('main', 'TypeError');
  expect(open().newest()).toBeNull();
});
