import { describe, expect, it } from 'vitest';
import { isChanged, remaining, shownMembers, stage, startDraft } from '../../../src-renderer/group-edit.ts';
import type { MemberView } from '../../../src-main/ipc/contract.ts';

const presence = { state: 'unknown' as const, note: '' };
const person = (id: string) => ({ id, address: `${id}@example.com`, name: id.toUpperCase(), presence });
const member = (id: string, admin: boolean | null = false, me = false): MemberView => ({
  ...person(id),
  me,
  admin,
  removable: true,
});
const members = [member('me', true, true), member('bob'), member('eve', null)];
const shown = (draft: ReturnType<typeof startDraft>) =>
  shownMembers(draft, members).map(({ id, state, admin }) => `${id} ${state}${admin ? ' admin' : ''}`);

describe('changing a group', () => {
  it('shows those who are in it as they are', () => {
    expect(shown(startDraft('Team'))).toEqual(['me same admin', 'bob same', 'eve same']);
  });

  it('shows what is going to be different, and who comes last', () => {
    let draft = stage(startDraft('Team'), members, person('tom'), 'member');
    draft = stage(draft, members, person('bob'), 'admin');
    draft = stage(draft, members, person('eve'), 'remove');
    draft = stage(draft, members, person('tom'), 'admin');
    expect(shown(draft)).toEqual(['me same admin', 'bob changed admin', 'eve removed', 'tom added admin']);
  });

  it('forgets what leads back to what is', () => {
    let draft = stage(startDraft('Team'), members, person('bob'), 'admin');
    draft = stage(draft, members, person('bob'), 'member');
    draft = stage(draft, members, person('tom'), 'member');
    draft = stage(draft, members, person('tom'), 'remove');
    expect(draft.changes).toEqual([]);
    expect(isChanged(draft, 'Team')).toBe(false);
  });

  it('takes either answer for a change where it is not known who is an admin', () => {
    expect(stage(startDraft('Team'), members, person('eve'), 'member').changes).toHaveLength(1);
  });

  it('is a change when the name is another one, and when something is typed and not chosen', () => {
    expect(isChanged(startDraft(' Team '), 'Team')).toBe(false);
    expect(isChanged(startDraft('Teams'), 'Team')).toBe(true);
    expect(isChanged({ ...startDraft('Team'), typed: 'ol' }, 'Team')).toBe(true);
  });

  it('keeps what was refused and what was changed meanwhile, and nothing else', () => {
    let draft = stage(startDraft('New'), members, person('tom'), 'member');
    draft = stage(draft, members, person('bob'), 'admin');
    const asked = draft.changes.map(({ address: sip }) => ({ sip }));
    draft = stage(draft, members, person('eve'), 'remove');
    const refused = [{ sip: 'bob@example.com', reason: { code: 'refused' as const } }];
    expect(remaining(draft, 'New', asked, refused).changes.map(({ id }) => id)).toEqual(['bob', 'eve']);
  });
});
