// Creating and changing groups (protocol, section 5): one request after the other, and a report of what was refused, so
// that whoever asked for ten things knows which two did not happen.
import type { Commands, DiscussionId, GroupFailure, GroupReason, Reason, Result } from '../ipc/contract.ts';
import type { Pbx, RequestReason, ServerId } from '../pbx/index.ts';
import { normaliseSip } from './address.ts';
import type { AccountState, Discussion } from './model.ts';
import { isMe } from './reduce-shared.ts';
import { toName } from './rich-text.ts';
import type { Store } from './store.ts';

export interface GroupDeskPorts {
  store: Store;
  /** Of the account on screen; null: there is no connection that could be asked. */
  working(): { account: AccountState; pbx: Pbx } | null;
  /** What was just changed is read again where the server lists members. */
  changed(discussion: DiscussionId): void;
}

type Save = Parameters<Commands['saveGroup']>[0];
type SaveResult = ReturnType<Commands['saveGroup']>;
interface Known {
  readonly discussion: DiscussionId;
  readonly id: ServerId;
  readonly name: string;
}

export interface GroupDesk {
  saveGroup(a: Save): Promise<SaveResult>;
  deleteGroup(a: { discussion: DiscussionId }): Promise<Result<null, GroupReason>>;
}

export function createGroupDesk({ store, working, changed }: GroupDeskPorts): GroupDesk {
  function knownGroup(account: AccountState, discussion: DiscussionId): Result<Known, GroupReason> {
    const known = account.discussions[discussion];
    const id = known?.group?.id ?? null;
    if (!known || id === null || known.group?.standing === 'gone') return refuse({ code: 'unknown-group' });
    return { ok: true, value: { discussion, id, name: known.name } };
  }

  async function created(account: AccountState, pbx: Pbx, name: string): Promise<Result<Known, GroupReason>> {
    const answer = await pbx.createGroup(name);
    if (!answer.ok) return refuse(answer.reason);
    const group = answer.value;
    store.dispatch({ type: 'group/created', account: account.id, group });
    const discussion = normaliseSip(group.sip, account.me.domain);
    return { ok: true, value: { discussion, id: group.id, name } };
  }

  /** One change of a member; null: it happened. */
  async function write(
    { account, pbx }: { account: AccountState; pbx: Pbx },
    group: Known,
    { sip, name, change }: Save['members'][number],
  ): Promise<Reason<GroupReason> | null> {
    const { discussion } = group;
    const id = memberId(store.state().accounts[account.id]?.discussions[discussion], account, sip);
    if (change === 'remove') {
      if (id === null) return { code: 'not-removable' };
      const answer = await pbx.removeMember(group.id, id);
      if (!answer.ok) return answer.reason;
      store.dispatch({ type: 'member/removed', account: account.id, discussion, sip });
      return null;
    }
    const admin = change === 'admin';
    const answer = await pbx.writeMember(group.id, { id, sip, admin });
    if (!answer.ok) return answer.reason;
    const member = { id: answer.value, sip, name, admin };
    store.dispatch({ type: 'member/written', account: account.id, discussion, member });
    return null;
  }

  return {
    async saveGroup({ discussion, name: typed, members }) {
      const name = toName(typed);
      if (name === '') return refuse({ code: 'name-empty' });
      const now = working();
      if (!now) return refuse({ code: 'offline' });
      const { account, pbx } = now;
      const group = discussion === null ? await created(account, pbx, name) : knownGroup(account, discussion);
      if (!group.ok) return group;
      const failures: GroupFailure[] = [];
      if (group.value.name !== name) {
        const answer = await pbx.renameGroup(group.value.id, name);
        if (answer.ok) {
          const renamed = { discussion: group.value.discussion, name };
          store.dispatch({ type: 'group/renamed', account: account.id, ...renamed });
        } else failures.push({ sip: null, reason: answer.reason });
      }
      // Oneself last: whoever gives up being an admin can change nothing after that.
      const last = (sip: string) => Number(isMe(account, sip));
      for (const member of [...members].sort((a, b) => last(a.sip) - last(b.sip))) {
        const reason = await write(now, group.value, member);
        if (reason) failures.push({ sip: member.sip, reason });
      }
      changed(group.value.discussion);
      return { ok: true, value: { discussion: group.value.discussion, failures } };
    },
    async deleteGroup({ discussion }) {
      const now = working();
      if (!now) return refuse({ code: 'offline' });
      const group = knownGroup(now.account, discussion);
      if (!group.ok) return group;
      const answer = await now.pbx.deleteGroup(group.value.id);
      if (!answer.ok) return refuse(answer.reason);
      store.dispatch({ type: 'group/deleted', account: now.account.id, discussion });
      return { ok: true, value: null };
    },
  };
}

function memberId(discussion: Discussion | undefined, account: AccountState, sip: string): ServerId | null {
  const sought = normaliseSip(sip, account.me.domain);
  return discussion?.group?.members.find((member) => member.sip === sought && !member.left)?.id ?? null;
}

function refuse(reason: Reason<GroupReason | RequestReason>): { ok: false; reason: Reason<GroupReason> } {
  return { ok: false, reason };
}
