// What is known of a group (protocol, section 5). Public documents know no way to list members, so the state keeps what
// the server said and what was done here; who else is in it shows by what they write. Pure.
import type { GroupLock, GroupView, MemberView } from '../ipc/contract.ts';
import type { StoredGroup, StoredMember } from '../pbx/index.ts';
import { normaliseSip } from './address.ts';
import type { GroupEvent } from './events.ts';
import {
  unknownGroup,
  type AccountState,
  type Discussion,
  type GroupMember,
  type GroupState,
} from './model.ts';
import { unknownPresence } from './presence.ts';
import { change, changeEach, isMe, reach } from './reduce-shared.ts';
import { toName } from './rich-text.ts';

export function reduceGroup(account: AccountState, event: GroupEvent): AccountState {
  switch (event.type) {
    case 'group/created': {
      const reached = known(account, event.group);
      const { sip, name } = account.me;
      return withMember(reached.account, reached.id, { id: null, sip, name, admin: true });
    }
    case 'group/renamed':
      return change(account, event.discussion, (discussion) => ({ ...discussion, name: toName(event.name) }));
    case 'group/deleted':
      return changeGroup(account, event.discussion, (group) => ({
        ...group,
        standing: 'gone',
        hidden: true,
      }));
    case 'group/hidden':
      return changeGroup(account, event.discussion, (group) =>
        group.standing === 'gone' ? { ...group, hidden: true } : group,
      );
    case 'members/listed': {
      const { members } = event;
      if (members === null) return account;
      return changeGroup(account, event.discussion, (group) => ({
        ...group,
        complete: true,
        members: members.map((member) => memberOf(account, member)),
      }));
    }
    case 'member/written':
      return withMember(account, event.discussion, event.member);
    case 'member/removed':
      return changeGroup(account, event.discussion, (group) => ({
        ...group,
        members: group.members.map((member) =>
          member.sip === normaliseSip(event.sip, account.me.domain) ? { ...member, left: true } : member,
        ),
      }));
  }
}

/**
 * What ReadGroups says. A group that is missing is gone only if the list had it when it was asked for: how much of all
 * groups a server lists is its own affair, and one that was created meanwhile cannot be in an older list.
 */
export function groupsAnswered(
  account: AccountState,
  groups: readonly StoredGroup[],
  before: Readonly<Record<string, Discussion>>,
): AccountState {
  let next = account;
  const listed = new Set<string>();
  for (const group of groups) {
    if (group.sip.trim() === '') continue;
    const reached = known(next, group);
    next = reached.account;
    listed.add(reached.id);
  }
  return changeEach(next, (discussion) => {
    const was = before[discussion.id]?.group?.standing === 'member';
    if (!was || listed.has(discussion.id) || discussion.group?.standing !== 'member') return discussion;
    return { ...discussion, typing: [], group: { ...discussion.group, standing: 'gone' } };
  });
}

function known(account: AccountState, stored: StoredGroup): { account: AccountState; id: string } {
  const { account: reached, id } = reach(account, { sip: stored.sip }, 'group');
  const name = toName(stored.name);
  const next = change(reached, id, (discussion) => {
    const group = discussion.group ?? unknownGroup;
    const groupId = stored.id || group.id;
    const same =
      discussion.kind === 'group' &&
      group.id === groupId &&
      group.standing === 'member' &&
      (name === '' || discussion.name === name);
    if (same) return discussion;
    return {
      ...discussion,
      kind: 'group',
      name: name || discussion.name,
      group: { ...group, id: groupId, standing: 'member', hidden: false },
    };
  });
  return { account: next, id };
}

function changeGroup(
  account: AccountState,
  id: string,
  how: (group: GroupState) => GroupState,
): AccountState {
  return change(account, id, (discussion) => {
    if (!discussion.group) return discussion;
    const group = how(discussion.group);
    return group === discussion.group ? discussion : { ...discussion, group };
  });
}

function memberOf(account: AccountState, member: StoredMember): GroupMember {
  return {
    address: member.sip,
    sip: normaliseSip(member.sip, account.me.domain),
    name: toName(member.name),
    id: member.id,
    admin: member.admin,
    left: false,
  };
}

function withMember(account: AccountState, discussion: string, stored: StoredMember): AccountState {
  const member = memberOf(account, stored);
  return changeGroup(account, discussion, (group) => {
    const old = group.members.find(({ sip }) => sip === member.sip);
    const written = { ...member, name: member.name || (old?.name ?? ''), id: member.id ?? old?.id ?? null };
    const members = old
      ? group.members.map((one) => (one === old ? written : one))
      : [...group.members, written];
    return { ...group, members };
  });
}

// --- What the window sees --------------------------------------------------------------------------------------

/** How many of the newest messages tell who is in a group: the cost of a view must not grow with its history. */
const authorsFrom = 2_000;

const byName = new Intl.Collator(undefined, { numeric: true });

const views = new WeakMap<Discussion, { of: readonly unknown[]; view: GroupView }>();

export function groupView(account: AccountState, discussion: Discussion): GroupView | null {
  const { group } = discussion;
  if (!group) return null;
  const lock = lockOf(account, group);
  const of = [account.names, account.presences, account.me, lock];
  const memo = views.get(discussion);
  if (memo && memo.of.every((part, index) => part === of[index])) return memo.view;
  const view: GroupView = {
    members: membersOf(account, discussion, group),
    complete: group.complete,
    gone: group.standing === 'gone',
    lock,
  };
  views.set(discussion, { of, view });
  return view;
}

/** Why this person cannot change the group; null: they can, or the server has to say. */
export function lockOf(account: AccountState, group: GroupState): GroupLock | null {
  if (group.standing === 'gone') return 'gone';
  if (account.link.state === 'online' && account.mode.kind === 'volatile') return 'volatile';
  if (account.link.state !== 'online' || account.mode.kind !== 'stored') return 'offline';
  if (group.id === null) return 'unknown';
  const me = group.members.find((member) => isMe(account, member.sip) && !member.left);
  return me?.admin === false || (!me && group.complete) ? 'not-admin' : null;
}

function membersOf(account: AccountState, discussion: Discussion, group: GroupState): MemberView[] {
  const named = (sip: string, name: string) => account.names[sip] || name || sip;
  const members: MemberView[] = [];
  const have = new Set<string>();
  for (const { sip, address, name, id, admin, left } of group.members) {
    have.add(sip);
    if (left) continue;
    const me = isMe(account, sip);
    members.push({
      id: sip,
      address,
      name: me ? account.me.name || named(sip, name) : named(sip, name),
      me,
      admin,
      removable: id !== null,
      presence: (me ? account.ownPresence : account.presences[sip]) ?? unknownPresence,
    });
  }
  // Where nobody lists the members, whoever has written is one.
  for (const { author, own } of group.complete ? [] : discussion.messages.slice(-authorsFrom)) {
    if (own || author.sip === '' || have.has(author.sip)) continue;
    have.add(author.sip);
    members.push({
      id: author.sip,
      address: author.sip,
      name: named(author.sip, author.name),
      me: false,
      admin: null,
      removable: false,
      presence: account.presences[author.sip] ?? unknownPresence,
    });
  }
  return members.sort((a, b) => Number(b.me) - Number(a.me) || byName.compare(a.name, b.name));
}
