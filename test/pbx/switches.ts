/**
 * Every C of the protocol reference, and the E that real servers do differently, as one named setting. The first
 * value is the default. A test that needs another behaviour names it: `startPbx({ switches: { gate: 'conn' } })`; the
 * command line has `--switch gate=conn`; all can change while the PBX runs.
 */
export const switchTable = {
  pathPrefix: {
    text: '',
    about: 'section 1: path before the module, as behind a reverse proxy: "/example.com/ip"',
  },
  module: { text: 'PBX0', about: 'section 1: the name of the PBX module in all paths' },
  frameText: {
    values: ['compact', 'spaced', 'escaped', 'bom'],
    about:
      'introduction: frames as short as can be, with white space, with every escape, or with a byte order mark',
  },
  properties: {
    values: ['all', 'required', 'extra'],
    about: 'introduction: frames without what is optional, or with properties, types and frames nobody knows',
  },
  buildNumber: {
    values: ['optional', 'required', 'refused'],
    about: 'section 1: build number path component before "websocket"',
  },
  loginInfo: { values: ['answered', 'unknown'], about: 'section 2: unknown = LoginInfo gets no answer' },
  loginMethods: {
    values: ['world', 'digest', 'digest+oauth2', 'oauth2', 'ntlm', 'digest+ntlm'],
    about: 'section 2: what LoginInfo advertises for users and Login accepts; world = as the world file says',
  },
  infoShape: { values: ['nested', 'flat'], about: 'section 2: info.user.sip (E) or info.sip (D)' },
  sessionInSessionLogin: {
    values: ['absent', 'present'],
    about: 'section 2: does the LoginResult of a session login carry session credentials again',
  },
  secondFactor: {
    values: ['off', 'on'],
    about: 'section 2: user logins wait for Authorize from another device',
  },
  standby: { text: '', about: 'section 2: info.alt, "host:port/module"' },
  redirectTo: { text: '', about: 'section 2: user logins are redirected to "host:port/module"' },
  appsForm: {
    values: ['each', 'arrays'],
    about: 'section 2: UpdateAppsInfo per app and UpdateAppsComplete (E), or one UpdateApps (D)',
  },
  appUrls: {
    values: ['absolute', 'relative'],
    about:
      'section 2: the URLs in the apps list, relative to the page of the vendor’s client in the second case',
  },
  chatApp: {
    values: ['name', 'url', 'custom'],
    about:
      'section 3: the chat app is named "chat"; or "teamchat" with a URL /APPS/chat/chat; or "company-chat" elsewhere',
  },
  appChallenge: {
    values: ['string', 'number'],
    about: 'section 3: an old PBX sends the challenge as a number',
  },
  appLoginInfo: {
    values: ['present', 'empty', 'absent'],
    about: 'section 3: the info object of AppGetLoginResult',
  },
  keepAlive: {
    values: ['result', 'echo', 'silent'],
    about: 'section 3: KeepAlive is answered by KeepAliveResult, by KeepAlive, or not at all',
  },
  registerHw: {
    values: ['optional', 'sip', 'device'],
    about: 'section 4: hw that Register needs: none, the sip of the user, or the hw of a device app',
  },
  gate: {
    values: ['call_proc', 'alert', 'conn'],
    about: 'section 4: the first answer to a setup; with conn neither call_proc nor alert is sent',
  },
  forking: {
    values: ['all', 'newest'],
    about: 'section 4: a call rings at all connections of a user, or at the newest alone',
  },
  earlyMessages: {
    values: ['held', 'relayed'],
    about: 'section 4: messages before conn wait for it, or go to every ringing connection at once',
  },
  unknownUserCause: { values: [1, 3], about: 'section 4: cause for an address that nobody has' },
  offlineCause: { values: [20, 18, 19, 27], about: 'section 4: cause when the peer is not online' },
  noChatRightCause: { values: [21, 57], about: 'section 4: cause when the peer has no right to chat' },
  noLicenceCause: { values: [57, 21], about: 'section 4: cause for a group call without a licence' },
  takenCause: { values: [26, 16], about: 'section 4: cause for the connections that were slower to answer' },
  refusedTextCause: { values: [29, 88, 100], about: 'section 7: cause when a text is not plain HTML' },
  noAnswerSeconds: {
    number: 0,
    about: 'section 4: a call that nobody answers ends with cause 18; 0 = never',
  },
  storedConn: {
    values: ['service', 'peer'],
    about: 'section 4: with a licence the Messages service connects at once, or only when no peer is there',
  },
  timeStamp: {
    values: ['added', 'milliseconds', 'absent'],
    about: 'section 4: time in delivered messages, in seconds or against the rule in milliseconds',
  },
  senderFields: {
    values: ['always', 'groups', 'never'],
    about: 'section 4: sender and sender_dn in every delivered message, in groups only, or not at all',
  },
  idleSeconds: {
    number: 0,
    about: 'section 4: the PBX itself releases a call after so long without a message, cause 16; 0 = never',
  },
  maxText: { number: 0, about: 'section 7: UTF-16 units of data above which a message is refused; 0 = any' },
  sipForm: {
    values: ['user', 'full'],
    about: 'section 4: addresses of the own domain as "bob" or "bob@domain"',
  },
  wake: {
    values: ['sent', 'absent'],
    about: 'section 2: Wake when a chat comes and no chat app is registered',
  },
  wakeSeconds: { number: 5, about: 'section 2: how long a call waits for the chat app after Wake' },
  unlicensedSession: {
    values: ['error', 'silent'],
    about: 'section 5: Session without a licence: Error, or no answer at all',
  },
  ids: {
    values: ['numbers', 'strings'],
    about: 'introduction: 64-bit ids and time stamps as JSON numbers or as strings',
  },
  timestamps: { values: ['ms', 's'], about: 'section 5: unit of the timestamp values' },
  chatOrder: {
    values: ['newest-first', 'oldest-first'],
    about: 'section 5: order of the ReadChatInd within one page',
  },
  memberRemoval: {
    values: ['id-without-member', 'refused'],
    about: 'section 5: WriteMember with an id and no member removes',
  },
  readMembers: {
    values: ['answered', 'unknown', 'error'],
    about: 'section 5: ReadMembers is answered, gets no answer, or gets an Error',
  },
  groupCall: {
    values: ['cg', 'diverted', 'called'],
    about:
      'section 5: a group message has the group in cg; or the author in cg and the group in a diverting_leg2 or in cd',
  },
  amending: {
    values: ['accepted', 'refused', 'unknown', 'error'],
    about:
      'section 5: Update and Delete of own messages: done, refused with error, not answered, or an Error',
  },
  errorForm: {
    values: ['complete', 'without-src', 'bare'],
    about: 'section 5: an Error that answers a request has api and src, no src, or neither of them',
  },
  amendIndications: {
    values: ['sent', 'absent'],
    about: 'section 5: Update and Delete go to all sessions that show the message',
  },
  badgeNote: {
    values: ['sent', 'absent'],
    about: 'section 5: the #badge note in the presence of the chat app',
  },
  fileUrls: {
    values: ['absolute', 'relative', 'own-host'],
    about:
      'section 6: form of the URLs of files; own-host = at the HTTP server of the service, not at the PBX',
  },
  clientPresence: {
    values: ['everybody', 'chat-only'],
    about:
      'section 2: SubscribePresence on the client connection tells of people too, or of the chat app alone',
  },
  presenceApi: {
    values: ['granted', 'absent'],
    about: 'section 8: PbxApi on the connection of the chat app; absent = its requests get no answer',
  },
  unsubscribing: {
    values: ['answered', 'unknown', 'error'],
    about: 'section 8: UnsubscribePresence, which is not documented, is answered, is not, or gets an Error',
  },
  temporaryFiles: {
    values: ['while-online', 'always', 'gone'],
    about: 'section 6: how long the URL of CreateFileBuffer answers GET',
  },
  noAttachments: {
    values: ['absent', 'null', 'empty'],
    about: 'section 5: attached of a stored message that has none',
  },
  permanentFiles: { values: ['kept', 'absent'], about: 'section 6: attached[] of stored messages' },
  uploadAnswer: {
    values: ['empty', 'json', 'created'],
    about: 'section 6: answer to an upload: 200 without a body, 200 {"ok":true}, 201',
  },
} as const satisfies Record<string, Definition>;

