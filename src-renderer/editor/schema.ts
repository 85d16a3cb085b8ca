// What the message input can hold: exactly the elements that may be sent (protocol, section 7), and no attribute. What
// the schema does not know cannot be typed, pasted or dropped, so it cannot be sent either.
import { Schema } from 'prosemirror-model';

export const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    p: {
      content: 'inline*',
      group: 'block',
      parseDOM: [{ tag: 'p' }, { tag: 'div' }],
      toDOM: () => ['p', 0],
    },
    ul: { content: 'li+', group: 'block list', parseDOM: [{ tag: 'ul' }], toDOM: () => ['ul', 0] },
    ol: { content: 'li+', group: 'block list', parseDOM: [{ tag: 'ol' }], toDOM: () => ['ol', 0] },
    // One text and the lists below it: the words of an item stand in it without a paragraph of their own.
    li: { content: 'p list*', defining: true, parseDOM: [{ tag: 'li' }], toDOM: () => ['li', 0] },
    text: { group: 'inline' },
    br: {
      inline: true,
      group: 'inline',
      selectable: false,
      leafText: () => '\n',
      parseDOM: [{ tag: 'br' }],
      toDOM: () => ['br'],
    },
  },
  marks: {
    b: { parseDOM: [{ tag: 'b' }, { tag: 'strong' }], toDOM: () => ['b', 0] },
    i: { parseDOM: [{ tag: 'i' }, { tag: 'em' }], toDOM: () => ['i', 0] },
    u: { parseDOM: [{ tag: 'u' }], toDOM: () => ['u', 0] },
  },
});

const { doc, p, ul, ol, li, br } = schema.nodes;
const { b, i, u } = schema.marks;
if (!doc || !p || !ul || !ol || !li || !br || !b || !i || !u) throw new Error('the schema lacks an element');

export const nodes = { doc, p, ul, ol, li, br };
export const marks = { b, i, u };
