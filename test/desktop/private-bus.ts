// A D-Bus daemon for one test file, and services on it.
import dbus from 'dbus-next';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Why the tests of the bus cannot run on this machine; null: they can. */
export const busMissing =
  process.platform !== 'linux'
    ? 'the session bus is a thing of Linux'
    : spawnSync('dbus-daemon', ['--version']).error
      ? 'dbus-daemon is not installed'
      : null;
if (busMissing !== null) console.log(`skipped: tests on a real session bus: ${busMissing}`);

export interface PrivateBus {
  address: string;
  /** A connection of the test's own, which ends with the bus. */
  connect(): Promise<dbus.MessageBus>;
  /** Puts a service of dbus-next on the bus; resolves to what takes it away again. */
  serve(name: string, objects: Record<string, dbus.interface.Interface>): Promise<() => Promise<unknown>>;
  /** Whether somebody has this name. */
  hasOwner(name: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** `everybody`: not only for the user who starts it. */
export async function startPrivateBus({ everybody = false } = {}): Promise<PrivateBus> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-bus-'));
  const address = `unix:path=${directory}/bus`;
  if (everybody) fs.chmodSync(directory, 0o755);
  // No directories with services: what happens to be installed here must not be started by a call.
  fs.writeFileSync(
    `${directory}/bus.conf`,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
      "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
    <busconfig>
      <type>session</type>
      <listen>${address}</listen>
      <policy context="default">
        <allow send_destination="*" eavesdrop="true"/>
        <allow eavesdrop="true"/>
        <allow own="*"/>
        ${everybody ? '<allow user="*"/>' : ''}
      </policy>
    </busconfig>`,
  );
  const daemon: ChildProcess = spawn(
    'dbus-daemon',
    [`--config-file=${directory}/bus.conf`, '--nofork', '--nopidfile', '--print-address=1'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await new Promise((resolve, reject) => {
    daemon.stdout?.once('data', resolve);
    daemon.once('error', reject);
    daemon.once('exit', (code) => reject(new Error(`dbus-daemon ended with ${code}`)));
  });
  const connections: dbus.MessageBus[] = [];
  const connect = async () => {
    const bus = dbus.sessionBus({ busAddress: address });
    bus.on('error', () => undefined);
    connections.push(bus);
    await new Promise((resolve) => bus.once('connect', resolve));
    return bus;
  };
  return {
    address,
    connect,
    async serve(name, objects) {
      const bus = await connect();
      for (const [at, object] of Object.entries(objects)) bus.export(at, object);
      await bus.requestName(name, 0);
      // The connection stays: dbus-next throws when something arrives at one that was closed.
      return () => bus.releaseName(name);
    },
    async hasOwner(name) {
      const connection = connections[0] ?? (await connect());
      const daemon = await connection.getProxyObject('org.freedesktop.DBus', '/org/freedesktop/DBus');
      return (await daemon.getInterface('org.freedesktop.DBus')['NameHasOwner']?.(name)) as boolean;
    },
    async stop() {
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill();
      await ended;
      for (const connection of connections) connection.disconnect();
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}
