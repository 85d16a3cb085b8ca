// What is on the clipboard or dragged: text for the message, or files for its attachments.

/**
 * Whether it is for the attachments. Office programs put a picture of the text beside the text; there the text is meant.
 * A picture copied from a page comes with markup that has no words, and there the picture is meant.
 */
export function isForFiles(data: Pick<DataTransfer, 'files' | 'types' | 'getData'>): boolean {
  if (data.files.length === 0) return false;
  const hasWords =
    data.getData('text/html').replace(/<style[^]*?<\/style>|<!--[^]*?-->|<[^>]*>|\s|&nbsp;/gi, '') !== '';
  return !(hasWords && data.types.includes('text/plain'));
}
