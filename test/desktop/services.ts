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
  /** It came while the desktop wanted quiet: only in the list of what was missed, and without a sound. */
  quiet: boolean;
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
  /** Somebody wants quiet, or does not any more: the property `Inhibited`. */
  inhibit(quiet: boolean): void;
  /** The service ends; programs see its name go. */
  stop(): Promise<unknown>;
}

/** org.freedesktop.Notifications, with these capabilities. */
export async function serveNotifications(
  bus: PrivateBus,
  capabilities: string[] = ['body', 'body-markup', 'actions'],
): Promise<NotificationService> {
  const shown = new Map<number, ShownNotification>();
  const log: string[] = [];
  let last = 0;
  let inhibited = false;
  class Service extends Interface {
    get Inhibited() {
      return inhibited;
    }
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
      const known = plain(hints) as Record<string, unknown>;
      shown.set(id, { id, title, body, actions, hints: known, quiet: inhibited });
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
    properties: { Inhibited: { signature: 'b', access: dbus.interface.ACCESS_READ } },
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
  const stop = await bus.serve(name, { '/org/freedesktop/Notifications': service });
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
    inhibit(quiet) {
      inhibited = quiet;
      Interface.emitPropertiesChanged(service, { Inhibited: quiet }, []);
    },
    stop,
  };
}

export interface LauncherEntry {
  count: number;
  visible: boolean;
  urgent: boolean;
}

export interface Launcher {
  /** What the program's icon shows; null: it was never told anything. */
  shown(): LauncherEntry | null;
  /** How often it was told, since the last look. */
  told(): number;
  /** Everything it was told, in order. */
  log: LauncherEntry[];
  stop(): Promise<unknown>;
}

/** A dock that listens for counts, as Ubuntu Dock, Dash to Dock and Plasma do. */
export async function serveLauncher(bus: PrivateBus, desktopFile = 'pbx-chat.desktop'): Promise<Launcher> {
  const client = await bus.connect();
  const of = 'com.canonical.Unity.LauncherEntry';
  let shown: LauncherEntry | null = null;
  let told = 0;
  const log: LauncherEntry[] = [];
  let listening = true;
  client.on('message', (message) => {
    if (!listening || message.interface !== of || message.member !== 'Update') return;
    const [uri, properties] = plain(message.body) as [string, Record<string, unknown>];
    if (uri !== `application://${desktopFile}`) return;
    told += 1;
    const { count, 'count-visible': visible, urgent } = properties;
    shown = { count: Number(count), visible: visible === true, urgent: urgent === true };
    log.push(shown);
  });
  const daemon = 'org.freedesktop.DBus';
  await client.call(
    new dbus.Message({
      destination: daemon,
      path: '/org/freedesktop/DBus',
      interface: daemon,
      member: 'AddMatch',
      signature: 's',
      body: [`type='signal',interface='${of}'`],
    }),
  );
  await client.requestName('com.canonical.Unity', 0);
  return {
    shown: () => shown,
    told: () => [told, (told = 0)][0] ?? 0,
    log,
    async stop() {
      listening = false;
      await client.releaseName('com.canonical.Unity');
    },
  };
}

export interface MenuItem {
  id: number;
  label: string;
  type: string;
  checked: boolean | null;
  children: MenuItem[];
}

/** Where an item is to tell something, and none has registered yet, that waits until one does. */
export interface TrayPanel {
  /** Items that have registered, in order; one that went is not among them. */
  items(): Promise<string[]>;
  /** Of the newest item. */
  toolTip(): Promise<string>;
  /** The tooltips of all items, as a panel reads them whenever an item says that its own is new. */
  toolTips: string[];
  /** Of the newest item: its pictures, by width; each as rows of pixels ARGB. */
  icons(): Promise<{ width: number; height: number; bytes: Buffer }[]>;
  /** Of the newest item; empty while that is not ready to tell. */
  menu(): Promise<MenuItem[]>;
  /** A click on an entry of the menu, by its labels from the outermost inwards. */
  choose(...labels: string[]): Promise<void>;
  /** A click on the icon. */
  click(): Promise<void>;
  /** The panel ends; programs see its name go. */
  stop(): Promise<unknown>;
}

