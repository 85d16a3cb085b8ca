import type { PresenceItem } from './index.ts';
import type { Json } from './frames.ts';
import { objects, text } from './frames.ts';

/** `presence` of UpdatePresence, UpdateOwnPresence and PresenceUpdate (protocol, sections 2 and 8), newest first. */
export function readPresenceItems(value: Json | undefined): PresenceItem[] {
  return objects(value).map((item) => {
    const status = text(item.status);
    return {
      contact: text(item.contact),
      status: status === 'open' || status === 'closed' ? status : '',
      activity: text(item.activity),
      note: text(item.note),
    };
  });
}

/** Section 5: the note `#badge:N` of the chat app. Null: these items say nothing about it. */
export function badgeOf(items: readonly PresenceItem[]): number | null {
  for (const item of items) {
    if (!item.contact.startsWith('app:')) continue;
    const digits = /^#badge:(\d{1,9})$/.exec(item.note.trim())?.[1];
    if (digits !== undefined) return Number(digits);
    if (item.note === '') return 0;
  }
  return null;
}
