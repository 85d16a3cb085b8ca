import http from 'node:http';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { checkConnection, defaultSettings, type CheckStep } from '../../../src-main/pbx/index.ts';
import { startPbx, type PbxStartOptions } from '../../pbx/index.ts';
import { createRealWorld } from './real-client.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(options: PbxStartOptions = {}) {
  const pbx = await startPbx({ messages: false, ...options });
  ends.push(() => pbx.close());
  return pbx;
}

const check = (server: string, certificates?: string[]) =>
  checkConnection({
    server,
    settings: defaultSettings,
    world: createRealWorld(),
    ...(certificates && { certificates }),
  });

/** `name: ok` of each step, in order. */
const outcome = (steps: CheckStep[]) => steps.map(({ step, ok }) => `${step}: ${ok ? 'ok' : 'failed'}`);
const facts = (steps: CheckStep[]) => steps.flatMap((step) => step.facts).join('\n');

test('tells each step to a PBX that answers, and logs nobody in', async () => {
  const pbx = await start();
  const steps = await check(pbx.url);
  expect(outcome(steps)).toEqual(['address: ok', 'name: ok', 'network: ok', 'websocket: ok', 'protocol: ok']);
  expect(facts(steps)).toContain('answered with CheckBuildResult');
  expect(pbx.received.frames.map(({ frame }) => frame.mt)).toEqual(['CheckBuild']);
});

test('tells who issued a certificate that is not trusted', async () => {
  const pbx = await start({ tls: true });
  const untrusted = await check(pbx.tlsUrl);
  expect(outcome(untrusted).at(-1)).toBe('encryption: failed');
  expect(facts(untrusted)).toMatch(/certificate of PBX stand-in, issued by PBX stand-in/);
  expect(facts(untrusted)).toMatch(/not trusted: DEPTH_ZERO_SELF_SIGNED_CERT/);

  const trusted = await check(pbx.tlsUrl, [pbx.certificate ?? '']);
  expect(outcome(trusted).at(-1)).toBe('protocol: ok');
  expect(facts(trusted)).toMatch(/^TLSv1\.[23], /m);
});

test('goes through a proxy where the program does', async () => {
  const pbx = await start();
  const agent = new http.Agent();
  ends.push(() => agent.destroy());
  const steps = await checkConnection({
    server: pbx.url,
    settings: defaultSettings,
    world: { ...createRealWorld(), agent: () => Promise.resolve(agent) },
  });
  expect(outcome(steps)).toEqual(['address: ok', 'network: ok', 'websocket: ok', 'protocol: ok']);
  expect(facts(steps)).toContain('through the proxy of the system');
});

test('stops at the step that fails', async () => {
  expect(outcome(await check('ftp://pbx'))).toEqual(['address: failed']);
  expect(outcome(await check('nobody.invalid'))).toEqual(['address: ok', 'name: failed']);

  const closed = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as net.AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const refused = await check(`http://127.0.0.1:${port}`);
  expect(outcome(refused).at(-1)).toBe('network: failed');
  expect(facts(refused)).toContain(`127.0.0.1 port ${port}: ECONNREFUSED`);
});

test('says when something else than a PBX answers', async () => {
  const server = http.createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const steps = await check(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}`);
  expect(outcome(steps).at(-1)).toBe('websocket: failed');
  expect(facts(steps)).toContain('server-not-pbx (HTTP 200)');
});
