import type { DeliveryReason, Reason } from '../ipc/contract.ts';

/** What became of a call that was released, by its cause (protocol, section 4, Q.850 numbers, C). Null: no cause. */
export type Release =
  { kind: 'normal' } | { kind: 'elsewhere' } | { kind: 'failed'; reason: Reason<DeliveryReason> };

export function releaseOf(cause: number | null): Release {
  switch (cause) {
    case null:
    case 0:
    case 16:
      return { kind: 'normal' };
    case 26:
      return { kind: 'elsewhere' };
    default:
      return { kind: 'failed', reason: { code: deliveryReason(cause), detail: String(cause) } };
  }
}

function deliveryReason(cause: number): DeliveryReason {
  switch (cause) {
    case 1:
    case 3:
      return 'unknown-user';
    case 17:
      return 'busy';
    case 18:
    case 19:
    case 20:
    case 27:
      return 'not-online';
    case 21:
    case 57:
      return 'not-allowed';
    default:
      return 'failed';
  }
}
