// Tests of the surfaces of a Linux desktop: on a session bus of their own, with the services that a test asks for.
import type { Page } from '@playwright/test';
import type { CommandName } from '../../src-main/ipc/contract.ts';
import { startPrivateBus, type PrivateBus } from '../desktop/private-bus.ts';
import {
  serveNotifications,
  serveTrayPanel,
  type NotificationService,
  type TrayPanel,
} from '../desktop/services.ts';
import { test as base } from './fixtures.ts';

export { expect } from './fixtures.ts';

export const test = base.extend<{ bus: PrivateBus; panel: TrayPanel; service: NotificationService }>({
  bus: async ({}, use) => {
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
});

export const onBus = (bus: PrivateBus) => ({ env: { DBUS_SESSION_BUS_ADDRESS: bus.address } });

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