type Definition = { about: string } & (
  { values: readonly (string | number)[] } | { text: string } | { number: number }
);

export type SwitchName = keyof typeof switchTable;
type ValueOf<D> = D extends { values: readonly (infer V)[] }
  ? V
  : D extends { number: number }
    ? number
    : string;
export type Switches = { -readonly [Name in SwitchName]: ValueOf<(typeof switchTable)[Name]> };

export function defaultSwitches(): Switches {
  const entries = Object.entries(switchTable as Record<string, Definition>).map(([name, definition]) => [
    name,
    'values' in definition
      ? definition.values[0]
      : 'text' in definition
        ? definition.text
        : definition.number,
  ]);
  return Object.fromEntries(entries) as Switches;
}

/** Sets one switch from outside; the result is an error text for a person, or undefined when it is set. */
export function setSwitch(switches: Switches, name: string, value: string | number): string | undefined {
  const definition = (switchTable as Record<string, Definition>)[name];
  if (definition === undefined || !Object.hasOwn(switchTable, name)) return `there is no switch '${name}'`;
  const target = switches as Record<string, string | number>;
  if ('values' in definition) {
    const match = definition.values.find((allowed) => String(allowed) === String(value));
    if (match === undefined) return `'${name}' is one of ${definition.values.join(', ')}, not '${value}'`;
    target[name] = match;
  } else if ('number' in definition) {
    const number = Number(value);
    if (String(value).trim() === '' || !Number.isFinite(number) || number < 0) {
      return `'${name}' is a number of at least 0, not '${value}'`;
    }
    target[name] = number;
  } else {
    target[name] = String(value);
  }
  return undefined;
}

/** One line per switch, for `--help`. */
export function describeSwitches(): string {
  return Object.entries(switchTable as Record<string, Definition>)
    .map(([name, definition]) => {
      const values =
        'values' in definition
          ? definition.values.join(' | ')
          : 'text' in definition
            ? "TEXT (default '')"
            : `NUMBER (default ${definition.number})`;
      return `  ${name} = ${values}\n      ${definition.about}`;
    })
    .join('\n');
}
