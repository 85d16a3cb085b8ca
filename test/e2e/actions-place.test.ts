// Where the buttons of a message stand: beside what one reads, and not on it.
import { smallWorld } from '../pbx/worlds/small.ts';
import { expect, test } from './fixtures.ts';

const texts = [
  'مرحبا، هل يمكنك إرسال الملف اليوم؟',
  'שלום, מה שלומך היום? אפשר לדבר מחר בבוקר על התוכנית החדשה',
  'A line of text that is so long that it goes on to the end of the column and further than that.',
];

/** Several of each of one author, so that the second and later ones have no name above them. */
const world = {
  world: smallWorld({
    history: (now) =>
      texts.flatMap((text, index) =>
        ['bob', 'alice'].flatMap((from, which) => {
          const one = { from, to: from === 'bob' ? 'alice' : 'bob', text };
          const at = now - 3_600_000 + (index * 2 + which) * 400_000;
          return [
            { ...one, at },
            { ...one, at: at + 1_000 },
          ];
        }),
      ),
  }),
};

for (const [theme, width] of [
  ['light', 1000],
  ['dark', 360],
] as const) {
  test(`they cover nothing of their message, and no other where there is room, whatever direction it has (${width} px, ${theme})`, async ({
    launchPbx,
    signIn,
  }) => {
    const client = await signIn(await launchPbx(world), 'alice', { args: [`--theme=${theme}`] });
    const { app, chat, window, keepPicture } = client;
    await chat.open('Bob Brown');
    await app.evaluate(
      ({ BrowserWindow }, width) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, 900),
      width,
    );
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(width);
    const messages = chat.log.getByRole('article');
    await expect(messages).toHaveCount(texts.length * 4);
    // Nothing comes above them any more.
    await messages.first().scrollIntoViewIfNeeded();
    await expect(window.getByText(/^This is the beginning/)).toBeVisible();
    // How many texts the buttons of each message cover: in a narrow window only those of their own are asked for.
    const covered = await chat.log.evaluate((log, roomy) => {
      const texts = (of: Element) => [...of.querySelectorAll('.html > div')];
      return [...log.querySelectorAll('article')].map((article) => {
        const bar = article.querySelector('.actions')!.getBoundingClientRect();
        return texts(roomy ? log : article).filter((text) => {
          const range = document.createRange();
          range.selectNodeContents(text);
          return [...range.getClientRects()].some(
            ({ left, right, top, bottom }) =>
              left < bar.right && right > bar.left && top < bar.bottom && bottom > bar.top,
          );
        }).length;
      });
    }, width === 1000);
    expect(covered).toEqual(covered.map(() => 0));
    expect(covered).toHaveLength(texts.length * 4);

    // Without a name above it, from right to left; they are there until one has reached them.
    const message = messages.nth(1);
    const actions = message.locator('.actions');
    await expect(async () => {
      await message.locator('.html').hover({ position: { x: 4, y: 8 } });
      await expect(actions).toHaveCSS('opacity', '1', { timeout: 1_000 });
    }).toPass();
    await keepPicture(`actions-right-to-left-${theme}`);
    const box = (await actions.boundingBox())!;
    const own = (await message.boundingBox())!;
    await window.mouse.move(box.x + box.width - 4, own.y + own.height / 2, { steps: 4 });
    await window.mouse.move(box.x + box.width - 4, box.y + box.height / 2, { steps: 4 });
    await expect(actions).toHaveCSS('opacity', '1');
    await window.mouse.down();
    await window.mouse.up();
    await expect(message.getByRole('button', { name: 'Copied' })).toBeVisible();
  });
}
