// What only the window knows of the read rule (protocol, section 9): which discussion is on screen, and whether its
// message input has the focus. Reported on every change; the main process decides what that reads.
import type { DiscussionId } from '../src-main/ipc/contract.ts';

export interface ReadingFacts {
  discussion: DiscussionId | null;
  inputFocused: boolean;
}

/** Marks the message input; the value of the attribute is the discussion that it writes to. */
export const inputMark = 'data-message-input';

/** The facts as the document shows them now. */
export function readingFacts(
  document: Pick<Document, 'hasFocus' | 'activeElement'>,
  discussion: DiscussionId | null,
): ReadingFacts {
  const inputFocused =
    discussion !== null &&
    document.hasFocus() &&
    document.activeElement?.getAttribute(inputMark) === discussion;
  return { discussion, inputFocused };
}

/**
 * Reports the facts now and whenever they change. To be called while a component is set up; `discussion` is read
 * reactively. The input mounts and takes the focus after the discussion is known, and its focus event leads here.
 */
export function reportReading(
  discussion: () => DiscussionId | null,
  report: (facts: ReadingFacts) => void,
): void {
  let last: ReadingFacts | null = null;

  const check = (): void => {
    const facts = readingFacts(document, discussion());
    if (last?.discussion === facts.discussion && last.inputFocused === facts.inputFocused) return;
    last = facts;
    report(facts);
  };
  // While an element loses the focus none has it: look when the event is over.
  const checkSoon = (): void => queueMicrotask(check);

  $effect(() => {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    document.addEventListener('focusin', check, options);
    document.addEventListener('focusout', checkSoon, options);
    window.addEventListener('focus', checkSoon, options);
    window.addEventListener('blur', checkSoon, options);
    return () => controller.abort();
  });
  $effect(check);
}
