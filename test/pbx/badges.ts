import type { Core } from './core.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Endpoint } from './signal.ts';

type Listener = (items: JsonObject[], up: boolean) => void;

/**
 * The presence of the chat app, which carries the badge (protocol, section 5). The PBX gets it as it gets the presence
 * of every app: by a presence subscription call to the service behind it, one per user.
 */
export class Badges {
  readonly #core: Core;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Calls the listener now and after each change; the result ends that. */
  subscribe(sip: string, listener: Listener): () => void {
    const subscription = this.#subscriptions.get(sip) ?? new Subscription(this.#core, sip);
    this.#subscriptions.set(sip, subscription);
    subscription.add(listener);
    return () => {
      subscription.remove(listener);
      if (!subscription.empty) return;
      subscription.end();
      this.#subscriptions.delete(sip);
    };
  }

  /** The service has come (back): ask it again. */
  serviceArrived(): void {
    for (const subscription of this.#subscriptions.values()) subscription.call();
  }
}

class Subscription implements Endpoint {
  readonly sip: string;
  readonly trusted = true;
  readonly #core: Core;
  readonly #listeners = new Set<Listener>();
  #items: JsonObject[] = [];
  #up = false;
  #number = 0;

  constructor(core: Core, sip: string) {
    this.#core = core;
    this.sip = sip;
    this.call();
  }

  get empty(): boolean {
    return this.#listeners.size === 0;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    listener(this.#shown(), this.#up);
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  call(): void {
    if (this.#up) return;
    const { signal, directory } = this.#core;
    this.#number += 1;
    const fty = [{ type: 'presence_subscribe' }];
    const setup = {
      bc: 'a880',
      channel: 0,
      complete: true,
      cg: { sip: this.sip },
      cd: { sip: directory.chatApp.name },
    };
    signal.setup(this, this.#number, { type: 'setup', ...setup, fty }, fty);
  }

  end(): void {
    this.#core.signal.unregister(this);
  }

  signal(call: number, sig: JsonObject): void {
    if (call !== this.#number) return;
    if (sig.type === 'conn') this.#up = true;
    if (sig.type === 'rel') {
      this.#up = false;
      this.#items = [];
    }
    for (const facility of Array.isArray(sig.fty) ? sig.fty : []) {
      if (!isObject(facility) || facility.type !== 'presence_notify') continue;
      const { contact, status, activity, note } = facility;
      this.#items = [{ contact, status, activity: activity ?? '', note: note ?? '' }];
    }
    const notable = sig.type === 'facility' ? this.#core.switches.badgeNote === 'sent' : true;
    if (notable && (sig.type === 'conn' || sig.type === 'rel' || sig.type === 'facility')) {
      for (const listener of [...this.#listeners]) listener(this.#shown(), this.#up);
    }
  }

  #shown(): JsonObject[] {
    return this.#core.switches.badgeNote === 'sent' ? this.#items : [];
  }
}
