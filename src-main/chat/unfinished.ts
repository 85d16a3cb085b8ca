// What somebody did that is not done yet, and that nobody but this program knows of: it is lost with the account. Pure.
import type { DiscussionId, Unfinished } from '../ipc/contract.ts';
import type { AccountState, Edit, Message } from './model.ts';
import { isUndelivered } from './outbox.ts';
import { toPlain, toSafeHtml } from './rich-text.ts';

/** Messages of the outbox that nobody else has, in the order in which they were sent. */
export function undelivered(account: AccountState, of?: DiscussionId): Message[] {
  return account.outbox.flatMap(({ message: id, discussion }) => {
    if (of !== undefined && of !== discussion) return [];
    const message = account.discussions[discussion]?.messages.findLast((candidate) => candidate.id === id);
    return message?.outgoing && isUndelivered(message.outgoing) ? [message] : [];
  });
}

/** What signing out now would lose beside the drafts. */
export function unfinished(account: AccountState): Unfinished {
  const discussions = Object.values(account.discussions);
  return {
    messages: undelivered(account).length,
    edits: discussions.filter(({ edit }) => edit !== null && changes(edit)).length,
    removals: lostRemovals(account),
  };
}

/** Asked after every change of the account, of which hardly one is of this text. */
const changing = new WeakMap<Edit, boolean>();

function changes(edit: Edit): boolean {
  const known = changing.get(edit);
  if (known !== undefined) return known;
  const differs = toPlain(toSafeHtml(edit.html)) !== toPlain(edit.original);
  changing.set(edit, differs);
  return differs;
}

/** Whoever leaves has asked for every deletion that the server can be asked for (amend.ts, `stop`). */
function lostRemovals({ link, mode, discussions, removals }: AccountState): number {
  const asks = link.state === 'online' && mode.kind === 'stored';
  return Object.entries(removals).filter(([id, { view, discussion, serverId }]) => {
    if (view.state === 'failed' || view.state === 'sending') return false;
    const message = discussions[discussion]?.messages.findLast((candidate) => candidate.id === id);
    return !asks || (message?.serverId ?? serverId) === null;
  }).length;
}

/** What is on screen is stored nowhere; without a link it is as it was while there was one. */
export function isVolatile({ mode, served, listLoaded }: AccountState): boolean {
  return mode.kind === 'unknown' ? listLoaded && !served : mode.kind === 'volatile';
}
