// Sizes of files as people write them, by Intl: '3.4 MB', '3,4 Mo', '812 bytes'.

/** Decimal units, as file managers count. */
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function inUnit(bytes: number): [number, (typeof units)[number]] {
  let value = Math.max(0, bytes);
  let index = 0;
  while (value >= 999.5 && index < units.length - 1) {
    value /= 1000;
    index++;
  }
  return [value, units[index] ?? 'byte'];
}

/** Writes sizes, in bytes, as `locale` (BCP 47) does. What has been made for one size serves for the next. */
export function sizes(locale: string): (bytes: number) => string {
  const formats = new Map<string, Intl.NumberFormat>();
  return (bytes) => {
    const [value, unit] = inUnit(bytes);
    let format = formats.get(unit);
    if (format === undefined) {
      const bytesAlone = unit === 'byte';
      const options = {
        style: 'unit',
        unit,
        unitDisplay: bytesAlone ? 'long' : 'short',
        maximumFractionDigits: bytesAlone ? 0 : 1,
      } as const;
      formats.set(unit, (format = new Intl.NumberFormat(locale, options)));
    }
    return format.format(value);
  };
}
