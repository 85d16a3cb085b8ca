import type { WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import type { Faults, LinkKind, LinkTarget } from './faults.ts';
import type { FrameLog } from './frame-log.ts';
import { frameTexts } from './frame-text.ts';
import { isObject, parseJson, stringifyJson, type JsonObject } from './json.ts';
import type { Switches } from './switches.ts';

export interface LinkServices {
  clock: Clock;
  faults: Faults;
  switches: Switches;
  received: FrameLog;
  sent: FrameLog;
}

let links = 0;

/** What waits, waits in line: a timer that is late must not let through what came behind it. */
class InOrder {
  readonly #clock: Clock;
  readonly #line: { due: number; run: () => void }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs at once when there is nothing to wait for, else so many milliseconds later and behind all before it. */
  after(milliseconds: number, run: () => void): void {
    if (milliseconds <= 0 && this.#line.length === 0) return run();
    this.#line.push({ due: this.#clock.now() + milliseconds, run });
    if (this.#line.length === 1) this.#wait();
  }

  #wait(): void {
    const due = this.#line[0]?.due ?? 0;
    this.#clock.after(Math.max(0, due - this.#clock.now()), () => {
      const next = this.#line.shift();
      if (this.#line.length > 0) this.#wait();
      next?.run();
    });
  }
}

/** One WebSocket as the PBX sees it: text frames with a string `mt` in both directions, faults included. */
export class Link implements LinkTarget {
  readonly id = ++links;
  readonly kind: LinkKind;
  /** Scheme, host and port as the client addressed the PBX: "https://pbx.example.com:8443". */
  readonly origin: string;
  /** The sip of who logged in; empty before. */
  user = '';
  /** The other end is a part of the PBX: frames go there as they are, whatever the switches for clients say. */
  internal = false;
  onFrame: (frame: JsonObject) => void = () => undefined;
  onClose: () => void = () => undefined;

  #socket: WebSocket;
  #services: LinkServices;
  #closed = false;
  #halfOpen = false;
  #dropped = false;
  readonly #out: InOrder;
  readonly #in: InOrder;
  #awaitingPong = false;

  constructor(socket: WebSocket, kind: LinkKind, origin: string, services: LinkServices) {
    this.#socket = socket;
    this.kind = kind;
    this.origin = origin;
    this.#services = services;
    this.#out = new InOrder(services.clock);
    this.#in = new InOrder(services.clock);
    services.faults.attach(this);
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.close(1003, 'text frames only');
      else this.#receive(String(data));
    });
    // Pongs are by hand (the server is created with autoPong false), so that a half-open link can withhold them.
    socket.on('ping', (data) => {
      if (!this.#halfOpen && socket.readyState === socket.OPEN) socket.pong(data);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#ended());
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(frame: JsonObject): void {
    if (this.#closed) return;
    const { faults } = this.#services;
    const rules = faults.strike({ direction: 'out', kind: this.kind, user: this.user, frame });
    const extra = rules.reduce((sum, rule) => sum + (rule.action === 'delay' ? (rule.ms ?? 1000) : 0), 0);
    const deliver = (): void => {
      for (const rule of rules) {
        if (rule.action === 'drop-before') return this.drop();
        if (rule.action === 'half-open') this.setHalfOpen(true);
        if (rule.action === 'garbage') this.sendRaw(rule.text ?? '{"mt":"Half');
      }
      if (rules.some((rule) => rule.action === 'swallow')) return;
      const texts = this.internal ? [stringifyJson(frame)] : frameTexts(frame, this.#services.switches);
      for (const text of texts) this.sendRaw(text);
      if (rules.some((rule) => rule.action === 'duplicate')) for (const text of texts) this.sendRaw(text);
      if (!this.#halfOpen) this.#log(this.#services.sent, frame);
      if (rules.some((rule) => rule.action === 'drop-after')) this.drop();
    };
    this.#out.after(faults.delayMs + extra, deliver);
  }

  sendRaw(text: string): void {
    if (this.#closed || this.#halfOpen || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text);
  }

  /** Ends with a closing handshake. */
  close(code = 1000, reason = ''): void {
    this.#socket.close(code, reason);
  }

  /** Breaks off without one, as a lost network does: what has come already is lost with it. */
  drop(): void {
    this.#dropped = true;
    this.#socket.terminate();
  }

  setHalfOpen(value: boolean): void {
    if (this.#halfOpen === value || this.#closed) return;
    this.#halfOpen = value;
    if (value) this.#socket.pause();
    else this.#socket.resume();
  }

  /** Asks for a sign of life; breaks off when the last request is still open. */
  probe(): void {
    if (this.#closed || this.#halfOpen) return;
    if (this.#awaitingPong) return this.drop();
    this.#awaitingPong = true;
    this.#socket.once('pong', () => (this.#awaitingPong = false));
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #receive(text: string): void {
    if (this.#halfOpen || this.#dropped || this.#closed) return;
    let frame;
    try {
      frame = parseJson(text);
    } catch {
      return this.close(1007, 'not JSON');
    }
    if (!isObject(frame) || typeof frame.mt !== 'string')
      return this.close(1007, 'not a frame: an object with mt');
    const received = frame;
    const rules = this.#services.faults.strike({ direction: 'in', kind: this.kind, user: this.user, frame });
    const has = (action: string): boolean => rules.some((rule) => rule.action === action);
    if (has('drop-before')) return this.drop();
    if (has('half-open')) return this.setHalfOpen(true);
    if (has('swallow')) return;
    const refusal = rules.find((rule) => rule.action === 'refuse');
    const take = (): void => {
      if (this.#closed) return;
      if (refusal !== undefined) return this.#refuse(received, refusal.cause ?? 41);
      this.#log(this.#services.received, received);
      this.onFrame(received);
      if (has('duplicate')) this.onFrame(received);
      if (has('drop-after')) this.drop();
    };
    const delay = rules.reduce((sum, rule) => sum + (rule.action === 'delay' ? (rule.ms ?? 1000) : 0), 0);
    this.#in.after(delay, take);
  }

  #refuse({ mt, api, src, call }: JsonObject, cause: number): void {
    if (mt !== 'Signaling') return this.send({ api, mt: 'Error', src });
    const released = { api, mt, call, sig: { type: 'rel', cau: { num: cause } } };
    this.send(released);
    // For whoever else has this call, it ends in the same way.
    this.onFrame(released);
  }

  #log(log: FrameLog, frame: JsonObject): void {
    log.add({ at: this.#services.clock.now(), kind: this.kind, link: this.id, user: this.user, frame });
  }

  #ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#services.faults.detach(this);
    this.onClose();
  }
}
