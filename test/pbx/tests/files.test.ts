import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startPbx, type Pbx, type PbxStartOptions, type Peer } from '../index.ts';
import type { JsonObject } from '../json.ts';

const running: Pbx[] = [];

async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx(options);
  running.push(pbx);
  return pbx;
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

async function buffer(peer: Peer, name: string): Promise<string> {
  const [result] = await peer.request({ mt: 'CreateFileBuffer', name });
  expect(result).toMatchObject({ mt: 'CreateFileBufferResult', id: expect.anything() });
  return String(result?.url);
}

async function uploaded(pbx: Pbx, peer: Peer, name: string, content: string): Promise<string> {
  const url = new URL(await buffer(peer, name), pbx.url).href;
  const response = await fetch(url, {
    method: 'POST',
    body: content,
    headers: { 'content-type': 'text/x-test' },
  });
  expect(response.ok).toBe(true);
  return url;
}

async function stored(peer: Peer, chat: string): Promise<{ name: string; url: string }[]> {
  const answers = await peer.request({ mt: 'ReadChat', topic: peer.sip, sip: chat, count: 1 });
  return (answers[0]?.msg as JsonObject).attached as { name: string; url: string }[];
}

async function two(pbx: Pbx): Promise<[Peer, Peer]> {
  const [alice, bob] = [await pbx.user('alice'), await pbx.user('bob')];
  await alice.openMessages();
  await bob.openMessages();
  return [alice, bob];
}

