import { describe, expect, it } from 'vitest';
import type { Preferences } from '../../../src-main/ipc/contract.ts';
import { followGlobalShortcut } from '../../../src-main/shell/global-shortcut.ts';
import { appStore } from './app-store.ts';

function setup(first: Preferences['globalShortcut'] = 'off') {
  const store = appStore({ globalShortcut: first });
  const held = new Map<string, () => void>();
  let shown = 0;
  let taken: string[] = [];
  const end = followGlobalShortcut({
    store,
    register(accelerator, run) {
      if (taken.includes('all')) throw new Error('not on this desktop');
      if (taken.includes(accelerator)) return false;
      held.set(accelerator, run);
      return true;
    },
    unregister: (accelerator) => held.delete(accelerator),
    show: () => (shown += 1),
    trace: () => undefined,
  });
  return {
    end,
    held,
    shown: () => shown,
    take: (...accelerators: string[]) => (taken = accelerators),
    prefer: (globalShortcut: Preferences['globalShortcut']) => store.prefer({ globalShortcut }),
    notices: () => store.state().app.notices.map(({ code }) => code),
  };
}

describe('the key that shows the window', () => {
  it('is taken only when somebody has chosen one, and given back for another and at the end', () => {
    const { held, prefer, shown, notices, end } = setup();
    expect(held.size).toBe(0);
    prefer('alt-space');
    held.get('CommandOrControl+Alt+Space')?.();
    expect([shown(), [...held.keys()]]).toEqual([1, ['CommandOrControl+Alt+Space']]);
    prefer('alt-c');
    expect([...held.keys()]).toEqual(['CommandOrControl+Alt+C']);
    prefer('off');
    expect(held.size).toBe(0);
    prefer('shift-space');
    end();
    expect([held.size, notices()]).toEqual([0, []]);
  });

  it('is there after a start', () => {
    expect([...setup('alt-c').held.keys()]).toEqual(['CommandOrControl+Alt+C']);
  });

  it('that another program has is told, until another one is chosen', () => {
    const { held, prefer, take, notices } = setup();
    take('CommandOrControl+Alt+C');
    prefer('alt-c');
    expect([held.size, notices()]).toEqual([0, ['shortcut-taken']]);
    prefer('shift-space');
    expect([held.size, notices()]).toEqual([1, []]);
  });

  it('is told as well where the desktop has no such thing', () => {
    const { prefer, take, notices } = setup();
    take('all');
    prefer('alt-c');
    expect(notices()).toEqual(['shortcut-taken']);
  });
});
