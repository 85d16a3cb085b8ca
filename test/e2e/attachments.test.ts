// Files from the person's computer to the other side's, and back.
import type { Page } from '@playwright/test';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { answerDialog, downloadInto, picture, sendFromBob } from './file-steps.ts';
import { expect, test, type SignedIn } from './fixtures.ts';

/** Drops files as a file manager does, with their paths. */
async function drop(window: Page, files: string[]): Promise<void> {
  const box = await window.getByRole('log').boundingBox();
  const at = { x: (box?.x ?? 0) + 200, y: (box?.y ?? 0) + 100 };
  const session = await window.context().newCDPSession(window);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await session.detach();
}

/** Pastes a picture as a screenshot program leaves it on the clipboard. */
async function pastePicture({ window, chat }: SignedIn): Promise<void> {
  await chat.input.evaluate(
    (input, bytes) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(bytes)], 'image.png', { type: 'image/png' }));
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    [...picture],
  );
  await expect(window.getByRole('list', { name: 'Files of this message' })).toBeVisible();
}

const chips = (window: Page) =>
  window.getByRole('list', { name: 'Files of this message' }).getByRole('listitem');

test('several files go with one message: by the dialog, dropped, and pasted', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const client = await signIn(pbx, 'alice');
  const { chat, window, app } = client;
  const file = (name: string, content: string | Buffer) => {
    const place = testInfo.outputPath(name);
    fs.writeFileSync(place, content);
    return place;
  };
  await chat.open('Bob Brown');
  await answerDialog(app, [file('plan ä & b.txt', 'the plan'), file('photo.png', picture)]);
  await window.getByRole('button', { name: 'Attach files' }).click();
  await expect(chips(window)).toHaveCount(2);
  await expect(chat.input).toBeFocused();
  await drop(window, [file('dropped.csv', 'a,b')]);
  await expect(chips(window)).toHaveCount(3);
  await pastePicture(client);
  await expect(chips(window)).toHaveCount(4);
  await expect(chips(window).last()).toContainText(/Picture \d{4}-\d\d-\d\d \d\d\.\d\d\.png/);
  await expect(window.locator('[data-upload=done]')).toHaveCount(4);
  await client.keepPicture('attachments-tray');
  expect(fs.readdirSync(path.join(client.userDataDir, 'outgoing'))).toHaveLength(1);
  await chat.write('Here you are');
  const message = await bob.waitFor((one) => one.attach.length > 0);
  expect(message.text).toBe('Here you are');
  expect(message.attach).toHaveLength(4);
  const contents = await Promise.all(message.attach.map(async (url) => (await fetch(url)).text()));
  expect([contents[0], contents[2]]).toEqual(['the plan', 'a,b']);
  await expect(chat.log.getByText('plan ä & b.txt')).toBeVisible();
  await expect(chips(window)).toHaveCount(0);
  // What was pasted had a private file, which is of no use any more.
  await expect.poll(() => fs.readdirSync(path.join(client.userDataDir, 'outgoing')).length).toBe(0);
});

test('an upload shows its progress, is cancelled, fails with a reason and is tried again', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window, app } = await signIn(pbx, 'alice');
  const file = testInfo.outputPath('large.bin');
  fs.writeFileSync(file, Buffer.alloc(8_000_000, 1));
  await chat.open('Bob Brown');
  await answerDialog(app, [file]);
  pbx.faults.fileRate = 400_000;
  await window.getByRole('button', { name: 'Attach files' }).click();
  await expect(window.getByRole('progressbar', { name: 'Progress of large.bin' })).toBeVisible();
  await expect(chips(window)).toContainText(/MB of 8 MB, .* per second/);
  await window.getByRole('button', { name: 'Remove large.bin' }).click();
  await expect(chips(window)).toHaveCount(0);
  pbx.faults.fileRate = 0;
  pbx.faults.upload = 'ok-false';
  await window.getByRole('button', { name: 'Attach files' }).click();
  await expect(chips(window)).toContainText('The server refused the file.');
  pbx.faults.upload = 'none';
  await window.getByRole('button', { name: 'Try large.bin again' }).click();
  await expect(window.locator('[data-upload=done]')).toHaveCount(1);
  await expect(chat.input).toBeFocused();
  await chat.input.press('Enter');
  const message = await bob.waitFor((one) => one.attach.length > 0);
  expect(message.text).toBe('');
});

