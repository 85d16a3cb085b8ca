import type { Core } from './core.ts';
import type { User } from './directory.ts';
import { isContent, wrongForm } from './facilities.ts';
import { asText, isObject, type JsonObject } from './json.ts';
import type { Endpoint } from './signal.ts';
import { MessageCollector } from './message-collector.ts';

export interface Leg {
  readonly endpoint: Endpoint;
  /** The number of the call on that connection: positive when that side has started it. */
  readonly number: number;
  readonly call: Call;
  ended: boolean;
}

/** Who is called: a user, or an address that the Messages service answers for. */
export type Target = { user: User; sip: string } | { user: undefined; sip: string; service: Endpoint };

export interface CallRouting {
  /** Opens a leg towards a connection and gives it a number. */
  ring(call: Call, endpoint: Endpoint): Leg;
  /** The connections at which this user can be reached now. */
  registered(sip: string): Endpoint[];
  forget(leg: Leg): void;
}

/** One chat call (protocol, section 4): the caller's leg, and the legs at which it rings until one takes it. */
export class Call {
  readonly caller: Leg;
  readonly target: Target;
  readonly #core: Core;
  readonly #routing: CallRouting;
  readonly #setup: JsonObject;
  readonly #collector: MessageCollector;
  #legs: Leg[] = [];
  #winner: Leg | undefined;
  /** The caller has its conn. */
  #connected = false;
  /** The Messages service has the call: it stays when no peer is there. */
  #service = false;
  #over = false;
  #held: JsonObject[] = [];
  #failure = 0;
  #cancelTimer: () => void = () => undefined;
  #cancelIdle: () => void = () => undefined;

  constructor(
    core: Core,
    routing: CallRouting,
    endpoint: Endpoint,
    number: number,
    target: Target,
    setup: JsonObject,
  ) {
    this.#core = core;
    this.#routing = routing;
    this.#setup = setup;
    this.target = target;
    this.caller = { endpoint, number, call: this, ended: false };
    this.#collector = new MessageCollector(core);
  }

  get callerSip(): string {
    return this.caller.endpoint.sip;
  }

