// A display and a session bus for programs that are started on a machine without a desktop.
import fs from 'node:fs';
import path from 'node:path';
import { start } from './processes.mjs';

const STARTUP_MS = 15_000;

export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function hasSessionBus() {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtime } = process.env;
  return Boolean(address || (runtime && fs.existsSync(path.join(runtime, 'bus'))));
}

export class DisplayError extends Error {}

/**
 * A virtual display: `{ env, child }`, with what a program needs in its environment to be shown there. X picks a number
 * that is free and says which, so any number of displays can be started at the same time.
 */
export async function startVirtualDisplay({ size = '1920x1200' } = {}) {
  const args = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'];
  const child = start('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await firstLine(child, child.stdio[3]);
  if (number === null) {
    throw new DisplayError(
      (await child.exited) === 127
        ? 'There is no display here and no Xvfb to make one. Run `npm run setup`.'
        : 'Xvfb does not start. Run `Xvfb :99` to see why.',
    );
  }
  return { env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '', XDG_SESSION_TYPE: 'x11' }, child };
}

/** A session bus of its own: notifications, badge and tray travel over it. Null where there is no bus program. */
export async function startSessionBus(env) {
  const child = start('dbus-daemon', ['--session', '--nofork', '--print-address=3'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const address = await firstLine(child, child.stdio[3]);
  return address === null ? null : { env: { DBUS_SESSION_BUS_ADDRESS: address }, child };
}

/**
 * What a program needs in its environment to be shown: the desktop's own display and bus where there are some, else
 * virtual ones. `preferVirtual`: also beside a desktop, if Xvfb is there, because pictures and tests want a screen of
 * known size whose focus nobody else takes.
 */
export async function ensureDesktop({ preferVirtual = false } = {}) {
  if (process.platform !== 'linux') return { env: {}, virtual: false };
  let display = null;
  if (preferVirtual || !hasDisplay()) {
    try {
      display = await startVirtualDisplay();
    } catch (error) {
      if (!hasDisplay()) throw error;
    }
  }
  const bus = display !== null || !hasSessionBus() ? await startSessionBus(display?.env) : null;
  return { env: { ...display?.env, ...bus?.env }, virtual: display !== null };
}

/** The first line of a pipe; null if the program ends or takes too long before it has written one. */
async function firstLine(child, stream) {
  let text = '';
  let timer;
  const line = new Promise((resolve) => {
    stream?.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')).trim());
    });
    child.exited.then(() => resolve(null));
    timer = setTimeout(resolve, STARTUP_MS, null);
  });
  const result = await line;
  clearTimeout(timer);
  stream?.destroy();
  return result;
}
