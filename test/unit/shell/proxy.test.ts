import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reasonOfError } from '../../../src-main/pbx/socket.ts';
import { createProxy } from '../../../src-main/shell/proxy.ts';
import { startProxy, type ConnectProxy } from '../../desktop/connect-proxy.ts';
import { appStore } from './app-store.ts';
import { reach as reachThrough } from './proxy-agent-of.ts';

describe('the login at a proxy', () => {
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
      now: Date.now,
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
      const outcome = await reachThrough(
        `http://127.0.0.1:${port}/`,
        await proxy.agent(`ws://127.0.0.1:${port}/`),
      );
      return outcome instanceof Error ? reasonOfError(outcome).code : outcome;
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
    expect(await reach()).toBe('proxy-login');
    expect(shown()).toEqual({ host: gate.host, refused: false });
    commands.proxyLogin({ user: 'anna', password: 'wrong', remember: false });
    expect([shown(), reconnects(), await reach()]).toEqual([null, 1, 'proxy-login']);
    expect(shown()).toEqual({ host: gate.host, refused: true });
    commands.proxyLogin({ ...right, remember: false });
    expect(await reach()).toBe(200);
    expect([shown(), onDisk()]).toEqual([null, []]);
  });

  it('is asked for by the proxy that there is, behind one that is down', async () => {
    const down = await startProxy();
    await down.close();
    const { reach, shown, commands } = run({ answer: `PROXY ${down.host}; PROXY ${gate.host}` });
    expect([await reach(), shown()?.host]).toEqual(['proxy-login', gate.host]);
    commands.proxyLogin({ ...right, remember: false });
    expect([await reach(), shown()]).toEqual([200, null]);
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
    expect([await second.reach(), second.shown()]).toEqual([
      'proxy-login',
      { host: gate.host, refused: true },
    ]);
    await settled().not.toEqual([kept]);
    const third = run();
    expect([await third.reach(), third.shown()?.refused]).toEqual(['proxy-login', false]);
  });

  it('is not asked for again by itself when nobody wanted to sign in', async () => {
    const { reach, shown, commands } = run();
    await reach();
    commands.dismissProxy();
    expect([await reach(), shown()]).toEqual(['proxy-login', null]);
    commands.reconnect();
    expect([await reach(), shown()?.host]).toEqual(['proxy-login', gate.host]);
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
