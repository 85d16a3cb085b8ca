// Chat without a Messages service: what is said about every message, what the disk gets of it (nothing), and a service
// that comes and goes while somebody is writing.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import type { Pbx } from '../pbx/index.ts';
import { expect, test, type SignedIn } from './fixtures.ts';

/** Files below `directory` that contain `text`, in the encodings that a browser's stores know, packed or not. */
function filesWith(directory: string, text: string): string[] {
  const needles = [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
  ];
  const unpack = [zlib.gunzipSync, zlib.inflateSync, zlib.inflateRawSync, zlib.brotliDecompressSync];
  const contents = (bytes: Buffer): Buffer[] => [
    bytes,
    ...unpack.flatMap((one) => {
      try {
        return [one(bytes)];
      } catch {
        return [];
      }
    }),
  ];
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) =>
      contents(fs.readFileSync(file)).some((bytes) => needles.some((needle) => bytes.includes(needle))),
    )
    .map((file) => path.relative(directory, file));
}

const canary = () => `canary${randomBytes(8).toString('hex')}`;

test('nothing of a chat that is not stored is on the disk, and what is stored would be found there', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const pbx = await launchPbx();
  const [tina, bob] = [await pbx.user('tina'), await pbx.user('bob')];
  const words = { sent: canary(), received: canary(), draft: canary(), failed: canary(), file: canary() };
  const tom = await signIn(pbx, 'tom');
  const { chat, window, app } = tom;
  tina.say('tom', words.received);
  bob.say('tom', 'from another one');
  await chat.open('Tina Turner');
  await expect(chat.message(words.received)).toBeVisible();
  await chat.write(words.sent);
  await tina.waitFor(({ text }) => text === words.sent);
  tina.answer = 20;
  tina.release('tom');
  await expect(chat.delivery(words.sent)).toHaveAttribute('data-delivery', 'delivered');
  await chat.write(words.failed);
  // A file is refused; its bytes must not have been put aside for later.
  const file = testInfo.outputPath(`${words.file}.txt`);
  fs.writeFileSync(file, words.file);
  await chat.input.evaluate((input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([text], `${text}.txt`, { type: 'text/plain' }));
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, words.file);
  await expect(
    window.getByText('Files need the stored chat, which is not available right now.'),
  ).toBeVisible();
  await chat.open('Bob Brown');
  await chat.input.fill(words.draft);
  await chat.open('Tina Turner');
  await expect(chat.row('Bob Brown')).toContainText(words.draft);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  tina.say('tom', `${words.received} again`);
  await expect.poll(() => chat.title()).toMatch(/^\(1\) /);
  await tom.close();
  for (const [name, word] of Object.entries(words)) {
    expect(filesWith(tom.userDataDir, word), name).toEqual([]);
  }

  // The search finds: a draft of stored chat, and what the page itself would leave in the browser's stores.
  const [draft, left] = [canary(), canary()];
  const alice = await signIn(pbx, 'alice');
  await alice.chat.open('Bob Brown');
  await alice.chat.input.fill(draft);
  await alice.window.evaluate((text) => localStorage.setItem('left', text), left);
  await alice.close();
  expect(filesWith(alice.userDataDir, draft)).toEqual(['drafts.json']);
  expect(filesWith(alice.userDataDir, left).join()).toMatch(/Local Storage/);
});

test('every release of a call says in words what became of the message, and it can be sent again', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const { chat, window } = await signIn(pbx, 'tom');
  tina.say('tom', 'hello');
  await chat.open('Tina Turner');
  await expect(chat.message('hello')).toBeVisible();
  await pbx.until(() => tina.isConnectedTo('tom'), 'the call');
  const causes: [cause: number, words: RegExp][] = [
    [1, /the PBX does not know this address/],
    [3, /the PBX does not know this address/],
    [17, /the other side is busy/],
    [18, /Tina Turner is not online/],
    [19, /Tina Turner is not online/],
    [20, /Tina Turner is not online/],
    [27, /Tina Turner is not online/],
    [21, /you are not allowed to write here/],
    [57, /you are not allowed to write here/],
    [41, /the PBX refused it/],
  ];
  for (const [cause, words] of causes) {
    await test.step(String(cause), async () => {
      tina.answer = cause;
      tina.release('tom');
      const text = `released with ${cause}`;
      await expect.poll(() => pbx.core.signal.registered('tina').length).toBe(1);
      await chat.write(text);
      await expect(chat.delivery(text)).toHaveAttribute('data-delivery', 'failed');
      await expect(chat.log.getByText(words)).toBeVisible();
      await window.getByRole('button', { name: 'Discard' }).click();
      await expect(chat.message(text)).toHaveCount(0);
    });
  }
  await chat.write('the last one');
  await expect(chat.delivery('the last one')).toHaveAttribute('data-delivery', 'failed');
  tina.answer = 'always';
  await window.getByRole('button', { name: 'Send again' }).click();
  await tina.waitFor(({ text }) => text === 'the last one');
  await expect(chat.delivery('the last one')).toHaveAttribute('data-delivery', 'delivered');
});

