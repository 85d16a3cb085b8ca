// Groups (protocol, section 5), from the wire to the window, with the choices that servers make.
import type { Page } from '@playwright/test';
import { startPbx, type Pbx } from '../pbx/index.ts';
import { stringifyJson } from '../pbx/json.ts';
import { smallWorld } from '../pbx/worlds/small.ts';
import { expect, test, type SignedIn } from './fixtures.ts';

const dialog = (window: Page) => window.getByRole('dialog');
const member = (window: Page, name: string) => dialog(window).getByRole('listitem').filter({ hasText: name });

async function newGroup({ window }: SignedIn, name: string): Promise<void> {
  await window.getByRole('button', { name: 'New chat' }).first().click();
  await window.getByRole('button', { name: 'New group' }).click();
  await dialog(window).getByRole('textbox', { name: 'Name of the group' }).fill(name);
}

async function add(window: Page, typed: string, name: string): Promise<void> {
  const field = dialog(window).getByRole('combobox', { name: 'Add people' });
  await field.fill(typed);
  await field.press('Enter');
  await expect(member(window, name)).toBeVisible();
  await expect(field).toHaveValue('');
}

async function openEditor({ window, chat }: SignedIn, name = 'Team'): Promise<void> {
  await chat.open(name);
  await window.getByRole('button', { name: 'More about this chat' }).click();
  await window.getByRole('menuitem', { name: 'Members and name' }).click();
  await expect(dialog(window)).toBeVisible();
}

async function members(pbx: Pbx, sip: string, group: string): Promise<string> {
  const peer = await pbx.user(sip, { answer: 'never' });
  await peer.openMessages();
  const groups = await peer.request({ mt: 'ReadGroups' });
  const found = groups.find((frame) => frame['dn'] === group);
  const answer = found ? await peer.request({ mt: 'ReadMembers', grp: found['id'] }) : [];
  peer.close();
  return stringifyJson(answer);
}

test('a group is created with people known and typed, and what is said in it reaches everybody once', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const [bob, phone] = [await pbx.user('bob'), await pbx.user('bob')];
  const alice = await signIn(pbx, 'alice');
  const { window, chat, focus } = alice;
  await focus();
  await newGroup(alice, 'Cake on Friday');
  await add(window, 'brown', 'Bob Brown');
  await add(window, 'olga@example.com', 'Olga Orlova');
  await window.getByRole('button', { name: 'Create group' }).click();
  await expect(window.getByRole('heading', { name: 'Cake on Friday' })).toBeVisible();
  await expect(window.getByText('Group, 3 members')).toBeVisible();
  await expect(chat.input).toBeFocused();

  await chat.write('Who brings plates?');
  await expect(chat.delivery('Who brings plates?')).toHaveAttribute('data-delivery', 'delivered');
  await Promise.any([bob, phone].map((one) => one.waitFor(({ text }) => text === 'Who brings plates?')));
  // One frame left here, however many members and devices there are.
  const sent = pbx.received
    .of('Signaling', 'alice')
    .filter((frame) => stringifyJson(frame).includes('plates'));
  expect(sent).toHaveLength(1);
  // A call is one device's: the other one learns of it from the history, and nobody gets it twice.
  expect(
    [bob, phone].flatMap((one) => one.messages.filter(({ text }) => text.includes('plates'))),
  ).toHaveLength(1);
  await phone.openMessages();
  const chats = await phone.request({ mt: 'ReadChats', topic: 'bob', unread: true });
  expect(chats.find((frame) => String(frame['sip']).startsWith('grp-'))).toMatchObject({ unread: 1 });
  // Olga was offline, and finds it.
  const olga = await pbx.user('olga');
  await olga.openMessages();
  const [unread] = await olga.request({ mt: 'ReadChats', topic: 'olga', unread: true });
  expect(unread).toMatchObject({ dn: 'Cake on Friday', grp: true, unread: 1 });
  const page = await olga.request({ mt: 'ReadChat', topic: 'olga', sip: String(unread?.['sip']), count: 10 });
  expect(stringifyJson(page).match(/plates/g)).toHaveLength(1);
  await expect(chat.message('Who brings plates?')).toHaveCount(1);
});

test('a group with two programs of one user, and the row names the author', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const first = await signIn(pbx, 'alice');
  const second = await signIn(pbx, 'alice');
  bob.say('grp-team', 'For everybody');
  for (const { chat } of [first, second]) {
    await expect(chat.row('Team')).toBeVisible();
    await chat.expectUnread(2, { Team: 1 });
  }
  await first.focus();
  await first.chat.open('Team');
  await expect(first.chat.message('For everybody')).toHaveCount(1);
  await expect(first.chat.row('Team')).toContainText('Bob Brown: For everybody');
  await second.chat.expectUnread(1, { Team: 0 });
});

