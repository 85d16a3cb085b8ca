import { describe, expect, it } from 'vitest';
import { initialState } from '../../../src-main/chat/model.ts';
import { createPatchFeed, createStore } from '../../../src-main/chat/store.ts';
import type { Batch, Snapshot } from '../../../src-main/ipc/contract.ts';
import { createServer, pace, type Handlers } from '../../../src-main/ipc/serve.ts';
import { defaults } from '../../../src-main/disk/settings-fields.ts';

type Caller = 'our window' | 'a stranger';

function setup() {
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
  const sent: Batch[] = [];
  const traced: string[] = [];
  const called: unknown[] = [];
  const timers: { milliseconds: number; run: () => void }[] = [];
  const window = { visible: true };
  const handlers = new Proxy({} as Handlers, {
    get: (_target, name) => (argument: unknown) => {
      called.push([name, argument]);
      if (name === 'logout') throw new Error('broken handler');
      return name === 'resend' ? Promise.reject(new Error('broken promise')) : null;
    },
  });
  const server = createServer<Caller>({
    trusted: (caller) => caller === 'our window',
    handlers,
    feed: createPatchFeed(store),
    send: (batch) => sent.push(batch),
    visible: () => window.visible,
    after(milliseconds, run) {
      const timer = { milliseconds, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    trace: (text) => traced.push(text),
  });
  store.subscribe(server.changed);
  return {
    server,
    sent,
    traced,
    called,
    timers,
    window,
    change: (dark: boolean, locale = 'en') =>
      store.dispatch({ type: 'app/changed', app: { dark, locales: [locale] } }),
    pass() {
      for (const timer of timers.splice(0)) timer.run();
    },
    call: (name: unknown, argument?: unknown) => server.call('our window', name, argument),
  };
}

describe('the bridge', () => {
  it('answers a command with what its handler answers', async () => {
    const { call, called } = setup();
    expect(await call('openDiscussion', { discussion: 'bert' })).toEqual({ value: null });
    expect(called).toEqual([['openDiscussion', { discussion: 'bert' }]]);
  });

  it('refuses a stranger, an unknown command and a bad argument, traces it, and calls nobody', async () => {
    const { server, call, called, traced } = setup();
    expect(await server.call('a stranger', 'reconnect', undefined)).toHaveProperty('refused');
    expect(await server.call('a stranger', 'snapshot', undefined)).toHaveProperty('refused');
    for (const name of ['nothing', 'constructor', 7, null])
      expect(await call(name)).toHaveProperty('refused');
    expect(await call('openDiscussion', { discussion: 1 })).toHaveProperty('refused');
    expect(called).toEqual([]);
    expect(traced).toHaveLength(7);
  });

  it('survives a handler that throws or rejects', async () => {
    const { call } = setup();
    expect(await call('logout')).toHaveProperty('refused');
    expect(await call('resend', { message: 'm' })).toHaveProperty('refused');
    expect(await call('reconnect')).toEqual({ value: null });
  });

  it('says too-long for a text beyond the bound, in the terms of the command', async () => {
    const { call } = setup();
    const html = 'a'.repeat(1_000_001);
    expect(await call('send', { discussion: 'b', html })).toEqual({
      value: { ok: false, reason: { code: 'too-long' } },
    });
    expect(await call('send', { html })).toHaveProperty('value.reason.code', 'too-long');
    expect(await call('send', { html: 'short' })).toHaveProperty('refused');
  });

  it('sends nothing before the first snapshot', () => {
    const { change, timers, sent } = setup();
    change(true);
    expect(timers).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('sends what changed once per frame, all changes of the frame together', async () => {
    const { call, change, pass, timers, sent } = setup();
    const { value } = (await call('snapshot')) as { value: Snapshot };
    change(true);
    change(true, 'de');
    change(false, 'de');
    expect(timers.map((timer) => timer.milliseconds)).toEqual([pace.visible]);
    expect(sent).toEqual([]);
    pass();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      seq: value.seq + 1,
      patches: [{ of: 'app', value: { locales: ['de'] } }],
    });
  });

  it('numbers batches without a gap', async () => {
    const { call, change, pass, sent } = setup();
    const { value } = (await call('snapshot')) as { value: Snapshot };
    for (const dark of [true, false, true]) {
      change(dark);
      pass();
    }
    expect(sent.map((batch) => batch.seq)).toEqual([1, 2, 3].map((n) => value.seq + n));
  });

  it('is slower while nobody looks, and sends what is due the moment the window is shown', async () => {
    const { server, call, change, timers, window, sent } = setup();
    await call('snapshot');
    window.visible = false;
    change(true);
    expect(timers.map((timer) => timer.milliseconds)).toEqual([pace.hidden]);
    window.visible = true;
    server.shown();
    expect(sent).toHaveLength(1);
    expect(timers).toEqual([]);
  });

  it('starts over with a page that was reloaded: nothing until its snapshot, which has everything', async () => {
    const { server, call, change, pass, timers, sent } = setup();
    await call('snapshot');
    change(true);
    server.reset();
    expect(timers).toEqual([]);
    change(true, 'de');
    pass();
    expect(sent).toEqual([]);
    const { value } = (await call('snapshot')) as { value: Snapshot };
    expect(value.view.app).toMatchObject({ dark: true, locales: ['de'] });
    change(false, 'de');
    pass();
    expect(sent.map((batch) => batch.seq)).toEqual([value.seq + 1]);
  });
});
