import dbus from 'dbus-next';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCipher, openKeyring, type SafeStorage } from '../../../src-main/shell/keyring.ts';
import { connectSessionBus, socketPaths, type SessionBus } from '../../../src-main/shell/session-bus.ts';
import { watchTrayHost } from '../../../src-main/shell/tray-host.ts';
import { busMissing, startPrivateBus, type PrivateBus } from '../../desktop/private-bus.ts';

const { Interface } = dbus.interface;
const limits = { answer: 300, prompt: 300 };

describe('the address of the session bus', () => {
  it('may list several sockets, escaped, and kinds that are not sockets', () => {
    expect(
      socketPaths('tcp:host=localhost,port=1;unix:path=/run/user/1000/bus,guid=ab;unix:abstract=/tmp/a%20b'),
    ).toEqual(['/run/user/1000/bus', '\0/tmp/a b']);
    expect(socketPaths('autolaunch:')).toEqual([]);
    expect(socketPaths('')).toEqual([]);
  });

  it('that leads nowhere means that there is no bus', async () => {
    expect(await connectSessionBus(undefined, 300)).toBeNull();
    expect(await connectSessionBus('disabled:', 300)).toBeNull();
    expect(await connectSessionBus('unix:path=/nowhere/bus', 300)).toBeNull();
  });

  it.each([
    ['says nothing', ''],
    ['refuses', 'REJECTED EXTERNAL\r\n'],
    ['is not D-Bus', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['goes on with garbage', `OK\r\n${'\u00ff'.repeat(64)}`],
  ])('may lead to a program that %s: no bus, in bounded time', async (_what, answer) => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-odd-'));
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(Buffer.from(answer, 'latin1'));
    });
    await new Promise<void>((resolve) => server.listen(`${directory}/bus`, resolve));
    expect(await connectSessionBus(`unix:path=${directory}/bus`, 200)).toBeNull();
    server.close();
    fs.rmSync(directory, { recursive: true });
  });
});

