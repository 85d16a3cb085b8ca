// What keys do: the one table. The menu, the window, the message input and its editor install what is theirs, and the
// sheet of shortcuts lists it as it stands here.

/** Where a shortcut is installed. 'menu': by the application menu, which the platform knows everywhere. */
export type ShortcutPlace = 'window' | 'menu' | 'input' | 'editor' | 'messages' | 'find';

interface Shortcut {
  place: ShortcutPlace;
  /**
   * `Control+Shift+7`; the first is the usual one. 'Control' is the Command key of a Mac, and 'Ctrl' its Control key.
   * Letters as such; other keys by the name that a KeyboardEvent has for them.
   */
  keys: readonly [string, ...string[]];
  /** On a Mac, where that is another one. */
  mac?: readonly [string, ...string[]];
}

const table = {
  goTo: { place: 'window', keys: ['Control+K'] },
  newChat: { place: 'window', keys: ['Control+N'] },
  previousChat: { place: 'window', keys: ['Alt+ArrowUp'] },
  nextChat: { place: 'window', keys: ['Alt+ArrowDown'] },
  find: { place: 'window', keys: ['Control+F'] },
  emoji: { place: 'window', keys: ['Control+J'] },
  settings: { place: 'window', keys: ['Control+,'] },
  shortcuts: { place: 'window', keys: ['Control+/', 'F1'] },

  zoomIn: { place: 'menu', keys: ['Control++', 'Control+='] },
  zoomOut: { place: 'menu', keys: ['Control+-'] },
  zoomReset: { place: 'menu', keys: ['Control+0'] },
  fullScreen: { place: 'menu', keys: ['F11'], mac: ['Ctrl+Control+F'] },
  close: { place: 'menu', keys: ['Control+W'] },
  quit: { place: 'menu', keys: ['Control+Q'] },

  send: { place: 'input', keys: ['Enter'] },
  sendNow: { place: 'input', keys: ['Control+Enter'] },
  pageUp: { place: 'input', keys: ['PageUp'] },
  pageDown: { place: 'input', keys: ['PageDown'] },
  editLast: { place: 'input', keys: ['ArrowUp'] },
  leave: { place: 'input', keys: ['Escape'] },

  newLine: { place: 'editor', keys: ['Shift+Enter'] },
  bold: { place: 'editor', keys: ['Control+B'] },
  italic: { place: 'editor', keys: ['Control+I'] },
  underline: { place: 'editor', keys: ['Control+U'] },
  numbers: { place: 'editor', keys: ['Control+Shift+7'] },
  bullets: { place: 'editor', keys: ['Control+Shift+8'] },
  indent: { place: 'editor', keys: ['Control+]'] },
  outdent: { place: 'editor', keys: ['Control+['] },
  undo: { place: 'editor', keys: ['Control+Z'] },
  redo: { place: 'editor', keys: ['Control+Y', 'Control+Shift+Z'], mac: ['Control+Shift+Z'] },
  pasteAsText: { place: 'menu', keys: ['Control+Shift+V'], mac: ['Control+Alt+Shift+V'] },

  previousMessage: { place: 'messages', keys: ['ArrowUp'] },
  nextMessage: { place: 'messages', keys: ['ArrowDown'] },
  firstMessage: { place: 'messages', keys: ['Home'] },
  lastMessage: { place: 'messages', keys: ['End'] },
  allMessages: { place: 'messages', keys: ['Control+A'] },
  toInput: { place: 'messages', keys: ['Escape'] },

  earlierMatch: { place: 'find', keys: ['Enter', 'ArrowUp'] },
  laterMatch: { place: 'find', keys: ['Shift+Enter', 'ArrowDown'] },
  leaveFind: { place: 'find', keys: ['Escape'] },
} as const satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof table;
export type ShortcutOf<Place extends ShortcutPlace> = {
  [Name in ShortcutName]: (typeof table)[Name]['place'] extends Place ? Name : never;
}[ShortcutName];

export const shortcutNames = Object.keys(table) as ShortcutName[];

export function placeOf(name: ShortcutName): ShortcutPlace {
  return table[name].place;
}

/** All keys of a shortcut, the usual one first. */
export function keysOf(name: ShortcutName, mac: boolean): readonly [string, ...string[]] {
  const { keys, mac: own }: Shortcut = table[name];
  return mac ? (own ?? keys) : keys;
}

const modifierNames = new Set(['Control', 'Ctrl', 'Alt', 'Shift']);

/** `Control+Shift+7` in its parts. The plus of `Control++` is the key. */
export function partsOf(keys: string): { modifiers: ReadonlySet<string>; key: string } {
  const parts = keys.split(/(?<=[^+])\+/);
  const key = parts.at(-1) ?? '';
  return { modifiers: new Set(parts.filter((part) => modifierNames.has(part))), key };
}

/** What is needed of a KeyboardEvent. */
export interface PressedKeys {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

function fits(event: PressedKeys, keys: string, mac: boolean): boolean {
  const { modifiers, key } = partsOf(keys);
  const has = (name: string): boolean => modifiers.has(name);
  if ((mac ? event.metaKey : event.ctrlKey) !== has('Control')) return false;
  if ((mac ? event.ctrlKey : event.metaKey) !== has('Ctrl')) return false;
  if (event.altKey !== has('Alt')) return false;
  if (/^[A-Z]$/.test(key)) {
    // Where the keys have other letters, the place of the key counts.
    const latin = /^[a-z]$/i.test(event.key);
    const same = latin ? event.key.toUpperCase() === key : event.code === `Key${key}`;
    return same && event.shiftKey === has('Shift');
  }
  // What Shift makes of a digit is another sign in every language.
  if (/^\d$/.test(key)) return event.code === `Digit${key}` && event.shiftKey === has('Shift');
  // Some keyboards need Shift for a sign: then it is not part of the shortcut.
  return event.key === key && (key.length === 1 || event.shiftKey === has('Shift'));
}

/** The shortcut of a place that was pressed; null: none of them. */
export function pressed<Place extends ShortcutPlace>(
  place: Place,
  event: PressedKeys,
  mac: boolean,
): ShortcutOf<Place> | null {
  const found = shortcutNames.find(
    (name) => placeOf(name) === place && keysOf(name, mac).some((keys) => fits(event, keys, mac)),
  );
  return (found as ShortcutOf<Place> | undefined) ?? null;
}
