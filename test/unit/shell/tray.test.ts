import { describe, expect, it } from 'vitest';
import { words } from '../../../assets/translations/index.ts';
import type { TrayView } from '../../../src-main/chat/select.ts';
import { badgeText } from '../../../src-main/chat/select.ts';
import { createTray, iconOf, toolTipOf, type TrayMenuEntry } from '../../../src-main/shell/tray.ts';

const online: TrayView = {
  unread: 0,
  badge: 'number',
  account: 'Anna Berg',
  connection: 'online',
  presence: { state: 'away', note: 'Lunch' },
  mutedUntil: 0,
};
const signedOut: TrayView = { ...online, account: '', connection: 'signed-out', presence: null };
const english = words(['en']);

function setup() {
  const log: string[] = [];
  let menu: TrayMenuEntry[] = [];
  let click = () => {};
  let language = english;
  const tray = createTray({
    create(onClick) {
      log.push('create');
      click = onClick;
      return {
        setIcon: (next, text) => log.push(`icon ${next} ${text}`.trim()),
        setToolTip: (text) => log.push(`tip ${text}`),
        setMenu: (entries) => {
          menu = entries;
          log.push(`menu ${entries.map((entry) => ('label' in entry ? entry.label : '-')).join(' ')}`);
        },
        destroy: () => log.push('destroy'),
      };
    },
    words: () => language,
    moment: (at) => `[${at}]`,
    show: () => log.push('show'),
    hide: () => log.push('hide'),
    setPresence: (activity, note) => log.push(`presence '${activity}' '${note}'`),
    mute: (until) => log.push(`mute ${until}`),
    settings: () => log.push('settings'),
    quit: () => log.push('quit'),
  });
  const choose = (label: string, option?: string) => {
    const entry = menu.find((one) => 'label' in one && one.label === label);
    if (entry?.kind === 'action') entry.run();
    if (entry?.kind === 'choice') entry.options.find((one) => one.label === option)?.run();
  };
  const choice = (label: string) => {
    const entry = menu.find((one) => one.kind === 'choice' && one.label === label);
    return entry?.kind === 'choice' ? entry : undefined;
  };
  return {
    tray,
    click: () => click(),
    choose,
    choice,
    speak: (locale: string) => (language = words([locale])),
    took: () => log.splice(0),
  };
}

const menu = 'menu Hide - Presence Mute notifications - Settings … Quit';

