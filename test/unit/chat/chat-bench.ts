// A session with everything around it that a test can hold still: clock, vault, wire, server.
import { Readable } from 'node:stream';
import { initialState } from '../../../src-main/chat/model.ts';
import type { DraftShelf, KeptDrafts, Remembered, Session, Vault } from '../../../src-main/chat/ports.ts';
import { createSession } from '../../../src-main/chat/session.ts';
import { badge, view } from '../../../src-main/chat/select.ts';
import { createStore, type Store } from '../../../src-main/chat/store.ts';
import { defaultSettings } from '../../../src-main/pbx/index.ts';
import type { DiscussionRow, DiscussionView, MessageView, View } from '../../../src-main/ipc/contract.ts';
import { manualWorld, settled, type ManualWorld } from './manual-world.ts';
import { ScriptedPbx, ScriptedServer } from './scripted-pbx.ts';
import { defaults } from '../../../src-main/disk/settings-fields.ts';

export interface Bench {
  world: ManualWorld;
  store: Store;
  session: Session;
  server: ScriptedServer;
  vault: { kept: Remembered | null; works: boolean };
  /** What is on the disk of drafts, by account. */
  shelf: Map<string, KeptDrafts>;
  /** Uploads whose files nobody needs any more. */
  forgotten: string[];
  /** Of every login, the newest last. */
  pbxs: ScriptedPbx[];
  pbx(): ScriptedPbx;
  view(): View;
  total(): number;
  row(id: string): DiscussionRow | undefined;
  open(): DiscussionView;
  texts(): string[];
  last(): MessageView;
}

export function initial() {
  return initialState(
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
  );
}

export function createBench(
  remembered: Remembered | null = null,
  shelf = new Map<string, KeptDrafts>(),
  /** Another device at the same server. */
  beside?: Bench,
): Bench {
  const world = beside?.world ?? manualWorld();
  const server = beside?.server ?? new ScriptedServer(world.now);
  const store = createStore(initial());
  const pbxs: ScriptedPbx[] = [];
  const forgotten: string[] = [];
  const kept = { kept: remembered, works: true };
  const vault: Vault = {
    load: () => Promise.resolve(kept.kept),
    save(what) {
      if (kept.works) kept.kept = what;
      return Promise.resolve(kept.works ? 'kept' : 'not-kept');
    },
    forget() {
      kept.kept = null;
      return Promise.resolve();
    },
  };
  const drafts: DraftShelf = {
    load: (account) => shelf.get(account) ?? null,
    save: (account, kept) => void shelf.set(account, kept),
    forget: (account) => void shelf.delete(account),
  };
  const session = createSession({
    store,
    world,
    vault,
    drafts,
    connect(options, listener) {
      const pbx = new ScriptedPbx(server, options, listener);
      pbxs.push(pbx);
      return pbx;
    },
    // The wire's own affair; nothing in chat/ reads it.
    settings: defaultSettings,
    userAgent: 'test',
    files: {
      open: (upload) => Readable.from([Buffer.from(upload)]),
      forget: (upload) => void forgotten.push(upload),
    },
  });
  const shown = () => view(store.state());
  return {
    world,
    store,
    session,
    server,
    vault: kept,
    shelf,
    forgotten,
    pbxs,
    pbx() {
      const pbx = pbxs.at(-1);
      if (!pbx) throw new Error('nobody has logged in');
      return pbx;
    },
    view: shown,
    total: () => badge(store.state()),
    row: (id) => shown().rows.find((row) => row.id === id),
    open() {
      const { open } = shown();
      if (!open) throw new Error('no discussion is open');
      return open;
    },
    texts: () => shown().messages.map(({ text }) => text),
    last() {
      const last = shown().messages.at(-1);
      if (!last) throw new Error('no messages');
      return last;
    },
  };
}

/** Logged in with a password, link up, list read, window in front. */
export async function loggedIn(
  stored: boolean,
  prepare: (bench: Bench) => void = () => {},
  bench = createBench(),
): Promise<Bench> {
  prepare(bench);
  bench.session.window({ focused: true, visible: true });
  const login = bench.session.commands.login({
    server: 'pbx.example.com',
    user: 'alice',
    password: 'secret',
    remember: true,
  });
  bench.pbx().logIn();
  await login;
  bench.pbx().up(stored);
  await settled();
  return bench;
}

/** A person opens the discussion with bob, and is in its message input. */
export async function comesToBob(bench: Bench): Promise<void> {
  bench.session.commands.openDiscussion({ discussion: 'bob' });
  bench.session.commands.reading({ discussion: 'bob', inputFocused: true });
  await settled();
}

/** A person writes to alice: stored where there is a service, and on its way to the client. */
export function writes(bench: Bench, chat: string, text: string, author = chat): void {
  const pbx = bench.pbx();
  if (pbx.stored || pbx.keeps) bench.server.store(chat, author, text);
  pbx.events.push(pbx.im(chat, author, text));
  if (pbx.stored) pbx.events.push({ type: 'badge', total: bench.server.total });
}

export async function arrives(bench: Bench, chat: string, text: string, author = chat): Promise<void> {
  writes(bench, chat, text, author);
  while (bench.pbx().events.length > 0) bench.pbx().deliver();
  await settled();
}
