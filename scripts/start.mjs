#!/usr/bin/env node
// `npm start`: the built client against the demo PBX, or against a real one.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { DisplayError, ensureDesktop, hasDisplay } from './display.mjs';
import { ensureRuntime, executableIn, RuntimeError } from './electron-runtime.mjs';
import { projectRoot, stateDirectory, toolchainNode } from './places.mjs';
import { onLines, start, stop, stopAll, stopAllOnSignals } from './processes.mjs';

const USAGE = `npm start                                   the client, logged in at a demo PBX on this computer
npm start -- --pbx https://pbx.example.com  the client, to log in at a real PBX
npm start -- --capture FILE.png             a picture of the demo conversation, then the end

  --pbx URL            host, host:port or URL of a PBX; no demo PBX is started
  --capture FILE.png   wait until the demo conversation is on screen, write a picture of it and exit
  --chat ADDRESS       open this discussion (with --capture: instead of the demo's own)
  --theme light|dark   colours for this run
  --size WxH           size of the window, such as 1000x700
  --scale 1|2          pixels per point of the picture
  --lang TAG           language of the program, such as de or en
  --fresh              forget what earlier demo runs left behind (settings, drafts)
  --verbose            show what the browser engine says about itself, too
  --help               print this
`;

const CAPTURE_MS = 60_000;
const PBX_READY_MS = 30_000;

const say = (text) => console.error(`start: ${text}`);

/** A failure with words for the person in front of it, and the exit code that goes with it. */
class StartError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function readOptions() {
  const string = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        ...{
          pbx: string,
          capture: string,
          chat: string,
          theme: string,
          size: string,
          scale: string,
          lang: string,
        },
        ...{ fresh: flag, verbose: flag, help: { ...flag, short: 'h' } },
      },
    }));
  } catch (error) {
    throw new StartError(`${error.message.split('\n')[0]}\n\n${USAGE}`, 2);
  }
  const refuse = (message) => {
    throw new StartError(`${message}\n\n${USAGE}`, 2);
  };
  if (values.pbx !== undefined && !/^\S+$/.test(values.pbx)) refuse('--pbx needs a host, host:port or URL.');
  if (values.pbx !== undefined && values.capture !== undefined)
    refuse('--capture shows the demo: leave out --pbx.');
  if (values.theme !== undefined && !['light', 'dark'].includes(values.theme))
    refuse('--theme is light or dark.');
  if (values.size !== undefined && !/^\d{3,4}x\d{3,4}$/.test(values.size))
    refuse('--size is WxH, such as 1000x700.');
  if (values.scale !== undefined && !['1', '2'].includes(values.scale)) refuse('--scale is 1 or 2.');
  if (values.capture !== undefined) {
    values.capture = path.resolve(process.env.INIT_CWD ?? process.cwd(), values.capture);
    if (!/\.png$/i.test(values.capture)) refuse('--capture writes a PNG: its name must end in .png.');
    if (!fs.existsSync(path.dirname(values.capture)))
      refuse(`There is no directory ${path.dirname(values.capture)}.`);
  }
  return values;
}

// --- the demo PBX ---

/** Starts it and resolves to `{ child, login, chat }` once it takes connections. */
async function startDemoPbx() {
  const child = start(toolchainNode(), [path.join(import.meta.dirname, 'demo-pbx.mjs')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors = [];
  onLines(child.stderr, (line) => errors.push(line));
  const ready = await new Promise((resolve) => {
    const timer = setTimeout(resolve, PBX_READY_MS, null);
    onLines(child.stdout, (line) => {
      const message = parseReady(line);
      if (message === null) return;
      clearTimeout(timer);
      resolve(message);
    });
    child.exited.then(() => {
      clearTimeout(timer);
      resolve(null);
    });
  });
  if (ready === null) throw new StartError(`The demo PBX does not start.\n${errors.slice(-20).join('\n')}`);
  return { child, errors, ...ready };
}

function parseReady(line) {
  try {
    const { login, chat } = JSON.parse(line);
    return login ? { login, chat } : null;
  } catch {
    return null;
  }
}

// --- the client ---

/** What Chromium writes on its own account ("[123:0101/120000.000000:ERROR:bus.cc(407)] …"): noise to a newcomer. */
const ENGINE_NOISE = /^\[\d+:\d+\/\d+\.\d+:[A-Z]+:[^\]]*\] |^$/;

function startClient(runtime, args, env, { verbose, quiet }) {
  const child = start(executableIn(runtime), [projectRoot, ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...env, ELECTRON_OVERRIDE_DIST_PATH: runtime },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', 'pipe'],
  });
  const lines = [];
  const listen = (stream, show) =>
    onLines(stream, (line) => {
      lines.push(line);
      if (lines.length > 200) lines.shift();
      if (show && (verbose || !ENGINE_NOISE.test(line))) console.error(line);
    });
  listen(child.stdout, false);
  listen(child.stderr, !quiet || verbose);
  return { child, lastLines: () => lines.slice(-30).join('\n') };
}

