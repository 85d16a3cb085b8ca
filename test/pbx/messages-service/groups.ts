import { groupPrefix } from '../world.ts';

export interface Member {
  readonly id: bigint;
  readonly sip: string;
  admin: boolean;
}

export interface Group {
  readonly id: bigint;
  readonly sip: string;
  dn: string;
  members: Member[];
}

/** The groups of the Messages service (protocol, section 5). */
export class Groups {
  readonly #groups = new Map<bigint, Group>();

  create(id: bigint, dn: string, sip = `${groupPrefix}${id}`): Group {
    const group: Group = { id, sip, dn, members: [] };
    this.#groups.set(id, group);
    return group;
  }

  get(id: bigint): Group | undefined {
    return this.#groups.get(id);
  }

  bySip(sip: string): Group | undefined {
    return this.all().find((group) => group.sip === sip);
  }

  of(sip: string): Group[] {
    return this.all().filter((group) => memberOf(group, sip) !== undefined);
  }

  all(): Group[] {
    return [...this.#groups.values()];
  }

  remove(group: Group): void {
    this.#groups.delete(group.id);
  }
}

export function memberOf(group: Group, sip: string): Member | undefined {
  return group.members.find((member) => member.sip === sip);
}

export function isAdmin(group: Group, sip: string): boolean {
  return memberOf(group, sip)?.admin === true;
}
