import { describe, expect, it } from 'vitest';
import {
  closedShortcodeAt,
  shortcodeAt,
  sinceShortcode,
  withRecent,
} from '../../../../src-renderer/emoji/shortcode.ts';

describe('a shortcode is being written', () => {
  it.each([
    [':smi', 'smi'],
    ['hello :smi', 'smi'],
    ['hello\n:smi', 'smi'],
    ['(:tada', 'tada'],
    [':+1', '+1'],
    [':thumbs_up', 'thumbs_up'],
    [':lä', 'lä'],
    [':Sm', 'Sm'],
  ])('at the end of %j: %s', (text, word) => {
    expect(shortcodeAt(text)).toBe(word);
  });

  it.each([
    '',
    ':',
    ':s',
    ':)',
    ':-)',
    ':D',
    ':P',
    '10:30',
    'at :30',
    'https://example.com',
    'http:abc',
    'sip:anna',
    'Note:this',
    'a:smile',
    '::smile',
    ':smile: ',
    ': smile',
    ':smi le',
  ])('not at the end of %j', (text) => {
    expect(shortcodeAt(text)).toBeNull();
  });
});

describe('a shortcode is closed', () => {
  it.each([
    [':smile:', 'smile'],
    ['well :+1:', '+1'],
    [':100:', '100'],
    ['(:tada:', 'tada'],
  ])('at the end of %j: %s', (text, code) => {
    expect(closedShortcodeAt(text)).toBe(code);
  });

  it.each(['::', ':smile: ', 'at 10:30:', 'a:smile:', 'https:', ':a b:'])('not at the end of %j', (text) => {
    expect(closedShortcodeAt(text)).toBeNull();
  });
});

describe('a closed shortcode is found again', () => {
  it.each([
    [':tada:', 6],
    ['yes :tada: and', 10],
    [':tada: :tada:!', 7],
    ['a:tada: x', null],
    ['tada', null],
  ])('in %j, %s units before the end', (text, length) => {
    expect(sinceShortcode(text, 'tada')).toBe(length);
  });
});

describe('recently used emoji', () => {
  it('are the latest first, each once, three rows of them', () => {
    expect(withRecent(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c']);
    const many = Array.from({ length: 30 }, (_, index) => String(index));
    expect(withRecent(many, 'new')).toHaveLength(24);
    expect(withRecent(many, 'new')[0]).toBe('new');
  });
});
