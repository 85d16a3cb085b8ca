// 'Save as …': the dialog belongs to the desktop and is answered; what happens at the place that was chosen is ours.
import fs from 'node:fs';
import path from 'node:path';
import { answerSaveDialog, sendFromBob } from './file-steps.ts';
import { expect, test } from './fixtures.ts';

test('a file is saved where the person says, in place of what they chose, whole or not at all', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const pbx = await launchPbx();
  const { app, chat, window } = await signIn(pbx, 'alice');
  await sendFromBob(pbx, 'notes.txt', 'what Bob wrote');
  await chat.open('Bob Brown');
  const saveAs = window.getByRole('button', { name: 'Save notes.txt as …' });
  const said = (text: string) => chat.log.getByText(text);
  const place = testInfo.outputPath('chosen');
  fs.mkdirSync(place);
  const chosen = path.join(place, 'mine.txt');
  const there = () => fs.readdirSync(place).sort();

  // Cancelled: nothing happens, and one goes on writing.
  const asked = await answerSaveDialog(app, null);
  await saveAs.click();
  await expect(chat.input).toBeFocused();
  expect(path.basename((await asked()) ?? '')).toBe('notes.txt');
  expect(there()).toEqual([]);

  await answerSaveDialog(app, chosen);
  await saveAs.click();
  await expect(said('Saved as mine.txt')).toBeVisible();
  expect(fs.readFileSync(chosen, 'utf8')).toBe('what Bob wrote');

  // What was there stays until all of the new one has come.
  const old = path.join(place, 'old.txt');
  fs.writeFileSync(old, 'mine, and much longer than what Bob wrote');
  await answerSaveDialog(app, old);
  pbx.faults.download = 'cut';
  await saveAs.click();
  await expect(said('The server of the file does not answer. Try again.')).toBeVisible();
  expect(fs.readFileSync(old, 'utf8')).toBe('mine, and much longer than what Bob wrote');
  expect(there()).toEqual(['mine.txt', 'old.txt']);
  pbx.faults.download = 'none';
  await saveAs.click();
  await expect(said('Saved as old.txt')).toBeVisible();
  expect(fs.readFileSync(old, 'utf8')).toBe('what Bob wrote');
  expect(there()).toEqual(['mine.txt', 'old.txt']);
});

test('a folder in which nothing can be written is named, and another one is taken', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const pbx = await launchPbx();
  const { app, chat, window } = await signIn(pbx, 'alice');
  await sendFromBob(pbx, 'notes.txt', 'what Bob wrote');
  await chat.open('Bob Brown');
  const saveAs = window.getByRole('button', { name: 'Save notes.txt as …' });
  // Root may write wherever there is a folder; below a file there is none for anybody.
  const closed = testInfo.outputPath('closed');
  if (process.getuid?.() === 0) fs.writeFileSync(closed, '');
  else fs.mkdirSync(closed, { mode: 0o555 });
  await answerSaveDialog(app, path.join(closed, 'notes.txt'));
  await saveAs.click();
  const problem = window.getByRole('alert').filter({ hasText: 'Nothing can be written to this folder.' });
  await expect(problem).toBeVisible();
  await answerSaveDialog(app, testInfo.outputPath('notes.txt'));
  await saveAs.click();
  await expect(chat.log.getByText('Saved as notes.txt')).toBeVisible();
  await expect(problem).toHaveCount(0);
});