describe('files', () => {
  it('are uploaded to a buffer, sent by its URL, and kept under a permanent one', async () => {
    const pbx = await start();
    const [alice, bob] = await two(pbx);
    const url = await uploaded(pbx, alice, 'a name & ä.txt', 'content');
    alice.send('bob', 'see this', url);
    const message = await bob.waitFor((one) => one.attach.length === 1);
    const temporary = await fetch(message.attach[0] ?? '');
    expect(await temporary.text()).toBe('content');
    expect(temporary.headers.get('content-type')).toBe('text/x-test');
    const [file] = await stored(bob, 'alice');
    expect(file?.name).toBe('a name & ä.txt');
    expect(file?.url).not.toBe(url);
    const permanent = await fetch(file?.url ?? '');
    expect(await permanent.text()).toBe('content');
    expect(permanent.headers.get('content-disposition')).toContain(encodeURIComponent('a name & ä.txt'));
  });

  it('several at once, their URLs encoded or not', async () => {
    const pbx = await start();
    const [alice, bob] = await two(pbx);
    const one = await uploaded(pbx, alice, 'one.txt', '1');
    const other = await uploaded(pbx, alice, 'other.txt', '2');
    alice.send('bob', '', `${one} ${encodeURIComponent(other)}`);
    await bob.waitFor((message) => message.attach.length === 2);
    expect((await stored(bob, 'alice')).map((file) => file.name)).toEqual(['one.txt', 'other.txt']);
  });

  it('lose their temporary URL when the receiver goes offline', async () => {
    const pbx = await start();
    const [alice, bob] = await two(pbx);
    const url = await uploaded(pbx, alice, 'x.txt', 'x');
    alice.send('bob', '', url);
    await bob.waitFor((message) => message.attach.length === 1);
    expect((await fetch(url)).status).toBe(200);
    bob.close();
    for (let status = 0; status !== 410;) status = (await fetch(url)).status;
    const [file] = await stored(alice, 'bob');
    expect((await fetch(file?.url ?? '')).status).toBe(200);
  });

  it('have relative URLs, another answer to uploads, and no permanent copy when switched so', async () => {
    const switches = {
      fileUrls: 'relative',
      uploadAnswer: 'json',
      permanentFiles: 'absent',
      pathPrefix: '/a/b',
    } as const;
    const pbx = await start({ switches });
    const [alice, bob] = await two(pbx);
    const url = await buffer(alice, 'x.txt');
    expect(url).toMatch(/^\/a\/b\/messages\/files\//);
    const response = await fetch(new URL(url, pbx.url), { method: 'POST', body: 'x' });
    expect(await response.json()).toEqual({ ok: true });
    alice.send('bob', '', url);
    await bob.waitFor((message) => message.attach[0] === url);
    expect(await stored(bob, 'alice')).toBeUndefined();
  });

  it('are read in ranges, for sound and video', async () => {
    const pbx = await start();
    const [alice] = await two(pbx);
    const url = await uploaded(pbx, alice, 'x.txt', '0123456789');
    const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      206,
      '234',
      'bytes 2-4/10',
    ]);
    expect(await (await fetch(url, { headers: { range: 'bytes=-3' } })).text()).toBe('789');
    expect((await fetch(url, { headers: { range: 'bytes=20-' } })).status).toBe(416);
  });

  it('are there once: no second upload, no guessing, nothing before the upload', async () => {
    const pbx = await start();
    const [alice] = await two(pbx);
    const empty = await buffer(alice, 'empty.txt');
    expect((await fetch(empty)).status).toBe(404);
    const url = await uploaded(pbx, alice, 'x.txt', 'x');
    expect((await fetch(url, { method: 'POST', body: 'y' })).status).toBe(409);
    expect((await fetch(url.replace(/[0-9a-f]{32}/, '0'.repeat(32)))).status).toBe(404);
  });

  it('fail to upload when asked to', async () => {
    const pbx = await start();
    const [alice] = await two(pbx);
    const url = await buffer(alice, 'x.txt');
    pbx.faults.upload = 'status';
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(500);
    pbx.faults.upload = 'ok-false';
    expect(await (await fetch(url, { method: 'POST', body: 'x' })).json()).toEqual({ ok: false });
    pbx.faults.upload = 'cut';
    await expect(fetch(url, { method: 'POST', body: 'x'.repeat(1_000_000) })).rejects.toThrow();
    pbx.faults.upload = 'none';
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(200);
  });

  it('fail to download when asked to, and take their time', async () => {
    const pbx = await start();
    const [alice] = await two(pbx);
    const url = await uploaded(pbx, alice, 'x.txt', 'x'.repeat(200_000));
    pbx.faults.download = 'redirect';
    pbx.faults.redirectTo = 'https://elsewhere.example/x';
    const redirect = await fetch(url, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'https://elsewhere.example/x']);
    pbx.faults.download = 'cut';
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
    pbx.faults.clear();
    pbx.faults.fileRate = 1;
    const slow = await fetch(url);
    const reader = slow.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeLessThan(200_000);
    pbx.faults.fileRate = 0;
    await reader?.cancel();
  });

  it('are at the service itself when switched so', async () => {
    const pbx = await start({ switches: { fileUrls: 'own-host' } });
    const [alice] = await two(pbx);
    const url = await uploaded(pbx, alice, 'x.txt', 'x');
    expect(new URL(url).origin).not.toBe(new URL(pbx.url).origin);
    expect(await (await fetch(url)).text()).toBe('x');
  });

  it('have a temporary folder while there are any, which ends with the PBX', async () => {
    const place = mkdtempSync(join(tmpdir(), 'pbx-test-'));
    vi.stubEnv('TMPDIR', place);
    try {
      const pbx = await start();
      const [alice] = await two(pbx);
      expect(readdirSync(place)).toEqual([]);
      await uploaded(pbx, alice, 'a.txt', 'content');
      expect(readdirSync(place)).toEqual([expect.stringMatching(/^pbx-files-/)]);
      await pbx.close();
      expect(readdirSync(place)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(place, { recursive: true });
    }
  });

  it('elsewhere are kept as their address', async () => {
    const pbx = await start();
    const [alice, bob] = await two(pbx);
    alice.send('bob', '', 'https://elsewhere.example/picture.png');
    await bob.waitFor((message) => message.attach.length === 1);
    expect(await stored(bob, 'alice')).toEqual([
      { name: 'picture.png', url: 'https://elsewhere.example/picture.png' },
    ]);
  });
});
