// A toolbar is one stop of the Tab key; the arrows go from button to button, and round at the ends.

/** Moves the focus from the button at `from` for an arrow key, and answers where it is then; null: another key. */
export function stepInToolbar(event: KeyboardEvent, bar: Element, from: number): number | null {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return null;
  const buttons = bar.querySelectorAll('button');
  const to = (from + step + buttons.length) % buttons.length;
  buttons[to]?.focus();
  return to;
}
