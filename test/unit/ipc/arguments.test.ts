import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkArgument, isCommand, limits } from '../../../src-main/ipc/arguments.ts';
import type { CommandName } from '../../../src-main/ipc/contract.ts';

const good: { [N in CommandName]: unknown[] } = {
  snapshot: [undefined],
  login: [{ server: 'pbx.example.com', user: 'anna', password: 'secret', remember: true }],
  cancelLogin: [undefined],
  logout: [undefined],
  reconnect: [undefined],
  openDiscussion: [{ discussion: 'bert' }],
  closeDiscussion: [undefined],
  reading: [
    { discussion: 'bert', inputFocused: true },
    { discussion: null, inputFocused: false },
  ],
  loadOlder: [{ discussion: 'bert' }],
  send: [{ discussion: 'bert', html: '<p>a</p>' }],
  resend: [{ message: 'm1' }],
  discard: [{ message: 'm1' }],
  stopSending: [{ message: 'm1' }],
  attach: [{ discussion: 'bert' }],
  removeUpload: [{ upload: 'u1' }],
  retryUpload: [{ upload: 'u1' }],
  inspectAttachment: [{ attachment: 'm1.0' }],
  saveAttachment: [{ attachment: 'm1.0', choose: false, confirmed: true }],
  cancelSave: [{ attachment: 'm1.0' }],
  openSaved: [{ attachment: 'm1.0', confirmed: false }],
  showSaved: [{ attachment: 'm1.0' }],
  chooseDownloadFolder: [undefined],
  editMessage: [{ message: 'm1', html: '<p>b</p>' }],
  deleteMessage: [{ message: 'm1' }],
  keepMessage: [{ message: 'm1' }],
  typing: [{ discussion: 'bert', typing: true }],
  draft: [{ discussion: 'bert', html: '' }],
  editing: [
    { discussion: 'bert', edit: null },
    { discussion: 'bert', edit: { message: 'm1', html: '<p>b</p>' } },
  ],
  startChat: [{ address: 'bert@example.com' }],
  findPerson: [{ address: 'bert@example.com' }],
  saveGroup: [
    { discussion: null, name: 'Cake', members: [] },
    { discussion: 'grp-1', name: 'Cake', members: [{ sip: 'bert', name: 'Bert', change: 'remove' }] },
  ],
  deleteGroup: [{ discussion: 'grp-1' }],
  hideGroup: [{ discussion: 'grp-1' }],
  readMembers: [{ discussion: 'grp-1' }],
  watchPresence: [{ discussions: [] }, { discussions: ['a', 'b'] }],
  setOwnPresence: [{ activity: 'dnd', note: 'in a meeting' }],
  setPreferences: [
    {},
    { theme: 'dark' },
    { density: 'compact', listWidth: 300 },
    { formatBar: true, recentEmoji: ['👍🏽'], skinTone: 3 },
  ],
  proxyLogin: [{ user: 'anna', password: 'secret', remember: true }],
  dismissProxy: [undefined],
  setAutostart: [{ mode: 'off' }, { mode: 'on' }, { mode: 'tray' }],
  mute: [{ until: 'hour' }, { until: 'tomorrow' }, { until: 'never' }],
  settings: [undefined],
  setSetting: [
    { name: 'preferences.theme', value: 'dark' },
    { name: 'pbx.callIdle', value: null },
    { name: 'trace', value: ['app'] },
  ],
  openPlace: [{ place: 'logs' }],
  connectAnew: [undefined],
  dismissNotice: [{ id: 'settings' }],
  prepareReport: [undefined],
  saveReport: [{ description: 'It rains' }],
  showReport: [undefined],
  checkForUpdates: [undefined],
  installUpdate: [undefined],
  openLink: [{ url: 'https://example.com/' }],
  painted: [{ discussion: null, messages: 0 }],
};
const names = Object.keys(good) as CommandName[];

describe('arguments of commands', () => {
  it.each(names)('of %s pass when they are as the contract says', (name) => {
    for (const argument of good[name]) {
      expect(checkArgument(name, argument)).toEqual({ ok: true, value: argument });
    }
  });

  it.each(names)('of %s are refused when a property is added, missing or of another type', (name) => {
    for (const argument of good[name]) {
      expect(checkArgument(name, { ...(argument as object), extra: 1 }).ok).toBe(false);
      for (const key of Object.keys((argument as object | undefined) ?? {})) {
        expect(checkArgument(name, { ...(argument as object), [key]: { odd: true } }).ok).toBe(false);
        if (name === 'setPreferences') continue;
        const rest = { ...(argument as Record<string, unknown>) };
        delete rest[key];
        expect(checkArgument(name, rest).ok).toBe(false);
      }
    }
  });

  it('are bounded in size', () => {
    const long = (length: number) => 'a'.repeat(length);
    expect(checkArgument('send', { discussion: 'b', html: long(limits.html) }).ok).toBe(true);
    expect(checkArgument('send', { discussion: 'b', html: long(limits.html + 1) }).ok).toBe(false);
    expect(checkArgument('draft', { discussion: 'b', html: long(limits.html + 1) }).ok).toBe(false);
    expect(checkArgument('openDiscussion', { discussion: long(limits.id + 1) }).ok).toBe(false);
    expect(checkArgument('openLink', { url: long(limits.url + 1) }).ok).toBe(false);
    const many = Array.from({ length: limits.visible + 1 }, String);
    expect(checkArgument('watchPresence', { discussions: many }).ok).toBe(false);
  });

  it('never make the check throw, and never show up in its words', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything(), (name, argument) => {
        const result = checkArgument(name, argument);
        expect(typeof result.ok).toBe('boolean');
      }),
    );
    const result = checkArgument('login', { ...(good.login[0] as object), password: ['hunter2'] });
    expect(result).toMatchObject({ ok: false });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('know commands by their own names only', () => {
    expect(names.every(isCommand)).toBe(true);
    for (const name of ['', 'Send', 'constructor', '__proto__', 'toString', 1, null, undefined, ['send']]) {
      expect(isCommand(name)).toBe(false);
    }
  });
});
