// The only thing that the window has of the outside: one typed object. Sandboxed, so nothing but electron is imported;
// the channel names are compiled in from the contract.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  channels,
  type Batch,
  type Bridge,
  type CommandName,
  type AttachReason,
  type CommandResult,
  type Commands,
  type DroppedFile,
  type Result,
  type Screen,
} from './ipc/contract.ts';
import type { Reply } from './ipc/serve.ts';

/** Bytes; the same limit is in ipc/arguments.ts, which would only say that the argument is wrong. */
const largestPasted = 50 * 1024 * 1024;
const tooLarge = (name: string): Result<null, AttachReason> => {
  return { ok: false, reason: { code: 'too-large', detail: name } };
};

const bridge: Bridge = {
  async call<N extends CommandName>(name: N, ...argument: Parameters<Commands[N]>) {
    const reply = (await ipcRenderer.invoke(channels.call, name, argument[0])) as Reply;
    if ('refused' in reply) throw new Error(reply.refused);
    return reply.value as CommandResult<N>;
  },
  async attachFiles(discussion, given) {
    const files: DroppedFile[] = [];
    for (const file of given) {
      // A file that the page made by itself has no path: then its bytes are what it is.
      const path = webUtils.getPathForFile(file);
      if (path !== '') files.push({ path });
      else if (file.size > largestPasted) return tooLarge(file.name);
      else files.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    }
    return (await ipcRenderer.invoke(channels.attach, { discussion, files })) as Result<null, AttachReason>;
  },
  onBatch(listener) {
    ipcRenderer.removeAllListeners(channels.batch);
    // The event object stays here: it would hand `ipcRenderer` to the page.
    ipcRenderer.on(channels.batch, (_event, batch: Batch) => listener(batch));
  },
  onFocusRequest(listener) {
    ipcRenderer.removeAllListeners(channels.focus);
    ipcRenderer.on(channels.focus, (_event, place: Parameters<typeof listener>[0]) => listener(place));
  },
  onOpened(listener) {
    ipcRenderer.removeAllListeners(channels.opened);
    ipcRenderer.on(channels.opened, (_event, discussion: string) => listener(discussion));
  },
  onScreenRequest(listener) {
    ipcRenderer.removeAllListeners(channels.screen);
    ipcRenderer.on(channels.screen, (_event, screen: Screen) => listener(screen));
  },
};

contextBridge.exposeInMainWorld('pbxChat', bridge);
