// An HTTP proxy as companies have one: it opens tunnels (CONNECT), to those who sign in if it wants that.
import http from 'node:http';
import net from 'node:net';

export interface ConnectProxy {
  /** `127.0.0.1:port`. */
  host: string;
  /** `host:port` of every tunnel that was opened. */
  tunnels: string[];
  /** Requests that were sent away, by the `Proxy-Authorization` that they had. */
  refused: string[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  login?: { user: string; password: string };
  /** What it says that it wants, where there is a login. */
  method?: string;
  /** What it answers instead of opening any tunnel, such as `502 Bad Gateway`. */
  closed?: string;
}

export async function startProxy({
  login,
  method = 'Basic realm="way out"',
  closed,
}: ProxyOptions = {}): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const refused: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = http.createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, socket, head) => {
    const given = request.headers['proxy-authorization'] ?? '';
    const wanted = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
    if (wanted !== undefined && given !== wanted) {
      refused.push(given);
      socket.end(`HTTP/1.1 407 Sign in\r\nProxy-Authenticate: ${method}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    if (closed !== undefined) {
      refused.push(given);
      socket.end(`HTTP/1.1 ${closed}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const onwards = net.connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ''), () => {
      tunnels.push(request.url ?? '');
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onwards.write(head);
      onwards.pipe(socket);
      socket.pipe(onwards);
    });
    sockets.add(onwards);
    onwards.on('error', () => socket.destroy());
    onwards.once('close', () => socket.destroy());
    socket.once('close', () => onwards.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    tunnels,
    refused,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
