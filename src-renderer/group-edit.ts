// A group as somebody is changing it: what is different from what it is, until the server has taken it. Pure.
import type { GroupFailure, MemberChange, MemberView, PresenceView } from '../src-main/ipc/contract.ts';

export interface Staged {
  id: string;
  address: string;
  name: string;
  presence: PresenceView;
  change: MemberChange;
}

export interface GroupDraft {
  name: string;
  /** In the order in which they were made; one per person. */
  changes: readonly Staged[];
  /** In the field for people, and not chosen yet. */
  typed: string;
}

export interface ShownMember {
  id: string;
  address: string;
  name: string;
  me: boolean;
  presence: PresenceView;
  /** As it will be; null: not known. */
  admin: boolean | null;
  removable: boolean;
  state: 'same' | 'added' | 'changed' | 'removed';
}

export function startDraft(name: string): GroupDraft {
  return { name, changes: [], typed: '' };
}

export function isChanged(draft: GroupDraft, name: string): boolean {
  return draft.name.trim() !== name || draft.changes.length > 0 || draft.typed.trim() !== '';
}

/** What a person is to become. What they are already is no change, and who is not in it cannot be removed. */
export function stage(
  draft: GroupDraft,
  members: readonly MemberView[],
  person: Omit<Staged, 'change'>,
  change: MemberChange,
): GroupDraft {
  const member = members.find(({ id }) => id === person.id);
  const now: MemberChange | null = member === undefined ? 'remove' : was(member);
  const others = draft.changes.filter(({ id }) => id !== person.id);
  if (change === now) return { ...draft, changes: others };
  const { id, address, name, presence } = person;
  const staged = { id, address, name, presence, change };
  const at = draft.changes.findIndex((one) => one.id === id);
  if (at === -1) return { ...draft, changes: [...draft.changes, staged] };
  return { ...draft, changes: draft.changes.map((one, index) => (index === at ? staged : one)) };
}

/** Whether they are an admin is not always known: then making them either is a change. */
function was({ admin }: MemberView): MemberChange | null {
  return admin === null ? null : admin ? 'admin' : 'member';
}

/** Everybody who is in it or is about to be: those who are added last, as they come. */
export function shownMembers(draft: GroupDraft, members: readonly MemberView[]): ShownMember[] {
  const changes = new Map(draft.changes.map((one) => [one.id, one.change]));
  const shown = members.map((member): ShownMember => {
    const change = changes.get(member.id);
    changes.delete(member.id);
    const { id, address, name, me, presence, admin, removable } = member;
    const base = { id, address, name, me, presence, removable };
    if (change === undefined) return { ...base, admin, state: 'same' };
    if (change === 'remove') return { ...base, admin, state: 'removed' };
    return { ...base, admin: change === 'admin', state: 'changed' };
  });
  for (const { id, address, name, presence, change } of draft.changes) {
    if (!changes.has(id) || change === 'remove') continue;
    const base = { id, address, name, presence, me: false, removable: true };
    shown.push({ ...base, admin: change === 'admin', state: 'added' });
  }
  return shown;
}

/** What is left to do after an answer: what was refused stays as it was typed. */
export function remaining(
  draft: GroupDraft,
  name: string,
  asked: readonly { sip: string }[],
  failures: readonly GroupFailure[],
): GroupDraft {
  const failed = new Set(failures.map(({ sip }) => sip));
  const settled = new Set(asked.map(({ sip }) => sip).filter((sip) => !failed.has(sip)));
  return {
    ...draft,
    name: failed.has(null) ? draft.name : name,
    changes: draft.changes.filter(({ address }) => !settled.has(address)),
  };
}
