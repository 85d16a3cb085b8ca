import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compose,
  fromPlain,
  longestText,
  receive,
  toLine,
  toName,
  toPlain,
  toSafeHtml,
} from '../../../src-main/chat/rich-text.ts';

const accepted = /^(?:p|br|div|span|b|strong|i|em|u|s|ul|ol|li|dl|dt|dd|blockquote|code|pre|h[1-6])$/;
const emitted = /^(?:p|br|b|i|u|ul|ol|li)$/;

/** Every tag in the text, by a reader of its own: whatever follows a `<`. */
function tags(html: string): string[] {
  return [...html.matchAll(/<\/?([^>]*)>?/g)].map((match) => match[1] ?? '');
}

/** Text with a good chance of being markup, well formed or not. */
const markup = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        ...[
          'p',
          'b',
          'div',
          'svg',
          'script',
          'style',
          'template',
          'iframe',
          'math',
          'object',
          'x',
          'noscript',
          'textarea',
          'title',
          'select',
          'xmp',
          'pre',
          'ul',
          'li',
          'br',
          'table',
          'td',
          'hr',
        ].flatMap((tag) => [`<${tag}>`, `</${tag}>`, `<${tag} onclick="x()" a=b>`, `<${tag}`, `<${tag}/>`]),
        ...[
          '<!--',
          '-->',
          '<![CDATA[',
          ']]>',
          '&lt;',
          '&#60;',
          '&#x3c;script&#x3e;',
          '&amp;lt;',
          '\u0000',
          '"',
          "'",
          '<<',
          '>',
          '=',
        ],
      ),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

