// Entry of the window: the snapshot, then the first paint, then everything else.
import { mount } from 'svelte';
import { loadCatalogue } from '../assets/translations/load.ts';
import { languageOf } from '../assets/translations/words.ts';
import './tokens.css';
import './base.css';
import { follow } from './bridge.ts';
import type { AvatarSubject } from './avatar-picture.ts';
import { Chat } from './chat.svelte.ts';
import App from './components/App.svelte';
import { loadSpeech } from './language.svelte.ts';

// The system's theme until the snapshot says which one was chosen: main sets both to the same.
const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';

// Main asks for it when it notifies somebody; the window itself has no use for it.
declare global {
  interface Window {
    drawAvatar: (subject: AvatarSubject) => Promise<string>;
  }
}
window.drawAvatar = async (subject) => (await import('./avatar-picture.ts')).drawAvatar(subject);

// The words are mostly those of the system, and come while the snapshot does. Which ones are shown, the snapshot says.
loadCatalogue(languageOf(navigator.languages)).catch(() => {});

const bridge = window.pbxChat;
let chat: Chat | null = null;

/** A fresh start, when nothing else is left to try. */
const startAgain = (): void => void setTimeout(() => location.reload(), 2_000);

async function begin(chat: Chat): Promise<void> {
  const speech = await loadSpeech(chat.app.locales);
  const target = document.getElementById('app');
  if (target !== null) mount(App, { target, props: { chat, bridge, speech } });
}

follow(
  bridge,
  (view) => {
    if (chat !== null) {
      chat.show(view);
      return;
    }
    chat = new Chat(bridge, view);
    begin(chat).catch(startAgain);
  },
  () => {
    if (chat !== null) chat.lost = true;
    // Nothing was ever shown, and main does not answer.
    else startAgain();
  },
);
