import { expect, loginOf, test } from './launch.ts';

test('the built program starts, logs in and shows the list of discussions', async ({ pbx, launchClient }) => {
  const { window } = await launchClient({ login: loginOf(pbx, 'alice') });
  await expect(window.getByRole('option', { name: /Bob Brown/ })).toBeVisible();
});

test('the window is sandboxed and reaches Node by no way', async ({ launchClient }) => {
  const { app, window } = await launchClient();
  await expect(window.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  const reached = await window.evaluate(() =>
    ['require', 'process', 'module'].filter((name) => name in globalThis),
  );
  expect(reached).toEqual([]);
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // Electron has it and does not declare it.
    const declared = contents as unknown as { getLastWebPreferences(): Electron.WebPreferences } | undefined;
    const { sandbox, contextIsolation, nodeIntegration } = declared?.getLastWebPreferences() ?? {};
    return { sandbox, contextIsolation, nodeIntegration };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false });
});

test('closing the program leaves no process behind', async ({ launchClient }) => {
  const client = await launchClient();
  const child = client.app.process();
  await client.close();
  await expect.poll(() => child.exitCode ?? child.signalCode).toBe(0);
});
