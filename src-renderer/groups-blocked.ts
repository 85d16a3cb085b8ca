// Groups need the Messages service (protocol, section 5).
import type { AccountView, GroupLock } from '../src-main/ipc/contract.ts';

/** Why nobody can create a group now; null: they can. */
export function groupsBlocked(
  account: AccountView | null,
): Extract<GroupLock, 'offline' | 'volatile'> | null {
  const connection = account?.connection;
  if (connection?.state !== 'online') return 'offline';
  return connection.mode === 'stored' ? null : 'volatile';
}
