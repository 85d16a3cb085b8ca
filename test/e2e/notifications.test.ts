// Notifications of the desktop: on a session bus of the test's own, with a service that remembers and with dunst.
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { serveNotifications } from '../desktop/services.ts';
import { command, expect, onBus, test } from './on-bus.ts';

/** Somebody with stored chat and somebody without, and who writes to them. */
const pairs = [
  ['alice', 'olga', 'Olga Orlova'],
  ['tom', 'tina', 'Tina Turner'],
] as const;

for (const [user, peer, name] of pairs) {
  const mode = user === 'alice' ? 'stored' : 'volatile';

  test(`${mode}: a click on a notification opens that discussion from the tray, and so reads it`, async ({
    bus,
    service,
    launchPbx,
    signIn,
  }) => {
    const pbx = await launchPbx();
    const them = await pbx.user(peer);
    const bob = await pbx.user('bob');
    const { app, chat, focus } = await signIn(pbx, user, onBus(bus));
    await focus();
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    bob.say(user, 'from somebody else');
    them.say(user, 'Tea & <b>biscuits</b>?');
    await expect.poll(() => service.shown().map(({ title }) => title)).toContain(name);
    const shown = service.shown().find(({ title }) => title === name);
    expect(shown?.body).toBe('Tea &amp; &lt;b&gt;biscuits&lt;/b&gt;?');
    expect((shown?.hints['image-data'] as unknown[])[0]).toBe(96);
    service.act(shown?.id ?? 0);
    await expect(chat.page.getByRole('heading', { name })).toBeVisible();
    await expect(chat.input).toBeFocused();
    await expect(chat.message('Tea & <b>biscuits</b>?')).toBeVisible();
    await expect(chat.pill(name)).toHaveCount(0);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(
      true,
    );
    // The other one is still unread, and still says so.
    await expect.poll(() => service.shown().map(({ title }) => title)).toContain('Bob Brown');
    them.say(user, 'read on arrival');
    await expect(chat.message('read on arrival')).toBeVisible();
    expect(service.shown().filter(({ title }) => title === name)).toEqual([]);
  });
}

test('a click opens it from a minimised window and over another discussion', async ({
  bus,
  service,
  launchPbx,
  signIn,
  windowManager,
}) => {
  void windowManager;
  const pbx = await launchPbx();
  const olga = await pbx.user('olga');
  const { app, chat, focus, window } = await signIn(pbx, 'alice', onBus(bus));
  await focus();
  await chat.open('Bob Brown');
  await window.keyboard.press('Control+n');
  await expect(window.getByRole('dialog')).toBeVisible();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()))
    .toBe(true);
  olga.say('alice', 'one');
  olga.say('alice', 'two');
  await expect.poll(() => service.shown().map(({ body }) => body)).toEqual(['two']);
  service.act(service.shown()[0]?.id ?? 0);
  await expect(window.getByRole('heading', { name: 'Olga Orlova' })).toBeVisible();
  await expect(chat.input).toBeFocused();
  await chat.expectUnread(0, { 'Olga Orlova': 0 });
});

