import { describe, expect, it } from 'vitest';
import { createStore } from '../../../src-main/chat/store.ts';
import { initialState } from '../../../src-main/chat/model.ts';
import { defaults } from '../../../src-main/disk/settings-fields.ts';
import type { UpdateView } from '../../../src-main/ipc/contract.ts';
import {
  checkFeed,
  nextUpdate,
  updateObstacle,
  updateReason,
  type Installation,
  type UpdateEvent,
} from '../../../src-main/shell/update-steps.ts';
import { createUpdates, plainNotes } from '../../../src-main/shell/updates.ts';

const installed: Installation = {
  platform: 'linux',
  packaged: true,
  executable: '/home/anna/pbx-chat/pbx-chat',
  appImage: '',
  uninstaller: false,
  publisher: false,
};

describe('a program updates itself', () => {
  it.each<[string, Partial<Installation>, string | null]>([
    ['not while it is being built', { packaged: false, appImage: '/a.AppImage' }, 'not-installed'],
    ['as an AppImage', { appImage: '/home/anna/PBX.AppImage' }, null],
    ['not where dpkg or rpm put it', { executable: '/opt/pbx-chat/pbx-chat' }, 'package-manager'],
    ['not where it was unpacked', {}, 'not-installed'],
    ['on macOS', { platform: 'darwin', executable: '/Applications/PBX Chat.app/x' }, null],
    ['where our set-up installed it', { platform: 'win32', uninstaller: true, publisher: true }, null],
    ['not without a publisher to look for', { platform: 'win32', uninstaller: true }, 'unsigned'],
    [
      'not where an MSI put it',
      { platform: 'win32', executable: String.raw`C:\Program Files\PBX Chat\PBX Chat.exe` },
      'package-manager',
    ],
  ])('%s', (_, facts, obstacle) => {
    expect(updateObstacle({ ...installed, ...facts })).toBe(obstacle);
  });
});

describe('a feed', () => {
  it.each(['https://updates.example.com/chat/', 'http://127.0.0.1:8080/', 'http://localhost/x'])(
    'is asked at %s',
    (url) => expect(checkFeed(url)).toEqual({ url }),
  );
  it.each([
    'http://updates.example.com/',
    'ftp://a',
    'file:///tmp',
    'nonsense',
    'http://127.0.0.1.example.com/',
  ])('is not asked at %s', (url) => expect(checkFeed(url)).toEqual({ off: 'insecure-feed' }));
  it('is not there when it is empty', () => expect(checkFeed(' ')).toEqual({ off: 'no-feed' }));
});

