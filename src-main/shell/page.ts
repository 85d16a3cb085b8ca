// The page of the window has an origin of its own, `pbx-chat://app`, and nothing else is served there. Unlike file://
// it gives the page no access to other files, and headers can be sent with it.
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileOrigin } from './file-scheme.ts';

export const scheme = 'pbx-chat';
export const pageUrl = `${scheme}://app/index.html`;
const origin = `${scheme}://app/`;

/** What `protocol.registerSchemesAsPrivileged` is told; code caching makes every start but the first faster. */
export const schemePrivileges = {
  scheme,
  // `stream`: sound and video are played while they come.
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

/**
 * The page says the same in its own head, with the names of its Trusted Types policies; both have to agree to
 * anything. Here it also stands for everything that is not the page.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: pbx-chat://file",
  'media-src pbx-chat://file',
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Whether this address is our page, whatever its query and fragment. */
export function isOurPage(url: string): boolean {
  return url === pageUrl || url.startsWith(`${pageUrl}?`) || url.startsWith(`${pageUrl}#`);
}

/** Whether a request stays inside the program: our origin, and what the developer tools are made of. */
export function isOwnResource(url: string): boolean {
  return url.startsWith(origin) || url.startsWith(fileOrigin) || /^(?:devtools|data|blob):/.test(url);
}

/** The file below `root` that an address stands for; null when it stands for none. */
export function fileOf(root: string, url: string): string | null {
  if (!url.startsWith(origin)) return null;
  let name: string;
  try {
    name = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  const file = path.join(root, name);
  if (name.includes('\0') || !file.startsWith(root + path.sep)) return null;
  return path.extname(file) in types ? file : null;
}

/** For `protocol.handle`: the page, and the files of messages, which are an origin of their own. */
export function serveScheme(
  page: ReturnType<typeof servePage>,
  files: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return (request) => (request.url.startsWith(fileOrigin) ? files(request) : page(request));
}

export function servePage(root: string): (request: { url: string; method: string }) => Promise<Response> {
  return async ({ url, method }) => {
    const file = method === 'GET' ? fileOf(root, url) : null;
    if (file === null) return new Response(null, { status: 404 });
    try {
      const content = await fs.readFile(file);
      return new Response(new Uint8Array(content), {
        headers: {
          'Content-Type': types[path.extname(file)] ?? 'application/octet-stream',
          'Content-Security-Policy': contentSecurityPolicy,
          'X-Content-Type-Options': 'nosniff',
          'Cross-Origin-Opener-Policy': 'same-origin',
        },
      });
    } catch {
      return new Response(null, { status: 404 });
    }
  };
}
