// The one door to messages that are not in the state: whoever wants a page asks here. Today the Messages service
// stands behind it; a history on this computer would stand in front of that, and nobody else would notice.
import type { Instant } from '../ipc/contract.ts';
import type { Answer, Pbx, StoredMessage } from '../pbx/index.ts';

/** Messages of a page; what is unread may ask for more, up to `largestPage`. */
export const pageSize = 50;
export const largestPage = 1000;

export interface PageRequest {
  readonly sip: string;
  /** Only messages before this time; absent: the newest. */
  readonly before?: Instant;
  readonly count: number;
}

export interface History {
  /** Oldest first. Clears the unread state at the server (protocol, section 5, ReadChat). */
  page(request: PageRequest): Answer<StoredMessage[]>;
}

export function serverHistory(pbx: Pbx): History {
  return {
    page: ({ sip, before, count }) =>
      pbx.readChat(before === undefined ? { sip, count } : { sip, older: before, count }),
  };
}
