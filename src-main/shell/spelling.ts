// The spelling of what is typed: in which languages it is checked, if in any. Off until somebody switches it on.
import type { Session } from 'electron';
import { randomBytes } from 'node:crypto';
import type { SettingsFile } from '../disk/settings.ts';
import { languagesIn, serveDictionaries, sourceOf } from './dictionaries.ts';

/** Milliseconds for which dictionaries are handed out after a language was switched on. */
const handedOutFor = 60_000;

export interface SpellingPorts {
  session: Session;
  platform: NodeJS.Platform;
  settings: SettingsFile;
  locales(): readonly string[];
  after(milliseconds: number, run: () => void): () => void;
  /** There is no dictionary for this language. */
  missing(tag: string): void;
  trace(text: string): void;
}

export interface SpellingChoice {
  /** As the engine writes it: `de-DE`. Empty on a Mac, whose own spelling knows the languages by itself. */
  tag: string;
  on: boolean;
}

export interface Spelling {
  choices(): SpellingChoice[];
  toggle(tag: string): void;
  /** From now on this word is right. */
  learn(word: string): void;
}

/** The tags of the engine that stand for these languages, each once. */
export function tagsFor(languages: readonly string[], available: readonly string[]): string[] {
  const found = languages.flatMap((language) => {
    const wanted = language.toLowerCase();
    const exact = available.find((tag) => tag.toLowerCase() === wanted);
    const base = available.find((tag) => tag.toLowerCase() === wanted.split('-')[0]);
    return exact ?? base ?? [];
  });
  return [...new Set(found)];
}

export function createSpelling(ports: SpellingPorts): Spelling {
  const { session, platform, settings } = ports;
  const own = platform === 'darwin';
  let stop = () => {};

  async function apply(): Promise<void> {
    const { spelling, dictionaries } = settings.get();
    session.setSpellCheckerEnabled(spelling.length > 0);
    stop();
    if (own || spelling.length === 0) return;
    try {
      const served = await serveDictionaries(
        sourceOf(dictionaries, platform),
        randomBytes(16).toString('hex'),
      );
      const cancel = ports.after(handedOutFor, served.close);
      stop = () => {
        cancel();
        served.close();
      };
      session.setSpellCheckerDictionaryDownloadURL(served.url);
      session.setSpellCheckerLanguages(tagsFor(spelling, session.availableSpellCheckerLanguages));
    } catch (error) {
      ports.trace(`spelling: ${String(error)}`);
    }
  }

  session.on('spellcheck-dictionary-download-failure', (_event, tag) => {
    ports.trace(`spelling: no dictionary for ${tag}`);
    if (settings.get().spelling.length > 0) ports.missing(tag);
  });
  if (!own) {
    // Nothing listens there: whatever the engine may want before it is told more goes nowhere.
    session.setSpellCheckerDictionaryDownloadURL('http://127.0.0.1:9/');
    session.setSpellCheckerLanguages([]);
  }
  void apply();
  settings.watch('spelling', () => void apply());
  settings.watch('dictionaries', () => void apply());

  return {
    choices() {
      const { spelling, dictionaries } = settings.get();
      if (own) return [{ tag: '', on: spelling.length > 0 }];
      const { folders } = sourceOf(dictionaries, platform);
      const wanted = [...spelling, ...ports.locales(), ...languagesIn(folders)];
      return tagsFor(wanted, session.availableSpellCheckerLanguages).map((tag) => ({
        tag,
        on: spelling.includes(tag),
      }));
    },
    toggle(tag) {
      const { spelling } = settings.get();
      const without = spelling.filter((one) => one !== tag);
      settings.set('spelling', without.length < spelling.length ? without : [...spelling, tag]);
    },
    learn: (word) => void session.addWordToSpellCheckerDictionary(word),
  };
}
