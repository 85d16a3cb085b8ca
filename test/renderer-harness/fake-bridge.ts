// Answers commands as the main process would, from one view in memory.
import type {
  Batch,
  Bridge,
  CommandName,
  Commands,
  DeliveryView,
  DiscussionView,
  MessageView,
  Patch,
  SafeHtml,
  View,
} from '../../src-main/ipc/contract.ts';
import { applyPatch } from '../../src-renderer/bridge.ts';
import { emptyRow, message, openView } from './scenes.ts';

interface Harness {
  patch(...patches: Patch[]): void;
  view(): View;
  calls: { name: string; argument: unknown }[];
  focus(place: 'list' | 'composer' | 'search'): void;
  message: typeof message;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

export function fakeBridge(first: { view: View; histories: Record<string, MessageView[]> }): Bridge {
  let view = first.view;
  const histories = first.histories;
  let seq = 1;
  let listener: (batch: Batch) => void = () => {};
  let focusListener: (place: 'list' | 'composer' | 'search') => void = () => {};
  const calls: Harness['calls'] = [];
  let nextId = 1;

  function patch(...patches: Patch[]): void {
    view = patches.reduce(applyPatch, view);
    seq += 1;
    listener(structuredClone({ seq, patches }));
  }

  function changeOpen(change: Partial<DiscussionView>): void {
    if (view.open !== null) patch({ of: 'discussion', value: { ...view.open, ...change } });
  }

  function setMessages(set: MessageView[], all: MessageView[]): void {
    if (view.open === null) return;
    histories[view.open.id] = all;
    patch({ of: 'messages', discussion: view.open.id, set, order: all.map(({ id }) => id) });
  }

  function deliver(id: string, states: DeliveryView[]): void {
    const [state, ...rest] = states;
    if (state === undefined) return;
    setTimeout(() => {
      const found = view.messages.find((one) => one.id === id);
      if (found === undefined || view.open === null) return;
      patch({ of: 'messages', discussion: view.open.id, set: [{ ...found, delivery: state }] });
      deliver(id, rest);
    }, 400);
  }

  const commands: Partial<{ [N in CommandName]: (argument: Parameters<Commands[N]>[0]) => unknown }> = {
    snapshot: () => structuredClone({ seq, view }),
    login: ({ password }) => {
      patch({ of: 'login', value: { ...view.login, state: 'working', reason: null, field: null } });
      setTimeout(() => {
        patch({
          of: 'login',
          value:
            password === 'right'
              ? { ...view.login, state: 'signed-in' }
              : { ...view.login, state: 'failed', field: 'password', reason: { code: 'wrong-password' } },
        });
      }, 700);
      return { ok: true, value: null };
    },
    cancelLogin: () => {
      patch({ of: 'login', value: { ...view.login, state: 'signed-out' } });
      return null;
    },
    openDiscussion: ({ discussion }) => {
      const row = view.rows.find(({ id }) => id === discussion);
      if (row === undefined || view.open?.id === discussion) return null;
      const all = histories[discussion] ?? [];
      patch(
        { of: 'open', value: openView(row), messages: all },
        { of: 'rows', set: [{ ...row, unread: 0 }] },
      );
      return null;
    },
    closeDiscussion: () => {
      patch({ of: 'open', value: null, messages: [] });
      return null;
    },
    loadOlder: () => {
      if (view.open?.history.state !== 'idle') return null;
      changeOpen({ history: { state: 'loading', older: true } });
      setTimeout(() => {
        const oldest = view.messages[0]?.at ?? Date.now();
        const older = Array.from({ length: 30 }, (_, index) =>
          message(`older-${nextId++}`, oldest - (30 - index) * 7 * 60_000, index % 5 === 0, `Older ${index}`),
        );
        setMessages(older, [...older, ...view.messages]);
        changeOpen({ history: { state: 'idle', older: view.messages.length < 400 } });
      }, 300);
      return null;
    },
    send: ({ html }) => {
      const id = `sent-${nextId++}`;
      const text = html.replace(/<br>/g, '\n').replace(/<[^>]+>/g, '');
      const sent: MessageView = {
        ...message(id, Date.now(), true, text),
        html: html as SafeHtml,
        delivery: { state: 'waiting' },
      };
      setMessages([sent], [...view.messages, sent]);
      deliver(
        id,
        text.includes('fail')
          ? [{ state: 'sent' }, { state: 'failed', reason: { code: 'not-online' } }]
          : [{ state: 'sent' }, { state: 'delivered' }],
      );
      return { ok: true, value: { message: id } };
    },
    resend: ({ message: id }) => {
      deliver(id, [{ state: 'waiting' }, { state: 'sent' }, { state: 'delivered' }]);
      return null;
    },
    discard: ({ message: id }) => {
      setMessages(
        [],
        view.messages.filter((one) => one.id !== id),
      );
      return null;
    },
    startChat: async ({ address }) => {
      await new Promise((done) => setTimeout(done, 300));
      if (address === '') return { ok: false, reason: { code: 'address-empty' } };
      if (address === 'nobody') return { ok: false, reason: { code: 'address-unknown' } };
      const row = emptyRow(address);
      patch({ of: 'rows', set: [row], order: [row.id, ...view.rows.map(({ id }) => id)] });
      patch({ of: 'open', value: openView(row), messages: [] });
      return { ok: true, value: { discussion: row.id } };
    },
    setOwnPresence: ({ activity, note }) => {
      if (view.account !== null) {
        const presence = { state: activity === '' ? ('online' as const) : activity, note };
        patch({ of: 'account', value: { ...view.account, presence } });
      }
      return null;
    },
    setPreferences: (preferences) => {
      const merged = { ...view.app.preferences, ...preferences };
      const dark = merged.theme === 'system' ? view.app.dark : merged.theme === 'dark';
      patch({ of: 'app', value: { ...view.app, preferences: merged, dark } });
      return null;
    },
    mute: () => null,
    proxyLogin: () => null,
    dismissProxy: () => null,
    setAutostart: ({ mode }) => {
      patch({ of: 'app', value: { ...view.app, autostart: mode } });
      return { ok: true, value: null };
    },
    dismissNotice: ({ id }) => {
      patch({ of: 'app', value: { ...view.app, notices: view.app.notices.filter((one) => one.id !== id) } });
      return null;
    },
    openLink: () => ({ ok: true, value: null }),
    logout: () => {
      patch(
        { of: 'login', value: { ...view.login, state: 'signed-out' } },
        { of: 'account', value: null },
        { of: 'open', value: null, messages: [] },
      );
      return null;
    },
  };

  window.harness = {
    patch,
    view: () => view,
    calls,
    focus: (place) => focusListener(place),
    message,
  };

  return {
    async call(name, ...argument) {
      calls.push({ name, argument: argument[0] });
      const command = commands[name] as ((argument: unknown) => unknown) | undefined;
      return (await command?.(argument[0])) as never;
    },
    attachFiles: () => Promise.resolve({ ok: true as const, value: null }),
    onBatch: (next) => void (listener = next),
    onFocusRequest: (next) => void (focusListener = next),
    onOpened: () => undefined,
    onScreenRequest: () => undefined,
  };
}