  /** A call that belongs to two users, one of them with a licence, is stored for both. */
  get #stored(): boolean {
    const from = this.#core.directory.user(this.callerSip);
    const to = this.target.user;
    return (
      this.#core.relay.available && from !== undefined && to !== undefined && (from.licensed || to.licensed)
    );
  }

  start(facilities: JsonObject[]): void {
    const { switches, relay, directory, clients } = this.#core;
    const caller = directory.user(this.callerSip);
    const mayBeTaken = this.target.user !== undefined && caller?.licensed === true && relay.available;
    const now = this.target.user === undefined ? [this.target.service] : this.#reachable();
    const woken = now.length === 0 && switches.wake === 'sent' && clients.wake(this.target.sip);
    if (now.length === 0 && !woken && !mayBeTaken) return this.#release(switches.offlineCause);
    if (switches.gate === 'call_proc') this.#toCaller({ type: 'call_proc' });
    this.#fromCallerSide(facilities.filter((facility) => facility.type === 'im_message'));
    for (const endpoint of now) this.#ringAt(endpoint);
    if (this.#over) return;
    if (switches.gate !== 'conn' && now.length > 0 && !this.#connected) this.#toCaller({ type: 'alert' });
    if (mayBeTaken && (switches.storedConn === 'service' || now.length === 0)) this.#takeByService();
    else if (now.length === 0) this.#after(switches.wakeSeconds, switches.offlineCause);
    else if (switches.noAnswerSeconds > 0) this.#after(switches.noAnswerSeconds, 18);
  }

  /** A connection of the called user has registered while nobody has taken the call. */
  arrived(endpoint: Endpoint): void {
    if (this.#over || this.#winner !== undefined || endpoint === this.caller.endpoint) return;
    if (this.#connected && this.#held.length === 0) return;
    if (this.#legs.length === 0 && !this.#connected && this.#core.switches.gate !== 'conn') {
      this.#toCaller({ type: 'alert' });
    }
    this.#cancelTimer();
    this.#ringAt(endpoint);
  }

  receive(leg: Leg, sig: JsonObject, facilities: JsonObject[]): void {
    if (this.#over || leg.ended) return;
    const fromCaller = leg === this.caller;
    switch (sig.type) {
      case 'conn':
        if (fromCaller) return this.abort(leg, wrongForm.wrongState);
        if (leg === this.#winner) return;
        return this.#take(leg, facilities);
      case 'call_proc':
      case 'alert':
      case 'progress':
        return;
      case 'facility':
        return fromCaller ? this.#fromCaller(facilities) : this.#fromCallee(leg, facilities);
      case 'rel':
      case 'disc':
        return fromCaller ? this.#callerReleased(sig) : this.#calleeReleased(leg, sig);
      default:
        this.#core.trace(`call ${leg.number} of ${leg.endpoint.sip}: ignored ${String(sig.type)}`);
    }
  }

  /** A side did what is not allowed: it is told why, and the call ends for everybody. */
  abort(leg: Leg, cause: number): void {
    if (leg === this.caller) {
      for (const other of this.#legs) this.#end(other, 16);
      this.#release(cause);
    } else {
      this.#end(leg, cause);
      this.#legGone(leg, 41);
    }
  }

  /** The connection of a leg is gone. */
  lost(leg: Leg): void {
    if (this.#over || leg.ended) return;
    leg.ended = true;
    this.#routing.forget(leg);
    if (leg === this.caller) {
      for (const other of this.#legs) this.#end(other, 16);
      this.#finish();
    } else {
      this.#legGone(leg, 27);
    }
  }

  /** Ends the call on both sides. */
  releaseAll(cause: number): void {
    if (this.#over) return;
    for (const leg of this.#legs) this.#end(leg, cause);
    this.#release(cause);
  }

  #reachable(): Endpoint[] {
    const all = this.#routing
      .registered(this.target.sip)
      .filter((endpoint) => endpoint !== this.caller.endpoint);
    return this.#core.switches.forking === 'newest' ? all.slice(-1) : all;
  }

  #ringAt(endpoint: Endpoint): void {
    const { directory } = this.#core;
    const leg = this.#routing.ring(this, endpoint);
    this.#legs.push(leg);
    const early = this.#core.switches.earlyMessages === 'relayed' ? this.#held : [];
    const trusted = this.caller.endpoint.trusted;
    const given = isObject(this.#setup.cg) ? asText(this.#setup.cg.sip) : undefined;
    const from = trusted && given !== undefined ? given : this.callerSip;
    const passed = (this.#setup.fty as JsonObject[]).filter(
      (facility) =>
        facility.type !== 'im_message' &&
        facility.type !== 'cli_override' &&
        (trusted || facility.type !== 'name_identification'),
    );
    const name = trusted
      ? []
      : [{ type: 'name_identification', name: directory.displayName(this.callerSip) }];
    // A group that called on behalf of a member (switch groupCall).
    const group = this.#core.switches.groupCall === 'called' ? divertedBy(passed) : undefined;
    endpoint.signal(leg.number, {
      type: 'setup',
      bc: 'a880',
      channel: 0,
      complete: true,
      cg: { sip: directory.written(from) },
      cd: { sip: group ?? directory.written(this.target.sip) },
      fty: [
        ...passed.filter((facility) => group === undefined || facility.type !== 'diverting_leg2'),
        ...name,
        ...early,
      ],
    });
  }

  #take(leg: Leg, facilities: JsonObject[]): void {
    this.#winner = leg;
    this.#cancelTimer();
    for (const other of this.#legs) if (other !== leg) this.#end(other, this.#core.switches.takenCause);
    this.#legs = [leg];
    const stamped = this.#stamp(facilities, leg.endpoint);
    if (!this.#connected) {
      this.#connected = true;
      this.#toCaller({ type: 'conn', ...(stamped.length === 0 ? {} : { fty: stamped }) });
    } else if (stamped.length > 0) {
      this.#toCaller({ type: 'facility', fty: stamped });
    }
    this.#keepStamped(stamped, leg.endpoint.sip, this.callerSip);
    this.#restartIdle();
    const held = this.#held;
    this.#held = [];
    if (held.length > 0 && this.#core.switches.earlyMessages === 'held') this.#send(leg, held);
  }

  #takeByService(): void {
    this.#service = true;
    if (this.#connected) return;
    this.#connected = true;
    this.#toCaller({ type: 'conn' });
    this.#restartIdle();
  }

  /** Starts the time anew after which a call without messages ends (switch idleSeconds). */
  #restartIdle(): void {
    this.#cancelIdle();
    const { idleSeconds } = this.#core.switches;
    const isChat = (this.#setup.fty as JsonObject[]).some((facility) => facility.type === 'im_setup');
    if (idleSeconds === 0 || !this.#connected || !isChat) return;
    this.#cancelIdle = this.#core.clock.after(idleSeconds * 1000, () => this.releaseAll(16));
  }

  #fromCaller(facilities: JsonObject[]): void {
    this.#fromCallerSide(facilities);
    if (this.#over || this.#winner !== undefined || !this.#service) return;
    // The service has the call and messages go on coming: whoever is there by now gets them, too.
    const ringing = new Set(this.#legs.map((leg) => leg.endpoint));
    for (const endpoint of this.#reachable()) if (!ringing.has(endpoint)) this.#ringAt(endpoint);
    if (this.#legs.length === 0) {
      this.#held = [];
      if (this.#core.switches.wake === 'sent' && facilities.some(isContent))
        this.#core.clients.wake(this.target.sip);
    }
  }

  #fromCallee(leg: Leg, facilities: JsonObject[]): void {
    if (this.#winner !== undefined && leg !== this.#winner) return;
    const stamped = this.#stamp(facilities, leg.endpoint);
    if (stamped.length === 0) return;
    this.#restartIdle();
    this.#toCaller({ type: 'facility', fty: stamped });
    this.#keepStamped(stamped, leg.endpoint.sip, this.callerSip);
  }

  /** Stamps what the caller sent, stores it where it is to be stored, and delivers it now or when somebody answers. */
  #fromCallerSide(facilities: JsonObject[]): void {
    const stamped = this.#stamp(facilities, this.caller.endpoint);
    if (stamped.length === 0) return;
    this.#restartIdle();
    if (this.#winner !== undefined) this.#send(this.#winner, stamped);
    else {
      for (const facility of stamped) this.#hold(facility);
      if (this.#core.switches.earlyMessages === 'relayed')
        for (const leg of this.#legs) this.#send(leg, stamped);
    }
    this.#keepStamped(stamped, this.callerSip, this.target.sip);
  }

  /** Waits for somebody to answer. Of the signs of typing only the latest is still true by then. */
  #hold(facility: JsonObject): void {
    const isSign = (one: JsonObject): boolean => one.type === 'im_message' && !isContent(one);
    this.#held = [...this.#held.filter((held) => !isSign(held)), facility];
  }

  #keepStamped(facilities: JsonObject[], from: string, to: string): void {
    if (!this.#stored) return;
    for (const facility of facilities) {
      if (isContent(facility)) this.#collector.add(facility, from, to);
    }
  }

  #stamp(facilities: JsonObject[], endpoint: Endpoint): JsonObject[] {
    return facilities.map((facility) =>
      facility.type === 'im_message' ? this.#stampMessage(facility, endpoint) : facility,
    );
  }

  #stampMessage(message: JsonObject, endpoint: Endpoint): JsonObject {
    const { switches, clock, directory } = this.#core;
    const time = switches.timeStamp !== 'absent' && isContent(message);
    const seconds = switches.timeStamp === 'milliseconds' ? clock.now() : Math.floor(clock.now() / 1000);
    const { sender, sender_dn, time: given, ...rest } = message;
    if (endpoint.trusted) {
      return {
        ...rest,
        ...(switches.senderFields === 'never' ? {} : { sender, sender_dn }),
        ...(time ? { time: given ?? seconds } : {}),
      };
    }
    return {
      ...rest,
      ...(switches.senderFields === 'always'
        ? { sender: directory.written(endpoint.sip), sender_dn: directory.displayName(endpoint.sip) }
        : {}),
      ...(time ? { time: seconds } : {}),
    };
  }

  #callerReleased(sig: JsonObject): void {
    const cause = causeOf(sig);
    this.caller.ended = true;
    this.#routing.forget(this.caller);
    for (const leg of this.#legs) this.#end(leg, cause);
    this.#finish();
  }

  #calleeReleased(leg: Leg, sig: JsonObject): void {
    leg.ended = true;
    this.#routing.forget(leg);
    this.#legGone(leg, causeOf(sig));
  }

  #legGone(leg: Leg, cause: number): void {
    this.#legs = this.#legs.filter((other) => other !== leg);
    if (leg === this.#winner) return this.#release(cause);
    this.#failure = this.#failure === 17 ? 17 : cause;
    if (this.#legs.length > 0 || this.#winner !== undefined || this.#service) return;
    const caller = this.#core.directory.user(this.callerSip);
    if (caller?.licensed === true && this.#stored) return this.#takeByService();
    this.#release(this.#failure);
  }

  #send(leg: Leg, facilities: JsonObject[]): void {
    leg.endpoint.signal(leg.number, { type: 'facility', fty: facilities });
  }

  #toCaller(sig: JsonObject): void {
    if (!this.caller.ended) this.caller.endpoint.signal(this.caller.number, sig);
  }

  #end(leg: Leg, cause: number): void {
    if (leg.ended) return;
    leg.ended = true;
    this.#routing.forget(leg);
    leg.endpoint.signal(leg.number, { type: 'rel', cau: { num: cause } });
  }

  #release(cause: number): void {
    this.#end(this.caller, cause);
    this.#finish();
  }

  #after(seconds: number, cause: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#core.clock.after(seconds * 1000, () => {
      if (this.#winner === undefined && !this.#service) this.releaseAll(cause);
    });
  }

  #finish(): void {
    this.#over = true;
    this.#legs = [];
    this.#held = [];
    this.#cancelTimer();
    this.#cancelIdle();
  }
}

function divertedBy(facilities: JsonObject[]): string | undefined {
  const leg = facilities.find((facility) => facility.type === 'diverting_leg2');
  return isObject(leg?.diverting) ? asText(leg.diverting.sip) : undefined;
}

function causeOf(sig: JsonObject): number {
  const num = isObject(sig.cau) ? sig.cau.num : undefined;
  return typeof num === 'number' ? num : 16;
}
