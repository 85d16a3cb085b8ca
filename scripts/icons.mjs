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
/** Colours that can be told apart from a light panel and from a dark one. */
const TRAY = {
  normal: { bubble: '#4a83e4', text: '#ffffff', dot: null },
  unread: { bubble: '#4a83e4', text: '#ffffff', dot: '#e5484d' },
  offline: { bubble: '#8b929c', text: '#ffffff', dot: null },
};

function pictures() {
  const list = APP_SIZES.map((size) => ({ file: `icons/${size}x${size}.png`, size, tray: null }));
  list.push({ file: 'icon.png', size: 512, tray: null });
  for (const [state, tray] of Object.entries(TRAY)) {
    for (const [suffix, scale] of Object.entries(TRAY_SCALES)) {
      list.push({ file: `tray/${state}${suffix}.png`, size: TRAY_POINTS * scale, tray });
    }
  }
  return list;
}

/** Runs in the page. Returns the PNG as a data URL. */
async function draw(source, { size, tray }) {
  const svg = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
  if (tray) {
    svg.setAttribute('viewBox', '84 84 344 344');
    svg.querySelector('#ground').remove();
    svg.querySelector('#bubble').setAttribute('fill', tray.bubble);
    for (const line of svg.querySelectorAll('#text path')) line.setAttribute('stroke', tray.text);
    svg.querySelector('#text').setAttribute('stroke-width', '36');
  }
  svg.setAttribute('width', size);
  svg.setAttribute('height', size);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, size, size);
  if (tray?.dot) {
    const dot = (radius) => {
      context.beginPath();
      context.arc(size * 0.77, size * 0.25, size * radius, 0, 2 * Math.PI);
      context.fill();
    };
    context.globalCompositeOperation = 'destination-out';
    dot(0.3);
    context.globalCompositeOperation = 'source-over';
    context.fillStyle = tray.dot;
    dot(0.22);
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
