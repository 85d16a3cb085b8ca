// Notifications of a Linux desktop, in its own words: org.freedesktop.Notifications on the session bus (Desktop
// Notifications Specification 1.2). Electron's own would neither replace one by a newer one nor show its actions. While
// the desktop itself wants quiet, its service keeps what it gets for later and plays no sound: nothing is held back here.
import type { NotificationEvents, NotificationSurface, Picture, ShownNotification } from './notify.ts';
import { watchNames, type BusValue, type SessionBus } from './session-bus.ts';

const service = {
  destination: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  interface: 'org.freedesktop.Notifications',
};

/** The reason of NotificationClosed that is no decision of anybody. */
const expired = 1;

/** Milliseconds; the first call may have to start the service. */
const patience = 10_000;

interface Entry {
  /** Of the service; 0: it has none yet. */
  id: number;
  events: NotificationEvents;
  /** What is asked of the service for this key goes one after the other, so that an id is known before it is used. */
  work: Promise<void>;
  closed: boolean;
}

export interface BusNotificationPorts {
  bus(): Promise<SessionBus | null>;
  name: string;
  /** Of the desktop file, without its ending. */
  desktopEntry: string;
  picture(): Picture;
  trace(text: string): void;
}

export function busNotifications(ports: BusNotificationPorts): NotificationSurface {
  const { trace } = ports;
  const entries = new Map<string, Entry>();
  let connection: Promise<SessionBus> | null = null;

  const byId = (id: unknown) => {
    for (const [key, entry] of entries) if (entry.id === id && id !== 0) return { key, entry };
    return null;
  };

  const connect = async (): Promise<SessionBus> => {
    const bus = await ports.bus();
    if (bus === null) throw new Error('there is no session bus');
    // The numbers of a service end with it: the next one gives them to notifications of other programs.
    watchNames(bus, (name) => {
      if (name === service.destination) for (const entry of entries.values()) entry.id = 0;
    });
    const on = (member: string, listener: (body: BusValue[]) => void) =>
      bus.listen({ path: service.path, interface: service.interface, member }, ({ body }) => listener(body));
    on('ActionInvoked', ([id, action]) => {
      if (action === 'default') byId(id)?.entry.events.clicked();
    });
    on('NotificationReplied', ([id, text]) => {
      if (typeof text === 'string') byId(id)?.entry.events.replied(text);
    });
    on('NotificationClosed', ([id, reason]) => {
      const closed = byId(id);
      // One that ran out of time is still in the desktop's list, and can be clicked there.
      if (closed !== null && reason !== expired) closed.entry.id = 0;
    });
    return bus;
  };

  const withBus = async <T>(work: (bus: SessionBus) => Promise<T>): Promise<T> => {
    connection ??= connect();
    try {
      return await work(await connection);
    } catch (error) {
      // The next one tries a new connection where this one is the trouble.
      if (isLost(error)) connection = null;
      throw error;
    }
  };

  const notify = async (entry: Entry, shown: ShownNotification) => {
    if (entry.closed) return;
    await withBus(async (bus) => {
      const able = await bus.call({ ...service, member: 'GetCapabilities', timeout: patience });
      const capabilities = new Set(able[0] as string[]);
      if (shown.correction && entry.id === 0) return;
      const [id] = await bus.call({
        ...service,
        member: 'Notify',
        signature: 'susssasa{sv}i',
        body: [
          ports.name,
          entry.id,
          '',
          shown.title,
          capabilities.has('body-markup') ? escapeMarkup(shown.body) : shown.body,
          actionsOf(shown, capabilities),
          hintsOf(shown, capabilities, shown.picture ?? ports.picture(), ports.desktopEntry),
          -1,
        ],
        timeout: patience,
      });
      entry.id = typeof id === 'number' ? id : 0;
    });
  };
  const close = async (entry: Entry) => {
    if (entry.id === 0) return;
    const { id } = entry;
    await withBus((bus) =>
      bus.call({ ...service, member: 'CloseNotification', signature: 'u', body: [id], timeout: patience }),
    );
  };
  const next = (entry: Entry, work: () => Promise<void>) => {
    entry.work = entry.work.then(work).catch((error: unknown) => trace(`notification: ${String(error)}`));
  };

  return {
    show(key, shown, events) {
      const entry = entries.get(key) ?? { id: 0, events, work: Promise.resolve(), closed: false };
      entries.set(key, entry);
      entry.events = events;
      next(entry, () => notify(entry, shown));
    },
    close(key) {
      const entry = entries.get(key);
      if (entry === undefined) return;
      entries.delete(key);
      entry.closed = true;
      next(entry, () => close(entry));
    },
  };
}

function isLost(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === undefined || code === 'closed' || code === 'malformed';
}

/** Bodies are a little HTML where the service says so; what people write is text. Controls are not allowed in any. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

function actionsOf({ open, reply }: ShownNotification, capabilities: ReadonlySet<string>): string[] {
  if (!capabilities.has('actions')) return [];
  const answer = reply !== null && capabilities.has('inline-reply') ? ['inline-reply', reply.send] : [];
  return ['default', open, ...answer];
}

function hintsOf(
  { reply, sound }: ShownNotification,
  capabilities: ReadonlySet<string>,
  { width, height, bytes }: Picture,
  desktopEntry: string,
): BusValue[] {
  const text = (value: string) => ({ signature: 's', value });
  const hints: BusValue[] = [
    ['desktop-entry', text(desktopEntry)],
    ['category', text('im.received')],
    ['urgency', { signature: 'y', value: 1 }],
    [
      'image-data',
      { signature: '(iiibiiay)', value: [width, height, width * 4, true, 8, 4, new Uint8Array(bytes)] },
    ],
    sound ? ['sound-name', text('message-new-instant')] : ['suppress-sound', { signature: 'b', value: true }],
  ];
  if (reply !== null && capabilities.has('inline-reply')) {
    hints.push(['x-kde-reply-placeholder-text', text(reply.placeholder)]);
    hints.push(['x-kde-reply-submit-button-text', text(reply.send)]);
  }
  return hints;
}
