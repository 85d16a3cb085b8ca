import Conf from 'conf';
import fc from 'fast-check';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { otherFields } from '../../../src-main/disk/named-settings.ts';
import { openSettings, type SettingsFile, type SettingsPorts } from '../../../src-main/disk/settings.ts';
import { currentVersion, defaults, migrate, readSettings } from '../../../src-main/disk/settings-fields.ts';
import { wireSettings } from '../../../src-main/pbx/index.ts';
import type { SettingValue } from '../../../src-main/ipc/contract.ts';

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
function open(given: Pick<SettingsPorts, 'others' | 'managed'> = {}): SettingsFile {
  return openSettings({
    ...given,
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
        for (const name of Object.keys(settings.fields)) {
          expect(settings.fields[name]?.accepts(settings.read(name))).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

const wire = { chatApp: '', answer: 'always', callIdle: 300_000, clientPaths: ['a', 'b'] };
const wireFields = otherFields('pbx', {
  defaults: wire,
  choices: { answer: ['always', 'in-use'] },
  ranges: { callIdle: [1, 1_000_000] },
});

describe('settings of the wire', () => {
  it('can each be overridden in the file', () => {
    const own = { chatApp: 'chat2', answer: 'in-use', callIdle: 5, clientPaths: ['c'] };
    write({ pbx: own });
    expect(open({ others: wireFields }).group('pbx', wire)).toEqual(own);
    expect(traced).toEqual([]);
  });

  it.each([
    ['of another type', { callIdle: '5' }],
    ['too small', { callIdle: 0 }],
    ['too large', { callIdle: 1_000_001 }],
    ['no number that is', { callIdle: Infinity }],
    ['not one of the choices', { answer: 'sometimes' }],
    ['an empty list', { clientPaths: [] }],
    ['a list of something else', { clientPaths: [1] }],
    ['a list with nothing in it', { clientPaths: [''] }],
    ['unknown', { nothing: 1 }],
    ['inherited', JSON.parse('{"__proto__": {"callIdle": 1}, "toString": "x"}') as object],
    ['no object', [1]],
  ])('stand at their default when the value is %s', (_what, given) => {
    write({ pbx: given });
    expect(open({ others: wireFields }).group('pbx', wire)).toEqual(wire);
    expect(traced.join()).toContain('not usable');
  });
});

describe('settings of the wire as it has them', () => {
  const { defaults: own, ranges } = wireSettings;
  const all = otherFields('pbx', wireSettings);

  it('are within their own ranges by default, and each number has one', () => {
    for (const [name, value] of Object.entries(own)) {
      expect(all[`pbx.${name}`]?.accepts(value), name).toBe(true);
    }
    const numbers = Object.entries(own).filter(([, value]) => typeof value === 'number');
    expect(Object.keys(ranges).sort()).toEqual(numbers.map(([name]) => name).sort());
    // A timer of more than 2^31 milliseconds runs at once.
    for (const [name, [, most]] of Object.entries(ranges))
      if (name !== 'secondsBelow') expect(most).toBeLessThan(2 ** 31);
  });

  it('that would ask a server without a pause are dropped, and named', () => {
    write({ pbx: { pingInterval: 0, reconnectFirst: 0, listEvery: 0, callIdle: 60_000 } });
    expect(open({ others: all }).group('pbx', own)).toEqual({ ...own, callIdle: 60_000 });
    for (const name of ['pingInterval', 'reconnectFirst', 'listEvery']) expect(traced.join()).toContain(name);
  });
});

describe('a setting by its name', () => {
  const settings = () => open({ others: wireFields });

  it('is changed where it stands, and what stands beside it stays', () => {
    write({ version: 7, pbx: { callIdle: 9, novelty: 1 }, preferences: { density: 'compact' } });
    const file = settings();
    expect(file.change('preferences.theme', 'dark').ok).toBe(true);
    expect(file.change('pbx.answer', 'in-use').ok).toBe(true);
    expect(file.change('awayAfter', 20).ok).toBe(true);
    expect(file.change('server', 'pbx.example.com').ok).toBe(true);
    expect(file.get()).toMatchObject({
      preferences: { theme: 'dark', density: 'compact' },
      awayAfter: 20,
      lastLogin: { server: 'pbx.example.com' },
    });
    expect(onDisk()).toEqual({
      version: 7,
      pbx: { callIdle: 9, novelty: 1, answer: 'in-use' },
      preferences: { theme: 'dark', density: 'compact' },
      awayAfter: 20,
      lastLogin: { server: 'pbx.example.com' },
    });
  });

  it('goes back to its default without leaving anything behind', () => {
    write({ pbx: { callIdle: 9, novelty: 1 }, awayAfter: 20 });
    const file = settings();
    file.change('pbx.callIdle', null);
    file.change('awayAfter', 5);
    expect(file.read('pbx.callIdle')).toBe(300_000);
    expect(file.get().awayAfter).toBe(5);
    expect(onDisk()).toEqual({ version: currentVersion, pbx: { novelty: 1 } });
  });

  it.each([
    ['invalid', 'preferences.theme', 'purple'],
    ['invalid', 'awayAfter', 1441],
    ['invalid', 'awayAfter', '5'],
    ['invalid', 'trace', ['everything']],
    ['invalid', 'pbx.callIdle', 0],
    ['unknown', 'preferences.listWidth', 300],
    ['unknown', 'window', 1],
    ['unknown', 'toString', 'x'],
    ['unknown', 'preferences.toString', 'x'],
    ['unknown', '', 'x'],
  ] as const)('is refused as %s: %s = %j', (code, name, value) => {
    const file = settings();
    expect(file.change(name, value as SettingValue)).toEqual({ ok: false, reason: { code } });
    expect(file.get()).toEqual(defaults);
    expect(fs.existsSync(path.join(directory, 'settings.json'))).toBe(false);
  });

  it('that the system keeps is not changed here', () => {
    const settings = open();
    expect(settings.change('autostart', 'on')).toEqual({ ok: false, reason: { code: 'unknown' } });
    expect(fs.existsSync(file())).toBe(false);
  });

  it('is described as far as a screen needs it', () => {
    expect(settings().fields).toMatchObject({
      'preferences.theme': { kind: 'choice', options: ['system', 'light', 'dark'] },
      'preferences.closeToTray': { kind: 'switch', options: null },
      awayAfter: { kind: 'number', range: { min: 0, max: 1440 } },
      trace: { kind: 'list', options: ['app', 'browser', 'websocket'] },
      downloadFolder: { kind: 'text' },
      'pbx.answer': { kind: 'choice', options: ['always', 'in-use'] },
      'pbx.callIdle': { kind: 'number', range: { min: 1, max: 1_000_000 } },
      'pbx.clientPaths': { kind: 'list', options: null },
    });
  });
});

describe('who watches a setting', () => {
  it('hears of each change of it, whichever way it comes, and of no other', () => {
    const settings = open();
    const heard: unknown[] = [];
    const end = settings.watch('spelling', (tags) => heard.push(tags));
    settings.set('spelling', ['de-DE']);
    settings.set('spelling', ['de-DE']);
    settings.set('zoom', 120);
    settings.change('spelling', ['de-DE', 'fr']);
    settings.change('spelling', null);
    expect(heard).toEqual([['de-DE'], ['de-DE', 'fr'], []]);
    end();
    settings.set('spelling', ['it']);
    expect(heard).toHaveLength(3);
  });
});

describe('what an administrator decides', () => {
  const managed = {
    locked: { 'preferences.theme': 'dark', server: 'pbx.example.com', 'pbx.callIdle': 7 },
    recommended: { 'preferences.density': 'compact', awayAfter: 30, 'pbx.answer': 'in-use' },
  };
  const settings = () => open({ others: wireFields, managed });

  it('stands whatever the person chose where it is locked, and while nobody has chosen where it is recommended', () => {
    write({
      preferences: { theme: 'light' },
      lastLogin: { server: 'other.example.com', user: 'anna' },
      awayAfter: 9,
    });
    const file = settings();
    expect(file.get()).toMatchObject({
      preferences: { theme: 'dark', density: 'compact' },
      lastLogin: { server: 'pbx.example.com', user: 'anna' },
      awayAfter: 9,
    });
    expect(file.group('pbx', wire)).toEqual({ ...wire, callIdle: 7, answer: 'in-use' });
    expect(file.locked).toEqual(['preferences.theme', 'server', 'pbx.callIdle']);
    expect(file.fallback('awayAfter')).toBe(30);
  });

  it('stands where the file has something unusable', () => {
    write({ preferences: { density: 'tight' }, awayAfter: -1 });
    expect(settings().get()).toMatchObject({ preferences: { density: 'compact' }, awayAfter: 30 });
  });

  it('cannot be changed where it is locked, in whichever way', () => {
    const file = settings();
    expect(file.change('preferences.theme', 'light')).toEqual({ ok: false, reason: { code: 'locked' } });
    expect(file.change('preferences.theme', null)).toEqual({ ok: false, reason: { code: 'locked' } });
    expect(file.change('pbx.callIdle', 9).ok).toBe(false);
    file.set('preferences', { ...file.get().preferences, theme: 'light', formatBar: true });
    expect(file.get().preferences).toMatchObject({ theme: 'dark', formatBar: true });
    expect(onDisk()).toEqual({ version: currentVersion, preferences: { formatBar: true } });
  });

  it('is never written into the settings of the person, who has them back when it ends', () => {
    write({ preferences: { theme: 'light' } });
    settings().set('toldKept', true);
    settings().set('lastLogin', { server: 'pbx.example.com', user: 'anna', remember: true });
    expect(onDisk()).toEqual({
      version: currentVersion,
      preferences: { theme: 'light' },
      toldKept: true,
      lastLogin: { user: 'anna' },
    });
    expect(open().get().preferences).toMatchObject({ theme: 'light', density: 'comfortable' });
  });

  it('is what a setting goes back to', () => {
    const file = settings();
    file.change('awayAfter', 9);
    file.change('awayAfter', null);
    expect(file.get().awayAfter).toBe(30);
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
