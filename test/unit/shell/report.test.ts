import { strFromU8, unzipSync } from 'fflate';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redactText } from '../../../src-main/pbx/redact.ts';
import {
  describeCheck,
  scrub,
  scrubRecords,
  scrubTrace,
  settingsForReport,
} from '../../../src-main/shell/report-content.ts';
import { createReportCommands, logLimit, type ReportPorts } from '../../../src-main/shell/report.ts';

const home = '/home/olga';
const digest = 'b3a8e0e1f9ab1bfe3a36f231f676f78bb30a519d2b21e6c530c0eee8ebb4a5d0';

describe('what a report shows of a line', () => {
  it.each([
    ['the directory with the name of the person', `at ${home}/.config/PBX Chat`, 'at ~/.config/PBX Chat'],
    [
      'what an error quotes',
      `Unexpected token, ..."{"text":"Dear"... is not JSON`,
      'Unexpected token, ..."…',
    ],
    ['all of it', 'Unexpected "{"text":"Dear Anna"}" at 4', 'Unexpected "…" at 4'],
    ['a quotation with quotes in it', String.raw`bad: "a \"b\" c" end`, 'bad: "…" end'],
    ['a path in an error of the system', "ENOENT: open '/srv/Cancelled plans.pdf'", "ENOENT: open '…'"],
    ['a digest', `digest ${digest} differs`, 'digest … differs'],
    ['a nonce', 'nonce 0123456789abcdef', 'nonce …'],
    ['a token', `token ${'aB3'.repeat(20)}==`, 'token …'],
    [
      'what stands behind a host',
      'GET https://files.example.com/a/Plan.pdf?key=1',
      'GET https://files.example.com/…',
    ],
    ['a password in an address', 'https://anna:secret@pbx.example.com/x', 'https://pbx.example.com/…'],
    ['somebody', 'no answer from sip:anna@example.com', 'no answer from sip:…'],
    ['a file behind a scheme of its own', 'pbx-chat://app/files/m1/Plan.pdf', 'pbx-chat://…'],
  ])('hides %s', (_, line, shown) => {
    expect(scrub(line, home)).toBe(shown);
  });

  it.each([
    'connecting to wss://pbx.example.com:8443/PBX0/APPCLIENT/websocket',
    "link ended: link-lost (1006); it doesn't answer and isn't there",
    'at open (file:///opt/pbx-chat/resources/app.asar/out/main/main.js:120:7)',
    'warning x (pbx-chat://app/assets/index-RHxfuUEY.js:1:20)',
    'TypeError: link.send is not a function',
  ])('keeps %s', (line) => {
    expect(scrub(line, home)).toBe(line);
  });

  it('is of a frame what the wire shows', () => {
    const frame =
      '{"mt":"LoginResult","digest":"secret","info":{"domain":"example.com","session":{"usr":"u","pwd":"p"}}}';
    const line = `2026-01-31T08:00:00.000Z websocket client < ${frame}`;
    expect(scrubTrace(line, home, redactText)).toBe(
      '2026-01-31T08:00:00.000Z websocket client < {"mt":"LoginResult","digest":"…","info":{"domain":"example.com","session":{"usr":"…","pwd":"…"}}}',
    );
    expect(scrubTrace('2026-01-31T08:00:00.000Z websocket client < {"text":', home, redactText)).toMatch(
      /< …$/,
    );
  });

  it('is of a record every text in it', () => {
    const record = JSON.stringify({ at: 1, error: { stack: `Error: "Dear"\n    at ${home}/x.js:1:2` } });
    expect(JSON.parse(scrubRecords(record, home))).toEqual({
      at: 1,
      error: { stack: 'Error: "…"\n    at ~/x.js:1:2' },
    });
    expect(scrubRecords('{"half":"Dear', home)).not.toContain('half');
  });

  it('is of the settings switches, numbers, and texts that are known to be harmless', () => {
    const settings = {
      preferences: { theme: 'dark', notifications: true },
      lastLogin: { server: 'pbx.example.com', user: 'anna' },
      trace: ['app'],
      downloadFolder: '/home/anna',
      newer: { sort: 'secret', empty: '' },
      window: null,
    };
    expect(settingsForReport(settings)).toEqual({
      ...settings,
      lastLogin: { server: 'pbx.example.com', user: '…' },
      downloadFolder: '…',
      newer: { sort: '…', empty: '' },
    });
  });

  it('is of the check each step with its facts', () => {
    const steps = [
      { step: 'name', ok: true, milliseconds: 3, facts: ['192.0.2.1'] },
      { step: 'network', ok: false, milliseconds: 5000, facts: ['192.0.2.1 port 443: no answer in time'] },
    ];
    expect(describeCheck(steps)).toBe(
      'ok     name (3 ms)\n       192.0.2.1\nFAILED network (5000 ms)\n       192.0.2.1 port 443: no answer in time\n',
    );
  });
});