test('an admin renames, makes admins, removes and adds, and the server has it', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const alice = await signIn(pbx, 'alice');
  const { window } = alice;
  await openEditor(alice);
  await dialog(window).getByRole('textbox', { name: 'Name of the group' }).fill('Team North');
  await dialog(window).getByRole('checkbox', { name: 'Bob Brown is an administrator' }).check();
  await dialog(window).getByRole('button', { name: 'Remove Olga Orlova' }).click();
  await expect(member(window, 'Olga Orlova')).toContainText('Will be removed');
  await add(window, 'tom', 'Tom Thompson');
  await dialog(window).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(window)).toBeHidden();
  await expect(window.getByRole('heading', { name: 'Team North' })).toBeVisible();
  await expect(window.getByText('Group, 3 members')).toBeVisible();
  const now = await members(pbx, 'bob', 'Team North');
  expect(now).toContain('"member":"bob","dn":"Bob Brown","admin":true');
  expect(now).toContain('tom');
  expect(now).not.toContain('olga');
});

test('who is not an admin sees everything, cannot change it, and reads why', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await signIn(pbx, 'bob');
  const { window } = bob;
  await openEditor(bob);
  await expect(member(window, 'Alice Adams')).toBeVisible();
  await expect(dialog(window).getByText('Only administrators of the group can change it.')).toBeVisible();
  await expect(dialog(window).getByRole('checkbox', { name: /Olga/ })).toBeDisabled();
  await expect(dialog(window).getByRole('button', { name: 'Delete group' })).toBeDisabled();
  await expect(dialog(window).getByRole('button', { name: 'Save' })).toHaveCount(0);
  await dialog(window).getByRole('button', { name: 'Close' }).last().click();
  await window.getByRole('button', { name: 'More about this chat' }).click();
  await expect(window.getByRole('menuitem', { name: /Delete group/ })).toContainText('Only administrators');
});

test('a refusal of the server is said in words, and nothing typed is lost', async ({ launchPbx, signIn }) => {
  // Nobody lists the members, so that the program cannot know that Bob is no admin.
  const pbx = await launchPbx({ switches: { readMembers: 'unknown' } });
  const bob = await signIn(pbx, 'bob');
  const { window } = bob;
  await openEditor(bob);
  await expect(dialog(window).getByText(/Possibly incomplete/)).toBeVisible();
  const name = dialog(window).getByRole('textbox', { name: 'Name of the group' });
  await name.fill('Mine now');
  await add(window, 'tom', 'Tom Thompson');
  await dialog(window).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(window).getByText(/Not everything could be done/)).toBeVisible();
  await expect(name).toHaveAccessibleDescription(/refused/);
  await expect(name).toHaveValue('Mine now');
  await expect(member(window, 'Tom Thompson')).toContainText('refused');
  // Closed in passing and opened again it is all still there.
  await window.keyboard.press('Escape');
  await expect(dialog(window)).toBeHidden();
  await openEditor(bob);
  await expect(name).toHaveValue('Mine now');
  await expect(member(window, 'Tom Thompson')).toBeVisible();
  await dialog(window).getByRole('button', { name: 'Cancel' }).click();
  await openEditor(bob);
  await expect(name).toHaveValue('Team');
});

for (const readMembers of ['unknown', 'error'] as const) {
  test(`where ReadMembers is ${readMembers} a group works with those who are known`, async ({
    launchPbx,
    signIn,
  }) => {
    const pbx = await launchPbx({ switches: { readMembers } });
    const bob = await pbx.user('bob');
    const alice = await signIn(pbx, 'alice');
    const { window, chat } = alice;
    await newGroup(alice, 'Cake');
    await add(window, 'olga', 'Olga Orlova');
    await window.getByRole('button', { name: 'Create group' }).click();
    await expect(window.getByText('Group, 2 members known')).toBeVisible();
    bob.say('grp-team', 'me too');
    await openEditor(alice);
    await expect(member(window, 'Bob Brown')).toBeVisible();
    await expect(dialog(window).getByText(/Possibly incomplete/)).toBeVisible();
    await expect(dialog(window).getByRole('button', { name: 'Remove Bob Brown' })).toBeDisabled();
    await window.keyboard.press('Escape');
    await chat.open('Cake');
    await chat.write('still stored');
    await expect(chat.delivery('still stored')).toHaveAttribute('data-delivery', 'delivered');
  });
}

test('a removal that the server refuses is marked and can be tried again', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx({ switches: { memberRemoval: 'refused' } });
  const alice = await signIn(pbx, 'alice');
  const { window } = alice;
  await openEditor(alice);
  await dialog(window).getByRole('button', { name: 'Remove Olga Orlova' }).click();
  await dialog(window).getByRole('button', { name: 'Save' }).click();
  await expect(member(window, 'Olga Orlova')).toContainText('refused');
  pbx.setSwitch('memberRemoval', 'id-without-member');
  await dialog(window).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(window)).toBeHidden();
  await expect(window.getByText('Group, 2 members')).toBeVisible();
});

