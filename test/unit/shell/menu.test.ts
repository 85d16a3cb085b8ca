import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { words } from '../../../assets/translations/index.ts';
import { keysOf, placeOf, shortcutNames } from '../../../src-main/ipc/shortcuts.ts';
import { acceleratorOf, menuTemplate } from '../../../src-main/shell/menu.ts';
import { nextZoom, zoomSteps } from '../../../src-main/shell/zoom.ts';

const platforms = ['linux', 'win32', 'darwin'] as const;

function setup(platform: NodeJS.Platform, facts = { inside: true, discussion: true }, development = false) {
  const done: string[] = [];
  const template = menuTemplate({
    words: words(['de']),
    platform,
    development,
    facts,
    open: (screen) => done.push(screen),
    zoom: (step) => done.push(`zoom ${step}`),
  });
  const entries = template.flatMap((menu) => (menu.submenu ?? []) as MenuItemConstructorOptions[]);
  return {
    template,
    entries,
    done,
    choose: (id: string) => (entries.find((entry) => entry.id === id)?.click as (() => void) | undefined)?.(),
  };
}

describe('the application menu', () => {
  it.each(platforms)(
    'on %s edits, shows full screen and quits, in the language of the person',
    (platform) => {
      const { template, entries } = setup(platform);
      const roles = entries.map(({ role }) => role);
      for (const role of [
        'undo',
        'redo',
        'cut',
        'copy',
        'paste',
        'pasteAndMatchStyle',
        'selectAll',
        'togglefullscreen',
        'minimize',
        'close',
        'about',
        'quit',
      ]) {
        expect(roles).toContain(role);
      }
      expect(template.map(({ label }) => label)).toEqual([
        ...(platform === 'darwin' ? ['PBX Chat'] : []),
        'Datei',
        'Bearbeiten',
        'Ansicht',
        'Fenster',
        'Hilfe',
      ]);
      // A role without a label has one of Electron's own, which is English.
      for (const { type, label } of entries) if (type !== 'separator') expect(label).toBeTruthy();
    },
  );

  it('on a Mac has the menu of the program, and its windows in the menu that the system knows', () => {
    const { template, entries } = setup('darwin');
    expect(entries.slice(0, 11).map(({ id, role, type }) => id ?? role ?? type)).toEqual([
      'about',
      'separator',
      'settings',
      'separator',
      'services',
      'separator',
      'hide',
      'hideOthers',
      'unhide',
      'separator',
      'quit',
    ]);
    expect(template.flatMap(({ role }) => role ?? [])).toEqual(['windowMenu', 'help']);
  });

  it.each(platforms)('on %s installs every key of the shortcuts that are its own', (platform) => {
    const { entries } = setup(platform);
    const installed = entries.map(({ accelerator }) => accelerator);
    const own = shortcutNames.filter((name) => placeOf(name) === 'menu');
    expect(own.length).toBeGreaterThan(5);
    for (const name of own) {
      for (const keys of keysOf(name, platform === 'darwin'))
        expect(installed).toContain(acceleratorOf(keys));
    }
    expect(new Set(installed.filter(Boolean)).size).toBe(installed.filter(Boolean).length);
  });

  it('writes keys as Electron reads them', () => {
    expect(acceleratorOf('Control++')).toBe('CommandOrControl+Plus');
    expect(acceleratorOf('Ctrl+Control+F')).toBe('Control+CommandOrControl+F');
    expect(acceleratorOf('Control+Shift+V')).toBe('CommandOrControl+Shift+V');
    expect(acceleratorOf('F11')).toBe('F11');
  });

  it('opens what the window opens by the same keys, and only where it is there', () => {
    const { choose, done } = setup('linux');
    for (const id of ['newChat', 'goTo', 'find', 'settings', 'shortcuts', 'zoomIn', 'zoomOut', 'zoomReset'])
      choose(id);
    expect(done).toEqual(['newChat', 'goTo', 'find', 'settings', 'shortcuts', 'zoom 1', 'zoom -1', 'zoom 0']);
    const enabled = (facts: { inside: boolean; discussion: boolean }) =>
      setup('linux', facts)
        .entries.filter((entry) => entry.enabled === true)
        .map(({ id }) => id);
    expect(enabled({ inside: false, discussion: false })).toEqual(['settings', 'shortcuts']);
    expect(enabled({ inside: true, discussion: false })).toEqual([
      'newChat',
      'goTo',
      'settings',
      'shortcuts',
    ]);
    expect(enabled({ inside: true, discussion: true })).toEqual([
      'newChat',
      'goTo',
      'settings',
      'find',
      'shortcuts',
    ]);
  });

  it('reloads and opens the developer tools only while the program is being developed', () => {
    const roles = (development: boolean) =>
      setup('linux', undefined, development).entries.map(({ role }) => role);
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(false)).not.toContain('reload');
    expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
  });
});

describe('the zoom', () => {
  it('goes from step to step, and stays at the ends', () => {
    expect(nextZoom(100, 1)).toBe(110);
    expect(nextZoom(100, -1)).toBe(90);
    expect(nextZoom(200, 1)).toBe(200);
    expect(nextZoom(50, -1)).toBe(50);
    expect(nextZoom(175, 0)).toBe(100);
  });

  it('goes on from between two steps, as a settings file may have it', () => {
    expect(nextZoom(105, 1)).toBe(110);
    expect(nextZoom(105, -1)).toBe(100);
    expect(zoomSteps).toContain(nextZoom(133, 1));
  });
});
