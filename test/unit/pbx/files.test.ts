// Files over real HTTP, against the stand-in PBX.
import { createServer, type Server } from 'node:http';
import {
  createServer as createSocketServer,
  type AddressInfo,
  type Server as SocketServer,
  type Socket,
} from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFiles, dispositionName } from '../../../src-main/pbx/files.ts';
import type { FileContent, Pbx } from '../../../src-main/pbx/index.ts';
import type { Pbx as StandIn, PbxStartOptions } from '../../pbx/index.ts';
import { startPbx } from '../../pbx/index.ts';
import { startProxy } from '../../desktop/connect-proxy.ts';
import { agentThrough } from '../shell/proxy-agent-of.ts';
import { closeClients, createRealWorld, password, quickSettings, startClient, until } from './real-client.ts';

let pbx: StandIn;
let foreign: Server | null = null;
let foreignRequests = 0;
const never = new AbortController().signal;

async function started(options: PbxStartOptions = {}): Promise<Pbx> {
  pbx = await startPbx(options);
  const server = `${pbx.url}${options.switches?.pathPrefix ?? ''}`;
  const client = startClient(server, password('alice'));
  await client.online();
  return client.pbx;
}

beforeEach(() => {
  foreignRequests = 0;
});
afterEach(async () => {
  closeClients();
  await pbx.close();
  foreign?.close();
  foreign = null;
});

/** Somebody else's server, on this computer too. */
async function foreignOrigin(): Promise<string> {
  const server = createServer((_request, response) => {
    foreignRequests++;
    response.end('foreign');
  });
  foreign = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function content(name: string, text: string, more: Partial<FileContent> = {}): FileContent {
  const bytes = Buffer.from(text);
  return { name, type: 'text/x-test', size: bytes.length, open: () => Readable.from([bytes]), ...more };
}

async function put(wire: Pbx, file: FileContent): Promise<string> {
  const outcome = await wire.uploadFile(file, () => undefined, never);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.reason));
  return outcome.value.url;
}

async function got(wire: Pbx, url: string, range?: string) {
  const outcome = await wire.openFile(url, never, range);
  if (!outcome.ok) return outcome.reason.code;
  const chunks: Buffer[] = [];
  for await (const chunk of outcome.value.body) chunks.push(chunk as Buffer);
  return { ...outcome.value, body: Buffer.concat(chunks).toString() };
}

/** Uploads to a server that is the PBX for that alone, and closes it; 'ok', or why not. */
async function uploadTo(server: SocketServer, file: Pick<FileContent, 'size' | 'open'>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const files = createFiles({
    settings: quickSettings,
    world: createRealWorld(),
    base: () => `ws://${origin}`,
    createFileBuffer: () => Promise.resolve({ ok: true, value: { url: `http://${origin}/x` } }),
  });
  const outcome = await files.upload({ name: 'x', type: 'text/x-test', ...file }, () => undefined, never);
  server.close();
  return outcome.ok ? 'ok' : `${outcome.reason.code}: ${outcome.reason.detail}`;
}

describe('behind a proxy', () => {
  test('files go both ways through it, and stop where it does not let them', async () => {
    const proxy = await startProxy();
    pbx = await startPbx();
    const client = startClient(pbx.url, password('alice'));
    await client.online();
    client.world.agent = async () => agentThrough(`PROXY ${proxy.host}`);
    const url = await put(client.pbx, content('a.txt', 'through the wall'));
    expect(await got(client.pbx, url)).toMatchObject({ status: 200, body: 'through the wall' });
    expect(proxy.tunnels).toEqual([new URL(pbx.url).host, new URL(pbx.url).host]);
    await proxy.close();
    expect(await got(client.pbx, url)).toBe('unreachable');
  });
});

