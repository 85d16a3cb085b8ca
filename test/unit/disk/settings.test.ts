import Conf from 'conf';
import fc from 'fast-check';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSettings, type SettingsFile } from '../../../src-main/disk/settings.ts';
import {
  currentVersion,
  defaults,
  migrate,
  readOverrides,
  readSettings,
} from '../../../src-main/disk/settings-fields.ts';
import { defaultSettings, settingChoices, settingRanges } from '../../../src-main/pbx/index.ts';

let directory: string;
let traced: string[];
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-settings-'));
  traced = [];
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const file = () => path.join(directory, 'settings.json');
const onDisk = () => JSON.parse(fs.readFileSync(file(), 'utf8')) as Record<string, unknown>;
const write = (content: unknown) =>
  fs.writeFileSync(file(), typeof content === 'string' ? content : JSON.stringify(content));

/** electron-store is this class with the directory filled in by Electron. */
function open(): SettingsFile {
  return openSettings({
    directory,
    now: () => Date.UTC(2026, 0, 31, 8, 0, 0),
    createStore: ({ name, ...options }) => new Conf({ ...options, configName: name }),
    trace: (text) => traced.push(text),
  });
}

describe('the settings file', () => {
  it('is not there at first, and the defaults hold', () => {
    expect(open().get()).toEqual(defaults);
    expect(fs.existsSync(file())).toBe(false);
  });

  it('keeps what is set for the next start, readable for the user alone', () => {
    open().set('preferences', { ...defaults.preferences, theme: 'dark' });
    expect(open().get().preferences.theme).toBe('dark');
    expect(onDisk()).toMatchObject({ version: currentVersion });
    expect(fs.statSync(file()).mode & 0o077).toBe(0);
  });

  it('is not written when nothing changes', () => {
    open().set('toldNoTray', defaults.toldNoTray);
    expect(fs.existsSync(file())).toBe(false);
  });

  it.each([
    ['is not JSON', '{"preferences": {"theme": "da'],
    ['is empty', ''],
    ['is no object', '[1, 2]'],
    ['is null', 'null'],
    ['is binary', '\u0000\u0001\u0002'],
  ])('is set aside when it %s, with all that is in it', (_how, content) => {
    write(content);
    const settings = open();
    expect(settings.setAside).toBe('settings.damaged-2026-01-31T08-00-00-000Z.json');
    expect(settings.get()).toEqual(defaults);
    expect(fs.readFileSync(path.join(directory, settings.setAside ?? ''), 'utf8')).toBe(content);
    settings.set('toldNoTray', true);
    const next = open();
    expect(next.setAside).toBeNull();
    expect(next.get().toldNoTray).toBe(true);
  });

  it('loses only the values that are unusable', () => {
    write({
      version: 2,
      preferences: { theme: 'purple', density: 'compact', listWidth: '300' },
      lastLogin: 'anna',
      window: { x: 1, y: 2, width: 800, height: 'tall', maximized: false },
      toldNoTray: true,
    });
    const settings = open();
    expect(settings.get()).toEqual({
      ...defaults,
      preferences: { ...defaults.preferences, density: 'compact' },
      toldNoTray: true,
    });
    expect(settings.setAside).toBeNull();
    expect(traced.join()).toContain('preferences.theme, preferences.listWidth');
  });

  it('keeps what it does not know, so that a newer program finds its own again', () => {
    write({
      version: 7,
      colour: 'green',
      preferences: { theme: 'dark', sparkle: true },
      toldNoTray: false,
    });
    const settings = open();
    expect(settings.get().preferences.theme).toBe('dark');
    settings.set('toldNoTray', true);
    settings.set('preferences', { ...settings.get().preferences, theme: 'light' });
    expect(onDisk()).toMatchObject({
      version: 7,
      colour: 'green',
      preferences: { theme: 'light', sparkle: true },
      toldNoTray: true,
    });
  });

  it('keeps settings for this run when the disk refuses', () => {
    const settings = openSettings({
      directory,
      now: Date.now,
      createStore: () => ({
        get store() {
          return {};
        },
        set store(_content: Record<string, unknown>) {
          throw new Error('read-only file system');
        },
      }),
      trace: (text) => traced.push(text),
    });
    settings.set('toldNoTray', true);
    expect(settings.get().toldNoTray).toBe(true);
    expect(traced.join()).toContain('read-only');
  });

  it('never throws, whatever is in it', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        write(json);
        const settings = open();
        expect(Object.keys(settings.get()).sort()).toEqual(Object.keys(defaults).sort());
        settings.overrides('preferences', { theme: 'a', listWidth: 1 });
      }),
      { numRuns: 50 },
    );
  });
});

