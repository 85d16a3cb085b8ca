// Editing as it is done: keys, formats, lists, pastes and undo on the state of the editor, without a window.
import { redo, undo } from 'prosemirror-history';
import { TextSelection, type Command, type EditorState, type Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose } from '../../../../src-main/chat/rich-text.ts';
import {
  activeFormats,
  breakLine,
  enter,
  formatCommand,
  formats,
  inList,
  insert,
  isBlank,
  stateOf,
  trimmed,
  type Format,
} from '../../../../src-renderer/editor/commands.ts';
import { fromHtml, fromText } from '../../../../src-renderer/editor/from-html.ts';
import { toHtml } from '../../../../src-renderer/editor/to-html.ts';
import { emittedOnly, markup } from './markup.ts';

/** An editor that is nothing but its state. */
class Bench {
  state: EditorState;
  sent = 0;

  constructor(state: EditorState) {
    this.state = state;
  }

  get html(): string {
    return toHtml(this.state.doc);
  }

  run(command: Command): boolean {
    return command(this.state, (transaction) => (this.state = this.state.apply(transaction)));
  }

  type(text: string): void {
    this.state = this.state.apply(this.state.tr.insertText(text));
  }

  paste(doc: ReturnType<typeof fromHtml>): void {
    this.state = this.state.apply(insert(this.state, doc));
  }

  select(from: number, to: number): void {
    const { doc, tr } = this.state;
    const inside = (at: number): number => Math.max(0, Math.min(doc.content.size, at));
    const selection = TextSelection.between(doc.resolve(inside(from)), doc.resolve(inside(to)));
    this.state = this.state.apply(tr.setSelection(selection));
  }

  /** A key as the keymaps of the editor see it; Enter as the editor itself does. */
  press(key: string, ...modifiers: ('ctrl' | 'shift')[]): void {
    if (key === 'Enter' && modifiers.length === 0) {
      this.run(enter(() => this.sent++));
      return;
    }
    const event = { key, ctrlKey: modifiers.includes('ctrl'), shiftKey: modifiers.includes('shift') };
    const atEdge = (direction: string): boolean => {
      const { $head } = this.state.selection;
      return direction === 'backward'
        ? $head.parentOffset === 0
        : $head.parentOffset === $head.parent.content.size;
    };
    const view = {
      state: this.state,
      dispatch: (transaction: Parameters<EditorState['apply']>[0]) =>
        (this.state = this.state.apply(transaction)),
      endOfTextblock: atEdge,
    } as unknown as EditorView;
    for (const plugin of this.state.plugins) {
      const handle = plugin.props.handleKeyDown as
        ((this: Plugin, view: EditorView, event: KeyboardEvent) => boolean | void) | undefined;
      if (handle?.call(plugin, view, event as KeyboardEvent) === true) return;
    }
  }
}

/** An editor with this content; `[` and `]`, or `|`, are where the selection is. */
function at(html: string): Bench {
  const bench = new Bench(stateOf(fromHtml(html)));
  const take = (sign: string): number | null => {
    let found: number | null = null;
    bench.state.doc.descendants((node, pos) => {
      const index = node.text?.indexOf(sign) ?? -1;
      if (index !== -1) found = pos + index;
    });
    if (found !== null) bench.state = bench.state.apply(bench.state.tr.delete(found, found + 1));
    return found;
  };
  const from = take('[') ?? take('|') ?? 0;
  const to = take(']') ?? from;
  // Without a history of what was done to get here.
  bench.state = stateOf(bench.state.doc);
  bench.select(from, to);
  return bench;
}

