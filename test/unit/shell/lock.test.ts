// Who may tell on Linux that the screen is locked, on real buses.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeCall } from '../../../src-main/shell/bus-messages.ts';
import { watchLock } from '../../../src-main/shell/lock.ts';
import { connectSessionBus, connectSystemBus, type SessionBus } from '../../../src-main/shell/session-bus.ts';
import { serveLogin, serveScreenSaver } from '../../desktop/machine.ts';
import { busMissing, startPrivateBus, type PrivateBus } from '../../desktop/private-bus.ts';

const savers = ['gnome', 'freedesktop', 'cinnamon', 'mate', 'xfce'].map((kind) => `org.${kind}.ScreenSaver`);

describe.skipIf(busMissing !== null)('the lock of the screen on Linux', () => {
  let session: PrivateBus;
  let system: PrivateBus;
  const connections: SessionBus[] = [];
  beforeEach(async () => {
    [session, system] = [await startPrivateBus(), await startPrivateBus()];
  });
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.close();
    await session.stop();
    await system.stop();
  });
  const keep = (bus: SessionBus | null) => (bus !== null && connections.push(bus), bus);

  /** Watches, from when all have been asked; what it was told. */
  async function watch({ buses = true } = {}): Promise<boolean[]> {
    const changes: boolean[] = [];
    const known = async (connect: typeof connectSystemBus, { address }: PrivateBus) =>
      buses ? keep(await connect(address, 2000)) : null;
    await watchLock({
      platform: 'linux',
      monitor: { on: () => expect.unreachable() },
      bus: () => known(connectSessionBus, session),
      systemBus: () => known(connectSystemBus, system),
      change: (locked) => changes.push(locked),
    });
    return changes;
  }
  /** What was told on the buses so far has arrived, and what was asked because of it too. */
  async function settled(): Promise<void> {
    const daemon = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' };
    for (let round = 0; round < 4; round++) {
      for (const connection of connections) {
        await connection.call({ ...daemon, interface: daemon.destination, member: 'GetId', timeout: 2000 });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const told = (changes: boolean[], ...all: boolean[]) =>
    vi.waitFor(() => expect(changes).toEqual(all), 5000);

  it.each(savers)('is told by %s', async (name) => {
    const saver = await serveScreenSaver(session, name);
    const changes = await watch();
    expect(changes).toEqual([]);
    saver.lock();
    await told(changes, true);
    saver.unlock();
    await told(changes, true, false);
  });

  it.each(savers)('may have been there before, as %s says when it is asked', async (name) => {
    const saver = await serveScreenSaver(session, name);
    saver.lock();
    const changes = await watch();
    expect(changes).toEqual([true]);
    saver.unlock();
    await told(changes, true, false);
  });

  it('is told by a screen saver that starts later', async () => {
    const changes = await watch();
    const saver = await serveScreenSaver(session);
    saver.lock();
    await told(changes, true);
  });

  it('goes with the screen saver that ends', async () => {
    const saver = await serveScreenSaver(session);
    const changes = await watch();
    saver.lock();
    await told(changes, true);
    await saver.stop();
    await told(changes, true, false);
  });

  it.each(['auto', 'pid'] as const)(
    'is told by the login service, which finds the session by %s',
    async (known) => {
      const login = await serveLogin(system, { session: known });
      const changes = await watch();
      expect(changes).toEqual([]);
      login.lock();
      await told(changes, true);
      login.unlock();
      await told(changes, true, false);
    },
  );

  it('may have been there before, as the login service says when it is asked', async () => {
    const login = await serveLogin(system);
    login.lock();
    const changes = await watch();
    expect(changes).toEqual([true]);
    login.unlock();
    await told(changes, true, false);
  });

  it('lasts until the last one who told of it says that it is over', async () => {
    const [login, saver] = [await serveLogin(system), await serveScreenSaver(session)];
    saver.lock();
    login.lock();
    const changes = await watch();
    saver.unlock();
    await settled();
    expect(changes).toEqual([true]);
    saver.lock();
    await settled();
    login.unlock();
    await settled();
    expect(changes).toEqual([true]);
    saver.unlock();
    await told(changes, true, false);
  });

  it('is not a matter of other sessions', async () => {
    const login = await serveLogin(system);
    const changes = await watch();
    const asked = login.asked();
    login.lockElsewhere();
    await settled();
    expect([login.asked(), changes]).toEqual([asked, []]);
  });

  it('is not believed to anybody but the login service', async () => {
    const login = await serveLogin(system);
    const changes = await watch();
    const asked = login.asked();
    const liar = keep(await connectSystemBus(system.address, 2000));
    liar?.emit({
      path: login.path,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'PropertiesChanged',
      signature: 'sa{sv}as',
      body: ['org.freedesktop.login1.Session', [['LockedHint', { signature: 'b', value: true }]], []],
    });
    await vi.waitFor(() => expect(login.asked()).toBe(asked + 1), 5000);
    await settled();
    expect(changes).toEqual([]);
  });

  it('is unknown, and nothing breaks, without a session, without services and without buses', async () => {
    expect(await watch()).toEqual([]);
    await serveLogin(system, { session: 'none' });
    expect(await watch()).toEqual([]);
    expect(await watch({ buses: false })).toEqual([]);
  });

  it('starts nobody to be told of it', () => {
    const call = { destination: 'a.b', path: '/', interface: 'a.b', member: 'C' };
    expect([encodeCall(1, call)[2], encodeCall(1, { ...call, activate: false })[2]]).toEqual([0, 2]);
  });
});

it('the lock of the screen is told by Electron elsewhere', async () => {
  const changes: boolean[] = [];
  const listeners = new Map<string, () => void>();
  await watchLock({
    platform: 'win32',
    monitor: { on: (event, listener) => listeners.set(event, listener) },
    bus: async () => null,
    systemBus: async () => null,
    change: (locked) => changes.push(locked),
  });
  listeners.get('lock-screen')?.();
  listeners.get('unlock-screen')?.();
  expect(changes).toEqual([true, false]);
});