test('a message waits for its files, and stopping it loses nothing', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window, app } = await signIn(pbx, 'alice');
  const file = testInfo.outputPath('slow.bin');
  fs.writeFileSync(file, Buffer.alloc(4_000_000, 1));
  await chat.open('Bob Brown');
  await answerDialog(app, [file]);
  pbx.faults.fileRate = 50_000;
  await window.getByRole('button', { name: 'Attach files' }).click();
  await expect(chips(window)).toHaveCount(1);
  await chat.write('with a file');
  await chat.write('overtakes it');
  await bob.waitFor((one) => one.text === 'overtakes it');
  expect(bob.messages.some((one) => one.text === 'with a file')).toBe(false);
  await window.getByRole('button', { name: 'Stop sending' }).click();
  await expect(chat.log.getByText('Not sent: you stopped it.')).toBeVisible();
  pbx.faults.fileRate = 0;
  await window.getByRole('button', { name: 'Send again' }).click();
  expect((await bob.waitFor((one) => one.text === 'with a file')).attach).toHaveLength(1);
});

test('a picture keeps its room, opens in large, and the keyboard leads through', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, window } = client;
  await chat.open('Bob Brown');
  await sendFromBob(pbx, 'one.png', picture);
  const loaded = (name: string) =>
    expect
      .poll(() =>
        chat.log.getByRole('img', { name }).evaluate((img) => (img as HTMLImageElement).naturalWidth),
      )
      .toBe(640);
  await loaded('one.png');
  await sendFromBob(pbx, 'two.png', picture);
  await loaded('two.png');
  await client.keepPicture('attachments-pictures');
  await window.getByRole('button', { name: 'Enlarge two.png' }).click();
  const viewer = window.getByRole('dialog');
  await expect(viewer.getByRole('heading')).toHaveText('two.png, 2 of 2');
  await window.keyboard.press('ArrowLeft');
  await expect(viewer.getByRole('heading')).toHaveText('one.png, 1 of 2');
  await window.keyboard.press('+');
  await expect(viewer.getByRole('img')).toHaveAttribute('data-scale', '1.50');
  await window.keyboard.press('-');
  await expect(viewer.getByRole('img')).toHaveAttribute('data-scale', '1.00');
  await client.keepPicture('attachments-viewer');
  await window.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(window.getByRole('button', { name: 'Enlarge two.png' })).toBeFocused();
  await window.keyboard.press('Escape');
  await expect(chat.input).toBeFocused();
});

test('sound plays in place', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await sendFromBob(pbx, 'call.wav', silence(2));
  const audio = chat.log.locator('audio');
  await expect(audio).toBeVisible();
  await expect.poll(() => audio.evaluate((element) => (element as HTMLAudioElement).duration)).toBe(2);
  await audio.evaluate((element) => (element as HTMLAudioElement).play());
  await expect
    .poll(() => audio.evaluate((element) => (element as HTMLAudioElement).currentTime))
    .toBeGreaterThan(0);
});

