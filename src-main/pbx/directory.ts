// PbxApi (protocol, section 8): presence of people, the check of a typed address, and the user's favourites. Where it is
// not granted to the chat app, presence comes over the client connection (section 2), and there are no favourites.
import { addressKey, readAddress } from './addresses.ts';
import type { AppChannel } from './app-connection.ts';
import type { Frame, JsonObject } from './frames.ts';
import { object, objects, text, textOrNumber, truthy } from './frames.ts';
import type {
  Address,
  Answer,
  PbxEvent,
  PbxSettings,
  PbxUser,
  Person,
  PresenceItem,
  World,
} from './index.ts';
import { readPresenceItems } from './presence-items.ts';

export interface DirectoryOptions {
  settings: PbxSettings;
  world: World;
  emit(event: PbxEvent): void;
  /** SubscribePresence on the client connection; what comes of it goes to `otherwise`. */
  askOtherwise(address: Address): void;
}

export interface Directory {
  /** Subscribes on a fresh connection to everything that is wanted. */
  start(channel: AppChannel, user: PbxUser): void;
  linkLost(): void;
  /** Sips whose presence is wanted, replacing those before. */
  watch(sips: readonly string[]): void;
  find(address: Address): Answer<Person | null>;
  /** UpdatePresence of the client connection. */
  otherwise(frame: Frame): void;
}

/** One subscription. Where it cannot be ended it is silent when nobody wants it. */
interface Subscription {
  readonly address: Address;
  person: Person;
  items: PresenceItem[] | null;
  known: 'asked' | 'accepted' | 'described' | 'nobody';
  /** As the person was asked for: events carry it, so that they are found again. */
  wanted: string | null;
  waiting: (() => void)[];
  /** Nothing that still comes of it is heard. */
  stop(): void;
  cancelEnd(): void;
}

const api = 'PbxApi';
/** How long the description of an accepted address may take to follow, in milliseconds. */
const descriptionTime = 1000;

