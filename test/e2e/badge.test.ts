// The count at the program's icon in a launcher, as a dock on a real session bus hears it.
import { serveLauncher } from '../desktop/services.ts';
import { command, expect, onBus, test } from './on-bus.ts';

const numbered = (count: number) => ({ count, visible: true, urgent: false });
const none = { count: 0, visible: false, urgent: false };

test('the launcher shows the number of the title, once for each change, and nothing when all is read', async ({
  bus,
  launchPbx,
  signIn,
}) => {
  const launcher = await serveLauncher(bus);
  const pbx = await launchPbx();
  const [tina, bob] = [await pbx.user('tina'), await pbx.user('bob')];
  const { app, chat, focus } = await signIn(pbx, 'tom', onBus(bus));
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  // Said again when the window was shown, which is not what this is about.
  launcher.told();
  tina.say('tom', 'one');
  await expect.poll(() => launcher.shown()).toEqual(numbered(1));
  bob.say('tom', 'two');
  await expect.poll(() => launcher.shown()).toEqual(numbered(2));
  await chat.expectUnread(2);
  expect(launcher.told()).toBe(2);
  await focus();
  await chat.open('Tina Turner');
  await expect.poll(() => launcher.shown()).toEqual(numbered(1));
  await chat.open('Bob Brown');
  await expect.poll(() => launcher.shown()).toEqual(none);
});

test('a launcher that is started later, or again, hears the number', async ({ bus, launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const { app, chat } = await signIn(pbx, 'tom', onBus(bus));
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  tina.say('tom', 'one');
  await chat.expectUnread(1);
  const first = await serveLauncher(bus);
  await expect.poll(() => first.shown()).toEqual(numbered(1));
  await first.stop();
  const second = await serveLauncher(bus);
  await expect.poll(() => second.shown()).toEqual(numbered(1));
});

test('who wants a dot instead of a number gets an entry that asks for attention, at once', async ({
  bus,
  launchPbx,
  signIn,
}) => {
  const launcher = await serveLauncher(bus);
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  const { app, window } = await signIn(pbx, 'tom', onBus(bus));
  const prefer = (badge: string) => command(window, 'setPreferences', { badge });
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  tina.say('tom', 'one');
  await expect.poll(() => launcher.shown()).toEqual(numbered(1));
  await prefer('dot');
  await expect.poll(() => launcher.shown()).toEqual({ count: 0, visible: false, urgent: true });
  await prefer('number');
  await expect.poll(() => launcher.shown()).toEqual(numbered(1));
});
