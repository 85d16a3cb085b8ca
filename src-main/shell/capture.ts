// `--capture`: a picture of the window once the wanted discussion is really on screen.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { DiscussionId } from '../ipc/contract.ts';

/** The part of Electron's WebContents that is used. */
export interface Page {
  executeJavaScript(code: string): Promise<unknown>;
  capturePage(): Promise<{ toPNG(): Buffer; isEmpty(): boolean }>;
}

export interface CapturePorts {
  /** Null: no picture is wanted, and nothing is done. */
  file: string | null;
  /** Whether a discussion was asked for; without one, the first screen that is painted is the picture. */
  ofDiscussion: boolean;
  page(): Page;
  after(milliseconds: number, run: () => void): () => void;
  /** Once. `problem` null: the picture is written. */
  done(problem: string | null): void;
}

export interface Capture {
  /** The discussion that was asked for is this one. */
  expect(discussion: DiscussionId): void;
  /** It cannot be opened. */
  fail(problem: string): void;
  /** What the window says is on screen. */
  painted(facts: { discussion: DiscussionId | null; messages: number }): void;
}

/** Milliseconds from the start of the program until the picture is given up. */
export const captureDeadline = 45_000;

/** Milliseconds from the messages on screen to the picture: presences arrive after the first paint, by themselves. */
export const capturePause = 500;

/** Fonts and pictures are there, and what they changed has been drawn: two frames. */
const settled = `(async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return true;
})()`;

export function createCapture(ports: CapturePorts): Capture {
  let wanted: DiscussionId | null = null;
  let seen: { discussion: DiscussionId | null; messages: number } = { discussion: null, messages: 0 };
  let painted = false;
  const { file } = ports;
  if (file === null) return { expect: () => undefined, fail: () => undefined, painted: () => undefined };
  let state: 'waiting' | 'taking' | 'over' = 'waiting';

  const end = (problem: string | null) => {
    if (state === 'over') return;
    state = 'over';
    cancel();
    ports.done(problem);
  };
  const cancel = ports.after(captureDeadline, () =>
    end(`there was nothing to take a picture of after ${captureDeadline / 1000} s: ${describe()}`),
  );
  const describe = () => {
    if (!painted) return 'the window has painted nothing';
    if (ports.ofDiscussion && wanted === null) return 'the discussion was not opened';
    return `the window shows ${seen.messages} messages of ${seen.discussion ?? 'no discussion'}`;
  };
  const take = async () => {
    try {
      await ports.page().executeJavaScript(settled);
      const picture = await ports.page().capturePage();
      if (picture.isEmpty()) throw new Error('the picture is empty');
      await writePicture(file, picture.toPNG());
      end(null);
    } catch (error) {
      end(`the picture could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const look = () => {
    if (state !== 'waiting' || !painted) return;
    if (ports.ofDiscussion && (wanted === null || seen.discussion !== wanted || seen.messages === 0)) return;
    state = 'taking';
    ports.after(capturePause, () => void take());
  };
  return {
    expect(discussion) {
      wanted = discussion;
      look();
    },
    fail: (problem) => end(problem),
    painted(facts) {
      painted = true;
      seen = facts;
      look();
    },
  };
}

/** Under its final name only when it is complete. */
async function writePicture(file: string, png: Buffer): Promise<void> {
  const target = path.resolve(file);
  const draft = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await fs.writeFile(draft, png);
    await fs.rename(draft, target);
  } catch (error) {
    await fs.rm(draft, { force: true });
    throw error;
  }
}
