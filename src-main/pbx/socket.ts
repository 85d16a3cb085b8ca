// One WebSocket: TLS, frames, heartbeat, and why it ended. Knows nothing of what the frames mean.
import type { Agent } from 'node:http';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { OfflineReason, Reason } from '../ipc/contract.ts';
import type { Frame, FrameError, Json } from './frames.ts';
import { parseFrame, serialise } from './frames.ts';
import type { PbxSettings, ProxyFailure, World } from './index.ts';
import { redact } from './redact.ts';
import { tlsOptions } from './tls.ts';

export interface LinkOptions {
  connection: 'client' | 'app';
  /** Tried in this order; the next one only when the server says that the one before is not there (HTTP 404). */
  urls: readonly string[];
  settings: PbxSettings;
  world: World;
  certificates?: readonly string[] | undefined;
  /** Protocol, section 3: whether silence is broken by `KeepAlive`. */
  keepAlive: boolean;
}

export interface LinkHandlers {
  opened(): void;
  /** `source` is the text of the frame as it came. */
  received(frame: Frame, source: string): void;
  /** Once, and not after `close`. */
  lost(reason: Reason<OfflineReason>): void;
}

export interface Link {
  /** False: the link is not open, nothing was sent. */
  send(frame: Json): boolean;
  /** A frame that is text already; `traced` stands for it in the trace. */
  sendText(text: string, traced: Json): boolean;
  /** Calls back when the server has everything that was sent so far; never, if the link is lost before. */
  confirm(arrived: () => void): void;
  /** Ask for a sign of life now, with a short deadline: the machine woke up. */
  probe(): void;
  /** Ends the link politely and within a second; what was sent before still goes out. */
  close(): void;
}

/** How long a closing handshake may take, in milliseconds. */
const closeTimeout = 1000;
/** A probe has this part of the deadline of an ordinary ping. */
const probeShare = 1 / 3;

