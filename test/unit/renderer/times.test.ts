import { afterEach, describe, expect, it } from 'vitest';
import type { MessageView, SafeHtml } from '../../../src-main/ipc/contract.ts';
import { place } from '../../../src-renderer/message-layout.ts';
import { sizes } from '../../../src-renderer/sizes.ts';
import { dayOf, daysAgo, nextMidnight, times } from '../../../src-renderer/times.ts';

const at = (text: string): number => new Date(text).getTime();
const now = at('2024-06-12T15:30:00'); // a Wednesday
const message = (id: string, time: number): MessageView => ({
  id,
  author: { sip: 'bob', name: 'Bob' },
  own: false,
  html: '' as SafeHtml,
  text: '',
  at: time,
  delivery: null,
  attachments: [],
  incomplete: false,
  stored: true,
  removal: null,
  edited: false,
});
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

  it('with the date is short enough to stand before what is copied', () => {
    expect(plain(en.stamp(at('2024-06-12T09:05:00')))).toBe('6/12/24, 9:05 AM');
    expect(de.stamp(at('2024-06-12T09:05:00'))).toBe('12.06.24, 09:05');
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

describe('every language', () => {
  const saturday = at('2024-06-08T09:05:00');
  const lastYear = at('2023-06-01T12:00:00');

  it.each([
    ['en-GB', '09:05', 'Sat', '1 Jun', '01/06/23', 'Yesterday', 'Saturday', 'Saturday 1 June', '1 June 2023'],
    ['de', '09:05', 'Sa', '1. Juni', '01.06.23', 'Gestern', 'Samstag', 'Samstag, 1. Juni', '1. Juni 2023'],
    ['fr', '09:05', 'sam.', '1 juin', '01/06/23', 'Hier', 'Samedi', 'Samedi 1 juin', '1 juin 2023'],
    ['it', '09:05', 'sab', '1 giu', '01/06/23', 'Ieri', 'Sabato', 'Sabato 1 giugno', '1 giugno 2023'],
    ['es', '9:05', 'sáb', '1 jun', '01/06/23', 'Ayer', 'Sábado', 'Sábado, 1 de junio', '1 de junio de 2023'],
  ])(
    '%s writes its days',
    (language, time, weekday, date, dateYear, yesterday, day, longDate, longDateYear) => {
      const { short, day: line, time: clock } = times([language]);
      expect(clock(saturday)).toBe(time);
      expect(short(saturday, now)).toBe(weekday);
      expect(short(at('2024-06-01T12:00:00'), now)).toBe(date);
      expect(short(lastYear, now)).toBe(dateYear);
      expect(line(at('2024-06-11T12:00:00'), now)).toBe(yesterday);
      expect(line(saturday, now)).toBe(day);
      expect(line(at('2024-06-01T12:00:00'), now)).toBe(longDate);
      expect(line(lastYear, now)).toBe(longDateYear);
    },
  );

  it.each([
    ['en', '3.4 MB', '812 bytes', '1 byte'],
    ['de-CH', '3.4 MB', '812 Byte', '1 Byte'],
    ['fr', '3,4 Mo', '812 octets', '1 octet'],
    ['it', '3,4 MB', '812 byte', '1 byte'],
    ['es', '3,4 MB', '812 bytes', '1 byte'],
  ])('%s writes its sizes', (language, megabytes, bytes, one) => {
    const size = sizes(language);
    expect([size(3_440_000), size(812), size(1)].map(plain)).toEqual([megabytes, bytes, one]);
  });

  it('never says 1000 of a unit where 1 of the next is meant', () => {
    const size = sizes('en');
    expect([size(999.4), size(999_499), size(999_500), size(-5)].map(plain)).toEqual([
      '999 bytes',
      '999.5 kB',
      '1 MB',
      '0 bytes',
    ]);
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

describe('in another time zone', () => {
  const home = process.env['TZ'];
  afterEach(() => {
    if (home === undefined) delete process.env['TZ'];
    else process.env['TZ'] = home;
  });

  /** Messages of each hour of three days, and the hours before which a day line stands, as the clock there says. */
  function dayLines(zone: string, start: string): string[] {
    process.env['TZ'] = zone;
    // The zone has really changed: a test in the zone of this machine would prove nothing.
    expect(new Intl.DateTimeFormat('en', { timeZone: zone, timeStyle: 'long' }).format(0)).toBe(
      new Intl.DateTimeFormat('en', { timeStyle: 'long' }).format(0),
    );
    const first = Date.parse(start);
    const hours = Array.from({ length: 72 }, (_, hour) => message(String(hour), first + hour * 3_600_000));
    return hours
      .filter((one, index) => index > 0 && place(one, hours[index - 1], false).startsDay)
      .map(({ at: time }) => new Date(time).toISOString().slice(0, 13));
  }

  it.each([
    ['Pacific/Kiritimati', ['2024-06-11T10', '2024-06-12T10', '2024-06-13T10']],
    ['Pacific/Pago_Pago', ['2024-06-11T11', '2024-06-12T11', '2024-06-13T11']],
    // Half an hour beside the full one: the first message of the day is the one at half past midnight.
    ['Asia/Kolkata', ['2024-06-11T19', '2024-06-12T19', '2024-06-13T19']],
    ['Europe/Berlin', ['2024-06-11T22', '2024-06-12T22', '2024-06-13T22']],
  ])('the day line stands at the midnight of %s', (zone, expected) => {
    expect(dayLines(zone, '2024-06-11T00:00:00Z')).toEqual(expected);
  });

  it('a day of 23 or 25 hours has one line, and yesterday stays yesterday', () => {
    expect(dayLines('Europe/Berlin', '2024-03-30T00:00:00Z')).toEqual([
      '2024-03-30T23',
      '2024-03-31T22',
      '2024-04-01T22',
    ]);
    expect(dayLines('Europe/Berlin', '2024-10-26T00:00:00Z')).toEqual([
      '2024-10-26T22',
      '2024-10-27T23',
      '2024-10-28T23',
    ]);
    const en = times(['en']);
    const noon = Date.parse('2024-10-28T11:00:00Z');
    expect(en.day(Date.parse('2024-10-26T22:30:00Z'), noon)).toBe('Yesterday');
    expect(en.day(Date.parse('2024-10-26T21:30:00Z'), noon)).toBe('Saturday');
    expect(nextMidnight(Date.parse('2024-10-27T11:00:00Z'))).toBe(Date.parse('2024-10-27T23:00:00Z'));
  });

  it('where midnight itself is left out the day begins at one', () => {
    // Beirut, 2024-03-31: 23:59 is followed by 01:00.
    expect(dayLines('Asia/Beirut', '2024-03-30T00:00:00Z').slice(0, 2)).toEqual([
      '2024-03-30T22',
      '2024-03-31T21',
    ]);
  });

  it('says the time of day there', () => {
    process.env['TZ'] = 'America/St_Johns';
    const instant = Date.parse('2024-06-12T02:15:00Z');
    const de = times(['de']);
    expect(de.time(instant)).toBe('23:45');
    expect(de.day(instant, Date.parse('2024-06-12T03:00:00Z'))).toBe('Gestern');
  });
});
