#!/usr/bin/env node
// Draws all pictures of the program from assets/icon.svg: `node scripts/icons.mjs`, after the SVG was changed. Electron
// itself is the rasteriser, so no other tool has to agree with it about what an SVG looks like.
import { platform, versions } from 'node:process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const assets = path.join(import.meta.dirname, '../assets');

const APP_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** A tray is 22 to 24 points high on Linux and Windows; the file name tells Electron the scale. */
const TRAY_POINTS = 24;
const TRAY_SCALES = { '': 1, '@1.5x': 1.5, '@2x': 2, '@3x': 3 };
/** The menu bar of macOS is lower, and colours what is called a template by itself. */
const TEMPLATE_POINTS = 18;
const TEMPLATE_SCALES = { '': 1, '@2x': 2 };
/** Colours that can be told apart from a light panel and from a dark one. */
const ONLINE = { bubble: '#4a83e4', text: '#ffffff' };
const OFFLINE = { bubble: '#8b929c', text: '#ffffff' };
const MARK = '#d6303a';
const TRAY = {
  normal: ONLINE,
  offline: OFFLINE,
  unread: { ...ONLINE, mark: MARK, number: '' },
  'unread-many': { ...ONLINE, mark: MARK, number: '9+' },
};
for (let number = 1; number <= 9; number++) {
  TRAY[`unread-${number}`] = { ...ONLINE, mark: MARK, number: String(number) };
}
const TEMPLATE = { normalTemplate: { bubble: '#000000' }, offlineTemplate: { bubble: '#00000080' } };

function pictures() {
  const list = APP_SIZES.map((size) => ({ file: `icons/${size}x${size}.png`, size, tray: null }));
  list.push({ file: 'icon.png', size: 512, tray: null });
  const add = (looks, scales, points) => {
    for (const [name, tray] of Object.entries(looks)) {
      for (const [suffix, scale] of Object.entries(scales)) {
        list.push({ file: `tray/${name}${suffix}.png`, size: points * scale, tray });
      }
    }
  };
  add(TRAY, TRAY_SCALES, TRAY_POINTS);
  add(TEMPLATE, TEMPLATE_SCALES, TEMPLATE_POINTS);
  return list;
}

/** Runs in the page. Returns the PNG as a data URL. */
async function draw(source, { size, tray }) {
  const svg = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
  if (tray) {
    svg.setAttribute('viewBox', '84 84 344 344');
    svg.querySelector('#ground').remove();
    svg.querySelector('#bubble').setAttribute('fill', tray.bubble);
    const text = svg.querySelector('#text');
    // A number covers most of the bubble, and beside it lines would be noise; a template has one colour only.
    if (tray.number || !tray.text) text.remove();
    for (const line of text.querySelectorAll('path')) line.setAttribute('stroke', tray.text);
    text.setAttribute('stroke-width', '36');
  }
  svg.setAttribute('width', size);
  svg.setAttribute('height', size);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, size, size);
  if (tray?.mark) {
    // For a number as large as the corner allows: at 100 % it has to be read in 24 pixels.
    const radius = tray.number ? 0.34 : 0.22;
    const x = size * (1 - radius);
    const y = size * (tray.number ? radius : 0.25);
    const disc = (share) => {
      context.beginPath();
      context.arc(x, y, size * share, 0, 2 * Math.PI);
      context.fill();
    };
    context.globalCompositeOperation = 'destination-out';
    disc(radius + (tray.number ? 0.1 : 0.07));
    context.globalCompositeOperation = 'source-over';
    context.fillStyle = tray.mark;
    disc(radius);
    context.fillStyle = '#ffffff';
    context.textAlign = 'center';
    context.font = `bold ${size * (tray.number.length > 1 ? 0.46 : 0.58)}px sans-serif`;
    const { actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = context.measureText(
      tray.number,
    );
    context.fillText(tray.number, x, y + (above - below) / 2);
  }
  return canvas.toDataURL('image/png');
}

async function drawAll() {
  const { app, BrowserWindow } = await import('electron');
  const work = async () => {
    const window = new BrowserWindow({ show: false });
    await window.loadURL('data:text/html,<!doctype html>');
    const source = fs.readFileSync(path.join(assets, 'icon.svg'), 'utf8');
    for (const picture of pictures()) {
      const call = `(${draw})(${JSON.stringify(source)}, ${JSON.stringify(picture)})`;
      const url = await window.webContents.executeJavaScript(call);
      const file = path.join(assets, picture.file);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
    }
  };
  // Not awaited: Electron is ready only after this module has been evaluated.
  void app
    .whenReady()
    .then(work)
    .then(
      () => app.exit(0),
      (error) => {
        console.error(error);
        app.exit(1);
      },
    );
}

if (versions.electron) {
  void drawAll();
} else {
  const { ensureDesktop } = await import('./display.mjs');
  const { ensureRuntime, executableIn } = await import('./electron-runtime.mjs');
  const { start, stopAll, stopAllOnSignals } = await import('./processes.mjs');
  stopAllOnSignals();
  const runtime = await ensureRuntime({ say: (text) => console.error(text) });
  const desktop = await ensureDesktop();
  const args = [fileURLToPath(import.meta.url)];
  if (platform === 'linux' && process.getuid() === 0) args.push('--no-sandbox');
  const child = start(executableIn(runtime), args, { env: { ...process.env, ...desktop.env } });
  process.exitCode = await child.exited;
  await stopAll();
}
