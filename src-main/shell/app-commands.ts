// The commands that are the program's own and not the chat's.
import type { Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';
import type { CommandArgument, Instant, Preferences, Result } from '../ipc/contract.ts';
import { openableLink } from './links.ts';
import { mutedUntil } from './mute.ts';

export interface AppCommandPorts {
  store: Store;
  settings: SettingsFile;
  setTheme(theme: Preferences['theme']): void;
  /** Opens an address in the program that the system has for it. Rejects when there is none. */
  open(url: string): Promise<void>;
  painted(facts: CommandArgument<'painted'>): void;
  now(): Instant;
  trace(text: string): void;
}

export function createAppCommands({ store, settings, setTheme, open, painted, now, trace }: AppCommandPorts) {
  const commands = {
    setPreferences(changed: CommandArgument<'setPreferences'>): null {
      // The stored ones, not those on screen: a theme of the command line is for this run.
      settings.set('preferences', { ...settings.get().preferences, ...changed });
      const preferences = { ...store.state().app.preferences, ...changed };
      store.dispatch({ type: 'app/changed', app: { preferences } });
      if (changed.theme !== undefined) setTheme(changed.theme);
      return null;
    },
    mute({ until }: CommandArgument<'mute'>): null {
      return commands.setPreferences({ mutedUntil: mutedUntil(until, now()) });
    },
    dismissNotice({ id }: CommandArgument<'dismissNotice'>): null {
      const notices = store.state().app.notices.filter((notice) => notice.id !== id);
      store.dispatch({ type: 'app/changed', app: { notices } });
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
  return commands;
}
