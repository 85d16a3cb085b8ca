import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Frame } from '../../../src-main/pbx/frames.ts';
import type { PbxSettings } from '../../../src-main/pbx/index.ts';
import type { Link } from '../../../src-main/pbx/socket.ts';
import { openLink, reasonOfError } from '../../../src-main/pbx/socket.ts';
import { createRealWorld, quickSettings, until } from './real-client.ts';
import type { RealWorld } from './real-client.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server whose WebSockets are at /there; everything else is answered as told. */
async function serve(status = 404) {
  const http: Server = createServer((_request, response) => response.writeHead(status).end('<html>'));
  const sockets = new WebSocketServer({ noServer: true, autoPong: false });
  const accepted: WebSocket[] = [];
  const received: string[] = [];
  http.on('upgrade', (request, socket, head) => {
    if (request.url !== '/there') {
      socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      accepted.push(webSocket);
      webSocket.on('message', (data) => received.push(String(data)));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of accepted) socket.terminate();
    http.closeAllConnections();
    return new Promise((resolve) => http.close(resolve));
  });
  return { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, accepted, received };
}

interface Opened {
  link: Link;
  world: RealWorld;
  log: string[];
  frames: { frame: Frame; source: string }[];
}

function open(
  urls: string[],
  settings: Partial<PbxSettings> = {},
  received?: (frame: Frame) => void,
): Opened {
  const world = createRealWorld();
  const log: string[] = [];
  const frames: Opened['frames'] = [];
  const link = openLink(
    { connection: 'app', urls, settings: { ...quickSettings, ...settings }, world, keepAlive: true },
    {
      opened: () => void log.push('opened'),
      received(frame, source) {
        frames.push({ frame, source });
        received?.(frame);
      },
      lost: ({ code, detail }) => void log.push(detail === undefined ? code : `${code}: ${detail}`),
    },
  );
  ends.push(() => link.close());
  return { link, world, log, frames };
}

async function ended({ log, world }: Opened) {
  await until('the end of the link', () => log.some((line) => line !== 'opened'));
  expect(world.timers).toBe(0);
  return log.at(-1);
}

