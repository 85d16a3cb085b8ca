// Messages that were written here, in the state: the outbox names those whose fate is open, the message has the fate.
import type { MessageId } from '../ipc/contract.ts';
import { renewed, written as writtenFile } from './attachments.ts';
import type { AccountEvent, OutboxEvent } from './events.ts';
import { appendLive } from './merge.ts';
import type { AccountState, Discussion, Message, Outgoing } from './model.ts';
import { again, canDiscard, handedOver, messageOfRef, orphaned, queued } from './outbox.ts';
import { change } from './reduce-shared.ts';
import { receive } from './rich-text.ts';

export function reduceOutbox(
  account: AccountState,
  event: Extract<AccountEvent, OutboxEvent | { type: 'wire/gone' }>,
): AccountState {
  switch (event.type) {
    case 'outbox/queued': {
      if (!account.discussions[event.discussion]) return account;
      const message = written(account, event);
      const put = change(account, event.discussion, (discussion) => ({
        ...discussion,
        messages: appendLive(discussion.messages, message),
        draft: '',
        // Who writes has seen what is above.
        newFrom: null,
      }));
      const entry = { message: event.message, discussion: event.discussion };
      const { [event.discussion]: _sent, ...trays } = put.trays;
      return { ...put, trays, outbox: [...put.outbox, entry] };
    }
    case 'outbox/handed':
      return settleMessage(account, event.message, handedOver);
    case 'outbox/again':
      return sendAgain(account, event.message, event.now);
    case 'outbox/discarded':
      return discard(account, event.message);
    case 'wire/gone':
      return settleEach(account, (outgoing) => orphaned(outgoing, account.served));
  }
}

function written(account: AccountState, event: Extract<OutboxEvent, { type: 'outbox/queued' }>): Message {
  const { message: id, discussion, html: composed, now } = event;
  const { html, text } = receive(composed, 'text/html');
  return {
    id,
    serverId: null,
    author: account.me,
    own: true,
    html,
    text,
    at: now,
    claimedAt: now,
    arrivedAt: now,
    attachments: (account.trays[discussion] ?? []).map(writtenFile),
    incomplete: false,
    live: true,
    kept: false,
    edited: false,
    outgoing: queued(id),
  };
}

/** By what the wire calls an attempt; words about an earlier attempt are not about this one. */
export function settle(
  account: AccountState,
  ref: string,
  how: (outgoing: Outgoing) => Outgoing,
): AccountState {
  return settleMessage(account, messageOfRef(ref), (outgoing) =>
    outgoing.ref === ref ? how(outgoing) : outgoing,
  );
}

export function settleUnclear(account: AccountState, how: (outgoing: Outgoing) => Outgoing): AccountState {
  return settleEach(account, (outgoing) => (outgoing.state === 'unclear' ? how(outgoing) : outgoing));
}

function settleEach(account: AccountState, how: (outgoing: Outgoing) => Outgoing): AccountState {
  return account.outbox.reduce((next, { message }) => settleMessage(next, message, how), account);
}

function settleMessage(
  account: AccountState,
  id: MessageId,
  how: (outgoing: Outgoing) => Outgoing,
): AccountState {
  const entry = account.outbox.find(({ message }) => message === id);
  if (!entry) return account;
  const next = change(account, entry.discussion, (discussion) => {
    const index = discussion.messages.findLastIndex((message) => message.id === id);
    const message = discussion.messages[index];
    if (!message?.outgoing) return discussion;
    const outgoing = how(message.outgoing);
    if (outgoing === message.outgoing) return discussion;
    const kept = message.kept || (outgoing.state === 'delivered' && account.mode.kind === 'stored');
    return { ...discussion, messages: discussion.messages.with(index, { ...message, outgoing, kept }) };
  });
  return next === account ? account : withoutDelivered(next);
}

/** What has been delivered needs no more care. */
export function withoutDelivered(account: AccountState): AccountState {
  const open = account.outbox.filter(({ message, discussion }) => {
    const found = account.discussions[discussion]?.messages.findLast(({ id }) => id === message);
    return found?.outgoing && found.outgoing.state !== 'delivered';
  });
  return open.length === account.outbox.length ? account : { ...account, outbox: open };
}

/** It goes to the end, in the discussion and in the queue: that is where it will stand for the others too. */
function sendAgain(account: AccountState, id: MessageId, now: number): AccountState {
  const entry = account.outbox.find(({ message }) => message === id);
  if (!entry) return account;
  const next = change(account, entry.discussion, (discussion): Discussion => {
    const message = discussion.messages.findLast((candidate) => candidate.id === id);
    if (!message?.outgoing) return discussion;
    const outgoing = again(id, message.outgoing);
    if (outgoing === message.outgoing) return discussion;
    const others = discussion.messages.filter((candidate) => candidate !== message);
    const attachments = message.attachments.map((file) => ({
      ...file,
      upload: file.upload && renewed(file.upload),
    }));
    const moved = { ...message, attachments, outgoing, claimedAt: now, arrivedAt: now };
    return { ...discussion, messages: appendLive(others, moved), newFrom: null };
  });
  if (next === account) return account;
  return { ...next, outbox: [...next.outbox.filter((other) => other !== entry), entry] };
}

function discard(account: AccountState, id: MessageId): AccountState {
  const entry = account.outbox.find(({ message }) => message === id);
  if (!entry) return account;
  const next = change(account, entry.discussion, (discussion) => {
    const message = discussion.messages.findLast((candidate) => candidate.id === id);
    if (!message?.outgoing || !canDiscard(message.outgoing)) return discussion;
    return { ...discussion, messages: discussion.messages.filter((candidate) => candidate !== message) };
  });
  if (next === account) return account;
  return { ...next, outbox: next.outbox.filter((other) => other !== entry) };
}
