import { describe, expect, it } from 'vitest';
import { words } from '../../../assets/translations/index.ts';
import type { TrayView } from '../../../src-main/chat/select.ts';
import { createTray, iconOf, toolTipOf, type TrayMenuEntry } from '../../../src-main/shell/tray.ts';

const online: TrayView = { unread: 0, account: 'Anna Berg', connection: 'online' };
const english = words(['en']);

function setup() {
  const log: string[] = [];
  let menu: (TrayMenuEntry | null)[] = [];
  let click = () => {};
  let language = english;
  const tray = createTray({
    create(icon, onClick) {
      log.push(`create ${icon}`);
      click = onClick;
      return {
        setIcon: (next) => log.push(`icon ${next}`),
        setToolTip: (text) => log.push(`tip ${text}`),
        setMenu: (entries) => {
          menu = entries;
          log.push(`menu ${entries.map((entry) => entry?.label ?? '-').join(' ')}`);
        },
        destroy: () => log.push('destroy'),
      };
    },
    words: () => language,
    show: () => log.push('show'),
    hide: () => log.push('hide'),
    quit: () => log.push('quit'),
  });
  return {
    tray,
    click: () => click(),
    choose: (index: number) => menu[index]?.run(),
    speak: (locale: string) => (language = words([locale])),
    took: () => log.splice(0),
  };
}

describe('the tray', () => {
  it('shows unread before everything else, then whether there is a connection', () => {
    expect(iconOf(online)).toBe('normal');
    expect(iconOf({ ...online, connection: 'preparing' })).toBe('normal');
    expect(iconOf({ ...online, connection: 'offline' })).toBe('offline');
    expect(iconOf({ ...online, connection: 'offline', unread: 2 })).toBe('unread');
    expect(iconOf({ unread: 0, account: '', connection: 'signed-out' })).toBe('offline');
  });

  it('says the number and the account', () => {
    expect(toolTipOf(online, english)).toBe('PBX Chat: Anna Berg');
    expect(toolTipOf({ ...online, unread: 1 }, english)).toBe('PBX Chat: 1 unread message\nAnna Berg');
    const tip = toolTipOf({ ...online, unread: 2, connection: 'offline' }, english);
    expect(tip).toBe('PBX Chat: 2 unread messages\nPBX Chat: no connection\nAnna Berg');
    expect(toolTipOf({ unread: 0, account: '', connection: 'signed-out' }, english)).toBe(
      'PBX Chat: signed out',
    );
  });

  it('is made once, and touched only where something changed', () => {
    const { tray, took } = setup();
    tray.render(online, true);
    expect(took()).toEqual(['create normal', 'tip PBX Chat: Anna Berg', 'menu Hide - Quit']);
    tray.render({ ...online }, true);
    expect(took()).toEqual([]);
    tray.render({ ...online, unread: 1 }, true);
    expect(took()).toEqual(['icon unread', 'tip PBX Chat: 1 unread message\nAnna Berg']);
    tray.render({ ...online, unread: 2 }, true);
    expect(took()).toEqual(['tip PBX Chat: 2 unread messages\nAnna Berg']);
    tray.render({ ...online, unread: 2 }, false);
    expect(took()).toEqual(['menu Show - Quit']);
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

  it('shows the window at one click, and shows, hides and quits from its menu', () => {
    const { tray, took, click, choose } = setup();
    tray.render(online, true);
    took();
    click();
    choose(0);
    choose(2);
    tray.render(online, false);
    choose(0);
    expect(took()).toEqual(['show', 'hide', 'quit', 'menu Show - Quit', 'show']);
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
      'create unread',
      'tip PBX Chat: 1 unread message\nAnna Berg',
      'menu Show - Quit',
    ]);
  });
});
