// PbxSignal (protocol, section 4): the registration, and chats as calls without media.
//
// What waits to be sent belongs to the peer and outlives a link; a call belongs to the link. So a lost link fails only
// what was handed to a call that nobody had accepted yet, and everything else goes out after the reconnect.
import type { DeliveryReason, Instant, Reason, Result } from '../ipc/contract.ts';
import { addressKey, readAddress, sipKey } from './addresses.ts';
import type { AppChannel, RequestError } from './app-connection.ts';
import { encodeAttach } from './attach.ts';
import { releaseOf } from './causes.ts';
import type { Frame, JsonObject } from './frames.ts';
import { number, object, objects, text, textOrNumber } from './frames.ts';
import type { From, InboundIms } from './inbound-ims.ts';
import { createInboundIms } from './inbound-ims.ts';
import type { Address, OutgoingIm, PbxEvent, PbxSettings, PbxUser, World } from './index.ts';
import { splitIntoSegments } from './segments.ts';

export interface SignalOptions {
  settings: PbxSettings;
  world: World;
  emit(event: PbxEvent): void;
  /** Keys (sipKey) of the groups that are known; whoever learns of one adds it. */
  groups: Set<string>;
}

export interface Signal {
  /** Registers on a fresh connection and sends what waits. `hws`: what to register with, in this order. */
  register(
    channel: AppChannel,
    user: PbxUser,
    hws: readonly (string | null)[],
    registrationLost: (detail: string) => void,
  ): Promise<Result<null, RequestError | 'refused'>>;
  /** The link is gone: so are its calls. */
  linkLost(): void;
  /** Releases every call, as far as there is a link. */
  releaseAll(): void;
  rename(name: string): void;
  setInUse(inUse: boolean): void;
  send(im: OutgoingIm): void;
  sendTyping(to: Address, typing: boolean): void;
}

interface Outgoing {
  ref: string;
  segments: string[];
  attach: string;
  at: Instant;
}

interface Peer {
  to: Address;
  /** Not yet handed to a call. */
  queue: Outgoing[];
}

interface Call {
  id: number;
  own: boolean;
  key: string;
  to: Address;
  /** 'setup': the gate is closed. 'open': messages go out. 'connected': conn was seen or sent. */
  stage: 'setup' | 'open' | 'connected';
  /** Messages that went out on this call and that nobody has accepted yet. */
  handed: Outgoing[];
  /** Messages that went out on this call and of which it is not known that the PBX has them. */
  crossing: Outgoing[];
  ims: InboundIms;
  /** Until then an inbound call that was answered here may still turn out to be another device's. */
  takeOverUntil: Instant;
  cancelTimer: () => void;
}

const api = 'PbxSignal';
/** Section 4, 'any other inbound setup', and 'taken by another device'. */
const causeTaken = 26;
/** For this long after our answer the call may still turn out to be another device's, in milliseconds. */
const takeOverTime = 10_000;

