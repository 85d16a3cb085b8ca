// What the machine tells: the lock of the screen, sleep, and that nobody touches it. On buses of the test's own, with
// stand-ins for the services that tell it.
import { input, inputMissing } from '../desktop/machine.ts';
import type { Pbx } from '../pbx/index.ts';
import { expect, onBus, test } from './on-bus.ts';

/** What colleagues see of somebody who is signed in. */
const activityOf = (pbx: Pbx, sip: string) =>
  pbx.core.presence.items(sip).find(({ contact }) => contact === 'im:')?.activity;

const logins = (pbx: Pbx, sip: string) => pbx.sent.of('LoginResult', sip).length;

test('a locked screen hides what notifications say, reads nothing, and says that nobody is there', async ({
  bus,
  service,
  screenSaver,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const [bob, olga] = [await pbx.user('bob'), await pbx.user('olga')];
  const { chat, focus, window } = await signIn(pbx, 'alice', onBus(bus));
  await focus();
  await chat.open('Bob Brown');
  await chat.expectUnread(0);
  const shown = () => service.shown().map(({ title, body }) => [title, body]);
  await expect.poll(shown).toEqual([]);
  olga.say('alice', 'The new prices');
  await expect.poll(shown).toEqual([['Olga Orlova', 'The new prices']]);
  bob.say('grp-team', 'The old prices');
  await expect.poll(shown).toHaveLength(2);
  const [of, dismissed] = service.shown();
  service.dismiss(dismissed?.id ?? 0);
  expect(activityOf(pbx, 'alice')).toBe('');

  // Again and again, since nothing tells that the program listens by now.
  await expect.poll(() => (screenSaver.lock(), activityOf(pbx, 'alice'))).toBe('away');
  await expect.poll(shown).toEqual([['PBX Chat', 'New message']]);
  const [retold] = service.shown();
  expect(retold?.id).toBe(of?.id);
  expect(retold?.hints['suppress-sound']).toBe(true);
  expect((retold?.hints['image-data'] as unknown[])[0]).toBe(64);

  // The discussion is open, the window is in front and the input has the focus; but nobody sees it.
  bob.say('alice', 'Anybody there?');
  await expect.poll(shown).toEqual([
    ['PBX Chat', 'New message'],
    ['PBX Chat', 'New message'],
  ]);
  await expect(chat.message('Anybody there?')).toBeVisible();
  await chat.expectUnread(3, { 'Bob Brown': 1, 'Olga Orlova': 1, Team: 1 });

  screenSaver.unlock();
  await expect.poll(() => activityOf(pbx, 'alice')).toBe('');
  await chat.expectUnread(2, { 'Bob Brown': 0 });
  await expect.poll(shown).toEqual([['PBX Chat', 'New message']]);
  service.act(of?.id ?? 0);
  await expect(window.getByRole('heading', { name: 'Olga Orlova' })).toBeVisible();
  await expect(chat.message('The new prices')).toBeVisible();
  olga.say('grp-team', 'In the open again');
  await expect.poll(shown).toEqual([['Team', 'Olga Orlova: In the open again']]);
});

test('a locker that is no part of a desktop tells the login service', async ({
  bus,
  systemBus,
  login,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  await signIn(pbx, 'alice', onBus(bus, systemBus));
  expect(activityOf(pbx, 'alice')).toBe('');
  login.lock();
  await expect.poll(() => activityOf(pbx, 'alice')).toBe('away');
  // By now it listens: what comes from here on is told, not asked.
  login.unlock();
  await expect.poll(() => activityOf(pbx, 'alice')).toBe('');
  login.lock();
  await expect.poll(() => activityOf(pbx, 'alice')).toBe('away');
});

for (const who of ['screenSaver', 'login'] as const) {
  test(`a screen that is locked before the program starts: ${who}`, async ({
    bus,
    systemBus,
    service,
    login,
    screenSaver,
    launchPbx,
    signIn,
  }) => {
    const pbx = await launchPbx();
    const olga = await pbx.user('olga');
    const locker = { login, screenSaver }[who];
    locker.lock();
    await signIn(pbx, 'alice', onBus(bus, systemBus));
    await expect.poll(() => activityOf(pbx, 'alice')).toBe('away');
    const said = () => service.shown().map(({ body }) => body);
    olga.say('alice', 'The new prices');
    await expect.poll(said).toEqual(['New message']);
    locker.unlock();
    await expect.poll(() => activityOf(pbx, 'alice')).toBe('');
    olga.say('alice', 'In the open again');
    await expect.poll(said).toContain('In the open again');
  });
}

test('a machine that goes to sleep leaves the PBX, and what came meanwhile is one notification when it wakes', async ({
  bus,
  systemBus,
  service,
  panel,
  login,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const [bob, olga] = [await pbx.user('bob'), await pbx.user('olga')];
  const { app, chat } = await signIn(pbx, 'alice', onBus(bus, systemBus));
  await chat.open('Bob Brown');
  await chat.expectUnread(0);
  await expect.poll(() => service.shown()).toEqual([]);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  // From here on seen from outside: in sleep Chromium ends its connections, that of the test to the page among them.
  await expect.poll(() => panel.toolTip().catch(String)).toBe('PBX Chat: Alice Adams');
  const told = service.log.length;
  const before = logins(pbx, 'alice');

  login.sleep();
  await expect.poll(() => panel.toolTip()).toBe('PBX Chat: no connection\nAlice Adams');
  await expect.poll(() => pbx.core.presence.isOnline('alice')).toBe(false);
  for (const text of ['one', 'two', 'three']) {
    bob.say('alice', text);
    olga.say('alice', text);
  }
  expect(logins(pbx, 'alice')).toBe(before);
  expect(service.log).toHaveLength(told);

  login.wake();
  await expect.poll(() => service.shown().map(({ body }) => body)).toEqual(['6 unread messages in 2 chats']);
  await expect.poll(() => panel.toolTip()).toBe('PBX Chat: 6 unread messages\nAlice Adams');
  expect(service.log.slice(told)).toHaveLength(1);
});

test('volatile: who wakes can be reached again at once', async ({
  bus,
  systemBus,
  panel,
  login,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const tina = await pbx.user('tina');
  await signIn(pbx, 'tom', onBus(bus, systemBus));
  await expect.poll(() => panel.toolTip().catch(String)).toBe('PBX Chat: Tom Thompson');
  login.sleep();
  await expect.poll(() => panel.toolTip()).toBe('PBX Chat: no connection\nTom Thompson');
  await expect.poll(() => pbx.isRegistered('tom')).toBe(false);
  login.wake();
  await expect.poll(() => pbx.isRegistered('tom')).toBe(true);
  tina.say('tom', 'Good morning');
  await expect.poll(() => panel.toolTip()).toBe('PBX Chat: 1 unread message\nTom Thompson');
});

test('a connection that died while the machine slept unnoticed is replaced when it wakes', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { app } = await signIn(pbx, 'alice');
  const before = logins(pbx, 'alice');
  pbx.faults.halfOpen(true, { user: 'alice' });
  // Nobody announced the sleep, so this is all that Electron says afterwards; the services here cannot make it do that.
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  await expect.poll(() => logins(pbx, 'alice')).toBeGreaterThan(before);
});

test('who touches nothing for a while is away, and is back with the first movement', async ({
  desktop,
  launchPbx,
  signIn,
}) => {
  test.skip(inputMissing !== null, inputMissing ?? '');
  const pbx = await launchPbx();
  // Three seconds.
  const { window } = await signIn(pbx, 'alice', { settings: { awayAfter: 0.05 } });
  const own = window.getByRole('button', { name: /^Your menu/ });
  const move = () => input(desktop, 'mousemove_relative', '3', '3');
  await expect.poll(() => activityOf(pbx, 'alice')).toBe('away');
  await expect(own).toHaveAccessibleName(/Away/);
  await expect.poll(async () => (await move(), activityOf(pbx, 'alice'))).toBe('');
  await expect(own).toHaveAccessibleName(/Available/);
  await expect.poll(() => activityOf(pbx, 'alice')).toBe('away');
});
