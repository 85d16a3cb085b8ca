// The least that an Electron program can be: one window of the client's size, and a page with one word.
import { app, BrowserWindow } from 'electron';

// Not awaited: Electron becomes ready only after this module has been evaluated.
void app
  .whenReady()
  .then(() => new BrowserWindow({ width: 1000, height: 700 }).loadURL('data:text/html,<h1>Empty</h1>'));
