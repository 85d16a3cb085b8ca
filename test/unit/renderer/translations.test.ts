import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import de from '../../../assets/translations/de.json' with { type: 'json' };
import en from '../../../assets/translations/en.json' with { type: 'json' };
import { formatLocale, languageOf, words, type WordKey } from '../../../assets/translations/index.ts';

type Catalogue = Record<string, string | Record<string, string>>;
const catalogues: Record<string, Catalogue> = { de, en };
const placeholders = (entry: string | Record<string, string> | undefined): string[] =>
  [...new Set(JSON.stringify(entry ?? '').match(/\{\w+\}/g) ?? [])].sort();

describe('the languages', () => {
  it('have the same sentences', () => {
    expect(Object.keys(de)).toEqual(Object.keys(en));
  });

  it.each(Object.keys(en))('say the same things in %s', (key) => {
    expect(placeholders(catalogues['de']?.[key])).toEqual(placeholders(catalogues['en']?.[key]));
  });

  it.each(Object.entries(catalogues))('have every plural of %s', (language, catalogue) => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    for (const entry of Object.values(catalogue)) {
      if (typeof entry === 'object') expect(Object.keys(entry).sort()).toEqual(categories);
    }
  });

  it('have no sentence that is empty', () => {
    const texts = Object.values(catalogues).flatMap((catalogue) =>
      Object.values(catalogue).flatMap((entry) =>
        typeof entry === 'string' ? [entry] : Object.values(entry),
      ),
    );
    expect(texts.filter((text) => text.trim() === '')).toEqual([]);
  });
});

describe('the reasons of the contract', () => {
  const contract = fs.readFileSync(
    path.resolve(import.meta.dirname, '../../../src-main/ipc/contract.ts'),
    'utf8',
  );
  const codes = (type: string): string[] => {
    const text = new RegExp(`export type ${type} =([^;]*);`).exec(contract)?.[1] ?? '';
    return [...text.matchAll(/'([\w-]+)'/g)].map((match) => match[1] ?? '');
  };

  it.each([
    ['LoginReason', 'login.reason'],
    ['OfflineReason', 'offline.reason'],
    ['DeliveryReason', 'delivery.reason'],
    ['VolatileReason', 'volatile.reason'],
    ['AddressReason', 'address.reason'],
    ['SendReason', 'composer.reason'],
    ['PresenceState', 'presence'],
  ])('%s has words for each of its codes', (type, prefix) => {
    const found = codes(type);
    expect(found.length).toBeGreaterThan(1);
    for (const code of found) expect(Object.keys(en)).toContain(`${prefix}.${code}`);
  });
});

describe('the words', () => {
  it('come in the first language that there is', () => {
    expect(languageOf(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(languageOf(['xx'])).toBe('en');
    expect(languageOf([])).toBe('en');
    expect(words(['de-CH'])('dialog.cancel')).toBe('Abbrechen');
  });

  it('keep the region for numbers and dates, and survive a tag that is none', () => {
    expect(formatLocale(['en-GB', 'en'])).toBe('en-GB');
    expect(formatLocale(['de', 'en-GB', 'de-AT'])).toBe('de-AT');
    expect(formatLocale(['de', 'it-CH', 'en-US'])).toBe('de-CH');
    expect(formatLocale(['de', 'en-US', 'en'])).toBe('de');
    expect(formatLocale(['de_DE!'])).toBe('en');
    expect(formatLocale(['en_$'])).toBe('en');
  });

  it('choose the plural and write the number as the language does', () => {
    const t = words(['de-DE']);
    expect(t('badge.description', { count: 1 })).toBe('1 ungelesene Nachricht');
    expect(t('badge.description', { count: 1234 })).toBe('1.234 ungelesene Nachrichten');
  });

  it('put a text in as it is, whatever is in it', () => {
    expect(words(['en'])('search.nothing', { text: '{text} $& $1' })).toContain('{text} $& $1');
  });

  it('show a parameter that is missing instead of failing', () => {
    expect(words(['en'])('list.you')).toBe('You: {text}');
  });
});

it('has no sentence that nobody says', () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  const sources = ['src-main', 'src-renderer'].flatMap((room) =>
    fs
      .readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|svelte)$/.test(file))
      .map((file) => fs.readFileSync(path.join(root, room, file), 'utf8')),
  );
  const text = sources.join('\n');
  // A key is said by its whole name, or by its first part and a code: `presence.${state}`.
  const said = (key: WordKey): boolean =>
    text.includes(`'${key}'`) || text.includes(`\`${key.slice(0, key.lastIndexOf('.') + 1)}\${`);
  const silent = (Object.keys(en) as WordKey[]).filter((key) => !said(key));
  // What the main process says is in its own room and grows with it.
  expect(silent.filter((key) => !/^(tray|badge|appMenu|app)\./.test(key))).toEqual([]);
});
