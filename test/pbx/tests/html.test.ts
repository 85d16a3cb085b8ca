import { describe, expect, it } from 'vitest';
import { checkPlainHtml, escapeHtml, plainText } from '../html.ts';

describe('plain HTML', () => {
  it.each([
    'just text',
    '<p>one</p><p>two</p>',
    'a<br>b<br/>c<BR />d',
    '<ul><li><b>bold</b> &amp; <i>italic</i></li></ul>',
    '<b>a segment that ends in the next one',
    '5 &lt; 6 > 4',
    'שלום 👋🏽',
    '',
  ])('accepts %j', (text) => {
    expect(checkPlainHtml(text)).toEqual({ ok: true });
  });

  it.each([
    ['<p class="x">text</p>', 'attribute'],
    ['<b onclick=alert(1)>x</b>', 'attribute'],
    ['<br foo>', 'attribute'],
    ['<p\n id=a>x</p>', 'attribute'],
    ['<script>alert(1)</script>', 'script'],
    ['<a>link</a>', 'element a'],
    ['<img>', 'img'],
    ['<!-- comment -->', 'no tag'],
    ['<!DOCTYPE html>', 'no tag'],
    ['5 < 6', 'no tag'],
    ['cut in a <b', 'does not end'],
    ['</b/>', 'no tag'],
    ['<my-element>x</my-element>', 'not allowed'],
    ['a\u0000b', 'control'],
    ['half \ud83d', 'surrogate'],
  ])('refuses %j', (text, reason) => {
    const verdict = checkPlainHtml(text);
    expect(verdict.ok).toBe(false);
    expect(verdict.ok ? '' : verdict.reason).toContain(reason);
  });

  it('is what escaping makes of any text', () => {
    const text = '<b onclick="x">&amp;</b>\nline';
    expect(checkPlainHtml(escapeHtml(text))).toEqual({ ok: true });
    expect(plainText(escapeHtml(text))).toBe(text);
  });
});
