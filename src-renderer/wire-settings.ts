// The settings of the wire in the order in which the settings screen shows them. Every one that src-main/pbx has is here
// once: test/unit/renderer/settings.test.ts holds the two together.
import type { NumberUnit } from './setting-numbers.ts';
import type { SettingName } from './settings.svelte.ts';

type WireName = SettingName extends infer Name ? (Name extends `pbx.${infer Wire}` ? Wire : never) : never;
/** A number that counts something has its unit beside it. */
type WireRow = [name: WireName, unit?: NumberUnit];

export const wireGroups = {
  addresses: [['module'], ['clientPaths'], ['appPaths'], ['chatApp'], ['hw']],
  calls: [
    ['answer'],
    ['replyOn'],
    ['callIdle', 'second'],
    ['setupTimeout', 'second'],
    ['segmentTimeout', 'second'],
    ['segmentCap'],
    ['segmentLength'],
  ],
  stored: [
    ['sessionTimeout', 'second'],
    ['sessionRetry', 'second'],
    ['listEvery', 'second'],
    ['secondsBelow'],
    ['readMembers'],
    ['membersTimeout', 'second'],
    ['idForm'],
    ['fileTimeout', 'second'],
  ],
  people: [['directoryTimeout', 'second'], ['unsubscribe'], ['presenceLinger', 'second']],
  link: [
    ['connectTimeout', 'second'],
    ['loginInfoTimeout', 'second'],
    ['logoutTimeout', 'second'],
    ['requestTimeout', 'second'],
    ['reconnectFirst', 'second'],
    ['reconnectLast', 'second'],
    ['keepAlive', 'second'],
    ['pingInterval', 'second'],
    ['pingDeadline', 'second'],
    ['frameLimit', 'byte'],
  ],
} satisfies Record<string, WireRow[]>;

export type WireGroup = keyof typeof wireGroups;

export const wireRows = Object.entries(wireGroups) as [WireGroup, WireRow[]][];
