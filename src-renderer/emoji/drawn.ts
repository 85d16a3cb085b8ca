// Which emoji the fonts of this computer have: every year brings new ones, and what a font does not know is an empty box.

/** Whether a text is drawn as one coloured picture. */
export type Draws = (text: string) => boolean;

/** One of each version that has new ones, oldest first. Older than these nobody's fonts are. */
const samples: Readonly<Record<string, string>> = {
  '12': '🥱',
  '12.1': '🧑‍🦰',
  '13': '🥲',
  '13.1': '😮‍💨',
  '14': '🫠',
  '15': '🫨',
  '15.1': '🙂‍↔️',
  '16': '🫩',
  '17': '🫪',
};

/** The hexcodes of the versions that are not drawn. */
export async function notDrawn(draws: Draws = drawing()): Promise<ReadonlySet<string>> {
  const missing = Object.entries(samples).flatMap(([version, sample]) => (draws(sample) ? [] : [version]));
  if (missing.length === 0) return new Set();
  const { default: versions } = await import('emojibase-data/versions/emoji.json');
  return new Set(missing.flatMap((version) => versions[version] ?? []));
}

const size = 24;

function drawing(): Draws {
  const canvas = document.createElement('canvas');
  canvas.width = size * 2;
  canvas.height = size * 2;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return () => true;
  context.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = 'top';
  const usual = context.measureText('😀').width;
  return (text) => {
    // What a font cannot join stands there in its parts.
    if (context.measureText(text).width > usual * 1.25) return false;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.fillText(text, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    // The box of what is not there is drawn in the colour of the text.
    for (let at = 0; at < data.length; at += 4) if (data[at] !== data[at + 2]) return true;
    return false;
  };
}
