import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, isOurPage, isOwnResource, pageUrl, servePage } from '../../../src-main/shell/page.ts';

let root: string;
beforeAll(() => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-page-'));
  root = path.join(directory, 'renderer');
  fs.mkdirSync(path.join(root, 'assets'), { recursive: true });
  fs.writeFileSync(path.join(root, 'index.html'), '<!doctype html>');
  fs.writeFileSync(path.join(root, 'assets/index.js'), 'export {};');
  fs.writeFileSync(path.join(directory, 'secret.json'), '{}');
});
afterAll(() => fs.rmSync(path.dirname(root), { recursive: true, force: true }));

const get = (url: string, method = 'GET') => servePage(root)({ url, method });

describe('the page', () => {
  it('is served with its type and a policy that allows nothing from outside', async () => {
    const page = await get(pageUrl);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none';.*script-src 'self';.*require-trusted-types-for 'script'/,
    );
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const script = await get('pbx-chat://app/assets/index.js');
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(await script.text()).toBe('export {};');
  });

  it.each([
    'pbx-chat://app/missing.js',
    'pbx-chat://app/',
    'pbx-chat://app/assets',
    'pbx-chat://other/index.html',
    'pbx-chat://app/%2e%2e/secret.json',
    'pbx-chat://app/..%2fsecret.json',
    'pbx-chat://app/assets/..%2f..%2fsecret.json',
    'pbx-chat://app/..%5csecret.json',
    'pbx-chat://app/index.html%00.js',
    'pbx-chat://app/%E0%A4%A.js',
    'pbx-chat://app/index.exe',
  ])('is all there is: %s is not found', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  it('is read, never written', async () => {
    expect((await get(pageUrl, 'POST')).status).toBe(404);
  });

  it('never leads out of its directory', () => {
    for (const url of ['pbx-chat://app/../../etc/passwd.json', 'pbx-chat://app//etc/passwd.json']) {
      const file = fileOf(root, url);
      expect(file === null || file.startsWith(root + path.sep)).toBe(true);
    }
  });

  it('is known from others by its address', () => {
    expect([pageUrl, `${pageUrl}?a`, `${pageUrl}#b`].every(isOurPage)).toBe(true);
    for (const url of [
      'about:blank',
      `${pageUrl}.evil`,
      'https://app/index.html',
      'pbx-chat://app/other.html',
    ]) {
      expect(isOurPage(url), url).toBe(false);
    }
    expect(isOwnResource('pbx-chat://app/assets/index.js')).toBe(true);
    expect(isOwnResource('pbx-chat://file/l1.0')).toBe(true);
    expect(isOwnResource('https://example.com/x.png')).toBe(false);
    expect(isOwnResource('pbx-chat://app.example.com/')).toBe(false);
    expect(isOwnResource('file:///etc/passwd')).toBe(false);
  });
});
