import { describe, expect, it } from 'vitest';
import type { MessageView, SafeHtml } from '../../../src-main/ipc/contract.ts';
import {
  change,
  countAfter,
  isLoneEmoji,
  isRightToLeft,
  mayBeLong,
  mostLines,
  place,
  spoken,
} from '../../../src-renderer/message-layout.ts';

const noon = new Date('2024-06-12T12:00:00').getTime();
const minute = 60_000;
const message = (id: string, at = noon, sip = 'anna', own = false): MessageView => ({
  id,
  author: { sip, name: sip },
  own,
  html: '' as SafeHtml,
  text: '',
  at,
  delivery: null,
  attachments: [],
  incomplete: false,
  stored: true,
  removal: null,
  edited: false,
});

describe('a message', () => {
  const first = message('1');

  it('joins one of the same author less than five minutes before', () => {
    expect(place(message('2', noon + 5 * minute - 1), first, false)).toEqual({
      startsDay: false,
      startsGroup: false,
    });
  });

  it.each([
    ['five minutes later', message('2', noon + 5 * minute), false],
    ['of another author', message('2', noon, 'bruno'), false],
    ['of oneself on the same address', message('2', noon, 'anna', true), false],
    ["under the 'new' line", message('2'), true],
  ])('has its own name %s', (_, second, afterNewLine) => {
    expect(place(second, first, afterNewLine)).toEqual({ startsDay: false, startsGroup: true });
  });

  it('has a day line on another day and when it is the first', () => {
    const late = message('1', new Date('2024-06-12T23:59:00').getTime());
    const early = message('2', new Date('2024-06-13T00:01:00').getTime());
    expect(place(early, late, false)).toEqual({ startsDay: true, startsGroup: true });
    expect(place(first, undefined, false).startsDay).toBe(true);
  });
});

describe('a list of messages', () => {
  const list = (text: string): MessageView[] => [...text].map((id) => message(id));

  it.each([
    ['abc', 'abc', { kind: 'same' }],
    ['abc', 'abcd', { kind: 'grown', prepended: 0, appended: 1 }],
    ['abc', 'xyabc', { kind: 'grown', prepended: 2, appended: 0 }],
    ['abc', 'xabcde', { kind: 'grown', prepended: 1, appended: 2 }],
    ['', 'ab', { kind: 'grown', prepended: 0, appended: 2 }],
    ['abc', 'ab', { kind: 'other' }],
    ['abc', 'axbc', { kind: 'other' }],
    ['abc', 'xyz', { kind: 'other' }],
    ['abc', '', { kind: 'other' }],
  ])('from %j to %j', (before, after, expected) => {
    expect(change(list(before), list(after))).toEqual(expected);
  });
});

describe('a lone emoji', () => {
  it.each(['👍', '👩‍👩‍👧', '🇩🇪', '👍🏽 🎉', '❤️', '👍\ufe0f', '🏴‍☠️', '🎉🎉🎉'])('is %s', (text) => {
    expect(isLoneEmoji(text)).toBe(true);
  });
  it.each(['', 'a', '1', '#', '👍 ok', '🎉🎉🎉🎉'])('is not %j', (text) => {
    expect(isLoneEmoji(text)).toBe(false);
  });
});

describe('a text that may be long', () => {
  it('has many lines, or many letters, or some of both', () => {
    expect(mayBeLong('x\n'.repeat(mostLines))).toBe(true);
    expect(mayBeLong('words '.repeat(100))).toBe(true);
    expect(mayBeLong('a line of words\n'.repeat(mostLines / 2))).toBe(true);
  });

  it('is none that has room in the narrowest window', () => {
    expect(mayBeLong('')).toBe(false);
    expect(mayBeLong('Passt es am Donnerstag um zehn? Ich bringe die Zeichnungen mit.')).toBe(false);
    expect(mayBeLong('x\n'.repeat(mostLines / 2))).toBe(false);
  });
});

describe('the direction of a text', () => {
  it.each(['شكرا جزيلا', 'שלום', '😀 12: שלום hello', '\u200f«نعم»'])('%s goes to the left', (text) => {
    expect(isRightToLeft(text)).toBe(true);
  });
  it.each(['', '12', 'hello שלום', 'привет', '了解'])('"%s" does not', (text) => {
    expect(isRightToLeft(text)).toBe(false);
  });
});

describe('what is spoken of a message', () => {
  it('is one line of bearable length', () => {
    expect(spoken(' a\n b\t c ')).toBe('a b c');
    expect(spoken('x'.repeat(5_000)).length).toBeLessThan(210);
  });
});

describe('what is below', () => {
  const list = [message('1', 10), message('2', 20), message('3', 30, 'me', true), message('4', 40)];

  it('is counted from the message at which the end was left, without own ones', () => {
    expect(countAfter(list, list[0]!)).toBe(2);
    expect(countAfter(list, list[3]!)).toBe(0);
  });

  it('is counted by time when that message was deleted', () => {
    expect(countAfter(list.toSpliced(1, 1), list[1]!)).toBe(1);
  });
});
