// People (protocol, section 8): finding them, their presence while they are on screen, and one's own.
import { startPbx } from '../pbx/index.ts';
import { largeWorld } from '../pbx/worlds/large.ts';
import { smallWorld } from '../pbx/worlds/small.ts';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const field = (window: Page) => window.getByRole('combobox', { name: 'Name, address or number' });
const choice = (window: Page, name: string | RegExp) =>
  window.getByRole('dialog').getByRole('option', { name });

test('a new chat begins with the favourites, which come and go while one looks', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { window, chat } = await signIn(pbx, 'alice');
  await window.getByRole('button', { name: 'New chat' }).first().click();
  await expect(choice(window, /Tom Thompson/)).toBeVisible();
  pbx.setFavourite('alice', 'olga', true);
  await expect(choice(window, /Olga Orlova/)).toBeVisible();
  pbx.setFavourite('alice', 'tom', false);
  await expect(choice(window, /Tom Thompson/)).toHaveCount(0);
  await choice(window, /Olga Orlova/).click();
  await expect(window.getByRole('heading', { name: 'Olga Orlova' })).toBeVisible();
  await expect(chat.input).toBeFocused();
});

test('Ctrl+K goes to a chat, a favourite or an address with the keyboard alone', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { window, chat, focus } = await signIn(pbx, 'alice');
  await focus();
  for (const [typed, name] of [
    ['tem', 'Team'],
    ['BÖB', 'Bob Brown'],
    ['tt', 'Tom Thompson'],
    ['im:olga@example.com', 'Olga Orlova'],
    ['32', 'Tina Turner'],
  ] as const) {
    await window.keyboard.press('Control+k');
    await expect(field(window)).toBeFocused();
    await window.keyboard.type(typed);
    await window.keyboard.press('Enter');
    await expect(window.getByRole('heading', { name })).toBeVisible();
    await expect(chat.input).toBeFocused();
  }
  // The most recent other chat is where Enter alone goes.
  await window.keyboard.press('Control+k');
  await expect(field(window)).toHaveValue('');
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('ArrowUp');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { name: 'Bob Brown' })).toBeVisible();
});

test('what was typed to find somebody survives a wrong address, Escape, and the search of the list', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { window, chat, focus } = await signIn(pbx, 'alice');
  await focus();
  await chat.open('Bob Brown');
  await window.keyboard.press('Control+k');
  await window.keyboard.type('nobody.here');
  await window.keyboard.press('Enter');
  await expect(field(window)).toHaveAccessibleDescription(/knows nobody of this name/);
  await expect(field(window)).toHaveValue('nobody.here');
  await window.keyboard.press('Escape');
  await expect(field(window)).toHaveCount(0);
  await expect(chat.input).toBeFocused();
  await window.keyboard.press('Control+k');
  await expect(field(window)).toHaveValue('nobody.here');
  await window.keyboard.press('Escape');
  const search = window.getByRole('searchbox', { name: 'Search chats' });
  await search.fill('olga');
  await search.press('Enter');
  await expect(field(window)).toHaveValue('olga');
  await field(window).press('Enter');
  await expect(window.getByRole('heading', { name: 'Olga Orlova' })).toBeVisible();
});

test('presence is watched for those on screen, and ended for those who left it', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx({ world: largeWorld({ discussions: 300, messages: 300 }), bots: false });
  const { window, chat } = await signIn(pbx, 'alice');
  await expect(chat.rows.first()).toBeVisible();
  const sips = (mt: string) => new Set(pbx.received.of(mt, 'alice').map((frame) => String(frame['sip'])));
  await expect.poll(() => sips('SubscribePresence').size).toBeGreaterThan(5);
  expect(sips('SubscribePresence').size).toBeLessThan(40);
  const first = [...sips('SubscribePresence')].filter((sip) => sip.startsWith('user'));
  await chat.rows.first().focus();
  await window.keyboard.press('End');
  await expect
    .poll(() => first.every((sip) => sips('UnsubscribePresence').has(sip)), { timeout: 15_000 })
    .toBe(true);
  expect(sips('SubscribePresence').size).toBeLessThan(80);
});

test('own presence and note are set here, and shown here when another device sets them', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const phone = await pbx.user('alice', { chat: false });
  const { window } = await signIn(pbx, 'alice');
  const own = window.getByRole('button', { name: /^Your menu/ });
  await own.click();
  await window.getByRole('menuitemradio', { name: 'Do not disturb' }).click();
  await expect(own).toHaveAccessibleName(/Do not disturb/);
  await own.click();
  await window.getByRole('menuitem', { name: 'Note …' }).click();
  await window.getByRole('textbox', { name: 'Note' }).fill('Back at two');
  await window.getByRole('button', { name: 'Save' }).click();
  await expect(window.getByText('Do not disturb – Back at two')).toBeVisible();
  expect(pbx.received.of('SetOwnPresence', 'alice').at(-1)).toMatchObject({
    activity: 'dnd',
    note: 'Back at two',
  });
  phone.sendClient({ mt: 'SetOwnPresence', activity: 'away', note: 'On the train' });
  await expect(window.getByText('Away – On the train')).toBeVisible();
});

for (const [language, theme] of [
  ['en', 'light'],
  ['de', 'dark'],
] as const) {
  test(`nobody to offer, and nobody found, has words, in ${language} and ${theme}`, async ({
    launchClient,
  }) => {
    const { users } = smallWorld();
    const pbx = await startPbx({
      world: smallWorld({
        groups: [],
        history: () => [],
        users: users.map((user) => ({
          ...user,
          favourites: user.sip === 'bob' ? ['alice', 'olga', 'tom'] : [],
        })),
      }),
    });
    for (const user of ['alice', 'bob']) {
      const { window, keepPicture, close } = await launchClient({
        login: { server: pbx.url, user, password: user },
        args: [`--lang=${language}`, '--theme', theme],
      });
      await expect(window.locator('.search input')).toBeVisible();
      await expect(window.getByTestId('connection')).toBeHidden();
      await window.keyboard.press('Control+n');
      const input = window.getByRole('dialog').getByRole('combobox');
      await expect(input).toBeFocused();
      await expect(window.getByRole('dialog').getByRole('option')).toHaveCount(user === 'bob' ? 3 : 0);
      await keepPicture(`new-chat-${user === 'bob' ? 'favourites' : 'nobody'}-${language}-${theme}`);
      await input.fill('Donaudampfschifffahrtsgesellschaftskapitän');
      await input.press('Enter');
      await expect(input).toHaveAccessibleDescription(/\S/);
      await expect(input).toHaveAttribute('aria-invalid', 'true');
      await keepPicture(`new-chat-nothing-found-${language}-${theme}`);
      await close();
    }
    await pbx.close();
  });
}
