import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hueCount } from '../../../src-renderer/avatar.ts';

const root = path.resolve(import.meta.dirname, '../../../src-renderer');
const tokens = fs.readFileSync(path.join(root, 'tokens.css'), 'utf8');

type Colour = [red: number, green: number, blue: number];

/** oklch(L C H) to linear sRGB, by the matrices of CSS Color 4, clipped to the gamut. */
function linear(text: string): Colour {
  const match = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(text);
  if (match === null) throw new Error(`not an opaque oklch colour: ${text}`);
  const [lightness, chroma, hue] = match.slice(1).map(Number) as Colour;
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const luminance = (text: string): number => {
  const [red, green, blue] = linear(text);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** The ratio of WCAG 2. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function colours(block: RegExp): Map<string, string> {
  const body = block.exec(tokens)?.[1];
  if (body === undefined) throw new Error('no such block');
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*(oklch\([^;]+\));/g)].map(([, name = '', value = '']) => [name, value]),
  );
}
const themes = {
  light: colours(/^:root \{([^}]*)\}/m),
  dark: colours(/^:root\[data-theme='dark'\] \{([^}]*)\}/m),
};

const surfaces = [
  'surface',
  'surface-side',
  'surface-raised',
  'surface-hover',
  'surface-selected',
  'surface-own',
  'surface-control',
];
const texts: [text: string, surface: string][] = [
  ...surfaces.flatMap((surface): [string, string][] => [
    ['text', surface],
    ['text-quiet', surface],
    ['accent-text', surface],
    ['danger-text', surface],
  ]),
  ['text-quiet', 'surface-skeleton'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-hover'],
  ['danger-text', 'surface-danger'],
  ['text-notice', 'surface-notice'],
  ['text', 'selection'],
  ['on-found', 'found'],
  ...Array.from({ length: hueCount }, (_, hue): [string, string] => [`avatar-${hue}-text`, `avatar-${hue}`]),
];
const controls: [control: string, surface: string][] = [
  ...['surface', 'surface-side', 'surface-raised', 'surface-control', 'surface-own'].map(
    (surface): [string, string] => ['control-line', surface],
  ),
  ...surfaces.map((surface): [string, string] => ['accent', surface]),
  ...['online', 'away', 'busy', 'offline'].flatMap((state): [string, string][] =>
    ['surface', 'surface-side'].map((surface) => [`presence-${state}`, surface]),
  ),
];

describe.each(Object.entries(themes))('the %s theme', (_, theme) => {
  const value = (name: string): string => theme.get(name) ?? `no --${name}`;

  it.each(texts)('reads %s on %s at 4.5:1 or better', (text, surface) => {
    expect(contrast(value(text), value(surface))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(controls)('shows %s on %s at 3:1 or better', (control, surface) => {
    expect(contrast(value(control), value(surface))).toBeGreaterThanOrEqual(3);
  });
});

it('has the same names in both themes', () => {
  expect([...themes.dark.keys()].sort()).toEqual([...themes.light.keys()].sort());
});

describe('a component', () => {
  const files = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|css)$/.test(file) && file !== 'tokens.css');
  const css = (file: string): string => {
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    const style = file.endsWith('.css')
      ? text
      : [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((m) => m[1]).join('\n');
    return style.replace(/\/\*[\s\S]*?\*\//g, '');
  };
  /** The one breakpoint, of the window or of a part of it: a query cannot use a custom property. */
  const breakpoint = '(width < 640px)';

  it.each(files)('%s has no colour, size or duration of its own', (file) => {
    const literals = css(file)
      .split('\n')
      .filter((line) => !line.includes(breakpoint))
      .join('\n')
      .match(
        /#[\da-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|hwb)\(|(?<![\w-])\d*\.?\d+(?:px|rem|em(?! \*)|ms|s|pt|ch|ex)\b|:\s*(?:white|black|red|green|blue|gr[ae]y)\b|font-weight:\s*\d+/gi,
      );
    expect(literals).toBeNull();
  });

  it.each(files)('%s uses only tokens that exist', (file) => {
    const text = css(file);
    const own = new Set([...text.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));
    const all = new Set([...tokens.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));
    const elsewhere = new Set(['--avatar-ring']);
    const unknown = [...text.matchAll(/var\((--[\w-]+)/g)]
      .map((match) => match[1])
      .filter((name) => !own.has(name) && !all.has(name) && !elsewhere.has(name ?? ''));
    expect(unknown).toEqual([]);
  });

  it.each(files.filter((file) => file.endsWith('.svelte')))('%s has no words of its own', (file) => {
    const markup = fs
      .readFileSync(path.join(root, file), 'utf8')
      .replace(/<script[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '');
    // Attributes that people read or hear, written out.
    expect(markup.match(/\s(?:title|aria-label|placeholder|alt)="[^"{]*\p{L}/gu)).toBeNull();
    // Text between tags, outside of braces.
    const bare = strip(markup).match(/>[^<]*\p{L}{2,}[^<]*</gu);
    expect(bare).toBeNull();
  });
});

/** Markup without what is in braces: the expressions and blocks of Svelte. */
function strip(markup: string): string {
  let depth = 0;
  let out = '';
  for (const character of markup) {
    if (character === '{') depth++;
    else if (character === '}') depth--;
    else if (depth === 0) out += character;
  }
  return out;
}

it('has no token that nobody uses', () => {
  const files = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|css|ts)$/.test(file));
  const all = files.map((file) => fs.readFileSync(path.join(root, file), 'utf8')).join('\n');
  const names = new Set([...tokens.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1] ?? ''));
  expect([...names].filter((name) => !all.includes(`var(${name}`) && !all.includes(`'${name}'`))).toEqual([]);
});
