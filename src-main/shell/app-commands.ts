// The commands that are the program's own and not the chat's.
import type { Store } from '../chat/store.ts';
import type { CommandArgument, Instant, Preferences, Result } from '../ipc/contract.ts';
import { openableLink } from './links.ts';
import { mutedUntil } from './mute.ts';

export interface AppCommandPorts {
  store: Store;
  setPreferences(changed: Partial<Preferences>): null;
  /** Opens an address in the program that the system has for it. Rejects when there is none. */
  open(url: string): Promise<void>;
  painted(facts: CommandArgument<'painted'>): void;
  now(): Instant;
  trace(text: string): void;
}

export function createAppCommands({ store, setPreferences, open, painted, now, trace }: AppCommandPorts) {
  return {
    mute({ until }: CommandArgument<'mute'>): null {
      return setPreferences({ mutedUntil: mutedUntil(until, now()) });
    },
    dismissNotice({ id }: CommandArgument<'dismissNotice'>): null {
      store.dispatch({ type: 'app/unnoticed', notice: id });
      return null;
    },
    async openLink({ url }: CommandArgument<'openLink'>): Promise<Result<null, 'link-refused'>> {
      const link = openableLink(url);
      if (link !== null) {
        try {
          await open(link);
          return { ok: true, value: null };
        } catch (error) {
          trace(`link: ${String(error)}`);
        }
      }
      return { ok: false, reason: { code: 'link-refused' } };
    },
    painted(facts: CommandArgument<'painted'>): null {
      painted(facts);
      return null;
    },
  };
}
