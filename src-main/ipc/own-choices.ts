// What a person chooses of themselves in the menus of the window and of the tray: the presence, and for how long it is
// quiet. Pure; the page has it too.
import type { CommandArgument, Instant, PresenceState } from './contract.ts';

export type Activity = CommandArgument<'setOwnPresence'>['activity'];
export type MuteChoice = CommandArgument<'mute'>['until'];

/** In the order in which they are shown: what the PBX is told, and what that makes of the presence. */
export const presenceChoices = [
  { activity: '', state: 'online' },
  { activity: 'away', state: 'away' },
  { activity: 'busy', state: 'busy' },
  { activity: 'dnd', state: 'dnd' },
] as const satisfies { activity: Activity; state: PresenceState }[];

/** `mutedUntil`: 0 is 'not muted', which cannot be chosen while it is so. */
export function muteChoices(mutedUntil: Instant): MuteChoice[] {
  return mutedUntil > 0 ? ['hour', 'tomorrow', 'never'] : ['hour', 'tomorrow'];
}
