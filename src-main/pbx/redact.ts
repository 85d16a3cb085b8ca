import type { Json } from './frames.ts';
import { parseFrame, serialise } from './frames.ts';

/**
 * Never shown, whatever it is: secrets, what a password could be guessed from (the challenge and the nonce are half of a
 * response), and what people write to each other or call their files.
 */
const hidden = new Set(
  'attach challenge code data digest key keyShare nonce password pwd response salt session text token usr'.split(
    ' ',
  ),
);

/**
 * Texts that are shown: those without which a conversation cannot be followed. Every other text is hidden, so that a
 * property that nobody knew of carries nothing into a log.
 */
const shown = new Set(
  (
    'mt api src app apps type method flags hw bc call mime op version build domain sip num user username userAgent ' +
    'sender topic author grp member id contact status activity error errorText host mod alt contacts'
  ).split(' '),
);

/** A frame as it may stand in a log. Of a URL only the server is shown: its path may name a file, its query is a key. */
export function redact(frame: Json): string {
  return serialise(hide(frame, ''));
}

/** The same for the text of a frame, such as one that stands in a log already. What is no frame is not shown at all. */
export function redactText(text: string): string {
  const parsed = parseFrame(text);
  return parsed.ok ? redact(parsed.frame) : '…';
}

function hide(value: Json, property: string): Json {
  if (typeof value === 'string') return text(value, property);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => hide(item, property));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (item === undefined || item === null || typeof item === 'boolean') return [name, item];
      // A session that is an object has its own secrets in it; one that is a text or a number is the secret.
      if (hidden.has(name) && (name !== 'session' || typeof item !== 'object')) return [name, '…'];
      return [name, hide(item, name)];
    }),
  );
}

function text(value: string, property: string): string {
  if (property === 'url')
    return /^(?:https?|wss?):\/\/[^/?#@]*(?=[/?#]|$)/i.exec(value)?.[0].concat('/…') ?? '…';
  // The unread total of the chat app (protocol, section 5) travels where people write their notes.
  if (property === 'note' && /^#badge:\d+$/.test(value)) return value;
  return value === '' || shown.has(property) ? value : '…';
}
