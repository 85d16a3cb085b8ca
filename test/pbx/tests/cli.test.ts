import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { Peer } from '../peer.ts';
import { RawClient } from './raw-client.ts';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const running: Pick<Run, 'child' | 'ended'>[] = [];
const directories: string[] = [];

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  output(): string;
  errors(): string;
  printed(text: string): Promise<void>;
  ended: Promise<number | null>;
}

function run(...options: string[]): Run {
  const child = spawn(process.execPath, [cli, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (data) => {
    output += String(data);
    for (const watcher of watchers) watcher();
  });
  child.stderr.on('data', (data) => (errors += String(data)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  running.push({ child, ended });
  return {
    child,
    output: () => output,
    errors: () => errors,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (output.includes(text)) resolve();
        };
        watchers.add(check);
        check();
        void ended.then((code) =>
          reject(new Error(`ended with ${code} before printing '${text}': ${errors}`)),
        );
      }),
  };
}

describe('npm run pbx', () => {
  it('prints where it is and who can log in, serves, and ends cleanly with Ctrl+C', async () => {
    const data = mkdtempSync(join(tmpdir(), 'pbx-cli-'));
    directories.push(data);
    const pbx = run(
      '--port',
      '0',
      '--plain-port',
      '0',
      '--world',
      'demo',
      '--data',
      data,
      '--switch',
      'gate=alert',
      '--control',
    );
    await pbx.printed('Ctrl+C');
    expect(pbx.output()).toMatch(/sam +demo +Sam Keller +stored chat +the newcomer/);
    const plain = /http:\/\/127\.0\.0\.1:(\d+)/.exec(pbx.output())?.[0] ?? '';
    expect(pbx.output()).toMatch(/http:\/\/127\.0\.0\.1:\d+ +this computer alone/);
    const secure = /https:\/\/127\.0\.0\.1:(\d+)/.exec(pbx.output())?.[0] ?? '';
    await RawClient.open(`${plain.replace('http', 'ws')}/PBX0/APPCLIENT/websocket`);
    const url = `${secure.replace('https', 'wss')}/PBX0/APPCLIENT/websocket`;
    await RawClient.open(url, { rejectUnauthorized: false });
    const state = (await (await fetch(`${plain}/control`)).json()) as { switches: { gate: string } };
    expect(state.switches.gate).toBe('alert');
    pbx.child.kill('SIGINT');
    expect(await pbx.ended).toBe(0);
    expect(pbx.errors()).toBe('');
  }, 20_000);

  it('explains itself with --help, every switch included', async () => {
    const help = run('--help');
    expect(await help.ended).toBe(0);
    expect(help.output()).toContain('--plain-port');
    expect(help.output()).toContain('offlineCause = 20 | 18 | 19 | 27');
  });

  it.each([
    [['--port', '70000'], '--port is a number from 0 to 65535'],
    [['--world', 'atlantis'], "no world 'atlantis'"],
    [['--switch', 'gate'], '--switch is NAME=VALUE'],
    [['--switch', 'colour=red'], "no switch 'colour'"],
    [['--colour'], "Unknown option '--colour'"],
    [['--world', fileURLToPath(import.meta.url)], 'is no module that makes a world'],
    [['--no-tls', '--plain-port', '1'], '--no-tls already makes'],
    [['--no-tls', '--no-plain'], 'nothing to listen with'],
    [['--no-plain', '--plain-port', '1'], 'exclude each other'],
    [['--port', '1025', '--plain-port', '1025'], '--plain-port is another one'],
    [['--data', ''], '--data is empty'],
  ])('refuses %j with words and exit code 2', async (options, words) => {
    const pbx = run(...options);
    expect(await pbx.ended).toBe(2);
    expect(pbx.errors()).toContain(words);
  });

  it('says so when the port is taken', async () => {
    const first = run('--no-tls', '--port', '0', '--world', 'small');
    await first.printed('Ctrl+C');
    const port = /127\.0\.0\.1:(\d+)/.exec(first.output())?.[1] ?? '';
    const second = run('--no-tls', '--port', port, '--world', 'small');
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain('the port is taken');
  }, 20_000);

  it.each([
    [['--data', '/proc/no-such-folder'], 'cannot hold the data: no folder can be made there'],
    [['--data', cli], 'cannot hold the data: it is a file'],
    [['--data', join(cli, 'below')], 'cannot hold the data: a part of its path is a file'],
    [['--host', 'no-such-host.invalid', '--port', '0'], '--host is no address of this computer'],
  ])('says what is wrong with %j and ends with 1', async (options, words) => {
    const pbx = run('--world', 'small', ...options);
    expect(await pbx.ended).toBe(1);
    expect(pbx.errors()).toContain(words);
    expect(pbx.errors()).not.toContain('    at ');
  });

  it('listens for other machines with TLS, for this computer alone without, and says which is which', async () => {
    const pbx = run('--port', '0', '--world', 'small');
    await pbx.printed('Ctrl+C');
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((one) => one.family === 'IPv4' && !one.internal);
    const secure = /https:\/\/127\.0\.0\.1:(\d+) +this computer$/m.exec(pbx.output())?.[1] ?? '';
    const plain = /http:\/\/127\.0\.0\.1:(\d+) +this computer alone$/m.exec(pbx.output())?.[1] ?? '';
    expect([secure, plain]).not.toContain('');
    for (const { address } of others) {
      expect(pbx.output()).toContain(`https://${address}:${secure}  other machines, too`);
      const path = '/PBX0/APPCLIENT/websocket';
      const trusting = { rejectUnauthorized: false };
      (await RawClient.open(`wss://${address}:${secure}${path}`, trusting)).close();
      await expect(RawClient.open(`ws://${address}:${plain}${path}`)).rejects.toThrow('ECONNREFUSED');
    }
    const alone = run('--port', '0', '--no-plain', '--host', '127.0.0.1', '--world', 'small');
    await alone.printed('Ctrl+C');
    expect(alone.output()).toMatch(/https:\/\/127\.0\.0\.1:\d+ +this computer alone$/m);
    expect(alone.output()).not.toMatch(/http:|other machines/);
  }, 20_000);

  it('keeps what was said when it is killed without a word', async () => {
    const data = mkdtempSync(join(tmpdir(), 'pbx-cli-'));
    directories.push(data);
    const start = async (): Promise<{ pbx: Run; address: string }> => {
      const pbx = run('--no-tls', '--port', '0', '--world', 'small', '--data', data);
      await pbx.printed('Ctrl+C');
      return { pbx, address: /http:\/\/127\.0\.0\.1:\d+/.exec(pbx.output())?.[0] ?? '' };
    };
    const logIn = async (address: string, sip: string, session?: Peer['session']): Promise<Peer> => {
      const base = `${address.replace('http', 'ws')}/PBX0`;
      const peer = new Peer({
        clientUrl: `${base}/APPCLIENT/websocket`,
        appsUrl: `${base}/APPS/websocket`,
        certificate: undefined,
        username: sip,
        password: sip,
        hw: 'optional',
        ...(session === undefined ? {} : { session }),
      });
      await peer.connect();
      await peer.openMessages();
      return peer;
    };
    const before = await start();
    const alice = await logIn(before.address, 'alice');
    alice.say('olga', 'said just before the end');
    const kept = (): boolean =>
      ['messages.json', 'sessions.json'].every((name) => existsSync(join(data, name))) &&
      readFileSync(join(data, 'messages.json'), 'utf8').includes('said just before the end');
    await expect.poll(kept, { timeout: 5000, interval: 5 }).toBe(true);
    before.pbx.child.kill('SIGKILL');
    expect(await before.pbx.ended).toBe(null);
    alice.close();

    const after = await start();
    const again = await logIn(after.address, 'alice', alice.session);
    again.close();
    const olga = await logIn(after.address, 'olga');
    const chat = await olga.request({ mt: 'ReadChat', topic: 'olga', sip: 'alice' });
    expect(chat[0]).toMatchObject({ msg: { text: 'said just before the end' } });
    // Somebody is still connected: that does not hold up the end.
    after.pbx.child.kill('SIGTERM');
    expect(await after.pbx.ended).toBe(0);
    olga.close();
  }, 20_000);
});
