// Signing out: what is said before, and what is lost by it.
import type { Locator } from '@playwright/test';
import type { Pbx } from '../pbx/index.ts';
import { expect, test, type SignedIn } from './fixtures.ts';

async function askToSignOut({ window }: SignedIn): Promise<Locator> {
  await window.getByRole('button', { name: /Your menu/ }).click();
  await window.getByRole('menuitem', { name: /Sign out/ }).click();
  const dialog = window.getByRole('dialog', { name: 'Sign out?' });
  await expect(dialog).toBeVisible();
  return dialog;
}

async function signOut({ window }: SignedIn, dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await expect(window.getByRole('button', { name: 'Sign in' })).toBeVisible();
}

async function goOffline(pbx: Pbx, user: string, { chat }: SignedIn): Promise<void> {
  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user });
  await expect(chat.connection).toBeVisible();
}

test('signing out ends the session at the PBX and shows the login', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const dialog = await askToSignOut(client);
  await expect(dialog).toContainText('Your stored chats stay at the PBX.');
  await expect(dialog).not.toContainText('This will be lost');
  await signOut(client, dialog);
  await pbx.received.waitFor((frame) => frame['mt'] === 'Logout');
});

test('without a link it says how much is not done yet, and that is what is lost', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, keepPicture, window } = client;
  await chat.open('Bob Brown');
  for (const text of ['goes', 'stays']) {
    await chat.write(text);
    await expect(chat.delivery(text)).toHaveAttribute('data-delivery', 'delivered');
  }
  // Nobody learns the id of the message, so that nothing is deleted before the link is gone.
  pbx.faults.on({ action: 'swallow', mt: 'ReadChatResult', user: 'alice' });
  await chat.message('goes').hover();
  await chat.message('goes').getByRole('button', { name: 'Delete for everybody' }).click();
  await expect(window.getByText('Message deleted')).toBeVisible();
  await chat.input.press('ArrowUp');
  const edit = window.getByRole('textbox', { name: 'Your message, to be changed' });
  await expect(edit).toHaveText('stays');
  await edit.pressSequentially(' not');
  await goOffline(pbx, 'alice', client);
  await chat.open('Team');
  for (const text of ['one', 'two']) {
    await chat.write(text);
    await expect(chat.delivery(text)).toHaveAttribute('data-delivery', 'waiting');
  }
  await chat.input.fill('half a thought');

  const dialog = await askToSignOut(client);
  await expect(dialog.getByText('This will be lost')).toHaveText(
    'This will be lost: 2 messages that were not delivered, 1 change that was not saved, and 1 deletion that was not carried out.',
  );
  await expect(dialog).toContainText('unsent drafts are deleted');
  await expect(dialog).toContainText('Your stored chats stay at the PBX.');
  await keepPicture('sign-out-lost');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await signOut(client, await askToSignOut(client));
  await client.close();

  pbx.faults.clear();
  const { chat: later } = await signIn(pbx, 'alice', { userDataDir: client.userDataDir });
  await expect(later.rows.filter({ hasText: 'Draft' })).toHaveCount(0);
  await later.open('Bob Brown');
  await expect(later.message('goes')).toBeVisible();
  await expect(later.message('stays')).toBeVisible();
  await expect(later.input).toHaveText('');
  await later.open('Team');
  await expect(later.input).toHaveText('');
  await expect(later.message('one')).toHaveCount(0);
  await expect(later.message('two')).toHaveCount(0);
});

test('in volatile chat it says so too, also when the link is gone that told the mode', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const client = await signIn(pbx, 'tom');
  const { chat } = client;
  tina.say('tom', 'hello');
  await chat.open('Tina Turner');
  await goOffline(pbx, 'tom', client);
  await chat.write('are you there?');
  await expect(chat.delivery('are you there?')).toHaveAttribute('data-delivery', 'waiting');
  const dialog = await askToSignOut(client);
  await expect(dialog).toContainText('This will be lost: 1 message that was not delivered.');
  await expect(dialog).toContainText('The chats on screen are not stored anywhere and will be gone.');
  // What is delivered while one thinks about it is not lost any more.
  pbx.faults.refuseConnections = false;
  await tina.waitFor(({ text }) => text === 'are you there?');
  await expect(dialog).not.toContainText('This will be lost');
});
