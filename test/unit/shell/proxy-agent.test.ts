// Connections through real proxies on this computer, to a server that is there too.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reasonOfError } from '../../../src-main/pbx/socket.ts';
import { createBadWays } from '../../../src-main/shell/proxy-ways.ts';
import { startProxy } from '../../desktop/connect-proxy.ts';
import { startSocks } from '../../desktop/socks-proxy.ts';
import { agentThrough, reach } from './proxy-agent-of.ts';

const ends: (() => unknown)[] = [];
const ending = <T extends { close(): unknown }>(one: T): T => (ends.push(() => one.close()), one);
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending(server);
  return (server.address() as net.AddressInfo).port;
}
const served = (_request: http.IncomingMessage, response: http.ServerResponse) => response.end('reached');

/** Where nobody listens: it has just ended. */
async function nobody(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** Takes connections and hangs up, or says something that no proxy says. */
async function stranger(says: string): Promise<string> {
  const sockets: net.Socket[] = [];
  const port = await listen(
    net.createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(says));
    }),
  );
  ends.push(() => sockets.forEach((socket) => socket.destroy()));
  return `127.0.0.1:${port}`;
}

const proxy = async (...options: Parameters<typeof startProxy>) => ending(await startProxy(...options));
const socks = async (...options: Parameters<typeof startSocks>) => ending(await startSocks(...options));

let port: number;
let url: string;
beforeEach(async () => {
  port = await listen(http.createServer(served));
  url = `http://127.0.0.1:${port}/`;
});

const through = (answer: string, at = url) => reach(at, agentThrough(answer));
/** As the window tells it. */
const reason = async (answer: string, at = url) => {
  const outcome = await through(answer, at);
  return outcome instanceof Error ? reasonOfError(outcome) : outcome;
};

describe('a SOCKS proxy', () => {
  it('of version 5 is given the name, which it alone may know', async () => {
    const { host, asked } = await socks({ names: { 'pbx.inside': '127.0.0.1' } });
    expect(await through(`SOCKS5 ${host}`, `http://pbx.inside:${port}/`)).toBe(200);
    expect(await through(`SOCKS5 ${host}`)).toBe(200);
    expect(asked).toEqual([`5 pbx.inside:${port}`, `5 127.0.0.1:${port}`]);
  });

  it.each(['SOCKS', 'SOCKS4'])('of version 4 is given the address (%s)', async (word) => {
    const { host, asked } = await socks();
    expect(await through(`${word} ${host}`, `http://localhost:${port}/`)).toBe(200);
    expect(asked).toEqual([`4 127.0.0.1:${port}`]);
  });

  it('that opens no way has answered: no other way is tried', async () => {
    const [refusing, other] = [await socks({ refuse: 4 }), await socks()];
    for (const word of ['SOCKS4', 'SOCKS5']) {
      expect(await reason(`${word} ${refusing.host}; SOCKS5 ${other.host}; DIRECT`)).toMatchObject({
        code: 'server-unreachable',
        detail: expect.stringMatching(/rejected/) as string,
      });
    }
    expect([refusing.asked.length, other.asked]).toEqual([2, []]);
  });

  it('that wants a login is told: there is none for it', async () => {
    const { host } = await socks({ refuse: 'login' });
    expect(await reason(`SOCKS5 ${host}; DIRECT`)).toEqual({ code: 'proxy-method', detail: 'SOCKS' });
  });
});

describe('an HTTP proxy', () => {
  it.each(['502 Bad Gateway', '403 Forbidden', '404 Not Found'])(
    'that opens no tunnel (%s) has answered: no other way is tried',
    async (closed) => {
      const [closing, other] = [await proxy({ closed }), await proxy()];
      expect(await reason(`PROXY ${closing.host}; PROXY ${other.host}; DIRECT`)).toEqual({
        code: 'server-unreachable',
        detail: `HTTP ${closed.slice(0, 3)} of the proxy`,
      });
      expect([closing.refused.length, other.tunnels]).toEqual([1, []]);
    },
  );

  it('that wants a login is not passed over either', async () => {
    const [wanting, other] = [await proxy({ login: { user: 'a', password: 'b' } }), await proxy()];
    expect(await reason(`PROXY ${wanting.host}; PROXY ${other.host}`)).toEqual({ code: 'proxy-login' });
    expect(other.tunnels).toEqual([]);
  });
});