test('a message that a dead link swallowed is not called delivered', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const { chat, window } = await signIn(pbx, 'tom', { settings: { pbx: { pingDeadline: 1_500 } } });
  tina.say('tom', 'hello');
  await chat.open('Tina Turner');
  await chat.write('on a call that is open');
  await expect(chat.delivery('on a call that is open')).toHaveAttribute('data-delivery', 'delivered');
  pbx.faults.halfOpen(true, { user: 'tom' });
  await chat.write('into the void');
  await expect(chat.delivery('into the void')).toHaveAttribute('data-delivery', 'sent');
  await expect(chat.log.getByText(/^Perhaps not delivered/)).toBeVisible();
  await expect(chat.connection).toBeHidden({ timeout: 20_000 });
  await window.getByRole('button', { name: 'Send again' }).click();
  await tina.waitFor(({ text }) => text === 'into the void');
  await expect(chat.delivery('into the void')).toHaveAttribute('data-delivery', 'delivered');
  expect(tina.messages.filter(({ text }) => text === 'into the void')).toHaveLength(1);
});

test.describe('a licence', () => {
  const live = ({ window }: SignedIn) => window.getByRole('button', { name: 'Live only' });
  const settings = { pbx: { sessionRetry: 1_000 } };

  async function lines({ chat }: SignedIn): Promise<string[]> {
    return chat.texts(/^line/);
  }

  test('that goes and comes back leaves the messages, the draft and the counts as they are', async ({
    launchPbx,
    signIn,
  }) => {
    const pbx: Pbx = await launchPbx();
    const [bob, olga] = [await pbx.user('bob'), await pbx.user('olga')];
    const alice = await signIn(pbx, 'alice', { settings });
    const { chat, focus } = alice;
    await focus();
    await chat.open('Bob Brown');
    bob.say('alice', 'line 1, stored');
    await chat.write('line 2, stored');
    await bob.waitFor(({ text }) => text === 'line 2, stored');
    await chat.input.fill('half a thought');
    pbx.setLicence('alice', false);
    await expect(live(alice)).toBeVisible();
    await live(alice).click();
    await expect(
      alice.window.getByRole('note').getByText(/not available right now|has no chat licence/),
    ).toBeVisible();
    await alice.window.keyboard.press('Escape');
    await expect(chat.message('Message 30')).toBeVisible();
    await expect(chat.input).toHaveText('half a thought');
    bob.say('alice', 'line 3, live');
    olga.say('alice', 'somebody else');
    await expect(chat.message('line 3, live')).toBeVisible();
    await chat.input.focus();
    await chat.expectUnread(1, { 'Olga Orlova': 1, 'Bob Brown': 0 });
    await expect(chat.input).toHaveText('half a thought');
    pbx.setLicence('alice', true);
    await expect(live(alice)).toHaveCount(0);
    await expect(chat.input).toHaveText('half a thought');
    bob.say('alice', 'line 4, stored');
    await expect(chat.message('line 4, stored')).toBeVisible();
    expect(await lines(alice)).toEqual([
      'line 1, stored',
      'line 2, stored',
      'line 3, live',
      'line 4, stored',
    ]);
    await chat.expectUnread(1, { 'Olga Orlova': 1, 'Bob Brown': 0 });
    await chat.input.press('Enter');
    await bob.waitFor(({ text }) => text === 'half a thought');
    await chat.open('Olga Orlova');
    await expect(chat.message('somebody else')).toHaveCount(1);
    await chat.expectUnread(0);
  });

  test('that is granted is noticed without a restart, and what was said before stays on screen', async ({
    launchPbx,
    signIn,
  }) => {
    const pbx = await launchPbx();
    const tina = await pbx.user('tina');
    const tom = await signIn(pbx, 'tom', { settings });
    const { chat, focus } = tom;
    await focus();
    tina.say('tom', 'line 1, live');
    await chat.open('Tina Turner');
    await chat.write('line 2, live');
    await tina.waitFor(({ text }) => text === 'line 2, live');
    await chat.input.fill('half a thought');
    const bob = await pbx.user('bob');
    bob.say('tom', 'unread before');
    await chat.expectUnread(1, { 'Bob Brown': 1 });
    pbx.setLicence('tom', true);
    await expect(live(tom)).toHaveCount(0);
    await chat.expectUnread(1, { 'Bob Brown': 1 });
    await expect(chat.input).toHaveText('half a thought');
    expect(await lines(tom)).toEqual(['line 1, live', 'line 2, live']);
    tina.close();
    await expect.poll(() => pbx.isRegistered('tina')).toBe(false);
    await chat.input.press('Enter');
    await expect(chat.delivery('half a thought')).toHaveAttribute('data-delivery', 'delivered');
    expect(await lines(tom)).toEqual(['line 1, live', 'line 2, live']);
    await chat.open('Bob Brown');
    await expect(chat.message('unread before')).toHaveCount(1);
    await chat.expectUnread(0);
  });
});

test('what chat without a licence is, is said once, and not after one came', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const said = /^You chat without an archive/;
  const first = await signIn(pbx, 'tom');
  await expect(first.window.getByText(said)).toBeVisible();
  await first.close();

  const second = await signIn(pbx, 'tom', { userDataDir: first.userDataDir });
  (await pbx.user('bob')).say('tom', 'hello');
  await second.chat.open('Bob Brown');
  await expect(second.window.getByText('Live only')).toBeVisible();
  await expect(second.window.getByText(said)).toHaveCount(0);

  const other = await signIn(pbx, 'tina', { settings: { pbx: { sessionRetry: 1_000 } } });
  await expect(other.window.getByText(said)).toBeVisible();
  pbx.setLicence('tina', true);
  await expect(other.window.getByText(said)).toHaveCount(0);
});
