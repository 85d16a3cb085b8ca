// A small D-Bus client for the buses of a Linux desktop, of the session and of the machine: calls with a deadline and
// signals, all of it asynchronous. It exists because Electron offers no way to ask whether a keyring is locked or a tray
// is there, and because asking must never block the program.
import net from 'node:net';
import {
  BusError,
  decodeMessage,
  encodeCall,
  encodeSignal,
  messageLength,
  messageType,
  type BusValue,
  type Call,
  type Message,
  type Signal,
} from './bus-messages.ts';

export { BusError };

export type { BusValue };

export interface BusCall extends Call {
  /** Milliseconds. */
  timeout: number;
}

export interface BusSignal {
  path: string;
  interface: string;
  member: string;
  body: BusValue[];
}

export interface SessionBus {
  /** Rejects with a BusError: an error reply, no reply in time, or a lost bus. */
  call(call: BusCall): Promise<BusValue[]>;
  /** To everybody who listens; nothing tells whether somebody does. */
  emit(signal: Signal): void;
  /** Signals that fit the match rule (`type='signal',…` is added). Returns what ends it. */
  listen(
    match: { path?: string; interface: string; member: string },
    listener: (signal: BusSignal) => void,
  ): () => void;
  close(): void;
}

const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

/** Null when there is no session bus or it does not answer within `timeout` milliseconds. */
export async function connectSessionBus(
  addresses: string | undefined,
  timeout: number,
): Promise<SessionBus | null> {
  for (const path of socketPaths(addresses ?? '')) {
    const bus = await connect(path, timeout).catch(() => null);
    if (bus !== null) return bus;
  }
  return null;
}

/** The bus of the machine, which is at one place everywhere if nothing else is said (D-Bus specification). */
export function connectSystemBus(
  addresses = 'unix:path=/var/run/dbus/system_bus_socket',
  timeout: number,
): Promise<SessionBus | null> {
  return connectSessionBus(addresses, timeout);
}

/** Tells of every name on the bus that somebody takes or takes over, and of every one that nobody has any more. */
export function watchNames(bus: SessionBus, changed: (name: string, taken: boolean) => void): void {
  const { path, interface: of } = BUS;
  bus.listen({ path, interface: of, member: 'NameOwnerChanged' }, ({ body: [name, , owner] }) => {
    if (typeof name === 'string') changed(name, owner !== '');
  });
}

/** The unix sockets of a DBUS_SESSION_BUS_ADDRESS, in order: `unix:path=/run/user/1000/bus,guid=…;…`. */
export function socketPaths(addresses: string): string[] {
  const paths: string[] = [];
  for (const address of addresses.split(';')) {
    if (!address.startsWith('unix:')) continue;
    for (const pair of address.slice('unix:'.length).split(',')) {
      const [key, value = ''] = pair.split('=', 2);
      const text = value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(parseInt(hex, 16)),
      );
      if (key === 'path') paths.push(text);
      if (key === 'abstract') paths.push(`\0${text}`);
    }
  }
  return paths;
}

async function connect(path: string, timeout: number): Promise<SessionBus> {
  const socket = net.connect({ path });
  const uid = process.getuid?.() ?? 0;
  const waiting = new Map<
    number,
    { resolve: (body: BusValue[]) => void; reject: (error: Error) => void; timer: NodeJS.Timeout }
  >();
  const listeners = new Set<(signal: BusSignal) => void>();
  let serial = 0;
  let received = Buffer.alloc(0);
  let authenticated: (() => void) | null = null;
  let closed = false;

  const end = (error: Error) => {
    closed = true;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    waiting.clear();
    listeners.clear();
    socket.destroy();
  };

  const call = (request: BusCall): Promise<BusValue[]> => {
    const { resolve, reject, promise } = deferred<BusValue[]>();
    if (closed) return Promise.reject(new BusError('closed'));
    const own = ++serial;
    const timer = setTimeout(() => {
      waiting.delete(own);
      reject(new BusError('timeout', `${request.interface}.${request.member}`));
    }, request.timeout);
    waiting.set(own, { resolve, reject, timer });
    socket.write(encodeCall(own, request));
    return promise;
  };

  const take = (message: Message) => {
    if (message.type === messageType.signal) {
      // An answer that came before it is in other hands only when its promise has settled: first things first.
      setImmediate(() => {
        for (const listener of [...listeners]) listener(message);
      });
      return;
    }
    const request = message.replyTo === null ? undefined : waiting.get(message.replyTo);
    if (request === undefined || message.replyTo === null) return;
    waiting.delete(message.replyTo);
    clearTimeout(request.timer);
    if (message.type === messageType.return) request.resolve(message.body);
    else request.reject(new BusError(message.errorName, String(message.body[0] ?? '')));
  };

  socket.on('error', (error) => end(new BusError('closed', error.message)));
  socket.on('close', () => end(new BusError('closed')));
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    try {
      if (authenticated !== null) {
        const line = received.indexOf('\r\n');
        if (line < 0) return;
        if (!received.subarray(0, line).toString('latin1').startsWith('OK')) {
          throw new BusError('refused', 'authentication');
        }
        received = received.subarray(line + 2);
        socket.write('BEGIN\r\n');
        authenticated();
        authenticated = null;
      }
      for (let length = messageLength(received); length !== null; length = messageLength(received)) {
        if (received.length < length) break;
        const message = decodeMessage(received.subarray(0, length));
        received = received.subarray(length);
        if (message.type >= messageType.return && message.type <= messageType.signal) take(message);
      }
    } catch (error) {
      end(error instanceof Error ? error : new BusError('malformed'));
    }
  });

  const ready = deferred<void>();
  authenticated = () => ready.resolve();
  const deadline = setTimeout(() => {
    ready.reject(new BusError('timeout', 'authentication'));
    end(new BusError('timeout'));
  }, timeout);
  socket.once('close', () => ready.reject(new BusError('closed')));
  socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(uid)).toString('hex')}\r\n`);
  try {
    await ready.promise;
    await call({ ...BUS, member: 'Hello', timeout });
  } catch (error) {
    end(new BusError('closed'));
    throw error;
  } finally {
    clearTimeout(deadline);
  }
  // An idle bus must not keep the program alive.
  socket.unref();

  return {
    call,
    emit(signal) {
      if (!closed) socket.write(encodeSignal(++serial, signal));
    },
    listen(match, listener) {
      const { path: at, interface: of, member } = match;
      const place = at === undefined ? '' : `,path='${at}'`;
      const rule = `type='signal',interface='${of}',member='${member}'${place}`;
      const filtered = (signal: BusSignal) => {
        if (match.path !== undefined && signal.path !== match.path) return;
        if (signal.interface === match.interface && signal.member === match.member) listener(signal);
      };
      listeners.add(filtered);
      const subscription = { ...BUS, signature: 's', body: [rule], timeout };
      call({ ...subscription, member: 'AddMatch' }).catch(() => listeners.delete(filtered));
      return () => {
        if (listeners.delete(filtered))
          call({ ...subscription, member: 'RemoveMatch' }).catch(() => undefined);
      };
    },
    close: () => end(new BusError('closed')),
  };
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { resolve, reject, promise };
}
