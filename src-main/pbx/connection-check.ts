// How far a connection to a PBX comes, step by step: for those who have to find out why it does not come further. Nobody
// logs in, and nothing is sent but the first frame of the protocol, which carries nothing.
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import type { PbxSettings, World } from './index.ts';
import { parseServer, type ServerAddress } from './server-address.ts';
import { openLink } from './socket.ts';
import { tlsOptions } from './tls.ts';

export interface CheckStep {
  step: 'address' | 'name' | 'network' | 'encryption' | 'websocket' | 'protocol';
  ok: boolean;
  milliseconds: number;
  /** Technical, in English: addresses, versions, names of errors. */
  facts: string[];
}

export interface CheckOptions {
  /** As the person typed it. */
  server: string;
  settings: PbxSettings;
  world: Pick<World, 'now' | 'after' | 'random' | 'agent'>;
  certificates?: readonly string[];
}

type Run = <T>(step: CheckStep['step'], work: (facts: string[]) => Promise<T | null>) => Promise<T | null>;

/** Milliseconds for each step. */
const patience = 5000;
/** Addresses of one name that are tried. */
const mostAddresses = 4;

/** Ends with the first step that fails. Never rejects. */
export async function checkConnection(options: CheckOptions): Promise<CheckStep[]> {
  const { now } = options.world;
  const steps: CheckStep[] = [];
  const run: Run = async (step, work) => {
    const started = now();
    const facts: string[] = [];
    let outcome = null;
    try {
      outcome = await work(facts);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      facts.push(code ?? message);
    }
    steps.push({ step, ok: outcome !== null, milliseconds: now() - started, facts });
    return outcome;
  };

  const address = await run('address', (facts) => Promise.resolve(readAddress(options.server, facts)));
  if (address === null) return steps;
  const agent = await options.world.agent?.(address.base);
  if (agent !== undefined && agent !== null) {
    // How the proxy gets there cannot be seen from here.
    await run('network', (facts) => Promise.resolve(facts.push('through the proxy of the system')));
    await speak(address, options, run);
    return steps;
  }
  const { hostname, port, protocol } = new URL(address.base.replace(/^ws/, 'http'));
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'https:';
  const at = { host, port: Number(port) || (secure ? 443 : 80) };

  const found = await run('name', async (facts) => {
    const addresses = (await lookup(host, { all: true })).map((one) => one.address);
    facts.push(...addresses);
    return addresses.slice(0, mostAddresses);
  });
  if (found === null) return steps;
  const reached = await run('network', (facts) => firstThatAnswers(found, at.port, facts));
  if (reached === null) return steps;
  if (secure) {
    const trusted = await run('encryption', (facts) => handshake(reached, at, options.certificates, facts));
    if (trusted === null) return steps;
  }
  await speak(address, options, run);
  return steps;
}

function readAddress(server: string, facts: string[]): ServerAddress | null {
  const parsed = parseServer(server);
  facts.push(parsed.ok ? parsed.value.base : parsed.reason.code);
  return parsed.ok ? parsed.value : null;
}

async function firstThatAnswers(addresses: string[], port: number, facts: string[]): Promise<string | null> {
  for (const address of addresses) {
    const problem = await new Promise<string | null>((resolve) => {
      const socket = net.connect({ host: address, port, timeout: patience });
      const end = (outcome: string | null) => {
        socket.destroy();
        resolve(outcome);
      };
      socket.once('connect', () => end(null));
      socket.once('timeout', () => end('no answer in time'));
      socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    });
    facts.push(`${address} port ${port}: ${problem ?? 'connected'}`);
    if (problem === null) return address;
  }
  return null;
}

/** Also of a server that is not trusted everything is read, because that is what has to be looked at. */
function handshake(
  address: string,
  { host, port }: { host: string; port: number },
  certificates: readonly string[] | undefined,
  facts: string[],
): Promise<true | null> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: address,
      port,
      ...(net.isIP(host) === 0 && { servername: host }),
      // The certificate belongs to the name that was typed, not to the address that was tried.
      checkServerIdentity: (_name, certificate) => tls.checkServerIdentity(host, certificate),
      rejectUnauthorized: false,
      timeout: patience,
      ...tlsOptions(certificates),
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer in time')));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      facts.push(`${socket.getProtocol() ?? 'unknown version'}, ${socket.getCipher().name}`);
      facts.push(...describeChain(socket.getPeerCertificate(true)));
      const { authorized } = socket;
      const why = socket.authorizationError as (Error & { code?: string }) | string | null;
      facts.push(authorized ? 'trusted' : `not trusted: ${nameOfError(why)}`);
      socket.destroy();
      resolve(authorized ? true : null);
    });
  });
}

function nameOfError(why: (Error & { code?: string }) | string | null): string {
  return typeof why === 'string' ? why : (why?.code ?? why?.message ?? 'unknown');
}

function describeChain(leaf: tls.DetailedPeerCertificate): string[] {
  const facts: string[] = [];
  const seen = new Set<string>();
  for (
    let at: tls.DetailedPeerCertificate | undefined = leaf;
    at?.fingerprint256 && !seen.has(at.fingerprint256);
  ) {
    seen.add(at.fingerprint256);
    facts.push(`certificate of ${nameOf(at.subject)}, issued by ${nameOf(at.issuer)}`);
    facts.push(`  valid from ${at.valid_from} to ${at.valid_to}`);
    if (at.subjectaltname) facts.push(`  for ${at.subjectaltname}`);
    facts.push(`  SHA-256 ${at.fingerprint256}`);
    at = at.issuerCertificate;
  }
  return facts.length > 0 ? facts : ['no certificate'];
}

function nameOf({ CN, O }: Partial<tls.Certificate>): string {
  const names = [CN, O].flatMap((name) => name ?? []);
  return names.length > 0 ? names.join(', ') : 'nobody';
}

/** The WebSocket as the program itself opens it, and the first answer on it (protocol, section 2). */
async function speak(address: ServerAddress, options: CheckOptions, run: Run): Promise<void> {
  const { settings, world, certificates } = options;
  /** Whoever waits for what the link says next. */
  let next: { resolve(said: string): void; reject(error: Error): void } | null = null;
  const sign = () => new Promise<string>((resolve, reject) => (next = { resolve, reject }));
  const module = address.module ?? settings.module;
  const link = openLink(
    {
      connection: 'client',
      urls: settings.clientPaths.map((path) => `${address.base}/${module}/${path}`),
      settings: { ...settings, connectTimeout: patience },
      world: { ...world, trace: () => undefined },
      certificates,
      keepAlive: false,
    },
    {
      opened: () => next?.resolve('opened'),
      received: ({ mt }) => next?.resolve(mt),
      lost: ({ code, detail }) =>
        next?.reject(new Error(detail === undefined ? code : `${code} (${detail})`)),
    },
  );
  if ((await run('websocket', sign)) !== null) {
    const cancel = world.after(patience, () => next?.reject(new Error('no answer in time')));
    await run('protocol', async (facts) => {
      link.send({ mt: 'CheckBuild' });
      facts.push(`CheckBuild was answered with ${await sign()}`);
      return true;
    });
    cancel();
  }
  link.close();
}
