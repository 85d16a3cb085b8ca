// The life of a message that was written here: queued -> sending -> sent -> delivered, or failed with a reason and a
// way to send it again. Pure; the session gives to the wire what `toHandOver` names, and nothing else sends.
import type { DeliveryReason, DeliveryView, MessageId, Reason } from '../ipc/contract.ts';
import type { Outgoing } from './model.ts';

export function queued(message: MessageId): Outgoing {
  return { ref: refOf(message, 1), attempt: 1, state: 'queued', reason: null };
}

/** Each attempt has a name of its own: a late word about an earlier one must not settle this one. */
function refOf(message: MessageId, attempt: number): string {
  return `${message}/${attempt}`;
}

export function messageOfRef(ref: string): MessageId {
  return ref.slice(0, ref.lastIndexOf('/'));
}

/** Given to the wire, which keeps it until a call is there: from here on only its answers count. */
export function handedOver(outgoing: Outgoing): Outgoing {
  return outgoing.state === 'queued' ? { ...outgoing, state: 'sending' } : outgoing;
}

export function sent(outgoing: Outgoing): Outgoing {
  return outgoing.state === 'queued' || outgoing.state === 'sending'
    ? { ...outgoing, state: 'sent' }
    : outgoing;
}

export function delivered(outgoing: Outgoing): Outgoing {
  return outgoing.state === 'delivered' ? outgoing : { ...outgoing, state: 'delivered', reason: null };
}

/** `mayBeStored`: there is a Messages service, so that a lost link does not mean a lost message. */
export function failed(outgoing: Outgoing, reason: Reason<DeliveryReason>, mayBeStored: boolean): Outgoing {
  if (outgoing.state === 'delivered' || outgoing.state === 'failed') return outgoing;
  if (reason.code === 'connection-lost' && mayBeStored) return { ...outgoing, state: 'unclear', reason };
  return { ...outgoing, state: 'failed', reason };
}

/** The history was read, and the message is not in it. */
export function notStored(outgoing: Outgoing): Outgoing {
  return outgoing.state === 'unclear'
    ? { ...outgoing, state: 'failed', reason: { code: 'not-stored' } }
    : outgoing;
}

/** There is no history any more that would tell. */
export function unknowable(outgoing: Outgoing): Outgoing {
  return outgoing.state === 'unclear'
    ? { ...outgoing, state: 'failed', reason: outgoing.reason ?? { code: 'connection-lost' } }
    : outgoing;
}

/** The wire that had it is gone: what it had not handed on is still ours, of the rest nobody knows. */
export function orphaned(outgoing: Outgoing, mayBeStored: boolean): Outgoing {
  if (outgoing.state === 'sending') return { ...outgoing, state: 'queued' };
  if (outgoing.state === 'sent') return failed(outgoing, { code: 'connection-lost' }, mayBeStored);
  return outgoing;
}

export function again(message: MessageId, outgoing: Outgoing): Outgoing {
  if (outgoing.state !== 'failed') return outgoing;
  const attempt = outgoing.attempt + 1;
  return { ref: refOf(message, attempt), attempt, state: 'queued', reason: null };
}

/** Nobody else has it, as far as that is known: what the wire holds for a call is still ours. */
export function isUndelivered({ state }: Outgoing): boolean {
  return state === 'queued' || state === 'sending' || state === 'failed';
}

/** Only what nobody else has can be taken back. */
export function canDiscard(outgoing: Outgoing): boolean {
  return outgoing.state === 'failed' || outgoing.state === 'queued';
}

export function deliveryView(outgoing: Outgoing | null): DeliveryView | null {
  switch (outgoing?.state) {
    case undefined:
      return null;
    case 'queued':
    case 'sending':
    case 'unclear':
      return { state: 'waiting' };
    case 'sent':
      return { state: 'sent' };
    case 'delivered':
      return { state: 'delivered' };
    case 'failed':
      return { state: 'failed', reason: outgoing?.reason ?? { code: 'failed' } };
  }
}