describe('a format', () => {
  it.each([
    ['bold', '<p>a[b]c</p>', '<p>a<b>b</b>c</p>'],
    ['italic', '<p>[a <b>b]</b></p>', '<p><i>a </i><b><i>b</i></b></p>'],
    ['underline', '<p>[a</p><p>b]</p>', '<p><u>a</u></p><p><u>b</u></p>'],
    ['bold', '<p><b>a[b]c</b></p>', '<p><b>a</b>b<b>c</b></p>'],
    ['bullets', '<p>[a</p><p>b]</p>', '<ul><li>a</li><li>b</li></ul>'],
    ['numbers', '<p>a<br>b|<br>c</p>', '<p>a</p><ol><li>b</li></ol><p>c</p>'],
    ['numbers', '<p>a<br>[b<br>c]<br>d</p>', '<p>a</p><ol><li>b</li><li>c</li></ol><p>d</p>'],
    ['numbers', '<p>a<br>|b<br>c</p>', '<p>a</p><ol><li>b</li></ol><p>c</p>'],
    [
      'numbers',
      '<p>[a</p><ul><li>b</li><li>c<br>d]</li></ul>',
      '<ol><li>a</li><li>b</li><li>c<br>d</li></ol>',
    ],
    ['bullets', '<ul><li>a</li><li>[b</li></ul><p>c]</p>', '<ul><li>a</li><li>b</li><li>c</li></ul>'],
    ['bullets', '<ul><li>[a</li><li>b]</li></ul>', '<p>a</p><p>b</p>'],
    [
      'bullets',
      '<ul><li>a</li><li>[b</li><li>c]</li><li>d</li></ul>',
      '<ul><li>a</li></ul><p>b</p><p>c</p><ul><li>d</li></ul>',
    ],
    [
      'bullets',
      '<ul><li>a<ul><li>[b</li><li>c]</li></ul></li></ul>',
      '<ul><li>a</li><li>b</li><li>c</li></ul>',
    ],
    ['numbers', '<ul><li>a|</li></ul>', '<ol><li>a</li></ol>'],
    ['bullets', '<ul><li>a|</li></ul>', '<p>a</p>'],
    ['bullets', '<ul><li>a</li><li>b|</li><li>c</li></ul>', '<ul><li>a</li></ul><p>b</p><ul><li>c</li></ul>'],
  ] as const)('%s makes of %s %s', (format, html, expected) => {
    const bench = at(html);
    bench.run(formatCommand(format));
    expect(bench.html).toBe(expected);
  });

  it('of everything makes items of all lines', () => {
    const bench = at('<p>a<br>b</p><ol><li>c</li></ol><p>d</p>');
    bench.press('a', 'ctrl');
    bench.run(formatCommand('bullets'));
    expect(bench.html).toBe('<ul><li>a</li><li>b</li><li>c</li><li>d</li></ul>');
  });

  it('of a list leaves selected what was', () => {
    const bench = at('<p>a<br>[b<br>c]<br>d</p>');
    bench.run(formatCommand('bullets'));
    bench.type('x');
    expect(bench.html).toBe('<p>a</p><ul><li>x</li></ul><p>d</p>');
  });

  it('without a selection is that of what is typed next', () => {
    const bench = at('<p>a|</p>');
    bench.run(formatCommand('bold'));
    expect(activeFormats(bench.state).bold).toBe(true);
    bench.type('b');
    bench.run(formatCommand('bold'));
    bench.type('c');
    expect(bench.html).toBe('<p>a<b>b</b>c</p>');
  });

  it.each([
    ['<p>a|</p>', []],
    ['<p><b>a|</b></p>', ['bold']],
    ['<p><b><i>[a]</i></b></p>', ['bold', 'italic']],
    ['<ul><li><u>a|</u></li></ul>', ['underline', 'bullets']],
    ['<ul><li>x<ol><li>a|</li></ol></li></ul>', ['numbers']],
  ] as const)('in %s is shown to hold: %j', (html, expected) => {
    const { state } = at(html);
    const active = activeFormats(state);
    expect(formats.filter((format) => active[format])).toEqual(expected);
    expect(inList(state)).toBe(active.bullets || active.numbers);
  });
});

describe('a key', () => {
  it.each([
    [
      'starts a line in the format that is written',
      '<p><b>a|</b></p>',
      'Shift-Enter',
      '<p><b>a<br>b</b></p>',
    ],
    ['goes on with the next item', '<ul><li>a|</li></ul>', 'Enter', '<ul><li>a</li><li>b</li></ul>'],
    ['divides an item', '<ul><li>x|y</li></ul>', 'Enter', '<ul><li>x</li><li>by</li></ul>'],
    [
      'leaves a list within a list by one level',
      '<ul><li>x<ul><li>y</li><li>|</li></ul></li></ul>',
      'Enter',
      '<ul><li>x<ul><li>y</li></ul></li><li>b</li></ul>',
    ],
    ['at the start of the first item leaves the list', '<ul><li>|a</li></ul>', 'Backspace', '<p>ba</p>'],
    [
      'at the start of another item joins it to the one before',
      '<ul><li>x</li><li>|a</li></ul>',
      'Backspace',
      '<ul><li>xba</li></ul>',
    ],
    ['deletes what is selected', '<p>a[x]c</p>', 'Backspace', '<p>abc</p>'],
    ['deletes over two paragraphs', '<p>a[x</p><p>y]c</p>', 'Delete', '<p>abc</p>'],
    [
      'puts an item below the one before',
      '<ul><li>x</li><li>a|</li></ul>',
      'Ctrl-]',
      '<ul><li>x<ul><li>ab</li></ul></li></ul>',
    ],
    [
      'takes several items out by one level',
      '<ul><li>x<ul><li>[a</li><li>c]</li></ul></li></ul>',
      'Ctrl-[',
      '<ul><li>x</li><li>b</li></ul>',
    ],
    [
      'takes an item out by one level',
      '<ul><li>x<ul><li>a|</li></ul></li></ul>',
      'Ctrl-[',
      '<ul><li>x</li><li>ab</li></ul>',
    ],
  ])('%s', (_, html, keys, expected) => {
    const bench = at(html);
    const [key = '', modifier] = keys.split('-').reverse();
    bench.press(key, ...(modifier === undefined ? [] : [modifier.toLowerCase() as 'ctrl' | 'shift']));
    bench.type('b');
    expect(bench.html).toBe(expected);
    expect(bench.sent).toBe(0);
  });

  it.each(['<p>a|</p>', '<p>|</p>', '<ul><li>a</li><li>|</li></ul>'])('Enter in %s sends', (html) => {
    const bench = at(html);
    bench.press('Enter');
    expect(bench.sent).toBe(1);
  });
});

