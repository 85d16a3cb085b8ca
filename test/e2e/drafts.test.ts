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