test('a file is saved twice under two names, and a program only after a question', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const folder = testInfo.outputPath('downloads');
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, window, app } = client;
  await downloadInto(app, folder);
  await chat.open('Bob Brown');
  await sendFromBob(pbx, 'report.txt', 'the report');
  await expect(chat.log.getByText('TXT, 10 byte')).toBeVisible();
  for (const name of ['report.txt', 'report (1).txt']) {
    await window.getByRole('button', { name: 'Save report.txt', exact: true }).click();
    await expect(chat.log.getByText(`Saved as ${name}`)).toBeVisible();
    expect(fs.readFileSync(path.join(folder, name), 'utf8')).toBe('the report');
    expect(fs.statSync(path.join(folder, name)).mode & 0o111).toBe(0);
  }
  await expect(window.getByRole('button', { name: 'Show in folder' })).toBeVisible();
  await client.keepPicture('attachments-saved');
  await sendFromBob(pbx, 'setup.exe', 'MZ');
  await window.getByRole('button', { name: 'Save setup.exe', exact: true }).click();
  await expect(window.getByRole('dialog')).toContainText('is a program or can start one');
  await window.keyboard.press('Escape');
  expect(fs.existsSync(path.join(folder, 'setup.exe'))).toBe(false);
  await window.getByRole('button', { name: 'Save setup.exe', exact: true }).click();
  await window.getByRole('button', { name: 'Save anyway' }).click();
  await expect(chat.log.getByText('Saved as setup.exe')).toBeVisible();
  expect(fs.readdirSync(folder).sort()).toEqual(['report (1).txt', 'report.txt', 'setup.exe']);
});

test('an address that has expired is replaced by the permanent one by itself', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const folder = testInfo.outputPath('downloads');
  const pbx = await launchPbx();
  const { chat, window, app } = await signIn(pbx, 'alice');
  await downloadInto(app, folder);
  await chat.open('Bob Brown');
  await sendFromBob(pbx, 'notes.txt', 'notes');
  await expect(chat.log.getByText('notes.txt')).toBeVisible();
  pbx.setSwitch('temporaryFiles', 'gone');
  await window.getByRole('button', { name: 'Save notes.txt', exact: true }).click();
  await expect(chat.log.getByText('Saved as notes.txt')).toBeVisible();
  expect(fs.readFileSync(path.join(folder, 'notes.txt'), 'utf8')).toBe('notes');
  // And where there is no permanent one, it is said in words.
  pbx.setSwitch('permanentFiles', 'absent');
  await sendFromBob(pbx, 'lost.txt', 'lost');
  await window.getByRole('button', { name: 'Save lost.txt', exact: true }).click();
  await expect(chat.log.getByText('The server does not have this file any more.').first()).toBeVisible();
});

test('somebody else’s server is never asked', async ({ launchPbx, signIn }) => {
  let asked = 0;
  const server = http.createServer((_request, response) => {
    asked++;
    response.end(picture);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bait.png`;
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat } = await signIn(pbx, 'alice', { expectErrors: [/Failed to load resource/] });
  await chat.open('Bob Brown');
  bob.send('alice', '', url);
  await expect(
    chat.log.getByText(/not at your PBX but on a server that your PBX does not name/),
  ).toBeVisible();
  expect(asked).toBe(0);
  server.close();
});

test('without the stored chat the button says why nothing can be attached', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const { chat, window } = await signIn(pbx, 'tom');
  tina.say('tom', 'hello');
  await chat.open('Tina Turner');
  const button = window.getByRole('button', { name: 'Attach files' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(button).toHaveAccessibleDescription(/Your user has no chat licence/);
});

test('a large file costs no memory', async ({ launchPbx, signIn }, testInfo) => {
  test.setTimeout(120_000);
  const pbx = await launchPbx();
  const { chat, window, app } = await signIn(pbx, 'alice');
  const file = testInfo.outputPath('sparse.bin');
  fs.closeSync(fs.openSync(file, 'w'));
  fs.truncateSync(file, 300 * 1024 * 1024);
  await chat.open('Bob Brown');
  await answerDialog(app, [file]);
  const memory = () => app.evaluate(() => process.memoryUsage().rss);
  const before = await memory();
  let most = before;
  await window.getByRole('button', { name: 'Attach files' }).click();
  await expect
    .poll(
      async () => {
        most = Math.max(most, await memory());
        return window.locator('[data-upload=done]').count();
      },
      { timeout: 100_000 },
    )
    .toBe(1);
  expect(most - before).toBeLessThan(100 * 1024 * 1024);
});

/** A WAV file of so many seconds. */
function silence(seconds: number): Buffer {
  const rate = 8000;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + rate * seconds, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(rate * seconds, 40);
  return Buffer.concat([header, Buffer.alloc(rate * seconds, 128)]);
}
