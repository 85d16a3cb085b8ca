import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDraftShelf } from '../../../src-main/disk/drafts.ts';

let directory: string;
let traced: string[];
let damaged: string[];
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-drafts-'));
  traced = [];
  damaged = [];
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const file = () => path.join(directory, 'drafts.json');
const open = () =>
  createDraftShelf({
    directory,
    now: () => Date.UTC(2026, 0, 31, 8, 0, 0),
    trace: (text) => traced.push(text),
    damaged: (name) => damaged.push(name),
  });
const bob = {
  discussion: 'bob',
  address: { sip: 'bob' },
  kind: 'person',
  name: 'Bob',
  html: '<p>so</p>',
} as const;
const nothing = { stored: false, drafts: [], removals: [] };
const kept = { stored: true, drafts: [bob], removals: [] };

describe('the file of drafts', () => {
  it('keeps changes of messages and deletions beside them, and knows a file that has none', () => {
    const edit = { id: '7', html: 'so be it', original: 'so bee it' };
    const changing = { ...bob, html: '', edit };
    const removals = [
      { discussion: 'bob', name: 'Bob', id: '9' },
      { discussion: 'bob', name: 'Bob', id: null },
    ];
    open().save('alice', { stored: true, drafts: [changing], removals });
    expect(open().load('alice')).toEqual({ stored: true, drafts: [changing], removals });
    const bad = [
      { ...changing, edit: { ...edit, id: 7 } },
      { ...bob, edit: null },
    ];
    const accounts = {
      alice: { stored: true, drafts: [...bad, bob], removals: [{ id: '9' }, removals[0]] },
      tom: { stored: true, drafts: [bob] },
    };
    fs.writeFileSync(file(), JSON.stringify({ version: 1, accounts }));
    expect(open().load('alice')).toEqual({ stored: true, drafts: [bob], removals: [removals[0]] });
    expect(open().load('tom')).toEqual(kept);
    expect(damaged).toEqual([]);
  });

  it('is not there before there is a draft', () => {
    expect(open().load('alice')).toBeNull();
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('keeps drafts by account for the next start, readable for the user alone', () => {
    open().save('alice', kept);
    open().save('tom', nothing);
    expect(open().load('alice')).toEqual(kept);
    expect(open().load('tom')).toEqual(nothing);
    expect(fs.statSync(file()).mode & 0o077).toBe(0);
    expect(fs.readdirSync(directory)).toEqual(['drafts.json']);
  });

  it('forgets an account, and goes with the last one', () => {
    const shelf = open();
    shelf.save('alice', kept);
    shelf.save('tom', kept);
    shelf.forget('alice');
    expect(open().load('alice')).toBeNull();
    expect(open().load('tom')).toEqual(kept);
    open().forget('tom');
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('that is damaged is set aside with its content, and said', () => {
    for (const content of ['', '{"version":1,', '[]', '{"version":1,"accounts":7}', 'x'.repeat(8_000_001)]) {
      fs.writeFileSync(file(), content);
      const shelf = open();
      expect(shelf.load('alice')).toBeNull();
      const [name = ''] = damaged.splice(0);
      expect(name).toMatch(/^drafts\.damaged-.*\.json$/);
      expect(fs.readFileSync(path.join(directory, name), 'utf8')).toBe(content);
      shelf.save('alice', kept);
      expect(open().load('alice')).toEqual(kept);
      expect(damaged).toEqual([]);
    }
  });

  it('loses one draft that is not usable, and no other', () => {
    const bad = [null, { ...bob, html: '' }, { ...bob, address: {} }, { ...bob, kind: 'crowd' }];
    const accounts = { alice: { stored: true, drafts: [...bad, bob] }, tom: 5 };
    fs.writeFileSync(file(), JSON.stringify({ version: 1, accounts }));
    expect(open().load('alice')).toEqual(kept);
    expect(open().load('tom')).toBeNull();
    expect(damaged).toEqual([]);
  });

  it('of a newer program is left as it is', () => {
    const content = JSON.stringify({ version: 2, accounts: { alice: { else: true } } });
    fs.writeFileSync(file(), content);
    const shelf = open();
    expect(shelf.load('alice')).toBeNull();
    shelf.save('alice', kept);
    expect(shelf.load('alice')).toEqual(kept);
    expect(fs.readFileSync(file(), 'utf8')).toBe(content);
  });

  it('that cannot be written costs the next start its drafts and nothing else', () => {
    const shelf = createDraftShelf({
      directory: path.join(directory, 'not-there'),
      now: Date.now,
      trace: (text) => traced.push(text),
      damaged: (name) => damaged.push(name),
    });
    shelf.save('alice', kept);
    expect(shelf.load('alice')).toEqual(kept);
    expect(traced.join()).toContain('cannot be written');
  });
});
