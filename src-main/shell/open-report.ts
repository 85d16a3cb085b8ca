// Puts the report of a problem together with what this system and this run know.
import { app, screen, shell, type BrowserWindow } from 'electron';
import fs from 'node:fs';
import os from 'node:os';
import { activeAccount, report } from '../chat/select.ts';
import type { Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';
import { askWhereToSave } from './file-dialogs.ts';
import type { CheckStep, RedactFrame } from './report-content.ts';
import { createReportCommands } from './report.ts';
import type { Trace } from './trace.ts';

export function openReport(ports: {
  store: Store;
  settings: SettingsFile;
  /** The settings of the wire as they are in use. */
  pbx: object;
  logs: string;
  check(server: string): Promise<CheckStep[]>;
  redactFrame: RedactFrame;
  window(): BrowserWindow | null;
  trace: Trace;
}) {
  const { store, settings, pbx, trace } = ports;
  return createReportCommands({
    logs: ports.logs,
    home: os.homedir(),
    now: Date.now,
    flush: trace.flush,
    facts: () => facts(store),
    settings: () => ({ ...settings.get(), pbx }),
    state: () => report(store.state()),
    checkConnection() {
      const state = store.state();
      const server = activeAccount(state)?.server ?? state.login.server;
      return server === '' ? Promise.resolve(null) : ports.check(server);
    },
    redactFrame: ports.redactFrame,
    askWhereToSave: (suggested) => askWhereToSave(ports.window(), suggested),
    folder: () => app.getPath('downloads'),
    show: (file) => shell.showItemInFolder(file),
    trace: trace.app,
  });
}

async function facts(store: Store): Promise<Record<string, unknown>> {
  const { version, locales, dark } = store.state().app;
  const { versions, env, arch, platform } = process;
  return {
    program: `PBX Chat ${version}${app.isPackaged ? '' : ', not packaged'}`,
    electron: versions.electron,
    chromium: versions['chrome'],
    node: versions.node,
    platform: `${platform} ${arch}, ${os.version()}, ${os.release()}`,
    distribution: await distribution(),
    desktop: env['XDG_CURRENT_DESKTOP'] ?? 'unknown',
    session: env['XDG_SESSION_TYPE'] ?? 'unknown',
    'session bus': env['DBUS_SESSION_BUS_ADDRESS'] !== undefined,
    languages: locales.join(', '),
    dark,
    screens: screen
      .getAllDisplays()
      .map(({ size, scaleFactor }) => `${size.width}x${size.height} at ${scaleFactor}`)
      .join(', '),
    graphics: app.getGPUFeatureStatus(),
    'memory of the computer': `${Math.round(os.totalmem() / 2 ** 20)} MiB, ${Math.round(os.freemem() / 2 ** 20)} MiB free`,
    'memory of the program': app
      .getAppMetrics()
      .map(({ type, memory }) => `${type} ${Math.round(memory.workingSetSize / 1024)} MiB`)
      .join(', '),
    'running for': `${Math.round(process.uptime())} s`,
    'certificates of its own': env['NODE_EXTRA_CA_CERTS'] !== undefined,
  };
}

/** Of Linux: the name that the distribution gives itself. */
async function distribution(): Promise<string> {
  try {
    const release = await fs.promises.readFile('/etc/os-release', 'utf8');
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? 'unknown';
  } catch {
    return 'none';
  }
}
