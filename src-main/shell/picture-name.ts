/** A name for a picture that has none: 'Picture 2026-11-25 14.03.png', in local time. `word`: for 'Picture'. */
export function pictureName(word: string, now: Date, extension: string): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${word} ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${extension}`;
}
