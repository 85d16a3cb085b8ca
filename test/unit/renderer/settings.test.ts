import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../../assets/translations/en.json' with { type: 'json' };
import { otherFields, ownFields, server } from '../../../src-main/disk/named-settings.ts';
import { wireSettings } from '../../../src-main/pbx/index.ts';
import { formatNumber, parseNumber, unitName } from '../../../src-renderer/setting-numbers.ts';
import { wireGroups } from '../../../src-renderer/wire-settings.ts';

const folder = path.resolve(import.meta.dirname, '../../../src-renderer/components/settings');
const markup = fs
  .readdirSync(folder)
  .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'))
  .join('\n');
const fields = { ...ownFields, ...otherFields('pbx', wireSettings) };
const own = Object.keys(ownFields);
const wireRows = Object.values(wireGroups).flat();

describe('the settings screen', () => {
  // The address of the PBX is asked for where one signs in.
  const kept = own.filter((name) => name !== server && !ownFields[name]?.bySystem);
  it.each(kept)('has a row for %s', (name) => {
    expect(markup).toContain(`setting="${name}"`);
  });

  it('has a row for each setting of the wire, once', () => {
    expect(wireRows.map(([name]) => name).sort()).toEqual(Object.keys(wireSettings.defaults).sort());
  });

  it('says what a time of the wire counts', () => {
    const times = Object.keys(wireSettings.defaults).filter((name) =>
      /Timeout$|^reconnect|^ping|Idle$|Retry$|Linger$|Every$|^keepAlive$/.test(name),
    );
    expect(times.length).toBeGreaterThan(10);
    for (const [name, unit] of wireRows as [string, string?][]) {
      expect([name, unit === 'second']).toEqual([name, times.includes(name)]);
    }
  });

  it('has words for each setting and each of its choices, and for nothing else', () => {
    const wanted = Object.entries(fields).flatMap(([name, { options }]) => [
      `setting.${name}`,
      // Languages call themselves by their own names.
      ...(options ?? [])
        .filter((option) => name !== 'preferences.language' || option === 'system')
        .map((option) => `setting.${name}.${option}`),
    ]);
    const words = Object.keys(en).filter((key) => key.startsWith('setting.'));
    expect(words.filter((key) => !key.endsWith('.hint')).sort()).toEqual(wanted.sort());
    const hints = words.filter((key) => key.endsWith('.hint')).map((key) => key.slice(0, -'.hint'.length));
    expect(hints.filter((key) => !wanted.includes(key))).toEqual([]);
  });
});

describe('a number of a setting', () => {
  it('is written in the language of the reader, and a duration in seconds', () => {
    expect(formatNumber(1500, 'second', 'en')).toBe('1.5');
    expect(formatNumber(1500, 'second', 'de')).toBe('1,5');
    expect(formatNumber(1_000_000, null, 'de')).toBe('1000000');
    expect(formatNumber(1_000_000, null, 'de', true)).toBe('1.000.000');
  });

  it('has its unit in words', () => {
    expect(unitName(1000, 'second', 'en')).toBe('second');
    expect(unitName(2000, 'second', 'de')).toBe('Sekunden');
    expect(unitName(5, 'minute', 'de')).toBe('Minuten');
    expect(unitName(5, null, 'de')).toBe('');
  });

  it.each([
    ['1.5', 'second', 'en', 1500],
    ['1,5', 'second', 'de', 1500],
    ['1.5', 'second', 'de', 1500],
    ['0', 'minute', 'en', 0],
    [' 1 000 ', null, 'en', 1000],
    ['1,000,000', null, 'en', 1_000_000],
    ['1.000.000', null, 'de', 1_000_000],
    ['0.001', 'second', 'en', 1],
    // As one would misread it in the other language: nothing is guessed.
    ['1,5', 'second', 'en', null],
    ['1.5', 'minute', 'en', null],
    ['', 'minute', 'en', null],
    ['-1', 'minute', 'en', null],
    ['five', 'minute', 'en', null],
    ['1e3', 'minute', 'en', null],
    ['0.0001', 'second', 'en', null],
    ['1.2.3', 'second', 'en', null],
    ['NaN', null, 'en', null],
    ['Infinity', null, 'en', null],
  ] as const)('%j of %s in %s is read as %j', (text, unit, tag, value) => {
    expect(parseNumber(text, unit, tag)).toBe(value);
  });

  it('comes back as it was written, for every number of the wire', () => {
    for (const tag of ['en', 'de', 'de-CH', 'fr', 'en-IN']) {
      for (const [name, unit = null] of wireRows as [string, 'second'?][]) {
        const value = fields[`pbx.${name}`]?.initial;
        if (typeof value !== 'number') continue;
        for (const grouped of [false, true]) {
          expect(parseNumber(formatNumber(value, unit, tag, grouped), unit, tag), `${name} ${tag}`).toBe(
            value,
          );
        }
      }
    }
  });
});
