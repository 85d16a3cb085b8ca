// The composition root: makes the rooms and connects them. Nothing is decided here.
import { app, nativeTheme, net, powerMonitor, protocol, safeStorage, shell } from 'electron';
import ElectronStore from 'electron-store';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { initialState } from './chat/model.ts';
import { createSession } from './chat/session.ts';
import { createStore } from './chat/store.ts';
import { createDraftShelf } from './disk/drafts.ts';
import { createOutgoingFiles } from './disk/outgoing-files.ts';
import { createVault, onlyFor } from './disk/secrets.ts';
import { openSettings, type SettingsFile } from './disk/settings.ts';
import { createPbx, defaultSettings, isSameServer, settingChoices } from './pbx/index.ts';
import { watchActivity } from './shell/activity.ts';
import { createAppCommands } from './shell/app-commands.ts';
import { appFacts } from './shell/app-facts.ts';
import { loginFromEnvironment, type Arguments } from './shell/arguments.ts';
import { createCapture } from './shell/capture.ts';
import { openDesktop } from './shell/desktop.ts';
import { serveFiles } from './shell/file-scheme.ts';
import { openFiles } from './shell/open-files.ts';
import { createCipher } from './shell/keyring.ts';
import { rememberLogin } from './shell/last-login.ts';
import { after, every, guardProcess, launch, say } from './shell/launch.ts';
import { chatOpener } from './shell/open-chat.ts';
import { watchLock } from './shell/lock.ts';
import { scheme, schemePrivileges, servePage, serveScheme } from './shell/page.ts';
import { watchPower } from './shell/power.ts';
import { connectSessionBus } from './shell/session-bus.ts';
import { createFailureLog, createTrace, fileSink, streamSink, type Trace } from './shell/trace.ts';

begin(launch(process.argv.slice(1)));

function begin(given: Arguments): void {
  const directory = app.getPath('userData');
  const early: string[] = [];
  const settings = openSettings({
    directory,
    now: Date.now,
    createStore: (options) => new ElectronStore(options),
    trace: (text) => early.push(text),
  });
  const logs = path.join(directory, 'logs');
  const trace = createTrace(
    [
      { classes: given.trace, sink: streamSink(process.stderr) },
      { classes: settings.get().trace, sink: fileSink(path.join(logs, 'trace.log')) },
    ],
    Date.now,
  );
  early.forEach(trace.app);
  const failures = fileSink(path.join(logs, 'failures.log'), { limit: 500_000, keep: 2 });
  const failed = createFailureLog(failures, trace, Date.now);
  guardProcess(failed);

  protocol.registerSchemesAsPrivileged([schemePrivileges]);
  // Not awaited: Electron becomes ready only after this module has been evaluated.
  app
    .whenReady()
    .then(() => start(given, directory, settings, trace))
    .catch((error: unknown) => {
      failed('start', error);
      say(`it cannot start: ${error instanceof Error ? error.message : String(error)}`);
      app.exit(1);
    });
}

function start(given: Arguments, directory: string, settings: SettingsFile, trace: Trace): void {
  const built = path.resolve(import.meta.dirname, '..');
  const store = createStore(
    initialState(appFacts(settings, given), {
      ...settings.get().lastLogin,
      ...(given.server !== null && { server: given.server }),
    }),
  );
  const bus = () => connectSessionBus(process.env['DBUS_SESSION_BUS_ADDRESS'], 3000);
  const cipher = createCipher({ platform: process.platform, safeStorage, bus, trace: trace.app });
  const vault = createVault({ directory, cipher, trace: trace.app });
  const outgoing = createOutgoingFiles(path.join(directory, 'outgoing'), trace.app);
  const session = createSession({
    store,
    world: { now: Date.now, after, random: (bytes) => randomBytes(bytes), trace: trace.line },
    vault: onlyFor(vault, ({ server }) => given.server === null || isSameServer(server, given.server)),
    drafts: createDraftShelf({
      directory,
      now: Date.now,
      trace: trace.app,
      damaged: (detail) =>
        store.dispatch({ type: 'app/noticed', notice: { id: 'drafts', code: 'drafts-set-aside', detail } }),
    }),
    connect: createPbx,
    settings: settings.overrides('pbx', defaultSettings, settingChoices),
    userAgent: `PBX Chat/${app.getVersion()} (${process.platform})`,
    files: outgoing,
  });
  protocol.handle(
    scheme,
    serveScheme(
      servePage(path.join(built, 'renderer')),
      serveFiles({ files: session.files, local: outgoing.facts }),
    ),
  );
  const leave = () => {
    session.close();
    outgoing.clear();
    trace.flush();
  };

  const capture = createCapture({
    file: given.capture,
    ofDiscussion: given.chat !== null,
    page: () => desktop.webContents(),
    after,
    done(problem) {
      if (problem !== null) say(`no picture: ${problem}.`);
      leave();
      app.exit(problem === null ? 0 : 1);
    },
  });
  const commands = createAppCommands({
    store,
    settings,
    setTheme: (theme) => (nativeTheme.themeSource = theme),
    open: (url) => shell.openExternal(url),
    painted: capture.painted,
    trace: trace.app,
  });
  const files = openFiles({
    session,
    outgoing,
    settings,
    store,
    window: () => desktop.window(),
    trace: trace.app,
  });
  const desktop = openDesktop({
    store,
    settings,
    handlers: { ...session.commands, ...commands, ...files },
    arguments: given,
    built,
    bus,
    trace,
    facts: (facts) => session.window(facts),
    attach: files.take,
    after,
    pageLost: given.capture === null ? null : () => capture.fail('the window crashed'),
  });

  const fromEnvironment = loginFromEnvironment(process.env['PBX_CHAT_LOGIN']);
  delete process.env['PBX_CHAT_LOGIN'];
  if (fromEnvironment.problem !== null) say(fromEnvironment.problem);
  if (fromEnvironment.login === null) {
    rememberLogin(store, settings);
    void session.start();
  } else {
    void session.commands.login({ ...fromEnvironment.login, remember: false });
  }

  const openChat = chatOpener({
    store,
    startChat: async (address) => session.commands.startChat({ address }),
    opened: capture.expect,
    failed(problem) {
      trace.app(`chat: ${problem}`);
      capture.fail(problem);
    },
  });
  if (given.chat !== null) openChat(given.chat);
  app.on('open-url', (_event, url) => openChat(url));
  app.on('second-instance', (_event, _argv, _directory, data) => {
    desktop.show();
    const { chat } = (data ?? {}) as { chat?: unknown };
    if (typeof chat === 'string') openChat(chat);
  });
  watchActivity({
    monitor: powerMonitor,
    awayAfter: () => settings.get().awayAfter,
    after,
    report: session.activity,
  });
  void watchLock({ platform: process.platform, monitor: powerMonitor, bus, change: session.locked });
  watchPower({ monitor: powerMonitor, isOnline: () => net.isOnline(), every, power: session.power });
  app.on('will-quit', leave);
}
