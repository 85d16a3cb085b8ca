// Nothing moves under the pointer: while somebody is about to click in the list, its order rests.
import type { DiscussionRow } from '../src-main/ipc/contract.ts';

/**
 * The rows of `current` in the order in which `shown` has them; those that `shown` does not know stand where they are
 * new, below everything that is known, until the order may move again. Rows that are gone are gone.
 */
export function holdOrder(
  shown: readonly DiscussionRow[],
  current: readonly DiscussionRow[],
): DiscussionRow[] {
  const byId = new Map(current.map((row) => [row.id, row]));
  const held: DiscussionRow[] = [];
  for (const { id } of shown) {
    const row = byId.get(id);
    if (row === undefined) continue;
    held.push(row);
    byId.delete(id);
  }
  return [...held, ...byId.values()];
}