test('a link that breaks while a group is changed keeps every change', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const alice = await signIn(pbx, 'alice');
  const { window } = alice;
  await openEditor(alice);
  await add(window, 'tom', 'Tom Thompson');
  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user: 'alice' });
  await expect(dialog(window).getByText(/when the connection is back/)).toBeVisible();
  await expect(member(window, 'Tom Thompson')).toContainText('Will be added');
  await expect(dialog(window).getByRole('button', { name: 'Save' })).toHaveCount(0);
  pbx.faults.refuseConnections = false;
  await dialog(window).getByRole('button', { name: 'Save' }).click({ timeout: 15_000 });
  await expect(dialog(window)).toBeHidden();
  expect(await members(pbx, 'alice', 'Team')).toContain('tom');
});

test('a group that is deleted here is gone from the list', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { window, chat } = await signIn(pbx, 'alice');
  await chat.open('Team');
  await window.getByRole('button', { name: 'More about this chat' }).click();
  await window.getByRole('menuitem', { name: /Delete group/ }).click();
  await expect(dialog(window).getByText(/ends for all of its members/)).toBeVisible();
  await dialog(window).getByRole('button', { name: 'Delete group' }).click();
  await expect(chat.row('Team')).toHaveCount(0);
  await expect(window.getByRole('heading', { name: 'Your chats' })).toBeVisible();
});

test('whoever is removed while the group is open reads it, and gets out', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const admin = await pbx.user('alice');
  await admin.openMessages();
  const { window, chat, focus } = await signIn(pbx, 'bob');
  await focus();
  await chat.open('Team');
  const [group] = await admin.request({ mt: 'ReadGroups' });
  const listed = await admin.request({ mt: 'ReadMembers', grp: group?.['id'] });
  const bob = listed.find((frame) => frame['member'] === 'bob');
  await admin.request({ mt: 'WriteMember', id: bob?.['id'], grp: group?.['id'] });
  // Nobody tells; the server refuses what is sent, and the list of groups says why.
  await chat.write('Am I still here?');
  await expect(window.getByText(/This group was deleted, or you are no longer in it/)).toBeVisible();
  await expect(window.getByText('You are not in this group, so nothing can be sent to it.')).toBeVisible();
  await window.getByRole('button', { name: 'Remove from the list' }).click();
  await expect(chat.row('Team')).toHaveCount(0);
});

test('without the Messages service groups are seen and creating says why not', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { window, chat } = await signIn(pbx, 'alice');
  await chat.open('Team');
  pbx.setLicence('alice', false);
  await expect(window.getByText(/Groups need the stored chat, so nothing can be sent/)).toBeVisible();
  await expect(chat.row('Team')).toBeVisible();
  await window.getByRole('button', { name: 'New chat' }).first().click();
  const create = window.getByRole('button', { name: 'New group' });
  await expect(create).toBeDisabled();
  await expect(create).toHaveAccessibleDescription(/Groups need the stored chat/);
});

const crowd = Array.from({ length: 40 }, (_, index) => ({
  sip: `member${index}`,
  dn:
    index === 3
      ? 'Dr. Maximiliane Freifrau von Hohenstein-Oberndorff zu Rosenberg'
      : `Member Number ${index}`,
  num: String(1000 + index),
  password: `member${index}`,
  licensed: true,
  chat: true,
}));

for (const [language, theme] of [
  ['en', 'light'],
  ['de', 'dark'],
] as const) {
  test(`a long name and forty members fit, in ${language} and ${theme}`, async ({ launchClient }) => {
    const small = smallWorld();
    const name = 'Support Niederlassung München und Oberbayern, Rufbereitschaft';
    const pbx = await startPbx({
      world: smallWorld({
        users: [...small.users, ...crowd],
        groups: [
          {
            sip: 'grp-team',
            dn: name,
            members: ['alice', ...crowd.map(({ sip }) => sip)],
            admins: ['alice'],
          },
        ],
      }),
    });
    const { window, keepPicture } = await launchClient({
      login: { server: pbx.url, user: 'alice', password: 'alice' },
      args: [`--lang=${language}`, '--theme', theme],
    });
    await window.locator('[data-discussion="grp-team"]').click();
    await expect(
      window.getByText(language === 'de' ? 'Gruppe, 41 Mitglieder' : 'Group, 41 members'),
    ).toBeVisible();
    await window.locator('.discussion header button[aria-haspopup="menu"]').click();
    await keepPicture(`group-menu-${language}-${theme}`);
    await window.getByRole('menuitem').first().click();
    await expect(dialog(window).getByRole('listitem')).toHaveCount(41);
    await keepPicture(`group-members-${language}-${theme}`);
    const wide = await dialog(window).evaluate((box) => box.scrollWidth - box.clientWidth);
    expect(wide).toBe(0);
    const inside = await dialog(window).evaluate((box) => box.getBoundingClientRect().bottom <= innerHeight);
    expect(inside).toBe(true);
    await pbx.close();
  });
}
