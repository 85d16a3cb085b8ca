import { randomBytes } from 'node:crypto';
import { createPbx, defaultSettings } from '../../../src-main/pbx/index.ts';
import type {
  Login,
  Pbx,
  PbxEvent,
  PbxOptions,
  PbxSettings,
  TraceLine,
  World,
} from '../../../src-main/pbx/index.ts';

/** The time of the machine, with a count of the timers that are still to run. */
export interface RealWorld extends World {
  readonly timers: number;
  readonly traces: TraceLine[];
}

export function createRealWorld(): RealWorld {
  const running = new Set<NodeJS.Timeout>();
  const traces: TraceLine[] = [];
  return {
    now: () => Date.now(),
    after(milliseconds, run) {
      const timer = setTimeout(() => {
        running.delete(timer);
        run();
      }, milliseconds);
      running.add(timer);
      return () => {
        running.delete(timer);
        clearTimeout(timer);
      };
    },
    random: (bytes) => randomBytes(bytes),
    trace: (line) => void traces.push(line),
    get timers() {
      return running.size;
    },
    traces,
  };
}

/** Resolves as soon as the condition holds; rejects with what it was waiting for. */
export async function until(what: string, holds: () => boolean, limit = 8000): Promise<void> {
  const end = Date.now() + limit;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A wire on real sockets, and everything that it told. */
export interface Client {
  readonly pbx: Pbx;
  readonly world: RealWorld;
  readonly events: PbxEvent[];
  of<T extends PbxEvent['type']>(type: T): Extract<PbxEvent, { type: T }>[];
  /** The states of the link, an offline one with its reason. */
  links(): string[];
  /** Waits for the n-th event of a kind that fits. */
  next<T extends PbxEvent['type']>(
    type: T,
    fits?: (event: Extract<PbxEvent, { type: T }>) => boolean,
    nth?: number,
  ): Promise<Extract<PbxEvent, { type: T }>>;
  online(times?: number): Promise<void>;
  /** Everything that was traced, as one text. */
  traced(): string;
}

/** Quick where a test waits for it, so that no test has to sleep. */
export const quickSettings: PbxSettings = {
  ...defaultSettings,
  reconnectFirst: 20,
  reconnectLast: 100,
  loginInfoTimeout: 150,
  sessionTimeout: 300,
  sessionRetry: 100,
  requestTimeout: 1500,
  directoryTimeout: 300,
  connectTimeout: 1500,
  logoutTimeout: 500,
};

const clients: Client[] = [];

export function password(user: string): Login {
  return { kind: 'password', user, password: user };
}

export function startClient(
  server: string,
  login: Login,
  settings: Partial<PbxSettings> = {},
  more: Partial<PbxOptions> = {},
): Client {
  const world = createRealWorld();
  const events: PbxEvent[] = [];
  const pbx = createPbx(
    {
      server,
      login,
      userAgent: 'PBX Chat test',
      settings: { ...quickSettings, ...settings },
      world,
      ...more,
    },
    (event) => void events.push(event),
  );
  const client: Client = {
    pbx,
    world,
    events,
    of: (type) => events.filter((event) => event.type === type) as never,
    links: () =>
      events.flatMap((event) =>
        event.type === 'link'
          ? [event.state === 'offline' ? `offline ${event.reason.code}` : event.state]
          : [],
      ),
    async next(type, fits = () => true, nth = 1) {
      const found = () => client.of(type).filter(fits);
      await until(
        `${type} number ${nth}; got ${events.map((event) => event.type).join(' ')}`,
        () => found().length >= nth,
      );
      return found()[nth - 1] as never;
    },
    async online(times = 1) {
      await client.next('link', (event) => event.state === 'online', times);
    },
    traced: () => world.traces.map(({ text }) => text).join('\n'),
  };
  clients.push(client);
  pbx.open();
  return client;
}

export function closeClients() {
  for (const { pbx } of clients.splice(0)) pbx.close();
}
