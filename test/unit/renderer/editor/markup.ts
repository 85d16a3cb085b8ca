// Text with a good chance of being markup, well formed or not, and what may come out of the message input.
import fc from 'fast-check';
import { expect } from 'vitest';

const tags = (
  'p br b i u ul ol li div span strong em h1 table tr td a img svg math script style template iframe object noscript ' +
  'textarea title select xmp pre blockquote form input video'
).split(' ');
const styles = [
  'font-weight:bold',
  'font-weight:normal',
  'font-style:italic',
  'text-decoration:underline',
  'white-space:pre',
  'mso-list:l0 level2 lfo1',
  'mso-list:Ignore',
  'display:none',
];

export const markup = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
      fc.constantFrom(
        ...tags.flatMap((tag) => [`<${tag}>`, `</${tag}>`, `<${tag} onclick="x()" id=a>`, `<${tag}`]),
        ...styles.flatMap((style) => [`<p style="${style}">`, `<span style="${style}">`]),
        ...[
          '<!--',
          '-->',
          '<![CDATA[',
          ']]>',
          '&lt;',
          '&#60;',
          '&nbsp;',
          '&amp;lt;',
          '\u0000',
          '"',
          '<<',
          '\t',
          '\n',
          '\u00a0',
        ],
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** Fails unless there is nothing but the elements that may be sent, balanced, without attributes. */
export function emittedOnly(html: string): void {
  const open: string[] = [];
  const rest = html.replace(/<(\/?)(p|b|i|u|ul|ol|li)>|<br>/g, (_, closing: string, tag?: string) => {
    if (tag === undefined) return '';
    if (closing === '') open.push(tag);
    else expect(open.pop()).toBe(tag);
    return '';
  });
  expect(rest).not.toMatch(/[<>]/);
  expect(open).toEqual([]);
}
