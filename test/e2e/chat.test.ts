import { stringifyJson } from '../pbx/json.ts';
import { largeWorld } from '../pbx/worlds/large.ts';
import { expect, test } from './fixtures.ts';

test('the list shows known chats with their last line, the newest first', async ({ launchPbx, signIn }) => {
  const { chat } = await signIn(await launchPbx(), 'alice');
  await expect(chat.rows.first()).toContainText('Bob Brown');
  await expect(chat.row('Team')).toBeVisible();
  await chat.expectUnread(1, { 'Bob Brown': 1 });
});

test('a message arrives, is answered, and both sides see it', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, focus } = await signIn(pbx, 'alice');
  await focus();
  await chat.open('Bob Brown');
  bob.say('alice', 'Lunch at twelve?');
  await expect(chat.message('Lunch at twelve?')).toBeVisible();
  await chat.write('Yes, see you <there> & then');
  const { text, html } = await bob.waitFor((message) => message.from === 'alice');
  expect(text).toBe('Yes, see you <there> & then');
  expect(html).not.toMatch(/<\w+\s/);
  await expect(chat.delivery('Yes, see you <there> & then')).toHaveAttribute('data-delivery', 'delivered');
  await expect(chat.input).toBeFocused();
  await expect(chat.input).toHaveText('');
});

test('Shift+Enter breaks the line and Enter sends all of them', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await chat.input.pressSequentially('first');
  await chat.input.press('Shift+Enter');
  await chat.input.pressSequentially('second');
  await chat.input.press('Enter');
  expect((await bob.waitFor((message) => message.from === 'alice')).text).toBe('first\nsecond');
});

test('typing is seen on both sides and ends', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  bob.setTyping('alice', true);
  await expect(window.getByText('Bob Brown is writing …')).toBeVisible();
  bob.setTyping('alice', false);
  await expect(window.getByText('Bob Brown is writing …')).toBeHidden();
  await chat.write('opens the call');
  await bob.waitFor((message) => message.text === 'opens the call');
  await chat.input.pressSequentially('and on');
  await bob.until(() => bob.typing.get('alice') === true, 'typing of alice');
});

test('a thousand messages are scrolled through to the first one, and the eye keeps its place', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx({ world: largeWorld({ discussions: 20, messages: 2_000 }), bots: false });
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('User Number 1');
  const beginning = window.getByText('This is the beginning of your chat with User Number 1.');
  await expect(chat.log.getByRole('article').last()).toBeVisible();
  await chat.log.hover();
  let moved = 0;
  for (let turn = 0; turn < 2_000 && !(await beginning.isVisible()); turn++) {
    // What stands in the middle of the window may move by what one scrolls and by nothing else.
    const middle = await chat.log.evaluate(async (log) => {
      const box = log.getBoundingClientRect();
      const frame = () => new Promise(requestAnimationFrame);
      const here = document
        .elementFromPoint(box.left + 100, box.top + box.height / 2)
        ?.closest('[data-message]');
      const before = here?.getBoundingClientRect().top;
      const from = log.scrollTop;
      log.scrollBy(0, -400);
      const scrolled = from - log.scrollTop;
      await frame();
      await frame();
      if (!here?.isConnected || before === undefined) return null;
      return Math.abs(here.getBoundingClientRect().top - before - scrolled);
    });
    if (middle !== null && middle > 2) moved++;
  }
  await expect(beginning).toBeVisible();
  expect(moved).toBe(0);
  const reads = pbx.received.of('ReadChat', 'alice').filter((frame) => frame['sip'] === 'user1');
  expect(reads.length).toBeGreaterThan(10);
  // However long the history is, the document holds what is on screen and a little more.
  expect(await chat.log.getByRole('article').count()).toBeLessThan(100);
  await window.keyboard.press('Control+k');
  await expect(window.getByRole('combobox', { name: 'Name, address or number' })).toBeFocused();
});

test('a text of five thousand characters arrives whole in both directions', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  const text = Array.from({ length: 500 }, (_, index) => `${index} 👩‍👩‍👧 <b> &`).join(' ');
  await chat.write(text);
  expect((await bob.waitFor((message) => message.from === 'alice', 10_000)).text).toBe(text);
  const segments = pbx.received
    .of('Signaling', 'alice')
    .filter((frame) => JSON.stringify(frame).includes('"more":true'));
  expect(segments.length).toBeGreaterThan(3);
  const by = (name: RegExp) => chat.log.getByRole('article', { name }).locator('.html');
  await expect(by(/^You/).last()).toHaveText(text);
  bob.say('alice', text);
  await expect(by(/^Bob Brown/).last()).toHaveText(text);
});

test('two programs talk to each other', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const alice = await signIn(pbx, 'alice');
  const bob = await signIn(pbx, 'bob');
  await alice.chat.open('Bob Brown');
  await bob.chat.open('Alice Adams');
  for (let turn = 1; turn <= 5; turn++) {
    await alice.chat.write(`ping ${turn}`);
    await expect(bob.chat.message(`ping ${turn}`)).toBeVisible();
    await bob.chat.write(`pong ${turn}`);
    await expect(alice.chat.message(`pong ${turn}`)).toBeVisible();
  }
  await expect(alice.chat.message('pong 5')).toHaveCount(1);
  await expect(alice.chat.delivery('ping 5')).toHaveAttribute('data-delivery', 'delivered');
});

