// Spelling and the menu of the right mouse button, in the real program: what is offered, and what is asked of the network.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from './fixtures.ts';
import { choose, keepMenus, shownLabels } from './menus.ts';

const dictionary = '/usr/share/hunspell-bdic/de_DE.bdic';

test('the menu of the right mouse button edits what is written, and knows links', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const client = await signIn(pbx, 'alice');
  const { chat, focus } = client;
  await focus();
  await keepMenus(client);
  await chat.open('Bob Brown');
  bob.say('alice', 'look at https://example.com/plan');
  await chat.log.getByRole('link').click({ button: 'right' });
  await expect.poll(() => shownLabels(client)).toEqual(['Open link', 'Copy link']);
  await choose(client, 'Copy link');
  await chat.input.click({ button: 'right' });
  await expect
    .poll(() => shownLabels(client))
    .toEqual(['Cut', 'Copy', 'Paste', 'Paste as text', 'Select all', '-', 'Check spelling']);
  await choose(client, 'Paste as text');
  await expect(chat.input).toHaveText('https://example.com/plan');
});

test('nothing is asked of any other computer for the sake of spelling, whether it is off or on', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const log = testInfo.outputPath('network.json');
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice', { args: [`--log-net-log=${log}`] });
  const { app, chat } = client;
  await client.focus();
  await keepMenus(client);
  expect(await app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled())).toBe(false);
  await chat.open('Bob Brown');
  await chat.input.fill('Das ist ein Fehlr');
  await chat.input.click({ button: 'right' });
  await choose(client, 'English');
  await expect(client.window.getByText(/^There is no dictionary for English on this computer/)).toBeVisible();
  await client.close();
  const written = fs.readFileSync(log, 'utf8');
  // It is a log of what the program asked the network for, and the dictionary is in it.
  expect(written).toContain('/en-us-10-1.bdic');
  const hosts = [...written.matchAll(/"url":"(?:https?|wss?):\/\/([^/":]+)/g)].map((match) => match[1]);
  expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']));
});

test('with the dictionary of the system a wrong word has better ones, and one of them takes its place', async ({
  launchPbx,
  signIn,
}) => {
  test.skip(!fs.existsSync(dictionary), `needs ${dictionary}: run \`npm run setup\` as root on Debian`);
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { app, chat, window } = client;
  await client.focus();
  await keepMenus(client);
  await chat.open('Bob Brown');
  await chat.input.click({ button: 'right' });
  await expect.poll(() => shownLabels(client)).toContain('Check spelling');
  await choose(client, 'German');
  expect(await app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled())).toBe(true);
  await window.keyboard.type('Das ist ein Fehlerr ');
  const word = async () => {
    const place = await chat.input.evaluate((input) => {
      const text = document.createTreeWalker(input, NodeFilter.SHOW_TEXT).nextNode();
      if (!(text instanceof Text)) throw new Error('no text');
      const range = document.createRange();
      range.setStart(text, 14);
      range.setEnd(text, 16);
      const { left, top, height } = range.getBoundingClientRect();
      return { x: left + 2, y: top + height / 2 };
    });
    await window.mouse.click(place.x, place.y, { button: 'right' });
    return shownLabels(client);
  };
  await expect.poll(word, { timeout: 15_000 }).toContain('Fehler');
  expect(await shownLabels(client)).toContain('Add “Fehlerr” to the dictionary');
  await choose(client, 'Fehler');
  await expect(chat.input).toHaveText('Das ist ein Fehler ');
  await client.close();
  // It is remembered, and so is the dictionary: nothing has to be handed out again.
  const kept = path.join(client.userDataDir, 'settings.json');
  expect(JSON.parse(fs.readFileSync(kept, 'utf8'))).toMatchObject({ spelling: ['de'] });
});

test('the settings choose the languages too, at once', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { app, window, keepPicture } = await signIn(pbx, 'alice');
  const checks = () => app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled());
  expect(await checks()).toBe(false);
  await window.keyboard.press('Control+,');
  await window.getByRole('dialog').getByText('Language', { exact: true }).first().click();
  const languages = window.getByRole('textbox', { name: 'Check spelling in' });
  await languages.fill('de en-US');
  await languages.press('Enter');
  await expect.poll(checks).toBe(true);
  await keepPicture('settings-spelling');
  await languages.fill('');
  await languages.press('Enter');
  await expect.poll(checks).toBe(false);
});