export function createSignal({ settings, world, emit, groups }: SignalOptions): Signal {
  let channel: AppChannel | null = null;
  let registered = false;
  let self: PbxUser = { sip: '', name: '', domain: '', guid: '', num: '' };
  let inUse = false;
  let lastCall = 0;
  const peers = new Map<string, Peer>();
  const calls = new Map<number, Call>();

  const trace = (line: string) => world.trace({ class: 'app', connection: 'app', text: line });

  function signal(call: number, sig: JsonObject): boolean {
    return channel?.send({ api, mt: 'Signaling', call, sig }) ?? false;
  }

  function fail(messages: readonly Outgoing[], reason: Reason<DeliveryReason>) {
    for (const { ref } of messages) emit({ type: 'im-failed', ref, reason });
  }

  // --- Outgoing ---

  /** The call on which a message to this peer goes out: the own one, else the one on which the peer writes. */
  function callFor(key: string): Call | undefined {
    const candidates = [...calls.values()].filter((call) => call.key === key);
    return (
      candidates.find((call) => call.own) ??
      (answersOnSameCall(key) ? candidates.findLast((call) => call.stage === 'connected') : undefined)
    );
  }

  /** A group is written to as it is addressed, on a call to it (section 5). */
  function answersOnSameCall(key: string): boolean {
    return (
      settings.replyOn === 'same-call' && !(key.startsWith('sip:') && groups.has(key.slice('sip:'.length)))
    );
  }

  function pump(key: string) {
    const peer = peers.get(key);
    if (!registered || peer === undefined) return;
    if (peer.queue.length === 0) return void peers.delete(key);
    const call = callFor(key);
    if (call === undefined) setUp(key, peer);
    else if (call.stage !== 'setup') handOver(call, peer);
  }

  function setUp(key: string, peer: Peer) {
    const call = addCall(++lastCall, true, key, peer.to, { name: '', author: null });
    signal(call.id, {
      type: 'setup',
      bc: 'a880',
      channel: 0,
      complete: true,
      cd: { ...peer.to },
      fty: [{ type: 'im_setup' }, { type: 'name_identification', name: self.name }],
    });
    call.cancelTimer = world.after(settings.setupTimeout, () => {
      signal(call.id, { type: 'rel' });
      remove(call);
      failUnaccepted(call, { code: 'no-answer' });
    });
  }

  function handOver(call: Call, peer: Peer) {
    for (let message = peer.queue[0]; message !== undefined; message = peer.queue[0]) {
      if (!sendMessage(call.id, message)) return;
      peer.queue.shift();
      emit({ type: 'im-sent', ref: message.ref });
      call.crossing.push(message);
      if (call.own ? call.stage !== 'connected' : world.now() < call.takeOverUntil) call.handed.push(message);
    }
    peers.delete(call.key);
    restartIdle(call);
    const crossing = [...call.crossing];
    channel?.confirm(() => arrived(call, crossing));
  }

  /** The PBX has these: somebody who has the call has them, too. */
  function arrived(call: Call, messages: readonly Outgoing[]) {
    const there = call.crossing.filter((message) => messages.includes(message));
    call.crossing = call.crossing.filter((message) => !there.includes(message));
    if (call.stage !== 'connected') return;
    for (const { ref } of there) emit({ type: 'im-delivered', ref });
  }

  /** The call is gone, perhaps before these reached the PBX, or before anybody took them: nobody can tell. */
  function failUncertain(call: Call) {
    const taken = call.own ? call.handed.splice(0) : [];
    const crossing = call.crossing.splice(0).filter((message) => !taken.includes(message));
    fail([...taken, ...crossing], { code: 'connection-lost' });
  }

  function sendMessage(call: number, { segments, attach, at }: Outgoing): boolean {
    return segments.every((data, index) => {
      const last = index === segments.length - 1;
      const end = { ...(attach === '' ? {} : { attach }), time: Math.floor(at / 1000) };
      return signal(call, {
        type: 'facility',
        fty: [{ type: 'im_message', mime: 'text/html', data, ...(last ? end : { more: true }) }],
      });
    });
  }

  /** What was sent on a call that nobody accepted, and what still waited for its gate. */
  function failUnaccepted(call: Call, reason: Reason<DeliveryReason>) {
    const peer = peers.get(call.key);
    const waiting = call.stage === 'setup' ? (peer?.queue.splice(0) ?? []) : [];
    call.crossing = [];
    fail([...call.handed.splice(0), ...waiting], reason);
  }

  // --- Calls ---

  function addCall(id: number, own: boolean, key: string, to: Address, from: From): Call {
    const call: Call = {
      id,
      own,
      key,
      to,
      stage: 'setup',
      handed: [],
      crossing: [],
      takeOverUntil: 0,
      ims: createInboundIms({ settings, world, emit, groups, self: () => self, peer: to, from }),
      cancelTimer: () => {},
    };
    calls.set(id, call);
    return call;
  }

  function remove(call: Call) {
    call.cancelTimer();
    call.ims.end();
    calls.delete(call.id);
  }

  /** An idle call is released by the side that opened it; should that side forget, by the other. */
  function restartIdle(call: Call) {
    if (call.stage !== 'connected') return;
    call.cancelTimer();
    call.cancelTimer = world.after(settings.callIdle * (call.own ? 1 : 2), () => {
      signal(call.id, { type: 'rel' });
      remove(call);
    });
  }

  function gateOpened(call: Call, connected: boolean) {
    if (!call.own || call.stage === 'connected') return;
    call.cancelTimer();
    call.stage = connected ? 'connected' : 'open';
    if (connected) {
      for (const message of call.handed.splice(0)) {
        if (!call.crossing.includes(message)) emit({ type: 'im-delivered', ref: message.ref });
      }
    }
    restartIdle(call);
    pump(call.key);
  }

  function released(call: Call, cause: number | null) {
    remove(call);
    const release = releaseOf(cause);
    if (!call.own) {
      // Another of the user's devices has this call, so nothing of what went out on it here arrived.
      if (release.kind === 'elsewhere' && world.now() < call.takeOverUntil) {
        queueFor(call.key, call.to).queue.unshift(...call.handed);
        call.crossing = [];
      }
    } else if (call.stage !== 'connected') {
      if (release.kind === 'failed') failUnaccepted(call, release.reason);
      else if (call.stage === 'setup')
        failUnaccepted(call, { code: 'failed', detail: String(cause ?? 'none') });
    }
    failUncertain(call);
    pump(call.key);
  }

  function answer(call: Call) {
    if (call.own || call.stage === 'connected') return;
    if (settings.answer === 'in-use' && !inUse) return;
    signal(call.id, { type: 'conn' });
    call.stage = 'connected';
    call.takeOverUntil = world.now() + takeOverTime;
    restartIdle(call);
    pump(call.key);
  }

  function inbound(id: number, sig: JsonObject) {
    const caller = readAddress(object(sig.cg));
    if (!objects(sig.fty).some((facility) => facility.type === 'im_setup') || caller === null) {
      trace(`released call ${id}: ${caller === null ? 'nobody calls' : 'not a chat'}`);
      signal(id, { type: 'rel', cau: { num: causeTaken } });
      return;
    }
    const { peer, from } = chatOf(sig, caller);
    const call = addCall(id, false, addressKey(peer, self.domain), peer, from);
    call.ims.facilities(objects(sig.fty));
    answer(call);
  }

  /** With whom an inbound chat is (C), and who writes when a message does not say so. */
  function chatOf(sig: JsonObject, caller: Address): { peer: Address; from: From } {
    const endPoint = object(sig.cg);
    const name = text(endPoint.dn) || text(endPoint.name);
    // A known group that diverted the call of one of its members.
    const leg = objects(sig.fty).find(({ type }) => type === 'diverting_leg2');
    const diverting = readAddress(object(leg?.diverting));
    if (diverting?.sip !== undefined && groups.has(sipKey(diverting.sip, self.domain))) {
      return { peer: diverting, from: { name: text(leg?.diverting_name), author: caller } };
    }
    // A known group that is called by one of its members, with all the others behind it.
    const called = readAddress(object(sig.cd));
    if (called?.sip !== undefined && groups.has(sipKey(called.sip, self.domain))) {
      return { peer: called, from: { name: '', author: caller } };
    }
    // The own address as the caller: this user on another device. The chat is with the one who is called.
    const own = addressKey({ sip: self.sip }, self.domain);
    if (
      called !== null &&
      addressKey(caller, self.domain) === own &&
      addressKey(called, self.domain) !== own
    ) {
      return { peer: called, from: { name: '', author: caller } };
    }
    return { peer: caller, from: { name, author: null } };
  }

  function signaled(frame: Frame) {
    const id = number(frame.call);
    const sig = object(frame.sig);
    if (id === null) return trace('ignored a Signaling without a call');
    const call = calls.get(id);
    const type = text(sig.type);
    if (call === undefined) {
      if (type === 'setup' && id < 0) return inbound(id, sig);
      return trace(`ignored ${type} on the unknown call ${id}`);
    }
    if (type === 'setup') return trace(`ignored a second setup of call ${id}`);
    if (call.ims.facilities(objects(sig.fty)) > 0) restartIdle(call);
    switch (type) {
      case 'call_proc':
      case 'alert':
        return gateOpened(call, false);
      case 'conn':
        return gateOpened(call, true);
      case 'disc':
        signal(id, { type: 'rel' });
        return released(call, number(object(sig.cau).num));
      case 'rel':
        return released(call, number(object(sig.cau).num));
    }
  }

  /** What was queued before the first login did not know the own domain. */
  function keepQueues() {
    const queued = [...peers.values()];
    peers.clear();
    for (const { to, queue } of queued) queueFor(addressKey(to, self.domain), to).queue.push(...queue);
  }

  function queueFor(key: string, to: Address): Peer {
    const peer = peers.get(key) ?? { to, queue: [] };
    peers.set(key, peer);
    return peer;
  }

  return {
    async register(fresh, user, hws, registrationLost) {
      channel = fresh;
      self = user;
      keepQueues();
      fresh.listen(api, (frame) => {
        if (frame.mt === 'Signaling') signaled(frame);
        else if (frame.mt === 'RegisterResult' && registered && frame.err !== undefined) {
          registrationLost(textOrNumber(frame.err));
        } else trace(`ignored ${frame.mt} of ${api}`);
      });
      let detail = '';
      for (const hw of hws) {
        const outcome = await fresh.request(
          { api, mt: 'Register', ...(hw === null ? {} : { hw }), flags: 'NO_MEDIA_CALL' },
          settings.requestTimeout,
        );
        if (channel !== fresh) return { ok: false, reason: { code: 'offline' } };
        if (!outcome.ok && outcome.reason.code === 'offline') return outcome;
        // Silence, too, may mean that this hw is none.
        detail = 'no answer';
        if (!outcome.ok) continue;
        const { result } = outcome.value;
        if (result.mt === 'RegisterResult' && (result.err === undefined || result.err === null)) {
          registered = true;
          for (const key of [...peers.keys()]) pump(key);
          return { ok: true, value: null };
        }
        detail = textOrNumber(result.err) || textOrNumber(result.error) || result.mt;
      }
      return { ok: false, reason: { code: 'refused', detail } };
    },
    linkLost() {
      channel = null;
      registered = false;
      for (const call of [...calls.values()]) {
        remove(call);
        failUncertain(call);
      }
    },
    releaseAll() {
      for (const call of calls.values()) signal(call.id, { type: 'rel' });
    },
    rename(name) {
      self = { ...self, name };
    },
    setInUse(next) {
      inUse = next;
      for (const call of [...calls.values()]) answer(call);
    },
    send(im) {
      const key = addressKey(im.to, self.domain);
      queueFor(key, im.to).queue.push({
        ref: im.ref,
        segments: splitIntoSegments(im.html, settings.segmentLength),
        attach: encodeAttach(im.attachments.map(({ url }) => url)),
        at: world.now(),
      });
      pump(key);
    },
    sendTyping(to, typing) {
      const call = callFor(addressKey(to, self.domain));
      if (call === undefined || call.stage === 'setup') return;
      signal(call.id, {
        type: 'facility',
        fty: [{ type: 'im_message', mime: 'text/html', data: '', typing }],
      });
    },
  };
}
