// One person with two programs: what one sends and reads, the other knows.
import { expect, test, type SignedIn } from './fixtures.ts';

const settings = { pbx: { listEvery: 1_000 } };

test('what one program sends is on the other, once and in order, and one that was away catches up', async ({
  launchPbx,
  signIn,
  windowManager,
}) => {
  void windowManager;
  const pbx = await launchPbx();
  const bob = await pbx.user('bob', { answer: 'always' });
  const first = await signIn(pbx, 'alice', { settings });
  const second = await signIn(pbx, 'alice', { settings });
  for (const { chat } of [first, second]) await chat.open('Bob Brown');
  const said: string[] = [];
  for (const [index, from] of [first, second, bob, first, bob, second].entries()) {
    const text = `line ${index + 1}`;
    if (from === bob) bob.say('alice', text);
    else {
      // Who writes is there, and reads there what came before.
      await (from as SignedIn).focus();
      await (from as SignedIn).chat.write(text);
    }
    said.push(text);
    for (const { chat } of [first, second]) await expect(chat.message(text)).toHaveCount(1);
  }
  await bob.until(() => bob.messages.length === 4, 'four messages');
  for (const { chat } of [first, second]) {
    await expect.poll(() => chat.texts(/^line/)).toEqual(said);
  }
  await second.close();
  await first.chat.write('line 7');
  await bob.waitFor(({ text }) => text === 'line 7');
  bob.say('alice', 'line 8');
  await expect(first.chat.message('line 8')).toBeVisible();
  said.push('line 7', 'line 8');
  const again = await signIn(pbx, 'alice', { userDataDir: second.userDataDir });
  await again.chat.open('Bob Brown');
  await expect.poll(() => again.chat.texts(/^line/)).toEqual(said);
  expect(bob.messages.map(({ text }) => text)).toEqual(['line 1', 'line 2', 'line 4', 'line 6', 'line 7']);
});

test('without a service one of two programs has the chat: the first to answer', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const programs = [await signIn(pbx, 'tom'), await signIn(pbx, 'tom')];
  const texts = ['one', 'two', 'three'];
  for (const text of texts) tina.say('tom', text);
  const unread = () => Promise.all(programs.map(({ chat }) => chat.title()));
  await expect.poll(async () => (await unread()).filter((title) => title.startsWith('(3)')).length).toBe(1);
  expect((await unread()).filter((title) => !title.startsWith('('))).toHaveLength(1);
  const [titles, has] = [await unread(), programs];
  const holder = has[titles.findIndex((title) => title.startsWith('(3)'))] as SignedIn;
  await holder.chat.open('Tina Turner');
  expect(await holder.chat.texts(/^(one|two|three)$/)).toEqual(texts);
  await holder.chat.write('answered here');
  await tina.waitFor(({ text }) => text === 'answered here');
  expect(tina.messages).toHaveLength(1);
});

test('or the one that is in use, where that is chosen', async ({ launchPbx, signIn, windowManager }) => {
  void windowManager;
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const inUse = { settings: { pbx: { answer: 'in-use' } } };
  const desk = await signIn(pbx, 'tom', inUse);
  const laptop = await signIn(pbx, 'tom', inUse);
  for (const [text, here, there] of [
    ['at the desk', desk, laptop],
    ['at the laptop', laptop, desk],
  ] as const) {
    await here.focus();
    await expect.poll(() => there.window.evaluate(() => document.hasFocus())).toBe(false);
    tina.release('tom');
    tina.say('tom', text);
    await expect(here.chat.row('Tina Turner')).toContainText(text);
    await here.chat.open('Tina Turner');
    await here.chat.write(`${text}, answered`);
    await tina.waitFor((message) => message.text === `${text}, answered`);
    await expect(there.chat.rows.filter({ hasText: text })).toHaveCount(0);
  }
  expect(tina.messages).toHaveLength(2);
});

test('a message to a group goes out once, and everybody has it once', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const [bob, olga] = [await pbx.user('bob'), await pbx.user('olga')];
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Team');
  for (const text of ['first', 'second', 'third']) {
    await chat.write(text);
    await expect(chat.delivery(text)).toHaveAttribute('data-delivery', 'delivered');
  }
  for (const member of [bob, olga]) {
    await member.waitFor(({ text }) => text === 'third');
    expect(member.messages.map(({ from, group, text }) => [from, group, text])).toEqual([
      ['alice', 'grp-team', 'first'],
      ['alice', 'grp-team', 'second'],
      ['alice', 'grp-team', 'third'],
    ]);
  }
  const written = pbx.received
    .of('Signaling', 'alice')
    .filter(
      (frame) =>
        JSON.stringify(frame).includes('"im_message"') && /first|second|third/.test(JSON.stringify(frame)),
    );
  expect(written).toHaveLength(3);
});
