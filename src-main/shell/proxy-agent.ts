// Connections through proxies: HTTP and HTTPS ones open a tunnel (CONNECT: RFC 9110, section 9.3.6), SOCKS ones pass on
// what they get (RFC 1928). Each is made in steps, because it matters where one fails: a proxy that cannot be reached is
// passed over for the next way; one that answers is not, whatever it says, as in browsers.
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import type { SocksClient } from 'socks';
import type { ProxyReason, Reason } from '../ipc/contract.ts';
import { takesPasswords, type BadWays, type ProxyAddress, type Way } from './proxy-ways.ts';

export interface ProxyAgentPorts {
  bad: BadWays;
  /** Returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  /** What one connection says to an HTTP proxy of who goes there, and who hears its answer. */
  signIn(host: string): SignIn;
  trace(text: string): void;
}

export interface SignIn {
  /** The value of `Proxy-Authorization`. */
  authorization: string | undefined;
  /** `offered`: the ways to sign in that come with a 407. */
  answered(status: number, offered: string): void;
}

interface Target {
  host: string;
  port: number;
}

/** Milliseconds until somebody answers at the address of a proxy, or of the server, which has other ways here. */
const dialPatience = 3_000;
/** Milliseconds for what a proxy says first; it may wait for the server behind it. Browsers take as long. */
const answerPatience = 30_000;

/** `secure`: TLS with the server at the end. */
export function proxyAgent(ways: readonly Way[], secure: boolean, ports: ProxyAgentPorts): http.Agent {
  return new ProxyAgent(ways, secure, ports);
}

class ProxyAgent extends http.Agent {
  readonly protocol: string;
  readonly defaultPort: number;
  readonly #connect: (target: Target) => Promise<net.Socket>;

  constructor(ways: readonly Way[], secure: boolean, ports: ProxyAgentPorts) {
    super();
    this.protocol = secure ? 'https:' : 'http:';
    this.defaultPort = secure ? 443 : 80;
    this.#connect = (target) => firstThatLeads(ways, target, ports);
  }

  override createConnection(
    options: http.ClientRequestArgs,
    done?: (error: Error | null, socket: net.Socket) => void,
  ): undefined {
    const target = { host: options.host ?? 'localhost', port: Number(options.port) };
    // The host stays among the options: it is what the certificate of a server without a name is for.
    const finish = (socket: net.Socket) =>
      this.protocol === 'https:' ? tls.connect({ ...(options as tls.ConnectionOptions), socket }) : socket;
    this.#connect(target)
      .then(finish)
      .then(
        (socket) => done?.(null, socket),
        (error: Error) => done?.(error, undefined as never),
      );
  }
}

/** Rejects with what became of the first way, if none leads there. */
async function firstThatLeads(
  ways: readonly Way[],
  target: Target,
  ports: ProxyAgentPorts,
): Promise<net.Socket> {
  const failed = new Map<Way, unknown>();
  for (const way of ports.bad.order(ways)) {
    try {
      const socket = await open(way, target, ports);
      ports.bad.learn(way, failed.keys());
      return socket;
    } catch (error) {
      if (error instanceof Refused) {
        ports.bad.learn(way, failed.keys());
        throw error;
      }
      failed.set(way, error);
      if (way !== 'direct') ports.trace(`proxy: no way through ${way.host}: ${String(error)}`);
    }
  }
  throw failed.get(ways[0] as Way);
}

/** The ProxyFailure of the wire. */
class ProxyError extends Error {
  readonly proxyReason: Reason<ProxyReason>;
  constructor(reason: Reason<ProxyReason>) {
    super(reason.detail ?? reason.code);
    this.proxyReason = reason;
  }
}

/** The proxy is there, and opens no way for this connection. */
class Refused extends ProxyError {}