describe.skipIf(busMissing !== null)('on a real session bus', () => {
  let daemon: PrivateBus;
  let bus: SessionBus;
  const opened: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    daemon = await startPrivateBus();
    const connected = await connectSessionBus(daemon.address, 2000);
    if (connected === null) throw new Error('no bus');
    bus = connected;
  });
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });
  afterAll(async () => {
    bus.close();
    await daemon.stop();
  });
  const serve = async (...given: Parameters<PrivateBus['serve']>) => {
    opened.push(await daemon.serve(...given));
  };

  it('values of every type arrive as they were sent', async () => {
    class Echo extends Interface {
      Turn(...values: unknown[]) {
        return values;
      }
    }
    Echo.configureMembers({
      methods: { Turn: { inSignature: 'sbuixoaosgv', outSignature: 'sbuixoaosgv' } },
    });
    await serve('org.example.Echo', { '/echo': new Echo('org.example.Echo') });
    const body = ['grüß', true, 4_000_000_000, -5, 2n ** 40n, '/a/b', ['/c', '/d'], '', 'a{sv}'];
    const call = {
      destination: 'org.example.Echo',
      path: '/echo',
      interface: 'org.example.Echo',
      member: 'Turn',
      signature: 'sbuixoaosgv',
      timeout: 2000,
    };
    const variant = { signature: '(ib)', value: [7, false] };
    expect(await bus.call({ ...call, body: [...body, variant] })).toEqual([...body, variant]);
  });

  it('a call that nobody answers, or to nobody, is rejected', async () => {
    class Silent extends Interface {
      Wait() {
        return new Promise(() => undefined);
      }
    }
    Silent.configureMembers({ methods: { Wait: {} } });
    await serve('org.example.Silent', { '/a': new Silent('org.example.Silent') });
    const call = { path: '/a', interface: 'org.example.Silent', member: 'Wait', timeout: 50 };
    await expect(bus.call({ ...call, destination: 'org.example.Silent' })).rejects.toThrow('timeout');
    await expect(bus.call({ ...call, destination: 'org.example.Nobody', timeout: 2000 })).rejects.toThrow(
      'ServiceUnknown',
    );
  });

  // --- Keyrings ---

  /** A Secret Service whose one collection is locked or not, and a prompt that is answered in a certain way. */
  function secretService(options: {
    collection?: string;
    locked: boolean;
    prompt: 'accept' | 'dismiss' | 'silent';
  }) {
    const log: string[] = [];
    const path = options.collection ?? '/org/freedesktop/secrets/collection/login';
    class Service extends Interface {
      ReadAlias() {
        return path;
      }
      Unlock() {
        log.push('unlock');
        return [[], '/org/freedesktop/secrets/prompt/1'];
      }
    }
    Service.configureMembers({
      methods: {
        ReadAlias: { inSignature: 's', outSignature: 'o' },
        Unlock: { inSignature: 'ao', outSignature: 'aoo' },
      },
    });
    class Collection extends Interface {
      get Locked() {
        return options.locked;
      }
    }
    Collection.configureMembers({ properties: { Locked: { signature: 'b', access: 'read' } } });
    class Prompt extends Interface {
      Prompt() {
        log.push('prompt');
        if (options.prompt !== 'silent') setImmediate(() => this.Completed());
      }
      Dismiss() {
        log.push('dismiss');
      }
      Completed() {
        return [options.prompt === 'dismiss', new dbus.Variant('ao', [])];
      }
    }
    Prompt.configureMembers({
      methods: { Prompt: { inSignature: 's' }, Dismiss: {} },
      signals: { Completed: { signature: 'bv' } },
    });
    return {
      log,
      objects: {
        '/org/freedesktop/secrets': new Service('org.freedesktop.Secret.Service'),
        '/org/freedesktop/secrets/collection/login': new Collection('org.freedesktop.Secret.Collection'),
        '/org/freedesktop/secrets/prompt/1': new Prompt('org.freedesktop.Secret.Prompt'),
      },
    };
  }

  it.each([
    ['is open', { locked: false, prompt: 'silent' }, 'open', []],
    ['is opened by the person', { locked: true, prompt: 'accept' }, 'open', ['unlock', 'prompt']],
    ['is kept shut by the person', { locked: true, prompt: 'dismiss' }, 'locked', ['unlock', 'prompt']],
    ['is answered by nobody', { locked: true, prompt: 'silent' }, 'locked', ['unlock', 'prompt', 'dismiss']],
    ['has no default collection', { locked: true, prompt: 'silent', collection: '/' }, 'absent', []],
  ] as const)('a keyring that %s is known for it', async (_how, options, state, log) => {
    const service = secretService(options);
    await serve('org.freedesktop.secrets', service.objects);
    expect(await openKeyring(bus, 'gnome_libsecret', limits)).toBe(state);
    await vi.waitFor(() => expect(service.log).toEqual(log));
  });

  it('no keyring is known for it, too', async () => {
    expect(await openKeyring(bus, 'gnome_libsecret', limits)).toBe('absent');
    expect(await openKeyring(bus, 'kwallet6', limits)).toBe('absent');
  });

  function wallet(options: { enabled: boolean; handle: number | null }) {
    class Wallet extends Interface {
      isEnabled() {
        return options.enabled;
      }
      networkWallet() {
        return 'kdewallet';
      }
      open(): unknown {
        return options.handle ?? new Promise(() => undefined);
      }
    }
    Wallet.configureMembers({
      methods: {
        isEnabled: { outSignature: 'b' },
        networkWallet: { outSignature: 's' },
        open: { inSignature: 'sxs', outSignature: 'i' },
      },
    });
    return { '/modules/kwalletd6': new Wallet('org.kde.KWallet') };
  }

  it.each([
    ['opens', { enabled: true, handle: 5 }, 'open'],
    ['is refused', { enabled: true, handle: -1 }, 'locked'],
    ['asks, and nobody answers', { enabled: true, handle: null }, 'locked'],
    ['is switched off', { enabled: false, handle: 5 }, 'absent'],
  ] as const)('a wallet that %s is known for it', async (_how, options, state) => {
    await serve('org.kde.kwalletd6', wallet(options));
    expect(await openKeyring(bus, 'kwallet6', limits)).toBe(state);
  });

  // --- What is asked of safeStorage ---

  function cipher(backend: string, available = true, platform: NodeJS.Platform = 'linux') {
    let asked = 0;
    const safeStorage: SafeStorage = {
      isEncryptionAvailable: () => {
        asked++;
        return available;
      },
      getSelectedStorageBackend: () => backend,
      encryptString: (text) => Buffer.from(text),
      decryptString: String,
    };
    const made = createCipher({
      platform,
      safeStorage,
      bus: () => connectSessionBus(daemon.address, 2000),
      limits,
      trace: () => undefined,
    });
    return { ready: made.ready, asked: () => asked };
  }

  it('safeStorage is not touched while the keyring is locked or absent, and asked again the next time', async () => {
    const { ready, asked } = cipher('gnome_libsecret');
    expect(await ready()).toBe(false);
    expect(asked()).toBe(0);
    await serve('org.freedesktop.secrets', secretService({ locked: false, prompt: 'silent' }).objects);
    expect(await ready()).toBe(true);
    expect(await ready()).toBe(true);
    expect(asked()).toBe(1);
  });

  it('a store that only looks encrypted is not used', async () => {
    for (const backend of ['basic_text', 'unknown']) {
      const { ready, asked } = cipher(backend);
      expect(await ready()).toBe(false);
      expect(asked()).toBe(0);
    }
  });

  it('other systems are asked directly', async () => {
    expect(await cipher('', true, 'win32').ready()).toBe(true);
    expect(await cipher('', false, 'darwin').ready()).toBe(false);
  });

  // --- The tray ---

  it('a panel with a tray is seen when it is there, when it comes and when it goes', async () => {
    const seen: boolean[] = [];
    await watchTrayHost(
      'linux',
      () => connectSessionBus(daemon.address, 2000),
      (present) => seen.push(present),
    );
    expect(seen).toEqual([false]);
    const panel = await daemon.serve('org.kde.StatusNotifierWatcher', {});
    await vi.waitFor(() => expect(seen).toEqual([false, true]));
    await panel();
    await vi.waitFor(() => expect(seen).toEqual([false, true, false]));
  });

  it('without a bus there is no tray; on other systems there always is one', async () => {
    const seen: boolean[] = [];
    await watchTrayHost(
      'linux',
      async () => null,
      (present) => seen.push(present),
    );
    await watchTrayHost(
      'win32',
      async () => null,
      (present) => seen.push(present),
    );
    expect(seen).toEqual([false, true]);
  });
});
