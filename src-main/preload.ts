// The only thing that the window has of the outside: one typed object. Sandboxed, so nothing but electron is imported;
// the channel names are compiled in from the contract.
import { contextBridge, ipcRenderer } from 'electron';
import {
  channels,
  type Batch,
  type Bridge,
  type CommandName,
  type CommandResult,
  type Commands,
} from './ipc/contract.ts';
import type { Reply } from './ipc/serve.ts';

const bridge: Bridge = {
  async call<N extends CommandName>(name: N, ...argument: Parameters<Commands[N]>) {
    const reply = (await ipcRenderer.invoke(channels.call, name, argument[0])) as Reply;
    if ('refused' in reply) throw new Error(reply.refused);
    return reply.value as CommandResult<N>;
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
};

contextBridge.exposeInMainWorld('pbxChat', bridge);
