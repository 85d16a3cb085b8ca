// Pictures of the main screens, kept in artifacts/screens to be looked at, with the cases in them that break layouts:
// names of sixty characters, addresses only, emoji, right-to-left text, a message of one letter and one of five thousand.
// What no eye is needed for is checked on the way: nothing is wider than the window, and axe finds nothing.
import type { PbxStartOptions } from '../pbx/index.ts';
import { smallWorld } from '../pbx/worlds/small.ts';
import { check } from './access.ts';
import { expect, test } from './fixtures.ts';

const names: [sip: string, dn: string][] = [
  ['long', 'Dr. Maximiliane Freifrau von und zu Oberhausen-Wittelsbach-Nord'],
  ['emoji', '🚀🛰️'],
  ['rtl', 'محمد العبد الله'],
  ['q', 'Q'],
  ['address-only.with-a-long-host', ''],
  ['kanji', '佐藤 花子'],
];
const texts: [from: string, text: string][] = [
  ['long', 'Passt es am Donnerstag um zehn? Ich bringe die Zeichnungen mit, <b>alle</b> vier.'],
  ['emoji', '👍'],
  ['rtl', 'شكرا جزيلا، سأراجع الملف غدا صباحا (Angebot_2026.pdf) وأعود إليك'],
  ['q', 'k'],
  ['address-only.with-a-long-host', 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(4)],
  ['kanji', '了解しました。<ul><li>一つ目</li><li>二つ目</li></ul>'],
];

function oddWorld(): PbxStartOptions {
  const small = smallWorld();
  const crowd = Array.from({ length: 300 }, (_, i): [string, string] => [`p${i}`, `Person ${i + 1}`]);
  const person = ([sip, dn]: [string, string]) => ({
    ...{ sip, dn, num: '', password: sip, licensed: true, chat: true },
  });
  return {
    world: {
      ...small,
      users: [...small.users, ...names.map(person), ...crowd.map(person)],
      history: (now) => [
        ...small.history(now),
        ...texts.flatMap(([from, text], i) => [
          { from: 'alice', to: from, at: now - 90_000_000 - i * 60_000, text: 'Hallo' },
          { from, to: 'alice', at: now - 60_000 * (i + 1), text, unreadBy: i % 2 === 0 ? ['alice'] : [] },
        ]),
        {
          from: 'alice',
          to: 'long',
          at: now - 3_000_000,
          text: `${'Fünftausend Zeichen. '.repeat(238)}Ende.`,
        },
        { from: 'long', to: 'alice', at: now - 2_900_000, text: '😀' },
        ...crowd.map(([sip], i) => ({
          from: sip,
          to: 'alice',
          at: now - 86_400_000 - i * 4_000_000,
          text: 'ok',
        })),
      ],
    },
  };
}

for (const [theme, lang] of [
  ['light', 'en'],
  ['dark', 'de'],
] as const) {
  const args = [`--theme=${theme}`, `--lang=${lang}`];
  const german = lang === 'de';
  const say = (en: string, de: string) => (german ? de : en);

  test(`${theme} ${lang}: login, and what can be wrong about it`, async ({ launchClient }) => {
    const client = await launchClient({ args });
    const { window, app } = client;
    await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
    await check(client, `login-${theme}`);
    await window.getByLabel('PBX', { exact: true }).fill('http://pbx.example.com');
    await window.getByLabel(say('User name', 'Benutzername')).fill('alice');
    await window.getByRole('button', { name: say('Sign in', 'Anmelden') }).click();
    await expect(window.locator('[aria-invalid=true]')).toHaveCount(1);
    await check(client, `login-error-${theme}`);

    await window.getByRole('button', { name: say('Report a problem', 'Problem melden') }).click();
    await expect(window.getByRole('button', { name: /^about\.txt/ })).toBeVisible();
    await check(client, `report-${theme}`);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(360, 480));
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(360);
    await check(client, `report-narrow-${theme}`);
  });

  test(`${theme} ${lang}: list, discussion, new chat, one column`, async ({ launchClient, launchPbx }) => {
    const pbx = await launchPbx(oddWorld());
    const login = { server: pbx.url, user: 'alice', password: 'alice' };
    const client = await launchClient({ args, login });
    const { window, app } = client;
    const rows = window.getByRole('listbox').getByRole('option');
    await expect(rows.first()).toBeVisible();
    await check(client, `start-${theme}`);

    await rows.filter({ hasText: 'Maximiliane' }).click();
    await expect(window.getByRole('log').getByText('Passt es am Donnerstag')).toBeVisible();
    await check(client, `discussion-long-${theme}`);
    await rows.filter({ hasText: 'محمد' }).click();
    await expect(window.getByRole('log').getByText('شكرا')).toBeVisible();
    await check(client, `discussion-right-to-left-${theme}`);
    await rows.filter({ hasText: 'address-only' }).click();
    await expect(window.getByRole('log').getByText('Donaudampf')).toBeVisible();
    await check(client, `discussion-one-word-${theme}`);

    await window.keyboard.press('Control+n');
    await expect(window.getByRole('dialog')).toBeVisible();
    await check(client, `new-chat-${theme}`);
    await window.keyboard.press('Escape');
    await expect(window.getByRole('dialog')).toBeHidden();

    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(360, 480));
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(360);
    await check(client, `one-column-${theme}`);

    await pbx.close();
    await expect(window.getByTestId('connection')).toBeVisible();
    await check(client, `offline-${theme}`);
  });

  test(`${theme} ${lang}: volatile chat, and a message that was not delivered`, async ({
    launchClient,
    launchPbx,
  }) => {
    const pbx = await launchPbx();
    const tina = await pbx.user('tina');
    const login = { server: pbx.url, user: 'tom', password: 'tom' };
    const client = await launchClient({ args, login });
    const { window } = client;
    await expect(window.getByRole('button', { name: /Tom Thompson/ })).toBeVisible();
    await check(client, `no-chats-${theme}`);
    await expect.poll(() => pbx.isRegistered('tom')).toBe(true);
    tina.say('tom', 'Hallo Tom');
    await window.getByRole('option', { name: /Tina Turner/ }).click();
    tina.close();
    await expect.poll(() => pbx.isRegistered('tina')).toBe(false);
    await window.getByRole('textbox').last().fill('Are you there?');
    await window.keyboard.press('Enter');
    await expect(window.locator('[data-delivery=failed]')).toBeVisible();
    await check(client, `volatile-failed-${theme}`);
  });
}
