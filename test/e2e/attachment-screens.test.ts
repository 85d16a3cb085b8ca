// Pictures of files in every state, light and wide in English, dark and narrow in German: kept in artifacts/screens,
// and checked for what needs no eye.
import fs from 'node:fs';
import { check } from './access.ts';
import { answerDialog, picture, sendFromBob } from './file-steps.ts';
import { expect, test } from './fixtures.ts';

const longPicture = `Empfang ${'mit der neuen Treppe '.repeat(5).trim()}.png`;
const longName = `Angebot ${'Donaudampfschifffahrtsgesellschaft '.repeat(5).trim()}.pdf`;

for (const [theme, lang, width] of [
  ['light', 'en', 1000],
  ['dark', 'de', 360],
] as const) {
  const say = (en: string, de: string) => (lang === 'de' ? de : en);

  test(`${theme} ${lang} ${width}: files in the input, in the chat, enlarged, and asked about`, async ({
    launchPbx,
    launchClient,
  }, testInfo) => {
    const pbx = await launchPbx();
    const login = { server: pbx.url, user: 'alice', password: 'alice' };
    const client = await launchClient({ args: [`--theme=${theme}`, `--lang=${lang}`], login });
    const { window, app } = client;
    await app.evaluate(({ BrowserWindow }, to) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(to, 700);
    }, width);
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(width);
    await window.getByRole('option', { name: /Bob Brown/ }).click();

    const ready = testInfo.outputPath(longName);
    const lost = testInfo.outputPath('lost.txt');
    for (const place of [ready, lost]) fs.writeFileSync(place, 'what is in it');
    await answerDialog(app, [ready]);
    const attach = window.getByRole('button', { name: say('Attach files', 'Dateien anhängen') });
    await attach.click();
    await expect(window.locator('[data-upload=done]')).toHaveCount(1);
    pbx.faults.upload = 'ok-false';
    await answerDialog(app, [lost]);
    await attach.click();
    await expect(window.locator('[data-upload=failed]')).toHaveCount(1);
    pbx.faults.upload = 'none';
    await check(client, `files-tray-${theme}`);

    await sendFromBob(pbx, longName, 'what is in it');
    await sendFromBob(pbx, 'setup.exe', 'MZ');
    await expect(window.getByRole('log').getByText('setup.exe')).toBeVisible();
    await check(client, `files-cards-${theme}`);
    await sendFromBob(pbx, longPicture, picture);
    const enlarge = window.getByRole('button', {
      name: say(`Enlarge ${longPicture}`, `${longPicture} groß anzeigen`),
    });
    await enlarge.click();
    await expect(window.getByRole('dialog').getByRole('img')).toBeVisible();
    await check(client, `files-viewer-${theme}`);
    await window.keyboard.press('Escape');

    await window
      .getByRole('button', { name: say('Save setup.exe', 'setup.exe speichern'), exact: true })
      .click();
    await expect(
      window.getByRole('heading', {
        name: say('This file could do harm', 'Diese Datei könnte Schaden anrichten'),
      }),
    ).toBeVisible();
    await check(client, `files-ask-${theme}`);
  });
}
