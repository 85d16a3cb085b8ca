import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { words } from '../../../assets/translations/index.ts';
import type { NotificationView } from '../../../src-main/chat/notifications.ts';
import { busNotifications } from '../../../src-main/shell/notify-bus.ts';
import { createNotify, inWords, type NotifyRenderer, type Picture } from '../../../src-main/shell/notify.ts';
import { connectSessionBus } from '../../../src-main/shell/session-bus.ts';
import { busMissing, startPrivateBus, type PrivateBus } from '../../desktop/private-bus.ts';
import { serveNotifications, type NotificationService } from '../../desktop/services.ts';

const square: Picture = { width: 2, height: 1, bytes: Buffer.from([255, 0, 0, 255, 0, 0, 255, 128]) };

const view = (changes: Partial<NotificationView> = {}): NotificationView => ({
  key: 'alice bob',
  account: 'alice',
  discussion: 'bob',
  revision: 1,
  content: { kind: 'message', title: 'Bob Brown', author: '', text: 'Hello', file: '' },
  quiet: false,
  correction: false,
  picture: { name: 'Bob Brown', address: 'bob', kind: 'person' },
  ...changes,
});

describe('a notification in words', () => {
  const english = words(['en']);
  const text = (given: string, more: { author?: string; file?: string } = {}) =>
    inWords({ kind: 'message', title: 'Team', author: '', file: '', ...more, text: given }, english).body;

  it('says who wrote in a group, and names a file where there is no text, or that there is none', () => {
    expect(text('Hello')).toBe('Hello');
    expect(text('Hello', { author: 'Bob' })).toBe('Bob: Hello');
    expect(text(' ', { file: 'plan.pdf' })).toBe('File: plan.pdf');
    expect(text(' ')).toBe('Message without text');
  });

  it('counts where the text is not known, and says nothing where it is hidden', () => {
    expect(inWords({ kind: 'count', title: 'Bob', unread: 1 }, english)).toEqual({
      title: 'Bob',
      body: '1 unread message',
    });
    expect(inWords({ kind: 'summary', unread: 7, discussions: 3 }, english)).toEqual({
      title: 'PBX Chat',
      body: '7 unread messages in 3 chats',
    });
    expect(inWords({ kind: 'hidden' }, words(['de']))).toEqual({ title: 'PBX Chat', body: 'Neue Nachricht' });
  });

  it('is cut between characters when it is long', () => {
    const family = '👨‍👩‍👧';
    const cut = text(family.repeat(200));
    expect(cut.length).toBeLessThanOrEqual(401);
    expect(cut.replaceAll(family, '')).toBe('…');
  });
});

