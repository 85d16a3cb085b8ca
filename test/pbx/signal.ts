import { Call, type Leg, type Target } from './call.ts';
import type { Core } from './core.ts';
import { checkFacilities, wrongForm } from './facilities.ts';
import { asText, isObject, type Json, type JsonObject } from './json.ts';
import { groupPrefix } from './world.ts';

/** Whatever can call and be called: a connection with a registration, or a part of the PBX itself. */
export interface Endpoint {
  /** The sip of its user or app object. */
  readonly sip: string;
  /** It may say who calls and who wrote: the Messages service. */
  readonly trusted: boolean;
  signal(call: number, sig: JsonObject): void;
}

/** PbxSignal for all connections (protocol, section 4): who is registered, and which call is whose. */
export class Signal {
  /** Told of every registration, by sip. */
  readonly watchers = new Set<(sip: string) => void>();
  readonly #core: Core;
  readonly #registered: Endpoint[] = [];
  readonly #legs = new Map<Endpoint, Map<number, Leg>>();
  readonly #lastInbound = new Map<Endpoint, number>();
  readonly #waiting = new Set<Call>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** From now on calls to its sip ring here. */
  register(endpoint: Endpoint): void {
    if (this.#registered.includes(endpoint)) return;
    this.#registered.push(endpoint);
    for (const watcher of [...this.watchers]) watcher(endpoint.sip);
    for (const call of [...this.#waiting]) {
      if (call.target.user !== undefined && call.target.sip === endpoint.sip) call.arrived(endpoint);
    }
  }

  isRegistered(endpoint: Endpoint): boolean {
    return this.#registered.includes(endpoint);
  }

  registered(sip: string): Endpoint[] {
    return this.#registered.filter((endpoint) => endpoint.sip === sip);
  }

  /** The connection is gone: its calls end. */
  unregister(endpoint: Endpoint): void {
    const at = this.#registered.indexOf(endpoint);
    if (at >= 0) this.#registered.splice(at, 1);
    for (const leg of [...(this.#legs.get(endpoint)?.values() ?? [])]) leg.call.lost(leg);
    this.#legs.delete(endpoint);
    this.#lastInbound.delete(endpoint);
  }

  /** Ends all calls of a user, with a cause for both sides. */
  releaseCallsOf(sip: string, cause: number): void {
    for (const endpoint of this.registered(sip)) {
      for (const leg of [...(this.#legs.get(endpoint)?.values() ?? [])]) leg.call.releaseAll(cause);
    }
  }

  /** A Signaling frame from a connection. */
  receive(endpoint: Endpoint, number: Json | undefined, sig: Json | undefined): void {
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || !isObject(sig)) {
      return this.#core.trace(`Signaling of ${endpoint.sip}: no call number or no sig`);
    }
    const leg = this.#legs.get(endpoint)?.get(number);
    if (!this.isRegistered(endpoint)) {
      this.#core.trace(`Signaling of ${endpoint.sip}: not registered`);
      return this.#reject(endpoint, number, wrongForm.wrongState);
    }
    const verdict = checkFacilities(sig.fty, this.#core.switches);
    if (!verdict.ok) {
      this.#core.trace(`${String(sig.type)} of ${endpoint.sip}: ${verdict.reason}`);
      if (leg !== undefined) leg.call.abort(leg, verdict.cause);
      else this.#reject(endpoint, number, verdict.cause);
      return;
    }
    if (sig.type === 'setup') {
      if (leg !== undefined) return leg.call.abort(leg, wrongForm.callReference);
      return this.setup(endpoint, number, sig, verdict.facilities);
    }
    if (leg !== undefined) return leg.call.receive(leg, sig, verdict.facilities);
    // Both sides may release at the same moment; anything else on a call that is not there is told so.
    if (sig.type !== 'rel' && sig.type !== 'disc') this.#reject(endpoint, number, wrongForm.callReference);
  }

  /** Starts a call. */
  setup(endpoint: Endpoint, number: number, sig: JsonObject, facilities: JsonObject[]): void {
    const { switches, directory } = this.#core;
    const problem = this.#checkSetup(endpoint, number, sig, facilities);
    if (problem !== undefined) {
      this.#core.trace(`setup of ${endpoint.sip}: ${problem.reason}`);
      return this.#reject(endpoint, number, problem.cause);
    }
    const caller = directory.user(endpoint.sip);
    if (caller?.chat === false) return this.#reject(endpoint, number, 21);
    const mayCallGroups = endpoint.trusted || caller === undefined || caller.licensed;
    const target = this.#target(sig.cd as JsonObject, mayCallGroups);
    if (typeof target === 'number') return this.#reject(endpoint, number, target);
    if (target.user?.chat === false) return this.#reject(endpoint, number, switches.noChatRightCause);
    const call = new Call(this.#core, this.#routing, endpoint, number, target, { ...sig, fty: facilities });
    this.#add(call.caller);
    this.#waiting.add(call);
    call.start(facilities);
  }

  readonly #routing = {
    ring: (call: Call, endpoint: Endpoint): Leg => {
      const number = (this.#lastInbound.get(endpoint) ?? 0) - 1;
      this.#lastInbound.set(endpoint, number);
      const leg = { endpoint, number, call, ended: false };
      this.#add(leg);
      return leg;
    },
    registered: (sip: string): Endpoint[] => this.registered(sip),
    forget: (leg: Leg): void => {
      this.#legs.get(leg.endpoint)?.delete(leg.number);
      if (leg === leg.call.caller) this.#waiting.delete(leg.call);
    },
  };

  #add(leg: Leg): void {
    const legs = this.#legs.get(leg.endpoint) ?? new Map<number, Leg>();
    this.#legs.set(leg.endpoint, legs);
    legs.set(leg.number, leg);
  }

  #checkSetup(
    endpoint: Endpoint,
    number: number,
    sig: JsonObject,
    facilities: JsonObject[],
  ): { cause: number; reason: string } | undefined {
    if (number <= 0)
      return { cause: wrongForm.callReference, reason: `own calls are positive, not ${number}` };
    const cd = sig.cd;
    if (!isObject(cd) || (typeof cd.sip !== 'string' && typeof cd.num !== 'string')) {
      return { cause: wrongForm.invalidContent, reason: 'cd has neither sip nor num' };
    }
    if (sig.bc !== 'a880' || sig.channel !== 0 || sig.complete !== true) {
      return { cause: wrongForm.invalidContent, reason: 'a chat has bc a880, channel 0 and complete true' };
    }
    const kinds = new Set(facilities.map((facility) => facility.type));
    if (!kinds.has('im_setup') && !(kinds.has('presence_subscribe') && endpoint.trusted)) {
      return { cause: wrongForm.notImplemented, reason: 'no im_setup' };
    }
    return undefined;
  }

  /** Whom `cd` names, or the cause why nobody can be called there. */
  #target(cd: JsonObject, mayCallGroups: boolean): Target | number {
    const { directory, switches, relay } = this.#core;
    const sip = asText(cd.sip);
    const user = sip === undefined ? directory.byNumber(String(cd.num)) : directory.user(sip);
    if (user !== undefined) return { user, sip: user.sip };
    const bare = sip === undefined ? '' : directory.bare(sip);
    const isService = bare.startsWith(groupPrefix) || bare === directory.chatApp.name;
    if (!isService) return switches.unknownUserCause;
    if (!mayCallGroups) return switches.noLicenceCause;
    const service = relay.endpoint;
    if (service === undefined || !this.isRegistered(service)) return 27;
    return { user: undefined, sip: bare, service };
  }

  #reject(endpoint: Endpoint, number: number, cause: number): void {
    endpoint.signal(number, { type: 'rel', cau: { num: cause } });
  }
}
