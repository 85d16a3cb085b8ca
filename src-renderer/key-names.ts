// Shortcuts as they are written beside what they do.
import { partsOf } from '../src-main/ipc/shortcuts.ts';
import type { Language } from './language.svelte.ts';

const signs: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};
const macSigns: Readonly<Record<string, string>> = {
  ...signs,
  Control: '⌘',
  Ctrl: '⌃',
  Alt: '⌥',
  Shift: '⇧',
  Enter: '↩',
  Escape: '⎋',
  PageUp: '⇞',
  PageDown: '⇟',
  Home: '↖',
  End: '↘',
};
const named = ['Enter', 'Escape', 'PageUp', 'PageDown', 'Home', 'End'] as const;
type Named = (typeof named)[number];
const isNamed = (key: string): key is Named => (named as readonly string[]).includes(key);

/** `Control+Shift+7` in the words of the language, or in the signs of a Mac. */
export function keyNames(keys: string, mac: boolean, language: Language): string {
  const { modifiers, key } = partsOf(keys);
  const order = ['Ctrl', 'Control', 'Alt', 'Shift'].filter((name) => modifiers.has(name));
  if (mac) return [...order, key].map((part) => macSigns[part] ?? part).join('');
  const words: Readonly<Record<string, string>> = {
    Control: language.t('key.ctrl'),
    Shift: language.t('key.shift'),
    Alt: 'Alt',
  };
  const name = isNamed(key) ? language.t(`key.${key}`) : (signs[key] ?? key);
  return [...order.map((part) => words[part] ?? part), name].join('+');
}

/** The same for `aria-keyshortcuts`. */
export function ariaKeys(keys: string, mac: boolean): string {
  return mac ? keys.replace('Control', 'Meta').replace('Ctrl', 'Control') : keys;
}
