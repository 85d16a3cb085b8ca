// Composes the rooms of the wire into one connection to a PBX that repairs itself (protocol, sections 1 to 3): the
// order in which things come up, what is torn down together, and when it is tried again.
import type { LoginReason, OfflineReason, Reason } from '../ipc/contract.ts';
import type { AppConnection } from './app-connection.ts';
import { openAppConnection } from './app-connection.ts';
import type { AppsList } from './apps.ts';
import { chatApp, hwAttempts, noApps } from './apps.ts';
import type { ClientConnection } from './client-connection.ts';
import { openClientConnection } from './client-connection.ts';
import { createDirectory } from './directory.ts';
import { createFiles } from './files.ts';
import type { JsonObject } from './frames.ts';
import { truthy } from './frames.ts';
import type { Pbx, PbxEvent, PbxOptions, PbxUser } from './index.ts';
import type { LoginOutcome, Redirection } from './login.ts';
import { createMessages } from './messages.ts';
import { reconnectDelay } from './reconnect-delay.ts';
import { parseServer, parseSibling, siblingAddress } from './server-address.ts';
import type { ServerAddress } from './server-address.ts';
import { createSignal } from './signal.ts';

/** 'ended' is final: closed, logged out, or a login that somebody has to look at. */
type Phase = 'idle' | 'running' | 'waiting' | 'suspended' | 'ended';

/** PBXs may send a user from one to the next, but not in circles. */
const redirectLimit = 3;

