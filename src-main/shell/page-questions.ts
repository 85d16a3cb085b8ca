// What is asked when the page of the window is in trouble, in dialogs of the system: the page cannot ask itself.
import { dialog } from 'electron';
import type { Words } from '../../assets/translations/index.ts';

/** It does not answer. `signal`: it does again, and the question is taken back. */
export async function askAboutHang(words: Words, signal: AbortSignal): Promise<'restart' | 'wait'> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: words('app.hung'),
    detail: words('app.hungText'),
    buttons: [words('app.hungRestart'), words('app.hungWait')],
    defaultId: 0,
    cancelId: 1,
    signal,
  });
  return response === 0 ? 'restart' : 'wait';
}

/** It cannot be kept alive. */
export async function askToReload(words: Words): Promise<'reload' | 'quit'> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: words('app.stuck'),
    buttons: [words('app.stuckNext'), words('appMenu.quit', { app: words('app.name') })],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 0 ? 'reload' : 'quit';
}
