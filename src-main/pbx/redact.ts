import type { Json } from './frames.ts';
import { serialise } from './frames.ts';

/** Secrets, what a password could be guessed from, and what people write to each other. */
const hidden = new Set('attach code data digest key keyShare password pwd response salt text usr'.split(' '));

/** A frame as it may stand in a log. Of a URL the query is hidden: it is the key to a file or a login. */
export function redact(frame: Json): string {
  return serialise(hide(frame));
}

function hide(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(hide);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([property, item]) => {
      if (item === undefined || item === null || typeof item === 'boolean') return [property, item];
      if (hidden.has(property)) return [property, '…'];
      if (property === 'url' && typeof item === 'string') return [property, item.replace(/\?.*/s, '?…')];
      return [property, hide(item)];
    }),
  );
}
