// What others write, at its worst: nothing of it runs, loads or leads anywhere, wherever it is shown.
import type { Locator, Page } from '@playwright/test';
import { openableLink } from '../../src-main/shell/links.ts';
import type { Pbx } from '../pbx/index.ts';
import { smallWorld } from '../pbx/worlds/small.ts';
import { expect, test, type ChatWindow, type SignedIn } from './fixtures.ts';
import { nested, vectors } from './hostile-vectors.ts';

/** Everything that must not happen, from now on. */
async function watch({ app, window }: SignedIn): Promise<() => Promise<string[]>> {
  const seen: string[] = [];
  const own = (url: string) => /^(?:pbx-chat:\/\/app\/|data:image\/)/.test(url);
  window.on('request', (request) => {
    if (!own(request.url())) seen.push(`request ${request.url()}`);
  });
  window.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  window.on('framenavigated', (frame) => seen.push(`navigation to ${frame.url()}`));
  window.on('frameattached', () => seen.push('a frame'));
  window.on('popup', () => seen.push('a popup'));
  app.on('window', () => seen.push('a window'));
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    (globalThis as { opened?: string[] }).opened = opened;
    shell.openExternal = (url) => Promise.resolve(void opened.push(url));
  });
  await window.evaluate(() => {
    const page = globalThis as { violations?: string[] };
    const violations: string[] = [];
    page.violations = violations;
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  return async () => {
    const inside = await window.evaluate(() => {
      const page = globalThis as { violations?: string[]; canary?: unknown };
      return [
        ...(page.violations ?? ['no watch: loaded again']),
        ...('canary' in page ? ['the canary'] : []),
      ];
    });
    const opened = await app.evaluate(() => (globalThis as { opened?: string[] }).opened ?? ['no watch']);
    return [...seen, ...inside, ...opened];
  };
}

/** What is on screen of the messages: their elements must be those of protocol, section 7, without attributes. */
function strangeElements(log: Locator): Promise<string[]> {
  return log.evaluate((root) => {
    const known = /^(?:P|BR|DIV|SPAN|B|STRONG|I|EM|U|S|UL|OL|LI|DL|DT|DD|BLOCKQUOTE|CODE|PRE|H[1-6])$/;
    const strange: string[] = [];
    for (const html of root.querySelectorAll('.html > div')) {
      for (const element of html.querySelectorAll('*')) {
        const link = element.tagName === 'A';
        const names = element
          .getAttributeNames()
          .filter((name) => !link || !/^(?:href|title|dir|class|aria-description)$/.test(name));
        const href = element.getAttribute('href') ?? '';
        const leads = link && !/^(?:https?|mailto|tel|sip):/.test(href);
        if ((!link && !known.test(element.tagName)) || names.length > 0 || leads)
          strange.push(element.cloneNode(false) instanceof Element ? element.outerHTML.slice(0, 200) : '');
      }
    }
    return strange;
  });
}

/** Scrolls from the end to the beginning, so that every message has been on the page once. */
async function lookAtAll(page: Page, log: Locator, beginning: Locator): Promise<string[]> {
  const strange: string[] = [];
  const frame = () =>
    page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  for (let turn = 0; turn < 500; turn++) {
    strange.push(...(await strangeElements(log)));
    if (await beginning.isVisible()) return strange;
    await log.evaluate((element) => element.scrollBy(0, -element.clientHeight * 0.8));
    await frame();
  }
  throw new Error('the beginning was not reached');
}

/** A discussion opens at the first unread message, and the last one may not have come by then. */
async function lookAtTheLast(chat: ChatWindow): Promise<void> {
  await expect(async () => {
    await chat.log.evaluate((log) => log.scrollTo(0, log.scrollHeight));
    await expect(chat.message('the last one')).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
}

/** Messages straight from the wire: a real PBX would refuse most of these, and a client that relies on that has no second line. */
function receiveAll(pbx: Pbx, texts: readonly string[], mime: string): void {
  const send = (sig: unknown) =>
    pbx.faults.garbage(JSON.stringify({ mt: 'Signaling', api: 'PbxSignal', call: -900, sig }), {
      kind: 'app',
      user: 'alice',
    });
  send({ type: 'setup', cg: { sip: 'bob' }, fty: [{ type: 'im_setup' }] });
  for (const data of texts) send({ type: 'facility', fty: [{ type: 'im_message', mime, data }] });
}

for (const mime of ['text/html', 'text/plain']) {
  test(`no message of ${mime} runs, loads or leads anywhere`, async ({ launchPbx, signIn }) => {
    expect(vectors.length).toBeGreaterThan(200);
    const pbx = await launchPbx();
    const client = await signIn(pbx, 'alice');
    const { chat, window } = client;
    const happened = await watch(client);
    receiveAll(pbx, [...vectors, ...nested, 'the last one'], mime);
    await chat.open('Bob Brown');
    await lookAtTheLast(chat);
    const beginning = window.getByText(/^This is the beginning/);
    expect(await lookAtAll(window, chat.log, beginning)).toEqual([]);
    expect(await happened()).toEqual([]);
  });
}

test('no message of the history, no name, no note and no file name does either', async ({
  launchPbx,
  signIn,
}) => {
  const world = smallWorld();
  // Half a surrogate pair has no place in the address of a file.
  const texts = vectors.filter((vector) => !/\p{Surrogate}/u.test(vector));
  const people = texts.map((vector, index) => ({
    sip: `v${index}`,
    dn: vector,
    num: String(1000 + index),
    password: 'x',
    licensed: true,
    chat: true,
    note: vector,
    activity: 'away' as const,
  }));
  const groups = texts.map((vector, index) => ({
    sip: `grp-v${index}`,
    dn: vector,
    members: ['alice', 'bob'],
    admins: ['alice'],
  }));
  const now = Date.UTC(2025, 0, 1);
  const pbx = await launchPbx({
    world: {
      ...world,
      users: [...world.users, ...people],
      groups,
      files: Object.fromEntries(
        texts.map((vector) => [vector, { type: 'text/html', content: Buffer.from(vector) }]),
      ),
      history: () => [
        ...texts.map((text, index) => ({
          from: 'bob',
          to: 'alice',
          at: now + index,
          text,
          files: [texts[texts.length - 1 - index] ?? ''],
        })),
        ...people.map(({ sip, dn }, index) => ({ from: sip, to: 'alice', at: now + index, text: dn })),
        ...groups.map(({ sip, dn }, index) => ({ from: 'bob', to: sip, at: now + index, text: dn })),
        { from: 'bob', to: 'alice', at: now + texts.length, text: 'the last one' },
      ],
    },
  });
  const client = await signIn(pbx, 'alice');
  const { chat, window } = client;
  const happened = await watch(client);
  await chat.open('Bob Brown');
  await expect(chat.message('the last one')).toBeVisible({ timeout: 20_000 });
  expect(await lookAtAll(window, chat.log, window.getByText(/^This is the beginning/))).toEqual([]);

  // The list, from the top to its end: every row has been on the page with its name and its preview.
  const list = window.getByRole('listbox', { name: 'Chats' });
  const names = new Set<string>();
  for (let turn = 0; turn < 200; turn++) {
    for (const name of await list.locator('.name').allTextContents()) names.add(name.trim());
    const moved = await list.evaluate(async (element) => {
      let box: Element | null = element;
      while (box !== null && box.scrollHeight <= box.clientHeight) box = box.parentElement;
      const before = box?.scrollTop ?? 0;
      box?.scrollBy(0, box.clientHeight * 0.8);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return (box?.scrollTop ?? 0) > before;
    });
    if (!moved) break;
  }
  expect([...names].filter((name) => name.includes('canary')).length).toBeGreaterThan(100);
  expect(await list.locator('img, script, iframe, svg script, a, style, form').count()).toBe(0);
  expect(await happened()).toEqual([]);
});

test('content that is only odd keeps the window in its form', async ({ launchPbx, signIn }) => {
  const pbx = await launchPbx();
  const client = await signIn(pbx, 'alice');
  const { chat, window } = client;
  const happened = await watch(client);
  const texts = [
    'x',
    'x'.repeat(5_000),
    '😀'.repeat(500),
    '👨‍👩‍👧‍👦',
    'שלום עולם',
    '\u202eback to front',
    'zalgo ' + 'Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309'.repeat(30),
    'a\u200b'.repeat(300),
    `https://example.com/${'long/'.repeat(400)}`,
    '<p></p>',
    '<ul><li></li></ul>',
    ...nested,
  ];
  receiveAll(pbx, [...texts, 'the last one'], 'text/html');
  await chat.open('Bob Brown');
  await lookAtTheLast(chat);
  await lookAtAll(window, chat.log, window.getByText(/^This is the beginning/));
  const wide = await window.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  expect(await chat.log.evaluate((log) => log.scrollWidth - log.clientWidth)).toBeLessThanOrEqual(0);
  expect(await happened()).toEqual([]);
});

test('the policy of the page is on: what a script of the page tries in spite of all is refused', async ({
  launchPbx,
  signIn,
}) => {
  const client = await signIn(await launchPbx(), 'alice', {
    expectErrors: [/Content.Security.Policy|TrustedHTML|TrustedScript/i, /host\.invalid/],
  });
  const { window } = client;
  const results = await window.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(event.effectiveDirective),
    );
    const refused = (work: () => unknown): boolean => {
      try {
        work();
        return false;
      } catch {
        return true;
      }
    };
    const box = document.createElement('div');
    document.body.append(box);
    const types = (
      globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }
    ).trustedTypes;
    const image = document.createElement('img');
    const loaded = new Promise<boolean>((resolve) => {
      image.onload = () => resolve(true);
      image.onerror = () => resolve(false);
    });
    image.src = 'https://host.invalid/i.png';
    box.append(image);
    const script = document.createElement('script');
    return {
      innerHtml: refused(() => (box.innerHTML = '<b>x</b>')),
      outerHtml: refused(() => (box.outerHTML = '<b>x</b>')),
      insert: refused(() => box.insertAdjacentHTML('beforeend', '<b>x</b>')),
      write: refused(() => document.write('x')),
      parser: refused(() => new DOMParser().parseFromString('<b>', 'text/html')),
      range: refused(() => document.createRange().createContextualFragment('<b>')),
      frame: refused(() => (document.createElement('iframe').srcdoc = '<b>')),
      scriptUrl: refused(() => (document.createElement('script').src = 'https://host.invalid/a.js')),
      timer: refused(() => setTimeout('1' as unknown as () => void, 0)),
      newPolicy: refused(() => types.createPolicy('another', {})),
      samePolicy: refused(() => types.createPolicy('pbx-chat-message', {})),
      defaultPolicy: refused(() => types.createPolicy('default', {})),
      image: !(await loaded),
      inline: refused(() => {
        script.append(document.createTextNode('globalThis.canary = 1'));
        box.append(script);
      }),
      fetched: await fetch('https://host.invalid/').then(
        () => false,
        () => true,
      ),
      told: violations.length > 0,
    };
  });
  expect(Object.entries(results).filter(([, refused]) => !refused)).toEqual([]);
});

