// The platform's own modal dialog: it keeps the focus inside, what is behind it is out of reach, and whoever leaves it is
// back where they were.
import { on } from 'svelte/events';
import type { Attachment } from 'svelte/attachments';

/** Shows the dialog as long as it is on the page. `escape`: one step back is wanted, by whatever key or gesture. */
export function modal(escape: () => void): Attachment<HTMLDialogElement> {
  return (dialog) => {
    const back = (event: Event) => {
      event.preventDefault();
      escape();
    };
    const ends = [
      on(dialog, 'cancel', back),
      on(dialog, 'keydown', (event) => {
        // Before the platform's own way, which closes the dialog at the second press whatever is decided here.
        if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) back(event);
      }),
    ];
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      for (const end of ends) end();
      dialog.close();
      // The platform gives the focus back as long as the dialog is on the page, which it is not any more by now.
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    };
  };
}
