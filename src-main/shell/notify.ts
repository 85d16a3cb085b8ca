// The notifications of the desktop: the views of chat/notifications.ts in words, shown where they are new, taken away
// where they are gone. How a platform shows one is in notify-bus.ts (Linux) and notify-electron.ts.
import type { Words } from '../../assets/translations/index.ts';
import type { NotificationContent, NotificationView } from '../chat/notifications.ts';
import type { AccountId, DiscussionId } from '../ipc/contract.ts';

/** Rows from the top, four bytes per pixel: red, green, blue, alpha, not premultiplied. */
export interface Picture {
  width: number;
  height: number;
  bytes: Buffer;
}

export interface ShownNotification {
  title: string;
  /** Plain text; who renders markup escapes it. */
  body: string;
  sound: boolean;
  /** Only in place of what is still there, where the platform tells that. */
  correction: boolean;
  /** Null: the program's own. */
  picture: Picture | null;
  /** The words of the default action. */
  open: string;
  /** What stands in the field for an answer, where the platform has one; null: there is nobody to answer. */
  reply: { placeholder: string; send: string } | null;
}

/** One desktop's way of showing them. Failures are traced, never thrown. */
export interface NotificationSurface {
  /** Takes the place of what was shown under this key. */
  show(key: string, notification: ShownNotification, events: NotificationEvents): void;
  close(key: string): void;
}

export interface NotificationEvents {
  clicked(): void;
  replied(text: string): void;
}

export interface NotifyPorts {
  surface: NotificationSurface;
  words(): Words;
  sound(): boolean;
  /** Within a bounded time; null when there is none. */
  picture(of: NonNullable<NotificationView['picture']>): Promise<Picture | null>;
  open(account: AccountId, discussion: DiscussionId | null): void;
  reply(account: AccountId, discussion: DiscussionId, text: string): void;
}

export interface NotifyRenderer {
  render(views: readonly NotificationView[]): void;
  /** Words of the program itself, which nobody answers; a click shows the window. */
  say(key: string, title: string, body: string): void;
  /** The program ends: a click would lead nowhere. */
  clear(): void;
}

/** UTF-16 units of a message that are shown; desktops show fewer. */
const longest = 400;

export function createNotify(ports: NotifyPorts): NotifyRenderer {
  const { surface } = ports;
  /** Key -> revision of what is shown, or will be as soon as its picture is there. */
  const shown = new Map<string, number>();

  const show = async (view: NotificationView) => {
    const { key, revision, account, discussion } = view;
    const picture = view.picture === null ? null : await ports.picture(view.picture).catch(() => null);
    // Read, or replaced by a newer one, while the picture was drawn.
    if (shown.get(key) !== revision) return;
    const words = ports.words();
    const reply = { placeholder: words('notification.reply'), send: words('notification.send') };
    surface.show(
      key,
      {
        ...inWords(view.content, words),
        sound: ports.sound() && !view.quiet,
        correction: view.correction,
        picture,
        open: words('notification.open'),
        reply: discussion === null ? null : reply,
      },
      {
        clicked: () => ports.open(account, discussion),
        replied: (text) => discussion !== null && ports.reply(account, discussion, text),
      },
    );
  };
  const take = (key: string) => {
    shown.delete(key);
    surface.close(key);
  };

  return {
    render(views) {
      const wanted = new Set(views.map(({ key }) => key));
      for (const key of [...shown.keys()]) if (!wanted.has(key) && shown.get(key) !== own) take(key);
      for (const view of views) {
        if (shown.get(view.key) === view.revision) continue;
        shown.set(view.key, view.revision);
        void show(view);
      }
    },
    say(key, title, body) {
      shown.set(key, own);
      const open = ports.words()('notification.open');
      const events = { clicked: () => ports.open('', null), replied: () => undefined };
      const silent = { sound: false, correction: false, picture: null };
      surface.show(key, { title, body, ...silent, open, reply: null }, events);
    },
    clear() {
      for (const key of [...shown.keys()]) take(key);
    },
  };
}

/** The revision of what the program says of itself; views count from 1. */
const own = 0;

export function inWords(content: NotificationContent, words: Words): { title: string; body: string } {
  const app = words('app.name');
  switch (content.kind) {
    case 'hidden':
      return { title: app, body: words('notification.hidden') };
    case 'count':
      return { title: content.title, body: words('notification.count', { count: content.unread }) };
    case 'summary': {
      const messages = words('notification.count', { count: content.unread });
      return {
        title: app,
        body: words('notification.summary', { messages, count: content.discussions }),
      };
    }
    case 'message': {
      const { title, author, file } = content;
      const nothing = file === '' ? words('message.empty') : words('notification.file', { file });
      const said = shorten(content.text.trim() || nothing);
      return { title, body: author === '' ? said : words('list.author', { author, text: said }) };
    }
  }
}

function shorten(text: string): string {
  if (text.length <= longest) return text;
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(text.slice(0, longest))) {
    if (index + segment.length < longest) end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}
