// The text of a file that reg.exe exports: keys in brackets, and a value a line, continued where it ends in a backslash.

/** The values of `root` by name, and of its subkeys `Locked` and `Recommended` those under the same names in lower case. */
export function readRegistry(text: string, root: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  let current: Record<string, unknown> | null = null;
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\\\r?\n\s*/g, '')
    .split(/\r?\n/);
  for (const line of lines) {
    const key = /^\[(.*)\]$/.exec(line)?.[1];
    if (key !== undefined) {
      const below = key.slice(root.length + 1).toLowerCase();
      current = below === 'locked' || below === 'recommended' ? {} : null;
      if (current !== null) result[below] = current;
      continue;
    }
    const [, name, value] = /^"((?:[^"\\]|\\.)*)"=(.*)$/.exec(line) ?? [];
    if (current !== null && name !== undefined) current[unescape(name)] = valueOf(value ?? '');
  }
  return result;
}

const unescape = (text: string): string => text.replace(/\\(.)/g, '$1');

/** Null: of a type that no setting has. */
function valueOf(text: string): unknown {
  if (text.startsWith('"')) return unescape(text.slice(1, -1));
  if (text.startsWith('dword:')) return parseInt(text.slice('dword:'.length), 16);
  const [, type, digits = ''] = /^hex\((b|7|2)\):(.*)$/.exec(text) ?? [];
  if (type === undefined) return null;
  const bytes = Buffer.from(digits.replace(/,/g, ''), 'hex');
  if (type === 'b') return bytes.length === 8 ? Number(bytes.readBigUInt64LE()) : null;
  const texts = bytes
    .toString('utf16le')
    .split('\0')
    .filter((one) => one !== '');
  return type === '7' ? texts : (texts[0] ?? '');
}