describe('a link', () => {
  test('carries frames both ways, with the text as it came', async () => {
    const server = await serve();
    const { link, log, frames } = open([`${server.url}/there`]);
    await until('the opening', () => log.length > 0);
    expect(link.send({ mt: 'Ask', id: 18446744073709551615n })).toBe(true);
    await until('the frame', () => server.received.length > 0);
    expect(server.received).toEqual(['{"mt":"Ask","id":18446744073709551615}']);
    server.accepted[0]?.send('{ "mt":"Answer", "n":1.0 }');
    await until('the answer', () => frames.length > 0);
    expect(frames).toEqual([{ frame: { mt: 'Answer', n: 1 }, source: '{ "mt":"Answer", "n":1.0 }' }]);
  });

  test('ignores and traces what is no frame, and goes on', async () => {
    const server = await serve();
    const { world, log, frames } = open([`${server.url}/there`], { frameLimit: 100 });
    await until('the opening', () => log.length > 0);
    for (const garbage of ['', '{"mt":"Half', 'null', '{"mt":5}', '<html>', Buffer.from([1, 2, 3])]) {
      server.accepted[0]?.send(garbage);
    }
    server.accepted[0]?.send('{"mt":"Fine"}');
    await until('the frame', () => frames.length > 0);
    expect(frames.map(({ frame }) => frame.mt)).toEqual(['Fine']);
    expect(world.traces.filter(({ text }) => text.startsWith('ignored'))).toHaveLength(6);
  });

  test('survives whoever fails on a frame', async () => {
    const server = await serve();
    const { log, frames } = open([`${server.url}/there`], {}, (frame) => {
      if (frame.mt === 'Bad') throw new Error('on purpose');
    });
    await until('the opening', () => log.length > 0);
    server.accepted[0]?.send('{"mt":"Bad"}');
    server.accepted[0]?.send('{"mt":"Good"}');
    await until('the frame', () => frames.length === 2);
    expect(log).toEqual(['opened']);
  });

  test('ends when a frame is larger than memory should be', async () => {
    const server = await serve();
    const opened = open([`${server.url}/there`], { frameLimit: 100 });
    await until('the opening', () => opened.log.length > 0);
    server.accepted[0]?.send(JSON.stringify({ mt: 'x', data: 'x'.repeat(1000) }));
    expect(await ended(opened)).toMatch(/^link-lost/);
  });

  test('tries the next address where the first one is not there', async () => {
    const server = await serve(404);
    const opened = open([`${server.url}/gone`, `${server.url}/there`]);
    await until('the opening', () => opened.log.length > 0);
    expect(opened.log).toEqual(['opened']);
  });

  test.each([
    [404, 'server-not-pbx: HTTP 404'],
    [403, 'server-not-pbx: HTTP 403'],
    [200, 'server-not-pbx: HTTP 200'],
    [503, 'server-unreachable: HTTP 503'],
  ])('answered with HTTP %s is %s', async (status, said) => {
    const server = await serve(status);
    expect(await ended(open([`${server.url}/gone`]))).toBe(said);
  });

  test('to a port where nobody listens is server-unreachable', async () => {
    const server = await serve();
    for (const end of ends.splice(0)) await end();
    expect(await ended(open([`${server.url}/there`]))).toBe('server-unreachable: ECONNREFUSED');
  });

  test('to something that never answers ends in time', async () => {
    const silent = createTcpServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    ends.push(() => silent.close());
    const opened = open([`ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`], {
      connectTimeout: 50,
    });
    expect(await ended(opened)).toBe('server-unreachable: no answer in time');
  });

  test('to something that speaks another protocol is server-not-pbx', async () => {
    const other = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.end('220 mail.example.com ESMTP\r\n');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    ends.push(() => other.close());
    const { port } = other.address() as AddressInfo;
    expect(await ended(open([`ws://127.0.0.1:${port}/`]))).toMatch(/^server-not-pbx/);
    expect(await ended(open([`wss://127.0.0.1:${port}/`]))).toMatch(/^server-not-pbx/);
  });

  test('that breaks is link-lost', async () => {
    const server = await serve();
    const opened = open([`${server.url}/there`]);
    await until('the opening', () => opened.log.length > 0);
    server.accepted[0]?.terminate();
    expect(await ended(opened)).toMatch(/^link-lost/);
    expect(opened.link.send({ mt: 'x' })).toBe(false);
  });

  test('without a sign of life is heartbeat-lost', async () => {
    const server = await serve();
    const opened = open([`${server.url}/there`], { pingInterval: 20, pingDeadline: 50 });
    expect(await ended(opened)).toBe('heartbeat-lost');
  });

  test('stays as long as the pings are answered, or something else comes', async () => {
    const server = await serve();
    const opened = open([`${server.url}/there`], { pingInterval: 10, pingDeadline: 500 });
    await until('the opening', () => opened.log.length > 0);
    let pings = 0;
    server.accepted[0]?.on('ping', () => {
      pings++;
      if (pings % 2 === 0) server.accepted[0]?.pong();
      else server.accepted[0]?.send('{"mt":"x"}');
    });
    await until('several pings', () => pings >= 6);
    expect(opened.log).toEqual(['opened']);
  });

  test('that is probed gives an answer sooner than the next ping', async () => {
    const server = await serve();
    const opened = open([`${server.url}/there`], { pingInterval: 60_000, pingDeadline: 60 });
    await until('the opening', () => opened.log.length > 0);
    opened.link.probe();
    expect(await ended(opened)).toBe('heartbeat-lost');
  });

  test.each([
    ['as the standard has it', (data: Buffer) => data],
    ['without their numbers', () => ''],
  ])('confirms what the server has, by pings that are answered %s', async (_, answer) => {
    const server = await serve();
    const { link, log } = open([`${server.url}/there`]);
    await until('the link', () => log.includes('opened'));
    const [socket] = server.accepted;
    const confirmed: string[] = [];
    const asked: Buffer[] = [];
    socket?.on('ping', (data) => asked.push(data));
    for (const mt of ['One', 'Two']) {
      link.send({ mt });
      link.confirm(() => confirmed.push(`${mt} of ${server.received.length}`));
    }
    await until('two pings', () => asked.length === 2);
    expect(confirmed).toEqual([]);
    for (const data of asked) socket?.pong(answer(data));
    await until('what was confirmed', () => confirmed.length === 2);
    expect(confirmed).toEqual(['One of 2', 'Two of 2']);
    link.confirm(() => confirmed.push('Three'));
    socket?.terminate();
    await until('the end of the link', () => log.length > 1);
    expect(confirmed).toHaveLength(2);
  });

  test('breaks the silence with KeepAlive', async () => {
    const server = await serve();
    open([`${server.url}/there`], { keepAlive: 20 });
    await until('two of them', () => server.received.length >= 2);
    expect(new Set(server.received)).toEqual(new Set(['{"mt":"KeepAlive"}']));
  });

  test('that is closed says nothing more and leaves nothing behind', async () => {
    const server = await serve();
    const opened = open([`${server.url}/there`]);
    await until('the opening', () => opened.log.length > 0);
    let closed = false;
    server.accepted[0]?.on('close', () => (closed = true));
    opened.link.send({ mt: 'Last' });
    opened.link.close();
    await until('the end', () => closed);
    expect(server.received).toEqual(['{"mt":"Last"}']);
    expect(opened.log).toEqual(['opened']);
    expect(opened.world.timers).toBe(0);
  });

  test('can be closed before it is open', async () => {
    const server = await serve();
    const opened = open([`${server.url}/there`]);
    opened.link.close();
    expect(opened.world.timers).toBe(0);
    const second = open([`${server.url}/there`]);
    await until('another one', () => second.log.length > 0);
    expect(opened.log).toEqual([]);
  });
});

describe('why a connection could not be made', () => {
  test.each([
    ['ENOTFOUND', 'server-unknown'],
    ['EAI_AGAIN', 'server-unknown'],
    ['ECONNREFUSED', 'server-unreachable'],
    ['ETIMEDOUT', 'server-unreachable'],
    ['EHOSTUNREACH', 'server-unreachable'],
    ['ENETUNREACH', 'server-unreachable'],
    ['ECONNRESET', 'server-unreachable'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'server-certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'server-certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'server-certificate'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'server-certificate'],
    ['CERT_HAS_EXPIRED', 'server-certificate'],
    ['CERT_NOT_YET_VALID', 'server-certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'server-certificate'],
    ['HOSTNAME_MISMATCH', 'server-certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'server-not-pbx'],
    ['EPROTO', 'server-not-pbx'],
    ['HPE_INVALID_CONSTANT', 'server-not-pbx'],
  ])('%s is %s', (code, reason) => {
    expect(reasonOfError({ code, message: '' }).code).toBe(reason);
  });
});
