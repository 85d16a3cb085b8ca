// The command line: ours is checked to the letter, what belongs to Chromium, Electron or a test driver passes.

import type { TraceClass } from '../ipc/contract.ts';

export interface Arguments {
  /** As typed: `host`, `host:port` or a URL. */
  server: string | null;
  /** An address, or a `sip:`/`im:` link, whose discussion is opened once the user is logged in. */
  chat: string | null;
  capture: string | null;
  theme: 'light' | 'dark' | null;
  /** Of the content of the window, CSS pixels. */
  size: { width: number; height: number } | null;
  /** A BCP 47 tag. */
  lang: string | null;
  hidden: boolean;
  trace: TraceClass[];
  /** A file to take for that of an administrator; an installed program does not know this option. */
  managed: string | null;
  version: boolean;
  help: boolean;
}

export type ParsedArguments = { ok: true; value: Arguments } | { ok: false; message: string };

export const usage = `PBX Chat

  --server=URL           the PBX to log in at: host, host:port or a URL
  --chat=ADDRESS         open this discussion once logged in
  --hidden               start in the tray
  --lang=TAG             language of the program, such as de or en
  --theme=light|dark     colours for this run
  --size=WxH             size of the window for this run, such as 1000x700
  --capture=FILE.png     write a picture of the discussion of --chat when it is on screen, and end
  --trace=CLASSES        write app, browser or websocket (several: app,websocket) to standard error
  --version              print the version, and end
  --help                 print this, and end

Switches of Chromium and Electron, such as --user-data-dir=DIR, work as well.
`;

export const smallestSize = { width: 360, height: 480 };

const traceClasses: readonly TraceClass[] = ['app', 'browser', 'websocket'];
const withValue = ['server', 'chat', 'capture', 'theme', 'size', 'lang', 'trace', 'managed'] as const;
const withoutValue = ['hidden', 'version', 'help'] as const;
type Option = (typeof withValue)[number] | (typeof withoutValue)[number];

/**
 * Switches that are not ours. Chromium has more than a thousand and no list of them at run time, so they are told
 * by their first word; everything else is taken for a mistyped option of ours, which is worth a message.
 */
const foreign =
  /^(?:allow|app-user-model-id|ash|auth|autoplay|blink|bwsi|cc|class|component|crash|crashpad|default|desktop|diagnostics|disable|disk|dns|dump|enable|experimental|explicitly|expose|field|file-url|first|font|force|gpu|gtk|headless|high-dpi|host|ignore|in-process|incognito|inspect|installer|ipc|js-flags|kiosk|log|lang|low|max|media|memory|mojo|mute|name|net|no|noerrdialogs|old|origin|original|ozone|password-store|perf|ppapi|process|profile|proxy|ps|register|relauncher|remote|renderer|require|run|sandbox|screen|secure|service|shared|show|single|site|skia|ssl|standalone|start|stderr|switch|test|time-zone|top|touch|trace-startup|trace-config|trace-to|trace-warnings|trace-deprecation|trace-uncaught|type|ui|unhandled|unlimited|unsafely|use|user|utility|v8|v|vmodule|wayland|webgl|webrtc|window|winhttp|x11|xsession|zygote)(?:-|=|$)/;

/**
 * Reads what stands behind the program's name. `unpacked`: an Electron that was started with the directory of the
 * program, so the first word that is no option is that directory.
 */
export function parseArguments(argv: readonly string[], unpacked = false): ParsedArguments {
  const value: Arguments = {
    server: null,
    chat: null,
    capture: null,
    theme: null,
    size: null,
    lang: null,
    hidden: false,
    trace: [],
    managed: null,
    version: false,
    help: false,
  };
  const seen = new Set<string>();
  let directoryExpected = unpacked;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    if (argument === '' || argument === '--') continue;
    if (!argument.startsWith('-')) {
      if (/^(sip|im):/i.test(argument)) value.chat = argument;
      else if (directoryExpected) directoryExpected = false;
      else return refuse(`'${argument}' is not an option.`);
      continue;
    }
    if (!argument.startsWith('--')) {
      // Single-letter options are Node's and macOS's own (-r MODULE, -psn_0_1).
      if (argument === '-r') i++;
      else if (argument === '-h') value.help = true;
      continue;
    }
    const equals = argument.indexOf('=');
    const name = argument.slice(2, equals < 0 ? undefined : equals);
    const inline = equals < 0 ? null : argument.slice(equals + 1);
    if (isOneOf(withoutValue, name)) {
      if (inline !== null) return refuse(`--${name} takes no value.`);
      value[name] = true;
    } else if (isOneOf(withValue, name) && (unpacked || name !== 'managed')) {
      if (seen.has(name)) return refuse(`--${name} is given twice.`);
      seen.add(name);
      const next = argv[i + 1];
      const given = inline ?? (next !== undefined && !next.startsWith('--') ? argv[++i] : undefined);
      if (given === undefined || given.trim() === '') return refuse(`--${name} needs a value.`);
      const problem = take(value, name, given.trim());
      if (problem !== null) return refuse(problem);
    } else if (!foreign.test(argument.slice(2))) {
      const near = nearest(name);
      return refuse(`There is no option --${name}.${near === null ? '' : ` Did you mean --${near}?`}`);
    }
  }
  return { ok: true, value };
}

