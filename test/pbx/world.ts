/** What a world file describes: who is there, what they may, and what they have said. */
export interface World {
  name: string;
  /** The domain of the PBX. */
  domain: string;
  users: WorldUser[];
  groups: WorldGroup[];
  /** App objects besides the built-in ones (chat, messages, pbxadminapi, users, phone). */
  apps?: AppObject[];
  /** The story so far, in any order; called once, when the data directory is still empty. */
  history(now: number): WorldMessage[];
  /** Files that messages of the history carry, by name. */
  files?: Record<string, WorldFile>;
  /** What goes on while the PBX runs: colleagues who answer, presence that changes. */
  bots?: BotPlan;
  /** Who a newcomer is logged in as. */
  newcomer?: string;
  /** Allows LoginInfo to advertise OAuth2. */
  oauth2Name?: string;
}

export interface WorldUser {
  sip: string;
  dn: string;
  num: string;
  password: string;
  email?: string;
  /** A chat licence: stored chats and everything that comes with them. */
  licensed: boolean;
  /** The 'chat' check mark at the user's apps. */
  chat: boolean;
  activity?: '' | 'away' | 'busy' | 'dnd';
  note?: string;
  /** A `calendar:` presence item. */
  calendar?: string;
  /** On the phone at the start. */
  onThePhone?: boolean;
  /** sips of the favourites, in order. */
  favourites?: string[];
  /** How the user appears in the table of the command line. */
  about?: string;
}

export interface WorldGroup {
  /** The address, starting with 'grp-'. */
  sip: string;
  dn: string;
  members: string[];
  admins: string[];
}

export interface WorldMessage {
  from: string;
  /** The sip of a user or a group. */
  to: string;
  /** Milliseconds since 1970 UTC. */
  at: number;
  /** Plain HTML. */
  text: string;
  files?: string[];
  /** Receivers who have not read it. */
  unreadBy?: string[];
}

export interface WorldFile {
  type: string;
  content: Buffer;
}

export interface BotPlan {
  /** sips of those who are logged in and answer. */
  colleagues: { sip: string; manner: 'helpful' | 'brief' | 'silent' }[];
  /** Lines that somebody writes unasked, so many milliseconds after the newcomer's chat appears. */
  unasked: { from: string; afterMs: number; lines: string[] }[];
  /** Presence that changes now and then. */
  presence: {
    sip: string;
    everyMs: number;
    states: { activity: '' | 'away' | 'busy' | 'dnd'; note: string }[];
  }[];
}

export type ApiName = 'PbxSignal' | 'PbxMessages' | 'PbxApi';

export interface AppObject {
  name: string;
  /** The name of the app's HTML file, where it differs from the object's (`app` of AppLogin). */
  app?: string;
  title: string;
  /** Path of the app below the PBX base, without .htm. */
  path: string;
  password: string;
  apis: ApiName[];
  /** Whose apps list it is in: everybody's, that of users with the chat right, or nobody's. */
  grantedTo: 'everybody' | 'chat' | 'nobody';
  /** The hw of the device it belongs to: a device app. */
  hw?: boolean;
  /** It is the Messages object: PbxMessages goes to whoever logs in as it, and so do calls to 'grp-' addresses. */
  messages?: boolean;
}

export const groupPrefix = 'grp-';

export const builtInApps: AppObject[] = [
  {
    name: 'chat',
    title: 'Chat',
    path: 'APPS/chat/chat',
    password: 'chat-object-password',
    apis: ['PbxSignal', 'PbxMessages', 'PbxApi'],
    grantedTo: 'chat',
  },
  {
    name: 'phone',
    title: 'Phone',
    path: 'APPS/phone/phone',
    password: 'phone-object-password',
    apis: ['PbxApi'],
    grantedTo: 'everybody',
    hw: true,
  },
  {
    name: 'users',
    app: 'innovaphone-users',
    title: 'Users',
    path: '../usersapp/innovaphone-users',
    password: 'users-object-password',
    apis: ['PbxApi'],
    grantedTo: 'everybody',
  },
  {
    name: 'pbxadminapi',
    title: 'PBX admin API',
    path: 'APPS/websocket',
    password: 'pwd',
    apis: ['PbxApi', 'PbxSignal'],
    grantedTo: 'nobody',
  },
  {
    name: 'messages',
    title: 'Messages',
    path: '../messages/innovaphone-messages',
    password: 'messages-object-password',
    apis: ['PbxSignal', 'PbxApi'],
    grantedTo: 'nobody',
    messages: true,
  },
];