export function openLink(options: LinkOptions, handlers: LinkHandlers): Link {
  const { connection, settings, world } = options;
  let socket: WebSocket | null = null;
  let over = false;
  let cancelConnect = () => {};
  let cancelHeartbeat = () => {};
  let cancelKeepAlive = () => {};
  let awaitingPong = false;
  /** Pings are numbered: the answer to one says that all before it have arrived, and all frames between them. */
  let pings = 0;
  let pongs = 0;
  let unconfirmed: { ping: number; arrived: () => void }[] = [];

  const trace = (text: string) => world.trace({ class: 'app', connection, text });

  /** The text is made only when somebody reads it: tracing that is off costs nothing. */
  function traceFrame(direction: 'in' | 'out', frame: Json) {
    world.trace({
      class: 'websocket',
      connection,
      direction,
      get text() {
        return redact(frame);
      },
    });
  }

  function stop() {
    over = true;
    cancelConnect();
    cancelHeartbeat();
    cancelKeepAlive();
  }

  function lose(reason: Reason<OfflineReason>) {
    if (over) return;
    stop();
    trace(`link ended: ${reason.code}${reason.detail === undefined ? '' : ` (${reason.detail})`}`);
    socket?.terminate();
    handlers.lost(reason);
  }

  function heartbeat() {
    cancelHeartbeat();
    awaitingPong = false;
    cancelHeartbeat = world.after(settings.pingInterval, () => ping(settings.pingDeadline));
  }

  function ping(deadline: number) {
    if (over || socket?.readyState !== WebSocket.OPEN) return;
    cancelHeartbeat();
    awaitingPong = true;
    socket.ping(String(++pings));
    cancelHeartbeat = world.after(deadline, () => lose({ code: 'heartbeat-lost' }));
  }

  function confirm(arrived: () => void) {
    if (over || socket?.readyState !== WebSocket.OPEN) return;
    unconfirmed.push({ ping: pings + 1, arrived });
    // A deadline that runs is not put off by another question.
    if (awaitingPong) socket.ping(String(++pings));
    else ping(settings.pingDeadline);
  }

  function answered(text: string) {
    if (awaitingPong) heartbeat();
    // A server that answers without the number, against the standard, answers them in turn.
    pongs = Math.min(pings, /^\d+$/.test(text) ? Number(text) : pongs + 1);
    const arrived = unconfirmed.filter((one) => one.ping <= pongs);
    unconfirmed = unconfirmed.filter((one) => one.ping > pongs);
    for (const one of arrived) one.arrived();
  }

  function keepAlive() {
    cancelKeepAlive();
    if (!options.keepAlive) return;
    cancelKeepAlive = world.after(settings.keepAlive, () => send({ mt: 'KeepAlive' }));
  }

  function send(frame: Json): boolean {
    return sendText(serialise(frame), frame);
  }

  function sendText(text: string, traced: Json): boolean {
    if (over || socket?.readyState !== WebSocket.OPEN) return false;
    traceFrame('out', traced);
    socket.send(text);
    keepAlive();
    return true;
  }

  function receive(text: string) {
    const parsed = parseFrame(text, settings.frameLimit);
    if (!parsed.ok) {
      trace(`ignored a frame of ${text.length} characters: ${wordsForFrameError[parsed.error]}`);
      return;
    }
    traceFrame('in', parsed.frame);
    try {
      handlers.received(parsed.frame, text);
    } catch (error) {
      // Never expected; but no frame may end the program.
      trace(`failed on ${parsed.frame.mt}: ${String(error)}`);
    }
  }

  function connect(index: number) {
    const url = options.urls[index] ?? '';
    if (world.agent === undefined) return attemptAt(index, url, null);
    void world.agent(url).then((agent) => over || attemptAt(index, url, agent));
  }

  function attemptAt(index: number, url: string, agent: Agent | null) {
    trace(`connecting to ${url}${agent === null ? '' : ' through a proxy'}`);
    const attempt = new WebSocket(url, {
      maxPayload: settings.frameLimit,
      perMessageDeflate: false,
      closeTimeout,
      ...(agent !== null && { agent }),
      ...tlsOptions(options.certificates),
    } as ClientOptions);
    socket = attempt;
    let opened = false;

    attempt.on('open', () => {
      if (over) return;
      opened = true;
      cancelConnect();
      heartbeat();
      keepAlive();
      handlers.opened();
    });
    attempt.on('message', (data, isBinary) => {
      if (over) return;
      if (awaitingPong) heartbeat();
      keepAlive();
      if (isBinary) trace('ignored a binary frame');
      else receive(data.toString());
    });
    attempt.on('pong', (data) => {
      if (!over) answered(data.toString());
    });
    attempt.on('unexpected-response', (request, response) => {
      request.destroy();
      response.destroy();
      if (over) return;
      const status = response.statusCode ?? 0;
      if (status === 404 && index + 1 < options.urls.length) connect(index + 1);
      else lose({ code: reasonOfStatus(status), detail: `HTTP ${status}` });
    });
    attempt.on('error', (error: NodeJS.ErrnoException) => {
      // A terminated handshake reports itself; only the attempt at hand counts.
      if (attempt !== socket) return;
      lose(opened ? { code: 'link-lost', detail: error.message } : reasonOfError(error));
    });
    attempt.on('close', (code, why) => {
      if (attempt !== socket) return;
      lose({ code: 'link-lost', detail: `${code} ${why.toString()}`.trim() });
    });
  }

  cancelConnect = world.after(settings.connectTimeout, () =>
    lose({ code: 'server-unreachable', detail: 'no answer in time' }),
  );
  connect(0);

  return {
    send,
    sendText,
    confirm,
    probe: () => ping(settings.pingDeadline * probeShare),
    close() {
      if (over) return;
      stop();
      if (socket?.readyState === WebSocket.OPEN) socket.close(1000);
      else socket?.terminate();
    },
  };
}

const wordsForFrameError: Record<FrameError, string> = {
  'too-large': 'too large',
  'not-json': 'not JSON',
  'not-an-object': 'not an object',
  'no-mt': 'no mt',
};

/** What answers HTTP instead of a WebSocket is not a PBX, unless it stands before one and does not reach it. */
function reasonOfStatus(status: number): OfflineReason {
  return status >= 502 && status <= 504 ? 'server-unreachable' : 'server-not-pbx';
}

/** Certificates have many ways to be wrong, and OpenSSL a name for each. */
const certificateError =
  /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|CRL_|ERR_TLS_/;

/** Why a connection could not be made, from the error of the network, of TLS or of a proxy. */
export function reasonOfError(
  error: Partial<ProxyFailure> & { code?: string | undefined; message: string },
): Reason<OfflineReason> {
  if (error.proxyReason !== undefined) return error.proxyReason;
  const code = error.code ?? '';
  const detail = code === '' ? error.message : code;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { code: 'server-unknown', detail };
  if (certificateError.test(code)) return { code: 'server-certificate', detail };
  // TLS towards something that speaks none, or HTTP that is no WebSocket handshake.
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('HPE_') || code === '') {
    return { code: 'server-not-pbx', detail };
  }
  return { code: 'server-unreachable', detail };
}
