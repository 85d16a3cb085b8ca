// What one arriving message costs the state and the view, beside many messages in the discussion that is open (bob's).
import { reduce } from '../../src-main/chat/reduce.ts';
import { activeAccount, view } from '../../src-main/chat/select.ts';
import type { State } from '../../src-main/chat/model.ts';
import { loggedIn } from '../unit/chat/chat-bench.ts';
import { settled } from '../unit/chat/manual-world.ts';

const ARRIVING = 200;

/**
 * Microseconds for one message in the chat with `from`, `reduce` and `view` together, beside `count` messages: the median
 * of 200 that arrive one after the other.
 */
export async function timeOfOneMessage(count: number, from: 'bob' | 'olga'): Promise<number> {
  const bench = await loggedIn(true, ({ server }) => void server.store('bob', 'bob', 'the newest'));
  const row = bench.view().rows[0];
  if (!row) throw new Error('the discussion is not there');
  await bench.session.commands.openDiscussion({ discussion: row.id });
  await settled();
  const loaded = activeAccount(bench.store.state());
  const before = loaded?.discussions[row.id];
  if (!loaded || !before) throw new Error('the discussion is not open');
  const now = bench.world.now();
  const messages = Array.from({ length: count - before.messages.length }, (_, index) => ({
    id: `older-${index}`,
    author: { sip: index % 2 === 0 ? 'bob' : 'alice', name: '' },
    text: `Message ${index + 1}`,
    at: now - (count - index) * 60_000,
    attachments: [],
  }));
  const account = loaded.id;
  const history = { type: 'history/loaded', direction: 'older' } as const;
  let state: State = reduce(bench.store.state(), {
    ...{ ...history, account, discussion: row.id, messages, before, now },
  });
  const shown = view(state).messages.length;
  if (shown !== count) throw new Error(`the view has ${shown} messages instead of ${count}`);
  const times: number[] = [];
  for (let index = 0; index < ARRIVING; index++) {
    const at = now + (index + 1) * 1_000;
    const event = bench.pbx().im(from, from, `Arriving ${index}`, { at });
    const started = performance.now();
    state = reduce(state, { type: 'wire', account, event, now: at });
    view(state);
    times.push((performance.now() - started) * 1_000);
  }
  const discussions = Object.values(activeAccount(state)?.discussions ?? {});
  const arrived = discussions.reduce((sum, one) => sum + one.messages.length, 0) - count;
  if (arrived !== ARRIVING) throw new Error(`${arrived} messages arrived instead of ${ARRIVING}`);
  return times.sort((a, b) => a - b)[ARRIVING / 2] ?? NaN;
}
