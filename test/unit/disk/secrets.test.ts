import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVault, onlyFor, type Cipher } from '../../../src-main/disk/secrets.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-vault-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const remembered = {
  server: 'pbx.example.com',
  user: 'anna',
  session: { usr: 'session-user', pwd: 'session-password' },
};

/** A keyring with a key of its own: what one writes another cannot read. */
function keyring(key = 0x5a, ready: () => boolean | Promise<boolean> = () => true): Cipher {
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ key));
  return {
    ready: async () => ready(),
    encrypt: (text) => turn(Buffer.from(text)),
    decrypt: (bytes) => turn(bytes).toString(),
  };
}
const vault = (cipher: Cipher) => createVault({ directory, cipher, trace: () => undefined });
const files = () => fs.readdirSync(directory);
const content = () =>
  files()
    .map((name) => fs.readFileSync(path.join(directory, name), 'utf8'))
    .join();

describe('the vault', () => {
  it('remembers a session from one start to the next, unreadable on the disk', async () => {
    expect(await vault(keyring()).load()).toBeNull();
    expect(await vault(keyring()).save(remembered)).toBe('kept');
    expect(await vault(keyring()).load()).toEqual(remembered);
    expect(content()).not.toMatch(/session|anna|example/);
    expect(fs.statSync(path.join(directory, 'session.json')).mode & 0o077).toBe(0);
  });

  it('keeps nothing without a keyring, and drops what was kept before', async () => {
    await vault(keyring()).save(remembered);
    expect(await vault(keyring(0, () => false)).save(remembered)).toBe('not-kept');
    expect(files()).toEqual([]);
  });

  it('keeps nothing when encryption fails', async () => {
    const broken: Cipher = {
      ...keyring(),
      encrypt: () => {
        throw new Error('no key');
      },
    };
    expect(await vault(broken).save(remembered)).toBe('not-kept');
    expect(files()).toEqual([]);
  });

  it('leaves the session where it is while the keyring is locked', async () => {
    await vault(keyring()).save(remembered);
    let locked = true;
    const later = vault(keyring(0x5a, () => !locked));
    expect(await later.load()).toBeNull();
    locked = false;
    expect(await later.load()).toEqual(remembered);
  });

  it('forgets', async () => {
    const one = vault(keyring());
    await one.save(remembered);
    await one.forget();
    expect(await one.load()).toBeNull();
    expect(files()).toEqual([]);
    await one.forget();
  });

  it('forgets also what is still being saved', async () => {
    let unlock: (ready: boolean) => void = () => undefined;
    const unlocked = new Promise<boolean>((resolve) => (unlock = resolve));
    const slow = vault(keyring(0x5a, () => unlocked));
    const saving = slow.save(remembered);
    const forgetting = slow.forget();
    unlock(true);
    await Promise.all([saving, forgetting]);
    expect(files()).toEqual([]);
  });

  it.each([
    '',
    '{',
    'null',
    '{"version":1}',
    '{"version":2,"secret":"AAAA"}',
    '{"version":1,"secret":"AAAA"}',
  ])('takes a damaged file (%j) for none', async (text) => {
    fs.writeFileSync(path.join(directory, 'session.json'), text);
    expect(await vault(keyring()).load()).toBeNull();
  });

  it('takes what another key wrote for nothing', async () => {
    await vault(keyring(1)).save(remembered);
    expect(await vault(keyring(2)).load()).toBeNull();
  });

  it('for one server does not know the session of another', async () => {
    const all = vault(keyring());
    await all.save(remembered);
    expect(await onlyFor(all, ({ server }) => server === 'other.example.com').load()).toBeNull();
    expect(await onlyFor(all, ({ server }) => server === 'pbx.example.com').load()).toEqual(remembered);
  });
});