async function open(way: Way, target: Target, ports: ProxyAgentPorts): Promise<net.Socket> {
  const { after } = ports;
  if (way === 'direct') return dial(net.connect(target), 'connect', after);
  // Version 4 knows addresses of four bytes only.
  const host = way.kind === 'socks4' ? (await lookup(target.host, 4)).address : target.host;
  try {
    const { hostname, port } = way;
    if (way.kind === 'socks4' || way.kind === 'socks5') {
      // Few have such a proxy; fetched before there is a connection that somebody has to listen to.
      const socks = await import('socks');
      const socket = await dial(net.connect(port, hostname), 'connect', after);
      return await throughSocks(socks.SocksClient, way.kind, socket, { ...target, host });
    }
    const plain = way.kind === 'http';
    const servername = net.isIP(hostname) === 0 ? hostname : '';
    const options = { host: hostname, port, servername, ALPNProtocols: ['http/1.1'] };
    const socket = plain
      ? await dial(net.connect(port, hostname), 'connect', after)
      : await dial(tls.connect(options), 'secureConnect', after);
    return await tunnel(socket, target, ports.signIn(way.host), after);
  } catch (error) {
    throw error instanceof Refused ? error : unreachable(way, error);
  }
}

function unreachable({ host }: ProxyAddress, error: unknown): ProxyError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new ProxyError({ code: 'proxy-unreachable', detail: `${host}: ${code ?? message}` });
}

async function dial<S extends net.Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  after: ProxyAgentPorts['after'],
): Promise<S> {
  const cancel = after(dialPatience, () => socket.destroy(timeout()));
  try {
    await once(socket, event);
    return socket;
  } finally {
    cancel();
  }
}

function timeout(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}

async function tunnel(
  socket: net.Socket,
  target: Target,
  signIn: SignIn,
  after: ProxyAgentPorts['after'],
): Promise<net.Socket> {
  const { authorization } = signIn;
  const authority = `${net.isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
  const request = http.request({
    createConnection: () => socket,
    method: 'CONNECT',
    path: authority,
    headers: {
      Host: authority,
      Connection: 'keep-alive',
      'Proxy-Connection': 'keep-alive',
      ...(authorization !== undefined && { 'Proxy-Authorization': authorization }),
    },
  });
  const answered = once(request, 'connect') as Promise<[http.IncomingMessage, net.Socket, Buffer]>;
  request.end();
  const cancel = after(answerPatience, () => request.destroy(timeout()));
  const [{ statusCode = 0, headers }, , first] = await answered.finally(cancel);
  const offered = String(headers['proxy-authenticate'] ?? '');
  signIn.answered(statusCode, offered);
  if (statusCode >= 200 && statusCode < 300) {
    if (first.length > 0) socket.unshift(first);
    return socket;
  }
  socket.destroy();
  if (statusCode !== 407)
    throw new Refused({ code: 'server-unreachable', detail: `HTTP ${statusCode} of the proxy` });
  throw new Refused(
    takesPasswords(offered)
      ? { code: 'proxy-login' }
      : { code: 'proxy-method', detail: offered.slice(0, 100) },
  );
}

/** How the library says that a proxy answered: it gives errors no codes, and what is no answer it calls undefined. */
const socksAnswer = /rejected connection - (?!\(?undefined)|no accepted authentication/i;

async function throughSocks(
  client: typeof SocksClient,
  kind: 'socks4' | 'socks5',
  existing_socket: net.Socket,
  destination: Target,
): Promise<net.Socket> {
  try {
    const { socket } = await client.createConnection({
      command: 'connect',
      // Where it is has been dialled already.
      proxy: { host: '', port: 0, type: kind === 'socks4' ? 4 : 5 },
      destination,
      existing_socket,
      timeout: answerPatience,
    });
    return socket;
  } catch (error) {
    const { message } = error as Error;
    if (!socksAnswer.test(message)) throw error;
    throw new Refused(
      /authentication/i.test(message)
        ? { code: 'proxy-method', detail: 'SOCKS' }
        : { code: 'server-unreachable', detail: message },
    );
  }
}
