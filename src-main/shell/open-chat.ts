// `--chat ADDRESS` and `sip:`/`im:` links: opens a discussion as soon as that can be done.
import type { AddressReason, DiscussionId, Result } from '../ipc/contract.ts';
import { activeAccount, connection } from '../chat/select.ts';
import type { State } from '../chat/model.ts';
import type { Store } from '../chat/store.ts';

export interface OpenChatPorts {
  store: Store;
  startChat(address: string): Promise<Result<{ discussion: DiscussionId }, AddressReason>>;
  opened(discussion: DiscussionId): void;
  /** In words for the trace and the terminal. The wish stands while somebody can still act on it. */
  failed(problem: string): void;
}

type Readiness = { ready: true } | { ready: false; problem: string | null };

/** Whether the address can be looked up now; `problem` when somebody has to act first. */
export function readiness(state: State): Readiness {
  if (state.login.state === 'failed') {
    return { ready: false, problem: `the login failed: ${state.login.reason?.code ?? 'unknown'}` };
  }
  const account = activeAccount(state);
  if (account === null) return { ready: false, problem: null };
  const link = connection(account);
  if (link.state === 'no-chat-right') return { ready: false, problem: 'the user has no right to chat' };
  return link.state === 'online' && account.listLoaded ? { ready: true } : { ready: false, problem: null };
}

/**
 * Returns a function that opens the discussion of an address once the user is logged in and the list is there; a later
 * address replaces one that still waits.
 */
export function chatOpener({ store, startChat, opened, failed }: OpenChatPorts): (address: string) => void {
  let cancel: (() => void) | null = null;

  return (address) => {
    cancel?.();
    let told: string | null = null;
    const unsubscribe = store.subscribe(() => look());
    cancel = unsubscribe;
    const look = () => {
      const now = readiness(store.state());
      if (!now.ready) {
        if (now.problem !== null && now.problem !== told) failed(now.problem);
        told = now.problem;
        return;
      }
      unsubscribe();
      cancel = null;
      startChat(address).then(
        (result) =>
          result.ok
            ? opened(result.value.discussion)
            : failed(`${address} cannot be opened: ${result.reason.code}`),
        (error: unknown) => failed(String(error)),
      );
    };
    look();
  };
}
