// The window's end of the bridge: a snapshot, then numbered batches of patches. What arrives is typed by the
// contract and comes from our own main process, so it is not validated again; but a number may be missing (the window
// was reloading, a batch was lost), and then the whole view is asked for once more.
import type {
  Batch,
  Bridge,
  DiscussionRow,
  MessageView,
  Patch,
  Snapshot,
  View,
} from '../src-main/ipc/contract.ts';

declare global {
  interface Window {
    pbxChat: Bridge;
  }
}

/** The view with one patch applied. Pure; whatever the patch does not name keeps its identity. */
export function applyPatch(view: View, patch: Patch): View {
  switch (patch.of) {
    case 'app':
      return { ...view, app: patch.value };
    case 'login':
      return { ...view, login: patch.value };
    case 'account':
      return { ...view, account: patch.value };
    case 'rows':
      return { ...view, rows: merge(view.rows, patch.set, patch.order) };
    case 'open':
      return { ...view, open: patch.value, messages: patch.messages };
    case 'discussion':
      // Of a discussion that was left in the meantime: nothing of it is on screen.
      return view.open?.id === patch.value.id ? { ...view, open: patch.value } : view;
    case 'messages':
      if (view.open?.id !== patch.discussion) return view;
      return { ...view, messages: merge(view.messages, patch.set, patch.order) };
  }
}

type Item = DiscussionRow | MessageView;

/** Replaces the items of `set` by id; `order`, when given, says which items there are and where. */
function merge<T extends Item>(items: T[], set: readonly T[], order: readonly string[] | undefined): T[] {
  if (order === undefined) {
    if (set.length === 0) return items;
    const changed = new Map(set.map((item) => [item.id, item]));
    return items.map((item) => changed.get(item.id) ?? item);
  }
  // Mostly one thing came or moved: what stands at both ends as before is taken over without a look-up, so that an
  // arrival in a discussion of 100,000 costs little more than copying the array.
  const shorter = Math.min(items.length, order.length);
  let start = 0;
  while (start < shorter && items[start]?.id === order[start]) start++;
  let end = 0;
  while (end < shorter - start && items.at(-1 - end)?.id === order.at(-1 - end)) end++;

  const known = new Map<string, T>();
  for (const item of items.slice(start, items.length - end)) known.set(item.id, item);
  const changed = new Map(set.map((item) => [item.id, item]));
  const between: T[] = [];
  for (const id of order.slice(start, order.length - end)) {
    const item = changed.get(id) ?? known.get(id);
    changed.delete(id);
    if (item !== undefined) between.push(item);
  }
  const merged = items.slice(0, start).concat(between, items.slice(items.length - end));
  return changed.size === 0 ? merged : merged.map((item) => changed.get(item.id) ?? item);
}

/** Where time comes from, so that the tests need none. */
export interface Timer {
  /** Milliseconds. */
  after(delay: number, run: () => void): void;
}

const realTimer: Timer = { after: (delay, run) => void setTimeout(run, delay) };

/** Milliseconds between two snapshots that were asked for because a number was missing. */
const RESNAPSHOT_PAUSE = 1_000;

/**
 * Keeps a view up to date. `show` gets the first snapshot, then the view after each batch; one call per batch, so the
 * window renders at most once per frame. A gap leads to one new snapshot, and never to more than one per second.
 * `lost` is called when main does not answer at all.
 */
export function follow(
  bridge: Bridge,
  show: (view: View) => void,
  lost: () => void,
  timer: Timer = realTimer,
): void {
  let current: Snapshot | null = null;
  /** Batches are held while a snapshot is on its way or due. */
  let held: Batch[] | null = [];
  let resting = false;
  let due = false;

  const take = (batch: Batch): 'taken' | 'old' | 'gap' => {
    if (current === null) return 'gap';
    if (batch.seq <= current.seq) return 'old';
    if (batch.seq !== current.seq + 1) return 'gap';
    current = { seq: batch.seq, view: batch.patches.reduce(applyPatch, current.view) };
    return 'taken';
  };

  const rest = (): void => {
    resting = true;
    timer.after(RESNAPSHOT_PAUSE, () => {
      resting = false;
      if (!due) return;
      due = false;
      void ask();
    });
  };

  const ask = async (): Promise<void> => {
    if (current !== null) rest();
    try {
      current = await bridge.call('snapshot');
    } catch {
      lost();
      return;
    }
    // Batches that overtook the snapshot are in it already; those after it follow on.
    const overtaken = held ?? [];
    held = null;
    for (const batch of overtaken) receive(batch, false);
    show(current.view);
  };

  const receive = (batch: Batch, paint: boolean): void => {
    if (held !== null) {
      held.push(batch);
      return;
    }
    const outcome = take(batch);
    if (outcome === 'taken' && paint && current !== null) show(current.view);
    if (outcome !== 'gap') return;
    held = [batch];
    if (resting) due = true;
    else void ask();
  };

  bridge.onBatch((batch) => receive(batch, true));
  void ask();
}
