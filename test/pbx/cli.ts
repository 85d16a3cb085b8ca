import { networkInterfaces } from 'node:os';
import { parseArgs } from 'node:util';
import { startPbx, type Pbx, type PbxStartOptions } from './index.ts';
import { defaultSwitches, describeSwitches, setSwitch, type Switches } from './switches.ts';
import type { World } from './world.ts';
import { findWorld, worldNames } from './worlds/index.ts';

const help = `A PBX to try the chat with. Nothing leaves this machine unless --host says so.

  npm run pbx -- [options]

  --port PORT         port for https and wss (default 8443; 0 = any free one)
  --plain-port PORT   also listen for http and ws on this port
  --no-tls            --port is for http and ws, and there is no TLS
  --host ADDRESS      listen there (default 127.0.0.1; 0.0.0.0 = for other machines, too)
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
        tls: { type: 'boolean', default: true },
        host: { type: 'string', default: '127.0.0.1' },
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
  const port = portNumber('--port', values.port);
  const plainPort =
    values['plain-port'] === undefined ? undefined : portNumber('--plain-port', values['plain-port']);
  if (!values.tls && plainPort !== undefined)
    throw new BadOption('--no-tls already makes --port the plain one');
  const world = await findWorld(values.world).catch((error: unknown) => {
    throw new BadOption(error instanceof Error ? error.message : String(error));
  });
  return {
    world,
    options: {
      world,
      host: values.host,
      tls: values.tls,
      plain: !values.tls || plainPort !== undefined,
      port: values.tls ? (plainPort ?? 0) : port,
      tlsPort: port,
      switches: readSwitches(values.switch),
      control: values.control,
      bots: values.bots,
      ...(values.data === undefined ? {} : { dataDir: values.data }),
      ...(values.verbose ? { trace: (text: string) => console.log(`  . ${text}`) } : {}),
    },
  };
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
  const prefix = pbx.switches.pathPrefix;
  const ports = [
    ...(pbx.tlsPort === undefined ? [] : [{ scheme: 'https', port: pbx.tlsPort }]),
    ...(pbx.plainPort === undefined ? [] : [{ scheme: 'http', port: pbx.plainPort }]),
  ];
  const hosts =
    options.host === '0.0.0.0' || options.host === '::' ? ownAddresses() : [options.host ?? '127.0.0.1'];
  const urls = ports.flatMap(({ scheme, port }) =>
    hosts.map((host) => `  ${scheme}://${host}:${port}${prefix}`),
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
    ...urls,
    ...(pbx.tlsPort === undefined ? [] : ['The certificate is self-signed.']),
    kept,
    ...(options.control === true
      ? [`Control: ${ports[0]?.scheme}://127.0.0.1:${ports[0]?.port}/control`]
      : []),
    '',
    'Who can log in:',
    table([['user', 'password', 'name', 'chat', ''], ...users]),
    '',
    'App object: pbxadminapi, password pwd',
    'Ctrl+C ends it.',
  ].join('\n');
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.filter((one) => one.family === 'IPv4').map((one) => one.address);
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `the port is taken: ${message}; choose another with --port`;
  if (code === 'EACCES')
    return `not allowed: ${message}; ports below 1024 need more rights, --data a folder to write to`;
  return message;
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
    pbx.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(explain(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

main().catch((error: unknown) => {
  console.error(`pbx: ${explain(error)}`);
  if (error instanceof BadOption) console.error('Try --help.');
  process.exit(error instanceof BadOption ? 2 : 1);
});
