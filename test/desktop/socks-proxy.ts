// A SOCKS proxy, versions 4 (with names: 4a) and 5, as `ssh -D` is one: it connects whoever asks, without a login.
import { once } from 'node:events';
import net from 'node:net';

export interface SocksProxy {
  /** `127.0.0.1:port`. */
  host: string;
  /** `4 address:port` or `5 name:port`, as it was asked for, of everything that was asked for. */
  asked: string[];
  close(): Promise<void>;
}

export interface SocksOptions {
  /** Instead of connecting anybody: the code of the answer (RFC 1928, section 6), or that it wants a login. */
  refuse?: number | 'login';
  /** Where it connects to for a name that only it knows. */
  names?: Record<string, string>;
}

const methods = { none: 0x00, noneThatIsAcceptable: 0xff };

export async function startSocks({ refuse, names = {} }: SocksOptions = {}): Promise<SocksProxy> {
  const asked: string[] = [];
  const sockets = new Set<net.Socket>();

  function connect(client: net.Socket, version: 4 | 5, host: string, port: number) {
    asked.push(`${version} ${host}:${port}`);
    const answer = (code: number) =>
      client.write(
        version === 5
          ? Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
          : Buffer.from([0, code === 0 ? 0x5a : 0x5b, 0, 0, 0, 0, 0, 0]),
      );
    if (typeof refuse === 'number') {
      answer(refuse);
      client.end();
      return;
    }
    const onwards = net.connect(port, names[host] ?? host, () => {
      answer(0);
      onwards.pipe(client);
      client.pipe(onwards);
    });
    sockets.add(onwards);
    onwards.on('error', () => client.destroy());
    onwards.once('close', () => client.destroy());
    client.once('close', () => onwards.destroy());
  }

  async function serve(client: net.Socket) {
    const [version = 0] = await read(client, 1);
    if (version === 4) {
      const request = await read(client, 7);
      await text(client);
      const bytes = [...request.subarray(3)];
      const named = bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] !== 0;
      return connect(client, 4, named ? await text(client) : bytes.join('.'), request.readUInt16BE(1));
    }
    const [count = 0] = await read(client, 1);
    await read(client, count);
    client.write(Buffer.from([5, refuse === 'login' ? methods.noneThatIsAcceptable : methods.none]));
    if (refuse === 'login') return;
    const [, , , kind = 0] = await read(client, 4);
    const [length = 0] = kind === 3 ? await read(client, 1) : [kind === 1 ? 4 : 16];
    const address = await read(client, length);
    const host = kind === 3 ? address.toString() : kind === 1 ? address.join('.') : address.toString('hex');
    connect(client, 5, host, (await read(client, 2)).readUInt16BE(0));
  }

  const server = net.createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined);
    client.once('close', () => sockets.delete(client));
    // Who hangs up in the middle of a request is gone.
    serve(client).catch(() => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    asked,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function read(socket: net.Socket, size: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(size) as Buffer | null;
    if (bytes !== null) return bytes;
    if (size === 0) return Buffer.alloc(0);
    await once(socket, 'readable');
    if (socket.readableEnded || socket.destroyed) throw new Error('ended');
  }
}

/** Up to the next zero. */
async function text(socket: net.Socket): Promise<string> {
  let all = '';
  for (;;) {
    const [byte = 0] = await read(socket, 1);
    if (byte === 0) return all;
    all += String.fromCharCode(byte);
  }
}