function take(value: Arguments, name: (typeof withValue)[number], given: string): string | null {
  switch (name) {
    case 'server':
    case 'chat':
    case 'managed':
      value[name] = given;
      return null;
    case 'capture':
      if (!/\.png$/i.test(given)) return `--capture writes a PNG: '${given}' does not end in .png.`;
      value.capture = given;
      return null;
    case 'theme':
      if (given !== 'light' && given !== 'dark') return `--theme is light or dark, not '${given}'.`;
      value.theme = given;
      return null;
    case 'size': {
      const match = /^(\d{1,5})x(\d{1,5})$/i.exec(given);
      const [width, height] = [Number(match?.[1]), Number(match?.[2])];
      if (!match) return `--size is WIDTHxHEIGHT, such as 1000x700, not '${given}'.`;
      if (width < smallestSize.width || height < smallestSize.height || width > 10_000 || height > 10_000) {
        return `--size is at least ${smallestSize.width}x${smallestSize.height} and at most 10000x10000, not '${given}'.`;
      }
      value.size = { width, height };
      return null;
    }
    case 'lang':
      if (!isLanguageTag(given)) return `--lang is a language tag, such as de or en-GB, not '${given}'.`;
      value.lang = given;
      return null;
    case 'trace':
      for (const part of given.split(',')) {
        const entry = part.trim();
        if (!isOneOf(traceClasses, entry)) {
          return `--trace knows ${traceClasses.join(', ')}, not '${entry}'.`;
        }
        if (!value.trace.includes(entry)) value.trace.push(entry);
      }
      return null;
  }
}

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

export interface EnvironmentLogin {
  server: string;
  user: string;
  password: string;
}

/**
 * The login that PBX_CHAT_LOGIN carries as JSON, for the demo and for tests. It counts only for a server on this
 * computer: a password in the environment is not a way to log in at a real one.
 */
export function loginFromEnvironment(text: string | undefined): {
  login: EnvironmentLogin | null;
  problem: string | null;
} {
  if (text === undefined || text === '') return { login: null, problem: null };
  const ignored = (problem: string) => ({ login: null, problem: `PBX_CHAT_LOGIN is ignored: ${problem}` });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return ignored('it is not JSON.');
  }
  const { server, user, password } = (parsed ?? {}) as Record<string, unknown>;
  if (typeof server !== 'string' || typeof user !== 'string' || typeof password !== 'string') {
    return ignored('it must be {"server":"…","user":"…","password":"…"}.');
  }
  if (!isLoopback(server)) return ignored('it is honoured for a server on this computer only.');
  return { login: { server, user, password }, problem: null };
}

/** Whether a typed server (`host`, `host:port` or a URL) is this computer. */
export function isLoopback(server: string): boolean {
  const text = server.trim();
  try {
    const { hostname } = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
    return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  } catch {
    return false;
  }
}

function refuse(message: string): ParsedArguments {
  return { ok: false, message: `${message} See --help.` };
}

function isOneOf<T extends string>(list: readonly T[], text: string): text is T {
  return (list as readonly string[]).includes(text);
}

/** The option of ours that a mistyped one was most likely meant to be. */
function nearest(name: string): Option | null {
  let best: { option: Option; distance: number } | null = null;
  for (const option of [...withValue, ...withoutValue]) {
    const distance = editDistance(name, option);
    if (distance <= 2 && (best === null || distance < best.distance)) best = { option, distance };
  }
  return best?.option ?? null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
