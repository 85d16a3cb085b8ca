// Groups of the Messages service (protocol, section 5): WriteGroup, WriteMember, and ReadMembers, which public documents
// do not know and a server may leave unanswered.
import type { RequestOutcome } from './app-connection.ts';
import type { Frame, JsonObject } from './frames.ts';
import { text, truthy } from './frames.ts';
import type { ServerForms } from './ids-and-times.ts';
import type { Answer, Pbx, PbxSettings, StoredMember } from './index.ts';

export interface GroupRequestsOptions {
  settings: PbxSettings;
  forms: ServerForms;
  /**
   * `alone`: a server may not know this request, or refuse it to this person. An `Error` then refuses it and says
   * nothing about the session; where that is gone, the next request that every server knows tells.
   */
  request(
    mt: string,
    properties: JsonObject,
    more?: { deadline?: number; alone?: boolean },
  ): Answer<RequestOutcome>;
  /** From now on calls of this address are known to be of a group. */
  markGroup(sip: string): void;
}

/** What the door of the wire promises of groups. */
type OfGroups =
  'createGroup' | 'renameGroup' | 'deleteGroup' | 'readMembers' | 'writeMember' | 'removeMember';

export interface GroupRequests extends Pick<Pbx, OfGroups> {
  /** On another connection another server may answer. */
  reset(): void;
}

export function createGroupRequests({
  settings,
  forms,
  request,
  markGroup,
}: GroupRequestsOptions): GroupRequests {
  /** Whether this server answers ReadMembers; a silence is waited for once. */
  let lists: boolean | null = null;

  const member = (frame: Frame): StoredMember[] => {
    const sip = text(frame.member) || text(frame.sip);
    if (sip === '') return [];
    return [{ id: forms.id(frame.id) || null, sip, name: text(frame.dn), admin: truthy(frame.admin) }];
  };

  async function write(mt: string, properties: JsonObject): Answer<Frame> {
    const outcome = await request(mt, properties, { alone: true });
    return outcome.ok ? { ok: true, value: outcome.value.result } : outcome;
  }

  const done = (outcome: Awaited<Answer<Frame>>): Awaited<Answer<null>> =>
    outcome.ok ? { ok: true, value: null } : outcome;

  return {
    reset() {
      lists = null;
    },
    async createGroup(name) {
      const outcome = await write('WriteGroup', { dn: name });
      if (!outcome.ok) return outcome;
      const group = { id: forms.id(outcome.value.id), sip: text(outcome.value.sip), name };
      // Without its address nothing can be sent to it.
      if (group.sip === '') return { ok: false, reason: { code: 'refused' } };
      markGroup(group.sip);
      return { ok: true, value: group };
    },
    async renameGroup(group, name) {
      return done(await write('WriteGroup', { id: forms.writeId(group), dn: name }));
    },
    async deleteGroup(group) {
      return done(await write('WriteGroup', { id: forms.writeId(group) }));
    },
    async readMembers(group) {
      if (!settings.readMembers || lists === false) return { ok: true, value: null };
      const outcome = await request(
        'ReadMembers',
        { grp: forms.writeId(group) },
        { deadline: settings.membersTimeout, alone: true },
      );
      if (!outcome.ok) {
        const { code } = outcome.reason;
        if (code !== 'no-answer' && code !== 'refused') return outcome;
        // A server that has listed members before knows how to, and is only slow now.
        if (lists === true) return outcome;
        lists = false;
        return { ok: true, value: null };
      }
      lists = true;
      const members = outcome.value.indications
        .filter((frame) => frame.mt === 'ReadMembersInd')
        .flatMap((frame) => member(frame));
      // A group has at least the person who asks, so an empty list is no list.
      return { ok: true, value: members.length === 0 ? null : members };
    },
    async writeMember(group, { id, sip, admin }) {
      const known = id === null ? {} : { id: forms.writeId(id) };
      const outcome = await write('WriteMember', {
        ...known,
        grp: forms.writeId(group),
        member: sip,
        admin,
      });
      return outcome.ok ? { ok: true, value: forms.id(outcome.value.id) || id } : outcome;
    },
    async removeMember(group, id) {
      return done(await write('WriteMember', { id: forms.writeId(id), grp: forms.writeId(group) }));
    },
  };
}
