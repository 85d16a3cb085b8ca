import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Transform, type Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Certificate } from './certificate.ts';
import type { Faults, LinkKind } from './faults.ts';
import { Link, type LinkServices } from './link.ts';
import { OAuth2 } from './oauth2.ts';
import type { Switches } from './switches.ts';

export interface ServerOptions {
  host: string;
  /** 0 = any free one. */
  port: number;
  /** Without one it is a plain server. */
  certificate: Certificate | undefined;
  switches: Switches;
  faults: Faults;
  links: LinkServices;
  oauth2: () => OAuth2;
  /** Port of the Messages service's own HTTP server, on loopback. */
  filesPort: () => number | undefined;
  control: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  connected: (link: Link) => void;
  trace: (text: string) => void;
}

/** Passes bytes on at the rate of the faults, which may change on the way. */
function paced(faults: Faults): Transform {
  const everyMs = 20;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const passed = (from: number): void => {
        if (this.destroyed) return;
        const step = faults.fileRate === 0 ? chunk.length : Math.max(1, (faults.fileRate * everyMs) / 1000);
        const to = Math.min(chunk.length, Math.ceil(from + step));
        this.push(chunk.subarray(from, to));
        if (to === chunk.length) done();
        else setTimeout(() => passed(to), everyMs);
      };
      passed(0);
    },
  });
}

const probeMs = 20_000;
const kinds: Record<string, LinkKind> = { APPCLIENT: 'client', WEBSOCKET: 'client', APPS: 'app' };

/** One listening port: WebSockets at the paths of protocol, section 1, and the few HTTP pages of the stand-in. */
export class PbxServer {
  readonly #options: ServerOptions;
  #server: Server | undefined;
  #port: number;
  readonly #sockets = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: 16 * 1024 * 1024 });
  readonly #links = new Set<Link>();
  #probe: NodeJS.Timeout | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  get host(): string {
    return this.#options.host;
  }

  get secure(): boolean {
    return this.#options.certificate !== undefined;
  }

  get links(): Set<Link> {
    return this.#links;
  }

  /** Rejects when the port cannot be had. */
  async listen(): Promise<void> {
    const { certificate, host } = this.#options;
    const serve = (request: IncomingMessage, response: ServerResponse): void =>
      this.#serve(request, response);
    const server =
      certificate === undefined
        ? createServer(serve)
        : (createTlsServer(certificate, serve) as unknown as Server);
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    // A client that breaks off in the middle of a handshake is its own affair.
    server.on('clientError', (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    this.#probe = setInterval(() => {
      for (const link of this.#links) link.probe();
    }, probeMs);
    this.#probe.unref();
  }

  /** Ends every connection, abruptly, and gives the port back. */
  async close(): Promise<void> {
    clearInterval(this.#probe);
    const server = this.#server;
    this.#server = undefined;
    for (const link of [...this.#links]) link.drop();
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  #origin(request: IncomingMessage): string {
    const host = request.headers.host ?? `127.0.0.1:${this.#port}`;
    return `${this.secure ? 'https' : 'http'}://${host}`;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { switches, faults, links, connected, trace } = this.#options;
    socket.on('error', () => socket.destroy());
    const refuse = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    if (faults.refuseConnections) return refuse('503 Service Unavailable');
    const path = this.#local(request);
    const match = /^\/(APPCLIENT|WEBSOCKET|APPS)(\/[0-9a-fA-F]+)?\/websocket$/.exec(
      this.#inModule(path) ?? '',
    );
    const kind = kinds[match?.[1] ?? ''];
    const build = match?.[2] !== undefined;
    const wrongBuild =
      (switches.buildNumber === 'required' && !build) || (switches.buildNumber === 'refused' && build);
    if (kind === undefined || wrongBuild) {
      trace(`no WebSocket at ${String(request.url)}`);
      return refuse('404 Not Found');
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const link = new Link(webSocket, kind, this.#origin(request), links);
      this.#links.add(link);
      connected(link);
      const ended = link.onClose;
      link.onClose = () => {
        this.#links.delete(link);
        ended();
      };
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { oauth2, control, faults } = this.#options;
    if (faults.refuseConnections) {
      request.socket.destroy();
      return;
    }
    if (request.url === '/control' && control !== undefined) return control(request, response);
    const path = this.#local(request);
    const url = new URL(this.#inModule(path) ?? '/nowhere', 'http://localhost');
    if (url.pathname.startsWith(OAuth2.path) && request.method === 'GET') {
      const page = oauth2().page(url.pathname.slice(OAuth2.path.length), url.searchParams.get('user'));
      response.writeHead(page.status, { 'content-type': 'text/html; charset=utf-8' }).end(page.html);
      return;
    }
    if (path?.startsWith('/messages/') === true) return this.#pass(path, request, response);
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing at this address.\n');
  }

  /** The Messages service has an HTTP server of its own; the PBX passes its files on, as a reverse proxy does. */
  #pass(path: string, request: IncomingMessage, response: ServerResponse): void {
    const { filesPort, faults } = this.#options;
    const fail = (status: number): void => {
      request.resume();
      response.writeHead(status).end();
    };
    const port = filesPort();
    if (port === undefined) return fail(502);
    if (request.method === 'POST' && faults.upload !== 'none') {
      if (faults.upload === 'status') return fail(500);
      if (faults.upload === 'cut') {
        request.once('data', () => request.socket.destroy());
        return;
      }
      request.resume();
      request.on('end', () =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":false}'),
      );
      return;
    }
    if (request.method === 'GET' && faults.download === 'status') return fail(500);
    if (request.method === 'GET' && faults.download === 'redirect') {
      response.writeHead(302, { location: faults.redirectTo }).end();
      return;
    }
    const { method, headers } = request;
    const onward = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (method === 'GET' && faults.download === 'cut') {
        answer.once('data', (chunk: Buffer) =>
          response.write(chunk.subarray(0, chunk.length / 2), () => response.destroy()),
        );
        return;
      }
      answer.pipe(paced(faults)).pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.on('aborted', () => onward.destroy());
    request.pipe(paced(faults)).pipe(onward);
  }

  /** The path below the PBX module, whose name is a switch. */
  #inModule(path: string | undefined): string | undefined {
    const module = `/${this.#options.switches.module}/`;
    return path?.startsWith(module) === true ? path.slice(module.length - 1) : undefined;
  }

  /** The path below the switchable prefix; undefined when it is not below it. */
  #local(request: IncomingMessage): string | undefined {
    const prefix = this.#options.switches.pathPrefix.replace(/\/$/, '');
    const path = request.url ?? '/';
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
  }
}
