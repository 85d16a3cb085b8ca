import fc from 'fast-check';
import type { Node } from 'prosemirror-model';
import { describe, expect, it } from 'vitest';
import { compose } from '../../../../src-main/chat/rich-text.ts';
import { fromHtml, fromText } from '../../../../src-renderer/editor/from-html.ts';
import { marks, nodes, schema } from '../../../../src-renderer/editor/schema.ts';
import { toHtml } from '../../../../src-renderer/editor/to-html.ts';
import { emittedOnly, markup } from './markup.ts';

const pasted = (html: string): string => toHtml(fromHtml(html));

/** Any document that can be in the editor. */
const set = fc.subarray([marks.b, marks.i, marks.u]).map((types) => types.map((type) => type.create()));
const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .map((text) => text.replace(/[\s\p{Cc}]/gu, ' '));
const inline = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(words, set).map(([text, marks]) => schema.text(text, marks)) },
  set.map((marks) => nodes.br.create(null, null, marks)),
);
const paragraph = fc.array(inline, { maxLength: 5 }).map((content) => nodes.p.create(null, content));
const list = (depth: number): fc.Arbitrary<Node> =>
  fc
    .tuple(
      fc.constantFrom(nodes.ul, nodes.ol),
      fc.array(
        fc.tuple(paragraph, depth > 1 ? fc.constant([]) : fc.array(list(depth + 1), { maxLength: 1 })),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([type, items]) =>
      type.create(
        null,
        items.map(([words, lists]) => nodes.li.create(null, [words, ...lists])),
      ),
    );
const document = fc
  .array(fc.oneof(paragraph, list(0)), { minLength: 1, maxLength: 5 })
  .map((content) => nodes.doc.create(null, content));

describe('the HTML of a document', () => {
  it.each([
    ['Hello', '<p>Hello</p>'],
    ['a\nb', '<p>a<br>b</p>'],
    ['<b>&amp;</b>', '<p>&lt;b&gt;&amp;amp;&lt;/b&gt;</p>'],
    ['if x:\n    y', '<p>if x:<br>\u00a0\u00a0\u00a0\u00a0y</p>'],
    ['a  b', '<p>a \u00a0b</p>'],
    ['a\n', '<p>a<br><br></p>'],
    ['', ''],
  ])('of the text %j is %j', (text, html) => {
    expect(toHtml(fromText(text))).toBe(html);
  });

  it('has the accepted elements alone and never an attribute, whatever the document', () => {
    fc.assert(fc.property(document, (doc) => emittedOnly(toHtml(doc))));
  });

  it('is read back as the same document: a draft is what was typed', () => {
    fc.assert(
      fc.property(document, (doc) => {
        doc.check();
        const html = toHtml(doc);
        expect(fromHtml(html).toJSON()).toEqual(doc.toJSON());
      }),
      { numRuns: 400 },
    );
  });

  it('passes the main process unchanged', () => {
    fc.assert(
      fc.property(document, (doc) => {
        const html = toHtml(doc);
        fc.pre(doc.textContent.trim() !== '');
        expect(compose(html)).toBe(html);
      }),
      { numRuns: 400 },
    );
  });
});

describe('pasted HTML', () => {
  it('becomes a valid document of the accepted elements, whatever it is', () => {
    fc.assert(
      fc.property(markup, (html) => {
        const doc = fromHtml(html);
        doc.check();
        emittedOnly(toHtml(doc));
      }),
      { numRuns: 1000 },
    );
  });

  // What grows with the square of the depth, or with the stack, does not come back from this.
  it('of a hundred thousand nested elements ends', { timeout: 120_000 }, () => {
    for (const tag of ['b', 'div', 'ul', 'li', 'ul><li', 'svg', 'p', 'table'])
      expect(emittedOnly(pasted(`<${tag}>`.repeat(100_000) + 'x'))).toBe(undefined);
  });

  it.each([
    ['from a page', '<meta charset="utf-8"><span style="color: red">a <b>b</b></span>', '<p>a <b>b</b></p>'],
    ['with strong and em', '<strong>a</strong><em>b</em><ins>c</ins>', '<p><b>a</b><i>b</i><u>c</u></p>'],
    ['with a heading', '<h2 class="x">Title</h2><p>Text</p>', '<p><b>Title</b></p><p>Text</p>'],
    ['with white space of the source', '<p>\n  a\n  b </p>\n<p> c</p>', '<p>a b</p><p>c</p>'],
    ['with code', '<pre>if x:\n    y</pre>', '<p>if x:<br>\u00a0\u00a0\u00a0\u00a0y</p>'],
    [
      'with lines of code',
      '<div style="white-space: pre;"><div>a</div><div>  b</div></div>',
      '<p>a<br>\u00a0\u00a0b</p>',
    ],
    [
      'with a table',
      '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>',
      '<p>a \u00a0\u00a0\u00a0b<br>c</p>',
    ],
    ['with a script', 'a<script>alert(1)</script><style>p{}</style>b', '<p>ab</p>'],
    ['with what is hidden', 'a<span style="display:none">secret</span>b', '<p>ab</p>'],
    ['with an emoji as an image', 'a<img alt="😀" src="https://example.com/x.png">', '<p>a😀</p>'],
    ['with a picture', 'a<img alt="a cat" src="x">', '<p>a</p>'],
    [
      'with lists in lists',
      '<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>',
      '<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>',
    ],
    [
      'with items of paragraphs',
      '<ol><li><p>a</p></li><li><p>b</p><p>c</p></li></ol>',
      '<ol><li>a</li><li>b<br>c</li></ol>',
    ],
    ['with an item that has no list', '<li>a</li>', '<ul><li>a</li></ul>'],
    ['with blank lines', '<div>a</div><div><br></div><div>b</div>', '<p>a<br><br>b</p>'],
    ['with a link', '<a href="https://example.com"><u>text</u></a>', '<p>text</p>'],
  ])('%s', (_, html, expected) => {
    expect(pasted(html)).toBe(expected);
  });

  it('from Google Docs', () => {
    const html =
      '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38;">' +
      '<span style="font-size:11pt;font-weight:400;font-style:normal;text-decoration:none;white-space:pre-wrap;">Plain </span>' +
      '<span style="font-size:11pt;font-weight:700;font-style:italic;text-decoration:underline;white-space:pre-wrap;">all</span></p>' +
      '<br /><ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr" role="presentation">' +
      '<span style="font-weight:400;">one</span></p></li><ul><li dir="ltr" aria-level="2"><p><span>two</span></p></li></ul></ul></b>';
    expect(pasted(html)).toBe(
      '<p>Plain <b><i><u>all</u></i></b></p><p><br></p><ul><li>one<ul><li>two</li></ul></li></ul>',
    );
  });

  it('from Word, whose lists are paragraphs', () => {
    const item = (level: number, marker: string, text: string): string =>
      `<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]>` +
      `<span style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>${marker}` +
      `<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${text}<o:p></o:p></p>\n`;
    const html =
      '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">' +
      '<style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=DE><!--StartFragment-->\n' +
      '<p class=MsoNormal>Some <b>bold</b>\ntext<o:p></o:p></p>\n' +
      item(1, '·', 'one') +
      item(2, 'o', 'inner') +
      item(1, '·', 'two') +
      '<p class=MsoNormal><o:p>&nbsp;</o:p></p>' +
      item(1, '1.', 'first') +
      item(1, '2.', 'second') +
      '<!--EndFragment--></body></html>';
    expect(pasted(html)).toBe(
      '<p>Some <b>bold</b> text</p><ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul><p>\u00a0</p>' +
        '<ol><li>first</li><li>second</li></ol>',
    );
  });

  it('from LibreOffice', () => {
    const html =
      '<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/><title></title>' +
      '<style type="text/css">p { line-height: 115% }</style></head><body lang="en-GB" dir="ltr">' +
      '<p style="line-height: 100%; margin-bottom: 0cm"><b>Bold</b> and <u>under</u></p>\n' +
      '<ol>\n\t<li><p style="margin-bottom: 0cm">one</p></li>\n\t<li><p>two</p></li>\n</ol></body></html>';
    expect(pasted(html)).toBe('<p><b>Bold</b> and <u>under</u></p><ol><li>one</li><li>two</li></ol>');
  });

  it('from Outlook, a message with an empty line and a link', () => {
    const html =
      '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head>' +
      '<!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026"/></xml><![endif]--></head>' +
      '<body lang=EN-GB link="#0563C1" vlink="#954F72"><!--StartFragment-->' +
      "<div class=WordSection1><p class=MsoNormal>Hello <span style='color:#1F497D'>Anna</span>,<o:p></o:p></p>" +
      '<p class=MsoNormal><o:p>&nbsp;</o:p></p>' +
      '<p class=MsoNormal><b><span lang=EN-US>Due:</span></b> see <a href="https://example.com/plan">' +
      "<span style='color:#0563C1;text-decoration:underline'>the plan</span></a>.<o:p></o:p></p></div>" +
      '<!--EndFragment--></body></html>';
    expect(pasted(html)).toBe('<p>Hello Anna,</p><p>\u00a0</p><p><b>Due:</b> see the plan.</p>');
  });

  it('from Outlook in a browser, whose paragraphs are divisions', () => {
    const line = (text: string): string =>
      `<div class="elementToProof" style="font-family: Aptos, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);">${text}</div>`;
    const html =
      line('Hello') +
      line('<br>') +
      `<ul data-editing-info='{"applyListStyleFromLevel":true}' style="margin-top: 0px;">` +
      '<li style="color: rgb(0, 0, 0); font-weight: bold;"><div role="presentation" class="elementToProof"><b>one</b></div></li>' +
      '<li><div role="presentation" class="elementToProof">two</div></li></ul>';
    expect(pasted(html)).toBe('<p>Hello<br><br></p><ul><li><b>one</b></li><li>two</li></ul>');
  });

  it('from Word in a browser, where every item comes as a list of its own', () => {
    const item = (level: number, text: string): string =>
      '<div class="ListContainerWrapper SCXW1 BCX0"><ul class="BulletListStyle1 SCXW1 BCX0" role="list">' +
      `<li data-leveltext="\uf0b7" data-font="Symbol" data-listid="1" data-aria-level="${level}" role="listitem" class="OutlineElement">` +
      `<p class="Paragraph" lang="DE-DE"><span class="TextRun"><span class="NormalTextRun">${text}</span></span>` +
      '<span class="EOP" data-ccp-props="{}">&nbsp;</span></p></li></ul></div>';
    const html = `<div class="OutlineElement"><p class="Paragraph"><span class="TextRun"><span class="NormalTextRun" style="font-weight:bold">Title</span></span></p></div>${item(1, 'one')}${item(1, 'two')}`;
    expect(pasted(html)).toBe('<p><b>Title</b></p><ul><li>one\u00a0</li></ul><ul><li>two\u00a0</li></ul>');
  });

  it('from a spreadsheet of Excel, a row on each line', () => {
    const html =
      '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=ProgId content=Excel.Sheet>' +
      '<style><!--table {mso-displayed-decimal-separator:"\\,";} .xl65 {mso-number-format:Standard;} --></style></head>' +
      '<body link="#0563C1"><table border=0 cellpadding=0 cellspacing=0 width=128 style=\'border-collapse:collapse;width:96pt\'>' +
      "<!--StartFragment-->\n <col width=64 span=2 style='width:48pt'>\n" +
      " <tr height=20 style='height:15.0pt'>\n  <td height=20 width=64 style='height:15.0pt;width:48pt'>Name</td>\n" +
      "  <td width=64 style='width:48pt'>Sum</td>\n </tr>\n" +
      ' <tr height=20>\n  <td height=20>A &amp; B</td>\n  <td class=xl65 align=right>1.234,50</td>\n </tr>\n' +
      '<!--EndFragment-->\n</table></body></html>';
    expect(pasted(html)).toBe('<p>Name \u00a0\u00a0\u00a0Sum<br>A &amp; B \u00a0\u00a0\u00a01.234,50</p>');
  });

  it('from a spreadsheet of Google, with an empty cell', () => {
    const html =
      '<google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #cccccc;}br {mso-data-placement:same-cell;}--></style>' +
      '<table xmlns="http://www.w3.org/1999/xhtml" dir="ltr" border="1" data-sheets-root="1"><colgroup><col width="100"/><col width="100"/></colgroup>' +
      '<tbody><tr style="height:21px;"><td style="overflow:hidden;font-weight:bold;">a</td><td></td><td>c</td></tr>' +
      '<tr style="height:21px;"><td></td><td>e</td></tr></tbody></table>';
    expect(pasted(html)).toBe(`<p><b>a</b> ${'\u00a0'.repeat(7)}c<br>e</p>`);
  });

  it('from an editor of code', () => {
    const html =
      '<meta charset="utf-8"><div style="color: #cccccc;background-color: #1f1f1f;font-family: monospace;font-weight: normal;white-space: pre;">' +
      '<div><span style="color: #c586c0;">if</span><span style="color: #cccccc;"> (a &lt; b) {</span></div>' +
      '<div><span style="color: #cccccc;">    go();</span></div><br><div><span style="color: #cccccc;">}</span></div></div>';
    expect(pasted(html)).toBe('<p>if (a &lt; b) {<br>\u00a0\u00a0\u00a0\u00a0go();<br><br>}</p>');
  });

  it('from a page, with what belongs to the page and not to its text', () => {
    const html =
      '<html><body><!--StartFragment--><nav style="display: flex;"><a href="/">Home</a></nav>' +
      '<article><h1 style="box-sizing: border-box; font-size: 32px;">Release <em>notes</em></h1>' +
      '<p style="margin: 0px 0px 16px;">Version&nbsp;2 is <strong style="font-weight: 600;">faster</strong>' +
      '<sup><a href="#fn1">1</a></sup>.<script>track()</script></p>' +
      '<ol><li>Install<ul><li>Linux</li></ul></li><li><code>npm start</code></li></ol>' +
      '<button>Share</button><svg><title>icon</title></svg><noscript>Enable scripts</noscript></article><!--EndFragment--></body></html>';
    expect(pasted(html)).toBe(
      '<p>Home</p><p><b>Release <i>notes</i></b></p><p>Version 2 is <b>faster</b>1.</p>' +
        '<ol><li>Install<ul><li>Linux</li></ul></li><li>npm start</li></ol><p>Share</p>',
    );
  });
});
