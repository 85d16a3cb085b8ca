// The window in each language, in the size that it opens in and in the smallest one: what is said is of that language,
// nothing is wider than the window, and no button cuts its own words off. The pictures are kept in artifacts/screens.
import type { Page } from '@playwright/test';
import { words } from '../../assets/translations/index.ts';
import { languages } from '../../assets/translations/words.ts';
import { expect, test } from './fixtures.ts';

/** What does not fit: the page itself, a button whose words are longer than it, a hint in an empty field, or a dialog. */
function cutOff(window: Page): Promise<string[]> {
  return window.evaluate(() => {
    const wider = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
    const buttons = [
      ...document.querySelectorAll<HTMLElement>('button, [role=menuitem], [role=menuitemradio]'),
    ]
      .filter((button) => button.scrollWidth > button.clientWidth + 1)
      .map((button) => button.textContent.trim());
    const context = document.createElement('canvas').getContext('2d');
    const hints = [...document.querySelectorAll('input')]
      .filter((input) => input.checkVisibility())
      .filter((input) => {
        const style = getComputedStyle(input);
        if (context !== null) context.font = style.font;
        const width = context?.measureText(input.placeholder).width ?? Number.POSITIVE_INFINITY;
        return width > input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      })
      .map((input) => input.placeholder);
    const dialogs = [...document.querySelectorAll('dialog, dialog div')]
      .filter(
        (box) => /auto|scroll/.test(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth,
      )
      .map((box) => `in ${box.className}: ${box.textContent.trim().slice(0, 60)}`);
    return [...wider, ...buttons, ...hints, ...dialogs];
  });
}

for (const language of languages) {
  test(`the window in ${language}`, async ({ launchClient, launchPbx }) => {
    const t = words([language]);
    const args = [`--lang=${language}`, '--theme=light'];
    const pbx = await launchPbx();

    const outside = await launchClient({ args });
    await expect(outside.window.getByRole('heading', { name: t('login.title') })).toBeVisible();
    await outside.window.getByLabel(t('login.server'), { exact: true }).fill('pbx.example.com');
    await outside.window.getByLabel(t('login.user')).fill('alice');
    await outside.window.getByRole('button', { name: t('login.submit'), exact: true }).click();
    await expect(outside.window.getByText(t('login.reason.password-empty'))).toBeVisible();

    const inside = await launchClient({
      args,
      login: { server: pbx.url, user: 'alice', password: 'alice' },
    });
    const { window } = inside;
    await expect(window.getByText(t('start.text'))).toBeVisible();

    for (const [width, height] of [
      [1000, 700],
      [360, 480],
    ] as const) {
      const look = async (client: typeof inside, what: string) => {
        await client.app.evaluate(
          ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size),
          [width, height] as [number, number],
        );
        await expect.poll(() => client.window.evaluate(() => innerWidth)).toBe(width);
        await client.keepPicture(`language-${language}-${width}-${what}`);
        expect(await cutOff(client.window), `${what} at ${width}`).toEqual([]);
      };
      await look(outside, 'login');
      await look(inside, 'start');

      await window
        .getByRole('button', { name: /^.*Alice/ })
        .first()
        .click();
      await expect(window.getByRole('menuitem', { name: t('menu.signOut') })).toBeVisible();
      await look(inside, 'own-menu');
      await window.getByRole('menuitem', { name: t('report.open') }).click();
      await expect(window.getByRole('dialog', { name: t('report.title') })).toBeVisible();
      await expect(window.getByRole('button', { name: t('report.save') })).toBeEnabled();
      await look(inside, 'report');
      await window.keyboard.press('Escape');
      await expect(window.getByRole('dialog')).toBeHidden();

      await window.keyboard.press('Control+/');
      await expect(window.getByRole('dialog', { name: t('shortcut.title') })).toBeVisible();
      await look(inside, 'shortcuts');
      await window.keyboard.press('Escape');
      await expect(window.getByRole('dialog')).toBeHidden();

      await window.keyboard.press('Control+,');
      const settings = window.getByRole('dialog', { name: t('settings.title') });
      for (const section of ['account', 'notifications', 'appearance', 'advanced', 'about'] as const) {
        await settings
          .getByRole('navigation')
          .getByRole('button', { name: t(`settings.section.${section}`), exact: true })
          .click();
        await look(inside, `settings-${section}`);
        if (width < 640) await window.keyboard.press('Escape');
      }
      await window.keyboard.press('Escape');
      await expect(settings).toBeHidden();

      await window.keyboard.press('Control+n');
      await window.getByRole('button', { name: t('group.new') }).click();
      await expect(window.getByLabel(t('group.name'))).toBeVisible();
      await look(inside, 'group');
      await window.keyboard.press('Escape');
      await expect(window.getByRole('dialog')).toBeHidden();

      await window.locator('[data-discussion=bob]').click();
      await expect(
        window.getByRole('textbox', { name: t('composer.label', { name: 'Bob Brown' }) }),
      ).toBeFocused();
      await window.getByRole('button', { name: t('composer.format') }).click();
      await expect(window.getByRole('toolbar')).toBeVisible();
      await look(inside, 'discussion');
      await window.getByRole('button', { name: t('composer.format') }).click();
      await window.getByRole('button', { name: t('emoji.button') }).click();
      await expect(
        window
          .getByRole('textbox', { name: t('emoji.search') })
          .or(window.getByRole('combobox', { name: t('emoji.search') })),
      ).toBeVisible();
      await look(inside, 'emoji');
      await window.keyboard.press('Escape');
      if (width < 640) continue;
      await window.getByRole('button', { name: t('discussion.menu') }).click();
      await look(inside, 'discussion-menu');
      await window.getByRole('menuitem', { name: t('discussion.close') }).click();
      await expect(window.getByText(t('start.text'))).toBeVisible();
    }
  });
}
