import { describe, expect, it } from 'vitest';
import type { AttachmentView, MessageView, SafeHtml } from '../../../src-main/ipc/contract.ts';
import { hitsIn, position, rangesIn, settle, soughtText, step } from '../../../src-renderer/find-text.ts';

const message = (id: string, text: string, files: string[] = []): MessageView => ({
  id,
  author: { sip: 'bob', name: 'Bob' },
  own: false,
  html: text as SafeHtml,
  text,
  at: 0,
  delivery: null,
  attachments: files.map((name) => ({ id: name, name }) as AttachmentView),
  incomplete: false,
  stored: true,
  removal: null,
  edited: false,
});
const messages = [
  message('1', 'Tea at ten'),
  message('2', 'Straße, STRASSE'),
  message('3', 'see', ['Tea list.pdf']),
  message('4', 'tea, tea, Tea'),
];
const found = (typed: string) => hitsIn(messages, soughtText(typed));
const parts = (text: string, typed: string) =>
  rangesIn(text, soughtText(typed)).map(({ start, end }) => text.slice(start, end));

describe('finding a text', () => {
  it('passes by what is being deleted', () => {
    const hidden = { ...message('1', 'Tea at ten'), removal: { state: 'undoable' as const } };
    expect(hitsIn([hidden], soughtText('tea'))).toEqual([]);
  });

  it('counts every place, in texts and in names of files', () => {
    expect(found('tea')).toEqual([
      { message: '1', index: 0, count: 1 },
      { message: '3', index: 2, count: 1 },
      { message: '4', index: 3, count: 3 },
    ]);
  });

  it('does not mind case and marks, and takes ß for ss', () => {
    expect(found('strasse')).toEqual([{ message: '2', index: 1, count: 2 }]);
    expect(found('STRÄßE')).toEqual([{ message: '2', index: 1, count: 2 }]);
  });

  it('finds nothing for nothing', () => {
    expect(found('')).toEqual([]);
    expect(found('   ')).toEqual([]);
  });

  it('says where it stands in the text as it was written', () => {
    expect(parts('Eine Straße und die STRASSE', 'strasse')).toEqual(['Straße', 'STRASSE']);
    expect(parts('Masse', 's')).toEqual(['s', 's']);
    expect(parts('weiß', 'iss')).toEqual(['iß']);
    expect(parts('a\u0301bc', 'a')).toEqual(['a\u0301']);
    expect(parts('😀 teà 😀 tea', 'tea')).toEqual(['teà', 'tea']);
    expect(parts('😀😀', '😀')).toEqual(['😀', '😀']);
    expect(parts('ΟΔΟΣ οδος', 'οδος')).toEqual(['ΟΔΟΣ', 'οδος']);
    expect(parts('aaa', 'aa')).toEqual(['aa']);
  });

  it('finds as many places in a text as it counts', () => {
    const odd = 'İstanbul ﬁnd ǅ ŉ Ω Å ß ẞ ﷺ 한글 が ς';
    for (const character of odd) {
      if (character === ' ') continue;
      const hits = hitsIn([message('odd', odd)], soughtText(character));
      expect(parts(odd, character).length, character).toBe(hits[0]?.count ?? 0);
    }
  });
});

describe('the place one is at', () => {
  const hits = found('tea');

  it('is the latest one at or before where the search began', () => {
    expect(settle(hits, null, 3)).toEqual({ message: '4', nth: 2 });
    expect(settle(hits, null, 1)).toEqual({ message: '1', nth: 0 });
  });

  it('is the latest one of all when there is none before', () => {
    expect(settle(found('see'), null, 0)).toEqual({ message: '3', nth: 0 });
  });

  it('stays where it was while that is found, and is none when nothing is', () => {
    expect(settle(hits, { message: '4', nth: 1 }, 0)).toEqual({ message: '4', nth: 1 });
    expect(settle(hits, { message: '4', nth: 7 }, 0)).toEqual({ message: '4', nth: 2 });
    expect(settle([], { message: '4', nth: 1 }, 3)).toBeNull();
  });

  it('goes to earlier ones and later ones, and round at the ends', () => {
    const visited = (by: -1 | 1, times: number) => {
      let spot = { message: '4', nth: 2 };
      return Array.from({ length: times }, () => {
        spot = step(hits, spot, by);
        return `${spot.message}.${spot.nth} ${position(hits, spot).index}`;
      });
    };
    expect(visited(-1, 5)).toEqual(['4.1 2', '4.0 3', '3.0 4', '1.0 5', '4.2 1']);
    expect(visited(1, 5)).toEqual(['1.0 5', '3.0 4', '4.0 3', '4.1 2', '4.2 1']);
    expect(position(hits, { message: '4', nth: 2 })).toEqual({ index: 1, count: 5 });
  });
});