export function createDirectory({ settings, world, emit, askOtherwise }: DirectoryOptions): Directory {
  let channel: AppChannel | null = null;
  let domain = '';
  let watched: readonly string[] = [];
  const subscriptions = new Map<string, Subscription>();
  const favourites = new Map<string, Person>();
  /** The last word on whether PbxApi answers; another connection begins with it. */
  let granted = true;
  let cancelDoubt = () => {};

  /** PbxApi has said nothing: whoever has not been described yet is asked for on the other connection. */
  function notGranted() {
    granted = false;
    world.trace({
      class: 'app',
      connection: 'app',
      text: `${api} is silent: presence by the client connection`,
    });
    for (const { known, address } of subscriptions.values()) if (known === 'asked') askOtherwise(address);
  }

  function heard(frame: Frame) {
    if (frame.mt === 'Error') return;
    cancelDoubt();
    granted = true;
  }

  function tell({ wanted, items, person }: Subscription) {
    if (wanted !== null && items !== null) {
      emit({ type: 'presence', sip: wanted, items, name: person.name });
    }
  }

  function subscribe(address: Address): Subscription | null {
    if (channel === null) return null;
    const key = addressKey(address, domain);
    const existing = subscriptions.get(key);
    if (existing !== undefined && existing.known !== 'nobody') return existing;
    const subscription: Subscription = {
      address,
      person: { sip: address.sip ?? '', num: address.num ?? '', name: '', email: '' },
      items: null,
      known: 'asked',
      wanted: null,
      waiting: [],
      stop: () => {},
      cancelEnd: () => {},
    };
    subscriptions.set(key, subscription);
    subscription.stop = channel.subscribe({ api, mt: 'SubscribePresence', ...address }, (frame) => {
      heard(frame);
      update(subscription, frame);
    });
    if (!granted) askOtherwise(address);
    return subscription;
  }

  /** Ends a subscription when nobody has wanted it for a while: scrolling back and forth costs nothing. */
  function endLater(address: Address, subscription: Subscription) {
    subscription.cancelEnd();
    if (!settings.unsubscribe) return;
    subscription.cancelEnd = world.after(settings.presenceLinger, () => {
      const key = addressKey(address, domain);
      const busy = subscription.wanted !== null || subscription.waiting.length > 0;
      if (busy || channel === null || subscriptions.get(key) !== subscription) return;
      subscriptions.delete(key);
      subscription.stop();
      // A server that does not know it goes on telling, and is not listened to. Its answer, if any, decides nothing.
      const frame = { api, mt: 'UnsubscribePresence', ...address };
      void channel.request(frame, settings.requestTimeout, { optional: true });
    });
  }

  function update(subscription: Subscription, frame: Frame) {
    switch (frame.mt) {
      case 'Error':
        subscription.known = 'nobody';
        break;
      case 'SubscribePresenceResult':
        if (truthy(frame.error) || truthy(frame.err)) subscription.known = 'nobody';
        else if (subscription.known === 'asked') subscription.known = 'accepted';
        break;
      case 'PresenceState':
        describe(subscription, frame);
        break;
      case 'PresenceUpdate':
        subscription.items = readPresenceItems(frame.presence);
        tell(subscription);
        return;
      default:
        return;
    }
    for (const wake of subscription.waiting.splice(0)) wake();
  }

  function describe(subscription: Subscription, frame: Frame) {
    const { person } = subscription;
    if (subscription.known !== 'described' && isNobody(frame, person)) {
      subscription.known = 'nobody';
      return;
    }
    subscription.person = {
      sip: text(frame.sip) || person.sip,
      num: textOrNumber(frame.num) || person.num,
      name: text(frame.dn) || person.name,
      email: text(frame.email),
    };
    subscription.known = 'described';
    // Some servers send the items along; of somebody who is registered nowhere there may never be any.
    if (frame.presence !== undefined) subscription.items = readPresenceItems(frame.presence);
    else if (frame.up === false) subscription.items ??= [];
    tell(subscription);
  }

  /** Resolves at the next news of the subscription; false: none came in time. */
  function news(subscription: Subscription, limit: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (came: boolean) => {
        cancel();
        subscription.waiting = subscription.waiting.filter((waiting) => waiting !== wake);
        resolve(came);
      };
      const wake = () => settle(true);
      const cancel = world.after(limit, () => settle(false));
      subscription.waiting.push(wake);
    });
  }

  function watchAgain() {
    const wanted = new Map(watched.map((sip) => [addressKey({ sip }, domain), sip]));
    for (const [key, subscription] of subscriptions) {
      if (wanted.has(key) || subscription.wanted === null) continue;
      const sip = subscription.wanted;
      subscription.wanted = null;
      // That there is nobody is worth remembering; there is nothing to end.
      if (subscription.known !== 'nobody') endLater({ sip }, subscription);
    }
    for (const sip of wanted.values()) {
      const subscription = subscriptions.get(addressKey({ sip }, domain)) ?? subscribe({ sip });
      if (subscription === null || subscription.wanted === sip) continue;
      subscription.wanted = sip;
      tell(subscription);
    }
  }

  /** The contact is in the frame itself or in its profile (C). */
  function contactOf(frame: Frame): JsonObject {
    return (
      [frame.contact, object(frame.profile).contact].map(object).find(({ id }) => id !== undefined) ?? frame
    );
  }

  function favouritesChanged() {
    emit({ type: 'favourites', people: [...favourites.values()] });
  }

  function addFavourite(contact: JsonObject) {
    const id = textOrNumber(contact.id) || text(contact.name);
    const sip = text(contact.name);
    if (id === '') return;
    favourites.set(id, {
      sip,
      num: textOrNumber(contact.num),
      name: text(contact.dsp) || sip,
      email: text(contact.email),
    });
  }

  function profile(frame: Frame) {
    switch (frame.mt) {
      case 'SubscribeProfileResult':
        favourites.clear();
        objects(object(frame.profile).contacts).forEach(addFavourite);
        return favouritesChanged();
      case 'ProfileContactAdded':
        addFavourite(contactOf(frame));
        return favouritesChanged();
      case 'ProfileContactDeleted': {
        const contact = contactOf(frame);
        favourites.delete(textOrNumber(contact.id) || text(contact.name));
        return favouritesChanged();
      }
    }
  }

  return {
    start(fresh, user) {
      channel = fresh;
      domain = user.domain;
      cancelDoubt = world.after(settings.directoryTimeout, notGranted);
      fresh.subscribe({ api, mt: 'SubscribeProfile' }, (frame) => {
        heard(frame);
        profile(frame);
      });
      fresh.listen(api, (frame) => {
        heard(frame);
        if (frame.mt.startsWith('ProfileContact')) return profile(frame);
        // A server that does not echo `src` in what follows the answer: found by its address.
        const address = readAddress(frame);
        const subscription = address === null ? undefined : subscriptions.get(addressKey(address, domain));
        if (subscription !== undefined) update(subscription, frame);
        else world.trace({ class: 'app', connection: 'app', text: `ignored ${frame.mt} of ${api}` });
      });
      watchAgain();
    },
    linkLost() {
      channel = null;
      cancelDoubt();
      const gone = [...subscriptions.values()];
      subscriptions.clear();
      for (const { cancelEnd } of gone) cancelEnd();
      for (const { waiting } of gone) for (const wake of waiting.splice(0)) wake();
    },
    otherwise(frame) {
      const address = readAddress(frame);
      const subscription = address === null ? undefined : subscriptions.get(addressKey(address, domain));
      if (subscription === undefined) return;
      // Who has a presence is somebody, also without a name.
      if (objects(frame.presence).length > 0) subscription.known = 'described';
      describe(subscription, { ...object(frame.ep), ...frame });
      for (const wake of subscription.waiting.splice(0)) wake();
    },
    watch(sips) {
      watched = [...sips];
      watchAgain();
    },
    async find(address) {
      const asked = channel;
      const subscription = subscribe(address);
      if (subscription === null) return { ok: false, reason: { code: 'offline' } };
      if (subscription.known === 'asked') {
        const came = await news(subscription, settings.requestTimeout);
        if (channel !== asked) return { ok: false, reason: { code: 'offline' } };
        if (!came) return { ok: false, reason: { code: 'no-answer' } };
      }
      if (subscription.known === 'accepted') await news(subscription, descriptionTime);
      const { known, person } = subscription;
      // It was asked about, not subscribed to for its own sake.
      if (subscription.wanted === null && known !== 'nobody') endLater(address, subscription);
      return { ok: true, value: known === 'nobody' ? null : person };
    },
  };
}

/** The PBX took the subscription and knows nothing but the address that it was asked for (C). */
function isNobody(frame: Frame, asked: Person): boolean {
  if (frame.up === true || text(frame.dn) !== '' || text(frame.email) !== '') return false;
  const [sip, num] = [text(frame.sip), textOrNumber(frame.num)];
  return (sip === '' || asked.sip !== '') && (num === '' || asked.num !== '');
}
