// How messages stand together. Decided for one message from itself and the one before it, so that a list of 100,000
// costs no more than what is on screen.
import type { MessageView } from '../src-main/ipc/contract.ts';
import { dayOf } from './times.ts';

/** Milliseconds within which messages of one author share a name. */
const GROUP_SPAN = 5 * 60_000;

export interface Placement {
  /** A day line stands above. */
  startsDay: boolean;
  /** Avatar and name stand above. */
  startsGroup: boolean;
}

/** `afterNewLine`: the 'new' line stands right above, which separates as well. */
export function place(
  message: MessageView,
  previous: MessageView | undefined,
  afterNewLine: boolean,
): Placement {
  const startsDay = previous === undefined || dayOf(message.at) !== dayOf(previous.at);
  const startsGroup =
    startsDay ||
    afterNewLine ||
    previous.own !== message.own ||
    previous.author.sip !== message.author.sip ||
    Math.abs(message.at - previous.at) >= GROUP_SPAN;
  return { startsDay, startsGroup };
}

/** What became of a list of messages between two views of the same discussion. */
export type Change =
  | { kind: 'same' }
  /** `prepended` older and `appended` newer ones; those between are the same messages. */
  | { kind: 'grown'; prepended: number; appended: number }
  /** Anything else: removed, inserted, replaced. */
  | { kind: 'other' };

/** Compares by id. Looks at the ends first: the common case costs nothing. */
export function change(before: readonly MessageView[], after: readonly MessageView[]): Change {
  if (
    before.length === after.length &&
    before[0]?.id === after[0]?.id &&
    before.at(-1)?.id === after.at(-1)?.id
  )
    return { kind: 'same' };
  const first = before[0];
  if (first === undefined) return { kind: 'grown', prepended: 0, appended: after.length };
  const prepended = after[0]?.id === first.id ? 0 : after.findIndex((message) => message.id === first.id);
  if (prepended === -1 || after[prepended + before.length - 1]?.id !== before.at(-1)?.id)
    return { kind: 'other' };
  return { kind: 'grown', prepended, appended: after.length - prepended - before.length };
}

/** How many messages of others stand after `last`; where that one is gone by now, how many are newer. */
export function countAfter(messages: readonly MessageView[], last: MessageView): number {
  const index = messages.findLastIndex(({ id }) => id === last.id);
  const after = index === -1 ? messages.filter(({ at }) => at > last.at) : messages.slice(index + 1);
  return after.filter(({ own }) => !own).length;
}

/** Somebody has deleted it: it is not shown, unless the server would not have it. */
export function isDeleted({ removal }: MessageView): boolean {
  return removal !== null && removal.state !== 'failed';
}

// Some programs write the selector for a picture also where there is nothing but a picture.
const loneEmoji = new RegExp('^(?:\\p{RGI_Emoji}\\ufe0f?\\s*){1,3}$', 'v');

/** One to three emoji and nothing else: shown large. */
export function isLoneEmoji(text: string): boolean {
  return text.length <= 48 && loneEmoji.test(text.trim());
}

/** Lines of text that a message shows; of a longer one only the beginning, until somebody wants more. */
export const mostLines = 24;
/** Characters that a line has at least, in a narrow window with large letters. */
const shortestLine = 12;

/** A cheap look that decides whether it is worth measuring how many lines a text has on screen. */
export function mayBeLong(text: string): boolean {
  const room = mostLines * shortestLine;
  return text.length > room || text.split('\n').length * shortestLine + text.length > room;
}

// The first letter decides, as for `dir="auto"`.
const beginsRightToLeft =
  /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Its lines begin at the right. */
export function isRightToLeft(text: string): boolean {
  return beginsRightToLeft.test(text);
}

/** The longest announcement of a message to a screen reader, in characters. */
const ANNOUNCED = 200;

/** A message as it is spoken: one line, cut at a sensible length. */
export function spoken(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= ANNOUNCED ? line : `${line.slice(0, ANNOUNCED)} …`;
}
