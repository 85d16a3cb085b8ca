// Views worth looking at: the ordinary day, and the cases that break layouts.
import type {
  AttachmentView,
  AccountView,
  Density,
  DiscussionRow,
  DiscussionView,
  MessageView,
  PresenceState,
  SafeHtml,
  View,
} from '../../src-main/ipc/contract.ts';
import { defaults } from '../../src-main/disk/settings-fields.ts';

export interface Options {
  dark: boolean;
  locales: string[];
  density: Density;
  /** How many discussions. */
  count: number;
  /** How many messages in the first of them. */
  messages: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;
const now = Date.now();

const people: [name: string, address: string, presence: PresenceState, text: string][] = [
  ['Anna Berg', 'anna.berg', 'online', 'Then let us do it at ten, I will bring the drawings.'],
  ['Bruno Keller', 'bruno.keller', 'on-the-phone', 'I call you back in a minute'],
  ['Marketing & Kommunikation', 'marketing', 'unknown', 'The new brochure is ready for review 🎉'],
  ['Dr. Maximiliane Freifrau von und zu Oberhausen-Wittelsbach-Nordost', 'm.oberhausen', 'busy', 'Danke!'],
  ['🚀🛰️', 'space', 'online', '👍'],
  ['محمد العبد الله', 'mohammed', 'away', 'شكرا جزيلا، سأراجع الملف غدا صباحا'],
  ['li.wei@branch-office.example.com', 'li.wei@branch-office.example.com', 'offline', 'ok'],
  ['Sofia Rossi', 'sofia.rossi', 'dnd', 'Ci vediamo domani in ufficio?'],
  ['Q', 'q', 'unknown', 'Yes.'],
  ['Jörg Weiß', 'joerg', 'offline', 'Angebot_2024_final_v3.pdf'],
  ['101', '101', 'unknown', 'Door bell'],
  ['佐藤 花子', 'sato', 'online', '了解しました。'],
];

function row(index: number): DiscussionRow {
  const [name, address, presence, text] = people[index % people.length] ?? ['', '', 'unknown', ''];
  const suffix = index < people.length ? '' : ` ${index}`;
  const group = address === 'marketing';
  return {
    id: address + suffix,
    kind: group ? 'group' : 'person',
    name: name + suffix,
    address: address + suffix,
    presence: { state: presence, note: index === 0 ? 'In the office until 16:00' : '' },
    preview: {
      kind: address === 'joerg' ? 'attachment' : index === 1 ? 'typing' : index === 7 ? 'draft' : 'text',
      text,
      own: index === 4 || index === 8,
      author: group ? 'Anna Berg' : '',
      failed: index === 8,
    },
    at: now - index * index * 50 * minute - index * 11 * minute,
    unread: [0, 3, 12, 0, 0, 1, 0, 0, 0, 128][index % 12] ?? 0,
  };
}

const attachment = (name: string): AttachmentView => ({
  id: name,
  name,
  kind: 'other',
  size: 1_234_567,
  source: null,
  upload: null,
  download: null,
  problem: null,
});

export const emptyRow = (address: string): DiscussionRow => ({
  id: address,
  kind: 'person',
  name: address,
  address,
  presence: { state: 'unknown', note: '' },
  preview: { kind: 'none', text: '', own: false, author: '', failed: false },
  at: null,
  unread: 0,
});

export const openView = (of: DiscussionRow, change: Partial<DiscussionView> = {}): DiscussionView => ({
  id: of.id,
  kind: of.kind,
  name: of.name,
  address: of.address,
  presence: of.presence,
  typing: [],
  history: { state: 'idle', older: true },
  unread: of.unread,
  newFrom: null,
  draft: '',
  edit: null,
  tray: [],
  amends: { edit: true, remove: true },
  blocked: null,
  group: null,
  ...change,
});

const escape = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\n/g, '<br>');

export function message(
  id: string,
  at: number,
  own: boolean,
  text: string,
  change: Partial<MessageView> = {},
): MessageView {
  return {
    id,
    author: own ? { sip: 'me', name: 'Robin Winter' } : { sip: 'anna.berg', name: 'Anna Berg' },
    own,
    html: `<p>${escape(text)}</p>` as SafeHtml,
    text,
    at,
    delivery: null,
    attachments: [],
    incomplete: false,
    stored: true,
    removal: null,
    edited: false,
    ...change,
  };
}

