import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Random } from '../clock.ts';
import type { Switches } from '../switches.ts';

/** An attachment of a stored message: a file kept here, or an address elsewhere. */
export interface FileReference {
  name: string;
  /** The buffer it was uploaded to; absent for an address elsewhere. */
  id?: bigint;
  url?: string;
}

export interface StoredFile {
  readonly id: bigint;
  /** Makes the URL unguessable. */
  readonly key: string;
  readonly name: string;
  readonly owner: string;
  type: string;
  /** Bytes; undefined until the upload is complete. */
  size?: number;
  /** Whom a message has sent it to. */
  receivers: string[];
  /** It belongs to a stored message. */
  permanent: boolean;
}

const temporaryPath = '/messages/files/';
const permanentPath = '/messages/attached/';

/** Uploads and downloads of the Messages service (protocol, section 6). */
export class Files {
  readonly #files = new Map<bigint, StoredFile>();
  /** Undefined: a temporary one, which is there as soon as something is in it. */
  readonly #kept: string | undefined;
  #temporary: string | undefined;
  readonly #random: Random;
  readonly #switches: Switches;
  readonly #isOnline: (sip: string) => boolean;
  readonly #ownOrigin: () => string;
  readonly #changed: () => void;

  constructor(options: {
    directory: string | undefined;
    random: Random;
    switches: Switches;
    isOnline: (sip: string) => boolean;
    /** Of the HTTP server of the service itself. */
    ownOrigin: () => string;
    changed: () => void;
  }) {
    this.#kept = options.directory === undefined ? undefined : join(options.directory, 'files');
    if (this.#kept !== undefined) mkdirSync(this.#kept, { recursive: true });
    this.#random = options.random;
    this.#switches = options.switches;
    this.#isOnline = options.isOnline;
    this.#ownOrigin = options.ownOrigin;
    this.#changed = options.changed;
  }

  create(id: bigint, name: string, owner: string): StoredFile {
    const key = this.#random.hex(16);
    const file: StoredFile = {
      id,
      key,
      name,
      owner,
      type: 'application/octet-stream',
      receivers: [],
      permanent: false,
    };
    this.#files.set(id, file);
    return file;
  }

  /** A file that is there from the start. */
  seed(id: bigint, name: string, owner: string, type: string, content: Buffer): StoredFile {
    const file = this.create(id, name, owner);
    writeFileSync(this.#path(file), content);
    Object.assign(file, { type, size: content.length, permanent: true });
    return file;
  }

  restore(file: StoredFile): void {
    this.#files.set(file.id, file);
  }

  all(): StoredFile[] {
    return [...this.#files.values()];
  }

  get(id: bigint): StoredFile | undefined {
    return this.#files.get(id);
  }

  /** `base`: scheme, host and port of the PBX as that client sees it, with the path before /PBX0. */
  temporaryUrl(file: StoredFile, base: string): string {
    return this.#written(
      `${temporaryPath}${file.id}/${file.key}?name=${encodeURIComponent(file.name)}`,
      base,
    );
  }

  permanentUrl(file: StoredFile, base: string): string {
    return this.#written(`${permanentPath}${file.id}/${file.key}/${encodeURIComponent(file.name)}`, base);
  }

  /** What the `attach` of a sent message refers to; files of ours are kept for good from now on. */
  attach(attach: string, receivers: string[]): FileReference[] {
    return attach.split(' ').map((token) => {
      const url = /^https?%3a/i.test(token) ? decode(token) : token;
      const id = /\/messages\/(?:files|attached)\/(\d+)\/([0-9a-f]+)/.exec(url);
      const file = id === null ? undefined : this.#files.get(BigInt(id[1] ?? '0'));
      if (file === undefined || file.key !== id?.[2]) return { name: nameIn(url), url };
      file.receivers = [...new Set([...file.receivers, ...receivers])];
      file.permanent = true;
      this.#changed();
      return { name: file.name, id: file.id };
    });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const match = /^\/messages\/(files|attached)\/(\d+)\/([0-9a-f]+)/.exec(request.url ?? '');
    const file = match === null ? undefined : this.#files.get(BigInt(match[2] ?? '0'));
    if (file === undefined || file.key !== match?.[3]) return answer(response, 404, 'no such file');
    const temporary = match[1] === 'files';
    if (request.method === 'POST' && temporary) return this.#upload(file, request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'GET or POST');
    if (file.size === undefined) return answer(response, 404, 'nothing has been uploaded yet');
    if (temporary && !this.#temporaryLives(file)) return answer(response, 410, 'the temporary URL has ended');
    if (!temporary && (!file.permanent || this.#switches.permanentFiles === 'absent')) {
      return answer(response, 404, 'not kept');
    }
    return this.#download(file, request, response);
  }

  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
  }

  #temporaryLives(file: StoredFile): boolean {
    switch (this.#switches.temporaryFiles) {
      case 'always':
        return true;
      case 'gone':
        return false;
      case 'while-online':
        return file.receivers.length === 0 || file.receivers.some((sip) => this.#isOnline(sip));
    }
  }

  async #upload(file: StoredFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (file.size !== undefined) return answer(response, 409, 'already uploaded');
    const part = `${this.#path(file)}.part`;
    try {
      await pipeline(request, createWriteStream(part));
    } catch {
      rmSync(part, { force: true });
      return;
    }
    if (file.size !== undefined) {
      rmSync(part, { force: true });
      return answer(response, 409, 'already uploaded');
    }
    const size = statSync(part).size;
    rmSync(this.#path(file), { force: true });
    renameSync(part, this.#path(file));
    file.size = size;
    file.type = request.headers['content-type'] ?? file.type;
    this.#changed();
    if (this.#switches.uploadAnswer === 'json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    } else {
      response.writeHead(this.#switches.uploadAnswer === 'created' ? 201 : 200).end();
    }
  }

  async #download(file: StoredFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const size = file.size ?? 0;
    const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
    const asked = range !== null && (range[1] !== '' || range[2] !== '');
    const start = !asked ? 0 : range[1] === '' ? Math.max(0, size - Number(range[2])) : Number(range[1]);
    const end =
      !asked || range[1] === '' || range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1);
    if (asked && (start > end || start >= size)) {
      response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
      return;
    }
    response.writeHead(asked ? 206 : 200, {
      'content-type': file.type,
      'content-length': size === 0 ? 0 : end - start + 1,
      'accept-ranges': 'bytes',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      ...(asked ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
    });
    if (request.method === 'HEAD' || size === 0) {
      response.end();
      return;
    }
    await pipeline(createReadStream(this.#path(file), { start, end }), response).catch(() =>
      response.destroy(),
    );
  }

  #path(file: StoredFile): string {
    const directory = this.#kept ?? (this.#temporary ??= mkdtempSync(join(tmpdir(), 'pbx-files-')));
    return join(directory, String(file.id));
  }

  #written(path: string, base: string): string {
    switch (this.#switches.fileUrls) {
      case 'absolute':
        return `${base}${path}`;
      case 'relative':
        return `${new URL(base).pathname.replace(/\/$/, '')}${path}`;
      case 'own-host':
        return `${this.#ownOrigin()}${path}`;
    }
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function decode(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

function nameIn(url: string): string {
  try {
    const parsed = new URL(url, 'http://localhost');
    return parsed.searchParams.get('name') ?? decode(parsed.pathname.split('/').at(-1) ?? url);
  } catch {
    return url;
  }
}
