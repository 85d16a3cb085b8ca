// Puts the commands for files together with the dialogs and folders of this system.
import { app, shell, type BrowserWindow } from 'electron';
import fs from 'node:fs';
import { words } from '../../assets/translations/index.ts';
import type { Session } from '../chat/ports.ts';
import type { Store } from '../chat/store.ts';
import type { OutgoingFileStore } from '../disk/outgoing-files.ts';
import type { SettingsFile } from '../disk/settings.ts';
import { createFileDialogs } from './file-dialogs.ts';
import { createFileCommands } from './files.ts';

export function openFiles(ports: {
  session: Session;
  outgoing: OutgoingFileStore;
  settings: SettingsFile;
  store: Store;
  window(): BrowserWindow | null;
  trace(text: string): void;
}) {
  const { session, outgoing, settings, store, trace } = ports;
  const t = (key: Parameters<ReturnType<typeof words>>[0]) => words(store.state().app.locales)(key);
  return createFileCommands({
    files: session.files,
    outgoing,
    ...createFileDialogs(ports.window, { attach: () => t('files.attach'), folder: () => t('files.folder') }),
    downloads: {
      get: () => settings.get().downloadFolder || app.getPath('downloads'),
      set: (folder) => settings.set('downloadFolder', folder),
    },
    open: (file) => shell.openPath(file),
    show: (file) => shell.showItemInFolder(file),
    exists: (file) => fs.existsSync(file),
    picture: () => t('files.picture'),
    now: Date.now,
    platform: process.platform,
    trace,
  });
}
