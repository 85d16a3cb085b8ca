// Where the buttons of a message stand: beside what one reads, and not on it.
import { smallWorld } from '../pbx/worlds/small.ts';
import { expect, test } from './fixtures.ts';

const texts = [
  'مرحبا، هل يمكنك إرسال الملف اليوم؟',
  'شكرا جزيلا',
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
    for (let index = 0; index < texts.length * 4; index++) {
      const message = messages.nth(index);
      await message.scrollIntoViewIfNeeded();
      await message.locator('.html').hover({ position: { x: 4, y: 8 } });
      const actions = message.locator('.actions');
      await expect(actions).toHaveCSS('opacity', '1');
      const covered = await chat.log.evaluate(
        (log, { index, roomy }) => {
          const [article] = [...log.querySelectorAll('article')].slice(index);
          const bar = article!.querySelector('.actions')!.getBoundingClientRect();
          const covers = ({ left, right, top, bottom }: DOMRect): boolean =>
            left < bar.right && right > bar.left && top < bar.bottom && bottom > bar.top;
          return [...(roomy ? log : article!).querySelectorAll('.html > div')].filter((text) => {
            const range = document.createRange();
            range.selectNodeContents(text);
            return [...range.getClientRects()].some(covers);
          }).length;
        },
        { index, roomy: width === 1000 },
      );
      expect(covered, `message ${index}`).toBe(0);
      // They are there until one has reached them.
      const box = (await actions.boundingBox())!;
      const own = (await message.boundingBox())!;
      expect(Math.max(box.y, own.y)).toBeLessThanOrEqual(Math.min(box.y + box.height, own.y + own.height));
      await window.mouse.move(box.x + box.width - 4, own.y + own.height / 2, { steps: 4 });
      await window.mouse.move(box.x + box.width - 4, box.y + box.height / 2, { steps: 4 });
      await expect(actions).toHaveCSS('opacity', '1');
      if (index === 1) await keepPicture(`actions-right-to-left-${theme}`);
      if (index === 13) await keepPicture(`actions-long-line-${theme}`);
    }
  });
}
