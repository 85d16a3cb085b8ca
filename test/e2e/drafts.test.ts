// What was typed and not sent, over the end of the program.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from './fixtures.ts';

test('a draft of stored chat is there after a restart, marked in the list', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'alice');
  await first.chat.open('Bob Brown');
  await first.chat.input.fill('half a thought');
  // No rest for it: the program is quit with the cursor in the word.
  await first.close();
  const { chat } = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  await expect(chat.row('Bob Brown')).toContainText('Draft: half a thought');
  await chat.open('Bob Brown');
  await expect(chat.input).toHaveText('half a thought');
  await chat.write('half a thought, finished');
  await expect(chat.delivery('half a thought, finished')).toHaveAttribute('data-delivery', 'delivered');
});

test('messages that wait for the link when the program is quit are a draft after the next start', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const first = await signIn(pbx, 'alice');
  await first.chat.open('Bob Brown');
  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user: 'alice' });
  await expect(first.chat.connection).toBeVisible();
  for (const text of ['wait for me', 'and for me']) {
    await first.chat.write(text);
    await expect(first.chat.delivery(text)).toHaveAttribute('data-delivery', 'waiting');
  }
  await first.chat.input.fill('half a thought');
  await first.close();
  pbx.faults.refuseConnections = false;
  const { chat } = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  await expect(chat.row('Bob Brown')).toContainText('Draft: wait for me and for me half a thought');
  await chat.open('Bob Brown');
  await expect(chat.input.locator('p')).toHaveText(['wait for me', 'and for me', 'half a thought']);
  // Nobody is surprised by what goes out days later: it is sent by hand.
  await chat.input.press('Enter');
  await bob.waitFor(({ text }) => text.includes('wait for me') && text.includes('half a thought'));
  await expect(chat.input).toHaveText('');
});

test('a damaged file of drafts is set aside and said, and the program works', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'alice');
  await first.close();
  const { userDataDir } = first;
  fs.writeFileSync(path.join(userDataDir, 'drafts.json'), '{"version":1,"acc');
  const { chat, window } = await signIn(pbx, 'alice', { userDataDir });
  await expect(window.getByText('The unsent drafts of the last time could not be read.')).toBeVisible();
  expect(fs.readdirSync(userDataDir).filter((name) => name.startsWith('drafts.damaged-'))).toHaveLength(1);
  await chat.open('Bob Brown');
  await expect(chat.input).toHaveText('');
});