describe('an update', () => {
  const from = (view: UpdateView, ...events: UpdateEvent[]) => events.reduce(nextUpdate, view);
  const idle: UpdateView = { state: 'idle', checkedAt: null };
  const found: UpdateEvent = { type: 'found', version: '2.0.0', notes: 'New' };
  const failed: UpdateEvent = { type: 'failed', reason: { code: 'unreachable' } };

  it('is looked for, found, loaded and ready', () => {
    expect(from(idle, { type: 'checking' })).toEqual({ state: 'checking' });
    expect(from(idle, { type: 'checking' }, { type: 'none', at: 5 })).toEqual({
      state: 'idle',
      checkedAt: 5,
    });
    const loading = from(idle, { type: 'checking' }, found, { type: 'progress', percent: 41.7 });
    expect(loading).toEqual({ state: 'loading', version: '2.0.0', notes: 'New', percent: 41 });
    expect(from(loading, { type: 'progress', percent: 12 })).toEqual(loading);
    expect(from(loading, { type: 'loaded' })).toEqual({ state: 'ready', version: '2.0.0', notes: 'New' });
  });

  it('fails at any step, and can be looked for again', () => {
    const reason = { state: 'failed', reason: { code: 'unreachable' } };
    expect(from(idle, { type: 'checking' }, failed)).toEqual(reason);
    expect(from(idle, { type: 'checking' }, found, failed)).toEqual(reason);
    expect(from(idle, { type: 'checking' }, failed, { type: 'checking' })).toEqual({ state: 'checking' });
  });

  it('stays ready, and off stays off, whatever else is said', () => {
    const events: UpdateEvent[] = [
      { type: 'checking' },
      { type: 'none', at: 1 },
      found,
      { type: 'progress', percent: 1 },
      { type: 'loaded' },
      failed,
    ];
    const ready: UpdateView = { state: 'ready', version: '2.0.0', notes: '' };
    const off: UpdateView = { state: 'off', reason: 'no-feed' };
    for (const event of events) {
      expect(nextUpdate(ready, event)).toBe(ready);
      expect(nextUpdate(off, event)).toBe(off);
    }
  });

  it.each([
    [{ code: 'ERR_CHECKSUM_MISMATCH', message: 'sha512 checksum mismatch' }, 'not-verified'],
    [{ code: 'ERR_UPDATER_INVALID_SIGNATURE', message: '' }, 'not-verified'],
    [{ code: 'ENOSPC', message: '' }, 'no-space'],
    [{ message: 'net::ERR_CONNECTION_REFUSED' }, 'unreachable'],
    [{ code: 'ERR_UPDATER_CHANNEL_FILE_NOT_FOUND', message: '' }, 'unreachable'],
    [{ message: 'something else' }, 'failed'],
  ])('tells why it failed: %o', (error, code) => {
    expect(updateReason(error).code).toBe(code);
  });

  it('has notes of plain text, whatever the feed sends', () => {
    expect(plainNotes('<h1>New</h1><script>alert(1)</script><p>Faster <img src=x onerror=y></p>')).toBe(
      'New\nFaster',
    );
    expect(plainNotes([{ version: '2.0', note: '<b>a</b>' }, { version: '1.9', note: 'b' }, null])).toBe(
      '2.0\na\n\n1.9\nb',
    );
    expect(plainNotes(undefined)).toBe('');
    expect(plainNotes('x'.repeat(100_000)).length).toBeLessThanOrEqual(20_000);
  });
});

describe('the program', () => {
  function start(feed: string) {
    const app = {
      ...{ version: '1.0.0', platform: 'linux' as const, dark: false, locales: ['en'], notices: [] },
      ...{ preferences: defaults.preferences, autostart: 'off' as const, locked: [], proxy: null },
      update: { state: 'off' as const, reason: 'no-feed' as const },
    };
    const store = createStore(initialState(app, { server: '', user: '', remember: true }));
    const waiting: { milliseconds: number; run: () => void }[] = [];
    const loaded: string[] = [];
    let at = feed;
    const updates = createUpdates({
      store,
      obstacle: null,
      feed: () => at,
      load(url, listener) {
        loaded.push(url);
        return Promise.resolve({
          check() {
            listener({ type: 'none', at: 9 });
            return Promise.resolve();
          },
          restart: () => undefined,
        });
      },
      after(milliseconds, run) {
        waiting.push({ milliseconds, run });
        return () => undefined;
      },
      trace: () => undefined,
    });
    return { store, updates, waiting, loaded, setFeed: (url: string) => (at = url) };
  }

  it('looks some time after the start, and again after hours', async () => {
    const { store, updates, waiting, loaded } = start('https://updates.example.com/');
    updates.begin();
    expect(store.state().app.update).toEqual({ state: 'idle', checkedAt: null });
    expect(loaded).toEqual([]);
    waiting.shift()?.run();
    await expect.poll(() => store.state().app.update).toEqual({ state: 'idle', checkedAt: 9 });
    expect(waiting[0]?.milliseconds).toBe(6 * 3_600_000);
  });

  it('loads nothing while there is no feed, and follows one that is set later', async () => {
    const { store, updates, loaded, setFeed } = start('');
    updates.begin();
    await updates.commands.checkForUpdates();
    expect(store.state().app.update).toEqual({ state: 'off', reason: 'no-feed' });
    expect(loaded).toEqual([]);
    setFeed('https://updates.example.com/');
    await updates.commands.checkForUpdates();
    expect(loaded).toEqual(['https://updates.example.com/']);
    expect(store.state().app.update).toEqual({ state: 'idle', checkedAt: 9 });
  });
});
