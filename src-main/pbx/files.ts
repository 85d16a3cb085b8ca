// Files (protocol, section 6): to the buffers of the Messages service and from wherever a message says, as streams, so
// that the size of a file is nobody's memory. Who serves them is decided here: the PBX, and servers that it named.
import http from 'node:http';
import https from 'node:https';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileReason, Reason, Result } from '../ipc/contract.ts';
import type { Answer, FileContent, PbxSettings, RemoteFile, World } from './index.ts';
import { isLoopback } from './server-address.ts';
import { reasonOfError } from './socket.ts';
import { tlsOptions } from './tls.ts';

export interface FilesOptions {
  settings: PbxSettings;
  world: World;
  certificates?: readonly string[] | undefined;
  /** Of the PBX, `wss://host:port/prefix`; null while there is none. */
  base(): string | null;
  createFileBuffer(name: string): Answer<{ url: string }>;
}

export interface Files {
  upload(
    file: FileContent,
    progress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Result<{ url: string }, FileReason>>;
  open(url: string, signal: AbortSignal, range?: string): Promise<Result<RemoteFile, FileReason>>;
}

const mostRedirects = 5;
/** How long a server has to say why it closed a connection, in milliseconds. */
const answerTime = 3_000;
/** Bytes of the answer to an upload that are read. */
const longestAnswer = 64 * 1024;

export function createFiles(options: FilesOptions): Files {
  const { settings, world } = options;
  /** Origins that the PBX named over its own authenticated connection. A message names nothing: its sender wrote it. */
  const named = new Set<string>();
  let asked = false;

  const trace = (text: string) => world.trace({ class: 'app', connection: 'none', text: `files: ${text}` });

  /** Null: not an address that a file can be at, or there is no PBX. */
  function resolve(url: string): URL | null {
    const base = options.base();
    if (base === null) return null;
    try {
      return new URL(url, `${base.replace(/^ws/, 'http')}/`);
    } catch {
      return null;
    }
  }

  /** Encrypted, except where the PBX itself is this computer without encryption (protocol, section 1). */
  function isEncrypted({ protocol, hostname }: URL): boolean {
    if (protocol === 'https:') return true;
    return protocol === 'http:' && isLoopback(hostname) && (options.base() ?? '').startsWith('ws:');
  }

  function isServer(url: URL): boolean {
    return isEncrypted(url) && (url.origin === resolve('')?.origin || named.has(url.origin));
  }

  async function askForBuffer(name: string): Answer<{ url: string }> {
    const buffer = await options.createFileBuffer(name);
    const url = buffer.ok ? resolve(buffer.value.url) : null;
    if (url !== null && isEncrypted(url)) named.add(url.origin);
    return buffer;
  }

  /**
   * Whether files are fetched from there. The service may keep its files on a server of its own, which is known from
   * the first buffer on: if nothing has been sent yet, one is asked for, to learn that.
   */
  async function serves(url: URL): Promise<boolean> {
    if (isServer(url)) return true;
    if (asked || !isEncrypted(url)) return false;
    const buffer = await askForBuffer('attachment');
    asked = buffer.ok;
    return isServer(url);
  }

  async function send(
    url: URL,
    method: 'GET' | 'POST',
    headers: http.OutgoingHttpHeaders,
    signal: AbortSignal,
  ): Promise<http.ClientRequest> {
    const { request } = url.protocol === 'https:' ? https : http;
    const agent = await world.agent?.(url.href);
    // Neither cookies nor credentials: who knows the address may have the file, and nobody else learns anything.
    return request(url, {
      method,
      headers,
      signal,
      agent: agent ?? false,
      auth: undefined,
      ...tlsOptions(options.certificates),
    } as https.RequestOptions);
  }

  async function upload(
    file: FileContent,
    progress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Result<{ url: string }, FileReason>> {
    const buffer = await askForBuffer(file.name);
    if (signal.aborted) return failed('cancelled');
    if (!buffer.ok) return failed(reasonOfRequest[buffer.reason.code], buffer.reason.detail);
    const url = resolve(buffer.value.url);
    if (url === null || !isServer(url)) return failed('foreign-host', url?.host ?? buffer.value.url);
    const outcome = await post(url, file, progress, signal);
    trace(`upload of ${file.size} bytes to ${url.host}: ${outcome.ok ? 'done' : outcome.reason.code}`);
    return outcome.ok ? { ok: true, value: { url: buffer.value.url } } : outcome;
  }

  async function post(
    url: URL,
    file: FileContent,
    progress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Result<null, FileReason>> {
    const request = await send(
      url,
      'POST',
      { 'Content-Type': file.type, 'Content-Length': file.size, Accept: 'application/json' },
      signal,
    );
    request.setTimeout(settings.fileTimeout, () => request.destroy(timeout()));
    let early: http.IncomingMessage | null = null;
    const answered = new Promise<http.IncomingMessage>((answer, fail) => {
      request.once('response', (response) => answer((early = response)));
      request.once('error', fail);
    });
    // Whichever of the two ends first says what happened; the other one must not be an unhandled rejection.
    answered.catch(() => undefined);
    let source: Readable | null = null;
    let unreadable: Error | null = null;
    let closed = false;
    request.once('error', () => (closed = true));
    try {
      source = file.open();
      // What ends the request is passed on to the source as if it were its own.
      source.once('error', (error) => (unreadable = closed ? null : error));
      const sent = pipeline(source, counted(file.size, progress), request);
      // A server that refuses may do so before it has read anything.
      const first = await Promise.race([answered, sent.then(() => null)]);
      if (first !== null && !isSuccess(first)) {
        first.resume();
        sent.catch(() => undefined);
        request.destroy();
        return statusFailure(first.statusCode ?? 0);
      }
      await sent;
      const response = await answered;
      const body = await text(response, longestAnswer);
      if (!isSuccess(response)) return statusFailure(response.statusCode ?? 0);
      return saysNo(body) ? failed('refused', body.slice(0, 200)) : { ok: true, value: null };
    } catch (error) {
      // An answer that came before the server closed the connection on us is the better reason.
      const refusal = early as http.IncomingMessage | null;
      if (refusal !== null && !isSuccess(refusal)) return statusFailure(refusal.statusCode ?? 0);
      const { code } = error as NodeJS.ErrnoException;
      if (!signal.aborted && unreadable === error) return failed('unreadable', code);
      const reset = code === 'ECONNRESET' || code === 'EPIPE';
      return (reset && !signal.aborted ? await whyClosed(url, file, signal) : null) ?? failure(error, signal);
    } finally {
      source?.destroy();
      request.destroy();
    }
  }

  /**
   * The server closed the connection while the file was on its way, and what it answered before that may be lost with
   * it. It is asked once more, and for its word before the file: null when it has none against it.
   */
  async function whyClosed(url: URL, { type, size }: FileContent, signal: AbortSignal) {
    const headers = { 'Content-Type': type, 'Content-Length': size, Expect: '100-continue' };
    const request = await send(url, 'POST', headers, signal);
    const status = await new Promise<number | null>((answer) => {
      request.once('response', ({ statusCode = 0 }) => answer(statusCode));
      for (const event of ['continue', 'timeout', 'error', 'close']) request.once(event, () => answer(null));
      request.on('error', () => undefined);
      request.setTimeout(answerTime);
      request.flushHeaders();
    });
    request.destroy();
    return status === null || (status >= 200 && status < 300) ? null : statusFailure(status);
  }

  async function open(
    address: string,
    signal: AbortSignal,
    range?: string,
  ): Promise<Result<RemoteFile, FileReason>> {
    let url = resolve(address);
    if (url === null) return failed(options.base() === null ? 'offline' : 'gone');
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      if (!(await serves(url))) {
        trace(`refused to fetch from ${url.host}`);
        return failed('foreign-host', url.host);
      }
      // Content-Encoding would make every length a lie.
      const headers = { 'Accept-Encoding': 'identity', ...(range === undefined ? {} : { Range: range }) };
      let response: http.IncomingMessage;
      try {
        response = await get(await send(url, 'GET', headers, signal));
      } catch (error) {
        return failure(error, signal);
      }
      const status = response.statusCode ?? 0;
      if (status === 200 || status === 206) return { ok: true, value: remoteFile(response, status) };
      const { location } = response.headers;
      response.destroy();
      if (status < 300 || status >= 400 || location === undefined) return statusFailure(status);
      try {
        url = new URL(location, url);
      } catch {
        return failed('refused', `HTTP ${status}`);
      }
    }
    return failed('refused', 'redirects');
  }

  function get(request: http.ClientRequest): Promise<http.IncomingMessage> {
    return new Promise((answer, fail) => {
      request.once('error', fail);
      request.once('response', (response) => {
        // What breaks later is the body's.
        request.on('error', () => undefined);
        answer(response);
      });
      request.setTimeout(settings.fileTimeout, () => {
        // A reader that takes its time, such as a paused video, is no reason to give up.
        const response = (request as { res?: http.IncomingMessage }).res;
        if (response === undefined || response.readableLength === 0) request.destroy(timeout());
      });
      request.end();
    });
  }

  return { upload, open };
}

const reasonOfRequest = {
  offline: 'offline',
  volatile: 'volatile',
  'no-answer': 'unreachable',
  refused: 'refused',
} as const;

function failed(code: FileReason, detail?: string): { ok: false; reason: Reason<FileReason> } {
  return { ok: false, reason: detail === undefined ? { code } : { code, detail } };
}

function statusFailure(status: number): { ok: false; reason: Reason<FileReason> } {
  const detail = `HTTP ${status}`;
  if (status === 403 || status === 404 || status === 410) return failed('gone', detail);
  const onTheWay = status >= 502 && status <= 504;
  return failed(onTheWay ? 'unreachable' : 'refused', detail);
}

function failure(error: unknown, signal: AbortSignal): { ok: false; reason: Reason<FileReason> } {
  if (signal.aborted) return failed('cancelled');
  if (error instanceof Shorter) return failed('changed');
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = reasonOfError(error as NodeJS.ErrnoException);
  return failed(reason.code === 'server-certificate' ? 'certificate' : 'unreachable', code ?? message);
}

function timeout(): Error {
  return Object.assign(new Error('nothing moved in time'), { code: 'ETIMEDOUT' });
}

class Shorter extends Error {}

/**
 * Passes bytes on, at most and at least `size` of them, and says how many have been passed on. What has come in is looked
 * at before each part goes out: a server that refuses in the middle answers and closes, and to write to a closed
 * connection would lose its answer. The end goes out with the last byte: a server that has all of them may answer and
 * close before the disk says that there are no more.
 */
function counted(size: number, progress: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (bytes === size) return done();
      const part = chunk.subarray(0, size - bytes);
      bytes += part.length;
      progress(bytes);
      setImmediate(() => {
        this.push(part);
        if (bytes === size) this.push(null);
        done();
      });
    },
    flush(done) {
      done(bytes < size ? new Shorter() : null);
    },
  });
}

function isSuccess({ statusCode = 0 }: http.IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** Section 6: any 2xx is success unless a JSON body says `ok:false`. */
function saysNo(body: string): boolean {
  try {
    return (JSON.parse(body) as { ok?: unknown } | null)?.ok === false;
  } catch {
    return false;
  }
}

async function text(response: http.IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, limit);
}

function remoteFile(response: http.IncomingMessage, status: 200 | 206): RemoteFile {
  const { headers } = response;
  const length = digits(headers['content-length']);
  const contentRange = headers['content-range'] ?? null;
  const whole = digits(/\/(\d+)$/.exec(contentRange ?? '')?.[1]);
  return {
    status,
    type: headers['content-type'] ?? '',
    name: dispositionName(headers['content-disposition'] ?? ''),
    length,
    size: status === 206 ? whole : length,
    contentRange,
    body: response,
  };
}

function digits(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** The file name of a Content-Disposition; empty when there is none. `filename*` is the better one (RFC 6266). */
export function dispositionName(header: string): string {
  const extended = /;\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // Not UTF-8; the plain one may do.
    }
  }
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return /;\s*filename\s*=\s*([^;"\s]+)/i.exec(header)?.[1] ?? '';
}
