#!/usr/bin/env node
// What electron-builder asks of 7-Zip to make a .tar.gz, for machines without 7-Zip: `a … OUT IN` writes IN, compressed
// with gzip, to OUT. Anything else is refused, because nothing else was understood.
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const [command, ...rest] = process.argv.slice(2);
const files = rest.filter((argument) => !argument.startsWith('-'));
const level = /^-mx=(\d)$/.exec(rest.find((argument) => argument.startsWith('-mx=')) ?? '')?.[1];
if (command !== 'a' || files.length !== 2 || !files[0].endsWith('.gz')) {
  console.error('package: this archive needs 7-Zip (Debian: 7zip or p7zip-full).');
  process.exit(2);
}
const [target, source] = files;
await pipeline(
  fs.createReadStream(source, { highWaterMark: 1 << 20 }),
  createGzip({ level: Number(level ?? 9) }),
  fs.createWriteStream(target),
);
