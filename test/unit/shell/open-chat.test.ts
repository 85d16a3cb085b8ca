import { describe, expect, it, vi } from 'vitest';
import { initialState } from '../../../src-main/chat/model.ts';
import { createStore } from '../../../src-main/chat/store.ts';
import type { AddressReason, DiscussionId, Result } from '../../../src-main/ipc/contract.ts';
import type { PbxEvent } from '../../../src-main/pbx/index.ts';
import { chatOpener } from '../../../src-main/shell/open-chat.ts';
import { defaults } from '../../../src-main/disk/settings-fields.ts';

function setup(answer: Result<{ discussion: DiscussionId }, AddressReason>) {
  const store = createStore(
    initialState(
      {
        version: '1',
        platform: 'linux',
        preferences: defaults.preferences,
        dark: false,
        locales: ['en'],
        proxy: null,
        autostart: 'off',
        locked: [],
        update: { state: 'off', reason: 'no-feed' },
        notices: [],
      },
      { server: '', user: '', remember: true },
    ),
  );
  const log: string[] = [];
  const open = chatOpener({
    store,
    startChat: async (address) => {
      log.push(`start ${address}`);
      return answer;
    },
    opened: (discussion) => log.push(`opened ${discussion}`),
    failed: (problem) => log.push(`failed ${problem}`),
  });
  const wire = (event: PbxEvent) => store.dispatch({ type: 'wire', account: 'anna@pbx', event, now: 1 });
  return {
    log,
    open,
    wire,
    fail: () => {
      store.dispatch({ type: 'login/started', server: 'pbx', user: 'anna', remember: false });
      store.dispatch({ type: 'login/failed', reason: { code: 'wrong-password' }, field: 'password' });
    },
    logIn() {
      const user = { sip: 'anna', name: 'Anna', domain: 'example.com', guid: '', num: '' };
      store.dispatch({ type: 'login/succeeded', account: 'anna@pbx', server: 'pbx', user });
      wire({ type: 'link', state: 'online' });
      // Without a Messages service there is no list to wait for.
      wire({ type: 'mode', mode: 'volatile', reason: { code: 'no-licence' } });
    },
  };
}

const bert = { ok: true, value: { discussion: 'bert' } } as const;

describe('a chat that is asked for from outside', () => {
  it('is opened as soon as the user is logged in and the list is there, once', async () => {
    const { log, open, logIn, wire } = setup(bert);
    open('bert@example.com');
    expect(log).toEqual([]);
    logIn();
    await vi.waitFor(() => expect(log).toEqual(['start bert@example.com', 'opened bert']));
    wire({ type: 'link', state: 'connecting' });
    logIn();
    expect(log).toHaveLength(2);
  });

  it('is opened at once when all that is so', async () => {
    const { log, open, logIn } = setup(bert);
    logIn();
    open('bert');
    await vi.waitFor(() => expect(log).toEqual(['start bert', 'opened bert']));
  });

  it('is the last one that was asked for', async () => {
    const { log, open, logIn } = setup(bert);
    open('carl');
    open('bert');
    logIn();
    await vi.waitFor(() => expect(log).toEqual(['start bert', 'opened bert']));
  });

  it('waits through a failed login, which is told once, until somebody logs in', async () => {
    const { log, open, fail, logIn, wire } = setup(bert);
    open('bert');
    fail();
    wire({ type: 'wake' });
    expect(log).toEqual(['failed the login failed: wrong-password']);
    logIn();
    await vi.waitFor(() => expect(log.slice(1)).toEqual(['start bert', 'opened bert']));
  });

  it('that does not exist is told', async () => {
    const { log, open, logIn } = setup({ ok: false, reason: { code: 'address-unknown' } });
    open('nobody');
    logIn();
    await vi.waitFor(() => expect(log).toContain('failed nobody cannot be opened: address-unknown'));
  });
});