/** org.kde.StatusNotifierWatcher, and what a panel does with the items that register there. */
export async function serveTrayPanel(bus: PrivateBus): Promise<TrayPanel> {
  const name = 'org.kde.StatusNotifierWatcher';
  const registered: string[] = [];
  const awaiting: (() => void)[] = [];
  class Watcher extends Interface {
    RegisterStatusNotifierItem(service: string) {
      registered.push(service);
      for (const go of awaiting.splice(0)) go();
      this.StatusNotifierItemRegistered(service);
    }
    RegisterStatusNotifierHost() {}
    get RegisteredStatusNotifierItems() {
      return registered;
    }
    get IsStatusNotifierHostRegistered() {
      return true;
    }
    get ProtocolVersion() {
      return 0;
    }
    StatusNotifierItemRegistered(service: string) {
      return service;
    }
    StatusNotifierHostRegistered() {}
  }
  const read = dbus.interface.ACCESS_READ;
  Watcher.configureMembers({
    methods: {
      RegisterStatusNotifierItem: { inSignature: 's' },
      RegisterStatusNotifierHost: { inSignature: 's' },
    },
    properties: {
      RegisteredStatusNotifierItems: { signature: 'as', access: read },
      IsStatusNotifierHostRegistered: { signature: 'b', access: read },
      ProtocolVersion: { signature: 'i', access: read },
    },
    signals: {
      StatusNotifierItemRegistered: { signature: 's' },
      StatusNotifierHostRegistered: { signature: '' },
    },
  });
  const stop = await bus.serve(name, { '/StatusNotifierWatcher': new Watcher(name) });
  const client = await bus.connect();
  const call = async (
    destination: string,
    path: string,
    of: string,
    member: string,
    signature = '',
    body: unknown[] = [],
  ): Promise<unknown[]> => {
    const message = new dbus.Message({ destination, path, interface: of, member, signature, body });
    return (await client.call(message))?.body ?? [];
  };
  const daemon = 'org.freedesktop.DBus';
  const items = async () => {
    const [names] = (await call(daemon, '/org/freedesktop/DBus', daemon, 'ListNames')) as [string[]];
    return registered.filter((service) => names.includes(service.split('/')[0] ?? ''));
  };
  const newest = async () => {
    let service: string | undefined;
    for (;;) {
      const before = registered.length;
      service = (await items()).at(-1);
      if (service !== undefined) break;
      if (registered.length === before) await new Promise<void>((resolve) => awaiting.push(resolve));
    }
    const [destination = '', ...path] = service.split('/');
    return { destination, path: path.length > 0 ? `/${path.join('/')}` : '/StatusNotifierItem' };
  };
  const propertyAt = async (destination: string, path: string, of: string) => {
    const [value] = await call(destination, path, `${daemon}.Properties`, 'Get', 'ss', [item, of]);
    return plain(value);
  };
  const property = async (of: string) => {
    const { destination, path } = await newest();
    return propertyAt(destination, path, of);
  };
  const toolTips: string[] = [];
  client.on('message', ({ sender, path, interface: of, member }) => {
    if (of !== item || member !== 'NewToolTip') return;
    // An item that went before it was asked has nothing to say any more.
    void propertyAt(sender, path, 'ToolTip').then(
      (value) => toolTips.push(toolTipText(value)),
      () => undefined,
    );
  });
  const match = `type='signal',interface='${item}'`;
  await call(daemon, '/org/freedesktop/DBus', daemon, 'AddMatch', 's', [match]);
  const layout = async () => {
    const { destination } = await newest();
    const at = String(await property('Menu'));
    const of = 'com.canonical.dbusmenu';
    // Electron answers it with an error, which panels take for 'nothing changed'.
    await call(destination, at, of, 'AboutToShow', 'i', [0]).catch(() => undefined);
    const [, root] = plain(await call(destination, at, of, 'GetLayout', 'iias', [0, -1, []])) as [
      number,
      Layout,
    ];
    return { destination, at, of, entries: toItems(root) };
  };
  return {
    items,
    toolTip: async () => toolTipText(await property('ToolTip')),
    toolTips,
    icons: async () =>
      ((await property('IconPixmap')) as [number, number, Buffer][]).map(([width, height, bytes]) => ({
        width,
        height,
        bytes,
      })),
    menu: () =>
      layout().then(
        ({ entries }) => entries,
        (error: unknown) => {
          if (error instanceof dbus.DBusError) return [];
          throw error;
        },
      ),
    async choose(...labels) {
      const { destination, at, of, entries } = await layout();
      let within = entries;
      let id = -1;
      for (const label of labels) {
        const found = within.find((entry) => entry.label === label);
        if (!found) throw new Error(`the menu has '${within.map((entry) => entry.label).join(', ')}'`);
        within = found.children;
        id = found.id;
      }
      await call(destination, at, of, 'Event', 'isvu', [id, 'clicked', new dbus.Variant('i', 0), 0]);
    },
    async click() {
      const { destination, path } = await newest();
      await call(destination, path, item, 'Activate', 'ii', [0, 0]);
    },
    stop,
  };
}

const item = 'org.kde.StatusNotifierItem';

function toolTipText(value: unknown): string {
  const [, , title, text] = value as [string, unknown, string, string];
  return [title, text].filter((part) => part !== '').join('\n');
}

type Layout = [id: number, properties: Record<string, unknown>, children: Layout[]];

function toItems([, , children]: Layout): MenuItem[] {
  return children.map((child) => {
    const [id, properties] = child;
    return {
      id,
      label: String(properties['label'] ?? ''),
      type: String(properties['type'] ?? 'standard'),
      checked: properties['toggle-type'] === undefined ? null : properties['toggle-state'] === 1,
      children: toItems(child),
    };
  });
}