describe.skipIf(busMissing !== null)('notifications on a real session bus', () => {
  let daemon: PrivateBus;
  let desktop: NotificationService;
  let notify: NotifyRenderer;
  let opened: string[] = [];
  let sound = true;
  let draw: () => Promise<Picture | null> = async () => square;
  const ends: (() => void)[] = [];
  const traced: string[] = [];

  beforeEach(async () => {
    daemon = await startPrivateBus();
    [opened, sound, draw] = [[], true, async () => square];
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    await daemon.stop();
    traced.length = 0;
  });
  const start = async (capabilities?: string[]) => {
    desktop = await serveNotifications(daemon, capabilities);
    connect();
  };
  const connect = () => {
    notify = createNotify({
      surface: busNotifications({
        async bus() {
          const bus = await connectSessionBus(daemon.address, 2000);
          ends.push(() => bus?.close());
          return bus;
        },
        name: 'PBX Chat',
        desktopEntry: 'pbx-chat',
        picture: () => ({ ...square, bytes: Buffer.alloc(8) }),
        trace: (text) => traced.push(text),
      }),
      words: () => words(['en']),
      sound: () => sound,
      picture: () => draw(),
      open: (account, discussion) => opened.push(`${account} ${String(discussion)}`),
      reply: (_account, discussion, text) => opened.push(`${discussion}: ${text}`),
    });
  };
  const only = async () => {
    await vi.waitFor(() => expect(desktop.shown()).toHaveLength(1));
    return desktop.shown()[0];
  };

  it('shows title, text and picture, and opens the discussion at a click', async () => {
    await start();
    notify.render([view()]);
    const shown = await only();
    expect(shown).toMatchObject({ title: 'Bob Brown', body: 'Hello', actions: ['default', 'Open'] });
    expect(shown?.hints).toMatchObject({ 'desktop-entry': 'pbx-chat', category: 'im.received' });
    expect(shown?.hints['image-data']).toEqual([2, 1, 8, true, 8, 4, square.bytes]);
    expect(shown?.hints['sound-name']).toBe('message-new-instant');
    desktop.act(shown?.id ?? 0);
    await vi.waitFor(() => expect(opened).toEqual(['alice bob']));
  });

  it('escapes the text where the service renders markup, and only there', async () => {
    const content = {
      kind: 'message',
      title: 'a & <b>',
      author: '',
      text: '1 < 2 <b>&amp;</b>',
      file: '',
    } as const;
    await start();
    notify.render([view({ content })]);
    expect(await only()).toMatchObject({ title: 'a & <b>', body: '1 &lt; 2 &lt;b&gt;&amp;amp;&lt;/b&gt;' });
  });

  it('leaves the text as it is where the service takes plain text, and offers nothing that it cannot do', async () => {
    const content = { kind: 'message', title: 'Bob', author: '', text: '1 < 2', file: '' } as const;
    await start(['body']);
    notify.render([view({ content })]);
    expect(await only()).toMatchObject({ body: '1 < 2', actions: [] });
  });

  it('survives what no service may be sent', async () => {
    const content = {
      kind: 'message',
      title: 'B\0b',
      author: '',
      text: 'a\0b\u001b\ud800c\nd',
      file: '',
    } as const;
    await start();
    notify.render([view({ content })]);
    expect(await only()).toMatchObject({ title: 'B\ufffdb', body: 'ab\ufffdc\nd' });
    notify.render([view({ revision: 2 })]);
    await vi.waitFor(() => expect(desktop.shown()).toMatchObject([{ body: 'Hello' }]));
    expect(traced).toEqual([]);
  });

  it('replaces one that stands by a newer one, and is not said again without news', async () => {
    await start();
    notify.render([view()]);
    await only();
    notify.render([view()]);
    const content = { kind: 'message', title: 'Bob Brown', author: '', text: 'Second', file: '' } as const;
    notify.render([view({ revision: 2, content })]);
    await vi.waitFor(() => expect(desktop.shown()).toMatchObject([{ id: 1, body: 'Second' }]));
    expect(desktop.log).toEqual(['notify 1', 'notify 1']);
  });

  it('is gone when it does not stand any more, also while it is still being shown', async () => {
    await start();
    notify.render([view()]);
    await only();
    notify.render([]);
    await vi.waitFor(() => expect(desktop.shown()).toEqual([]));
    notify.render([view({ revision: 2 })]);
    notify.render([]);
    notify.render([view({ revision: 3, key: 'alice carol', discussion: 'carol' })]);
    await only();
    desktop.act(desktop.shown()[0]?.id ?? 0);
    await vi.waitFor(() => expect(opened).toEqual(['alice carol']));
  });

  it('that was dismissed comes back only with something new, under a new number', async () => {
    await start();
    notify.render([view()]);
    desktop.dismiss((await only())?.id ?? 0);
    notify.render([view()]);
    notify.render([view({ revision: 2 })]);
    await vi.waitFor(() => expect(desktop.shown()).toMatchObject([{ id: 2 }]));
  });

  it('takes back what may not be seen any more, and does not bring back what was dismissed for it', async () => {
    const hidden = { content: { kind: 'hidden' }, picture: null, quiet: true, correction: true } as const;
    const carol = { key: 'alice carol', discussion: 'carol' };
    await start();
    notify.render([view(), view({ ...carol })]);
    await vi.waitFor(() => expect(desktop.shown()).toHaveLength(2));
    desktop.dismiss(1);
    notify.render([view({ ...hidden, revision: 2 }), view({ ...carol, ...hidden, revision: 3 })]);
    await vi.waitFor(() => expect(desktop.shown()).toMatchObject([{ id: 2, body: 'New message' }]));
    expect(desktop.log).toEqual(['notify 1', 'notify 2', 'notify 2']);
    desktop.act(2);
    await vi.waitFor(() => expect(opened).toEqual(['alice carol']));
  });

  it('does not take a notification of another program for its own when the service was restarted', async () => {
    const first = await serveNotifications(daemon);
    connect();
    notify.render([view()]);
    await vi.waitFor(() => expect(first.shown()).toHaveLength(1));
    await first.stop();
    desktop = await serveNotifications(daemon);
    const other = await connectSessionBus(daemon.address, 2000);
    ends.push(() => other?.close());
    const name = 'org.freedesktop.Notifications';
    await other?.call({
      destination: name,
      path: '/org/freedesktop/Notifications',
      interface: name,
      member: 'Notify',
      signature: 'susssasa{sv}i',
      body: ['Mail', 0, '', 'Another program', '', ['default', 'Open'], [], -1],
      timeout: 2000,
    });
    notify.render([view({ revision: 2 })]);
    await vi.waitFor(() =>
      expect(desktop.shown().map(({ title }) => title)).toEqual(['Another program', 'Bob Brown']),
    );
    desktop.act(1);
    desktop.act(2);
    await vi.waitFor(() => expect(opened).not.toEqual([]));
    expect(opened).toEqual(['alice bob']);
  });

  it('is silent when that is wanted', async () => {
    sound = false;
    await start();
    notify.render([view()]);
    expect((await only())?.hints['suppress-sound']).toBe(true);
    sound = true;
    notify.render([view({ revision: 2, quiet: true })]);
    await vi.waitFor(() => expect(desktop.log).toHaveLength(2));
    expect(desktop.shown()[0]?.hints['suppress-sound']).toBe(true);
  });

  it('takes an answer where the service has a field for it, and only for a discussion', async () => {
    await start(['body', 'actions', 'inline-reply']);
    notify.render([view()]);
    const shown = await only();
    expect(shown?.actions).toEqual(['default', 'Open', 'inline-reply', 'Send']);
    expect(shown?.hints['x-kde-reply-placeholder-text']).toBe('Reply');
    desktop.reply(shown?.id ?? 0, 'On my way');
    await vi.waitFor(() => expect(opened).toEqual(['bob: On my way']));
    notify.render([view({ revision: 2, discussion: null })]);
    expect((await only())?.actions).toEqual(['default', 'Open']);
  });

  it('has the picture of the program where there is none of the person', async () => {
    draw = () => Promise.reject(new Error('the page is gone'));
    await start();
    notify.render([view()]);
    expect((await only())?.hints['image-data']).toEqual([2, 1, 8, true, 8, 4, Buffer.alloc(8)]);
  });

  it('are all taken away when the program ends', async () => {
    await start();
    notify.render([view(), view({ key: 'alice carol', discussion: 'carol' })]);
    notify.say('kept', 'PBX Chat keeps running', 'It is in the tray.');
    await vi.waitFor(() => expect(desktop.shown()).toHaveLength(3));
    notify.clear();
    await vi.waitFor(() => expect(desktop.shown()).toEqual([]));
  });

  it('cost nothing but a line in the trace where there is no service, and work when it comes', async () => {
    connect();
    notify.render([view()]);
    await vi.waitFor(() => expect(traced.join()).toContain('ServiceUnknown'));
    desktop = await serveNotifications(daemon);
    notify.render([view({ revision: 2 })]);
    await only();
  });
});