export function createPbx(options: PbxOptions, listener: (event: PbxEvent) => void): Pbx {
  const { settings, world, certificates } = options;
  let phase: Phase = 'idle';
  let silent = false;
  let login = options.login;
  /** With a remembered session the link may be down at the start; a login that was typed wants its answer now. */
  let trusted = login.kind === 'session';
  let failures = 0;
  /** The PBX on which the user lives, where that is not the one whose address was typed. */
  let home: ServerAddress | null = null;
  let redirects = 0;
  /** What stands in for the PBX while that is not reachable, and whether it is its turn. */
  let standby: ServerAddress | null = null;
  let onStandby = false;
  let reached = false;
  let cancelRetry = () => {};

  let client: ClientConnection | null = null;
  let app: { connection: AppConnection; name: string } | null = null;
  let user: PbxUser | null = null;
  let apps: AppsList = noApps;
  let online = false;
  let withoutRight = false;

  let inUse: boolean | null = null;
  let active: boolean | null = null;
  let ownPresence: { activity: string; note: string } | null = null;
  const groups = new Set<string>();

  const trace = (text: string) => world.trace({ class: 'app', connection: 'none', text });

  function emit(event: PbxEvent) {
    if (silent) return;
    try {
      listener(event);
    } catch (error) {
      // The link must not die of what somebody does with its news.
      trace(`the listener failed on ${event.type}: ${String(error)}`);
    }
  }

  const signal = createSignal({ settings, world, emit, groups });
  const directory = createDirectory({
    settings,
    world,
    emit,
    askOtherwise: (address) => client?.subscribePresence(address),
  });
  const messages = createMessages({
    settings,
    world,
    groups,
    storedChanged: (id, text) => emit({ type: 'stored-changed', id, text }),
    modeChanged(mode) {
      emit({ type: 'mode', ...mode });
      if (online) return;
      online = true;
      failures = 0;
      emit({ type: 'link', state: 'online' });
    },
  });

  const files = createFiles({
    settings,
    world,
    certificates,
    base() {
      const address = place();
      return address.ok ? address.value.base : null;
    },
    createFileBuffer: messages.createFileBuffer,
  });

  // --- Coming up ---

  function place(): ReturnType<typeof parseServer> {
    const elsewhere = onStandby ? standby : home;
    return elsewhere === null ? parseServer(options.server) : { ok: true, value: elsewhere };
  }

  function connect() {
    cancelRetry();
    const address = place();
    if (!address.ok) return end(address.reason);
    phase = 'running';
    reached = false;
    emit({ type: 'link', state: 'connecting' });
    client = openClientConnection(
      { address: address.value, login, userAgent: options.userAgent, settings, world, certificates },
      {
        opened: () => emit({ type: 'link', state: 'logging-in' }),
        loggedIn: (outcome) => loggedIn(outcome, address.value),
        // A standby PBX that does not know the session is no reason to forget it.
        loginFailed: (reason) =>
          onStandby ? lost({ code: 'pbx-closed', detail: `standby: ${reason.code}` }) : end(reason),
        redirected: (to) => redirected(to, address.value),
        authorize: (code) => emit({ type: 'authorize', code }),
        apps(list, certain) {
          apps = list;
          appsChanged(address.value, certain);
        },
        badge: (total) => emit({ type: 'badge', total }),
        presence: (frame) => directory.otherwise(frame),
        ownPresence: (items) => emit({ type: 'own-presence', items }),
        renamed: (name) => (name === '' ? undefined : signal.rename(name)),
        wake: () => emit({ type: 'wake' }),
        loggedOut() {
          tearDown();
          phase = 'ended';
          emit({ type: 'logged-out' });
        },
        lost,
      },
    );
  }

  /** Protocol, section 2, Redirect: the session that came with it logs in where the user lives. */
  function redirected(to: Redirection, address: ServerAddress) {
    const next = siblingAddress(address, to);
    redirects++;
    if (next === null || to.session === null || redirects > redirectLimit) {
      return end({ code: 'redirected', detail: to.host });
    }
    trace(`redirected to ${next.base}`);
    tearDown();
    login = { kind: 'session', ...to.session };
    home = next;
    onStandby = false;
    connect();
  }

  function loggedIn(outcome: LoginOutcome, address: ServerAddress) {
    trusted = true;
    reached = true;
    redirects = 0;
    user = outcome.user;
    if (outcome.session !== null) login = { kind: 'session', ...outcome.session };
    const alternative = onStandby ? null : parseSibling(outcome.standby);
    if (alternative !== null) standby = siblingAddress(address, alternative);
    emit({ type: 'logged-in', user: outcome.user, session: outcome.session });
    if (phase !== 'running') return;
    emit({ type: 'link', state: 'preparing' });
    if (active !== null) client?.setUserActivity(!active);
    if (ownPresence !== null) client?.setOwnPresence(ownPresence.activity, ownPresence.note);
    ownPresence = null;
  }

  function appsChanged(address: ServerAddress, certain: boolean) {
    const chat = chatApp(apps, settings.chatApp);
    if (chat?.name === app?.name && chat !== null) return;
    if (chat === null && app !== null && !certain) return void confirmRightIsGone(app.name, address);
    const module = address.module ?? settings.module;
    tearDownApp();
    if (chat === null) {
      // The right may come while the program runs: the client connection stays and listens.
      failures = 0;
      if (!withoutRight) emit({ type: 'link', state: 'no-chat-right' });
      withoutRight = true;
      return;
    }
    if (withoutRight) emit({ type: 'link', state: 'preparing' });
    withoutRight = false;
    const connection = openAppConnection(
      {
        urls: settings.appPaths.map((path) => `${address.base}/${module}/${path}`),
        app: chat.name,
        settings,
        world,
        certificates,
        getLogin: (name, challenge) =>
          client?.getAppLogin(name, challenge) ??
          Promise.resolve({ ok: false, reason: { code: 'offline' as const } }),
      },
      { ready: (info) => void prepare(connection, chat.name, info), lost },
    );
    app = { connection, name: chat.name };
  }

  /** A series of apps without the chat may be all there are or only what is new; whether it still logs in decides. */
  async function confirmRightIsGone(name: string, address: ServerAddress) {
    const asked = client;
    const answer = await asked?.getAppLogin(name, '0');
    if (client === asked && answer?.ok === false && answer.reason.code === 'refused')
      appsChanged(address, true);
  }

  async function prepare(connection: AppConnection, name: string, info: JsonObject | null) {
    if (user === null) return;
    const hws = hwAttempts(settings.hw, user.sip, apps.devices);
    const registered = await signal.register(connection, user, hws, (detail) =>
      lost({ code: 'pbx-closed', detail: `registration lost: ${detail}` }),
    );
    if (app?.connection !== connection) return;
    if (!registered.ok) {
      // A link that is gone reports itself.
      if (registered.reason.code === 'offline') return;
      return lost({ code: 'pbx-closed', detail: `Register: ${registered.reason.detail ?? 'no answer'}` });
    }
    messages.start(
      connection,
      user,
      info === null ? 'unknown' : truthy(info.unlicensed) ? 'missing' : 'there',
    );
    directory.start(connection, user);
    client?.watchBadge(name);
  }

  // --- Going down ---

  function tearDownApp() {
    if (app === null) return;
    const { connection } = app;
    app = null;
    online = false;
    connection.close();
    messages.linkLost();
    directory.linkLost();
    signal.linkLost();
  }

  function tearDown() {
    cancelRetry();
    tearDownApp();
    client?.close();
    client = null;
    apps = noApps;
    withoutRight = false;
  }

  /** Both connections live and die together: one without the other can do nothing that a person would notice. */
  function lost(reason: Reason<OfflineReason>) {
    if (phase !== 'running') return;
    if (!trusted) return end(firstLoginReason(reason));
    phase = 'waiting';
    // Each in its turn while none of them answers; the PBX itself first whenever there was a login.
    onStandby = standby !== null && !reached && !onStandby;
    const delay = reconnectDelay(failures, settings, world);
    failures++;
    tearDown();
    if (phase !== 'waiting') return;
    cancelRetry = world.after(delay, connect);
    emit({ type: 'link', state: 'offline', reason, retryAt: world.now() + delay });
  }

  function end(reason: Reason<LoginReason>) {
    phase = 'ended';
    tearDown();
    emit({ type: 'login-failed', reason });
  }

  function close() {
    if (!silent) signal.releaseAll();
    silent = true;
    phase = 'ended';
    tearDown();
  }

  return {
    open() {
      if (phase !== 'idle') return;
      if (login.kind === 'password' && login.user.trim() === '') return end({ code: 'user-empty' });
      if (login.kind === 'password' && login.password === '') return end({ code: 'password-empty' });
      connect();
    },
    close,
    async logout() {
      if (user !== null && client !== null) await client.logout();
      close();
    },
    retry() {
      if (phase === 'waiting' || phase === 'suspended') {
        failures = 0;
        connect();
      } else if (phase === 'running') {
        client?.probe();
        app?.connection.probe();
      }
    },
    suspend() {
      if (phase !== 'running' && phase !== 'waiting') return;
      phase = 'suspended';
      signal.releaseAll();
      tearDown();
      emit({ type: 'link', state: 'offline', reason: { code: 'suspended' }, retryAt: null });
    },
    setInUse(next) {
      if (inUse === next) return;
      inUse = next;
      signal.setInUse(next);
    },
    setActive(next) {
      if (active === next) return;
      active = next;
      // Before the login there is nobody to tell; it is told then.
      if (user !== null) client?.setUserActivity(!next);
    },
    send: signal.send,
    sendTyping: signal.sendTyping,
    readChats: messages.readChats,
    readChat: messages.readChat,
    markRead: messages.markRead,
    updateMessage: messages.updateMessage,
    deleteMessage: messages.deleteMessage,
    readGroups: messages.readGroups,
    uploadFile: files.upload,
    openFile: files.open,
    createGroup: messages.createGroup,
    renameGroup: messages.renameGroup,
    deleteGroup: messages.deleteGroup,
    readMembers: messages.readMembers,
    writeMember: messages.writeMember,
    removeMember: messages.removeMember,
    watchPresence: directory.watch,
    findPerson: directory.find,
    setOwnPresence(activity, note) {
      // Before the login there is nobody to tell.
      if (client === null || user === null) ownPresence = { activity, note };
      else client.setOwnPresence(activity, note);
    },
  };
}

/** Somebody has just typed the server's name and looks at the form: every way of not getting through is about that. */
function firstLoginReason({ code, detail }: Reason<OfflineReason>): Reason<LoginReason> {
  switch (code) {
    case 'server-unknown':
    case 'server-certificate':
    case 'server-not-pbx':
    case 'proxy-login':
    case 'proxy-method':
    case 'proxy-unreachable':
      return { code, detail: detail ?? code };
    default:
      return { code: 'server-unreachable', detail: detail ?? code };
  }
}
