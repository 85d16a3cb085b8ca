// Numbers of settings as people write them: in their language, and durations in seconds rather than milliseconds.

/** What a number counts. Seconds stand in the settings as milliseconds. */
export type NumberUnit = 'second' | 'minute' | 'byte';

const factor = (unit: NumberUnit | null): number => (unit === 'second' ? 1000 : 1);

/** `grouped`: for a sentence; what is in a field has no thousands separators, which are a nuisance to type. */
export function formatNumber(value: number, unit: NumberUnit | null, tag: string, grouped = false): string {
  const format = new Intl.NumberFormat(tag, { useGrouping: grouped, maximumFractionDigits: 3 });
  return format.format(value / factor(unit));
}

/** The unit in words, in the form that goes with the value; empty: it has none. */
export function unitName(value: number, unit: NumberUnit | null, tag: string): string {
  if (unit === null) return '';
  const format = new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' });
  const parts = format.formatToParts(value / factor(unit));
  return parts.find(({ type }) => type === 'unit')?.value ?? '';
}

/** Null: it is no number, or not a whole one where only such count. */
export function parseNumber(text: string, unit: NumberUnit | null, tag: string): number | null {
  const format = new Intl.NumberFormat(tag, { maximumFractionDigits: 3 });
  const parts = format.formatToParts(11_111.5);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const packed = text.replace(/\s/g, '');
  const ungrouped = packed.replaceAll(part('group').trim(), '');
  const plain = (one: string) => one.replace(part('decimal'), '.');
  // A separator of thousands in any other place is a mistake: what it means is not guessed.
  const inPlace = format.format(Number(plain(ungrouped))).replace(/\s/g, '') === packed;
  const digits = plain(inPlace ? ungrouped : packed);
  if (!/^\d{1,15}(?:\.\d{1,3})?$/.test(digits)) return null;
  const value = Math.round(Number(digits) * 1000 * factor(unit)) / 1000;
  return Number.isInteger(value) ? value : null;
}
