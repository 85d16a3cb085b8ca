// The bytes of attachments for the window, at `pbx-chat://file/ID`: an origin of its own, from which nothing can be run,
// and a name that only main can turn into an address. The type is what the name says, from a short list of what the
// window may show; what a server or a sender says about it counts for nothing.
import type { Readable } from 'node:stream';
import type { SessionFiles } from '../chat/ports.ts';
import { kindOf } from '../chat/file-kinds.ts';
import type { AttachmentId, UploadId } from '../ipc/contract.ts';

export const fileOrigin = 'pbx-chat://file/';

/** Bytes of a picture that the window is given; larger ones can be saved. */
const largestPicture = 50 * 1024 * 1024;

export interface FileSchemePorts {
  files: SessionFiles;
  /** An upload whose bytes are here. Null: they are not. */
  local(
    id: UploadId,
  ): { name: string; size: number; open(part?: { start: number; end: number }): Readable } | null;
}

interface Asked {
  url: string;
  method: string;
  headers: Headers;
  signal: AbortSignal;
}

/** For `protocol.handle`. Never rejects. */
export function serveFiles({ files, local }: FileSchemePorts): (request: Asked) => Promise<Response> {
  return async ({ url, method, headers, signal }) => {
    const id = method === 'GET' ? attachmentIn(url) : null;
    if (id === null) return refusal(404);
    const found = files.find(id);
    const own = local(found?.upload ?? id);
    const range = headers.get('range') ?? undefined;
    if (own !== null) return serveLocal(own, range);
    if (found === null) return refusal(404);
    const { kind, type } = kindOf(found.name);
    if (kind === 'other') return refusal(403);
    const outcome = await files.open(id, signal, range);
    if (!outcome.ok) {
      if (!signal.aborted) files.shown(id, { reason: outcome.reason });
      return refusal(502);
    }
    const { status, length, size, contentRange, body } = outcome.value;
    if (kind === 'picture' && (size ?? length ?? 0) > largestPicture) {
      body.destroy();
      files.shown(id, { reason: { code: 'too-large' } });
      return refusal(413);
    }
    files.shown(id, { size });
    return new Response(streamOf(body), {
      status,
      headers: {
        ...common(type),
        'Accept-Ranges': 'bytes',
        ...(length === null ? {} : { 'Content-Length': String(length) }),
        ...(contentRange === null ? {} : { 'Content-Range': contentRange }),
      },
    });
  };
}

/** The attachment that an address of ours stands for; null: it is no such address. */
export function attachmentIn(url: string): AttachmentId | null {
  return url.startsWith(fileOrigin) ? nameIn(url) : null;
}

function nameIn(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(1));
  } catch {
    return null;
  }
}

function serveLocal(
  file: NonNullable<ReturnType<FileSchemePorts['local']>>,
  range: string | undefined,
): Response {
  const { kind, type } = kindOf(file.name);
  if (kind === 'other' || (kind === 'picture' && file.size > largestPicture)) return refusal(403);
  const part = range === undefined ? null : partOf(range, file.size);
  const span = part === null ? {} : { 'Content-Range': `bytes ${part.start}-${part.end}/${file.size}` };
  const length = part === null ? file.size : part.end - part.start + 1;
  return new Response(streamOf(file.open(part ?? undefined)), {
    status: part === null ? 200 : 206,
    headers: { ...common(type), 'Accept-Ranges': 'bytes', 'Content-Length': String(length), ...span },
  });
}

/** Of a Range header; null when it is none that can be had, and then the whole is given. */
export function partOf(range: string, size: number): { start: number; end: number } | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start <= end ? { start, end } : null;
}

function common(type: string): Record<string, string> {
  return {
    'Content-Type': type,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  };
}

function refusal(status: number): Response {
  return new Response(null, { status });
}

/** Node's own bridge reads ahead without bound when nobody reads; this one reads when it is asked. */
function streamOf(body: Readable): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(new Uint8Array(value));
        } catch (error) {
          controller.error(error);
        }
      },
      cancel: () => void body.destroy(),
    },
    { highWaterMark: 0 },
  );
}
