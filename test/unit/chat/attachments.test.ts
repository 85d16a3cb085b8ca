import { describe, expect, test } from 'vitest';
import { arrives, loggedIn, type Bench } from './chat-bench.ts';
import { settled } from './manual-world.ts';

async function opened(): Promise<Bench> {
  const bench = await loggedIn(true);
  await arrives(bench, 'bob', 'hello');
  bench.session.commands.openDiscussion({ discussion: 'bob' });
  return bench;
}
function attach(bench: Bench, ...names: string[]) {
  const files = names.map((name) => ({ id: `u-${name}`, name, size: 10 }));
  return bench.session.files.attach('bob', files);
}
const upload = (bench: Bench, name: string) => {
  const found = bench.pbx().uploads.find(({ file }) => file.name === name);
  if (!found) throw new Error(`${name} is not on its way`);
  return found;
};
const send = (bench: Bench, html: string) => bench.session.commands.send({ discussion: 'bob', html });

describe('files that are composed', () => {
  test('are uploaded two at a time, and stand in the tray of their discussion', async () => {
    const bench = await opened();
    expect(attach(bench, 'a', 'b', 'c').ok).toBe(true);
    expect(bench.pbx().uploads.map(({ file }) => file.name)).toEqual(['a', 'b']);
    upload(bench, 'a').settle({ ok: true, value: { url: 'https://pbx/a' } });
    await settled();
    expect(bench.pbx().uploads.map(({ file }) => file.name)).toEqual(['a', 'b', 'c']);
    expect(bench.open().tray.map(({ state }) => state)).toEqual(['done', 'uploading', 'uploading']);
  });

  test('go with the next message, which is sent once and when all are there', async () => {
    const bench = await opened();
    attach(bench, 'a', 'b');
    expect(send(bench, '')).toMatchObject({ ok: true });
    expect(bench.open().tray).toEqual([]);
    upload(bench, 'a').settle({ ok: true, value: { url: 'https://pbx/a' } });
    await settled();
    expect(bench.pbx().sent).toHaveLength(0);
    upload(bench, 'b').settle({ ok: true, value: { url: 'https://pbx/b' } });
    await settled();
    expect(bench.pbx().sent).toMatchObject([
      { html: '', attachments: [{ url: 'https://pbx/a' }, { url: 'https://pbx/b' }] },
    ]);
    expect(bench.row('bob')?.preview).toMatchObject({ kind: 'attachment', text: 'a' });
  });

  test('fail the message with a reason, and are tried again with it', async () => {
    const bench = await opened();
    attach(bench, 'a');
    send(bench, 'text');
    upload(bench, 'a').settle({ ok: false, reason: { code: 'refused' } });
    await settled();
    expect(bench.last().delivery).toMatchObject({ state: 'failed', reason: { code: 'file-failed' } });
    bench.session.commands.resend({ message: bench.last().id });
    expect(bench.pbx().uploads).toHaveLength(2);
    bench.pbx().uploads[1]?.settle({ ok: true, value: { url: 'https://pbx/a' } });
    await settled();
    expect(bench.pbx().sent).toHaveLength(1);
  });

  test('are given up when they are removed, and their files are not kept', async () => {
    const bench = await opened();
    attach(bench, 'a');
    bench.session.commands.removeUpload({ upload: 'u-a' });
    expect(upload(bench, 'a').signal.aborted).toBe(true);
    expect(bench.forgotten).toEqual(['u-a']);
    expect(send(bench, '')).toMatchObject({ ok: false, reason: { code: 'empty' } });
  });

  test('go on by themselves when the link comes back', async () => {
    const bench = await opened();
    attach(bench, 'a');
    bench.pbx().down();
    upload(bench, 'a').settle({ ok: false, reason: { code: 'unreachable' } });
    await settled();
    expect(bench.open().tray).toMatchObject([{ state: 'queued' }]);
    bench.pbx().up(true);
    await settled();
    expect(bench.pbx().uploads).toHaveLength(2);
  });

  test('need the stored chat', async () => {
    const bench = await loggedIn(false);
    await arrives(bench, 'bob', 'hello');
    expect(attach(bench, 'a')).toEqual({ ok: false, reason: { code: 'volatile' } });
  });
});
