import { isContent } from '../facilities.ts';
import { escapeHtml } from '../html.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import { memberOf, type Group } from './groups.ts';
import type { MessagesService } from './service.ts';

/** A call from a member to a group. */
interface Inbound {
  kind: 'group';
  group: Group;
  member: string;
  /** What has come of a message in several parts; empty between two messages. */
  segments: string;
}

/** The subscription of the PBX for the badge of a user. */
interface BadgeCall {
  kind: 'badge';
  user: string;
}

/** A call from a group to a member. */
interface Outbound {
  kind: 'member';
  key: string;
  group: Group;
  member: string;
  connected: boolean;
  queue: JsonObject[];
  segments: string;
}

type ServiceCall = Inbound | BadgeCall | Outbound;

/**
 * The calls of the Messages service: members call a group, the service stores what they say and calls the others; and
 * the PBX subscribes to the presence of the chat app, which carries the badge (protocol, sections 4 and 5).
 */
export class GroupCalls {
  readonly #service: MessagesService;
  readonly #calls = new Map<number, ServiceCall>();
  readonly #outbound = new Map<string, number>();
  #nextCall = 1;

  constructor(service: MessagesService) {
    this.#service = service;
  }

  /** The connection to the PBX is gone, and all calls with it. */
  reset(): void {
    this.#calls.clear();
    this.#outbound.clear();
  }

  /** Tells the PBX the number of unread messages of a user. */
  notifyBadge(user: string): void {
    for (const [number, call] of this.#calls) {
      if (call.kind === 'badge' && call.user === user) this.#sendBadge(number, user);
    }
  }

  receive(number: number, sig: JsonObject): void {
    const facilities = (Array.isArray(sig.fty) ? sig.fty : []).filter(isObject);
    const call = this.#calls.get(number);
    switch (sig.type) {
      case 'setup':
        return this.#setup(number, sig, facilities);
      case 'conn':
        if (call?.kind !== 'member') return;
        call.connected = true;
        for (const facility of call.queue.splice(0)) this.#facility(number, facility);
        return this.#messages(call, facilities);
      case 'facility':
        return this.#messages(call, facilities);
      case 'rel':
        this.#calls.delete(number);
        if (call?.kind === 'member') this.#outbound.delete(call.key);
        if (call !== undefined && call.kind !== 'badge' && call.segments !== '') this.#breakOff(call);
        return;
      default:
        return;
    }
  }

  #setup(number: number, sig: JsonObject, facilities: JsonObject[]): void {
    const caller = this.#service.bare(addressOf(sig.cg));
    if (facilities.some((facility) => facility.type === 'presence_subscribe')) {
      this.#calls.set(number, { kind: 'badge', user: caller });
      this.#signal(number, { type: 'conn' });
      return this.#sendBadge(number, caller);
    }
    const group = this.#service.store.groups.bySip(this.#service.bare(addressOf(sig.cd)));
    if (group === undefined) return this.#signal(number, { type: 'rel', cau: { num: 1 } });
    if (memberOf(group, caller) === undefined) return this.#signal(number, { type: 'rel', cau: { num: 21 } });
    const call: Inbound = { kind: 'group', group, member: caller, segments: '' };
    this.#calls.set(number, call);
    this.#signal(number, { type: 'conn' });
    this.#messages(call, facilities);
  }

  #messages(call: ServiceCall | undefined, facilities: JsonObject[]): void {
    if (call === undefined || call.kind === 'badge') return;
    for (const facility of facilities) {
      if (facility.type !== 'im_message') continue;
      // The group may be gone, or the member out of it, while the call is still open.
      const group = this.#service.store.groups.get(call.group.id);
      if (group === undefined || memberOf(group, call.member) === undefined) continue;
      if (isContent(facility)) this.#collect(group, call, facility);
      this.#passOn(group, call.member, facility);
    }
  }

  #collect(group: Group, call: Inbound | Outbound, message: JsonObject): void {
    const data = asText(message.data) ?? '';
    const text = call.segments + (message.mime === 'text/plain' ? escapeHtml(data) : data);
    call.segments = message.more === true ? text : '';
    if (message.more === true) return;
    const attach = asText(message.attach);
    this.#service.postToGroup(group, call.member, text, attach);
  }

  /** A message that has no end is none: nobody else may take what comes next for the rest of it. */
  #breakOff({ group, member: author }: Inbound | Outbound): void {
    const sender = this.#service.written(author);
    for (const [number, call] of this.#calls) {
      if (call.kind !== 'member' || call.group !== group) continue;
      call.queue = call.queue.filter((message) => message.sender !== sender || message.more !== true);
      if (!call.connected) continue;
      this.#calls.delete(number);
      this.#outbound.delete(call.key);
      this.#signal(number, { type: 'rel' });
    }
  }

  #passOn(group: Group, author: string, message: JsonObject): void {
    const written = this.#service.written(author);
    const passed = { ...message, sender: written, sender_dn: this.#service.nameOf(author) };
    for (const { sip } of group.members) if (sip !== author) this.#sendTo(group, sip, author, passed);
  }

  #sendTo(group: Group, member: string, author: string, message: JsonObject): void {
    const diverted = this.#service.options.switches.groupCall !== 'cg';
    const key = `${member} ${group.sip} ${diverted ? author : ''}`;
    const open = this.#outbound.get(key);
    const call = open === undefined ? undefined : this.#calls.get(open);
    if (open !== undefined && call?.kind === 'member') {
      if (call.connected) this.#facility(open, message);
      else if (isContent(message)) call.queue.push(message);
      return;
    }
    if (!isContent(message)) return;
    const number = this.#nextCall++;
    this.#calls.set(number, {
      kind: 'member',
      key,
      group,
      member,
      connected: false,
      queue: [message],
      segments: '',
    });
    this.#outbound.set(key, number);
    const from = diverted ? author : group.sip;
    const name = diverted ? this.#service.nameOf(author) : group.dn;
    const leg = {
      type: 'diverting_leg2',
      diverting: { sip: this.#service.written(group.sip) },
      diverting_name: group.dn,
    };
    this.#signal(number, {
      type: 'setup',
      bc: 'a880',
      channel: 0,
      complete: true,
      cg: { sip: from },
      cd: { sip: member },
      fty: [
        { type: 'im_setup' },
        { type: 'cli_override' },
        { type: 'name_identification', name },
        ...(diverted ? [leg] : []),
      ],
    });
  }

  #sendBadge(number: number, user: string): void {
    const total = this.#service.store.chats.unreadTotal(user);
    const note = `#badge:${total}`;
    this.#facility(number, { type: 'presence_notify', contact: 'app:', status: 'open', activity: '', note });
  }

  #facility(number: number, facility: JsonObject): void {
    this.#signal(number, { type: 'facility', fty: [facility] });
  }

  #signal(call: number, sig: JsonObject): void {
    this.#service.send({ api: 'PbxSignal', mt: 'Signaling', call, sig });
  }
}

function addressOf(endpoint: unknown): string {
  return isObject(endpoint as JsonObject) ? (asText((endpoint as JsonObject).sip) ?? '') : '';
}
