import { describe, expect, it } from 'vitest';
import { dayOf, daysAgo, nextMidnight, times } from '../../../src-renderer/times.ts';

const at = (text: string): number => new Date(text).getTime();
const now = at('2024-06-12T15:30:00'); // a Wednesday
/** Intl writes a narrow no-break space before AM and PM. */
const plain = (text: string): string => text.replace(/\s/g, ' ');

describe('the time in the list', () => {
  const en = times(['en-US']);
  const de = times(['de-DE']);

  it('is the time of day for today', () => {
    expect(plain(en.short(at('2024-06-12T09:05:00'), now))).toBe('9:05 AM');
    expect(de.short(at('2024-06-12T09:05:00'), now)).toBe('09:05');
  });

  it('is the weekday within a week, and the date before that', () => {
    expect(en.short(at('2024-06-11T23:59:00'), now)).toBe('Tue');
    expect(de.short(at('2024-06-06T00:00:00'), now)).toBe('Do');
    expect(en.short(at('2024-06-05T23:59:00'), now)).toBe('Jun 5');
    expect(de.short(at('2022-01-05T12:00:00'), now)).toBe('05.01.22');
  });

  it('follows the day, not the 24 hours', () => {
    const night = at('2024-06-11T23:59:00');
    expect(plain(en.short(night, at('2024-06-11T23:59:30')))).toBe('11:59 PM');
    expect(en.short(night, at('2024-06-12T00:00:10'))).toBe('Tue');
  });

  it('of a clock that runs ahead is a date, not a weekday of the past', () => {
    expect(en.short(at('2024-06-14T10:00:00'), now)).toBe('Jun 14');
  });

  it('of no date at all is empty instead of an error', () => {
    expect(en.full(Number.NaN)).toBe('');
    expect(en.short(1e20, now)).toBe('');
    expect(en.day(Number.POSITIVE_INFINITY, now)).toBe('');
  });
});

describe('a day line', () => {
  it('says today and yesterday in the language of the reader', () => {
    expect(times(['en']).day(at('2024-06-12T01:00:00'), now)).toBe('Today');
    expect(times(['de-CH']).day(at('2024-06-11T01:00:00'), now)).toBe('Gestern');
  });

  it('says the weekday within a week, then the date, with the year when it is another', () => {
    const de = times(['de']);
    expect(de.day(at('2024-06-08T12:00:00'), now)).toBe('Samstag');
    expect(de.day(at('2024-06-01T12:00:00'), now)).toBe('Samstag, 1. Juni');
    expect(de.day(at('2023-06-01T12:00:00'), now)).toBe('1. Juni 2023');
  });
});

describe('days', () => {
  it('are counted right over a change of the clocks', () => {
    // Europe changes in the last week of March, the United States two weeks earlier; one of the two is tested wherever
    // this runs, and where neither is, nothing changes.
    for (const start of ['2024-03-09T12:00:00', '2024-03-30T12:00:00', '2024-10-26T12:00:00']) {
      const first = at(start);
      const next = new Date(first);
      next.setDate(next.getDate() + 3);
      expect(daysAgo(first, next.getTime())).toBe(3);
    }
  });

  it('begin at midnight', () => {
    expect(new Date(nextMidnight(now)).getHours()).toBe(0);
    expect(dayOf(nextMidnight(now))).toBe(nextMidnight(now));
    expect(dayOf(nextMidnight(now) - 1)).toBe(dayOf(now));
  });
});
