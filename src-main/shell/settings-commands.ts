// The commands of the settings screen. Whatever is changed counts at once, or from the next connection on.
import type { AppState } from '../chat/model.ts';
import type { Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';
import type {
  CommandArgument,
  Preferences,
  ProfilePlace,
  Result,
  SettingReason,
  SettingsView,
  SettingView,
} from '../ipc/contract.ts';

export interface SettingsCommandPorts {
  store: Store;
  settings: SettingsFile;
  managedFrom: readonly string[];
  /** What of the program follows a changed preference at once, such as its languages. */
  follow(changed: Partial<Preferences>): Partial<AppState>;
  /** A setting that is no preference has another value now. */
  changed(): void;
  /** Where things are. `downloads` is the system's own folder for them. */
  folders: { downloads: string; profile: string };
  places: Readonly<Record<ProfilePlace, string>>;
  exists(path: string): boolean;
  /** Opens a folder or a file as the system does. Its answer is empty when that went well. */
  open(path: string): Promise<string>;
  runtime: readonly { name: string; version: string }[];
}

const preferencePrefix = 'preferences.';

export function createSettingsCommands(ports: SettingsCommandPorts) {
  const { store, settings, places } = ports;

  /** On screen and in force. The stored ones are others: a theme of the command line is for this run. */
  function takeEffect(changed: Partial<Preferences>): void {
    const preferences = { ...store.state().app.preferences, ...changed };
    store.dispatch({ type: 'app/changed', app: { preferences, ...ports.follow(changed) } });
  }

  return {
    setPreferences(wanted: CommandArgument<'setPreferences'>): null {
      const changed = Object.fromEntries(
        Object.entries(wanted).filter(([name]) => !settings.isLocked(preferencePrefix + name)),
      ) as Partial<Preferences>;
      settings.set('preferences', { ...settings.get().preferences, ...changed });
      takeEffect(changed);
      return null;
    },
    settings(): SettingsView {
      const ours = Object.entries(settings.fields).filter(([, { bySystem }]) => !bySystem);
      const fields = ours.map(([name, field]): [string, SettingView] => [
        name,
        {
          kind: field.kind,
          value: settings.read(name),
          fallback: settings.fallback(name),
          options: field.options && [...field.options],
          range: field.range && { ...field.range },
        },
      ]);
      return {
        fields: Object.fromEntries(fields),
        managedFrom: [...ports.managedFrom],
        folders: ports.folders,
        runtime: [...ports.runtime],
        licences: ports.exists(places.licences),
      };
    },
    setSetting({ name, value }: CommandArgument<'setSetting'>): Result<null, SettingReason> {
      const result = settings.change(name, value);
      if (!result.ok) return result;
      if (name.startsWith(preferencePrefix)) {
        takeEffect({ [name.slice(preferencePrefix.length)]: settings.read(name) });
      } else {
        ports.changed();
      }
      return result;
    },
    async openPlace({ place }: CommandArgument<'openPlace'>): Promise<Result<null, 'not-there'>> {
      const problem = ports.exists(places[place]) ? await ports.open(places[place]) : place;
      return problem === '' ? { ok: true, value: null } : { ok: false, reason: { code: 'not-there' } };
    },
  };
}
