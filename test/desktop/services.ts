// Services of a Linux desktop on a bus of our own, which remember what a program asks of them: a notification service,
// a panel for tray icons, and a launcher that listens for counts.
import dbus from 'dbus-next';
import type { PrivateBus } from './private-bus.ts';

const { Interface } = dbus.interface;

/** Variants and their values, all the way down. */
export function plain(value: unknown): unknown {
  if (value instanceof dbus.Variant) return plain(value.value);
  if (Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

export interface ShownNotification {
  id: number;
  title: string;
  body: string;
  actions: string[];
  hints: Record<string, unknown>;
}

export interface NotificationService {
  /** On screen, oldest first. */
  shown(): ShownNotification[];
  /** Everything that was ever asked: `notify ID` and `close ID`. */
  log: string[];
  /** A click on it, or on one of its buttons; then it goes, as desktops do it. */
  act(id: number, action?: string): void;
  reply(id: number, text: string): void;
  dismiss(id: number): void;
}

/** org.freedesktop.Notifications, with these capabilities. */
export async function serveNotifications(
  bus: PrivateBus,
  capabilities: string[] = ['body', 'body-markup', 'actions'],
): Promise<NotificationService> {
  const shown = new Map<number, ShownNotification>();
  const log: string[] = [];
  let last = 0;
  class Service extends Interface {
    Notify(
      ...[, replaces, , title, body, actions, hints]: [
        string,
        number,
        string,
        string,
        string,
        string[],
        Record<string, unknown>,
        number,
      ]
    ) {
      const id = replaces === 0 ? ++last : replaces;
      log.push(`notify ${id}`);
      shown.set(id, { id, title, body, actions, hints: plain(hints) as Record<string, unknown> });
      return id;
    }
    CloseNotification(id: number) {
      log.push(`close ${id}`);
      gone(id, 3);
    }
    GetCapabilities() {
      return capabilities;
    }
    GetServerInformation() {
      return ['a desktop', 'test', '1', '1.2'];
    }
    ActionInvoked(id: number, action: string) {
      return [id, action];
    }
    NotificationReplied(id: number, text: string) {
      return [id, text];
    }
    NotificationClosed(id: number, reason: number) {
      return [id, reason];
    }
  }
  Service.configureMembers({
    methods: {
      Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
      CloseNotification: { inSignature: 'u' },
      GetCapabilities: { outSignature: 'as' },
      GetServerInformation: { outSignature: 'ssss' },
    },
    signals: {
      ActionInvoked: { signature: 'us' },
      NotificationReplied: { signature: 'us' },
      NotificationClosed: { signature: 'uu' },
    },
  });
  const name = 'org.freedesktop.Notifications';
  const service = new Service(name);
  const gone = (id: number, reason: number) => {
    if (shown.delete(id)) service.NotificationClosed(id, reason);
  };
  await bus.serve(name, { '/org/freedesktop/Notifications': service });
  return {
    shown: () => [...shown.values()],
    log,
    act(id, action = 'default') {
      service.ActionInvoked(id, action);
      gone(id, 2);
    },
    reply(id, text) {
      service.NotificationReplied(id, text);
      gone(id, 2);
    },
    dismiss: (id) => gone(id, 2),
  };
}
