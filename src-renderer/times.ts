// Dates as people say them, by Intl, in the locale of the reader and the time zone of the machine.
import type { Instant } from '../src-main/ipc/contract.ts';
import { formatLocale } from '../assets/translations/words.ts';

/** Local midnight before `at`. */
export function dayOf(at: Instant): Instant {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Whole days from the day of `at` to the day of `now`; rounded, because a day of the clock change has 23 or 25 hours. */
export function daysAgo(at: Instant, now: Instant): number {
  return Math.round((dayOf(now) - dayOf(at)) / 86_400_000);
}

/** The next local midnight after `now`. */
export function nextMidnight(now: Instant): Instant {
  return new Date(now).setHours(24, 0, 0, 0);
}

export interface Times {
  /** 14:05 */
  time(at: Instant): string;
  /** For the list: the time today, the weekday within a week, else the date. */
  short(at: Instant, now: Instant): string;
  /** For a day line: Today, Yesterday, the weekday within a week, else the date. */
  day(at: Instant, now: Instant): string;
  /** Date and time in few characters, for what is copied. */
  stamp(at: Instant): string;
  /** Everything, for a tooltip and for screen readers. */
  full(at: Instant): string;
}

export function times(locales: readonly string[]): Times {
  const locale = formatLocale(locales);
  const format = (options: Intl.DateTimeFormatOptions): ((at: Instant) => string) => {
    const formatter = new Intl.DateTimeFormat(locale, options);
    // A time from outside can be any number; what is no date has no words.
    return (at) => (Number.isFinite(new Date(at).getTime()) ? formatter.format(at) : '');
  };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const time = format({ timeStyle: 'short' });
  const weekday = format({ weekday: 'short' });
  const dayMonth = format({ day: 'numeric', month: 'short' });
  const dayMonthYear = format({ day: '2-digit', month: '2-digit', year: '2-digit' });
  const longDay = format({ weekday: 'long' });
  const longDate = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const longDateYear = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const stamp = format({ dateStyle: 'short', timeStyle: 'short' });
  const full = format({ dateStyle: 'full', timeStyle: 'short' });
  const sameYear = (at: Instant, now: Instant): boolean =>
    new Date(at).getFullYear() === new Date(now).getFullYear();
  const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

  return {
    time,
    short(at, now) {
      const days = daysAgo(at, now);
      if (days === 0) return time(at);
      if (days > 0 && days < 7) return weekday(at);
      return sameYear(at, now) ? dayMonth(at) : dayMonthYear(at);
    },
    day(at, now) {
      const days = daysAgo(at, now);
      if (days === 0 || days === 1) return capital(relative.format(-days, 'day'));
      if (days > 0 && days < 7) return capital(longDay(at));
      return capital(sameYear(at, now) ? longDate(at) : longDateYear(at));
    },
    stamp,
    full,
  };
}