describe('the ways', () => {
  it.each<[string, (at: string) => Promise<string>]>([
    ['nobody listens', async (kind) => `${kind} ${await nobody()}`],
    ['its name is unknown', async (kind) => `${kind} proxy.invalid:3128`],
    ['it hangs up', async (kind) => `${kind} ${await stranger('')}`],
    ['it is something else', async (kind) => `${kind} ${await stranger('220 mail.example.com ESMTP\r\n')}`],
  ])('go on to the next one when %s', async (_what, dead) => {
    const { host, asked } = await socks();
    for (const kind of ['PROXY', 'HTTPS', 'SOCKS4', 'SOCKS5']) {
      expect([kind, await through(`${await dead(kind)}; SOCKS5 ${host}`)]).toEqual([kind, 200]);
    }
    expect(asked).toHaveLength(4);
  });

  it('end straight at the server', async () => {
    expect(await through(`PROXY ${await nobody()}; SOCKS5 ${await nobody()}; DIRECT`)).toBe(200);
  });

  it('begin straight at the server where that is said, and lead on from there', async () => {
    const { host, asked } = await socks({ names: { 'pbx.invalid': '127.0.0.1' } });
    const answer = `DIRECT; SOCKS5 ${host}`;
    expect([await through(answer), asked]).toEqual([200, []]);
    expect(await through(answer, `http://pbx.invalid:${port}/`)).toBe(200);
    expect(asked).toEqual([`5 pbx.invalid:${port}`]);
  });

  it('do not wait again for a proxy that did not answer', async () => {
    const sockets: net.Socket[] = [];
    const silent = await listen(net.createServer((socket) => sockets.push(socket)));
    ends.push(() => sockets.forEach((socket) => socket.destroy()));
    let waits = 0;
    // Its time is over as soon as there is a connection, which TLS is not yet.
    const after = (_milliseconds: number, run: () => void) => {
      if (waits++ === 0) setImmediate(run);
      return () => undefined;
    };
    const bad = createBadWays(() => 0);
    const agent = () => agentThrough(`HTTPS 127.0.0.1:${silent}; DIRECT`, { bad, after });
    expect([await reach(url, agent()), waits]).toEqual([200, 2]);
    expect([await reach(url, agent()), waits]).toEqual([200, 3]);
  });

  it('that all lead nowhere are told by the first, with its name', async () => {
    const [first, second] = [await nobody(), await nobody()];
    const answer = `SOCKS5 ${first}; PROXY ${second}`;
    expect(await reason(answer)).toEqual({ code: 'proxy-unreachable', detail: `${first}: ECONNREFUSED` });
  });
});

describe('TLS with the server at the end', () => {
  const certificate = async (altNames: object[]) =>
    generate([{ name: 'commonName', value: 'PBX' }], {
      extensions: [{ name: 'subjectAltName', altNames: altNames as never }],
    });
  const secure = async (altNames: object[], host: string, answer: string) => {
    const { private: key, cert } = await certificate(altNames);
    const at = await listen(https.createServer({ key, cert }, served));
    const outcome = await reach(`https://${host}:${at}/`, agentThrough(answer, {}, true), { ca: cert });
    return outcome instanceof Error ? reasonOfError(outcome).code : outcome;
  };

  it('is with the server that was asked for, by name or by address, whatever the proxy is', async () => {
    const [one, other] = [await proxy(), await socks()];
    for (const answer of [
      `PROXY ${one.host}`,
      `PROXY localhost:${one.host.split(':')[1]}`,
      `SOCKS5 ${other.host}`,
    ]) {
      expect(await secure([{ type: 7, ip: '127.0.0.1' }], '127.0.0.1', answer)).toBe(200);
      expect(await secure([{ type: 2, value: 'localhost' }], 'localhost', answer)).toBe(200);
      // The name of the proxy, or none, is not what was asked for.
      expect(await secure([{ type: 2, value: 'localhost' }], '127.0.0.1', answer)).toBe('server-certificate');
    }
  });
});
