import { describe, expect, it } from 'vitest';
import { dueAutostart } from '../../../src-main/shell/autostart-policy.ts';

describe('what an administrator says about starting with the computer', () => {
  it.each([
    ['nothing: nothing is done', null, 'off', false, 'off', null],
    ['nothing, and the person has it on', null, 'off', false, 'tray', null],
    ['locked, and it is so', 'on', 'on', false, 'on', null],
    ['locked, and it was switched off', 'tray', 'tray', true, 'off', 'tray'],
    ['locked, and it is on in another way', 'tray', 'tray', true, 'on', 'tray'],
    ['locked to off, and it is on', 'off', 'off', true, 'on', 'off'],
    ['recommended, for the first time', null, 'tray', false, 'off', 'tray'],
    ['recommended, and the person has it on in another way', null, 'tray', false, 'on', null],
    ['recommended, and switched off since', null, 'on', true, 'off', null],
    ['recommended to be off, and the person has it on', null, 'off', false, 'on', null],
  ] as const)('%s', (_what, locked, recommended, chosen, now, due) => {
    expect(dueAutostart({ locked, recommended, chosen }, now)).toBe(due);
  });
});
