// What every component of the window may use, provided once by App.
import { createContext } from 'svelte';
import type { Bridge } from '../src-main/ipc/contract.ts';
import type { Chat } from './chat.svelte.ts';
import type { Clock } from './clock.svelte.ts';
import type { Places } from './focus.ts';
import type { Language } from './language.svelte.ts';
import type { Watching } from './watching.ts';

export interface WindowContext {
  chat: Chat;
  language: Language;
  clock: Clock;
  places: Places;
  watching: Watching;
  bridge: Bridge;
}

export const [useWindow, provideWindow] = createContext<WindowContext>();
