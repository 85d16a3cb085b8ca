// The dialogs of the system for files. They open where they were left (since Electron 43 they would open in the folder
// for downloads each time), for this run.
import { dialog, type BrowserWindow } from 'electron';
import path from 'node:path';

export function createFileDialogs(
  window: () => BrowserWindow | null,
  words: { attach(): string; folder(): string },
) {
  let last: string | undefined;
  const options = () => (last === undefined ? {} : { defaultPath: last });

  return {
    async askForFiles(): Promise<string[] | null> {
      const parent = window();
      if (parent === null) return null;
      const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
        ...options(),
        buttonLabel: words.attach(),
        properties: ['openFile', 'multiSelections'],
      });
      const [first] = filePaths;
      if (canceled || first === undefined) return null;
      last = path.dirname(first);
      return filePaths;
    },
    askWhereToSave: (suggested: string) => askWhereToSave(window(), suggested),
    async askForFolder(current: string): Promise<string | null> {
      const parent = window();
      if (parent === null) return null;
      const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
        title: words.folder(),
        defaultPath: current,
        properties: ['openDirectory', 'createDirectory'],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
  };
}

/** Null: cancelled, or there is no window that could ask. */
export async function askWhereToSave(
  parent: BrowserWindow | null,
  suggested: string,
): Promise<string | null> {
  if (parent === null) return null;
  const { canceled, filePath } = await dialog.showSaveDialog(parent, {
    defaultPath: suggested,
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || filePath === '' ? null : filePath;
}
