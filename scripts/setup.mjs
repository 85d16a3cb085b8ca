#!/usr/bin/env node
// Runs before `npm start`, `npm test` and `npm run pbx`, and makes a fresh clone ready: dependencies, Node 24 for the
// tools, the Electron runtime, libraries of the system. Whatever is there already is left alone, and a second run only
// looks. This file must be understood by old versions of Node, to tell their users which one is needed.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(
    `setup: this is Node ${process.versions.node}, and Node 20.11 or newer is needed. Install one from https://nodejs.org and try again.`,
  );
  process.exit(1);
}

import('./setup-steps.mjs')
  .then(({ setUp }) => setUp(process.argv.slice(2)))
  .then((ready) => {
    if (!ready) process.exitCode = 1;
  });
