// What files do on screen and on the way to the disk, beyond attachments.test.ts: pictures that take their time, video,
// a download that is stopped, and an upload whose connection breaks.
import fs from 'node:fs';
import path from 'node:path';
import { answerDialog, downloadInto, picture, sendFromBob } from './file-steps.ts';
import { expect, test, type SignedIn } from './fixtures.ts';

/** Where messages stand, from the top of the window. */
async function places({ chat }: SignedIn, ...texts: string[]): Promise<number[]> {
  return Promise.all(texts.map(async (text) => (await chat.message(text).boundingBox())?.y ?? NaN));
}

test('a picture that comes late moves no text', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat } = client;
  await chat.open('Bob Brown');
  const bob = await sendFromBob(pbx, 'late.png', picture, picture.length / 4);
  bob.say('alice', 'below late.png');
  await expect(chat.message('below late.png')).toBeVisible();
  const image = chat.log.getByRole('img', { name: 'late.png' });
  await expect(image).toBeAttached();
  const loaded = () => image.evaluate((img) => (img as HTMLImageElement).complete);
  expect(await loaded()).toBe(false);
  const before = await places(client, 'Message 30', 'below late.png');
  await expect.poll(loaded).toBe(true);
  expect(await image.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(640);
  expect(await places(client, 'Message 30', 'below late.png')).toEqual(before);
});

test('a video plays in place', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  // A second of film, from the page's own recorder.
  const film = await window.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 48;
    const brush = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const ended = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let frame = 0; frame < 25; frame++) {
      if (brush) brush.fillStyle = `hsl(${frame * 10} 80% 50%)`;
      brush?.fillRect(0, 0, 64, 48);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await sendFromBob(pbx, 'clip.webm', Buffer.from(film));
  const video = chat.log.locator('video');
  await expect(video).toBeVisible();
  await video.evaluate((element) => (element as HTMLVideoElement).play());
  await expect
    .poll(() => video.evaluate((element) => (element as HTMLVideoElement).currentTime))
    .toBeGreaterThan(0.2);
  expect(await video.evaluate((element) => (element as HTMLVideoElement).videoWidth)).toBe(64);
});

test('a download shows its progress, is stopped without a trace, and is shown in its folder', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const folder = testInfo.outputPath('downloads');
  fs.mkdirSync(folder);
  const pbx = await launchPbx();
  const { chat, window, app } = await signIn(pbx, 'alice');
  await downloadInto(app, folder);
  await chat.open('Bob Brown');
  const content = Buffer.alloc(3_000_000, 7);
  await sendFromBob(pbx, 'large.dat', content);
  pbx.faults.fileRate = 300_000;
  await window.getByRole('button', { name: 'Save large.dat', exact: true }).click();
  await expect(window.getByRole('progressbar', { name: 'Progress of large.dat' })).toBeVisible();
  await window.getByRole('button', { name: 'Cancel' }).click();
  await expect(window.getByRole('progressbar')).toHaveCount(0);
  await expect.poll(() => fs.readdirSync(folder)).toEqual([]);
  pbx.faults.fileRate = 0;
  await window.getByRole('button', { name: 'Save large.dat', exact: true }).click();
  await expect(chat.log.getByText('Saved as large.dat')).toBeVisible();
  expect(fs.readFileSync(path.join(folder, 'large.dat')).equals(content)).toBe(true);
  const asked = await app.evaluate(({ shell }) => {
    const calls: string[] = [];
    shell.showItemInFolder = (file) => void calls.push(`show ${file}`);
    shell.openPath = (file) => {
      calls.push(`open ${file}`);
      return Promise.resolve('');
    };
    (globalThis as unknown as { asked: string[] }).asked = calls;
    return calls.length;
  });
  expect(asked).toBe(0);
  await window.getByRole('button', { name: 'Show in folder' }).click();
  await window.getByRole('button', { name: 'Open', exact: true }).click();
  const file = path.join(folder, 'large.dat');
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked))
    .toEqual([`show ${file}`, `open ${file}`]);
});

test('odd names are saved under names that every system takes', async ({ launchPbx, signIn }, testInfo) => {
  const folder = testInfo.outputPath('downloads');
  fs.mkdirSync(folder);
  const pbx = await launchPbx();
  const { chat, window, app } = await signIn(pbx, 'alice');
  await downloadInto(app, folder);
  await chat.open('Bob Brown');
  const names = [
    '../../evil.txt',
    'CON.txt',
    'a:b*c?.txt',
    'trailing. ',
    '\u202egnp.exe.txt',
    'ü 🙂 %41.txt',
  ];
  for (const [index, name] of names.entries()) {
    const bob = await sendFromBob(pbx, name, `content ${index}`);
    bob.say('alice', `below ${index}`);
    await expect.poll(() => chat.texts(/^below /)).toHaveLength(index + 1);
    await chat.log
      .getByRole('button', { name: /^Save .*(?<! as …)$/ })
      .last()
      .click();
    // Some of them are taken for programs, and are asked about.
    const anyway = window.getByRole('button', { name: 'Save anyway' });
    await expect
      .poll(async () => {
        if (await anyway.isVisible()) await anyway.click();
        return fs.readdirSync(folder).length;
      })
      .toBe(index + 1);
  }
  const made = fs.readdirSync(folder);
  for (const name of made) expect(name).toMatch(/^(?!CON\.)[^<>:"/\\|?*\u0000-\u001f\u202a-\u202e]*[^. ]$/u);
  expect(fs.readdirSync(testInfo.outputPath())).toEqual(['downloads']);
  expect(made.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).sort()).toEqual(
    names.map((_, index) => `content ${index}`),
  );
});

test('an upload whose connection breaks says so, and is tried again', async ({
  launchPbx,
  signIn,
}, testInfo) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window, app } = await signIn(pbx, 'alice');
  const file = testInfo.outputPath('report.bin');
  fs.writeFileSync(file, Buffer.alloc(2_000_000, 3));
  await chat.open('Bob Brown');
  await answerDialog(app, [file]);
  const tray = window.getByRole('list', { name: 'Files of this message' });
  pbx.faults.upload = 'cut';
  await window.getByRole('button', { name: 'Attach files' }).click();
  await expect(tray).toContainText(/does not answer|connection/);
  pbx.faults.upload = 'ok-false';
  await window.getByRole('button', { name: 'Try report.bin again' }).click();
  await expect(tray).toContainText('The server refused the file.');
  pbx.faults.upload = 'none';
  await window.getByRole('button', { name: 'Try report.bin again' }).click();
  await expect(window.locator('[data-upload=done]')).toHaveCount(1);
  await chat.input.press('Enter');
  const message = await bob.waitFor(({ attach }) => attach.length > 0);
  const sent = await fetch(message.attach[0] ?? '');
  expect((await sent.arrayBuffer()).byteLength).toBe(2_000_000);
});