test('a new chat by address opens, and an unknown address is said at the field', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'alice');
  await window.getByRole('button', { name: 'New chat' }).first().click();
  const field = window.getByRole('dialog').getByRole('combobox');
  await field.fill('nobody-of-this-name');
  await field.press('Enter');
  await expect(field).toHaveAccessibleDescription(/knows nobody of this name/);
  await field.fill('sip:olga@example.com');
  await field.press('Enter');
  await expect(window.getByRole('heading', { name: 'Olga Orlova' })).toBeVisible();
  await expect(chat.input).toBeFocused();
  await chat.write('Hello Olga');
  // She is offline and the sender has a licence: the Messages service takes it.
  await expect(chat.delivery('Hello Olga')).toHaveAttribute('data-delivery', 'delivered');
  const olga = await pbx.user('olga');
  await olga.openMessages();
  const answers = await olga.request({ mt: 'ReadChat', topic: 'olga', sip: 'alice', count: 10 });
  expect(stringifyJson(answers)).toContain('Hello Olga');
});

test('without a licence a message to somebody who is offline says so and can be sent again', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'tom');
  await window.getByRole('button', { name: 'New chat' }).first().click();
  await window.getByRole('dialog').getByRole('combobox').fill('tina');
  await window.getByRole('dialog').getByRole('combobox').press('Enter');
  await expect(chat.input).toBeFocused();
  await window.getByRole('button', { name: 'Live only' }).click();
  await expect(window.getByRole('note').getByText('Your user has no chat licence.')).toBeVisible();
  await window.keyboard.press('Escape');
  await chat.write('Are you there?');
  await expect(chat.log.getByText('Tina Turner is not online')).toBeVisible();
  await expect(chat.delivery('Are you there?')).toHaveAttribute('data-delivery', 'failed');
  const tina = await pbx.user('tina');
  await window.getByRole('button', { name: 'Send again' }).click();
  await tina.waitFor((message) => message.text === 'Are you there?');
  await expect(chat.delivery('Are you there?')).toHaveAttribute('data-delivery', 'delivered');
  await expect(chat.message('Are you there?')).toHaveCount(1);
  await expect(chat.input).toBeFocused();
});

test('a message that was not delivered can be discarded', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const { chat, window } = await signIn(pbx, 'tom');
  tina.say('tom', 'I have to go');
  await chat.open('Tina Turner');
  await expect(chat.message('I have to go')).toBeVisible();
  tina.close();
  await expect.poll(() => pbx.isRegistered('tina')).toBe(false);
  await chat.write('Too late');
  await expect(chat.delivery('Too late')).toHaveAttribute('data-delivery', 'failed');
  await window.getByRole('button', { name: 'Discard' }).click();
  await expect(chat.message('Too late')).toHaveCount(0);
});

test('what is typed stays with its discussion', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await chat.input.fill('half a thought');
  await chat.open('Team');
  await expect(chat.input).toHaveText('');
  await expect(chat.row('Bob Brown')).toContainText('half a thought');
  await chat.open('Bob Brown');
  await expect(chat.input).toHaveText('half a thought');
});

test('hostile texts are shown as text and do nothing', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  const hostile = [
    '<img src=x onerror="document.title=\'pwned\'">one',
    '<script>document.title="pwned"</script>two',
    '<p style="position:fixed;inset:0;background:red" onclick="alert(1)">three</p>',
    '<svg><script>alert(1)</script></svg>four',
    '<a href="javascript:alert(1)">five</a>',
    '<iframe src="https://example.com"></iframe>six',
    '<<b>script>alert(1)</b>seven',
  ];
  // A real PBX would refuse these; a client that relies on that has no second line.
  const link = pbx.sent.frames.findLast((entry) => entry.user === 'alice' && entry.kind === 'app');
  expect(link).toBeDefined();
  const send = (sig: unknown) =>
    pbx.faults.garbage(JSON.stringify({ mt: 'Signaling', api: 'PbxSignal', call: -900, sig }), {
      kind: 'app',
      user: 'alice',
    });
  send({ type: 'setup', cg: { sip: 'bob' }, fty: [{ type: 'im_setup' }] });
  for (const data of hostile)
    send({ type: 'facility', fty: [{ type: 'im_message', mime: 'text/html', data }] });
  await expect(chat.log.getByText('seven')).toBeVisible();
  for (const word of ['one', 'two', 'three', 'four', 'five', 'six']) {
    await expect(chat.log.getByText(word, { exact: true })).toBeVisible();
  }
  const found = await chat.log.evaluate((log) => ({
    elements: log.querySelectorAll('img, script, iframe, article [style], article [onclick]').length,
    links: [...log.querySelectorAll('a')].map((a) => a.getAttribute('href')),
  }));
  expect(found).toEqual({ elements: 0, links: [] });
  expect(await window.title()).not.toContain('pwned');
});
