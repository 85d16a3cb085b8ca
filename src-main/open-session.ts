// The half of the composition that talks to the PBX: the state, the session, and what that needs of this machine.
import { app, safeStorage } from 'electron';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { initialState } from './chat/model.ts';
import { createSession } from './chat/session.ts';
import { createStore } from './chat/store.ts';
import { createDraftShelf } from './disk/drafts.ts';
import { createOutgoingFiles } from './disk/outgoing-files.ts';
import { createVault, onlyFor } from './disk/secrets.ts';
import { createPbx, defaultSettings, isSameServer, type World } from './pbx/index.ts';
import { appFacts } from './shell/app-facts.ts';
import type { Arguments } from './shell/arguments.ts';
import { createCipher } from './shell/keyring.ts';
import { after } from './shell/launch.ts';
import { systemProxy } from './shell/machine.ts';
import type { Profile } from './shell/profile.ts';
import { createProxy } from './shell/proxy.ts';
import { connectSessionBus, connectSystemBus } from './shell/session-bus.ts';
import { createSignIn } from './shell/start-login.ts';

/** After Electron is ready. */
export function openSession(given: Arguments, profile: Profile) {
  const { directory, settings, trace } = profile;
  const store = createStore(
    initialState(appFacts(profile, given), {
      ...settings.get().lastLogin,
      ...(given.server !== null && { server: given.server }),
    }),
  );
  const bus = () => connectSessionBus(process.env['DBUS_SESSION_BUS_ADDRESS'], 3000);
  const systemBus = () => connectSystemBus(process.env['DBUS_SYSTEM_BUS_ADDRESS'], 3000);
  const cipher = createCipher({ platform: process.platform, safeStorage, bus, trace: trace.app });
  const vault = createVault({ directory, cipher, trace: trace.app });
  const proxy = createProxy({
    ...{ directory, cipher, store, after, trace: trace.app },
    now: Date.now,
    resolve: systemProxy,
    session: () => ({ ...session.commands, ...createSignIn(session, settings) }),
  });
  const outgoing = createOutgoingFiles(path.join(directory, 'outgoing'), trace.app);
  const world: World = {
    now: Date.now,
    after,
    random: (bytes) => randomBytes(bytes),
    trace: trace.line,
    agent: proxy.agent,
  };
  // The wire reads them when it needs them: what changes counts there from the next connection on at the latest.
  const wire = settings.group('pbx', defaultSettings);
  const session = createSession({
    store,
    world,
    vault: onlyFor(vault, ({ server }) => given.server === null || isSameServer(server, given.server)),
    drafts: createDraftShelf({
      directory,
      now: Date.now,
      trace: trace.app,
      damaged: (detail) =>
        store.dispatch({ type: 'app/noticed', notice: { id: 'drafts', code: 'drafts-set-aside', detail } }),
    }),
    connect: createPbx,
    settings: wire,
    userAgent: `PBX Chat/${app.getVersion()} (${process.platform})`,
    files: outgoing,
  });
  return {
    ...{ store, session, world, wire, outgoing, proxy, bus, systemBus },
    settingsChanged: () => void Object.assign(wire, settings.group('pbx', defaultSettings)),
  };
}
