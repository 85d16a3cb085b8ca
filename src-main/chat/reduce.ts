// (state, event) -> state. Pure; nothing else changes the state.
import type { AccountId, Notice } from '../ipc/contract.ts';
import type { AccountEvent, ChatEvent, LoginEvent, WindowEvent } from './events.ts';
import { reduceGroup } from './groups.ts';
import { reduceAmend } from './reduce-amend.ts';
import { leave, reduceDiscussion } from './reduce-discussion.ts';
import { readEverything, readingOf, type InAccount } from './reduce-shared.ts';
import { reduceFiles } from './reduce-files.ts';
import { reduceHistory } from './reduce-history.ts';
import { reduceOutbox } from './reduce-outbox.ts';
import { disconnected, reduceWire } from './reduce-wire.ts';
import { newAccount, signedOut, type AccountState, type State, type WindowState } from './model.ts';
import { toName } from './rich-text.ts';
import { readByTransition } from './unread.ts';

export function reduce(state: State, event: ChatEvent): State {
  switch (event.type) {
    case 'app/changed':
      return { ...state, app: { ...state.app, ...event.app } };
    case 'app/noticed':
      return withNotices(state, [...otherNotices(state, event.notice.id), event.notice]);
    case 'app/unnoticed': {
      const others = otherNotices(state, event.notice);
      return others.length < state.app.notices.length ? withNotices(state, others) : state;
    }
    case 'login/started':
    case 'login/resumed':
    case 'login/authorize':
    case 'login/succeeded':
    case 'login/failed':
    case 'login/cancelled':
    case 'account/dropped':
      return reduceLogin(state, event);
    case 'window/changed':
    case 'window/reading':
    case 'window/locked':
      return reduceWindow(state, event);
    default:
      return inAccount(state, event);
  }
}

function otherNotices({ app }: State, id: string): Notice[] {
  return app.notices.filter((notice) => notice.id !== id);
}

function withNotices(state: State, notices: Notice[]): State {
  return { ...state, app: { ...state.app, notices } };
}

function reduceLogin(state: State, event: LoginEvent): State {
  switch (event.type) {
    case 'login/started': {
      const { server, user, remember } = event;
      return { ...state, active: null, login: { ...signedOut, state: 'working', server, user, remember } };
    }
    case 'login/resumed': {
      const { account: id, server, user } = event;
      const login = { ...signedOut, state: 'signed-in' as const, server, user };
      return { ...state, login, active: id, accounts: { [id]: newAccount(id, server, user) } };
    }
    case 'login/authorize':
      return { ...state, login: { ...state.login, state: 'authorize', code: event.code, reason: null } };
    case 'login/succeeded': {
      const { account: id, server, user } = event;
      // Somebody who had to type the password again finds everything as it was; another person finds nothing.
      const account: AccountState = {
        ...(state.accounts[id] ?? newAccount(id, server, user.sip)),
        me: { sip: user.sip, name: toName(user.name), domain: user.domain },
      };
      const login = { ...state.login, state: 'signed-in' as const, reason: null, field: null, code: null };
      return { ...state, login, active: id, accounts: { [id]: account } };
    }
    case 'login/failed': {
      const { reason, field } = event;
      return {
        ...state,
        active: null,
        login: { ...state.login, state: 'failed', reason, field, code: null },
      };
    }
    case 'login/cancelled':
      return {
        ...state,
        active: null,
        login: { ...state.login, state: 'signed-out', reason: null, field: null, code: null },
      };
    case 'account/dropped': {
      const { [event.account]: _gone, ...accounts } = state.accounts;
      const { server, user, remember } = state.login;
      if (state.active !== event.account) return { ...state, accounts };
      return {
        ...state,
        accounts,
        active: null,
        login: { ...signedOut, server, user, remember },
        window: { ...state.window, input: null },
      };
    }
  }
}

/**
 * A window that is not visible is the program being closed, so what it last said about its input no longer holds when
 * it comes back: opening the program reads nothing (protocol, section 9).
 */
function reduceWindow(state: State, event: WindowEvent): State {
  const { window } = state;
  const next = windowAfter(window, event);
  if (next.focused === window.focused && next.visible === window.visible && next.input === window.input) {
    if (next.locked === window.locked) return state;
  }
  const after = { ...state, window: next };
  const account = state.active === null ? undefined : state.accounts[state.active];
  if (!account) return after;
  const reads = readByTransition(readingOf(account, window, true), readingOf(account, next, true));
  return reads === null ? after : withAccount(after, account, readEverything(account, reads));
}

function windowAfter(window: WindowState, event: WindowEvent): WindowState {
  switch (event.type) {
    case 'window/changed': {
      const { focused, visible } = event;
      return { ...window, focused, visible, input: window.visible && !visible ? null : window.input };
    }
    case 'window/reading':
      return { ...window, input: event.inputFocused ? event.discussion : null };
    case 'window/locked':
      return { ...window, locked: event.locked };
  }
}

function inAccount(state: State, event: AccountEvent): State {
  const account = state.accounts[event.account];
  if (!account) return state;
  const context: InAccount = { reading: readingOf(account, state.window, state.active === account.id) };
  return withAccount(state, account, reduceAccount(account, event, context));
}

function reduceAccount(account: AccountState, event: AccountEvent, context: InAccount): AccountState {
  switch (event.type) {
    case 'wire':
      return reduceWire(account, event.event, event.now, context);
    case 'outbox/queued':
    case 'outbox/handed':
    case 'outbox/again':
    case 'outbox/discarded':
      return reduceOutbox(account, event);
    case 'wire/gone':
      return disconnected(reduceOutbox(account, event), { state: 'connecting' });
    case 'upload/added':
    case 'upload/progress':
    case 'upload/done':
    case 'upload/interrupted':
    case 'upload/again':
    case 'upload/removed':
    case 'upload/failed':
    case 'sending/stopped':
    case 'attachment/known':
    case 'attachment/failed':
    case 'download/changed':
      return reduceFiles(account, event);
    case 'amend/refused':
    case 'removal/changed':
    case 'message/edited':
    case 'message/gone':
      return reduceAmend(account, event);
    case 'history/doubted':
    case 'chats/asked':
    case 'chats/answered':
    case 'history/started':
    case 'history/loaded':
    case 'history/failed':
    case 'mark/started':
    case 'mark/done':
    case 'mark/failed':
      return reduceHistory(account, event, context);
    case 'group/deleted':
    case 'group/hidden':
      // It goes from the list, so it goes from the screen.
      return reduceGroup(account.open === event.discussion ? leave(account) : account, event);
    case 'group/created':
    case 'group/renamed':
    case 'members/listed':
    case 'member/written':
    case 'member/removed':
      return reduceGroup(account, event);
    default:
      return reduceDiscussion(account, event);
  }
}

function withAccount(state: State, before: AccountState, after: AccountState): State {
  if (before === after) return state;
  const id: AccountId = after.id;
  return { ...state, accounts: { ...state.accounts, [id]: after } };
}
