// A window manager on a test's display, for what only one can do: minimise a window, and hand the focus from one program
// to another.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Why the tests with a window manager cannot run on this machine; null: they can. */
export const windowManagerMissing =
  process.platform !== 'linux'
    ? 'other systems have one of their own'
    : spawnSync('jwm', ['-v']).error
      ? 'jwm is not installed'
      : null;
if (windowManagerMissing !== null)
  console.log(`skipped: tests with a window manager: ${windowManagerMissing}`);

/** Resolves, when it manages the display of `env`, to what ends it. */
export async function startWindowManager(env: Record<string, string>): Promise<() => Promise<void>> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-wm-'));
  const file = path.join(directory, 'jwmrc');
  const ready = path.join(directory, 'ready');
  // The focus goes where one clicks and to what asks for it, as on the desktops that people have.
  fs.writeFileSync(
    file,
    `<?xml version="1.0"?><JWM><FocusModel>click</FocusModel><StartupCommand>touch ${ready}</StartupCommand></JWM>`,
  );
  const manager = spawn('jwm', ['-f', file], { env: { ...process.env, ...env }, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => manager.once('exit', () => resolve()));
  const stop = async () => {
    manager.kill();
    await ended;
    fs.rmSync(directory, { recursive: true, force: true });
  };
  for (let tries = 0; !fs.existsSync(ready); tries++) {
    if (manager.exitCode !== null || tries > 200) {
      await stop();
      throw new Error('jwm does not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return stop;
}
