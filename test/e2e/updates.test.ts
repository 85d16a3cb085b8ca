// Updates of a copy that nobody installed: the dialog says why there are none. What an update does is in
// packaged.test.ts.
import { expect, test } from './fixtures.ts';
import { chooseInAppMenu } from './menus.ts';

test('says why this copy does not update itself', async ({ launchClient }) => {
  const client = await launchClient();
  const { window } = client;
  await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  await chooseInAppMenu(client, 'updates');
  const dialog = window.getByRole('dialog', { name: 'Updates' });
  await expect(dialog.getByRole('status')).toHaveText(
    'This copy of the program is not installed, so it does not update itself.',
  );
  await expect(dialog.getByRole('button', { name: 'Look now' })).toHaveCount(0);
  await client.keepPicture('updates-off');
  await window.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
