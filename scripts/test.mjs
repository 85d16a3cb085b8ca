#!/usr/bin/env node
// `npm test`: everything that a change has to pass, in order, and a closing line with the counts. A step that fails does
// not hide the next one. `npm test -- unit [file …]` and `npm test -- e2e [title]` run a part; `npm test -- package` is
// apart, because it packages first.
import fs from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { ensureRuntime } from './electron-runtime.mjs';
import { projectRoot } from './places.mjs';
import { start, stop, stopAllOnSignals } from './processes.mjs';

const MINUTE_MS = 60_000;
const artifacts = path.join(projectRoot, 'artifacts');
const reports = { unit: path.join(artifacts, 'unit.json'), e2e: path.join(artifacts, 'e2e.json') };

const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function count(name, { passed = 0, failed = 0, skipped = 0 }) {
  counts.passed += passed;
  counts.failed += failed;
  counts.skipped += skipped;
  if (failed > 0) failures.push(`${name} (${failed})`);
}

/** Runs a program of node_modules/.bin and shows what it prints; true if it ended well and in time. */
async function runTool(name, args, { env = {}, minutes = 5 } = {}) {
  const bin = path.join(projectRoot, 'node_modules/.bin');
  const child = start(path.join(bin, name), args, {
    cwd: projectRoot,
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, ...env },
    shell: process.platform === 'win32',
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    console.log(`\n${name} did not end within ${minutes} minutes`);
    void stop(child);
  }, minutes * MINUTE_MS);
  const code = await child.exited;
  clearTimeout(timer);
  if (code === 127) console.log(`${name} cannot be started: run \`npm run setup\``);
  return code === 0 && !late;
}

/** A check without tests in it counts as one. */
function check(name, tool, args) {
  return {
    name,
    run: async () => count(name, (await runTool(tool, args)) ? { passed: 1 } : { failed: 1 }),
  };
}

/** A test runner's own report has the numbers. One that says 'failed' without a failed test (or at all) counts as one. */
async function runTests(name, report, read, tool, args, options) {
  fs.rmSync(report, { force: true });
  const ok = await runTool(tool, args, options);
  let result = {};
  try {
    result = read(JSON.parse(fs.readFileSync(report, 'utf8')));
  } catch {
    if (ok) console.log(`${name}: no report was written`);
  }
  const ran = (result.passed ?? 0) + (result.failed ?? 0) + (result.skipped ?? 0);
  if (!result.failed && (!ok || ran === 0)) result.failed = 1;
  count(name, result);
}

const unitReport = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
  skipped: report.numPendingTests + report.numTodoTests,
});

const e2eReport = ({ stats }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
  skipped: stats.skipped,
});

function unitTests(filters) {
  return {
    name: 'unit tests',
    run: () =>
      runTests('unit tests', reports.unit, unitReport, 'vitest', [
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reports.unit}`,
        ...filters,
      ]),
  };
}

/** `package.mjs` makes the program that the tests are about; without it there is nothing to test. */
async function packaged() {
  const ok = await runTool('node', [path.join(import.meta.dirname, 'package.mjs'), '--fast']);
  count('packaging', ok ? { passed: 1 } : { failed: 1 });
  return ok;
}

function endToEndTests(project, titles) {
  const run = async () => {
    const say = (text) => console.log(text);
    let runtime;
    try {
      console.log((await build()) ? 'built' : 'built before, nothing changed');
      count('build', { passed: 1 });
      runtime = await ensureRuntime({ say });
    } catch (error) {
      console.log(error.stack ?? error);
      console.log('not run: there is nothing to run them with');
      count('end-to-end tests', { failed: 1 });
      return;
    }
    const args = ['test', `--project=${project}`, ...(titles.length > 0 ? ['--grep', titles.join('|')] : [])];
    const env = { ELECTRON_OVERRIDE_DIST_PATH: runtime };
    await runTests('end-to-end tests', reports.e2e, e2eReport, 'playwright', args, { env, minutes: 31 });
  };
  return { name: `build and end-to-end tests (${project})`, run };
}

const [part, ...rest] = process.argv.slice(2);
const parts = {
  static: () => [
    check('prettier', 'prettier', ['--check', '--log-level=warn', '.']),
    check('eslint', 'eslint', ['.']),
    check('tsc', 'tsc', []),
    check('svelte-check', 'svelte-check', ['--fail-on-warnings']),
  ],
  unit: () => [unitTests(rest)],
  e2e: () => [endToEndTests('built', rest)],
  package: () => [{ name: 'packages', run: packaged }, endToEndTests('packaged', rest)],
};
if (part !== undefined && !(part in parts)) {
  console.error(`npm test [-- ${Object.keys(parts).join(' | ')} [filter]]: there is no part '${part}'.`);
  process.exit(2);
}

stopAllOnSignals();
fs.mkdirSync(artifacts, { recursive: true });
const steps = part === undefined ? [...parts.static(), ...parts.unit(), ...parts.e2e()] : parts[part]();
for (const step of steps) {
  console.log(`\n--- ${step.name} ---`);
  const started = Date.now();
  await step.run();
  console.log(`--- ${step.name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
console.log(failures.length > 0 ? `\nfailed: ${failures.join(', ')}` : '');
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed > 0 ? 1 : 0;
