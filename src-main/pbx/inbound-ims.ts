// The messages that arrive on one call (protocol, section 4): who wrote them, and texts that go on.
import type { Instant } from '../ipc/contract.ts';
import { sipKey } from './addresses.ts';
import { decodeAttach } from './attach.ts';
import type { JsonObject } from './frames.ts';
import { number, object, text, textOrNumber } from './frames.ts';
import { readInstant } from './ids-and-times.ts';
import type { Address, PbxEvent, PbxSettings, PbxUser, ReceivedIm, World } from './index.ts';
import type { Assembly } from './segments.ts';
import { addSegment } from './segments.ts';

export interface InboundImsOptions {
  settings: PbxSettings;
  world: World;
  emit(event: PbxEvent): void;
  groups: Set<string>;
  self(): PbxUser;
  /** The other end of the call: the person or the group that the chat is with. */
  peer: Address;
  from: From;
}

/** What the setup says about the other end. */
export interface From {
  /** Of the other end; a name_identification replaces it. */
  name: string;
  /** Who writes without a `sender`, if it is not the other end itself. */
  author: Address | null;
}

export interface InboundIms {
  /** Takes what it knows out of the facilities of one signal; answers with the number of messages. */
  facilities(facilities: readonly JsonObject[]): number;
  /** The call is over: what has begun is shown as it is. */
  end(): void;
}

interface Author {
  sip: string;
  name: string;
  own: boolean;
}

interface Pending {
  assembly: Assembly;
  author: Author;
  mime: ReceivedIm['mime'];
  cancel: () => void;
}

/** A clock that is wrong by more than this (milliseconds) must not keep a message at the end of a discussion. */
const clockTolerance = 24 * 3_600_000;

export function createInboundIms(options: InboundImsOptions): InboundIms {
  const { settings, world, emit, groups, self, peer, from } = options;
  let { name } = from;
  let authorName = '';
  const pending = new Map<string, Pending>();
  const key = (sip: string) => sipKey(sip, self().domain);
  const peerSip = peer.sip ?? peer.num;

  function authorOf(facility: JsonObject): Author {
    const sender =
      text(facility.sender) ||
      text(object(facility.sender).sip) ||
      from.author?.sip ||
      from.author?.num ||
      '';
    const dn = text(facility.sender_dn) || authorName;
    if (sender === '') return { sip: peerSip, name, own: false };
    if (key(sender) === key(self().sip)) return { sip: sender, name: dn || self().name, own: true };
    if (key(sender) === key(peerSip)) return { sip: sender, name: dn || name, own: false };
    // Somebody else than the other end writes: the other end is a group (C).
    groups.add(key(peerSip));
    return { sip: sender, name: dn, own: false };
  }

  function instantOf(facility: JsonObject): Instant {
    const now = world.now();
    const time = number(facility.time);
    if (time === null || time <= 0) return now;
    const at = readInstant(time, settings.secondsBelow);
    return at > now + clockTolerance ? now : at;
  }

  function received(
    author: Author,
    im: Pick<ReceivedIm, 'data' | 'mime' | 'attachments' | 'at' | 'incomplete'>,
  ) {
    if (im.data === '' && im.attachments.length === 0) return;
    emit({
      type: 'im',
      im: {
        from: peer,
        fromName: name,
        group: groups.has(key(peerSip)),
        author: { sip: author.sip, name: author.name },
        own: author.own,
        ...im,
      },
    });
  }

  function giveUp(id: string) {
    const begun = pending.get(id);
    if (begun === undefined) return;
    begun.cancel();
    pending.delete(id);
    received(begun.author, {
      data: begun.assembly.data,
      mime: begun.mime,
      attachments: [],
      at: world.now(),
      incomplete: true,
    });
  }

  function message(facility: JsonObject): boolean {
    const author = authorOf(facility);
    const data = textOrNumber(facility.data);
    const attach = text(facility.attach);
    if (typeof facility.typing === 'boolean' && data === '' && attach === '') {
      emit({
        type: 'typing',
        from: peer,
        group: groups.has(key(peerSip)),
        author: { sip: author.sip, name: author.name },
        typing: facility.typing,
      });
      return false;
    }

    const id = key(author.sip);
    const begun = pending.get(id);
    begun?.cancel();
    const assembly = addSegment(begun?.assembly, data, settings.segmentCap);
    const mime = begun?.mime ?? mimeOf(facility);
    if (facility.more === true) {
      pending.set(id, {
        assembly,
        author,
        mime,
        cancel: world.after(settings.segmentTimeout, () => giveUp(id)),
      });
      return true;
    }
    pending.delete(id);
    received(author, {
      data: assembly.data,
      mime,
      attachments: decodeAttach(attach),
      at: instantOf(facility),
      incomplete: assembly.full,
    });
    return true;
  }

  return {
    facilities(facilities) {
      const named = facilities.find(({ type }) => type === 'name_identification');
      // With an author who is not the other end, the name that comes along is the author's.
      if (from.author === null) name = text(named?.name) || name;
      else authorName = text(named?.name) || authorName;
      return facilities.filter((facility) => facility.type === 'im_message' && message(facility)).length;
    },
    end() {
      for (const id of [...pending.keys()]) giveUp(id);
    },
  };
}

/** Section 4: HTML is what is sent; everything that does not claim to be HTML is shown as the text that it is. */
function mimeOf(facility: JsonObject): ReceivedIm['mime'] {
  const mime = text(facility.mime).toLowerCase();
  return mime === '' || mime.startsWith('text/html') ? 'text/html' : 'text/plain';
}
