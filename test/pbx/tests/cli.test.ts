import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { RawClient } from './raw-client.ts';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const running: ChildProcess[] = [];
const directories: string[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
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
  running.push(child);
  let output = '';
  let errors = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (data) => {
    output += String(data);
    for (const watcher of watchers) watcher();
  });
  child.stderr.on('data', (data) => (errors += String(data)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
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
    [['--no-tls', '--plain-port', '1'], '--no-tls already makes'],
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
});
