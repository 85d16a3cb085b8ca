// What tests of files do on both sides: files that are chosen, saved, and sent by somebody else.
import type { ElectronApplication } from '@playwright/test';
import type { Pbx } from '../pbx/index.ts';
import type { Peer } from '../pbx/peer.ts';
import { demoFiles } from '../pbx/worlds/demo/files.ts';

/** A picture of 640 pixels in width. */
export const picture = demoFiles()['reception.png']?.content ?? Buffer.alloc(0);

/** The dialog of the system, answered: it belongs to the desktop and not to the program. */
export async function answerDialog(app: ElectronApplication, files: string[]): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, files);
}

/** The same where a file is to be saved; null cancels it. What is returned tells what the dialog offered last. */
export async function answerSaveDialog(
  app: ElectronApplication,
  file: string | null,
): Promise<() => Promise<string | undefined>> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (...given: unknown[]) => {
      Object.assign(globalThis, { offered: (given.at(-1) as { defaultPath?: string }).defaultPath });
      return Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' });
    };
  }, file);
  return () => app.evaluate(() => (globalThis as { offered?: string }).offered);
}

export async function downloadInto(app: ElectronApplication, folder: string): Promise<void> {
  await app.evaluate(({ app: electron }, place) => electron.setPath('downloads', place), folder);
}

/** Bob puts a file at the service, and sends it. `rate`: bytes per second of what is fetched from then on. */
export async function sendFromBob(pbx: Pbx, name: string, content: Buffer | string, rate = 0): Promise<Peer> {
  const bob = await pbx.user('bob');
  await bob.openMessages();
  const [result] = await bob.request({ mt: 'CreateFileBuffer', name });
  const url = new URL(String(result?.['url']), pbx.url).href;
  await fetch(url, { method: 'POST', body: new Uint8Array(Buffer.from(content)) });
  if (rate > 0) pbx.faults.fileRate = rate;
  bob.send('alice', '', url);
  return bob;
}