describe('a file that is uploaded', () => {
  test.each<[string, PbxStartOptions['switches']]>([
    ['the answer is empty', {}],
    ['the answer is 201', { uploadAnswer: 'created' }],
    ['the answer says ok', { uploadAnswer: 'json' }],
    ['URLs are relative, behind a prefix', { fileUrls: 'relative', pathPrefix: '/example.com/ip' }],
    ['files are at a server of their own', { fileUrls: 'own-host' }],
  ])('is there under its URL when %s', async (_what, switches) => {
    const wire = await started({ switches: switches ?? {} });
    const url = await put(wire, content('ä & b.txt', 'content'));
    const file = await got(wire, url);
    expect(file).toMatchObject({ status: 200, type: 'text/x-test', name: 'ä & b.txt', size: 7 });
    expect(file).toMatchObject({ body: 'content' });
  });

  test('goes through TLS that is verified like the sockets', async () => {
    pbx = await startPbx({ tls: true });
    const client = startClient(pbx.tlsUrl, password('alice'), {}, { certificates: [pbx.certificate ?? ''] });
    await client.online();
    const url = await put(client.pbx, content('x.txt', 'over TLS'));
    expect(url).toMatch(/^https:/);
    expect(await got(client.pbx, url)).toMatchObject({ body: 'over TLS' });
  });

  test('tells how much of it is gone', async () => {
    const wire = await started();
    const seen: number[] = [];
    const parts = ['abc', 'defg', 'h'];
    const open = () => Readable.from(parts.map((part) => Buffer.from(part)));
    await wire.uploadFile(content('x', '', { size: 8, open }), (bytes) => seen.push(bytes), never);
    expect(seen).toEqual([3, 7, 8]);
  });

  test.each([
    ['status', 'refused'],
    ['ok-false', 'refused'],
    ['cut', 'unreachable'],
  ] as const)('fails with a reason when the server answers with %s', async (fault, code) => {
    const wire = await started();
    pbx.faults.upload = fault;
    const file = content('x', 'x'.repeat(3_000_000));
    const outcome = await wire.uploadFile(file, () => undefined, never);
    expect(outcome).toMatchObject({ ok: false, reason: { code } });
  });

  test('is given up at once when somebody cancels', async () => {
    const wire = await started();
    pbx.faults.fileRate = 1000;
    const abort = new AbortController();
    let bytes = 0;
    const outcome = wire.uploadFile(
      content('x', 'x'.repeat(1_000_000)),
      (sent) => (bytes = sent),
      abort.signal,
    );
    await until('the first bytes', () => bytes > 0);
    abort.abort();
    expect(await outcome).toEqual({ ok: false, reason: { code: 'cancelled' } });
  });

  test('that became shorter is not sent in part, and one that grew is sent as it was', async () => {
    const wire = await started();
    const short = await wire.uploadFile(content('x', 'abc', { size: 5 }), () => undefined, never);
    expect(short).toEqual({ ok: false, reason: { code: 'changed' } });
    const url = await put(wire, content('x', 'abcdef', { size: 3 }));
    expect(await got(wire, url)).toMatchObject({ body: 'abc' });
  });

  test('that cannot be read says so', async () => {
    const wire = await started();
    const { createReadStream } = await import('node:fs');
    const open = () => createReadStream('/nowhere/at all');
    const outcome = await wire.uploadFile(content('x', '', { size: 5, open }), () => undefined, never);
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'unreadable' } });
  });

  test('that is empty arrives empty', async () => {
    const wire = await started();
    const url = await put(wire, content('empty', '', { open: () => Readable.from([]) }));
    expect(await got(wire, url)).toMatchObject({ size: 0, body: '' });
  });

  test('needs the Messages service', async () => {
    pbx = await startPbx();
    const client = startClient(pbx.url, password('tom'));
    await client.online();
    const outcome = await client.pbx.uploadFile(content('x', 'x'), () => undefined, never);
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'volatile' } });
  });
});

describe('a file that is fetched', () => {
  test('comes in the range that was asked for', async () => {
    const wire = await started();
    const url = await put(wire, content('x', '0123456789'));
    expect(await got(wire, url, 'bytes=2-4')).toMatchObject({
      status: 206,
      size: 10,
      length: 3,
      contentRange: 'bytes 2-4/10',
      body: '234',
    });
  });

  test('from somebody else’s server is refused, and nothing is sent there', async () => {
    const wire = await started();
    const url = await foreignOrigin();
    expect(await got(wire, `${url}/x`)).toBe('foreign-host');
    expect(await got(wire, 'https://elsewhere.example/x')).toBe('foreign-host');
    expect(await got(wire, 'file:///etc/passwd')).toBe('foreign-host');
    expect(foreignRequests).toBe(0);
  });

  test('is not looked for where the PBX redirects to somebody else', async () => {
    const wire = await started();
    const url = await put(wire, content('x', 'x'));
    pbx.faults.download = 'redirect';
    pbx.faults.redirectTo = `${await foreignOrigin()}/x`;
    expect(await got(wire, url)).toBe('foreign-host');
    expect(foreignRequests).toBe(0);
    pbx.faults.redirectTo = url;
    expect(await got(wire, url)).toBe('refused');
  });

  test('from the service’s own server is fetched, though nothing has been uploaded yet', async () => {
    const wire = await started({ switches: { fileUrls: 'own-host' } });
    const bob = await pbx.user('bob');
    await bob.openMessages();
    const [result] = await bob.request({ mt: 'CreateFileBuffer', name: 'x.txt' });
    const url = String(result?.url);
    await fetch(url, { method: 'POST', body: 'of bob' });
    expect(await got(wire, url)).toMatchObject({ body: 'of bob' });
    expect(await got(wire, `${await foreignOrigin()}/x`)).toBe('foreign-host');
    expect(pbx.received.of('CreateFileBuffer', 'alice')).toHaveLength(1);
  });

  test('that is not there says that it is gone', async () => {
    const wire = await started();
    const url = await put(wire, content('x', 'x'));
    expect(await got(wire, url.replace(/[0-9a-f]{32}/, '0'.repeat(32)))).toBe('gone');
    pbx.setSwitch('temporaryFiles', 'gone');
    expect(await got(wire, url)).toBe('gone');
  });

  test('breaks off with an error when the connection does', async () => {
    const wire = await started();
    const url = await put(wire, content('x', 'x'.repeat(500_000)));
    pbx.faults.download = 'cut';
    await expect(got(wire, url)).rejects.toThrow();
  });
});

