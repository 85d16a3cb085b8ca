import { beforeAll, describe, expect, it } from 'vitest';
import {
  byCode,
  codeFor,
  findEmoji,
  groups,
  readEmoji,
  toned,
  type Emoji,
} from '../../../../src-renderer/emoji/emoji.ts';
import { languages } from '../../../../assets/translations/words.ts';
import { isLoneEmoji } from '../../../../src-renderer/message-layout.ts';

let english: readonly Emoji[];
let german: readonly Emoji[];
beforeAll(async () => {
  english = await readEmoji('en', () => true);
  german = await readEmoji('de', () => true);
});

const first = (among: readonly Emoji[], text: string) => findEmoji(among, text, 1)[0]?.text;
const named = (among: readonly Emoji[], text: string) => among.find((emoji) => emoji.text === text)!;

describe('the emoji', () => {
  it('are plain Unicode, each once, with a name, a group and a shortcode', () => {
    expect(english.length).toBeGreaterThan(1_800);
    expect(new Set(english.map(({ text }) => text)).size).toBe(english.length);
    for (const { text, tones, name, codes, group } of english) {
      for (const one of [text, ...tones]) expect(one).toMatch(new RegExp('^\\p{RGI_Emoji}$', 'v'));
      expect(isLoneEmoji(text)).toBe(true);
      expect(name).not.toBe('');
      expect(codes[0]).toMatch(/^[+-]?[a-z\d][a-z\d_-]*$/);
      expect(groups).toContain(group);
    }
  });

  it('have no selector for a picture where there is nothing else', () => {
    expect(english.map(({ text }) => text)).toContain('👍');
    expect(english.map(({ text }) => text)).toContain('❤️');
  });

  it('have five tones or none', () => {
    expect(english.every(({ tones }) => tones.length === 0 || tones.length === 5)).toBe(true);
    expect(named(english, '👍').tones).toEqual(['👍🏻', '👍🏼', '👍🏽', '👍🏾', '👍🏿']);
    expect(named(english, '🎉').tones).toEqual([]);
  });

  it('of two people have the tones in which both are the same', () => {
    expect(named(english, '🤝').tones[2]).toBe('🤝🏽');
    expect(named(english, '👫').tones).toHaveLength(5);
  });

  it('have names in the language of the reader, and English ones for any other', async () => {
    expect(named(german, '👍').name).toBe('Daumen hoch');
    for (const language of languages) {
      const names = (await readEmoji(language, () => true)).map(({ name }) => name);
      expect(names.filter((name) => english.some((emoji) => emoji.name === name)).length > 1_000).toBe(
        language === 'en',
      );
    }
    expect(named(await readEmoji('xx', () => true), '👍').name).toBe('thumbs up');
    expect(german.map(({ text }) => text)).toEqual(english.map(({ text }) => text));
  });

  it('that no font has are left out, and their tones too', async () => {
    const old = await readEmoji('en', (text) => !['🫪', '🫩'].includes(text));
    const texts = old.map(({ text }) => text);
    expect(texts).toContain('🫨');
    expect(texts).not.toContain('🫩');
    expect(texts).not.toContain('🫪');
    expect(named(english, '👯').tones).toHaveLength(5);
    expect(named(old, '👯').tones).toEqual([]);
  });
});

describe('a skin tone', () => {
  it.each([
    ['👍', 0, '👍'],
    ['👍', 5, '👍🏿'],
    ['🎉', 3, '🎉'],
  ])('of %s, %d, is %s', (text, tone, expected) => {
    expect(toned(named(english, text), tone)).toBe(expected);
  });
});

describe('a shortcode', () => {
  it.each([
    ['smile', '😄'],
    ['SMILE', '😄'],
    ['+1', '👍'],
    ['thumbsup', '👍'],
    ['tada', '🎉'],
    ['joy', '😂'],
    ['heart', '❤️'],
    ['dog', '🐶'],
    ['de', '🇩🇪'],
    ['100', '💯'],
  ])('%s is %s', (code, text) => {
    expect(byCode(german, code)?.text).toBe(text);
  });

  it.each(['smi', 'nothing_like_it', ''])('%j is none', (code) => {
    expect(byCode(english, code)).toBeUndefined();
  });

  it('leads from each first name to its own emoji', () => {
    for (const emoji of english) expect(byCode(english, emoji.codes[0] ?? '')?.text).toBe(emoji.text);
  });

  it('that is shown is the one that was begun', () => {
    expect(codeFor(named(english, '👍'), 'thu')).toBe('thumbsup');
    expect(codeFor(named(german, '👍'), 'dau')).toBe('+1');
  });
});

describe('finding an emoji', () => {
  it.each([
    ['smile', '😄'],
    ['thumbs up', '👍'],
    ['up thumbs', '👍'],
    ['party', '🎉'],
    [':tada:', '🎉'],
    ['germany', '🇩🇪'],
  ])('by %j in English', (text, expected) => {
    expect(findEmoji(english, text, 10).map((emoji) => emoji.text)).toContain(expected);
  });

  it.each([
    ['daumen', '👍'],
    ['Daumen hoch', '👍'],
    ['lächeln', '😄'],
    ['lacheln', '😄'],
    ['tada', '🎉'],
    ['Österreich', '🇦🇹'],
    ['kaffee', '☕'],
  ])('by %j in German', (text, expected) => {
    expect(findEmoji(german, text, 20).map((emoji) => emoji.text)).toContain(expected);
  });

  it('has the shortcode itself first, then what begins with it', () => {
    expect(first(english, 'heart')).toBe('❤️');
    expect(first(english, 'smile')).toBe('😄');
    expect(first(english, 'smi')).toBe('😄');
    const found = findEmoji(english, 'smi', 8);
    expect(found).toHaveLength(8);
    expect(found.every(({ codes }) => codes.some((code) => code.startsWith('smi')))).toBe(true);
  });

  it('finds nothing by nothing, and nothing by words that only some of fit', () => {
    expect(findEmoji(english, ' : ', 10)).toEqual([]);
    expect(findEmoji(english, 'thumbs aeroplane', 10)).toEqual([]);
  });

  it('has no more than asked for, and none twice', () => {
    const found = findEmoji(english, 'face', 30);
    expect(found).toHaveLength(30);
    expect(new Set(found).size).toBe(30);
  });
});
