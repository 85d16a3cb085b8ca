// The languages of the person, best first.

/** BCP 47 tags without doubles: the one asked for, those of the system, that of the browser engine; never empty. */
export function languages(wanted: string | null, system: readonly string[], engine: string): string[] {
  const tags = new Set<string>();
  for (const candidate of [...(wanted === null ? [] : [wanted]), ...system, engine, 'en']) {
    // A system without a language calls it C or POSIX, which no date can be written in.
    if (/^(?:c|posix)\b/i.test(candidate)) continue;
    try {
      const [tag] = Intl.getCanonicalLocales(candidate.replace(/_/g, '-').replace(/[.@].*$/, ''));
      if (tag !== undefined) tags.add(tag);
    } catch {
      // Not a tag.
    }
  }
  return [...tags];
}