test('a link of a message is what it says, and only schemes of the list are opened', async ({
  launchPbx,
  signIn,
}) => {
  const pbx = await launchPbx();
  const bob = await pbx.user('bob');
  const client = await signIn(pbx, 'alice');
  const { chat, app, window } = client;
  await chat.open('Bob Brown');
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    (globalThis as { opened?: string[] }).opened = opened;
    shell.openExternal = (url) => Promise.resolve(void opened.push(url));
  });
  bob.send('alice', 'see https://münchen.example/a_(b), or javascript:alert(1)');
  const link = chat.log.getByRole('link');
  await expect(link).toHaveCount(1);
  await expect(link).toHaveText('https://münchen.example/a_(b)');
  // By mouse and by keyboard.
  const line = window.getByText('Opens https://xn--mnchen-3ya.example/a_(b)');
  await expect(link).toHaveAccessibleDescription('Opens https://xn--mnchen-3ya.example/a_(b)');
  await expect(line).toBeHidden();
  await link.hover();
  await expect(line).toBeVisible();
  await chat.input.hover();
  await expect(line).toBeHidden();
  await link.focus();
  await expect(line).toBeVisible();
  await chat.input.focus();
  await expect(line).toBeHidden();
  await link.click();
  await link.press('Enter');
  const opened = () => app.evaluate(() => (globalThis as { opened?: string[] }).opened ?? []);
  await expect.poll(opened).toEqual(Array(2).fill('https://xn--mnchen-3ya.example/a_(b)'));
  expect(await window.evaluate(() => location.href)).toBe('pbx-chat://app/index.html');
  for (const url of [
    'javascript:1',
    'data:text/html,x',
    'file:///etc/passwd',
    'vbscript:x',
    'java\nscript:1',
    'blob:x',
  ])
    expect(openableLink(url)).toBe(null);
});