const talk: [own: boolean, text: string][] = [
  [false, 'Good morning! Did you see the drawings for the new entrance?'],
  [true, 'Morning. Yes, just now.'],
  [true, 'The stairs are on the wrong side, are they not?'],
  [
    false,
    'They are. The architect says that the fire brigade wanted it so, because of the second way out. I have the letter here.',
  ],
  [false, 'https://intranet.example.com/projects/entrance/letter-2024-03.pdf'],
  [true, 'Thanks, reading.'],
  [false, '👍'],
  [true, 'Can we talk about it at 10:00? I also have to call tel:+4970317300 before that.'],
  [false, 'Then let us do it at ten, I will bring the drawings.'],
];

const long = Array.from(
  { length: 60 },
  (_, index) =>
    `Sentence ${index + 1} of a text that somebody has pasted from a report, because that is what people do.`,
).join(' ');

function conversation(count: number): MessageView[] {
  return Array.from({ length: count }, (_, index) => {
    const [own, text] = talk[index % talk.length] ?? [false, ''];
    const back = count - index;
    const at = now - back * 2 * minute - Math.floor(back / talk.length) * 55 * minute;
    return message(`m${index}`, at, own, text, own ? { delivery: { state: 'delivered' } } : {});
  });
}

function oddities(): MessageView[] {
  let step = 0;
  const at = (): number => now - 3 * 60 * minute + step++ * 4 * minute;
  return [
    message('o0', now - 3 * day, false, 'Something from the other day.'),
    message('o1', now - day, true, 'And from yesterday.', { delivery: { state: 'delivered' } }),
    message('o2', at(), false, 'a'),
    message('o3', at(), false, '🎉'),
    message('o4', at(), true, long.slice(0, 5000), { delivery: { state: 'delivered' } }),
    message('o5', at(), false, 'هذا نص طويل من اليمين إلى اليسار، ويجب أن يبدأ من الجهة اليمنى.'),
    message('o6', at(), false, '', {
      html: '<p>Rich: <b>bold</b>, <i>italic</i>, <u>under</u>, <s>gone</s>, <code>npm start</code></p><ul><li>one</li><li>two</li></ul><blockquote>quoted</blockquote><pre>for (;;) {\n  wait();\n}</pre>' as SafeHtml,
      text: 'Rich',
    }),
    message(
      'o7',
      at(),
      false,
      'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3),
    ),
    message('o8', at(), false, 'The plan is attached.', {
      attachments: [
        attachment(
          'Plan of the new entrance with stairs and everything else that was asked for in March.pdf',
        ),
        attachment('photo.zip'),
      ],
      incomplete: true,
    }),
    message('o9', at(), true, 'Waiting for the line', { delivery: { state: 'waiting' } }),
    message('o10', at(), true, 'Sent', { delivery: { state: 'sent' } }),
    message('o11', at(), true, 'Delivered, see https://example.com and mail someone@example.com', {
      delivery: { state: 'delivered' },
    }),
    message('o12', at(), true, 'Are you there?', {
      delivery: { state: 'failed', reason: { code: 'not-online', detail: '20' } },
    }),
  ];
}

