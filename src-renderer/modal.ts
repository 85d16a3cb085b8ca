// The platform's own modal dialog: it keeps the focus inside, and what is behind it is out of reach.
import { on } from 'svelte/events';
import type { Attachment } from 'svelte/attachments';
import type { Places } from './focus.ts';

/** Shows the dialog as long as it is on the page. `escape`: one step back is wanted, by whatever key or gesture. */
export function modal(places: Places, escape: () => void): Attachment<HTMLDialogElement> {
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
      // The platform would give the focus back itself if the dialog were still on the page, also to a message input that
      // nobody goes back to, and that would read what came there (protocol, section 9).
      places.left(before);
    };
  };
}