function clientArguments(options, profile) {
  const args = [];
  if (process.platform === 'linux' && process.getuid() === 0) args.push('--no-sandbox');
  if (profile !== null) args.push(`--user-data-dir=${profile}`);
  if (options.pbx !== undefined) args.push(`--server=${options.pbx}`);
  if (options.scale !== undefined) args.push(`--force-device-scale-factor=${options.scale}`);
  for (const name of ['chat', 'theme', 'size', 'lang', 'capture']) {
    if (options[name] !== undefined) args.push(`--${name}=${options[name]}`);
  }
  return args;
}

async function run() {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  stopAllOnSignals();
  const isDemo = options.pbx === undefined;
  const isCapture = options.capture !== undefined;

  const scratch = isCapture ? fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-capture-')) : null;
  process.once('exit', () => scratch && fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
  // A profile of its own, so that trying the demo leaves the settings of real use alone; those have Electron's default.
  const profile = scratch ?? (isDemo ? path.join(stateDirectory(), 'demo-profile') : null);
  if (isDemo && options.fresh) fs.rmSync(profile, { recursive: true, force: true });

  const [runtime, desktop, pbx] = await Promise.all([
    ensureRuntime({ say }),
    ensureDesktop({ preferVirtual: isCapture }),
    isDemo ? startDemoPbx() : null,
    build().then((built) => built && say('built')),
  ]);
  if (desktop.virtual) {
    say(
      `${hasDisplay() ? 'for the picture' : 'no display here:'} the client runs under Xvfb, display ${desktop.env.DISPLAY}`,
    );
    if (!isCapture) say('`npm start -- --capture FILE.png` makes a picture of it');
  }

  const env = { ...desktop.env };
  if (pbx) env.PBX_CHAT_LOGIN = JSON.stringify(pbx.login);
  if (isCapture) {
    options.chat ??= pbx.chat;
    fs.rmSync(options.capture, { force: true });
  }
  const client = startClient(runtime, clientArguments(options, profile), env, {
    verbose: options.verbose,
    quiet: isCapture,
  });
  if (pbx) {
    say(`demo PBX at ${pbx.login.server}, logged in as ${pbx.login.user}`);
    void pbx.child.exited.then((code) => {
      if (client.child.exitCode === null)
        say(`the demo PBX ended by itself (exit ${code}): ${pbx.errors.slice(-5).join('\n')}`);
    });
  }
  if (!isCapture) return finish(client, await client.child.exited);

  const timer = setTimeout(() => {
    timedOut = true;
    void stop(client.child);
  }, CAPTURE_MS);
  let timedOut = false;
  const code = await client.child.exited;
  clearTimeout(timer);
  if (timedOut)
    throw new StartError(
      `The conversation was not on screen after ${CAPTURE_MS / 1000} s.\n${client.lastLines()}`,
    );
  if (code !== 0)
    throw new StartError(`The client ended without a picture (exit ${code}).\n${client.lastLines()}`);
  if (!isPng(options.capture))
    throw new StartError(`The client wrote no picture to ${options.capture}.\n${client.lastLines()}`);
  say(`wrote ${options.capture}`);
  return 0;
}

function finish(client, code) {
  if (code !== 0) {
    say(`the client ended with exit code ${code}`);
    if (code === 127) say('run `npm run setup` to see what is missing');
  }
  return code;
}

function isPng(file) {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return fs.existsSync(file) && fs.readFileSync(file).subarray(0, 8).equals(signature);
}

let exitCode;
try {
  exitCode = await run();
} catch (error) {
  const told = error instanceof StartError || error instanceof RuntimeError || error instanceof DisplayError;
  console.error(told ? `start: ${error.message}` : error);
  exitCode = error.exitCode ?? 1;
}
await stopAll();
process.exit(exitCode);
