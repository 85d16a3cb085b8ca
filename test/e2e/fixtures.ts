// The program and a PBX: what nearly every end-to-end test needs.
import { startWindowManager, windowManagerMissing } from '../desktop/window-manager.ts';
import { startPbx, type Pbx, type PbxStartOptions } from '../pbx/index.ts';
import { ChatWindow } from './chat-window.ts';
import { test as base, type Client, type LaunchOptions } from './launch.ts';

export { expect } from './launch.ts';
export { ChatWindow } from './chat-window.ts';
export type { Client } from './launch.ts';

export interface SignedIn extends Client {
  chat: ChatWindow;
}

interface Fixtures {
  /** Any number of PBXs; all are closed at the end of the test. */
  launchPbx: (options?: PbxStartOptions) => Promise<Pbx>;
  /** A client that is logged in as `user` (the small world: password = name) and shows its list. */
  signIn: (pbx: Pbx, user: string, options?: LaunchOptions) => Promise<SignedIn>;
  /** Manages the worker's display for the time of the test: windows can be minimised, and take the focus from others. */
  windowManager: undefined;
}

export const test = base.extend<Fixtures>({
  launchPbx: async ({}, use) => {
    const running: Pbx[] = [];
    await use(async (options = {}) => {
      const pbx = await startPbx(options);
      running.push(pbx);
      return pbx;
    });
    for (const pbx of running) await pbx.close();
  },

  windowManager: async ({ desktop }, use, testInfo) => {
    testInfo.skip(windowManagerMissing !== null, windowManagerMissing ?? '');
    const stop = await startWindowManager(desktop);
    await use(undefined);
    await stop();
  },

  signIn: async ({ launchClient }, use) => {
    await use(async (pbx, user, options = {}) => {
      const password = pbx.world.users.find((one) => one.sip === user)?.password ?? '';
      const client = await launchClient({ login: { server: pbx.url, user, password }, ...options });
      const chat = new ChatWindow(client);
      await chat.ready();
      return { ...client, chat };
    });
  },
});
