import type { Core } from './core.ts';
import type { User } from './directory.ts';
import { asText, type JsonObject } from './json.ts';

/** PbxApi of one app connection (protocol, section 8): presence of people, and the user's favourites. */
export class PbxApi {
  readonly #core: Core;
  readonly #user: User | undefined;
  readonly #send: (frame: JsonObject) => void;
  readonly #presence = new Map<string, () => void>();
  #profileSrc: JsonObject | undefined;

  constructor(core: Core, user: User | undefined, send: (frame: JsonObject) => void) {
    this.#core = core;
    this.#user = user;
    this.#send = (frame) => send({ api: 'PbxApi', ...frame });
  }

  receive(frame: JsonObject): void {
    const src: JsonObject = frame.src === undefined ? {} : { src: frame.src };
    switch (frame.mt) {
      case 'SubscribePresence':
        return this.#subscribePresence(frame, src);
      case 'UnsubscribePresence':
        if (this.#core.switches.unsubscribing === 'unknown') return;
        if (this.#core.switches.unsubscribing === 'error') return this.#send({ mt: 'Error', ...src });
        this.#presence.get(key(frame))?.();
        this.#presence.delete(key(frame));
        return this.#send({ mt: 'UnsubscribePresenceResult', ...src });
      case 'SubscribeProfile':
        return this.#subscribeProfile(src);
      case 'UnsubscribeProfile':
        this.#profileSrc = undefined;
        return this.#send({ mt: 'UnsubscribeProfileResult', ...src });
      case 'AddProfileContact':
      case 'DelProfileContact':
        return this.#changeProfile(frame);
      default:
        this.#core.trace(`PbxApi: ignored ${String(frame.mt)}`);
    }
  }

  ended(): void {
    for (const stop of this.#presence.values()) stop();
    this.#presence.clear();
  }

  /** A favourite of this user has come or gone. */
  favouriteChanged(sip: string, added: boolean, position: number): void {
    if (this.#profileSrc === undefined) return;
    const contact = added ? this.#contact(sip, position) : { id: position };
    const mt = added ? 'ProfileContactAdded' : 'ProfileContactDeleted';
    this.#send({ mt, ...this.#profileSrc, profile: { id: 1, contact } });
  }

  get user(): User | undefined {
    return this.#user;
  }

  #subscribePresence(frame: JsonObject, src: JsonObject): void {
    const { directory, presence } = this.#core;
    const sip = asText(frame.sip);
    const num = asText(frame.num);
    const user = sip === undefined ? directory.byNumber(num ?? '') : directory.user(sip);
    this.#presence.get(key(frame))?.();
    this.#send({ mt: 'SubscribePresenceResult', ...src });
    if (user === undefined) {
      const echo = { ...(sip === undefined ? {} : { sip }), ...(num === undefined ? {} : { num }) };
      return this.#send({ mt: 'PresenceState', ...src, up: false, ...echo });
    }
    const person = { sip: directory.written(user.sip), num: user.num, dn: user.dn, email: user.email };
    this.#send({ mt: 'PresenceState', ...src, up: true, ...person });
    const update = (): void =>
      this.#send({ mt: 'PresenceUpdate', ...src, presence: presence.items(user.sip) });
    this.#presence.set(key(frame), presence.subscribe(user.sip, update));
  }

  #subscribeProfile(src: JsonObject): void {
    this.#profileSrc = src;
    const sips = this.#user === undefined ? [] : (this.#core.favourites.get(this.#user.sip) ?? []);
    const contacts = sips.map((sip, index) => this.#contact(sip, index + 1));
    this.#send({ mt: 'SubscribeProfileResult', ...src, profile: { id: 1, name: 'Favourites', contacts } });
  }

  #changeProfile(frame: JsonObject): void {
    const contact = frame.contact as JsonObject | undefined;
    if (this.#user === undefined || contact === undefined) return;
    const sips = this.#core.favourites.get(this.#user.sip) ?? [];
    this.#core.favourites.set(this.#user.sip, sips);
    if (frame.mt === 'AddProfileContact') {
      const sip = this.#core.directory.bare(asText(contact.sip) ?? asText(contact.name) ?? '');
      if (sip === '' || sips.includes(sip)) return;
      sips.push(sip);
      this.favouriteChanged(sip, true, sips.length);
      return;
    }
    const position = typeof contact.id === 'number' ? contact.id : 0;
    const [sip] = sips.splice(position - 1, position > 0 ? 1 : 0);
    if (sip !== undefined) this.favouriteChanged(sip, false, position);
  }

  #contact(sip: string, id: number): JsonObject {
    const { directory } = this.#core;
    const user = directory.user(sip);
    const known = user === undefined ? { dsp: sip } : { num: user.num, dsp: user.dn };
    return { id, name: directory.written(sip), ...known, presence: user !== undefined, dialog: false };
  }
}

function key(frame: JsonObject): string {
  return frame.sip === undefined ? `num:${String(frame.num)}` : `sip:${String(frame.sip)}`;
}
