// The composition root: makes the rooms and connects them. Nothing is decided here.
import { app, protocol, shell } from 'electron';
import path from 'node:path';
import { otherFields } from './disk/named-settings.ts';
import { openSession } from './open-session.ts';
import { checkConnection, redactText, wireSettings } from './pbx/index.ts';
import { createAppCommands } from './shell/app-commands.ts';
import { followPreferences, programFacts } from './shell/app-facts.ts';
import type { Arguments } from './shell/arguments.ts';
import { openAutostart } from './shell/autostart.ts';
import { createCapture } from './shell/capture.ts';
import { openDesktop } from './shell/desktop.ts';
import { serveFiles } from './shell/file-scheme.ts';
import { after, afterPaint, guardProcess, launch, listenForLinks, say } from './shell/launch.ts';
import { watchMachine } from './shell/machine.ts';
import { chatOpener } from './shell/open-chat.ts';
import { openFiles } from './shell/open-files.ts';
import { openReport } from './shell/open-report.ts';
import { openUpdates } from './shell/open-updates.ts';
import { scheme, schemePrivileges, servePage, serveScheme } from './shell/page.ts';
import { openProfile, type Profile } from './shell/profile.ts';
import { createSettingsCommands } from './shell/settings-commands.ts';
import { startLogin, withLockedServer } from './shell/start-login.ts';
import { sayVolatileOnce } from './shell/volatile-notice.ts';

begin(launch(process.argv.slice(1)));

function begin(given: Arguments): void {
  const profile = openProfile(app.getPath('userData'), otherFields('pbx', wireSettings), given);
  const { failed } = profile;
  guardProcess(failed);

  protocol.registerSchemesAsPrivileged([schemePrivileges]);
  // Not awaited: Electron becomes ready only after this module has been evaluated.
  app
    .whenReady()
    .then(() => start(withLockedServer(given, profile.settings), profile))
    .catch((error: unknown) => {
      failed('start', error);
      say(`it cannot start: ${error instanceof Error ? error.message : String(error)}`);
      app.exit(1);
    });
}

function start(given: Arguments, profile: Profile): void {
  const { logs, settings, trace } = profile;
  const built = path.resolve(import.meta.dirname, '..');
  const opened = openSession(given, profile);
  const { store, session, world, wire, outgoing, proxy, bus, systemBus, settingsChanged } = opened;
  const files = serveFiles({ files: session.files, local: outgoing.facts });
  protocol.handle(scheme, serveScheme(servePage(path.join(built, 'renderer')), files));
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
  const screen = createSettingsCommands({
    store,
    settings,
    managedFrom: profile.managed.from,
    follow: followPreferences,
    changed: settingsChanged,
    ...programFacts(profile),
  });
  const commands = createAppCommands({
    store,
    setPreferences: screen.setPreferences,
    open: (url) => shell.openExternal(url),
    painted: capture.painted,
    now: Date.now,
    trace: trace.app,
  });
  const window = () => desktop.window();
  const onDisk = openFiles({ session, outgoing, settings, store, window, trace: trace.app });
  const report = openReport({
    store,
    settings,
    pbx: wire,
    logs,
    check: (server) => checkConnection({ server, settings: wire, world }),
    redactFrame: redactText,
    window,
    trace,
  });
  const autostart = openAutostart({
    store,
    settings,
    managed: given.capture === null,
    trace: trace.app,
  });
  const updates = openUpdates({ store, settings, after, trace: trace.app });
  const desktop = openDesktop({
    store,
    settings,
    handlers: {
      ...session.commands,
      ...proxy.commands,
      ...commands,
      ...screen,
      ...autostart.commands,
      ...updates.commands,
      ...onDisk,
      ...report,
    },
    arguments: { ...given, hidden: given.hidden || autostart.startedHidden },
    built,
    bus,
    trace,
    logs,
    facts: (facts) => session.window(facts),
    attach: onDisk.take,
    after,
    pageLost: given.capture === null ? null : () => capture.fail('the window crashed'),
  });

  if (given.capture === null) updates.begin();
  startLogin({ store, settings, session, say });
  sayVolatileOnce(store, settings);

  const openChat = chatOpener({
    store,
    startChat: async (address) => session.commands.startChat({ address }),
    opened: capture.expect,
    failed(problem) {
      trace.app(`chat: ${problem}`);
      capture.fail(problem);
    },
  });
  listenForLinks(given.chat, { show: desktop.show, open: openChat });
  watchMachine({
    ...{ session, bus, systemBus },
    awayAfter: () => settings.get().awayAfter,
    afterPaint: (run) => afterPaint(desktop.webContents(), run),
  });
  app.on('will-quit', leave);
}
