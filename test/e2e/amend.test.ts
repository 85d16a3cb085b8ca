// Changing and deleting own messages of stored chat, as all sides see it.
import { expect, test, type ChatWindow } from './fixtures.ts';

const editing = (chat: ChatWindow) => chat.page.getByRole('textbox', { name: 'Your message, to be changed' });
const edited = (chat: ChatWindow, text: string) => chat.message(text).getByText('Edited', { exact: true });

async function writes(chat: ChatWindow, text: string): Promise<void> {
  await chat.write(text);
  await expect(chat.delivery(text)).toHaveAttribute('data-delivery', 'delivered');
}

async function act(chat: ChatWindow, text: string, name: string): Promise<void> {
  await chat.message(text).hover();
  await chat.message(text).getByRole('button', { name }).click();
}

async function remove(chat: ChatWindow, text: string): Promise<void> {
  await act(chat, text, 'Delete for everybody');
  await expect(chat.page.getByText('Message deleted')).toBeVisible();
  await expect(chat.input).toBeFocused();
}

test('an own message is edited in the message input, and every window shows it as edited', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const alice = await signIn(pbx, 'alice');
  const bob = await signIn(pbx, 'bob');
  await alice.chat.open('Bob Brown');
  await bob.chat.open('Alice Adams');
  // Live on both sides: nobody has seen the id of it yet.
  await writes(alice.chat, 'see you at tree');
  await expect(bob.chat.message('see you at tree')).toBeVisible();
  await alice.focus();
  await act(alice.chat, 'see you at tree', 'Edit');
  await expect(editing(alice.chat)).toBeFocused();
  await expect(editing(alice.chat)).toHaveText('see you at tree');
  await expect(alice.window.getByRole('status').filter({ hasText: 'Editing your message' })).toBeVisible();
  await alice.keepPicture('edit-message');
  await editing(alice.chat).press('ControlOrMeta+a');
  await editing(alice.chat).pressSequentially('see you at three');
  await editing(alice.chat).press('Enter');
  await expect(edited(alice.chat, 'see you at three')).toBeVisible();
  await expect(alice.chat.input).toBeFocused();
  await expect(alice.chat.input).toHaveText('');
  // Whoever reads the chat has it at once; whoever does not, as soon as they do.
  await bob.focus();
  await expect(bob.chat.input).toBeFocused();
  await expect(edited(bob.chat, 'see you at three')).toBeVisible();
  await expect(bob.chat.message('see you at tree')).toHaveCount(0);
  await expect(bob.chat.message('Message 30')).toHaveCount(1);
});

test('the arrow up in an empty input edits the last own message; Escape leaves it and has the draft again', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await writes(chat, 'first');
  await writes(chat, 'secnod');
  await chat.input.press('ArrowUp');
  await expect(editing(chat)).toHaveText('secnod');
  await editing(chat).press('Escape');
  await expect(chat.input).toBeFocused();
  await expect(chat.input).toHaveText('');
  await chat.input.fill('a thought');
  await chat.input.press('ArrowUp');
  await expect(editing(chat)).toHaveCount(0);
  await act(chat, 'first', 'Edit');
  await expect(editing(chat)).toHaveText('first');
  await editing(chat).pressSequentially(', really');
  // Another chat and back: neither the change nor the draft is lost.
  await chat.row('Team').click();
  await chat.row('Bob Brown').click();
  await expect(editing(chat)).toHaveText('first, really');
  await editing(chat).press('Escape');
  await expect(chat.input).toHaveText('a thought');
  await expect(chat.message('first')).toBeVisible();
  expect(pbx.received.of('Update', 'alice')).toHaveLength(0);
});

