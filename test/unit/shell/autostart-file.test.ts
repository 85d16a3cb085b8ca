import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autostartFile } from '../../../src-main/shell/autostart-file.ts';

describe('the autostart entry of a Linux desktop', () => {
  let home: string;
  beforeEach(() => (home = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-autostart-'))));
  afterEach(() => fs.rmSync(home, { recursive: true }));
  const directory = () => path.join(home, 'autostart');
  const file = () => path.join(directory(), 'pbx-chat.desktop');
  const entry = (command = ['/opt/pbx-chat/pbx-chat']) =>
    autostartFile({ directory: directory(), name: 'pbx-chat', title: 'PBX Chat', command });
  const line = () => /^Exec=(.*)$/m.exec(fs.readFileSync(file(), 'utf8'))?.[1];

  it('is off until it is switched on, and then on or in the tray', () => {
    const autostart = entry();
    expect(autostart.read()).toBe('off');
    autostart.write('off');
    expect(fs.existsSync(directory())).toBe(false);
    autostart.write('on');
    expect([autostart.read(), line()]).toEqual(['on', '/opt/pbx-chat/pbx-chat']);
    autostart.write('tray');
    expect([autostart.read(), line()]).toEqual(['tray', '/opt/pbx-chat/pbx-chat --hidden']);
    autostart.write('off');
    expect([autostart.read(), fs.readdirSync(directory())]).toEqual(['off', []]);
  });

  it.each([
    ['removed', () => fs.rmSync(file())],
    [
      'disabled as GNOME does it',
      () => change('X-GNOME-Autostart-enabled=true', 'X-GNOME-Autostart-enabled=false'),
    ],
    ['hidden as Plasma and Xfce do it', () => fs.appendFileSync(file(), 'Hidden=true\n')],
    ['emptied', () => fs.writeFileSync(file(), '')],
  ])('that the desktop has %s is off, and stays as it is', (_how, act) => {
    entry().write('tray');
    act();
    const before = fs.existsSync(file()) ? fs.readFileSync(file(), 'utf8') : null;
    expect(entry().read()).toBe('off');
    expect(fs.existsSync(file()) ? fs.readFileSync(file(), 'utf8') : null).toBe(before);
  });
  const change = (from: string, to: string) =>
    fs.writeFileSync(file(), fs.readFileSync(file(), 'utf8').replace(from, to));

  it('is read from its own group alone', () => {
    entry().write('on');
    fs.appendFileSync(file(), '\n[Desktop Action Other]\nHidden=true\nExec=other --hidden\n');
    expect(entry().read()).toBe('on');
  });

  it('starts a program with a name that needs quoting', () => {
    entry(['/home/a b/100% "x"$y`z\\w', '/app']).write('tray');
    expect(line()).toBe('"/home/a b/100%% \\\\"x\\\\"\\\\$y\\\\`z\\\\\\\\w" /app --hidden');
    expect(entry().read()).toBe('tray');
  });

  it('tells when it cannot be written', () => {
    fs.writeFileSync(directory(), 'a file in the way');
    expect(entry().read()).toBe('off');
    expect(() => entry().write('on')).toThrow();
  });
});
