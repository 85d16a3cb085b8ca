import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLinks } from '../../../src-renderer/links.ts';
import { htmlToText, isPlainHtml, textToHtml } from '../../../src-renderer/plain-html.ts';

describe('composed text', () => {
  it.each([
    ['', ''],
    ['Hello', '<p>Hello</p>'],
    ['a\nb', '<p>a<br>b</p>'],
    ['a\n\nb', '<p>a<br><br>b</p>'],
    ['<b>&amp;</b>', '<p>&lt;b&gt;&amp;amp;&lt;/b&gt;</p>'],
    ['a\r\nb', '<p>a<br>b</p>'],
    ['if x:\n    y', '<p>if x:<br>\u00a0\u00a0\u00a0\u00a0y</p>'],
    ['a  b', '<p>a \u00a0b</p>'],
  ])('%j becomes %j', (text, html) => {
    expect(textToHtml(text)).toBe(html);
  });

  it('is plain HTML of p and br whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const html = textToHtml(text);
        expect(isPlainHtml(html)).toBe(true);
        expect(html.replace(/^<p>|<\/p>$|<br>/g, '')).not.toMatch(/[<>]/);
      }),
    );
  });

  it('comes back from a draft as it was typed', () => {
    const typed = fc
      .string({ unit: fc.constantFrom('a', ' ', '\n', '<', '>', '&', ';', 'amp', 'ö', '👍', '"', "'") })
      .filter((text) => text !== '');
    fc.assert(
      fc.property(typed, (text) => {
        expect(htmlToText(textToHtml(text))).toBe(text);
      }),
    );
  });

  it('comes back from the HTML of another composer as text', () => {
    expect(htmlToText('<p>a <b>bold</b></p><p>b</p>')).toBe('a bold\nb');
    expect(htmlToText('<ul><li>a</li><li>b</li></ul>')).toBe('a\nb');
    expect(htmlToText('a<br />b &quot;c&quot;')).toBe('a\nb "c"');
  });
});

describe('the lock on the door to the page', () => {
  it.each(['', 'text', '<p>a</p>', '<br />', '<h3>a</h3><UL><LI>b</LI></UL>', '3 &lt; 4', '<p >a</p >'])(
    'lets %j through',
    (html) => expect(isPlainHtml(html)).toBe(true),
  );
  it.each([
    '<p class="a">b</p>',
    '<img src=x onerror=alert(1)>',
    '<script>1</script>',
    '<p/onclick=1>',
    '<pwned>',
    '<!-- -->',
    '<a href="https://example.com">a</a>',
    '<p\nid=a>',
    'a < b',
    '<svg>',
    '<b',
  ])('stops %j', (html) => expect(isPlainHtml(html)).toBe(false));
});

describe('links in a text', () => {
  const urls = (text: string): string[] => findLinks(text).map(({ url }) => url);

  it.each([
    ['see https://example.com/a?b=c#d.', ['https://example.com/a?b=c#d']],
    ['(https://example.com/a_(b))', ['https://example.com/a_(b)']],
    ['http://10.0.0.1:8080/x', ['http://10.0.0.1:8080/x']],
    ['www.example.com', ['https://www.example.com/']],
    ['example.com/path', ['https://example.com/path']],
    ['mail anna@example.com now', ['mailto:anna@example.com']],
    ['mailto:anna@example.com', ['mailto:anna@example.com']],
    ['call tel:+4970317300, please', ['tel:+4970317300']],
    ['sip:anna.berg@example.com', ['sip:anna.berg@example.com']],
    [
      'two: https://a.example.org and https://b.example.org',
      ['https://a.example.org/', 'https://b.example.org/'],
    ],
    ['read notes.md and setup.py', []],
    ['javascript:alert(1) data:text/html,x file:///etc/passwd ftp://example.com/x', []],
    ['12:30, ratio 3:4, a.b, hotel:room', []],
    ['', []],
  ])('of %j', (text, expected) => {
    expect(urls(text)).toEqual(expected);
  });

  it('mark exactly the text that they stand for', () => {
    const text = 'see https://example.com/a, or tel:112';
    expect(findLinks(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'https://example.com/a',
      'tel:112',
    ]);
  });

  it('never overlap, whatever the text', () => {
    const part = fc.constantFrom(
      'https://',
      'example.com',
      'sip:',
      'tel:',
      '+49',
      '@',
      '/',
      ' ',
      '.',
      'a',
      'mailto:',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const text = parts.join('');
        let last = 0;
        for (const { start, end, url } of findLinks(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(url).toMatch(/^(https?|mailto|tel|sip):/);
          last = end;
        }
      }),
    );
  });
});
