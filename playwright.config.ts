import { defineConfig } from '@playwright/test';

// What is packaged has to be packaged first: `npm test -- package`.
const packaged = ['**/packaged.test.ts', '**/installed.test.ts'];

// Real windows on real displays: at most two at a time, and no second attempt, because a test that passes now and then
// says something about the program.
export default defineConfig({
  testDir: 'test/e2e',
  projects: [
    { name: 'built', testMatch: '**/*.test.ts', testIgnore: packaged },
    { name: 'packaged', testMatch: packaged },
  ],
  outputDir: 'artifacts/e2e',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 120_000,
  expect: { timeout: 20_000 },
  globalTimeout: 30 * 60_000,
  reportSlowTests: { max: 5, threshold: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'artifacts/e2e.json' }]],
});