describe('settings of the wire', () => {
  const wire = { chatApp: '', answer: 'always', callIdle: 300_000, clientPaths: ['a', 'b'] };
  const choices = { answer: ['always', 'in-use'] };
  const ranges = { callIdle: [5, 1000] } as const;

  it('can each be overridden in the file', () => {
    write({ pbx: { chatApp: 'chat2', answer: 'in-use', callIdle: 5, clientPaths: ['c'] } });
    expect(open().overrides('pbx', wire, choices, ranges)).toEqual({
      chatApp: 'chat2',
      answer: 'in-use',
      callIdle: 5,
      clientPaths: ['c'],
    });
  });

  it.each([
    ['of another type', { callIdle: '5' }],
    ['negative', { callIdle: -1 }],
    ['too small', { callIdle: 0 }],
    ['too large', { callIdle: 1001 }],
    ['no number that is', { callIdle: Infinity }],
    ['not one of the choices', { answer: 'sometimes' }],
    ['an empty list', { clientPaths: [] }],
    ['a list of something else', { clientPaths: [1] }],
    ['unknown', { nothing: 1 }],
    ['inherited', JSON.parse('{"__proto__": {"callIdle": 1}, "toString": "x"}') as object],
  ])('stand at their default when the value is %s', (_what, given) => {
    const { value, dropped } = readOverrides(given, wire, choices, ranges);
    expect(value).toEqual(wire);
    expect(dropped.length).toBeGreaterThan(0);
  });

  it('are within their own ranges by default, and each number has one', () => {
    const { dropped } = readOverrides(defaultSettings, defaultSettings, settingChoices, settingRanges);
    expect(dropped).toEqual([]);
    const numbers = Object.entries(defaultSettings).filter(([, value]) => typeof value === 'number');
    expect(Object.keys(settingRanges).sort()).toEqual(numbers.map(([name]) => name).sort());
    // A timer of more than 2^31 milliseconds runs at once.
    for (const [name, [, most]] of Object.entries(settingRanges))
      if (name !== 'secondsBelow') expect(most).toBeLessThan(2 ** 31);
  });

  it('that would ask a server without a pause are dropped, and named', () => {
    write({ pbx: { pingInterval: 0, reconnectFirst: 0, listEvery: 0, callIdle: 60_000 } });
    expect(open().overrides('pbx', defaultSettings, settingChoices, settingRanges)).toEqual({
      ...defaultSettings,
      callIdle: 60_000,
    });
    for (const name of ['pingInterval', 'reconnectFirst', 'listEvery']) expect(traced.join()).toContain(name);
  });

  it('stand at their defaults when they are no object', () => {
    expect(readOverrides([1], wire)).toEqual({ value: wire, dropped: [''] });
  });
});

describe('migrations', () => {
  it('run from the version of the file to the current one, in order', () => {
    const steps = {
      1: (content: Record<string, unknown>) => ({ ...content, log: 'a' }),
      2: (content: Record<string, unknown>) => ({ ...content, log: `${String(content['log'])}b` }),
    };
    expect(migrate({ version: 1, keep: true }, steps, 3)).toEqual({ version: 3, keep: true, log: 'ab' });
    expect(migrate({ version: 2, log: '' }, steps, 3)).toEqual({ version: 3, log: 'b' });
  });

  it('leave a file of a newer version, or of none, as it is', () => {
    expect(migrate({ version: 9, a: 1 }, {}, 3)).toEqual({ version: 9, a: 1 });
    expect(migrate({ a: 1 }, {}, 3)).toEqual({ a: 1 });
    expect(migrate({ version: 'x' }, {}, 3)).toEqual({ version: 'x' });
  });

  it('leave settings that can be read', () => {
    expect(readSettings(migrate({})).dropped).toEqual([]);
  });
});
