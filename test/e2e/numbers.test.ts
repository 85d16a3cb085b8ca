// The number of unread messages stands in four places that have nothing to do with each other: at the rows of the list,
// in the title of the window, at the program's icon in the launcher, and in the tray. They are one number at every moment.
import { serveLauncher } from '../desktop/services.ts';
import type { SignedIn } from './fixtures.ts';
import { command, expect, onBus, shownPicture, test } from './on-bus.ts';

interface Recorded {
  titles: string[];
  sums: number[];
}

/** Writes down every title of the window, and every sum of the numbers at the rows. */
async function record({ app, window }: SignedIn): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => {
    const own = BrowserWindow.getAllWindows()[0];
    if (!own) throw new Error('there is no window');
    const titles = [own.getTitle()];
    Object.assign(globalThis, { titles });
    const setTitle = own.setTitle.bind(own);
    own.setTitle = (title) => {
      titles.push(title);
      setTitle(title);
    };
  });
  await window.evaluate(() => {
    const sum = () =>
      [...document.querySelectorAll('[role=option] .pill')].reduce(
        (all, pill) => all + Number(pill.textContent),
        0,
      );
    const sums = [sum()];
    Object.assign(globalThis, { sums });
    const list = document.querySelector('[role=listbox]');
    if (!list) throw new Error('there is no list');
    const observed = { subtree: true, childList: true, characterData: true };
    new MutationObserver(() => void sums.push(sum())).observe(list, observed);
  });
}

const titlesOf = ({ app }: SignedIn) => app.evaluate(() => (globalThis as unknown as Recorded).titles);
const sumsOf = ({ window }: SignedIn) => window.evaluate(() => (globalThis as unknown as Recorded).sums);

const inTitle = (title: string) => Number(/^\((\d+)\) /.exec(title)?.[1] ?? 0);
const inToolTip = (text: string) => Number(/(\d+) unread/.exec(text)?.[1] ?? 0);
const inPicture = (name: string) => Number(/^unread-(\d)\.png/.exec(name)?.[1] ?? 0);
/** What was shown, without repetitions. */
const changes = (numbers: number[]) => numbers.filter((number, index) => number !== numbers[index - 1]);

test('rows, title, launcher and tray show one number at every moment, and none that was never true', async ({
  bus,
  panel,
  launchPbx,
  signIn,
}) => {
  test.slow();
  const launcher = await serveLauncher(bus);
  const pbx = await launchPbx();
  const [bob, olga] = [await pbx.user('bob'), await pbx.user('olga')];
  const alice = await signIn(pbx, 'alice', onBus(bus));
  const { chat, window } = alice;

  const truths: number[] = [];
  const shown = async () => ({
    rows: (await sumsOf(alice)).at(-1),
    title: inTitle(await chat.title()),
    launcher: launcher.shown()?.visible === true ? launcher.shown()?.count : 0,
    toolTip: inToolTip(await panel.toolTip()),
    picture: inPicture(await shownPicture(panel, alice)),
  });
  const all = (number: number) => ({
    ...{ rows: number, title: number, launcher: number, toolTip: number, picture: number },
  });
  const isNow = async (number: number, of: Record<string, number>) => {
    truths.push(number);
    await expect.poll(shown, { timeout: 20_000 }).toEqual(all(number));
    await chat.expectUnread(number, of);
  };

  await chat.expectUnread(1, { 'Bob Brown': 1 });
  await expect.poll(() => panel.toolTip()).toContain('1 unread');
  await record(alice);
  const before = { launcher: launcher.log.length, toolTips: panel.toolTips.length };
  await isNow(1, { 'Bob Brown': 1 });

  bob.say('alice', 'a second one');
  await isNow(2, { 'Bob Brown': 2 });
  olga.say('alice', 'from somebody else');
  await isNow(3, { 'Bob Brown': 2, 'Olga Orlova': 1 });
  olga.say('grp-team', 'in a group');
  await isNow(4, { 'Bob Brown': 2, 'Olga Orlova': 1, Team: 1 });

  await alice.focus();
  await chat.open('Olga Orlova');
  await isNow(3, { 'Bob Brown': 2, 'Olga Orlova': 0, Team: 1 });
  olga.say('alice', 'read as it comes');
  await expect(chat.message('read as it comes')).toBeVisible();
  await isNow(3, { 'Olga Orlova': 0 });

  const elsewhere = await pbx.user('alice', { register: false });
  await elsewhere.openMessages();
  await elsewhere.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob', noind: true });
  elsewhere.close();
  await isNow(1, { 'Bob Brown': 0, Team: 1 });

  await command(window, 'mute', { until: 'hour' });
  bob.say('alice', 'while it is muted');
  await isNow(2, { 'Bob Brown': 1, Team: 1 });

  pbx.faults.refuseConnections = true;
  pbx.faults.drop({ user: 'alice' });
  await expect(chat.connection).toBeVisible();
  await bob.until(() => !bob.isConnectedTo('alice'), 'the end of the call');
  await isNow(2, { 'Bob Brown': 1, Team: 1 });
  bob.say('alice', 'while nobody listens');
  pbx.faults.refuseConnections = false;
  await isNow(3, { 'Bob Brown': 2, Team: 1 });

  await chat.open('Bob Brown');
  await isNow(1, { 'Bob Brown': 0, Team: 1 });
  await chat.open('Team');
  await isNow(0, { Team: 0 });

  expect({
    rows: changes(await sumsOf(alice)),
    title: changes((await titlesOf(alice)).map(inTitle)),
    launcher: changes(launcher.log.slice(before.launcher).map(({ count }) => count)),
    toolTip: changes(panel.toolTips.slice(before.toolTips).map(inToolTip)),
  }).toEqual({
    rows: changes(truths),
    title: changes(truths),
    // These were told the first one before.
    launcher: changes(truths).slice(1),
    toolTip: changes(truths).slice(1),
  });
});
