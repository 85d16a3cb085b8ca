import { describe, expect, it } from 'vitest';
import {
  keysOf,
  partsOf,
  placeOf,
  pressed,
  shortcutNames,
  type PressedKeys,
} from '../../../src-main/ipc/shortcuts.ts';

const press = (
  key: string,
  code: string,
  ...modifiers: ('ctrl' | 'meta' | 'alt' | 'shift')[]
): PressedKeys => ({
  key,
  code,
  ctrlKey: modifiers.includes('ctrl'),
  metaKey: modifiers.includes('meta'),
  altKey: modifiers.includes('alt'),
  shiftKey: modifiers.includes('shift'),
});

describe('the table of shortcuts', () => {
  it.each([false, true])('has no keys twice in one place, or where the menu has them (Mac: %s)', (mac) => {
    const seen = new Map<string, string>();
    for (const name of shortcutNames) {
      for (const keys of keysOf(name, mac)) {
        const places = placeOf(name) === 'menu' ? ['window', 'input', 'editor', 'menu'] : [placeOf(name)];
        for (const place of places) {
          const entry = `${place} ${keys}`;
          expect(seen.get(entry), `${entry} of ${name}`).toBeUndefined();
          seen.set(entry, name);
        }
      }
    }
  });

  it('is written in parts, and the plus is a key too', () => {
    expect(partsOf('Control+Shift+7')).toEqual({ modifiers: new Set(['Control', 'Shift']), key: '7' });
    expect(partsOf('Control++')).toEqual({ modifiers: new Set(['Control']), key: '+' });
    expect(partsOf('F1')).toEqual({ modifiers: new Set(), key: 'F1' });
  });
});

describe('a shortcut that is pressed', () => {
  it('is found by its letter, wherever the letter is', () => {
    expect(pressed('window', press('k', 'KeyK', 'ctrl'), false)).toBe('goTo');
    expect(pressed('window', press('K', 'KeyK', 'ctrl'), false)).toBe('goTo');
    // Dvorak has its letters elsewhere.
    expect(pressed('window', press('k', 'KeyV', 'ctrl'), false)).toBe('goTo');
    expect(pressed('window', press('t', 'KeyK', 'ctrl'), false)).toBeNull();
  });

  it('is found by the place of its key where the letters are others', () => {
    expect(pressed('window', press('л', 'KeyK', 'ctrl'), false)).toBe('goTo');
    expect(pressed('window', press('κ', 'KeyK', 'ctrl'), false)).toBe('goTo');
  });

  it('is another one with another modifier', () => {
    expect(pressed('window', press('k', 'KeyK'), false)).toBeNull();
    expect(pressed('window', press('k', 'KeyK', 'ctrl', 'shift'), false)).toBeNull();
    expect(pressed('window', press('k', 'KeyK', 'ctrl', 'alt'), false)).toBeNull();
    expect(pressed('window', press('ArrowUp', 'ArrowUp', 'alt'), false)).toBe('previousChat');
    expect(pressed('messages', press('ArrowUp', 'ArrowUp', 'alt'), false)).toBeNull();
  });

  it('is the Command key on a Mac', () => {
    expect(pressed('window', press('k', 'KeyK', 'meta'), true)).toBe('goTo');
    expect(pressed('window', press('k', 'KeyK', 'ctrl'), true)).toBeNull();
  });

  it('takes a sign with Shift where the keyboard needs it, and digits by their key', () => {
    expect(pressed('window', press('/', 'Slash', 'ctrl'), false)).toBe('shortcuts');
    // German keyboards: the sign is on the 7, which is a list in the editor.
    expect(pressed('window', press('/', 'Digit7', 'ctrl', 'shift'), false)).toBe('shortcuts');
    expect(pressed('editor', press('/', 'Digit7', 'ctrl', 'shift'), false)).toBe('numbers');
    expect(pressed('window', press('F1', 'F1'), false)).toBe('shortcuts');
    expect(pressed('input', press('Enter', 'Enter', 'shift'), false)).toBeNull();
  });
});
