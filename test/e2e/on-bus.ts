// Tests of the surfaces of a Linux desktop: on a session bus of their own, with the services that a test asks for.
import type { Page } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import type { CommandName } from '../../src-main/ipc/contract.ts';
import { serveLogin, serveScreenSaver, type LoginService, type ScreenSaver } from '../desktop/machine.ts';
import { startPrivateBus, type PrivateBus } from '../desktop/private-bus.ts';
import {
  serveNotifications,
  serveTrayPanel,
  type NotificationService,
  type TrayPanel,
} from '../desktop/services.ts';
import { test as base, type Client } from './fixtures.ts';

export { expect } from './fixtures.ts';

interface Surroundings {
  bus: PrivateBus;
  /** What is the bus of the system to the program. */
  systemBus: PrivateBus;
  panel: TrayPanel;
  service: NotificationService;
  login: LoginService;
  screenSaver: ScreenSaver;
}

export const test = base.extend<Surroundings>({
  bus: async ({}, use) => {
    const bus = await startPrivateBus();
    await use(bus);
    await bus.stop();
  },
  systemBus: async ({}, use) => {
    const bus = await startPrivateBus();
    await use(bus);
    await bus.stop();
  },
  panel: async ({ bus }, use) => {
    await use(await serveTrayPanel(bus));
  },
  service: async ({ bus }, use) => {
    await use(await serveNotifications(bus));
  },
  login: async ({ systemBus }, use) => {
    await use(await serveLogin(systemBus));
  },
  screenSaver: async ({ bus }, use) => {
    await use(await serveScreenSaver(bus));
  },
});

export const onBus = (bus: PrivateBus, systemBus: PrivateBus | null = null) => ({
  env: {
    DBUS_SESSION_BUS_ADDRESS: bus.address,
    ...(systemBus && { DBUS_SYSTEM_BUS_ADDRESS: systemBus.address }),
  },
});

interface OurPage {
  pbxChat: { call(name: CommandName, argument: unknown): Promise<unknown> };
}

/** A command, as the window gives it. */
export function command(window: Page, name: CommandName, argument: unknown): Promise<unknown> {
  return window.evaluate(
    ([name, argument]) => (globalThis as unknown as OurPage).pbxChat.call(name, argument),
    [name, argument] as const,
  );
}

/**
 * Which of our pictures the panel has; the whole list if none. Of pixels in between only the opacity is compared, because
 * the specification wants colours that are not multiplied by it and Electron keeps them multiplied.
 */
export async function shownPicture(panel: TrayPanel, { app }: Client): Promise<string> {
  const [picture] = await panel.icons();
  const tray = path.resolve(import.meta.dirname, '../../assets/tray');
  const names = fs.readdirSync(tray).filter((name) => !name.includes('@') && !name.includes('Template'));
  const ours = await app.evaluate(
    ({ nativeImage }, files) =>
      files.map((file) => nativeImage.createFromPath(file).toBitmap({ scaleFactor: 3 }).toString('base64')),
    names.map((name) => path.join(tray, name)),
  );
  const outline = (pixels: Uint8Array) =>
    Buffer.from(pixels.map((byte, at) => (at % 4 === 3 || pixels[at - (at % 4) + 3] === 255 ? byte : 0)));
  // On the bus: alpha, red, green, blue; in memory the other way round.
  const shown = outline(Buffer.from(picture?.bytes ?? []).swap32());
  const found = names.filter((_, index) => outline(Buffer.from(ours[index] ?? '', 'base64')).equals(shown));
  return `${found.join() || `none of ${names.join()}`} ${picture?.width}x${picture?.height}`;
}
