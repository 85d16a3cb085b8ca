import { afterEach, describe, expect, it } from 'vitest';
import { answerTo, isGerman } from '../bot-answers.ts';
import { checkPlainHtml } from '../html.ts';
import { demoWorld, startPbx, type Pbx } from '../index.ts';
import { seeded } from '../seeded.ts';
import { findWorld } from '../worlds/index.ts';

const running: Pbx[] = [];

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

const now = Date.UTC(2026, 4, 20, 10);

describe('the demo world', () => {
  it('is the same every time', () => {
    expect(demoWorld().history(now)).toEqual(demoWorld().history(now));
  });

  it('says nothing that the PBX would refuse, and nothing in the future', () => {
    const world = demoWorld();
    for (const message of world.history(now)) {
      expect(checkPlainHtml(message.text), message.text).toEqual({ ok: true });
      expect(message.text).not.toMatch(/[{}]/);
      expect(message.at).toBeLessThanOrEqual(now);
    }
  });

  it('has what a client must cope with', () => {
    const world = demoWorld();
    const history = world.history(now);
    const counts = new Map<string, number>();
    for (const { from, to } of history) {
      const chat = to.startsWith('grp-') ? to : [from, to].sort().join(' ');
      counts.set(chat, (counts.get(chat) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...history.map((message) => message.text.length))).toBeGreaterThanOrEqual(5000);
    expect(history.some((message) => message.text.length === 1)).toBe(true);
    expect(history.some((message) => /\p{Script=Hebrew}/u.test(message.text))).toBe(true);
    expect(world.users.some((user) => user.dn.length >= 60)).toBe(true);
    expect(world.users.some((user) => /\p{Extended_Pictographic}/u.test(user.dn))).toBe(true);
    expect(history.some((message) => message.from.includes('@'))).toBe(true);
    expect(world.users.filter((user) => !user.licensed).length).toBeGreaterThan(0);
    expect(world.users.filter((user) => !user.chat).length).toBeGreaterThan(0);
    expect(new Set(history.flatMap((message) => message.files ?? [])).size).toBeGreaterThanOrEqual(5);
  });

  it('shows the newcomer a handful of unread discussions', async () => {
    const pbx = await startPbx({ world: demoWorld(), bots: false });
    running.push(pbx);
    const sam = await pbx.user('sam');
    await sam.openMessages();
    const chats = await sam.request({ mt: 'ReadChats', topic: 'sam' });
    const unread = await sam.request({ mt: 'ReadChats', topic: 'sam', unread: true });
    expect(chats.length).toBeGreaterThan(20);
    expect(unread.length - 1).toBe(5);
  });
});

describe('colleagues', () => {
  it('are online, type, answer what was asked, and read what they get', async () => {
    const pbx = await startPbx({ world: demoWorld() });
    running.push(pbx);
    const sam = await pbx.user('sam');
    expect(pbx.isRegistered('mia')).toBe(true);
    expect(pbx.isRegistered('henrik')).toBe(false);
    sam.say('mia', 'Hello Mia!');
    await sam.until(() => sam.typing.get('mia') === true, 'sign of typing', 10_000);
    const answer = await sam.waitFor((message) => message.from === 'mia', 10_000);
    expect(answer.text).toContain('Sam');
    const read = await pbx.received.waitFor(
      (frame, entry) => frame.mt === 'ReadChat' && entry.user === 'mia',
    );
    expect(read.frame).toMatchObject({ sip: 'sam', noind: true });
  }, 20_000);

  const ask = (text: string, manner: 'helpful' | 'brief' = 'helpful', last?: string): string =>
    answerTo({ text, name: 'Sam', attachments: 0, now, count: 1 }, manner, last, seeded(1));

  it.each([
    ['Hi Mia', /Sam/],
    ['Thanks a lot!', /welcome|Any time|No problem/],
    ['Danke dir', /Gerne|Immer|Kein/],
    ['What time is it?', /\d\d:\d\d/],
    ['When can I have it?', /Tomorrow|Thursday/],
    ['Kannst du das bitte prüfen?', /Klar|gern|Natürlich/],
    ['The phone does not work', /Since when|what exactly/],
    ['😄', /\p{Extended_Pictographic}/u],
  ])('answer %j fittingly', (text, expected) => {
    expect(ask(text)).toMatch(expected);
  });

  it('never say the same twice in a row', () => {
    let last: string | undefined;
    for (let count = 0; count < 10; count++) {
      const answer = ask('Something else entirely', 'helpful', last);
      expect(answer).not.toBe(last);
      last = answer;
    }
  });

  it('tell German from English', () => {
    expect(isGerman('Wann kommst du?')).toBe(true);
    expect(isGerman('When will you be there?')).toBe(false);
  });
});

describe('worlds', () => {
  it('are found by name, or explained', async () => {
    expect((await findWorld('small')).name).toBe('small');
    await expect(findWorld('atlantis')).rejects.toThrow("no world 'atlantis'");
    await expect(findWorld('constructor')).rejects.toThrow('no world');
  });

  it('can be as large as one wants to measure with', async () => {
    expect((await findWorld('large')).history(now)).toHaveLength(100_000);
  });
});
