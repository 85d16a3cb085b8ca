// Puts updates together with electron-updater, which is not loaded before it is needed, and with what is known of this
// installation.
import { app } from 'electron';
import type { AppImageUpdater, AppUpdater } from 'electron-updater';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Store } from '../chat/store.ts';
import { writeFileAtomicallySync } from '../disk/atomic-file.ts';
import type { SettingsFile } from '../disk/settings.ts';
import { updateObstacle, updateReason, type UpdateEvent } from './update-steps.ts';
import { createUpdates, plainNotes, type Updater } from './updates.ts';

export function openUpdates(ports: {
  store: Store;
  settings: SettingsFile;
  after(milliseconds: number, run: () => void): () => void;
  trace(text: string): void;
}) {
  const { settings, trace } = ports;
  const built = builtIn();
  return createUpdates({
    ...ports,
    obstacle: updateObstacle({
      platform: process.platform,
      packaged: app.isPackaged,
      executable: process.execPath,
      appImage: process.env['APPIMAGE'] ?? '',
      uninstaller: fs.existsSync(path.join(path.dirname(process.execPath), `Uninstall ${app.name}.exe`)),
      publisher: built.publisher,
    }),
    feed: () => settings.get().updateFeed || built.feed,
    load: (url, listener) => loadUpdater({ url, built: built.feed !== '', listener, trace }),
  });
}

/** What the packaging wrote beside the program when it was given a feed. */
function builtIn(): { feed: string; publisher: boolean } {
  try {
    const text = fs.readFileSync(path.join(process.resourcesPath, 'app-update.yml'), 'utf8');
    const feed = /^url: *['"]?([^'"\s]+)/m.exec(text)?.[1] ?? '';
    return { feed, publisher: /^publisherName:/m.test(text) };
  } catch {
    return { feed: '', publisher: false };
  }
}

async function loadUpdater(ports: {
  url: string;
  /** The packaging left a configuration for the updater. */
  built: boolean;
  listener(event: UpdateEvent): void;
  trace(text: string): void;
}): Promise<Updater> {
  const { url, listener, trace } = ports;
  const { AppImageUpdater, MacUpdater, NsisUpdater } = await import('electron-updater');
  const kinds: Partial<Record<NodeJS.Platform, new () => AppUpdater>> = {
    darwin: MacUpdater,
    win32: NsisUpdater,
  };
  const updater = new (kinds[process.platform] ?? AppImageUpdater)();
  if (!ports.built) updater.updateConfigPath = ownConfiguration(url);
  updater.setFeedURL({ provider: 'generic', url });
  updater.autoDownload = true;
  updater.autoInstallOnAppQuit = true;
  updater.autoRunAppAfterInstall = true;
  const line = (message: unknown) => trace(`updates: ${String(message)}`);
  updater.logger = { info: line, warn: line, error: line, debug: () => undefined };
  updater.on('update-not-available', () => listener({ type: 'none', at: Date.now() }));
  updater.on('update-available', ({ version, releaseNotes }) =>
    listener({ type: 'found', version, notes: plainNotes(releaseNotes) }),
  );
  updater.on('download-progress', ({ percent }) => listener({ type: 'progress', percent }));
  updater.on('update-downloaded', () => listener({ type: 'loaded' }));
  updater.on('error', (error) => listener({ type: 'failed', reason: updateReason(error) }));
  return {
    async check() {
      const found = await updater.checkForUpdates();
      // It says so by its events as well.
      found?.downloadPromise?.catch(() => undefined);
    },
    restart: () => (updater instanceof AppImageUpdater ? restartAppImage(updater) : updater.quitAndInstall()),
  };
}

/**
 * By itself electron-updater starts the new AppImage before the old program has ended: that one would still have the
 * profile, of which there is one program at a time, and perhaps drafts to write. So it is done at the very end.
 */
function restartAppImage(updater: AppImageUpdater): void {
  // Else it is put in place at the end without being started; and who asks twice is served once.
  if (!updater.autoInstallOnAppQuit) return;
  updater.autoInstallOnAppQuit = false;
  app.once('quit', () => {
    app.releaseSingleInstanceLock();
    if (updater.install(false, true)) return;
    // It could not be replaced: nobody who asked for a restart is left without the program.
    spawn(process.env['APPIMAGE'] ?? '', { detached: true, stdio: 'ignore' }).unref();
  });
  app.quit();
}

/** electron-updater wants a file, if only to read from it where it may keep what it loads. */
function ownConfiguration(url: string): string {
  const file = path.join(app.getPath('userData'), 'updates.yml');
  const lines = ['provider: generic', `url: ${JSON.stringify(url)}`, 'updaterCacheDirName: pbx-chat-updater'];
  writeFileAtomicallySync(file, `${lines.join('\n')}\n`);
  return file;
}
