// No component says anything of its own: every word that a person reads or hears is in the catalogues.
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'svelte/compiler';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../src-renderer');
const files = fs
  .readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.svelte'));

/** Attributes that are read to somebody or shown. */
const spoken = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'data-placeholder',
  'label',
  'placeholder',
  'title',
]);
const hasLetters = (text: string): boolean => /\p{L}/u.test(text);

interface Node {
  type: string;
  [part: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
const partsOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** What an expression can come to, as far as it is written there: what is handed to a function is that one's to say. */
function literals(node: Node): string[] {
  if (node.type === 'CallExpression') return [];
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : [];
  if (node.type === 'TemplateElement') return [(node['value'] as { raw: string }).raw];
  // What is compared is not shown, and neither is the name of a property.
  if (node.type === 'BinaryExpression' && node['operator'] !== '+') return [];
  if (node.type === 'MemberExpression') return [];
  if (node.type === 'ConditionalExpression') {
    return [node['consequent'], node['alternate']].filter(isNode).flatMap(literals);
  }
  return partsOf(node).flatMap(literals);
}

/** The words that a component says by itself. */
function wordsIn(source: string): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'Text') found.push(String(node['data']));
    else if (node.type === 'ExpressionTag') found.push(...literals(node['expression'] as Node));
    else if (node.type === 'Attribute') {
      if (!spoken.has(String(node['name']))) return;
      for (const part of [node['value']].flat().filter(isNode)) visit(part);
    } else if (
      !/Directive$|Expression$|^(?:Script|StyleSheet|SpreadAttribute|AttachTag|ConstTag)$/.test(node.type)
    ) {
      for (const part of partsOf(node)) visit(part);
    }
  };
  visit(parse(source, { modern: true }).fragment as unknown as Node);
  return found.map((text) => text.trim()).filter(hasLetters);
}

it('finds what it looks for', () => {
  const says = (markup: string): string[] => wordsIn(markup);
  expect(says('<p>Hello</p>')).toEqual(['Hello']);
  expect(says('{#if x}<p>One</p>{:else}Two{/if}')).toEqual(['One', 'Two']);
  expect(says('{#each xs as x}<b>Each {x}</b>{/each}')).toEqual(['Each']);
  expect(says('{#snippet a()}In a snippet{/snippet}')).toEqual(['In a snippet']);
  expect(says('<Dialog title="Name"><p>Inside</p></Dialog>')).toEqual(['Name', 'Inside']);
  expect(says('<button aria-label="Close" class="wide">×</button>')).toEqual(['Close']);
  expect(says("<p>{open ? 'Yes' : 'No'}</p>")).toEqual(['Yes', 'No']);
  expect(says('<p title={`Page ${n}`}></p>')).toEqual(['Page']);
  expect(
    says("<p class={open ? 'open' : ''}>{language.t('a.key')} {state === 'open' ? '…' : '–'}</p>"),
  ).toEqual([]);
  expect(says('<script>const a = "text";</script><style>p { color: red }</style>')).toEqual([]);
});

it.each(files)('%s says nothing of its own', (file) => {
  expect(wordsIn(fs.readFileSync(path.join(root, file), 'utf8'))).toEqual([]);
});
