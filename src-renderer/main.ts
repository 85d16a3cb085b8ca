// Entry of the window: the snapshot, then the first paint, then everything else.
import { mount } from 'svelte';
import './tokens.css';
import './base.css';
import { follow } from './bridge.ts';
import type { AvatarSubject } from './avatar-picture.ts';
import { Chat } from './chat.svelte.ts';
import App from './components/App.svelte';

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

const bridge = window.pbxChat;
let chat: Chat | null = null;

follow(
  bridge,
  (view) => {
    if (chat !== null) {
      chat.show(view);
      return;
    }
    chat = new Chat(bridge, view);
    const target = document.getElementById('app');
    if (target !== null) mount(App, { target, props: { chat, bridge } });
  },
  () => {
    if (chat !== null) chat.lost = true;
    // Nothing was ever shown, and main does not answer: a fresh start is the only thing left to try.
    else setTimeout(() => location.reload(), 2_000);
  },
);
