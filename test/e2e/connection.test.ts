import { expect, test } from './fixtures.ts';

test('a link that breaks is said, comes back by itself, and loses nothing', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user: 'alice' });
  await expect(chat.connection).toContainText(/does not answer|was lost/);
  await chat.write('written in between');
  await expect(chat.delivery('written in between')).toHaveAttribute('data-delivery', 'waiting');
  const bob = await pbx.user('bob').catch(() => null);
  expect(bob).toBeNull();
  pbx.faults.refuseConnections = false;
  const reader = await pbx.user('bob');
  await expect(chat.connection).toBeHidden({ timeout: 20_000 });
  await reader.waitFor((message) => message.text === 'written in between', 10_000);
  await expect(chat.delivery('written in between')).toHaveAttribute('data-delivery', 'delivered');
  reader.say('alice', 'and it arrived');
  await expect(chat.message('and it arrived')).toHaveCount(1);
});

test('"try now" does not wait for the next attempt', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'alice');
  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user: 'alice' });
  await expect(chat.connection).toContainText(/Next attempt in [4-9] seconds/, { timeout: 30_000 });
  pbx.faults.refuseConnections = false;
  await window.getByRole('button', { name: 'Try now' }).click();
  await expect(chat.connection).toBeHidden({ timeout: 3_000 });
});

test('what was sent while this program was away is there after the return, once', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const { chat, focus } = await signIn(pbx, 'alice');
  await focus();
  await chat.open('Bob Brown');
  bob.say('alice', 'before');
  await expect(chat.message('before')).toHaveCount(1);
  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user: 'alice' });
  await expect(chat.connection).toBeVisible();
  bob.release('alice');
  bob.say('alice', 'meanwhile one');
  bob.say('alice', 'meanwhile two');
  pbx.faults.refuseConnections = false;
  await expect(chat.message('meanwhile two')).toHaveCount(1, { timeout: 20_000 });
  await expect(chat.message('meanwhile one')).toHaveCount(1);
  await expect(chat.message('before')).toHaveCount(1);
});

test('a PBX that is restarted is found again', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  await pbx.restart();
  await expect.poll(() => pbx.isRegistered('alice'), { timeout: 20_000 }).toBe(true);
  await expect(chat.connection).toBeHidden({ timeout: 20_000 });
  const bob = await pbx.user('bob');
  bob.say('alice', 'after the restart');
  await expect(chat.row('Bob Brown')).toContainText('after the restart');
});

test('frames that are no frames change nothing', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const { chat } = await signIn(pbx, 'alice');
  const garbage = [
    '',
    '{"mt":',
    '[]',
    'null',
    '{"mt":5}',
    '{"mt":"Signaling","call":{},"sig":[]}',
    '{"mt":"Nobody"}',
  ];
  for (const text of [
    ...garbage,
    '{"mt":"ReadChatInd","src":"x","msg":7}',
    `{"mt":"${'x'.repeat(100_000)}"}`,
  ]) {
    pbx.faults.garbage(text, { user: 'alice' });
  }
  const bob = await pbx.user('bob');
  bob.say('alice', 'still here');
  await expect(chat.row('Bob Brown')).toContainText('still here');
  await expect(chat.connection).toBeHidden();
});

test('a Messages service that goes away leaves volatile chat, and its return is noticed', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const { chat, window } = await signIn(pbx, 'alice');
  await chat.open('Bob Brown');
  await expect(chat.message('Message 30')).toBeVisible();
  pbx.setLicence('alice', false);
  await expect(window.getByText('Live only').first()).toBeVisible();
  await expect(chat.message('Message 30')).toBeVisible();
  const bob = await pbx.user('bob');
  bob.say('alice', 'volatile now');
  await expect(chat.message('volatile now')).toBeVisible();
});

test('each choice that the protocol leaves open works', async ({ launchPbx, signIn }) => {
  test.slow();
  const choices = [
    { loginInfo: 'unknown', infoShape: 'flat', appsForm: 'each', chatApp: 'url', appChallenge: 'number' },
    { registerHw: 'sip', gate: 'conn', appLoginInfo: 'absent', ids: 'strings', timestamps: 's' },
    {
      registerHw: 'device',
      gate: 'alert',
      appLoginInfo: 'empty',
      chatOrder: 'oldest-first',
      sipForm: 'full',
    },
    {
      timeStamp: 'absent',
      senderFields: 'groups',
      earlyMessages: 'relayed',
      forking: 'newest',
      badgeNote: 'absent',
    },
    { pathPrefix: '/example.com/ip', keepAlive: 'silent', storedConn: 'peer', buildNumber: 'refused' },
  ] as const;
  for (const switches of choices) {
    await test.step(JSON.stringify(switches), async () => {
      const pbx = await launchPbx({ switches });
      const prefix = 'pathPrefix' in switches ? switches.pathPrefix : '';
      const login = { server: `${pbx.url}${prefix}`, user: 'alice', password: 'alice' };
      const { chat, close } = await signIn(pbx, 'alice', { login });
      await chat.expectUnread(1, { 'Bob Brown': 1 });
      const bob = await pbx.user('bob');
      await chat.open('Bob Brown');
      await expect(chat.message('Message 30')).toBeVisible();
      await chat.write('there');
      await bob.waitFor((message) => message.text === 'there');
      bob.say('alice', 'and back');
      await expect(chat.message('and back')).toHaveCount(1);
      await expect(chat.delivery('there')).toHaveAttribute('data-delivery', 'delivered');
      await expect(chat.message('there')).toHaveCount(1);
      await close();
    });
  }
});
