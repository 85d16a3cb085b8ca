// The settings screen, by keyboard and as it looks: what is changed there counts at once, and is still so after a restart.
import fs from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import type { Page } from '@playwright/test';
import { ChatWindow, expect, test, type Client } from './fixtures.ts';
import { chooseInAppMenu } from './menus.ts';

const sections = {
  en: [
    'Account',
    'Notifications',
    'Appearance',
    'Language',
    'Start-up',
    'Downloads',
    'Advanced',
    'Tracing',
    'About',
  ],
  de: [
    'Konto',
    'Benachrichtigungen',
    'Darstellung',
    'Sprache',
    'Start',
    'Downloads',
    'Erweitert',
    'Protokolle',
    'Über',
  ],
};
const files = [
  'account',
  'notifications',
  'appearance',
  'language',
  'startup',
  'downloads',
  'advanced',
  'tracing',
  'about',
];

async function open(window: Page, title = 'Settings'): Promise<void> {
  await window.keyboard.press('Control+,');
  await expect(window.getByRole('dialog', { name: title })).toBeVisible();
  await expect(window.getByRole('heading', { level: 3 })).toBeVisible();
}

async function expectClean(client: Client, name: string): Promise<void> {
  const { window } = client;
  await client.keepPicture(name);
  const wider = await window.evaluate(() =>
    [...document.querySelectorAll('dialog .panel, dialog nav, html')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => element.className),
  );
  expect(wider, `${name} is wider than its place`).toEqual([]);
  await window.evaluate(axe.source);
  const violations = await window.evaluate(async () => {
    const found = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  expect(violations, name).toEqual([]);
}

for (const [theme, lang] of [
  ['light', 'en'],
  ['dark', 'de'],
] as const) {
  const title = lang === 'en' ? 'Settings' : 'Einstellungen';

  test(`settings ${theme} ${lang}: every section by keyboard, and axe finds nothing`, async ({
    launchClient,
    launchPbx,
  }) => {
    test.setTimeout(120_000);
    const pbx = await launchPbx();
    const login = { server: pbx.url, user: 'alice', password: 'alice' };
    const client = await launchClient({ args: [`--theme=${theme}`, `--lang=${lang}`], login });
    const { window } = client;
    await expect(window.getByRole('listbox').getByRole('option').first()).toBeVisible();
    await open(window, title);
    for (const [i, name] of sections[lang].entries()) {
      if (i > 0) await window.keyboard.press('ArrowDown');
      await expect(window.getByRole('button', { name, exact: true })).toBeFocused();
      await expect(window.getByRole('heading', { level: 3, name, exact: true })).toBeVisible();
      await expectClean(client, `settings-${files[i]}-${theme}`);
    }
    await window.keyboard.press('Shift+Tab');
    await window.keyboard.type(lang === 'en' ? 'tray' : 'Infobereich');
    await expect(window.getByRole('switch')).toHaveCount(1);
    await expectClean(client, `settings-search-${theme}`);
    await window.keyboard.type(' zzz');
    await expect(window.locator('.nothing')).toBeVisible();
    await window.keyboard.press('Escape');
    await expect(window.getByRole('searchbox').last()).toHaveValue('');

    await client.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(360, 480),
    );
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(360);
    await expectClean(client, `settings-narrow-${theme}`);
    const [account = ''] = sections[lang];
    await window.getByRole('button', { name: account, exact: true }).click();
    await expect(window.locator('.back')).toBeFocused();
    await expectClean(client, `settings-narrow-section-${theme}`);
    await window.keyboard.press('Escape');
    await expect(window.getByRole('button', { name: account, exact: true })).toBeFocused();
    await window.keyboard.press('Escape');
    await expect(window.getByRole('dialog')).toBeHidden();
  });
}

test('settings: what is changed counts at once, and after a restart', async ({ launchPbx, launchClient }) => {
  const pbx = await launchPbx();
  const login = { server: pbx.url, user: 'alice', password: 'alice' };
  const client = await launchClient({ login, args: ['--theme=light'], settings: { awayAfter: 5 } });
  const { window } = client;
  await new ChatWindow(client).ready();
  const root = window.locator('html');
  await open(window);
  await window.getByRole('searchbox').last().fill('theme');
  await window.getByLabel('Theme', { exact: true }).selectOption('Dark');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await window.getByRole('searchbox').last().fill('size');
  await window.getByLabel('Text size', { exact: true }).selectOption('Very large');
  await expect(root).toHaveAttribute('data-text-size', 'larger');
  await window.getByRole('searchbox').last().fill('density');
  await window.getByLabel('Density', { exact: true }).selectOption('Compact');
  await expect(root).toHaveAttribute('data-density', 'compact');

  await window.getByRole('searchbox').last().fill('away after');
  const away = window.getByRole('textbox', { name: 'Away after' });
  await away.fill('soon');
  await away.press('Enter');
  await expect(window.getByText('Enter a number from 0 to 1,440.')).toBeVisible();
  await expect(away).toHaveAttribute('aria-invalid', 'true');
  await away.press('Escape');
  await expect(away).toHaveValue('5');
  await expect(window.getByText('Enter a number from')).toBeHidden();
  await away.fill('12');
  await away.press('Enter');
  await expect(window.getByRole('button', { name: 'Reset “Away after”' })).toBeVisible();

  await window.getByRole('searchbox').last().fill('silent call');
  const idle = window.getByRole('textbox', { name: 'Keep a silent call for' });
  await expect(idle).toHaveValue('300');
  await idle.fill('90.5');
  await idle.blur();
  await expect(window.getByRole('button', { name: /^Reset/ })).toBeVisible();

  await window.getByRole('searchbox').last().fill('language');
  await window.getByLabel('Language', { exact: true }).selectOption('Deutsch');
  await expect(window.getByRole('dialog', { name: 'Einstellungen' })).toBeVisible();
  await expect(root).toHaveAttribute('lang', /^de/);
  const menu = await client.app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.items.map(({ label }) => label),
  );
  expect(menu).toContain('Bearbeiten');
  await client.close();

  const again = await launchClient({ login, userDataDir: client.userDataDir, args: ['--lang=de'] });
  await expect(again.window.getByRole('button', { name: /^Ihr Menü/ })).toBeVisible();
  await expect(again.window.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(again.window.locator('html')).toHaveAttribute('data-text-size', 'larger');
  await open(again.window, 'Einstellungen');
  await again.window.getByRole('searchbox').last().fill('stillen ruf');
  const kept = again.window.getByRole('textbox', { name: 'Stillen Ruf halten' });
  await expect(kept).toHaveValue('90,5');
  await again.window.getByRole('button', { name: '„Stillen Ruf halten“ zurücksetzen' }).click();
  await expect(kept).toHaveValue('300');
  await expect(kept).toBeFocused();
});

test('settings: the menus open them, before anybody is signed in too', async ({
  launchClient,
  launchPbx,
}) => {
  const client = await launchClient();
  const { window } = client;
  await window.getByRole('button', { name: 'Settings …' }).click();
  await expect(window.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await expect(window.getByText('Nobody is signed in.')).toBeVisible();
  await window.getByRole('button', { name: 'Close' }).click();
  await expect(window.getByRole('dialog')).toBeHidden();

  const pbx = await launchPbx();
  await window.getByLabel('PBX', { exact: true }).fill(pbx.url);
  await window.getByLabel('User name').fill('alice');
  await window.getByLabel('Password', { exact: true }).fill('alice');
  await window.keyboard.press('Enter');
  const chat = new ChatWindow(client);
  await chat.ready();
  await window.getByRole('button', { name: /^Your menu/ }).click();
  await window.getByRole('menuitem', { name: 'Settings …' }).click();
  await expect(window.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(window.getByRole('dialog')).toBeHidden();

  await chooseInAppMenu(client, 'settings');
  await expect(window.getByRole('dialog', { name: 'Settings' })).toBeVisible();
});

test('settings: a trace begins and ends while the program runs, without texts and secrets', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { window, chat } = client;
  const file = path.join(client.userDataDir, 'logs/trace.log');
  const traced = () => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
  await chat.open('Bob Brown');
  await open(window);
  await window.getByRole('button', { name: 'Tracing', exact: true }).click();
  const websocket = window.getByRole('switch', { name: 'WebSocket' });
  await websocket.press('Space');
  await expect(websocket).toBeChecked();
  await window.keyboard.press('Escape');
  await chat.write('Nobody else reads this');
  await expect(chat.message('Nobody else reads this')).toBeVisible();
  await expect.poll(traced).toMatch(/websocket app > .*im_message/);
  expect(traced()).not.toContain('Nobody else');

  await open(window);
  await window.getByRole('button', { name: 'Tracing', exact: true }).click();
  await websocket.press('Space');
  await expect(websocket).not.toBeChecked();
  await window.keyboard.press('Escape');
  const before = traced();
  await chat.write('And this is not traced');
  await expect(chat.delivery('And this is not traced')).toHaveAttribute('data-delivery', /sent|delivered/);
  expect(traced()).toBe(before);
});
