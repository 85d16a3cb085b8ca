// Autostart of a Linux desktop: a .desktop file in the user's own autostart directory (Desktop Application Autostart
// Specification). The file is the setting: who removes or disables it in the desktop's own settings has switched ours off.
import fs from 'node:fs';
import path from 'node:path';
import { writeFileAtomicallySync } from '../disk/atomic-file.ts';
import type { Autostart } from '../ipc/contract.ts';

export interface AutostartFile {
  read(): Autostart;
  /** Throws the system's error. */
  write(wanted: Autostart): void;
}

export interface AutostartFilePorts {
  /** `$XDG_CONFIG_HOME/autostart` or `~/.config/autostart`; made when it is needed. */
  directory: string;
  /** Without its ending. */
  name: string;
  title: string;
  /** The program and its arguments, as they are. */
  command: readonly string[];
}

export function autostartFile({ directory, name, title, command }: AutostartFilePorts): AutostartFile {
  const file = path.join(directory, `${name}.desktop`);
  return {
    read() {
      let text: string;
      try {
        text = fs.readFileSync(file, 'utf8');
      } catch {
        return 'off';
      }
      const entry = entryOf(text);
      if (entry['Hidden'] === 'true' || entry['X-GNOME-Autostart-enabled'] === 'false') return 'off';
      const line = entry['Exec'];
      if (line === undefined) return 'off';
      return / --hidden( |$)/.test(line) ? 'tray' : 'on';
    },
    write(wanted) {
      if (wanted === 'off') return fs.rmSync(file, { force: true });
      const words = wanted === 'tray' ? [...command, '--hidden'] : command;
      const lines = [
        '[Desktop Entry]',
        'Type=Application',
        `Name=${title}`,
        `Exec=${words.map(quoted).join(' ')}`,
        `Icon=${name}`,
        'Terminal=false',
        'X-GNOME-Autostart-enabled=true',
      ];
      fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileAtomicallySync(file, `${lines.join('\n')}\n`);
    },
  };
}

/** The keys of the group that counts. */
function entryOf(text: string): Record<string, string> {
  const entry: Record<string, string> = {};
  let inside = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) inside = line.trim() === '[Desktop Entry]';
    const [, key, value] = /^([A-Za-z0-9-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (inside && key !== undefined && value !== undefined) entry[key] = value;
  }
  return entry;
}

/**
 * A word of an Exec line (Desktop Entry Specification, 'The Exec key'): quoted where it has to be, and escaped twice,
 * because the line is a string with escapes of its own.
 */
function quoted(word: string): string {
  const plain = word.replace(/%/g, '%%');
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(plain)) return plain;
  return `"${plain.replace(/["`$\\]/g, '\\$&')}"`.replace(/\\/g, '\\\\');
}
