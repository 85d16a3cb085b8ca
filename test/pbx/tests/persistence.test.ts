import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPbx, type Pbx, type PbxStartOptions, type Peer } from '../index.ts';
import type { JsonObject } from '../json.ts';

let directory: string;
const running: Pbx[] = [];

async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx({ dataDir: directory, ...options });
  running.push(pbx);
  return pbx;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pbx-test-'));
});

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
  rmSync(directory, { recursive: true, force: true });
});

async function reader(pbx: Pbx, sip: string, session?: { usr: string; pwd: string }): Promise<Peer> {
  const peer = await pbx.user(sip, session === undefined ? {} : { session });
  await peer.openMessages();
  return peer;
}

const chat = async (peer: Peer, sip: string): Promise<JsonObject[]> =>
  (await peer.request({ mt: 'ReadChat', topic: peer.sip, sip, count: 1 }))
    .slice(0, -1)
    .map((one) => one.msg as JsonObject);

describe('a data directory', () => {
  it('keeps sessions, chats, unread counts, groups and files from one start to the next', async () => {
    const before = await start();
    const alice = await reader(before, 'alice');
    const [group] = await alice.request({ mt: 'WriteGroup', dn: 'Kept' });
    const [created] = await alice.request({ mt: 'CreateFileBuffer', name: 'kept.txt' });
    await fetch(String(created?.url), { method: 'POST', body: 'kept content' });
    alice.send('olga', 'kept', String(created?.url));
    await alice.until(() => alice.isConnectedTo('olga'), 'conn');
    await alice.request({ mt: 'ReadGroups' });
    const session = alice.session;
    if (session === undefined) throw new Error('no session');
    const [mine] = await chat(alice, 'olga');
    await before.close();

    const after = await start();
    const again = await reader(after, 'alice', session);
    const groups = await again.request({ mt: 'ReadGroups' });
    expect(groups).toContainEqual(expect.objectContaining({ id: group?.id, sip: group?.sip, dn: 'Kept' }));
    const olga = await reader(after, 'olga');
    const [unread] = await olga.request({ mt: 'ReadChats', topic: 'olga', unread: true });
    expect(unread).toMatchObject({ sip: 'alice', unread: 1 });
    const [message] = await chat(olga, 'alice');
    expect(message).toMatchObject({ id: mine?.id, timestamp: mine?.timestamp, text: 'kept' });
    const [file] = message?.attached as { url: string }[];
    expect(await (await fetch(file?.url ?? '')).text()).toBe('kept content');
    const [newer] = await again.request({ mt: 'WriteGroup', dn: 'New' });
    expect(newer?.id).toBeGreaterThan(group?.id as bigint);
  });

  it('keeps the certificate, so that trust in it lasts', async () => {
    const before = await start({ tls: true });
    const { certificate } = before;
    await before.close();
    expect((await start({ tls: true })).certificate).toBe(certificate);
  });

  it('that is damaged is named, and left as it is', async () => {
    await (await start()).close();
    const path = join(directory, 'messages.json');
    writeFileSync(path, '{"half":');
    await expect(start()).rejects.toThrow(path);
    expect(readFileSync(path, 'utf8')).toBe('{"half":');
  });

  it('gets the story of the world once', async () => {
    await (await start()).close();
    const alice = await reader(await start(), 'alice');
    const messages = await alice.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob', count: 1000 });
    expect(messages).toHaveLength(31);
  });
});

describe('restart', () => {
  it('comes back on the same ports with everything it had', async () => {
    const pbx = await start();
    const alice = await reader(pbx, 'alice');
    const url = pbx.url;
    await pbx.restart();
    expect(pbx.url).toBe(url);
    await alice.connect();
    await alice.openMessages();
    const { length } = await alice.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob', count: 50 });
    expect(length).toBe(31);
  });
});
