#!/usr/bin/env node
// `npm run bench`: what the program costs in time and memory, as ratios to a baseline that is measured in the same run, so
// that figures of different machines can be compared. Judges nothing: it fails only if something cannot be measured.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { DisplayError, ensureDesktop } from './display.mjs';
import { ensureRuntime, RuntimeError } from './electron-runtime.mjs';
import { stopAll, stopAllOnSignals } from './processes.mjs';
import { timeOfOneMessage } from '../test/bench/messages.ts';
import { startClient, startEmptyWindow, upload, worldWithChats } from '../test/bench/programs.ts';
import { startPbx } from '../test/pbx/index.ts';

const UPLOAD = 2 * 1024 ** 3;
const MESSAGES = 100_000;
const FEW_CHATS = 3;
const MANY_CHATS = 300;

const say = (text) => console.error(`bench: ${text}`);

/** How often each program is started; what is told of them is the median. */
function readRuns() {
  try {
    const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
    if (/^[1-9]\d?$/.test(values.runs)) return Number(values.runs);
    say(`--runs is a number from 1 to 99, not '${values.runs}'`);
  } catch (error) {
    say(error.message);
  }
  process.exit(2);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/**
 * Starts the programs in turn, so that a machine that gets slower meanwhile is slower for all of them; each round begins
 * with another, so that none always finds the disk's cache as the same other one left it.
 */
async function startInTurn(place, runs) {
  const few = await startPbx({ world: worldWithChats(FEW_CHATS), bots: false });
  const many = await startPbx({ world: worldWithChats(MANY_CHATS), bots: false });
  const programs = {
    empty: () => startEmptyWindow(place),
    few: () => startClient(place, few, FEW_CHATS),
    many: () => startClient(place, many, MANY_CHATS),
  };
  const results = { empty: [], few: [], many: [] };
  // The first start of each makes its profile and warms the disk's cache: it does not count.
  try {
    for (let run = 0; run <= runs; run++) {
      say(run === 0 ? 'starting each program once for its profile' : `starts, ${run} of ${runs}`);
      const names = Object.keys(programs);
      const first = run % names.length;
      for (const name of [...names.slice(first), ...names.slice(0, first)]) {
        const result = await programs[name]();
        if (run > 0) results[name].push(result);
      }
    }
  } finally {
    // Also when a start fails: a PBX that listens would keep this program from ending.
    await few.close();
    await many.close();
  }
  return (name, what) => median(results[name].map((result) => result[what]));
}

function print(rows) {
  const table = [['', 'measured', 'baseline', 'ratio'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) {
    const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
    console.log(cells.join('  '));
  }
}

/** One row of the table. */
function row(name, measured, baseline, unit, digits = 0) {
  const value = (number) => `${number.toFixed(digits)} ${unit}`;
  return [name, value(measured), value(baseline), (measured / baseline).toFixed(2)];
}

async function uploadRow(place, idle) {
  const { bavail, bsize } = fs.statfsSync(os.tmpdir());
  const free = bavail * bsize;
  const name = 'memory growth while 2 GiB are sent, vs. idle';
  if (free < 1.5 * UPLOAD) {
    say(`no file is sent: ${os.tmpdir()} has no 3 GiB free for the PBX to keep it`);
    return [name, 'not measured', '', ''];
  }
  say('sending a file of 2 GiB');
  const { growth, seconds } = await upload(place, UPLOAD);
  return row(`${name} (${seconds.toFixed(0)} s)`, growth, idle, 'MiB');
}

async function bench(runs, scratch) {
  say('building');
  await build();
  const runtime = await ensureRuntime({ say });
  const { env } = await ensureDesktop({ preferVirtual: true });
  const place = { runtime, env, scratch };
  const figure = await startInTurn(place, runs);
  const sent = await uploadRow(place, figure('few', 'memory'));
  say('receiving messages');
  const message = async (name, from) =>
    row(name, await timeOfOneMessage(MESSAGES, from), await timeOfOneMessage(10, from), 'µs');
  print([
    row(
      'start to painted list, vs. empty window',
      figure('few', 'paintMs'),
      figure('empty', 'paintMs'),
      'ms',
    ),
    row(
      `start to painted list, ${MANY_CHATS} chats vs. ${FEW_CHATS}`,
      figure('many', 'paintMs'),
      figure('few', 'paintMs'),
      'ms',
    ),
    row('memory when idle, vs. empty window', figure('few', 'memory'), figure('empty', 'memory'), 'MiB'),
    row(
      `memory when idle, ${MANY_CHATS} chats vs. ${FEW_CHATS}`,
      figure('many', 'memory'),
      figure('few', 'memory'),
      'MiB',
    ),
    sent,
    await message('a message in the open chat, 100,000 vs. 10', 'bob'),
    await message('a message in another chat, 100,000 vs. 10', 'olga'),
  ]);
}

const runs = readRuns();
stopAllOnSignals();
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-bench-'));
try {
  await bench(runs, scratch);
} catch (error) {
  const known = error instanceof RuntimeError || error instanceof DisplayError;
  say(known ? error.message : error.stack);
  process.exitCode = 1;
} finally {
  await stopAll();
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
