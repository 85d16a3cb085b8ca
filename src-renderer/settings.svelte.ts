// What the settings screen shows, and how a row changes it. Preferences are in the view of the window and follow it; all
// else is asked for when the screen opens, and again after each change.
import { createContext } from 'svelte';
import type { SettingReason, SettingsView, SettingValue, SettingView } from '../src-main/ipc/contract.ts';
import type { WordKey } from '../assets/translations/words.ts';
import type { Chat } from './chat.svelte.ts';

/** What there are words for: a setting has the name that it has in the file, behind `setting.`. */
export type SettingName = WordKey extends infer Key
  ? Key extends `setting.${infer Name}`
    ? Name
    : never
  : never;

export interface ShownSetting extends SettingView {
  locked: boolean;
}

export class Settings {
  readonly #chat: Chat;
  #view = $state.raw<SettingsView | null>(null);
  /** What is sought; empty: nothing, and one section is shown. */
  sought = $state('');
  readonly searching = $derived(this.sought.trim() !== '');

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  get view(): SettingsView | null {
    return this.#view;
  }

  async load(): Promise<void> {
    const answer = await this.#chat.ask('settings');
    if (answer !== null) this.#view = answer;
  }

  /** Null: main does not know it, or has not answered yet. */
  find(name: string): ShownSetting | null {
    const field = this.#view?.fields[name];
    if (field === undefined) return null;
    const { preferences, locked } = this.#chat.app;
    const live: Record<string, SettingValue> = { ...preferences };
    const value = name.startsWith('preferences.') ? live[name.slice('preferences.'.length)] : undefined;
    return { ...field, value: value ?? field.value, locked: locked.includes(name) };
  }

  /** `value` null: back to the default. The answer is why it was not changed. */
  async set(name: string, value: SettingValue | null): Promise<SettingReason | 'no-answer' | null> {
    const result = await this.#chat.ask('setSetting', { name, value });
    await this.load();
    if (result === null) return 'no-answer';
    return result.ok ? null : result.reason.code;
  }

  /** Whether a row with these texts is among what is sought: all words, in any order. */
  fits(...texts: string[]): boolean {
    const words = this.sought.trim().toLocaleLowerCase().split(/\s+/);
    const text = texts.join(' ').toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  }
}

export const [useSettings, provideSettings] = createContext<Settings>();

/** A value and its default are lists at times, and new objects after each patch. */
export function isSame(one: SettingValue, other: SettingValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
