import { WebSocket } from 'ws';
import { appLoginDigest } from '../digests.ts';
import { asText, isObject, parseJson, stringifyJson, type JsonObject } from '../json.ts';
import type { MessagesServiceOptions } from './service.ts';

const retryMs = 250;

/** The AppWebsocket connection of the service to the PBX (protocol, section 3), made again whenever it is lost. */
export class PbxLink {
  readonly #options: MessagesServiceOptions;
  readonly #on: { ready(): void; frame(frame: JsonObject): void; lost(): void };
  #socket: WebSocket | undefined;
  #ready = false;
  #closed = true;
  #cancelRetry: () => void = () => undefined;
  #onceReady: () => void = () => undefined;

  constructor(
    options: MessagesServiceOptions,
    on: { ready(): void; frame(frame: JsonObject): void; lost(): void },
  ) {
    this.#options = options;
    this.#on = on;
  }

  /** Resolves when the login has succeeded. */
  start(): Promise<void> {
    this.#closed = false;
    return new Promise((resolve) => {
      this.#onceReady = resolve;
      this.#connect();
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry();
    const socket = this.#socket;
    this.#ended();
    socket?.close();
  }

  send(frame: JsonObject): void {
    if (this.#ready) this.#socket?.send(stringifyJson(frame));
  }

  #connect(): void {
    const { certificate } = this.#options;
    const trust = certificate === undefined ? {} : { ca: certificate };
    const socket = new WebSocket(this.#options.pbxUrl(), trust);
    this.#socket = socket;
    socket.on('open', () => socket.send(stringifyJson({ mt: 'AppChallenge' })));
    socket.on('message', (data) => this.#receive(socket, String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#ended();
      if (!this.#closed) this.#cancelRetry = this.#options.clock.after(retryMs, () => this.#connect());
    });
  }

  #ended(): void {
    const wasReady = this.#ready;
    this.#socket = undefined;
    this.#ready = false;
    if (wasReady) this.#on.lost();
  }

  #receive(socket: WebSocket, text: string): void {
    const frame = parseFrame(text);
    if (frame === undefined) return;
    const { app, password } = this.#options;
    if (frame.mt === 'AppChallengeResult') {
      const challenge = String(frame.challenge);
      const digest = appLoginDigest({ app, challenge, password });
      socket.send(stringifyJson({ mt: 'AppLogin', app, digest }));
    } else if (frame.mt === 'AppLoginResult') {
      if (frame.ok !== true) return socket.close();
      this.#ready = true;
      this.#on.ready();
    } else if (frame.mt === 'RegisterResult' && asText(frame.err) === undefined) {
      this.#onceReady();
    } else {
      this.#on.frame(frame);
    }
  }
}

function parseFrame(text: string): JsonObject | undefined {
  try {
    const frame = parseJson(text);
    return isObject(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}
