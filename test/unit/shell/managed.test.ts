import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directory as policies, policyFiles } from '../../../scripts/policies.ts';
import { readManaged } from '../../../src-main/disk/managed.ts';
import { otherFields, ownFields } from '../../../src-main/disk/named-settings.ts';
import { wireSettings } from '../../../src-main/pbx/index.ts';
import { findManaged, fromFiles, managedPlaces } from '../../../src-main/shell/managed-sources.ts';
import { readRegistry } from '../../../src-main/shell/registry-file.ts';

const fields = { ...ownFields, ...otherFields('pbx', wireSettings) };
const names = Object.keys(fields).sort();
const at = (where: string, content: unknown) => ({ where, content });

describe('settings of an administrator', () => {
  it('are locked or recommended, by the names that they have in the settings file', () => {
    const content = {
      locked: { server: 'pbx.example.com', 'preferences.theme': 'dark' },
      recommended: { awayAfter: 10, 'pbx.clientPaths': ['a/websocket'] },
    };
    expect(readManaged([at('file', content)], fields)).toEqual({ ...content, from: ['file'], problems: [] });
  });

  it('of several places add up, and the later one counts', () => {
    const { locked, from } = readManaged(
      [
        at('a', { locked: { awayAfter: 1, 'preferences.theme': 'dark' } }),
        at('b', { locked: { awayAfter: 2 } }),
      ],
      fields,
    );
    expect(locked).toEqual({ awayAfter: 2, 'preferences.theme': 'dark' });
    expect(from).toEqual(['a', 'b']);
  });

  it('that cannot be used are named, and the rest counts', () => {
    const content = {
      locked: {
        'preferences.theme': 'purple',
        'preferences.density': 'compact',
        'preferences.listWidth': 300,
      },
      recommended: { awayAfter: 5000, toString: 'x' },
      Locked: {},
    };
    expect(readManaged([at('file', content)], fields)).toEqual({
      locked: { 'preferences.density': 'compact' },
      recommended: {},
      from: ['file'],
      problems: [
        {
          where: 'file',
          what: 'partly',
          names: ['Locked', 'preferences.theme', 'preferences.listWidth', 'awayAfter', 'toString'],
        },
      ],
    });
  });

  it.each([
    ['a list', []],
    ['a text', 'x'],
    ['nothing', null],
  ])('are damaged when they are %s, and the others count', (_what, content) => {
    const { locked, problems } = readManaged(
      [at('a', content), at('b', { locked: { awayAfter: 2 } })],
      fields,
    );
    expect(locked).toEqual({ awayAfter: 2 });
    expect(problems).toEqual([{ where: 'a', what: 'damaged', names: [] }]);
  });

  it('switch with the numbers of the registry too', () => {
    const content = {
      locked: { 'preferences.closeToTray': 0, 'preferences.notifications': 1, awayAfter: 1 },
    };
    expect(readManaged([at('key', content)], fields).locked).toEqual({
      'preferences.closeToTray': false,
      'preferences.notifications': true,
      awayAfter: 1,
    });
  });
});

describe('the files of an administrator on Linux', () => {
  let root: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-managed-'));
    fs.mkdirSync(path.join(root, 'managed.d'));
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));
  const own = process.getuid?.() ?? 0;
  const place = () => ({ file: path.join(root, 'managed.json'), directory: path.join(root, 'managed.d') });
  const write = (name: string, text: string, mode = 0o644) => {
    fs.writeFileSync(path.join(root, name), text);
    fs.chmodSync(path.join(root, name), mode);
  };

  it('need not be there', () => {
    expect(fromFiles(place(), own)).toEqual([]);
    expect(findManaged('freebsd', root)).toEqual([]);
  });

  it('are the one, then those of the directory by name', () => {
    write('managed.d/20-b.json', '{"locked":{"awayAfter":2}}');
    write('managed.d/10-a.json', '{}');
    write('managed.d/README', 'no');
    write('managed.json', '{}');
    expect(fromFiles(place(), own).map(({ where }) => path.basename(where))).toEqual([
      'managed.json',
      '10-a.json',
      '20-b.json',
    ]);
  });

  it('count only if nobody else can write to them', () => {
    write('managed.json', '{}');
    expect(fromFiles(place(), own + 1)).toMatchObject([{ problem: 'untrusted' }]);
    for (const mode of [0o664, 0o646]) {
      write('managed.json', '{}', mode);
      expect(fromFiles(place(), own)).toMatchObject([{ problem: 'untrusted' }]);
    }
  });

  it('are told when they cannot be read', () => {
    write('managed.json', '{"locked": {');
    expect(fromFiles(place(), own)).toMatchObject([{ where: place().file, problem: 'damaged' }]);
  });
});

