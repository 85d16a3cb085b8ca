// Finding a text in the messages of a discussion: where it is, how often, and which one is next. Pure.
import type { MessageView } from '../src-main/ipc/contract.ts';
import { foldWhole } from './filter.ts';
import { isDeleted } from './message-layout.ts';

/** A message with what is sought in it. */
export interface Hit {
  message: string;
  /** Of the message in the list. */
  index: number;
  count: number;
}

/** One of the places: the nth in its message, from zero. */
export interface Spot {
  message: string;
  nth: number;
}

// A message that changes is another object, so what was folded once stays right.
const folded = new WeakMap<MessageView, string>();

function foldedText(message: MessageView): string {
  const known = folded.get(message);
  if (known !== undefined) return known;
  const words = isDeleted(message) ? [] : [message.text, ...message.attachments.map(({ name }) => name)];
  const text = foldWhole(words.join('\n'));
  folded.set(message, text);
  return text;
}

/** What is typed as it is compared; empty when there is nothing to seek. */
export function soughtText(typed: string): string {
  return typed.trim() === '' ? '' : foldWhole(typed);
}

/** The messages that have `sought` (of `soughtText`) in their text or in the names of their files, in their order. */
export function hitsIn(messages: readonly MessageView[], sought: string): Hit[] {
  if (sought === '') return [];
  const hits: Hit[] = [];
  for (const [index, message] of messages.entries()) {
    const count = starts(foldedText(message), sought).length;
    if (count > 0) hits.push({ message: message.id, index, count });
  }
  return hits;
}

/** Where `sought` begins, each time behind the end of the last. */
function starts(text: string, sought: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + sought.length))
    found.push(at);
  return found;
}

/** The places of `sought` in an unfolded text: UTF-16 offsets, whole characters with their marks. */
export function rangesIn(text: string, sought: string): { start: number; end: number }[] {
  if (sought === '') return [];
  let whole = '';
  const origins: number[] = [];
  let at = 0;
  for (const character of text) {
    const part = foldWhole(character);
    for (let unit = 0; unit < part.length; unit++) origins.push(at);
    whole += part;
    at += character.length;
  }
  return starts(whole, sought).map((first) => {
    const last = first + sought.length - 1;
    let next = last + 1;
    // A character that folds to several is found as a whole.
    while (next < origins.length && origins[next] === origins[last]) next++;
    return { start: origins[first] ?? 0, end: origins[next] ?? text.length };
  });
}

/**
 * The place to be at: `wanted` while its message has it, else the next earlier one, else the latest. `from` is the index
 * of the message that the search starts at.
 */
export function settle(hits: readonly Hit[], wanted: Spot | null, from: number): Spot | null {
  const same = hits.find(({ message }) => message === wanted?.message);
  if (same !== undefined && wanted !== null) {
    return { message: same.message, nth: Math.min(wanted.nth, same.count - 1) };
  }
  const hit = hits.findLast(({ index }) => index <= from) ?? hits.at(-1);
  return hit === undefined ? null : { message: hit.message, nth: hit.count - 1 };
}

/** The next place: earlier (-1) or later (1), and round at the ends. */
export function step(hits: readonly Hit[], spot: Spot, by: -1 | 1): Spot {
  const at = hits.findIndex(({ message }) => message === spot.message);
  const here = hits[at];
  if (here === undefined) return spot;
  const nth = spot.nth + by;
  if (nth >= 0 && nth < here.count) return { message: here.message, nth };
  const next = hits[(at + by + hits.length) % hits.length] ?? here;
  return { message: next.message, nth: by === 1 ? 0 : next.count - 1 };
}

/** The number of a place, from 1 for the latest: one begins at the end of a chat. */
export function position(hits: readonly Hit[], spot: Spot): { index: number; count: number } {
  let later = 0;
  let index = 0;
  for (const hit of hits.toReversed()) {
    if (hit.message === spot.message) index = later + hit.count - spot.nth;
    later += hit.count;
  }
  return { index, count: later };
}
