import { describe, expect, test } from 'vitest';
import { presenceView } from '../../../src-main/chat/presence.ts';
import type { PresenceItem } from '../../../src-main/pbx/index.ts';

function item(contact: string, status: PresenceItem['status'], activity = '', note = ''): PresenceItem {
  return { contact, status, activity, note };
}

describe('presence', () => {
  test.each<[string, PresenceItem[], string]>([
    ['nothing is known', [], 'unknown'],
    ['the messenger is open', [item('im:', 'open')], 'online'],
    ['the messenger is closed', [item('im:', 'closed')], 'offline'],
    [
      'a set activity does not make somebody reachable',
      [item('tel:', 'open', 'busy'), item('im:', 'closed')],
      'offline',
    ],
    ['the chat app is open', [item('app:', 'open'), item('im:', 'closed')], 'online'],
    ['only a phone is known', [item('tel:', 'open')], 'online'],
    ['away', [item('tel:', 'open', 'away'), item('im:', 'open')], 'away'],
    ['busy', [item('tel:', 'open', 'busy'), item('im:', 'open')], 'busy'],
    ['do not disturb', [item('tel:', 'open', 'dnd'), item('im:', 'open')], 'dnd'],
    [
      'the newest of a kind counts',
      [item('tel:', 'open', 'dnd'), item('tel:', 'open', 'away'), item('im:', 'open')],
      'dnd',
    ],
    [
      'on the phone, whatever was set',
      [item('tel:', 'open', 'away'), item('im:', 'open', 'on-the-phone')],
      'on-the-phone',
    ],
    ['inactive at the computer', [item('tel:', 'open'), item('im:', 'open', 'away')], 'away'],
    ['in a meeting of the calendar', [item('im:', 'open'), item('calendar:', 'open', 'busy')], 'busy'],
    ['an activity nobody has heard of', [item('tel:', 'open', 'juggling'), item('im:', 'open')], 'online'],
    ['capitals', [item('TEL:', 'open', 'DND'), item('IM:', 'open')], 'dnd'],
  ])('%s', (_, items, state) => {
    expect(presenceView(items).state).toBe(state);
  });

  test('shows the note that the person wrote, on one line and harmless', () => {
    const items = [item('im:', 'open'), item('tel:', 'open', '', 'back\nat \u202e3')];
    expect(presenceView(items).note).toBe('back at 3');
  });

  test('does not take the number of unread messages for a note', () => {
    expect(presenceView([item('app:', 'open', '', '#badge:3')]).note).toBe('');
  });
});
