import { describe, expect, it } from 'vitest';
import { inputMark, readingFacts } from '../../../src-renderer/reading.svelte.ts';

/** What the facts look at of a document: whether the window has the focus, and the element that has it inside. */
function page(focused: boolean, input: string | null): Pick<Document, 'hasFocus' | 'activeElement'> {
  const getAttribute = (name: string): string | null => (name === inputMark ? input : null);
  return { hasFocus: () => focused, activeElement: { getAttribute } as unknown as Element };
}

describe('the message input has the focus', () => {
  it.each([
    ['the window has it and the input of the open discussion in it', true, 'anna', 'anna', true],
    ['not while another window has it', false, 'anna', 'anna', false],
    ['not while something else in the window has it', true, null, 'anna', false],
    ['not with the input of a discussion that was just left', true, 'bruno', 'anna', false],
    ['not without an open discussion', true, null, null, false],
  ])('when %s', (_, focused, input, discussion, inputFocused) => {
    expect(readingFacts(page(focused, input), discussion)).toEqual({ discussion, inputFocused });
  });
});
