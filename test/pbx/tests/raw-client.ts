import { WebSocket, type ClientOptions } from 'ws';
import { isObject, parseJson, stringifyJson, type JsonObject } from '../json.ts';

/** A bare WebSocket for tests that speak the protocol themselves. */
export class RawClient {
  readonly frames: JsonObject[] = [];
  /** The frames as they came. */
  readonly texts: string[] = [];
  closedWith: number | undefined;
  readonly #socket: WebSocket;
  #taken = 0;
  readonly #watchers = new Set<() => void>();

  /** Resolves when the connection is open; rejects when it is refused. */
  static open(url: string, options: ClientOptions = {}): Promise<RawClient> {
    const socket = new WebSocket(url, options);
    const client = new RawClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
    });
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const text = String(data);
      this.texts.push(text);
      try {
        const frame = parseJson(text);
        if (isObject(frame)) this.frames.push(frame);
      } catch {
        // Garbage is what some tests ask for; it stays in `texts`.
      }
      this.#changed();
    });
    socket.on('close', (code) => {
      this.closedWith = code;
      this.#changed();
    });
    socket.on('error', () => undefined);
  }

  get socket(): WebSocket {
    return this.#socket;
  }

  send(frame: JsonObject): void {
    this.#socket.send(stringifyJson(frame));
  }

  /** The next frame with this `mt` after the last one that was taken. */
  async next(mt: string, timeoutMs = 3000): Promise<JsonObject> {
    const find = (): number =>
      this.frames.findIndex((frame, index) => index >= this.#taken && frame.mt === mt);
    await this.until(() => find() >= 0, `${mt}`, timeoutMs);
    const at = find();
    this.#taken = at + 1;
    return this.frames[at] as JsonObject;
  }

  async closed(): Promise<number> {
    await this.until(() => this.closedWith !== undefined, 'end of the connection');
    return this.closedWith ?? 0;
  }

  until(holds: () => boolean, what: string, timeoutMs = 3000): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(check);
        reject(new Error(`no ${what}; got ${this.texts.slice(-6).join('\n')}`));
      }, timeoutMs);
      const check = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  #changed(): void {
    for (const check of [...this.#watchers]) check();
  }
}
