// Finding people (protocol, section 8): what somebody typed becomes a person whom the PBX knows, and their presence is
// watched while they are on screen.
import type { AddressReason, Commands, DiscussionId, PersonView, Result } from '../ipc/contract.ts';
import type { Address, Pbx, Person } from '../pbx/index.ts';
import { discussionId, normaliseSip, parseAddress, writtenAddress } from './address.ts';
import type { AccountState } from './model.ts';
import { unknownPresence } from './presence.ts';
import { isMe } from './reduce-shared.ts';
import { displayName } from './select.ts';
import type { Store } from './store.ts';

export interface PeopleDeskPorts {
  store: Store;
  /** The account on screen. */
  active(): AccountState | null;
  /** Its connection. */
  pbx(): Pbx | null;
  open(account: AccountState, discussion: DiscussionId): void;
}

export interface PeopleDesk {
  startChat(typed: string): Promise<ReturnType<Commands['startChat']>>;
  findPerson(typed: string): Promise<ReturnType<Commands['findPerson']>>;
  /** The addresses behind what is on screen; those who have no presence are left out. */
  watchable(discussions: readonly DiscussionId[]): string[];
}

interface Found {
  account: AccountState;
  discussion: DiscussionId;
  address: Address;
  /** Null: there is a discussion already, and nobody was asked. */
  person: Person | null;
}

export function createPeopleDesk({ store, active, pbx, open }: PeopleDeskPorts): PeopleDesk {
  async function find(typed: string): Promise<Result<Found, AddressReason>> {
    const refuse = (code: AddressReason) => ({ ok: false as const, reason: { code } });
    const parsed = parseAddress(typed);
    if (!parsed.ok) return parsed;
    const account = active();
    if (!account) return refuse('offline');
    const own = (of: AccountState, address: Address) => address.sip !== undefined && isMe(of, address.sip);
    if (own(account, parsed.value)) return refuse('address-own');
    const id = discussionId(parsed.value, account.me.domain);
    const known = account.discussions[id];
    if (known) {
      return { ok: true, value: { account, discussion: id, address: known.address, person: null } };
    }
    const asked = pbx();
    if (!asked || account.link.state !== 'online') return refuse('offline');
    const found = await asked.findPerson(parsed.value);
    if (!found.ok) {
      if (found.reason.code === 'refused') return refuse('address-unknown');
      return refuse(found.reason.code === 'offline' ? 'offline' : 'no-answer');
    }
    if (!found.value) return refuse('address-unknown');
    // The PBX knows the person better than what was typed: a number leads to the user who has it.
    const person = found.value;
    const address: Address = person.sip === '' ? parsed.value : { sip: person.sip };
    const now = active();
    if (now?.id !== account.id) return refuse('offline');
    if (own(now, address)) return refuse('address-own');
    const discussion = discussionId(address, now.me.domain);
    return { ok: true, value: { account: now, discussion, address, person } };
  }

  return {
    async startChat(typed) {
      const found = await find(typed);
      if (!found.ok) return found;
      const { account, discussion, address, person } = found.value;
      if (person) {
        store.dispatch({ type: 'discussion/started', account: account.id, discussion, address, person });
      }
      open(active() ?? account, discussion);
      return { ok: true, value: { discussion } };
    },
    async findPerson(typed) {
      const found = await find(typed);
      if (!found.ok) return found;
      const { account, discussion, address, person } = found.value;
      const known = account.discussions[discussion];
      // A group is nobody who could be a member of another one.
      if (known?.kind === 'group') return { ok: false, reason: { code: 'address-unknown' } };
      const name = known ? displayName(account, known) : (person?.name ?? '');
      const view: PersonView = {
        id: discussion,
        address: writtenAddress(address),
        name: account.names[discussion] || name || writtenAddress(address),
        presence: account.presences[discussion] ?? unknownPresence,
      };
      return { ok: true, value: view };
    },
    watchable(discussions) {
      const account = active();
      if (!account) return [];
      const favourites = new Map(account.favourites.map((person) => [person.id, person.address]));
      const members = Object.values(account.discussions).flatMap(({ group }) => group?.members ?? []);
      const addresses = new Map(members.map((member) => [member.sip, member.address]));
      const sips = discussions.flatMap((id) => {
        const known = account.discussions[id];
        if (known?.kind === 'group') return [];
        const sip = known?.address.sip ?? favourites.get(id)?.sip ?? addresses.get(id);
        if (sip !== undefined) return isMe(account, sip) ? [] : [sip];
        // Whoever the PBX has named once is there, and a normalised address is an address.
        return account.names[id] !== undefined && !isMe(account, id) ? [id] : [];
      });
      return [...new Map(sips.map((sip) => [normaliseSip(sip, account.me.domain), sip])).values()].sort();
    },
  };
}