test('a notification goes when its discussion is read here, and when it is read on another device', async ({
  bus,
  service,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const [bob, olga] = [await pbx.user('bob'), await pbx.user('olga')];
  const { chat } = await signIn(pbx, 'alice', onBus(bus));
  bob.say('alice', 'one');
  olga.say('alice', 'two');
  await expect.poll(() => service.shown()).toHaveLength(2);
  await chat.open('Olga Orlova');
  await expect.poll(() => service.shown().map(({ title }) => title)).toEqual(['Bob Brown']);
  const phone = await pbx.user('alice', { chat: false });
  await phone.connectChat();
  await phone.openMessages();
  await phone.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob', noind: true });
  await expect.poll(() => service.shown()).toEqual([]);
});

test('after a lost link several chats are one notification, and a click on it reads nothing', async ({
  bus,
  service,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { app, chat } = await signIn(pbx, 'alice', onBus(bus));
  await chat.open('Bob Brown');
  await expect.poll(() => service.shown()).toEqual([]);
  const told = service.log.length;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const [bob, olga] = [await pbx.user('bob'), await pbx.user('olga')];
  pbx.faults.drop({ user: 'alice' });
  for (const text of ['one', 'two', 'three']) {
    bob.say('alice', text);
    olga.say('alice', text);
  }
  await expect.poll(() => service.shown().map(({ body }) => body)).toEqual(['6 unread messages in 2 chats']);
  service.act(service.shown()[0]?.id ?? 0);
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
    .toBe(true);
  await chat.expectUnread(6, { 'Olga Orlova': 3 });
  expect(service.log.slice(told)).toHaveLength(1);
});

test("own 'do not disturb', muting and hidden content are respected", async ({
  bus,
  service,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, window } = await signIn(pbx, 'alice', onBus(bus));
  await chat.open('Bob Brown');
  await chat.expectUnread(0);
  await chat.row('Team').click();
  await expect(window.getByRole('heading', { name: 'Team' })).toBeVisible();
  await expect.poll(() => service.shown()).toEqual([]);
  const told = service.log.length;
  await command(window, 'setOwnPresence', { activity: 'dnd', note: '' });
  await expect(window.getByRole('button', { name: /Do not disturb/ })).toBeVisible();
  bob.say('alice', 'in do-not-disturb');
  await chat.expectUnread(1);
  await command(window, 'setOwnPresence', { activity: '', note: '' });
  await expect(window.getByRole('button', { name: /Available/ })).toBeVisible();
  await command(window, 'setPreferences', { mutedUntil: Date.now() + 3_600_000 });
  bob.say('alice', 'while muted');
  await chat.expectUnread(2);
  await command(window, 'setPreferences', { mutedUntil: 0, hideContent: true });
  bob.say('alice', 'a secret');
  await expect
    .poll(() => service.shown().map(({ title, body }) => [title, body]))
    .toEqual([['PBX Chat', 'New message']]);
  expect(service.log.slice(told)).toHaveLength(1);
});

for (const [user, peer, name] of pairs) {
  const mode = user === 'alice' ? 'stored' : 'volatile';

  test(`${mode}: an answer in the notification is a message like any other, and shows no window`, async ({
    bus,
    launchPbx,
    signIn,
  }) => {
    const service = await serveNotifications(bus, ['body', 'actions', 'inline-reply']);
    const pbx = await launchPbx();
    const them = await pbx.user(peer);
    const { app, chat, focus } = await signIn(pbx, user, onBus(bus));
    await focus();
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    them.say(user, 'Tea?');
    const shown = () => service.shown().find(({ title }) => title === name);
    await expect.poll(() => shown()?.actions).toEqual(['default', 'Open', 'inline-reply', 'Send']);
    expect(shown()?.hints['x-kde-reply-placeholder-text']).toBe('Reply');
    service.reply(shown()?.id ?? 0, ' With <milk> & sugar ');
    await expect.poll(() => them.messages.map(({ text }) => text)).toEqual(['With <milk> & sugar']);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(
      false,
    );
    expect(shown()).toBeUndefined();
    // What was answered has still not been opened (protocol, section 9).
    await focus();
    await chat.expectUnread(user === 'alice' ? 2 : 1, { [name]: 1 });
    await chat.row(name).click();
    await expect(chat.delivery('With <milk> & sugar')).toHaveAttribute('data-delivery', /sent|delivered/);
  });
}

test('it sounds if that is wanted, and a desktop that wants quiet keeps it until it is read', async ({
  bus,
  service,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const olga = await pbx.user('olga');
  const { chat, window } = await signIn(pbx, 'alice', onBus(bus));
  await chat.open('Bob Brown');
  await expect.poll(() => service.shown()).toEqual([]);
  const texts = () => service.shown().map(({ body }) => body);
  olga.say('alice', 'aloud');
  await expect.poll(texts).toEqual(['aloud']);
  expect(service.shown()[0]?.hints).toMatchObject({ 'sound-name': 'message-new-instant' });
  expect(service.shown()[0]?.hints).not.toHaveProperty('suppress-sound');
  await command(window, 'setPreferences', { notificationSound: false });
  olga.say('alice', 'softly');
  await expect.poll(texts).toEqual(['softly']);
  expect(service.shown()[0]?.hints).toMatchObject({ 'suppress-sound': true });
  expect(service.shown()[0]?.hints).not.toHaveProperty('sound-name');

  // Whether it is seen and heard now or later is the desktop's: it gets the same, and loses it when it was read.
  await command(window, 'setPreferences', { notificationSound: true });
  service.inhibit(true);
  olga.say('alice', 'during the talk');
  await expect.poll(texts).toEqual(['during the talk']);
  expect(service.shown()[0]).toMatchObject({ quiet: true, hints: { 'sound-name': 'message-new-instant' } });
  await chat.open('Olga Orlova');
  await expect.poll(() => service.shown()).toEqual([]);
  service.inhibit(false);
  await chat.row('Team').click();
  await expect(window.getByRole('heading', { name: 'Team' })).toBeVisible();
  olga.say('alice', 'after the talk');
  await expect.poll(texts).toEqual(['after the talk']);
  expect(service.shown()[0]?.quiet).toBe(false);
});

test('one arrival is told once: by the window to whoever reads there, else by the desktop, unless that is not wanted', async ({
  bus,
  service,
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { blur, chat, focus, window } = await signIn(pbx, 'alice', onBus(bus));
  await focus();
  await chat.open('Bob Brown');
  await expect.poll(() => service.shown()).toEqual([]);
  const told = () => service.shown().map(({ body }) => body);
  const announced = window.locator('[role=status][aria-live=polite]').filter({ hasText: 'Bob Brown:' });
  bob.say('alice', 'read on arrival');
  await expect(announced).toHaveText('Bob Brown: read on arrival');
  expect(told()).toEqual([]);

  // On screen and not read: the focus is elsewhere in the window.
  await window.getByRole('searchbox', { name: 'Search chats' }).focus();
  bob.say('alice', 'on screen');
  await expect.poll(told).toEqual(['on screen']);
  await expect(chat.message('on screen')).toBeVisible();
  await expect(announced).toHaveText('Bob Brown: read on arrival');

  await command(window, 'setPreferences', { mutedUntil: Date.now() + 3_600_000 });
  bob.say('alice', 'while muted');
  await expect(announced).toHaveText('Bob Brown: while muted');
  expect(told()).toEqual(['on screen']);

  await blur();
  bob.say('alice', 'behind another window');
  await expect(chat.message('behind another window')).toBeVisible();
  await expect(announced).toHaveText('Bob Brown: while muted');
  await command(window, 'setPreferences', { mutedUntil: 0 });
  bob.say('alice', 'still behind it');
  await expect.poll(told).toEqual(['still behind it']);
  await expect(chat.message('still behind it')).toBeVisible();
  await expect(announced).toHaveText('Bob Brown: while muted');
});

test('a real notification service shows it, and its default action opens the discussion', async ({
  bus,
  desktop,
  launchPbx,
  signIn,
}) => {
  const missing = spawnSync('dunst', ['--version']).error ? 'dunst is not installed' : null;
  if (missing !== null) console.log(`skipped: notifications with dunst: ${missing}`);
  test.skip(missing !== null, missing ?? '');
  const env = { ...process.env, ...desktop, DBUS_SESSION_BUS_ADDRESS: bus.address };
  const dunst: ChildProcess = spawn('dunst', ['-config', '/dev/null'], { env, stdio: 'ignore' });
  const ask = async (...args: string[]) =>
    (await promisify(execFile)('dunstctl', args, { env })).stdout.trim();
  try {
    await expect.poll(() => ask('count', 'displayed').catch(String)).toBe('0');
    const pbx = await launchPbx();
    const tina = await pbx.user('tina');
    const { app, chat } = await signIn(pbx, 'tom', onBus(bus));
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    tina.say('tom', 'first');
    await expect.poll(() => ask('count', 'displayed')).toBe('1');
    tina.say('tom', '<b>second</b>');
    await expect.poll(() => chat.title()).toMatch(/^\(2\) /);
    expect(await ask('count', 'displayed')).toBe('1');
    await ask('action', '0');
    await expect(chat.page.getByRole('heading', { name: 'Tina Turner' })).toBeVisible();
    await expect(chat.pill('Tina Turner')).toHaveCount(0);
    await expect.poll(() => ask('count', 'displayed')).toBe('0');
    const history = await ask('history');
    expect(history).toContain('Tina Turner');
    // What it renders: the text as it was written, tags and all.
    expect(history).toContain('<b>second</b>');
  } finally {
    const ended = new Promise((resolve) => dunst.once('exit', resolve));
    dunst.kill();
    await ended;
  }
});