describe('the report of a problem', () => {
  let directory: string;
  beforeEach(() => void (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-report-'))));
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

  const target = () => path.join(directory, 'report.zip');
  const commands = (ports: Partial<ReportPorts> = {}) =>
    createReportCommands({
      logs: path.join(directory, 'logs'),
      home,
      now: () => Date.UTC(2026, 0, 31, 8),
      flush: () => undefined,
      facts: () => Promise.resolve({ program: 'PBX Chat 1.0', graphics: { gpu: 'off' } }),
      settings: () => ({ lastLogin: { user: 'anna' } }),
      state: () => ({ login: 'signed-in' }),
      checkConnection: () => Promise.resolve([]),
      redactFrame: redactText,
      askWhereToSave: () => Promise.resolve(target()),
      folder: () => directory,
      show: () => undefined,
      trace: () => undefined,
      ...ports,
    });
  const writeLog = (name: string, text: string) => {
    fs.mkdirSync(path.join(directory, 'logs'), { recursive: true });
    fs.writeFileSync(path.join(directory, 'logs', name), text);
  };
  const unpack = () =>
    Object.fromEntries(
      Object.entries(unzipSync(fs.readFileSync(target()))).map(([name, bytes]) => [name, strFromU8(bytes)]),
    );

  it('saves exactly what it has shown, and the words of the person', async () => {
    writeLog('trace.log', 'one line\n');
    writeLog('failures.log', 'another\n');
    writeLog('crashes.jsonl', '{"at":1}\n');
    writeLog('something.else', 'not ours\n');
    const report = commands();
    const shown = await report.prepareReport();
    // What is written in the meantime was not shown, so it does not come along.
    writeLog('trace.log', 'one line\nand a later one\n');
    expect(await report.saveReport({ description: 'It rains in.' })).toEqual({
      ok: true,
      value: 'report.zip',
    });
    expect(unpack()).toEqual({
      'description.txt': 'It rains in.',
      ...Object.fromEntries(shown.map(({ name, text }) => [name, text])),
    });
    expect(shown.map(({ name }) => name)).toEqual([
      'about.txt',
      'connection.txt',
      'settings.json',
      'logs/crashes.jsonl',
      'logs/failures.log',
      'logs/trace.log',
    ]);
    expect(unpack()['about.txt']).toBe('program: PBX Chat 1.0\ngraphics: {"gpu":"off"}\n');
    expect(fs.statSync(target()).mode & 0o077).toBe(0);
  });

  it('is named after the day, and asks each time', async () => {
    const suggested: string[] = [];
    const report = commands({ askWhereToSave: (name) => Promise.resolve((suggested.push(name), null)) });
    await report.prepareReport();
    expect(await report.saveReport({ description: '' })).toEqual({ ok: true, value: null });
    expect(suggested).toEqual([path.join(directory, 'pbx-chat-report-2026-01-31.zip')]);
    expect(fs.existsSync(target())).toBe(false);
  });

  it('brings the newest whole lines of a long log', async () => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `line ${index} of many`);
    writeLog('trace.log', `${lines.join('\n')}\n`);
    const log = (await commands().prepareReport()).find(({ name }) => name === 'logs/trace.log');
    const kept = log?.text.split('\n') ?? [];
    expect(kept[0]).toBe('(earlier lines are left out)');
    expect(kept[1]).toMatch(/^line \d+ of many$/);
    expect(kept.at(-2)).toBe('line 39999 of many');
    expect(log?.size).toBeLessThan(logLimit + 100);
  });

  it('says why it cannot be saved, and can be saved elsewhere then', async () => {
    const places = [path.join(directory, 'missing/report.zip'), target()];
    const report = commands({ askWhereToSave: () => Promise.resolve(places.shift() ?? null) });
    expect(await report.saveReport({ description: '' })).toEqual({
      ok: false,
      reason: { code: 'not-prepared' },
    });
    await report.prepareReport();
    expect(await report.saveReport({ description: '' })).toEqual({
      ok: false,
      reason: { code: 'not-writable' },
    });
    expect(await report.saveReport({ description: '' })).toMatchObject({ ok: true });
  });
});
