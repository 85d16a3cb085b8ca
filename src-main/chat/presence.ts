// Presence items (protocol, section 8) to the one state that a dot can show.
import type { PresenceState, PresenceView } from '../ipc/contract.ts';
import type { PresenceItem } from '../pbx/index.ts';
import { toLine } from './rich-text.ts';

export const unknownPresence: PresenceView = { state: 'unknown', note: '' };

/** Activities as they are written by the PBX and its apps. What is not here says nothing about being reachable. */
const activities: Readonly<Record<string, PresenceState>> = {
  away: 'away',
  busy: 'busy',
  dnd: 'dnd',
  'on-the-phone': 'on-the-phone',
  meeting: 'busy',
  appointment: 'busy',
  lunch: 'away',
  vacation: 'away',
  holiday: 'away',
};

/**
 * The newest item stands first, so the first of a kind counts. `im:` (or an open chat app) says whether the person is
 * online; somebody who is not is offline whatever they last set. Without an `im:` item anything open is online.
 */
export function presenceView(items: readonly PresenceItem[]): PresenceView {
  if (items.length === 0) return unknownPresence;
  const first = (kind: string): PresenceItem | undefined =>
    items.find((item) => item.contact.toLowerCase().startsWith(kind));
  const set = first('tel:');
  const note = toLine(set?.note || items.find((item) => !isBadge(item))?.note || '');
  const online = first('im:');
  const reachable = items.some(
    (item) => item.status === 'open' && (!online || /^(?:im|app):/i.test(item.contact)) && !isBadge(item),
  );
  if (!reachable) {
    // Nothing says open: closed if something says so, otherwise only the activity is known.
    const closed = (online ?? items[0])?.status === 'closed';
    const state = closed ? 'offline' : (stateOf(set, items) ?? 'unknown');
    return { state, note };
  }
  return { state: stateOf(set, items) ?? 'online', note };
}

/** What the person has set, whatever else (a call, being offline) is shown instead. */
export function setsDoNotDisturb(items: readonly PresenceItem[]): boolean {
  const set = items.find((item) => item.contact.toLowerCase().startsWith('tel:'));
  return (set ?? items.find((item) => item.activity !== ''))?.activity.toLowerCase() === 'dnd';
}

function stateOf(set: PresenceItem | undefined, items: readonly PresenceItem[]): PresenceState | null {
  // A call is a fact, whatever the person set.
  if (items.some((item) => item.activity.toLowerCase() === 'on-the-phone')) return 'on-the-phone';
  const chosen = set?.activity || items.find((item) => item.activity !== '')?.activity || '';
  return activities[chosen.toLowerCase()] ?? null;
}

/** The number of unread messages travels as a note of the chat app (protocol, section 5): not for people. */
function isBadge(item: PresenceItem): boolean {
  return item.note.startsWith('#badge:');
}
