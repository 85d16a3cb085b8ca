import type { Badges } from './badges.ts';
import type { ClientConnections } from './client-connection.ts';
import type { Clock, Random } from './clock.ts';
import type { Directory } from './directory.ts';
import type { Faults } from './faults.ts';
import type { MessagesRelay } from './messages-relay.ts';
import type { OAuth2 } from './oauth2.ts';
import type { Presence } from './presence.ts';
import type { Sessions } from './sessions.ts';
import type { Signal } from './signal.ts';
import type { Switches } from './switches.ts';

/** The rooms of one PBX, as they see each other. */
export interface Core {
  readonly clock: Clock;
  readonly random: Random;
  readonly switches: Switches;
  readonly faults: Faults;
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly clients: ClientConnections;
  readonly oauth2: OAuth2;
  readonly presence: Presence;
  readonly badges: Badges;
  readonly signal: Signal;
  readonly relay: MessagesRelay;
  /** The favourites of a user, changeable at run time: sips in order. */
  readonly favourites: Map<string, string[]>;
  /** Where rejected input is reported for a person to read. */
  trace(text: string): void;
}