test('a change that was not saved is there again after a restart, and goes to its message', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'alice');
  await first.chat.open('Bob Brown');
  await writes(first.chat, 'see you at tree');
  await first.chat.input.fill('and then');
  await act(first.chat, 'see you at tree', 'Edit');
  await expect(editing(first.chat)).toHaveText('see you at tree');
  await expect.poll(() => pbx.received.of('ReadChat', 'alice').length).toBeGreaterThan(1);
  await editing(first.chat).press('ControlOrMeta+a');
  await editing(first.chat).pressSequentially('see you at three');
  await first.close();
  const { chat } = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  await expect(chat.row('Bob Brown')).toContainText('Draft: see you at three');
  await chat.row('Bob Brown').click();
  await expect(editing(chat)).toHaveText('see you at three');
  await expect(chat.page.getByText('Editing your message')).toBeVisible();
  await expect(chat.message('see you at tree')).toBeVisible();
  await editing(chat).press('Enter');
  await expect(edited(chat, 'see you at three')).toBeVisible();
  await expect(chat.message('see you at tree')).toHaveCount(0);
  // What stood in the input before comes back into it.
  await expect(chat.input).toHaveText('and then');
  expect(pbx.received.of('Update', 'alice')).toHaveLength(1);
});

test('a change whose answer comes when another chat is open is done where it was made', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await writes(chat, 'see you at tree');
  await chat.input.press('ArrowUp');
  await expect(editing(chat)).toHaveText('see you at tree');
  await editing(chat).press('ControlOrMeta+a');
  await editing(chat).pressSequentially('see you at three');
  pbx.faults.delayMs = 1_000;
  await editing(chat).press('Enter');
  await chat.row('Team').click();
  await expect(chat.page.getByRole('heading', { name: 'Team' })).toBeVisible();
  await expect(chat.row('Bob Brown')).toContainText('You: see you at three');
  pbx.faults.delayMs = 0;
  await chat.row('Bob Brown').click();
  await expect(chat.input).toBeFocused();
  await expect(edited(chat, 'see you at three')).toBeVisible();
  await expect(editing(chat)).toHaveCount(0);
});

test('a deletion that waits for the link when the program is quit is carried out after the next start', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const first = await signIn(pbx, 'alice');
  await first.chat.open('Bob Brown');
  await writes(first.chat, 'stays');
  await writes(first.chat, 'goes');
  await remove(first.chat, 'goes');
  await expect.poll(() => pbx.received.of('ReadChat', 'alice').length).toBeGreaterThan(1);
  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user: 'alice' });
  await expect(first.chat.connection).toBeVisible();
  await first.close();
  expect(pbx.received.of('Delete', 'alice')).toHaveLength(0);
  pbx.faults.refuseConnections = false;
  const { chat } = await signIn(pbx, 'alice', { userDataDir: first.userDataDir });
  // Nobody has to open the chat for it.
  await expect.poll(() => pbx.received.of('Delete', 'alice').length).toBe(1);
  await chat.open('Bob Brown');
  await expect(chat.message('stays')).toBeVisible();
  await expect(chat.message('goes')).toHaveCount(0);
  await expect(chat.page.getByText('Is deleted as soon as')).toHaveCount(0);
});

test('a deletion can be taken back; else the message goes in every window', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat, window, keepPicture } = await signIn(pbx, 'alice');
  const bob = await signIn(pbx, 'bob');
  await bob.chat.open('Alice Adams');
  await chat.page.bringToFront();
  await chat.open('Bob Brown');
  await writes(chat, 'stays');
  await writes(chat, 'not meant for you');
  await expect(bob.chat.message('not meant for you')).toBeVisible();
  await remove(chat, 'not meant for you');
  await keepPicture('deleted-message');
  await expect(chat.row('Bob Brown')).toContainText('stays');
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.message('not meant for you')).toBeVisible();
  expect(pbx.received.of('Delete', 'alice')).toHaveLength(0);
  await remove(chat, 'not meant for you');
  await expect(window.getByText('Message deleted')).toHaveCount(0, { timeout: 20_000 });
  await expect(chat.message('not meant for you')).toHaveCount(0);
  expect(pbx.received.of('Delete', 'alice')).toHaveLength(1);
  await bob.focus();
  await expect(bob.chat.input).toBeFocused();
  await expect(bob.chat.message('not meant for you')).toHaveCount(0);
  await expect(bob.chat.message('stays')).toBeVisible();
});

