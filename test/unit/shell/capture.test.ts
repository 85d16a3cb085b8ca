import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureDeadline, capturePause, createCapture } from '../../../src-main/shell/capture.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-capture-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const png = Buffer.from('a picture');

function setup({ ofDiscussion = true, file = path.join(directory, 'a.png'), empty = false } = {}) {
  const ended: (string | null)[] = [];
  const timers: { milliseconds: number; run: () => void }[] = [];
  let pictures = 0;
  const capture = createCapture({
    file,
    ofDiscussion,
    page: () => ({
      executeJavaScript: async () => true,
      capturePage: async () => {
        pictures++;
        return { toPNG: () => png, isEmpty: () => empty };
      },
    }),
    after(milliseconds, run) {
      const timer = { milliseconds, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    done: (problem) => ended.push(problem),
  });
  return {
    capture,
    ended,
    timers,
    file,
    pictures: () => pictures,
    end: () => {
      for (const timer of timers.filter(({ milliseconds }) => milliseconds === capturePause)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.run();
      }
      return vi.waitFor(() => expect(ended).toHaveLength(1));
    },
  };
}

describe('a capture', () => {
  it('is taken when the discussion that was asked for is on screen with messages', async () => {
    const { capture, ended, file, pictures, timers, end } = setup();
    capture.painted({ discussion: null, messages: 0 });
    capture.painted({ discussion: 'bert', messages: 12 });
    capture.expect('anna');
    capture.painted({ discussion: 'anna', messages: 0 });
    expect(timers).toHaveLength(1);
    capture.painted({ discussion: 'anna', messages: 3 });
    capture.painted({ discussion: 'anna', messages: 4 });
    await end();
    expect(ended).toEqual([null]);
    expect(pictures()).toBe(1);
    expect(fs.readFileSync(file)).toEqual(png);
    expect(fs.readdirSync(directory)).toEqual(['a.png']);
    expect(timers).toEqual([]);
  });

  it('is taken also when the discussion was painted before its address was resolved', async () => {
    const { capture, ended, end } = setup();
    capture.painted({ discussion: 'anna', messages: 3 });
    capture.expect('anna');
    await end();
    expect(ended).toEqual([null]);
  });

  it('without a discussion is of the first screen', async () => {
    const { capture, ended, end } = setup({ ofDiscussion: false });
    capture.painted({ discussion: null, messages: 0 });
    await end();
    expect(ended).toEqual([null]);
  });

  it('is given up in time, with what was on screen instead', () => {
    const { capture, timers, ended } = setup();
    capture.expect('anna');
    capture.painted({ discussion: 'bert', messages: 2 });
    expect(timers.map((timer) => timer.milliseconds)).toEqual([captureDeadline]);
    timers[0]?.run();
    expect(ended).toEqual([expect.stringContaining('the window shows 2 messages of bert')]);
  });

  it('fails in words when the discussion cannot be opened, the file written, or the picture taken', async () => {
    const one = setup();
    one.capture.fail('the login failed: wrong-password');
    one.capture.fail('again');
    expect(one.ended).toEqual(['the login failed: wrong-password']);

    const two = setup({ ofDiscussion: false, file: path.join(directory, 'missing/a.png') });
    two.capture.painted({ discussion: null, messages: 0 });
    await two.end();
    expect(two.ended[0]).toMatch(/could not be written: ENOENT/);

    const three = setup({ ofDiscussion: false, empty: true });
    three.capture.painted({ discussion: null, messages: 0 });
    await three.end();
    expect(three.ended[0]).toMatch(/the picture is empty/);
    expect(fs.readdirSync(directory)).toEqual([]);
  });
});
