// Electron's safeStorage, made safe to call. On Linux it asks the desktop's keyring synchronously, so a keyring that
// is locked would stop the whole program until somebody answers. Therefore the keyring is first asked, and unlocked
// if need be, over the session bus, with deadlines; safeStorage is called only when it will answer at once.
import type { Cipher } from '../disk/secrets.ts';
import type { BusValue, SessionBus } from './session-bus.ts';

/** The part of Electron's safeStorage that is used, present in all versions. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  getSelectedStorageBackend(): string;
  encryptString(text: string): Buffer;
  decryptString(bytes: Buffer): string;
}

export interface KeyringLimits {
  /** Milliseconds for an answer of a program. */
  answer: number;
  /** Milliseconds for an answer of a person. */
  prompt: number;
}

export const keyringLimits: KeyringLimits = { answer: 3000, prompt: 90_000 };

export interface CipherPorts {
  platform: NodeJS.Platform;
  safeStorage: SafeStorage;
  bus(): Promise<SessionBus | null>;
  limits?: KeyringLimits;
  trace(text: string): void;
}

export function createCipher({
  platform,
  safeStorage,
  bus,
  limits = keyringLimits,
  trace,
}: CipherPorts): Cipher {
  let known: Promise<boolean> | null = null;

  const check = async (): Promise<boolean> => {
    if (platform !== 'linux') return safeStorage.isEncryptionAvailable();
    const backend = safeStorage.getSelectedStorageBackend();
    // 'basic_text' encrypts with a password that is written in Chromium's source: plain text in all but name.
    if (backend === 'basic_text' || backend === 'unknown') return false;
    const connection = await bus();
    if (connection === null) return false;
    try {
      const state = await openKeyring(connection, backend, limits);
      trace(`keyring ${backend}: ${state}`);
      return state === 'open' && safeStorage.isEncryptionAvailable();
    } finally {
      // KWallet closes a wallet with the last connection that opened it: safeStorage has its own by now.
      connection.close();
    }
  };

  return {
    async ready() {
      known ??= check().catch((error: unknown) => {
        trace(`keyring: ${String(error)}`);
        return false;
      });
      const usable = await known;
      // A keyring that was locked may be unlocked later; one that answered stays usable for this run.
      if (!usable) known = null;
      return usable;
    },
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (bytes) => safeStorage.decryptString(bytes),
  };
}

export type KeyringState = 'open' | 'locked' | 'absent';

/** Opens the keyring that `backend` stands for, asking the person where the desktop does so. Never throws. */
export async function openKeyring(
  bus: SessionBus,
  backend: string,
  limits: KeyringLimits,
): Promise<KeyringState> {
  try {
    return backend.startsWith('kwallet')
      ? await openWallet(bus, backend, limits)
      : await openCollection(bus, limits);
  } catch {
    // Nobody offers the service, it does not answer, or it answers something else.
    return 'absent';
  }
}

/** The freedesktop Secret Service: GNOME Keyring, KeePassXC and others. */
async function openCollection(bus: SessionBus, limits: KeyringLimits): Promise<KeyringState> {
  const service = {
    destination: 'org.freedesktop.secrets',
    path: '/org/freedesktop/secrets',
    interface: 'org.freedesktop.Secret.Service',
    timeout: limits.answer,
  };
  const [collection] = await bus.call({ ...service, member: 'ReadAlias', signature: 's', body: ['default'] });
  if (typeof collection !== 'string' || collection === '/') return 'absent';
  const [locked] = await bus.call({
    ...service,
    path: collection,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    body: ['org.freedesktop.Secret.Collection', 'Locked'],
  });
  if (plain(locked) === false) return 'open';
  const [, prompt] = await bus.call({ ...service, member: 'Unlock', signature: 'ao', body: [[collection]] });
  if (prompt === '/') return 'open';
  return typeof prompt === 'string' ? answerPrompt(bus, prompt, limits) : 'locked';
}

function answerPrompt(bus: SessionBus, path: string, limits: KeyringLimits): Promise<KeyringState> {
  const prompt = {
    destination: 'org.freedesktop.secrets',
    path,
    interface: 'org.freedesktop.Secret.Prompt',
    timeout: limits.answer,
  };
  return new Promise((resolve) => {
    const end = (state: KeyringState) => {
      clearTimeout(timer);
      stop();
      resolve(state);
    };
    const timer = setTimeout(() => {
      bus.call({ ...prompt, member: 'Dismiss' }).catch(() => undefined);
      end('locked');
    }, limits.prompt);
    const stop = bus.listen({ path, interface: prompt.interface, member: 'Completed' }, ({ body }) =>
      end(body[0] === false ? 'open' : 'locked'),
    );
    bus.call({ ...prompt, member: 'Prompt', signature: 's', body: [''] }).catch(() => end('locked'));
  });
}

/** KWallet. `open` answers when the person has answered. */
async function openWallet(bus: SessionBus, backend: string, limits: KeyringLimits): Promise<KeyringState> {
  const daemon = backend === 'kwallet' ? 'kwalletd' : backend.replace('kwallet', 'kwalletd');
  const service = {
    destination: `org.kde.${daemon}`,
    path: `/modules/${daemon}`,
    interface: 'org.kde.KWallet',
    timeout: limits.answer,
  };
  const [enabled] = await bus.call({ ...service, member: 'isEnabled' });
  if (enabled !== true) return 'absent';
  const [wallet] = await bus.call({ ...service, member: 'networkWallet' });
  if (typeof wallet !== 'string') return 'absent';
  const [handle] = await bus
    .call({
      ...service,
      member: 'open',
      signature: 'sxs',
      body: [wallet, 0, 'PBX Chat'],
      timeout: limits.prompt,
    })
    .catch(() => [-1]);
  return typeof handle === 'number' && handle >= 0 ? 'open' : 'locked';
}

function plain(value: BusValue | undefined): BusValue | undefined {
  return typeof value === 'object' && 'signature' in value ? value.value : value;
}
