import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FrameRule, LinkFilter } from './faults.ts';
import type { Pbx } from './index.ts';
import { isObject, parseJson, stringifyJson, type Json, type JsonObject } from './json.ts';
import type { Peer } from './peer.ts';

const lastingFaults = [
  ...['refuseConnections', 'delayMs', 'wrongLoginDigest'],
  ...['upload', 'fileRate', 'download', 'redirectTo'],
];

type Command = (argument: JsonObject) => Json | Promise<Json>;

/**
 * `/control`, for tests in another process: GET tells the state, POST {"command": NAME, …} does something. On loopback
 * only, and only when it was asked for.
 */
export function controlHandler(pbx: Pbx): (request: IncomingMessage, response: ServerResponse) => void {
  const commands = controlCommands(pbx);
  return (request, response) => {
    if (!/^(?:::1|::ffff:127\.|127\.)/.test(request.socket.remoteAddress ?? ''))
      return reply(response, 403, { error: 'loopback only' });
    if (request.method === 'GET') return reply(response, 200, state(pbx));
    if (request.method !== 'POST') return reply(response, 405, { error: 'GET or POST' });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      run(commands, Buffer.concat(chunks).toString('utf8')).then(
        (result) => reply(response, 200, { ok: true, result }),
        (error: unknown) =>
          reply(response, 400, { error: error instanceof Error ? error.message : String(error) }),
      );
    });
  };
}

async function run(commands: Record<string, Command>, text: string): Promise<Json> {
  const body = parseJson(text);
  if (!isObject(body) || typeof body.command !== 'string')
    throw new Error('a JSON object with a command is needed');
  const command = Object.hasOwn(commands, body.command) ? commands[body.command] : undefined;
  if (command === undefined) throw new Error(`commands: ${Object.keys(commands).join(', ')}`);
  return command(body);
}

function controlCommands(pbx: Pbx): Record<string, Command> {
  const peers = new Map<string, Promise<Peer>>();
  const peer = (sip: string): Promise<Peer> => {
    const known = peers.get(sip) ?? pbx.user(sip);
    peers.set(sip, known);
    known.catch(() => peers.delete(sip));
    return known;
  };
  const sip = (argument: JsonObject): string => String(argument.user);
  return {
    /** {name, value} */
    switch: (argument) => {
      pbx.setSwitch(String(argument.name), argument.value as string | number);
      return null;
    },
    /** {rule}: a fault for single frames */
    fault: (argument) => {
      pbx.faults.on(argument.rule as unknown as FrameRule);
      return null;
    },
    /** {refuseConnections?, delayMs?, wrongLoginDigest?, upload?, fileRate?, download?, redirectTo?} */
    faults: (argument) => {
      const { command: _command, ...values } = argument;
      for (const name of Object.keys(values)) {
        if (!lastingFaults.includes(name)) {
          throw new Error(`there is no fault '${name}'`);
        }
      }
      Object.assign(pbx.faults, values);
      return null;
    },
    clearFaults: () => {
      pbx.faults.clear();
      return null;
    },
    /** {kind?, user?}: links break */
    drop: (argument) => pbx.faults.drop(argument as LinkFilter),
    /** {value, kind?, user?} */
    halfOpen: (argument) => pbx.faults.halfOpen(argument.value !== false, argument as LinkFilter),
    /** {text?, kind?, user?} */
    garbage: (argument) => pbx.faults.garbage(argument.text as string | undefined, argument as LinkFilter),
    /** {downMs?} */
    restart: async (argument) => {
      setTimeout(() => void pbx.restart(Number(argument.downMs ?? 0)), 20);
      return null;
    },
    /** {user, value} */
    licence: (argument) => {
      pbx.setLicence(sip(argument), argument.value === true);
      return null;
    },
    /** {user, value} */
    chatRight: (argument) => {
      pbx.setChatRight(sip(argument), argument.value === true);
      return null;
    },
    /** {user?}: Error on the messages sessions */
    messagesError: (argument) => pbx.messagesError(argument.user as string | undefined),
    /** {value}: the Messages service is up or down */
    messagesService: async (argument) => {
      await pbx.setMessagesService(argument.value === true);
      return null;
    },
    /** {mt: 'StandbyBack' | 'Disconnect', user?}: client connections are told that they end, and end */
    announceEnd: (argument) => {
      if (argument.mt !== 'StandbyBack' && argument.mt !== 'Disconnect')
        throw new Error('mt is StandbyBack or Disconnect');
      pbx.announceEnd(argument.mt, argument.user as string | undefined);
      return null;
    },
    logOut: (argument) => {
      pbx.logOut(sip(argument));
      return null;
    },
    authorize: (argument) => {
      pbx.authorize(sip(argument));
      return null;
    },
    /** {user, activity, note} */
    presence: (argument) => {
      pbx.core.presence.setOwn(sip(argument), String(argument.activity ?? ''), String(argument.note ?? ''));
      return null;
    },
    /** {user, to, text}: somebody writes */
    say: async (argument) => {
      (await peer(sip(argument))).say(String(argument.to), String(argument.text));
      return null;
    },
    /** {user, to, html, attach?} */
    send: async (argument) => {
      const { html, attach } = argument;
      (await peer(sip(argument))).send(String(argument.to), String(html), attach as string | undefined);
      return null;
    },
    /** {user, to, value} */
    typing: async (argument) => {
      (await peer(sip(argument))).setTyping(String(argument.to), argument.value === true);
      return null;
    },
    /** {user}: somebody logs in and answers */
    arrive: async (argument) => {
      await peer(sip(argument));
      return null;
    },
    /** {user}: and goes again */
    leave: async (argument) => {
      (await peer(sip(argument))).close();
      peers.delete(sip(argument));
      return null;
    },
    /** {user}: what somebody has received */
    messages: async (argument) => (await peer(sip(argument))).messages as unknown as Json,
  };
}

function state(pbx: Pbx): JsonObject {
  return {
    world: pbx.world.name,
    url: pbx.url,
    switches: { ...pbx.switches },
    registered: pbx.world.users.map((user) => user.sip).filter((sip) => pbx.isRegistered(sip)),
    traces: pbx.traces.slice(-50),
  };
}

function reply(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(stringifyJson(body));
}