describe('the tray', () => {
  it('shows unread before everything else, then whether there is a connection', () => {
    expect(iconOf(online)).toBe('normal');
    expect(iconOf({ ...online, connection: 'preparing' })).toBe('normal');
    expect(iconOf({ ...online, connection: 'offline' })).toBe('offline');
    expect(iconOf({ ...online, connection: 'offline', unread: 2 })).toBe('unread-2');
    expect(iconOf(signedOut)).toBe('offline');
  });

  it('shows how many are unread, or a dot for those who want no numbers', () => {
    expect([1, 9, 10, 4000].map((unread) => iconOf({ ...online, unread }))).toEqual([
      'unread-1',
      'unread-9',
      'unread-many',
      'unread-many',
    ]);
    expect([1, 10].map((unread) => iconOf({ ...online, unread, badge: 'dot' }))).toEqual([
      'unread',
      'unread',
    ]);
    expect(badgeText(online)).toBe('');
    expect(badgeText({ ...online, unread: 12 })).toBe('12');
    expect(badgeText({ ...online, unread: 12, badge: 'dot' })).toBe('•');
  });

  it('says the number and the account', () => {
    expect(toolTipOf(online, english)).toBe('PBX Chat: Anna Berg');
    expect(toolTipOf({ ...online, unread: 1 }, english)).toBe('PBX Chat: 1 unread message\nAnna Berg');
    const tip = toolTipOf({ ...online, unread: 2, connection: 'offline' }, english);
    expect(tip).toBe('PBX Chat: 2 unread messages\nPBX Chat: no connection\nAnna Berg');
    expect(toolTipOf(signedOut, english)).toBe('PBX Chat: signed out');
  });

  it('is made once, and touched only where something changed', () => {
    const { tray, took } = setup();
    tray.render(online, true);
    expect(took()).toEqual(['create', 'icon normal', 'tip PBX Chat: Anna Berg', menu]);
    tray.render({ ...online }, true);
    expect(took()).toEqual([]);
    tray.render({ ...online, unread: 1 }, true);
    expect(took()).toEqual(['icon unread-1 1', 'tip PBX Chat: 1 unread message\nAnna Berg']);
    tray.render({ ...online, unread: 10 }, true);
    took();
    // The same picture, and another text where there is a place for one.
    tray.render({ ...online, unread: 11 }, true);
    expect(took()).toEqual(['icon unread-many 11', 'tip PBX Chat: 11 unread messages\nAnna Berg']);
    tray.render({ ...online, unread: 11 }, false);
    expect(took()).toEqual([menu.replace('Hide', 'Show')]);
    tray.render(online, false);
    expect(took()).toEqual(['icon normal', 'tip PBX Chat: Anna Berg']);
  });

  it('speaks another language as soon as it is rendered again', () => {
    const { tray, took, speak } = setup();
    tray.render(online, true);
    took();
    speak('de');
    tray.render(online, true);
    expect(took()).toEqual([expect.stringMatching(/^menu (?!Hide)/)]);
  });

  it('shows the window at one click, and shows, hides, opens the settings and quits from its menu', () => {
    const { tray, took, click, choose } = setup();
    tray.render(online, true);
    took();
    click();
    choose('Hide');
    choose('Settings …');
    choose('Quit');
    tray.render(online, false);
    choose('Show');
    expect(took()).toEqual(['show', 'hide', 'settings', 'quit', menu.replace('Hide', 'Show'), 'show']);
  });

  it('sets the own presence and keeps the note, while there is a connection', () => {
    const { tray, took, choose, choice } = setup();
    tray.render(online, true);
    took();
    const checked = () =>
      choice('Presence')
        ?.options.filter((option) => option.checked === true)
        .map(({ label }) => label);
    expect(checked()).toEqual(['Away']);
    choose('Presence', 'Do not disturb');
    choose('Presence', 'Available');
    expect(took()).toEqual(["presence 'dnd' 'Lunch'", "presence '' 'Lunch'"]);
    tray.render({ ...online, presence: { state: 'on-the-phone', note: '' } }, true);
    expect(checked()).toEqual([]);
    tray.render({ ...online, presence: { state: 'on-the-phone', note: 'Back at 2' } }, true);
    choose('Presence', 'Busy');
    expect(took()).toContain("presence 'busy' 'Back at 2'");
    expect(choice('Presence')?.enabled).toBe(true);
    tray.render({ ...online, connection: 'offline' }, true);
    expect(choice('Presence')?.enabled).toBe(false);
    tray.render(signedOut, true);
    expect(choice('Presence')).toBeUndefined();
  });

  it('mutes the notifications, says until when, and unmutes them', () => {
    const { tray, took, choose, choice } = setup();
    tray.render(online, true);
    took();
    expect(choice('Mute notifications')?.options.map(({ label }) => label)).toEqual([
      'For 1 hour',
      'Until tomorrow',
    ]);
    choose('Mute notifications', 'For 1 hour');
    tray.render({ ...online, mutedUntil: 7 }, true);
    choose('Notifications muted until [7]', 'Until tomorrow');
    choose('Notifications muted until [7]', 'Unmute');
    expect(took()).toEqual([
      'mute hour',
      menu.replace('Mute notifications', 'Notifications muted until [7]'),
      'mute tomorrow',
      'mute never',
    ]);
  });

  it('is drawn again in full when a panel comes', () => {
    const { tray, took } = setup();
    tray.recreate();
    expect(took()).toEqual([]);
    tray.render({ ...online, unread: 1 }, false);
    took();
    tray.recreate();
    expect(took()).toEqual([
      'destroy',
      'create',
      'icon unread-1 1',
      'tip PBX Chat: 1 unread message\nAnna Berg',
      menu.replace('Hide', 'Show'),
    ]);
  });
});