test('what was deleted is deleted, also when the program is quit at once', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat, close } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await writes(chat, 'stays');
  await writes(chat, 'goes');
  await remove(chat, 'goes');
  // Deleting has read the page that tells its id.
  await expect.poll(() => pbx.received.of('ReadChat', 'alice').length).toBeGreaterThan(1);
  await chat.row('Team').click();
  await close();
  await expect.poll(() => pbx.received.of('Delete', 'alice').length).toBe(1);
  const again = await signIn(pbx, 'alice');
  await again.chat.open('Bob Brown');
  await expect(again.chat.message('stays')).toBeVisible();
  await expect(again.chat.message('goes')).toHaveCount(0);
});

test('two devices of one person and a server that does not tell of changes end with the same messages', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx({ switches: { amendIndications: 'absent' } });
  const desk = await signIn(pbx, 'alice');
  await desk.chat.open('Bob Brown');
  await writes(desk.chat, 'one');
  await writes(desk.chat, 'tow');
  await desk.chat.input.press('ArrowUp');
  await editing(desk.chat).press('ControlOrMeta+a');
  await editing(desk.chat).pressSequentially('two');
  await editing(desk.chat).press('Enter');
  await expect(edited(desk.chat, 'two')).toBeVisible();
  const laptop = await signIn(pbx, 'alice');
  await laptop.chat.open('Bob Brown');
  await expect(laptop.chat.message('two')).toBeVisible();
  await expect(laptop.chat.message('tow')).toHaveCount(0);
  await remove(laptop.chat, 'one');
  await expect(laptop.window.getByText('Message deleted')).toHaveCount(0, { timeout: 20_000 });
  await expect(laptop.chat.message('one')).toHaveCount(0);
  // The desk hears of it with the next page: here by signing in again.
  await desk.close();
  const later = await signIn(pbx, 'alice');
  await later.chat.open('Bob Brown');
  await expect(later.chat.message('two')).toBeVisible();
  await expect(later.chat.message('one')).toHaveCount(0);
});

test('a server that refuses is believed: the words say so, the text stays, and it is not offered again', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx({ switches: { amending: 'refused' } });
  const { chat, window, keepPicture } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await writes(chat, 'as it is');
  await chat.input.press('ArrowUp');
  await editing(chat).pressSequentially('!');
  await editing(chat).press('Enter');
  await expect(window.getByText('The PBX refused it.')).toBeVisible();
  await expect(editing(chat)).toHaveText('as it is!');
  await keepPicture('edit-refused');
  await editing(chat).press('Escape');
  await expect(chat.message('as it is')).toBeVisible();
  await chat.message('as it is').hover();
  await expect(chat.message('as it is').getByRole('button', { name: 'Copy text' })).toBeVisible();
  await expect(chat.message('as it is').getByRole('button', { name: 'Edit' })).toHaveCount(0);
  await chat.input.press('ArrowUp');
  await expect(editing(chat)).toHaveCount(0);
});

test('without a Messages service nothing is offered that it would take', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  await pbx.user('tina');
  const tom = await signIn(pbx, 'tom');
  await tom.window.getByRole('button', { name: 'New chat' }).first().click();
  await tom.window.getByRole('dialog').getByRole('combobox').fill('tina');
  await tom.window.getByRole('dialog').getByRole('combobox').press('Enter');
  await expect(tom.chat.input).toBeFocused();
  await writes(tom.chat, 'here and gone');
  await tom.chat.message('here and gone').hover();
  await expect(tom.chat.message('here and gone').getByRole('button', { name: 'Copy text' })).toBeVisible();
  await expect(tom.chat.message('here and gone').getByRole('button', { name: /Edit|Delete/ })).toHaveCount(0);
});