describe('what is inserted', () => {
  it.each([
    ['words into the line', '<p>a|c</p>', '<p><b>b</b></p>', '<p>a<b>b</b>c</p>'],
    ['in place of what is selected', '<p>a[x]c</p>', 'b', '<p>abc</p>'],
    ['words into an item', '<ul><li>a|</li></ul>', '<p>b</p>', '<ul><li>ab</li></ul>'],
    ['several paragraphs', '<p>a|d</p>', '<p>b</p><p>c</p>', '<p>ab</p><p>cd</p>'],
    ['a list on an empty line', '<p>|</p>', '<ul><li>a</li><li>b</li></ul>', '<ul><li>a</li><li>b</li></ul>'],
  ])('stands where it belongs: %s', (_, html, inserted, expected) => {
    const bench = at(html);
    bench.paste(fromHtml(inserted));
    expect(bench.html).toBe(expected);
  });
});

describe('what is sent', () => {
  it.each([
    ['<p><br></p><p> a </p><p><br></p>', '<p>a</p>'],
    ['<p><b>  a</b><br></p>', '<p><b>a</b></p>'],
    ['<ul><li>a</li><li></li></ul>', '<ul><li>a</li></ul>'],
    ['<p>a</p><p><br></p><p>b</p>', '<p>a</p><p><br></p><p>b</p>'],
    ['<p> <br> </p>', ''],
  ])('of %s is %s', (html, expected) => {
    const doc = fromHtml(html);
    expect(toHtml(trimmed(doc))).toBe(expected);
    expect(isBlank(doc)).toBe(expected === '');
  });
});

type Action = (bench: Bench) => void;
const position = fc.nat(200);
const action: fc.Arbitrary<[string, Action]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
      .map((text): [string, Action] => [`type ${JSON.stringify(text)}`, (bench) => bench.type(text)]),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(position, position)
      .map(([from, to]): [string, Action] => [`select ${from} ${to}`, (bench) => bench.select(from, to)]),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...formats)
      .map((format: Format): [string, Action] => [format, (bench) => bench.run(formatCommand(format))]),
  },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(
        ['Enter'],
        ['Enter', 'shift'],
        ['Backspace'],
        ['Delete'],
        [']', 'ctrl'],
        ['[', 'ctrl'],
        ['Backspace', 'ctrl'],
        ['a', 'ctrl'],
      )
      .map((keys): [string, Action] => [
        keys.join(' '),
        (bench) => bench.press(keys[0] ?? '', ...(keys.slice(1) as ('ctrl' | 'shift')[])),
      ]),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(
      markup.map((html): [string, Action] => [
        `paste ${JSON.stringify(html)}`,
        (bench) => bench.paste(fromHtml(html)),
      ]),
      fc
        .constantFrom('<ul><li>a<ol><li>b</li></ol></li></ul>', '<p>a</p><p><b>b</b></p>', '<p>a<br>b</p>')
        .map((html): [string, Action] => [`paste ${html}`, (bench) => bench.paste(fromHtml(html))]),
      fc
        .string({ unit: 'grapheme' })
        .map((text): [string, Action] => [
          `paste text ${JSON.stringify(text)}`,
          (bench) => bench.paste(fromText(text)),
        ]),
    ),
  },
  fc.constantFrom<[string, Action][]>(
    ['emoji', (bench) => bench.type('👩‍👩‍👧')],
    ['break', (bench) => bench.run(breakLine)],
    ['undo', (bench) => bench.run(undo)],
    ['redo', (bench) => bench.run(redo)],
  ),
);

describe('any sequence of editing', () => {
  it(
    'leaves a document that may be sent, and that a draft brings back as it was',
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
          const bench = new Bench(stateOf(fromText('')));
          for (const [, act] of actions) {
            act(bench);
            bench.state.doc.check();
          }
          const { html } = bench;
          emittedOnly(html);
          expect(toHtml(fromHtml(html))).toBe(html);
          const sent = toHtml(trimmed(bench.state.doc));
          emittedOnly(sent);
          expect(compose(sent)).toBe(sent);
          expect(sent === '').toBe(isBlank(bench.state.doc));
        }),
        { numRuns: 500 },
      );
    },
  );

  it('is undone to the beginning, and done again to the end', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        const bench = new Bench(stateOf(fromHtml('<p>begin</p><ul><li>here</li></ul>')));
        const begin = bench.html;
        for (const [name, act] of actions) if (name !== 'redo') act(bench);
        const end = bench.html;
        let steps = 0;
        while (bench.run(undo)) steps++;
        expect(bench.html).toBe(begin);
        while (steps-- > 0) bench.run(redo);
        expect(bench.html).toBe(end);
      }),
      { numRuns: 200 },
    );
  });
});
