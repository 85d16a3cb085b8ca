import fc from 'fast-check';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isExecutable, numbered, safeFileName } from '../../../src-main/disk/file-name.ts';
import { quarantine, zoneIdentifier } from '../../../src-main/disk/origin-mark.ts';
import { createOutgoingFiles } from '../../../src-main/disk/outgoing-files.ts';
import { saveFile } from '../../../src-main/disk/saved-files.ts';

describe('a name for a file that a stranger named', () => {
  test.each([
    ['report.pdf', 'report.pdf'],
    ['Übersicht 2026 (neu).xlsx', 'Übersicht 2026 (neu).xlsx'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Windows\\x.txt', 'C__Windows_x.txt'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['trailing. . ', 'trailing'],
    ['.bashrc', 'bashrc'],
    ['gpj\u202Eexe.jpg', 'gpjexe.jpg'],
    ['a\u0000b\nc.txt', 'a_b_c.txt'],
    ['', 'file'],
    ['...', 'file'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  test('is good on every platform, whatever it was, and stays as it is from then on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const safe = safeFileName(name);
        expect(safe).not.toBe('');
        expect(safe).toBe(path.basename(safe));
        expect(safe).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
        );
        expect(safe).not.toMatch(/^[. ]|[. ]$/);
        expect(safe).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(241);
        expect(safeFileName(safe)).toBe(safe);
      }),
    );
  });

  test('keeps its extension when it is cut, and its number stands before that', () => {
    const safe = safeFileName(`${'ä'.repeat(500)}.pdf`);
    expect(safe).toMatch(/^ä+\.pdf$/);
    expect(numbered('report.tar.gz', 2)).toBe('report.tar (2).gz');
    expect(numbered('README', 1)).toBe('README (1)');
  });

  test.each([
    'a.exe',
    'a.MSI',
    'a.jpg.scr',
    'run.sh',
    'x.desktop',
    'x.lnk',
    'x.hta',
    'x.js',
    'x.vbs',
    'X.App',
    'x.jar',
  ])('of %s says that the system would execute it', (name) => expect(isExecutable(name)).toBe(true));
  test.each(['a.pdf', 'exe', 'a.exe.txt', 'photo.jpg', 'sh.md'])('of %s does not', (name) => {
    expect(isExecutable(name)).toBe(false);
  });
});

describe('on the disk', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'files-test-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function* body(...parts: string[]) {
    for (const part of parts) yield Buffer.from(part);
  }
  const save = (name: string, content: AsyncIterable<Uint8Array>, signal = new AbortController().signal) =>
    saveFile(content, {
      name,
      place: { folder },
      host: 'pbx.example.com',
      signal,
      platform: 'linux',
      now: 0,
    });

  test('what is saved stands beside what is there, and is not executable', async () => {
    fs.writeFileSync(path.join(folder, 'a.sh'), 'mine');
    expect(await save('a.sh', body('theirs', '!'))).toMatchObject({ ok: true, value: { name: 'a (1).sh' } });
    expect(fs.readFileSync(path.join(folder, 'a.sh'), 'utf8')).toBe('mine');
    expect(fs.readFileSync(path.join(folder, 'a (1).sh'), 'utf8')).toBe('theirs!');
    expect(fs.statSync(path.join(folder, 'a (1).sh')).mode & 0o111).toBe(0);
  });

  test('two of one name at once are two files', async () => {
    await Promise.all([save('x', body('1')), save('x', body('2'))]);
    expect(fs.readdirSync(folder).sort()).toEqual(['x', 'x (1)']);
  });

  test('what breaks off or is cancelled leaves nothing behind', async () => {
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('gone');
    }
    expect(await save('x', broken())).toEqual({ ok: false, reason: { code: 'unreachable' } });
    const abort = new AbortController();
    abort.abort();
    expect(await save('x', body('1'), abort.signal)).toEqual({ ok: false, reason: { code: 'cancelled' } });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('a folder that cannot be written says so', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    const place = { folder: path.join(folder, 'file') };
    const { signal } = new AbortController();
    const options = { name: 'x', place, host: 'h', signal, platform: 'linux' as const, now: 0 };
    expect(await saveFile(body('1'), options)).toMatchObject({ ok: false });
    expect(fs.readdirSync(folder)).toEqual(['file']);
  });

  test('what was pasted is private, and is gone when nobody needs it', async () => {
    const directory = path.join(folder, 'outgoing');
    const files = createOutgoingFiles(directory, () => undefined);
    const kept = await files.keep('Picture.png', Buffer.from('bytes'));
    if (!kept.ok) throw new Error(kept.reason.code);
    const [file = ''] = fs.readdirSync(directory);
    expect(fs.statSync(path.join(directory, file)).mode & 0o077).toBe(0);
    let read = '';
    for await (const chunk of files.open(kept.value.id)) read += String(chunk);
    expect(read).toBe('bytes');
    files.forget(kept.value.id);
    await expect.poll(() => fs.readdirSync(directory)).toEqual([]);
    expect(files.facts(kept.value.id)).toBeNull();
  });

  test('a folder is not a file that can be picked', async () => {
    const files = createOutgoingFiles(path.join(folder, 'outgoing'), () => undefined);
    expect(await files.pick(folder)).toMatchObject({ ok: false, reason: { code: 'unreadable' } });
    expect(await files.pick(path.join(folder, 'nothing'))).toMatchObject({ ok: false });
  });
});

test('the marks of origin are in the form of their platforms', () => {
  expect(zoneIdentifier('https://h/')).toBe('[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://h/\r\n');
  expect(quarantine(1_700_000_000_000)).toMatch(/^0083;6553f100;PBX Chat;[\dA-F-]{36}$/);
});
