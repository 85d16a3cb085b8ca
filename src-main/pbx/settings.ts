import type { PbxSettings } from './index.ts';

/**
 * Our choice wherever public sources are silent, and every time limit of the wire (milliseconds). Each can be
 * overridden in the settings file, so that a PBX which disagrees costs one line.
 */
export const defaultSettings: PbxSettings = {
  module: 'PBX0',
  // The last ones are for a server that insists on the build number; which one it is does not matter to it.
  clientPaths: ['APPCLIENT/websocket', 'WEBSOCKET/websocket', 'APPCLIENT/0/websocket'],
  appPaths: ['APPS/websocket', 'APPS/0/websocket'],
  chatApp: '',
  hw: 'auto',
  answer: 'always',
  replyOn: 'same-call',
  callIdle: 5 * 60_000,
  setupTimeout: 30_000,
  segmentTimeout: 30_000,
  segmentCap: 1_000_000,
  segmentLength: 1000,
  sessionTimeout: 5000,
  sessionRetry: 60_000,
  listEvery: 60_000,
  secondsBelow: 1e11,
  readMembers: true,
  membersTimeout: 5000,
  idForm: 'number',
  loginInfoTimeout: 2000,
  requestTimeout: 15_000,
  connectTimeout: 10_000,
  logoutTimeout: 3000,
  unsubscribe: true,
  presenceLinger: 5000,
  directoryTimeout: 5000,
  reconnectFirst: 1000,
  reconnectLast: 32_000,
  keepAlive: 60_000,
  pingInterval: 15_000,
  pingDeadline: 10_000,
  frameLimit: 16 * 1024 * 1024,
  fileTimeout: 60_000,
};

const hour = 3_600_000;
const day = 24 * hour;

/**
 * From what to what those may go that are a number: what is beyond would be a server asked without a pause, a timer that
 * never runs, or a text that is never whole.
 */
export const settingRanges: {
  [K in keyof PbxSettings as PbxSettings[K] extends number ? K : never]: readonly [number, number];
} = {
  callIdle: [1000, day],
  setupTimeout: [1000, hour],
  segmentTimeout: [1000, hour],
  segmentCap: [1000, 100_000_000],
  segmentLength: [100, 1_000_000],
  sessionTimeout: [500, hour],
  sessionRetry: [1000, day],
  listEvery: [500, day],
  secondsBelow: [0, 1e13],
  membersTimeout: [100, hour],
  loginInfoTimeout: [100, hour],
  requestTimeout: [1000, hour],
  connectTimeout: [500, hour],
  logoutTimeout: [0, hour],
  presenceLinger: [0, day],
  directoryTimeout: [100, hour],
  reconnectFirst: [100, hour],
  reconnectLast: [1000, day],
  keepAlive: [1000, day],
  pingInterval: [1000, hour],
  pingDeadline: [500, hour],
  frameLimit: [64 * 1024, 1024 * 1024 * 1024],
  fileTimeout: [1000, day],
};

/** Of these settings, those that are one of a few words. */
export const settingChoices: { [K in 'answer' | 'replyOn' | 'idForm']: readonly PbxSettings[K][] } = {
  answer: ['always', 'in-use'],
  replyOn: ['same-call', 'own-call'],
  idForm: ['number', 'string'],
};

/** All there is to know about these settings, for a screen or a file that names them. */
export const wireSettings = { defaults: defaultSettings, choices: settingChoices, ranges: settingRanges };
