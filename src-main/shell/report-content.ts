// What may stand in the report of a problem. The wire hides secrets and what people write before a line reaches a log; here
// everything is looked at once more, because a report leaves the computer. Pure.

/** How far a connection came, as the wire found out. */
export interface CheckStep {
  step: string;
  ok: boolean;
  milliseconds: number;
  facts: readonly string[];
}

/** The text of a frame, with what may be shown of it: the wire's own redaction. */
export type RedactFrame = (text: string) => string;

const hidden = '…';

/**
 * Words that were quoted, because an error quotes what it failed on: JSON that people wrote, names of their files. Quotes
 * within quotes are not told apart, so everything from the first to the last one is gone, or to the end if one is open.
 */
const doubleQuoted = /"[^\n]*"/;
const otherQuoted = [/[“„«][^”“»\n]*[”“»]/g, /(?<=^|[\s(,:])'[^'\n]*'(?=$|[\s.,;:)])/g];

function hideQuoted(line: string): string {
  const open = (line.match(/"/g) ?? []).length % 2 === 1;
  let clean = open ? line.replace(/"[^\n]*$/, `"${hidden}`) : line.replace(doubleQuoted, `"${hidden}"`);
  for (const pattern of otherQuoted)
    clean = clean.replace(pattern, (match) => match[0] + hidden + match.at(-1));
  return clean;
}

/** Digests, nonces, keys and tokens, in the two ways in which they are written. */
const secret = /\b(?:[\da-f]{16,}|[A-Za-z\d+]{40,})\b=*/gi;
const address = /\b([a-z][a-z\d+.-]*):(\/\/)?([^\s/?#"'<>()]*)([^\s"'<>()]*)/gi;
const shownSchemes = new Set(['http', 'https', 'ws', 'wss']);
const personalSchemes = new Set(['sip', 'sips', 'im', 'mailto', 'tel', 'xmpp', 'data', 'blob']);
/** Files of the program itself, as they stand in a stack trace. */
const ownFile = /\.(?:m?js|cjs|ts|svelte|html|css)(?::\d+)*$/;

/** A line of words, or of a stack trace. `home`: the directory that has the name of the person. */
export function scrub(text: string, home: string): string {
  let clean = home.length > 1 ? text.replaceAll(home, '~') : text;
  clean = clean.replace(address, (all, scheme: string, slashes = '', host: string, rest: string) => {
    const name = scheme.toLowerCase();
    if (personalSchemes.has(name)) return `${scheme}:${hidden}`;
    if (slashes === '' || ownFile.test(rest)) return all;
    if (!shownSchemes.has(name)) return `${scheme}://${hidden}`;
    // Behind a host there may be the name of a file, and a key.
    return rest === '' || rest === '/' || rest.endsWith('/websocket')
      ? all
      : `${scheme}://${host.replace(/^[^@]*@/, '')}/${hidden}`;
  });
  return hideQuoted(clean).replace(secret, hidden);
}

/** A trace as shell/trace.ts writes it: of frames only what the wire shows, of everything else what `scrub` leaves. */
export function scrubTrace(text: string, home: string, redactFrame: RedactFrame): string {
  return eachLine(text, (line) => {
    const [, head, frame] = /^(\S+ websocket (?:\S+ )?[<>] )(.*)$/.exec(line) ?? [];
    if (head !== undefined && frame !== undefined) return head + redactFrame(frame);
    return scrub(line, home);
  });
}

/** Records, one JSON object a line. */
export function scrubRecords(text: string, home: string): string {
  return eachLine(text, (line) => {
    try {
      return JSON.stringify(scrubValue(JSON.parse(line), home));
    } catch {
      return scrub(line, home);
    }
  });
}

function scrubValue(value: unknown, home: string): unknown {
  if (typeof value === 'string') return eachLine(value, (line) => scrub(line, home));
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, home));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scrubValue(item, home)]));
}

function eachLine(text: string, clean: (line: string) => string): string {
  return text.split('\n').map(clean).join('\n');
}

/** Settings whose text is one of a few, or names no person. */
const shownSettings = new Set(['theme', 'density', 'language', 'server', 'trace', 'badge', 'autostart']);

/** Switches and numbers as they are; a text only if it is known to be harmless. */
export function settingsForReport(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return value === '' || shownSettings.has(name) ? value : hidden;
  if (Array.isArray(value)) return value.map((item) => settingsForReport(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settingsForReport(item, key)]));
}

/** For people, a step a paragraph. */
export function describeCheck(steps: readonly CheckStep[]): string {
  return steps
    .map(({ step, ok, milliseconds, facts }) => {
      const head = `${ok ? 'ok    ' : 'FAILED'} ${step} (${milliseconds} ms)\n`;
      return head + facts.map((fact) => `       ${fact}\n`).join('');
    })
    .join('');
}

/** `name: value`, a fact a line. */
export function describeFacts(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}\n`)
    .join('');
}
