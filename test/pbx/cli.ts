import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startPbx, type Pbx, type PbxStartOptions } from './index.ts';
import { defaultSwitches, describeSwitches, setSwitch, type Switches } from './switches.ts';
import type { World } from './world.ts';
import { findWorld, worldNames } from './worlds/index.ts';

const help = `A PBX to try the chat with, alone on this computer or for clients on several.

  npm run pbx -- [options]

  --port PORT         port for https and wss (default 8443; 0 = any free one)
  --host ADDRESS      where it listens with TLS (default: every address of this computer, so that other machines
                      reach it, too; 127.0.0.1 = this computer alone)
  --plain-port PORT   port for http and ws, on this computer alone (default: the one after --port)
  --no-plain          TLS only
  --no-tls            no TLS: --port is for http and ws, on this computer alone unless --host says otherwise
  --world NAME        ${worldNames.join(', ')}, or the path of a module that makes one (default demo)
  --data DIR          keep sessions, chats, groups and files in DIR (default: forget all at the end)
  --switch NAME=VALUE choose one of the behaviours below; can be given several times
  --control           answer at /control on loopback, for tests in another process
  --no-bots           nobody answers by herself
  --verbose           tell what is refused or ignored
  --help              this text

Switches, the default first:
${describeSwitches()}
`;

const loopback = '127.0.0.1';

interface Wishes {
  options: PbxStartOptions;
  world: World;
}

class BadOption extends Error {}

async function readOptions(argv: string[]): Promise<Wishes | 'help'> {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      allowNegative: true,
      options: {
        port: { type: 'string', default: '8443' },
        'plain-port': { type: 'string' },
        plain: { type: 'boolean', default: true },
        tls: { type: 'boolean', default: true },
        host: { type: 'string' },
        world: { type: 'string', default: 'demo' },
        data: { type: 'string' },
        switch: { type: 'string', multiple: true, default: [] },
        control: { type: 'boolean', default: false },
        bots: { type: 'boolean', default: true },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return 'help';
  const { tls } = values;
  const port = portNumber('--port', values.port);
  const plainPort = plainPortNumber(values, port);
  const host = nonEmpty('--host', values.host) ?? (tls ? '0.0.0.0' : loopback);
  const data = nonEmpty('--data', values.data);
  const world = await findWorld(values.world).catch((error: unknown) => {
    throw new BadOption(error instanceof Error ? error.message : String(error));
  });
  return {
    world,
    options: {
      world,
      host,
      ...(tls ? { plainHost: loopback } : {}),
      tls,
      plain: !tls || plainPort !== undefined,
      port: tls ? (plainPort ?? 0) : port,
      tlsPort: port,
      switches: readSwitches(values.switch),
      control: values.control,
      bots: values.bots,
      ...(data === undefined ? {} : { dataDir: data }),
      ...(values.verbose ? { trace: (text: string) => console.log(`  . ${text}`) } : {}),
    },
  };
}

/** Undefined: without TLS, or with nothing else. */
function plainPortNumber(
  given: { 'plain-port'?: string; plain: boolean; tls: boolean },
  port: number,
): number | undefined {
  const text = given['plain-port'];
  if (text !== undefined && !given.plain)
    throw new BadOption('--plain-port and --no-plain exclude each other');
  if (!given.tls && text !== undefined) throw new BadOption('--no-tls already makes --port the plain one');
  if (!given.tls && !given.plain) throw new BadOption('--no-tls and --no-plain leave nothing to listen with');
  if (!given.tls || !given.plain) return undefined;
  if (text === undefined) return port === 0 || port === 65_535 ? 0 : port + 1;
  const plainPort = portNumber('--plain-port', text);
  if (plainPort !== 0 && plainPort === port) throw new BadOption('--plain-port is another one than --port');
  return plainPort;
}

function nonEmpty(option: string, text: string | undefined): string | undefined {
  if (text?.trim() === '') throw new BadOption(`${option} is empty`);
  return text;
}

function portNumber(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new BadOption(`${option} is a number from 0 to 65535, not '${text}'`);
  return port;
}

function readSwitches(given: string[]): Partial<Switches> {
  const switches = defaultSwitches();
  for (const text of given) {
    const at = text.indexOf('=');
    const problem =
      at < 0
        ? `--switch is NAME=VALUE, not '${text}'`
        : setSwitch(switches, text.slice(0, at), text.slice(at + 1));
    if (problem !== undefined) throw new BadOption(problem);
  }
  return switches;
}

function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows
    .map(
      (row) =>
        '  ' +
        row
          .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
          .join('  ')
          .trimEnd(),
    )
    .join('\n');
}