describe('the registry', () => {
  const root = managedPlaces.win32;

  it('has texts, numbers and lists under Locked and Recommended', () => {
    const text = [
      '\uFEFFWindows Registry Editor Version 5.00',
      '',
      `[${root}]`,
      '"ignored"="x"',
      '',
      `[${root}\\Locked]`,
      '"server"="pbx.example.com"',
      '"downloadFolder"="C:\\\\Users\\\\Zoë \\"x\\""',
      '"preferences.closeToTray"=dword:00000001',
      '"pbx.secondsBelow"=hex(b):00,e8,76,48,17,00,00,00',
      '"binary"=hex:01,02',
      '',
      `[${root}\\Recommended]`,
      '"pbx.appPaths"=hex(7):41,00,2f,00,77,00,00,00,\\',
      '  42,00,00,00,00,00',
      '',
    ].join('\r\n');
    expect(readRegistry(text, root)).toEqual({
      locked: {
        server: 'pbx.example.com',
        downloadFolder: 'C:\\Users\\Zoë "x"',
        'preferences.closeToTray': 1,
        'pbx.secondsBelow': 100_000_000_000,
        binary: null,
      },
      recommended: { 'pbx.appPaths': ['A/w', 'B'] },
    });
  });

  it('is nothing in a text that is something else', () => {
    expect(readRegistry('"a"="b"\n[HKEY_CURRENT_USER\\x]\n"c"="d"', root)).toEqual({});
  });
});

describe('the examples for administrators', () => {
  const read = (name: string) => fs.readFileSync(path.join(policies, name), 'utf8');
  const found = (name: string, pattern: RegExp) =>
    [...new Set([...read(name).matchAll(pattern)].map((match) => match[1] ?? ''))].sort();

  it.each(Object.keys(policyFiles()))('%s is as scripts/policies.ts writes it', (name) => {
    expect(read(name)).toBe(policyFiles()[name]);
  });

  it('as JSON name each setting and can be used as they are', () => {
    const content = JSON.parse(read('managed.json')) as Record<string, Record<string, unknown>>;
    expect(Object.values(content).flatMap(Object.keys).sort()).toEqual(names);
    expect(readManaged([at('example', content)], fields).problems).toEqual([]);
  });

  it('as a property list name each setting', () => {
    const keys = found('io.github.pbx-chat.PbxChat.plist', /<key>([^<]+)<\/key>/g);
    expect(keys.filter((key) => key !== 'locked' && key !== 'recommended')).toEqual(names);
  });

  it('as a template of group policy name each setting, locked and recommended, with words for all', () => {
    expect(found('pbx-chat.admx', /valueName="([^"]+)"/g)).toEqual(names);
    const policies = found('pbx-chat.admx', /<policy name="([^"]+)"/g);
    expect(policies.length).toBe(names.length * 2);
    const strings = found('en-US/pbx-chat.adml', /<string id="([^"]+)"/g);
    expect(found('pbx-chat.admx', /\$\(string\.([^)]+)\)/g)).toEqual(strings);
    const presentations = found('en-US/pbx-chat.adml', /<presentation id="([^"]+)"/g);
    expect(found('pbx-chat.admx', /\$\(presentation\.([^)]+)\)/g)).toEqual(presentations);
  });
});
