// The program started as a person starts it, without the test driver's own loader, which brings switches of its own (a
// key store among them): driven from outside, over the debugging port.
import { chromium, expect, type Browser, type Page } from '@playwright/test';
import path from 'node:path';
import { executableIn } from '../../scripts/electron-runtime.mjs';
import { onLines, start, stop } from '../../scripts/processes.mjs';

const projectRoot = path.resolve(import.meta.dirname, '../..');

export interface PlainClient {
  window: Page;
  /** Resolves to its exit code when it has ended, by itself or by `close`. */
  ended: Promise<number>;
  /** Quits it and waits for the end of its process. */
  close(): Promise<void>;
}

export interface PlainOptions {
  /** The program and the arguments that come first; the built one in the runtime if absent. */
  command?: [string, ...string[]];
  runtime: string;
  /** Null: where the program itself keeps it. */
  userDataDir: string | null;
  env: Record<string, string>;
  args?: string[];
  /** Another user than the one who runs the test, and a directory that they may read. */
  as?: { uid: number; gid: number };
  cwd?: string;
}

/** Rejects with what the program said if it ends before its window is there. */
export async function launchPlain(options: PlainOptions): Promise<PlainClient> {
  const [program, ...first] = options.command ?? [executableIn(options.runtime), projectRoot];
  const args = [...first, '--remote-debugging-port=0', '--lang=en'];
  if (options.userDataDir !== null) args.push(`--user-data-dir=${options.userDataDir}`);
  if ((options.as?.uid ?? process.getuid?.()) === 0) args.push('--no-sandbox');
  const child = start(program, [...args, ...(options.args ?? [])], {
    cwd: options.cwd ?? projectRoot,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...options.as,
  });
  const said: string[] = [];
  const endpoint = await new Promise<string | null>((resolve) => {
    onLines(child.stderr, (line) => {
      said.push(line);
      const found = endpointIn(line);
      if (found !== null) resolve(found);
    });
    void child.exited.then(() => resolve(null));
  });
  if (endpoint === null)
    throw new Error(`the program ended without a window:\n${said.slice(-20).join('\n')}`);
  const { browser, window } = await attachTo(endpoint, child.exited);
  return {
    window,
    ended: child.exited,
    close: async () => {
      await browser.close();
      await stop(child);
    },
  };
}

/** Where a program is driven from outside, in what it says on standard error; null: it has not said it yet. */
export function endpointIn(said: string): string | null {
  return /^DevTools listening on (ws:\S+)/m.exec(said)?.[1] ?? null;
}

/** Its window. Rejects if the program ends (`ended` resolves) before that is there. */
export async function attachTo(
  endpoint: string,
  ended: Promise<unknown>,
): Promise<{ browser: Browser; window: Page }> {
  await pageIsThere(endpoint, ended);
  const browser = await chromium.connectOverCDP(endpoint);
  return { browser, window: await firstPage(browser) };
}

async function firstPage(browser: Browser): Promise<Page> {
  const [context] = browser.contexts();
  if (!context) throw new Error('the program has no browser context');
  return context.pages()[0] ?? context.waitForEvent('page');
}

/**
 * The debugging port answers before the program is ready, and who attaches by then may wait for a first page for ever.
 * Rejects if the program ends.
 */
async function pageIsThere(endpoint: string, exited: Promise<unknown>): Promise<void> {
  const list = new URL('/json/list', endpoint.replace(/^ws:/, 'http:'));
  let ended = false;
  void exited.then(() => (ended = true));
  await expect(async () => {
    if (ended) return;
    const targets = (await (await fetch(list)).json()) as { type: string; url: string }[];
    expect(targets.some(({ type, url }) => type === 'page' && url !== '')).toBe(true);
  }).toPass({ timeout: 30_000 });
  if (ended) throw new Error('the program ended before its window was there');
}