export function scene(
  name: string,
  options: Options,
): { view: View; histories: Record<string, MessageView[]> } {
  const rows = Array.from({ length: options.count }, (_, index) => row(index));
  const first = rows[0] ?? emptyRow('nobody');
  const histories: Record<string, MessageView[]> = {
    [first.id]: conversation(options.messages),
  };
  for (const other of rows.slice(1)) {
    histories[other.id] = [
      message(`${other.id}-1`, other.at ?? now, other.preview.own, other.preview.text, {
        author: { sip: other.address, name: other.name },
      }),
    ];
  }
  const account: AccountView = {
    id: 'robin@pbx.example.com',
    server: 'pbx.example.com',
    sip: 'robin.winter',
    name: 'Robin Winter',
    presence: { state: 'online', note: '' },
    connection: { state: 'online', mode: 'stored' },
    favourites: [],
    listLoaded: true,
    unfinished: { messages: 0, edits: 0, removals: 0 },
    volatile: false,
  };
  const view: View = {
    app: {
      version: '0.1.0',
      platform: 'linux',
      preferences: {
        ...defaults.preferences,
        theme: options.dark ? 'dark' : 'light',
        density: options.density,
      },
      dark: options.dark,
      locales: options.locales,
      locked: [],
      unread: rows.reduce((sum, one) => sum + one.unread, 0),
      notifies: true,
      proxy: null,
      autostart: 'off',
      update: { state: 'off', reason: 'no-feed' },
      notices: [],
    },
    login: {
      state: 'signed-in',
      server: 'pbx.example.com',
      user: 'robin.winter',
      remember: true,
      reason: null,
      field: null,
      code: null,
    },
    account,
    rows,
    open: openView(first),
    messages: histories[first.id] ?? [],
  };
  const outside = (login: Partial<View['login']>): void => {
    view.login = { ...view.login, ...login };
    view.account = null;
    view.rows = [];
    view.open = null;
    view.messages = [];
  };

  switch (name) {
    case 'closed':
      view.open = null;
      view.messages = [];
      break;
    case 'oddities':
      view.messages = oddities();
      view.open = openView(first, { newFrom: 'o8', history: { state: 'idle', older: false } });
      break;
    case 'new':
      view.open = openView(first, { newFrom: `m${options.messages - 3}` });
      break;
    case 'group': {
      const group = rows.find(({ kind }) => kind === 'group') ?? first;
      const author = (index: number): { sip: string; name: string } => {
        const [name, sip] = people[[0, 1, 7, 5][index % 4] ?? 0] ?? ['', ''];
        return { sip, name };
      };
      view.open = openView(group, { typing: ['Anna Berg', 'Sofia Rossi'] });
      view.messages = conversation(20).map((one, index) =>
        one.own ? one : { ...one, author: author(Math.floor(index / 3)) },
      );
      histories[group.id] = view.messages;
      break;
    }
    case 'typing':
      view.open = openView(first, {
        typing: [first.name],
        draft: '<p>Half a sentence<br>and a second line</p>',
      });
      break;
    case 'empty-discussion':
      view.open = openView(first, { history: { state: 'idle', older: false } });
      view.messages = [];
      histories[first.id] = [];
      break;
    case 'loading':
      view.open = openView(first, { history: { state: 'loading', older: true } });
      view.messages = [];
      view.rows = [];
      view.account = { ...account, listLoaded: false, connection: { state: 'preparing' } };
      break;
    case 'volatile':
      view.account = {
        ...account,
        connection: { state: 'online', mode: 'volatile', reason: { code: 'no-licence' } },
      };
      view.open = openView(first, { history: { state: 'idle', older: false } });
      view.messages = conversation(6);
      histories[first.id] = view.messages;
      break;
    case 'offline':
      view.account = {
        ...account,
        presence: { state: 'offline', note: '' },
        connection: { state: 'offline', reason: { code: 'server-unreachable' }, retryAt: now + 27_000 },
      };
      break;
    case 'no-right':
      view.rows = [];
      view.open = null;
      view.messages = [];
      view.account = { ...account, connection: { state: 'no-chat-right' } };
      break;
    case 'first-start':
      view.rows = [];
      view.open = null;
      view.messages = [];
      break;
    case 'notices':
      view.app.notices = [
        { id: 'n1', code: 'settings-set-aside', detail: 'settings.damaged-2024.json' },
        { id: 'n2', code: 'secrets-unavailable' },
      ];
      break;
    case 'login':
      outside({ state: 'signed-out', server: '', user: '', remember: false });
      break;
    case 'login-password':
      outside({ state: 'failed', field: 'password', reason: { code: 'wrong-password' } });
      break;
    case 'login-server':
      outside({ state: 'failed', field: 'server', reason: { code: 'server-certificate' } });
      break;
    case 'login-rejected':
      outside({ state: 'failed', field: null, reason: { code: 'rejected', detail: 'Too many sessions' } });
      break;
    case 'login-working':
      outside({ state: 'working' });
      break;
    case 'login-authorize':
      outside({ state: 'authorize', code: 47 });
      break;
  }
  return { view, histories };
}