describe('received HTML', () => {
  test.each([
    ['<p>a</p>', '<p>a</p>'],
    ['<b onmouseover="x()" style="color:red">a</b>', '<b>a</b>'],
    ['<a href="javascript:x()">click</a>', 'click'],
    ['<img src=x onerror=alert(1)>', ''],
    ['a<script>alert(1)</script>b', 'ab'],
    ['a<style>p{}</style>b', 'ab'],
    ['a<template><p>t</p></template>b', 'ab'],
    ['a<iframe><p>t</p></iframe>b', 'ab'],
    ['a<object><p>t</p></object>b', 'ab'],
    ['a<svg><p>t</p><script>1</script></svg>b', 'ab'],
    ['a<math><mi>x</mi></math>b', 'ab'],
    ['<font color=red>text <marquee>stays</marquee></font>', 'text stays'],
    ['<h1>a</h1><blockquote>b</blockquote><pre>c</pre>', '<h1>a</h1><blockquote>b</blockquote><pre>c</pre>'],
    ['<b>not closed', '<b>not closed</b>'],
    ['1 < 2 & 3 > 2', '1 &lt; 2 &amp; 3 &gt; 2'],
    ['a<br/>b<br>c', 'a<br>b<br>c'],
    ['&lt;script&gt;', '&lt;script&gt;'],
    ['<section>a</section><section>b</section>', '<div>a</div><div>b</div>'],
    ['a<hr>b', 'a<div></div>b'],
    ['<textarea><b>x</b></textarea>', '&lt;b&gt;x&lt;/b&gt;'],
  ])('%s becomes %s', (html, expected) => {
    expect(toSafeHtml(html)).toBe(expected);
  });

  test('has no tag but the accepted ones and never an attribute, whatever came', () => {
    fc.assert(
      fc.property(markup, (html) => {
        for (const tag of tags(toSafeHtml(html))) expect(tag).toMatch(accepted);
      }),
      { numRuns: 500 },
    );
  });

  test('stays as it is when it is cleaned again', () => {
    fc.assert(
      fc.property(markup, (html) => {
        const once = toSafeHtml(html);
        expect(toSafeHtml(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test('of any length ends in a moment: what is too long is cut and said to be cut', () => {
    for (const part of ['<b>', 'x', '<', '&', '<p><x>', '</p>', '<!--', '😀', '<ul><li>']) {
      const received = receive(part.repeat(1_000_000 / part.length), 'text/html');
      expect(received.cut).toBe(true);
      // Escaped, one unit may become five.
      expect(received.html.length).toBeLessThan(longestText * 8);
    }
    expect(receive('short', 'text/html').cut).toBe(false);
  });

  test('nests no deeper than a page can bear', () => {
    expect(toSafeHtml('<b>'.repeat(1000) + 'x').split('<b>').length).toBeLessThan(50);
  });
});

describe('received plain text', () => {
  test('keeps its line breaks and is no markup', () => {
    const received = receive('<b>1</b>\r\n2 & 3\n', 'text/plain');
    expect(received.html).toBe('&lt;b&gt;1&lt;/b&gt;<br>2 &amp; 3<br>');
    expect(received.text).toBe('<b>1</b>\n2 & 3');
  });

  test('comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const lines = text.replace(/\r\n?|\u2028|\u2029/g, '\n').replace(/\n+$/, '');
        // White space alone on a line is not kept; everything else is.
        fc.pre(!/(?:^|\n)[ \t\f\v]+/.test(lines) && !/^\s/.test(lines));
        expect(toPlain(fromPlain(text))).toBe(lines);
      }),
    );
  });
});

describe('composed text', () => {
  test.each([
    ['<p>hello</p>', '<p>hello</p>'],
    ['<div>a</div><div>b</div>', '<p>a</p><p>b</p>'],
    ['<strong>a</strong><em>b</em><u>c</u>', '<b>a</b><i>b</i><u>c</u>'],
    ['<span style="x">a</span>', 'a'],
    ['<h1 class="x">a</h1>', '<p>a</p>'],
    ['<ul><li>a</li></ul>', '<ul><li>a</li></ul>'],
    ['<p><br></p>', ''],
    ['  \n ', ''],
    ['<p>\u00a0</p>', ''],
    ['<script>x</script>', ''],
    ['😀', '😀'],
  ])('%s is sent as %s', (html, expected) => {
    expect(compose(html)).toBe(expected);
  });

  test('is always of the elements that may be sent, without attributes', () => {
    fc.assert(
      fc.property(markup, (html) => {
        for (const tag of tags(compose(html))) expect(tag).toMatch(emitted);
      }),
      { numRuns: 500 },
    );
  });
});

describe('plain text of HTML', () => {
  test.each([
    ['<p>a</p><p>b</p>', 'a\nb'],
    ['a<br>b', 'a\nb'],
    ['<div>a<div>b</div></div>c', 'a\nb\nc'],
    ['<p>a</p>\n  <p>b\n c</p>', 'a\nb c'],
    ['<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>', '- a\n- b\n  1. c'],
    ['<ol><li>a</li><li>b</li></ol>', '1. a\n2. b'],
    ['<p>a</p><p><br></p><p>b</p>', 'a\n\nb'],
    ['<pre>a\n  b</pre>', 'a\n  b'],
    ['<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><TD>d</TD></tr></table>', 'a b\nc d'],
    ['&amp;lt; &lt;b&gt; &quot;', '&lt; <b> "'],
  ])('%s reads %j', (html, expected) => {
    expect(toPlain(toSafeHtml(html))).toBe(expected);
  });
});

describe('one line', () => {
  test('folds white space and ends with an ellipsis where it is cut', () => {
    expect(toLine(' a\n\n b\tc ')).toBe('a b c');
    expect(toLine('x'.repeat(300), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(toLine('😀'.repeat(10), 8)).toBe('😀😀😀…');
  });

  test('has no mark that could turn the direction of what stands beside it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('\u202e', '\u2066', '\u200f', '\u0007', '\u061c'))),
        (parts) => {
          expect(toName(parts.join(''))).not.toMatch(
            /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
          );
        },
      ),
    );
  });
});