function describe(pbx: Pbx, world: World, options: PbxStartOptions): string {
  const { host = loopback } = options;
  const here = 'this computer alone';
  const ports = [
    ...(pbx.tlsPort === undefined ? [] : [{ scheme: 'https', port: pbx.tlsPort, host }]),
    ...(pbx.plainPort === undefined
      ? []
      : [{ scheme: 'http', port: pbx.plainPort, host: options.plainHost ?? host }]),
  ];
  const prefix = pbx.switches.pathPrefix;
  const addresses = ports.flatMap(({ scheme, port, host: listening }) =>
    reachable(listening).map((address) => [
      `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}${prefix}`,
      isLoopback(listening) ? here : isLoopback(address) ? 'this computer' : 'other machines, too',
    ]),
  );
  const users = world.users.map((user) => [
    user.sip,
    user.password,
    user.dn,
    !user.chat ? 'no right to chat' : user.licensed ? 'stored chat' : 'volatile chat',
    `${user.sip === world.newcomer ? 'the newcomer; ' : ''}${user.about ?? ''}`.replace(/; $/, ''),
  ]);
  const kept =
    options.dataDir === undefined
      ? 'Everything is forgotten at the end (--data DIR keeps it).'
      : `Kept in ${options.dataDir}.`;
  return [
    `PBX with the world '${world.name}', domain ${world.domain}, at`,
    table(addresses),
    ...(isLoopback(host)
      ? []
      : [`Whoever reaches this computer can log in; --host ${loopback} keeps it to itself.`]),
    ...(pbx.tlsPort === undefined ? [] : [trust(options.dataDir)]),
    kept,
    ...(options.control === true
      ? [`Control: ${ports.at(-1)?.scheme}://${loopback}:${ports.at(-1)?.port}/control`]
      : []),
    '',
    'Who can log in:',
    table([['user', 'password', 'name', 'chat', ''], ...users]),
    '',
    'App object: pbxadminapi, password pwd',
    'Ctrl+C ends it.',
  ].join('\n');
}

/** How clients come to trust the certificate. */
function trust(directory: string | undefined): string {
  return directory === undefined
    ? 'The certificate is self-signed, and another one after each start.'
    : `The certificate is self-signed; to trust it: NODE_EXTRA_CA_CERTS=${resolve(directory, 'certificate.pem')}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** The addresses behind the one it listens on. */
function reachable(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const own = all
    .filter((one) => one.family === 'IPv4' || (host === '::' && one.scopeid === 0))
    .map((one) => one.address);
  return own.length === 0 ? [loopback] : own;
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return `the port is taken: ${message}; choose others with --port and --plain-port`;
    case 'EACCES':
      return `not allowed: ${message}; ports below 1024 need more rights`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `--host is no address of this computer: ${message}`;
    default:
      return message;
  }
}

function fail(error: unknown): never {
  console.error(`pbx: ${explain(error)}`);
  if (error instanceof BadOption) console.error('Try --help.');
  process.exit(error instanceof BadOption ? 2 : 1);
}

async function main(): Promise<void> {
  const wishes = await readOptions(process.argv.slice(2));
  if (wishes === 'help') {
    console.log(help);
    return;
  }
  const pbx = await startPbx(wishes.options);
  console.log(describe(pbx, wishes.world, wishes.options));
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    pbx.close().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  // Such as a disk that is full: said in words, and what was written before stays.
  process.on('uncaughtException', fail);
}

main().catch(fail);
