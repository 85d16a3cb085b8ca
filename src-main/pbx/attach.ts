// The `attach` property of an im_message (protocol, section 6): URLs separated by one blank.

/** Blanks within a URL become `%20`. */
export function encodeAttach(urls: readonly string[]): string {
  return urls.map((url) => url.trim().replaceAll(' ', '%20')).join(' ');
}

/** The URLs as they came, untrusted, each with the name that can be read from it. */
export function decodeAttach(attach: string): { name: string; url: string }[] {
  return attach
    .split(' ')
    .filter((token) => token !== '')
    .map((token) => {
      const url = /^https?%3a/i.test(token) ? decoded(token) : token;
      return { name: attachmentName(url), url };
    });
}

/** Section 6: the `name` query argument, else the last path segment, else the host. */
export function attachmentName(url: string): string {
  const [path = '', query = ''] = url.replace(/#.*/s, '').split(/\?(.*)/s);
  const argument = /(?:^|&)name=([^&]+)/.exec(query)?.[1];
  if (argument !== undefined) return decoded(argument.replaceAll('+', ' '));
  const segments = path.replace(/^[a-z][a-z\d+.-]*:\/\//i, '').split('/');
  return decoded(segments.findLast((segment) => segment !== '') ?? '');
}

/** Percent-decoded; as it is when it is not well-formed. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
