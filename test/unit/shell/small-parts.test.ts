import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { appId, desktopEntry } from '../../../src-main/shell/identity.ts';
import { languages } from '../../../src-main/shell/languages.ts';
import { watchPower } from '../../../src-main/shell/power.ts';

describe('the names of the program', () => {
  const read = (name: string) => fs.readFileSync(path.resolve(import.meta.dirname, '../../..', name), 'utf8');

  it('are those of its packages', () => {
    expect(/^appId: (.*)$/m.exec(read('electron-builder.yml'))?.[1]).toBe(appId);
    expect((JSON.parse(read('package.json')) as { desktopName: string }).desktopName).toBe(
      `${desktopEntry}.desktop`,
    );
  });
});

describe('the languages of the person', () => {
  it('are those of the system, best first, each once', () => {
    expect(languages(null, ['de-AT', 'en-GB', 'de-AT'], 'de')).toEqual(['de-AT', 'en-GB', 'de', 'en']);
  });

  it('begin with the one that was asked for', () => {
    expect(languages('fr', ['de'], 'de')[0]).toBe('fr');
  });

  it('are tags that dates can be written in, whatever the system says', () => {
    for (const system of [
      ['C'],
      ['c'],
      ['POSIX'],
      ['C.UTF-8'],
      ['de_DE.UTF-8'],
      ['x'],
      [''],
      ['en-US@posix'],
    ]) {
      const found = languages(null, system, '');
      expect(found.at(-1)).toBe('en');
      expect(() => new Intl.DateTimeFormat(found)).not.toThrow();
    }
    expect(languages(null, ['de_DE.UTF-8'], '')[0]).toBe('de-DE');
  });
});

describe('power and network', () => {
  function setup(online: boolean) {
    const heard: string[] = [];
    const listeners = new Map<string, () => void>();
    let poll = () => {};
    const network = { online };
    const stop = watchPower({
      monitor: { on: (event: string, listener: () => void) => listeners.set(event, listener) },
      isOnline: () => network.online,
      every(_milliseconds, run) {
        poll = run;
        return () => heard.push('stopped');
      },
      power: (event) => heard.push(event),
    });
    return { heard, network, stop, poll: () => poll(), say: (event: string) => listeners.get(event)?.() };
  }

  it('tell the session of sleep and of the awakening', () => {
    const { heard, say } = setup(true);
    for (const event of ['suspend', 'resume']) say(event);
    expect(heard).toEqual(['suspend', 'resume']);
  });

  it('tell the session when the network comes back, once, and nothing when it goes', () => {
    const { heard, network, poll } = setup(true);
    poll();
    network.online = false;
    poll();
    poll();
    network.online = true;
    poll();
    poll();
    expect(heard).toEqual(['resume']);
  });

  it('say nothing on a machine that never has a network', () => {
    const { heard, poll, stop } = setup(false);
    poll();
    stop();
    expect(heard).toEqual(['stopped']);
  });
});
