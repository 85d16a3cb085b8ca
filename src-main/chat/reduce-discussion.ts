// Opening and leaving discussions, drafts, typing.
import type { DiscussionId } from '../ipc/contract.ts';
import type { AccountEvent, AmendEvent, FileEvent, GroupEvent, HistoryEvent, OutboxEvent } from './events.ts';
import { idOfStored, newDiscussion, type AccountState, type Discussion, type Edit } from './model.ts';
import type { KeptDraft, KeptEdit, KeptRemoval } from './ports.ts';
import { tryAgain } from './reduce-history.ts';
import { change, changeEach, lastOfOthers, readEverything } from './reduce-shared.ts';
import { compose, toName, toSafeHtml } from './rich-text.ts';
import { countOf, unreadAgain } from './unread.ts';

type Event = Exclude<
  AccountEvent,
  OutboxEvent | HistoryEvent | FileEvent | GroupEvent | AmendEvent | { type: 'wire' | 'wire/gone' }
>;

export function reduceDiscussion(account: AccountState, event: Event): AccountState {
  switch (event.type) {
    case 'discussion/opened':
      return open(account, event.discussion);
    case 'discussion/closed':
      return leave(account);
    case 'discussion/started': {
      const { discussion: id, address, person } = event;
      const name = toName(person.name);
      if (account.discussions[id]) return account;
      const discussion = { ...newDiscussion(id, address), name };
      return { ...account, discussions: { ...account.discussions, [id]: discussion } };
    }
    case 'draft/changed':
      return change(account, event.discussion, (discussion) =>
        discussion.draft === event.html ? discussion : { ...discussion, draft: event.html },
      );
    case 'edit/changed':
      return change(account, event.discussion, (discussion) => {
        const edit = event.edit && editOf(discussion, event.edit);
        return discussion.edit === edit ? discussion : { ...discussion, edit };
      });
    case 'drafts/restored':
      return event.removals.reduce(removalRestored, event.drafts.reduce(restored, account));
    case 'typing/expired':
      return changeEach(account, (discussion) => {
        const typing = discussion.typing.filter(({ until }) => until > event.now);
        return typing.length === discussion.typing.length ? discussion : { ...discussion, typing };
      });
  }
}

/** Only own messages are edited; one that an earlier run began with may not be loaded. */
function editOf(
  { messages, edit }: Discussion,
  { message, html }: Pick<Edit, 'message' | 'html'>,
): Edit | null {
  if (edit?.message === message) return edit.html === html ? edit : { ...edit, html };
  const found = messages.findLast(({ id, own }) => own && id === message);
  return found ? { message, serverId: found.serverId, html, original: found.html } : edit;
}

/** A discussion is there again for the sake of its draft; what is typed already is newer. */
function restored(account: AccountState, kept: KeptDraft): AccountState {
  const { discussion: id, address, kind, name } = kept;
  const known = account.discussions[id] ?? { ...newDiscussion(id, address, kind), name: toName(name) };
  const draft = known.draft === '' ? compose(kept.html) : known.draft;
  const edit = known.edit ?? (kept.edit ? editRestored(kept.edit) : null);
  if (draft === known.draft && edit === known.edit) return account;
  return { ...account, discussions: { ...account.discussions, [id]: { ...known, draft, edit } } };
}

function editRestored({ id, html, original }: KeptEdit): Edit {
  return {
    message: id === null ? 'unknown' : idOfStored(id),
    serverId: id,
    html: compose(html),
    original: toSafeHtml(original),
  };
}

/** One whose id nobody knew cannot be carried out: that is told (drafts.ts). */
function removalRestored(account: AccountState, { discussion, id }: KeptRemoval): AccountState {
  if (id === null) return account;
  const removal = { view: { state: 'waiting' as const }, discussion, serverId: id };
  return { ...account, removals: { ...account.removals, [idOfStored(id)]: removal } };
}

/** Opening reads, also when it is open already: it is something that a person does (protocol, section 9). */
function open(account: AccountState, id: DiscussionId): AccountState {
  if (!account.discussions[id]) return account;
  if (account.open === id) return readEverything(change(account, id, tryAgain), id);
  const entered = change(leave(account), id, (discussion) => ({
    ...tryAgain(discussion),
    newFrom: firstUnread(discussion),
  }));
  return { ...readEverything(entered, id), open: id };
}

function firstUnread(discussion: Discussion): string | null {
  const count = countOf(discussion.unread);
  if (count === 0) return null;
  if (discussion.unread.stored === 0) return discussion.unread.arrived[0]?.id ?? null;
  return lastOfOthers(discussion.messages, count)[0] ?? null;
}

/** The 'new' line goes. What was read in name only, because it could not be loaded, is unread again. */
export function leave(account: AccountState): AccountState {
  if (account.open === null) return account;
  let unseen = 0;
  const left = change(account, account.open, (discussion) => {
    unseen = discussion.history.state === 'loading' ? 0 : discussion.newPending;
    if (unseen === 0 && discussion.newFrom === null) return discussion;
    return {
      ...discussion,
      newFrom: null,
      newPending: unseen > 0 ? 0 : discussion.newPending,
      unread: unseen > 0 ? unreadAgain(discussion.unread, unseen) : discussion.unread,
    };
  });
  return { ...left, open: null, recount: left.recount || unseen > 0 };
}
