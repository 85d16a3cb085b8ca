import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProxy, proxyOf } from '../../../src-main/shell/proxy.ts';
import { startProxy, type ConnectProxy } from '../../desktop/connect-proxy.ts';
import { appStore } from './app-store.ts';

describe('what the system says of proxies', () => {
  it.each([
    ['DIRECT', null],
    ['', null],
    ['PROXY proxy.example.com:3128', 'http://proxy.example.com:3128/'],
    ['HTTPS proxy.example.com:8443; DIRECT', 'https://proxy.example.com:8443/'],
    ['DIRECT; PROXY proxy.example.com:3128', null],
    ['SOCKS5 socks.example.com:1080; PROXY [2001:db8::1]:3128', 'http://[2001:db8::1]:3128/'],
    ['SOCKS socks.example.com:1080', null],
    ['PROXY', null],
    ['PROXY a:b:c; PROXY b:1', 'http://b:1/'],
  ])('%s', (answer, url) => {
    expect(proxyOf(answer)?.href ?? null).toBe(url);
  });
});

describe('the way through a proxy', () => {
  const right = { user: 'anna', password: 'Grün: 7' };
  let directory: string;
  let server: http.Server;
  let gate: ConnectProxy;
  beforeEach(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-proxy-'));
    server = http.createServer((_request, response) => response.end('reached'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    gate = await startProxy({ login: right });
  });
  afterEach(async () => {
    server.close();
    await gate.close();
    fs.rmSync(directory, { recursive: true });
  });

  /** One run of the program, in the same profile. */
  function run({ keyring = true, answer = `PROXY ${gate.host}` } = {}) {
    const store = appStore();
    const traces: string[] = [];
    let reconnects = 0;
    const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
    const proxy = createProxy({
      store,
      directory,
      cipher: {
        ready: async () => keyring,
        encrypt: (text) => turn(Buffer.from(text)),
        decrypt: (bytes) => turn(bytes).toString(),
      },
      resolve: async () => answer,
      after: () => () => undefined,
      session: () => ({
        login: async () => ({ ok: true, value: null }),
        reconnect: () => (reconnects++, null),
      }),
      trace: (text) => traces.push(text),
    });
    const reach = async () => {
      const { port } = server.address() as AddressInfo;
      const agent = await proxy.agent(`ws://127.0.0.1:${port}/`);
      return new Promise<number | string>((resolve) => {
        const request = http.get({ host: '127.0.0.1', port, agent: agent ?? false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        request.on('error', (error) => resolve(error.message));
      });
    };
    const shown = () => store.state().app.proxy;
    return { ...proxy, reach, shown, traces, reconnects: () => reconnects };
  }
  const onDisk = () =>
    fs.readdirSync(directory).map((name) => fs.readFileSync(path.join(directory, name), 'utf8'));
  const settled = () => expect.poll(onDisk);

  it('is straight where there is none', async () => {
    const { reach, shown } = run({ answer: 'DIRECT' });
    expect([await reach(), shown(), gate.refused]).toEqual([200, null, []]);
  });

  it('asks for a login, says that one was refused, and goes on with the right one', async () => {
    const { reach, shown, commands, reconnects } = run();
    expect(await reach()).toBe(407);
    expect(shown()).toEqual({ host: gate.host, refused: false });
    commands.proxyLogin({ user: 'anna', password: 'wrong', remember: false });
    expect([shown(), reconnects(), await reach()]).toEqual([null, 1, 407]);
    expect(shown()).toEqual({ host: gate.host, refused: true });
    commands.proxyLogin({ ...right, remember: false });
    expect(await reach()).toBe(200);
    expect([shown(), onDisk()]).toEqual([null, []]);
  });

  it('is remembered where that is wanted and a keyring is there', async () => {
    const first = run();
    await first.reach();
    first.commands.proxyLogin({ ...right, remember: true });
    await settled().toHaveLength(1);
    expect(onDisk().join()).not.toMatch(/anna|Grün/);
    expect(await run().reach()).toBe(200);
  });

  it('keeps nothing without a keyring', async () => {
    const { reach, commands } = run({ keyring: false });
    await reach();
    commands.proxyLogin({ ...right, remember: true });
    expect([await reach(), onDisk()]).toEqual([200, []]);
  });

  it('forgets a login that the proxy does not take any more', async () => {
    const first = run();
    await first.reach();
    first.commands.proxyLogin({ user: 'anna', password: 'old', remember: true });
    await settled().toHaveLength(1);
    const second = run();
    const kept = onDisk().join();
    expect([await second.reach(), second.shown()]).toEqual([407, { host: gate.host, refused: true }]);
    await settled().not.toEqual([kept]);
    const third = run();
    expect([await third.reach(), third.shown()?.refused]).toEqual([407, false]);
  });

  it('is not asked for again by itself when nobody wanted to sign in', async () => {
    const { reach, shown, commands } = run();
    await reach();
    commands.dismissProxy();
    expect([await reach(), shown()]).toEqual([407, null]);
    commands.reconnect();
    expect([await reach(), shown()?.host]).toEqual([407, gate.host]);
  });

  it('never writes the login to the trace', async () => {
    const { reach, commands, traces } = run();
    await reach();
    commands.proxyLogin({ user: 'anna', password: 'wrong', remember: false });
    await reach();
    expect(traces.join()).toContain('refused');
    expect(traces.join()).not.toMatch(/anna|wrong/);
  });
});
