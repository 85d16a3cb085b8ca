import { seeded, type Seeded } from '../../seeded.ts';
import type { WorldMessage } from '../../world.ts';
import { newcomer } from './people.ts';
import { cutOverPlan, scripts } from './scripts.ts';
import { exchanges, fillings, thingsGerman, timesGerman, weekdaysGerman } from './small-talk.ts';

const day = 86_400_000;
const minute = 60_000;

/** With this colleague there are more than a thousand messages. */
const talkative = 'jonas';
const talkativeMessages = 1200;

/** Months of history, relative to `now` and the same every time. */
export function demoHistory(now: number): WorldMessage[] {
  return [...scripts.flatMap((script) => told(script, now)), ...longTalk(now)];
}

function told(script: { with: string; lines: string }, now: number): WorldMessage[] {
  return script.lines.split('\n').map((line) => {
    const match = /^(\d+) (\S+) (\S+) (!?)(.*?)(?: ?\[([^\]]+)\])?$/.exec(line);
    if (match === null) throw new Error(`demo world: cannot read the line '${line}'`);
    const [, daysAgo = '0', time = '', from = '', unread = '', text = '', file] = match;
    const at = daysAgo === '0' ? now - Number(time) * minute : workingDay(now, Number(daysAgo), time);
    const to = script.with.startsWith('grp-') ? script.with : from === newcomer ? script.with : newcomer;
    return {
      from,
      to,
      at,
      text: text === '{plan}' ? cutOverPlan() : plain(text),
      ...(file === undefined ? {} : { files: [file] }),
      ...(unread === '' ? {} : { unreadBy: [newcomer] }),
    };
  });
}

/** The time of day on the n-th working day before today, local time. */
function workingDay(now: number, daysAgo: number, time: string): number {
  const date = new Date(now);
  for (let left = daysAgo; left > 0;) {
    date.setDate(date.getDate() - 1);
    if (date.getDay() !== 0 && date.getDay() !== 6) left -= 1;
  }
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  date.setHours(hours, minutes, 7, 0);
  return date.getTime();
}

function longTalk(now: number): WorldMessage[] {
  const random = seeded(14);
  const talks: { from: string; text: string }[][] = [];
  for (let count = 0, last = -1; count < talkativeMessages;) {
    let next = random.below(exchanges.length);
    if (next === last) next = (next + 1) % exchanges.length;
    last = next;
    const talk = filled(exchanges[next] ?? '', random);
    talks.push(talk);
    count += talk.length;
  }
  const span = 280 * day;
  return talks.flatMap((talk, index) => {
    const begin = new Date(now - span + ((span - 2 * day) * index) / talks.length);
    if (begin.getDay() === 0) begin.setDate(begin.getDate() - 2);
    if (begin.getDay() === 6) begin.setDate(begin.getDate() - 1);
    begin.setHours(8 + ((index * 5) % 9), random.below(60), random.below(60), 0);
    let at = begin.getTime();
    return talk.map(({ from, text }): WorldMessage => {
      at += (15 + random.below(240)) * 1000;
      return { from, to: from === newcomer ? talkative : newcomer, at, text: plain(text) };
    });
  });
}

function filled(exchange: string, random: Seeded): { from: string; text: string }[] {
  const german = /\b(?:kurz|bitte|Kommst|Kannst|ich|Der)\b/.test(exchange);
  const chosen = new Map<string, string>();
  const word = (name: string): string => {
    const known = chosen.get(name);
    if (known !== undefined) return known;
    const fresh = german ? translated(name, made(name, random)) : made(name, random);
    chosen.set(name, fresh);
    return fresh;
  };
  const swapped = random.chance(40);
  return exchange.split('\n').map((line) => {
    const isA = line.startsWith('A: ') !== swapped;
    const text = line.slice(3).replace(/\{(\w+)\}/g, (_, name: string) => word(name));
    return { from: isA ? newcomer : talkative, text };
  });
}

function made(name: string, random: Seeded): string {
  switch (name) {
    case 'ticket':
      return String(47_000 + random.below(3000));
    case 'percent':
      return String(5 * (2 + random.below(17)));
    case 'minutes':
      return String(5 * (1 + random.below(6)));
    case 'count':
      return String(2 + random.below(38));
    default:
      return random.of(fillings[name] ?? ['it']);
  }
}

function translated(name: string, word: string): string {
  const lists: Record<string, Record<string, string>> = {
    weekday: weekdaysGerman,
    thing: thingsGerman,
    time: timesGerman,
  };
  return lists[name]?.[word] ?? word;
}

/** The texts are written as HTML already; only a bare ampersand is allowed in them. */
function plain(text: string): string {
  return text.replace(/&(?!(?:amp|lt|gt|quot);)/g, '&amp;');
}