test('a server that has all of a file, answers and closes before the disk says that there is no more, has taken it', async () => {
  // How the answer, the close and the end of the file meet is a matter of single turns of the event loop.
  for (let turns = 0; turns < 40; turns++) {
    const source = new Readable({ read: () => undefined });
    source.push(Buffer.from('a,b'));
    const end = (left: number): unknown =>
      left === 0 ? source.push(null) : setImmediate(() => end(left - 1));
    const server = createServer((request, response) => {
      request.on('data', () => {
        response.end('{"ok":true}');
        end(turns);
      });
    });
    expect(await uploadTo(server, { size: 3, open: () => source }), `${turns} turns`).toBe('ok');
  }
});

describe('a server that ends an upload in the middle', () => {
  const refusal = 'HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 4\r\n\r\nfull';

  /** Uploads 12 MiB to a server that does `act` once it has so many bytes of the request. */
  async function upload(act: (socket: Socket, asksFirst: boolean) => void, atByte: number) {
    const server = createSocketServer((socket) => {
      const chunks: Buffer[] = [];
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        if (chunks.length === 0 || Buffer.concat(chunks).length < atByte) chunks.push(chunk);
        const got = Buffer.concat(chunks);
        const asksFirst = /^expect: 100-continue\r$/im.test(got.toString('latin1'));
        if (!asksFirst && got.length < atByte) return;
        socket.removeAllListeners('data').pause();
        act(socket, asksFirst);
      });
    });
    const part = Buffer.alloc(64 * 1024);
    const parts = 192;
    const open = () => Readable.from(Array.from({ length: parts }, () => part));
    return uploadTo(server, { size: parts * part.length, open });
  }

  const ends: [string, (socket: Socket) => void][] = [
    ['stays connected', (socket) => socket.write(refusal)],
    ['closes', (socket) => socket.end(refusal)],
    ['closes with the rest of the file unread', (socket) => socket.write(refusal, () => socket.destroy())],
    ['resets the connection at once', (socket) => socket.write(refusal, () => socket.resetAndDestroy())],
  ];
  for (const [how, end] of ends) {
    test.each([1, 200_000, 3_000_000])(`and ${how}, after %i bytes, has refused it`, async (atByte) => {
      expect(await upload(end, atByte)).toBe('refused: HTTP 507');
    });
  }

  test('without a word does not answer, and the file is not to blame', async () => {
    expect(await upload((socket) => socket.resetAndDestroy(), 3_000_000)).toBe('unreachable: ECONNRESET');
    const takesItOnlyAtFirst = (socket: Socket, asksFirst: boolean) =>
      asksFirst ? socket.write('HTTP/1.1 100 Continue\r\n\r\n') : socket.resetAndDestroy();
    expect(await upload(takesItOnlyAtFirst, 3_000_000)).toBe('unreachable: ECONNRESET');
  });
});

test.each([
  ['attachment; filename="a b.txt"', 'a b.txt'],
  ['attachment; filename=plain.txt', 'plain.txt'],
  ['attachment; filename="x.txt"; filename*=UTF-8\'\'%C3%A4%20b.txt', 'ä b.txt'],
  ['attachment; filename="a\\"b.txt"', 'a"b.txt'],
  ['inline', ''],
  ["attachment; filename*=UTF-8''%E4.txt", ''],
])('the name in %s is %s', (header, name) => {
  expect(dispositionName(header)).toBe(name);
});
