import type { Result } from '../ipc/contract.ts';

export interface ServerAddress {
  /** `host[:port][/prefix]`, lower case and in its ASCII form: names the server towards people and in account ids. */
  name: string;
  /** `wss://host:port/prefix`, without a slash at the end; everything else is below it. */
  base: string;
  /** The module that was part of the typed address (`PBX0` of `https://host/PBX0/APPCLIENT/…`); null: none was. */
  module: string | null;
}

type AddressError = 'server-empty' | 'server-invalid' | 'server-insecure';

/**
 * Protocol, section 1. Accepts `host`, `host:port`, and http(s)/ws(s) URLs, with or without a prefix, also one that
 * somebody copied from a browser (`https://host/PBX0/APPCLIENT/appclient.htm`). Unencrypted only to this computer.
 */
export function parseServer(typed: string): Result<ServerAddress, AddressError> {
  const address = typed.trim();
  if (address === '') return failed('server-empty');

  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme !== undefined && !['http', 'https', 'ws', 'wss'].includes(scheme))
    return failed('server-invalid');
  const secure = scheme === undefined || scheme === 'https' || scheme === 'wss';

  // An IPv6 address has more than one colon and may come without its brackets.
  const bare = /^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*$/i.test(address) ? `[${address}]` : address;
  const url = toUrl(
    scheme === undefined ? `https://${bare}` : `http${secure ? 's' : ''}://${afterScheme(address)}`,
  );
  if (url === null || url.username !== '' || url.password !== '' || !isHost(url.hostname)) {
    return failed('server-invalid');
  }
  if (!secure && !isLoopback(url.hostname)) return failed('server-insecure');

  const { prefix, module } = splitPath(url.pathname);
  return {
    ok: true,
    value: {
      name: url.host + prefix.toLowerCase(),
      base: `${secure ? 'wss' : 'ws'}://${url.host}${prefix}`,
      module,
    },
  };
}

/** Another PBX of the same company, as one of them names it. */
export interface Sibling {
  host: string;
  /** For http (ws) and https (wss); null: the usual one. */
  http: number | null;
  https: number | null;
  /** Empty: as usual. */
  module: string;
}

/** `host:port/module`, the form of `info.alt` (protocol, section 2). Null: it is none. */
export function parseSibling(written: string): Sibling | null {
  const [, host, port, module] = /^(\[[^\]]+\]|[^/:]+)(?::(\d+))?(?:\/(.+))?$/.exec(written.trim()) ?? [];
  if (host === undefined) return null;
  const number = port === undefined ? null : Number(port);
  return { host, http: number, https: number, module: module ?? '' };
}

/** Where another PBX is found. Unencrypted only where this one was, and on this computer. Null: nowhere. */
export function siblingAddress(
  own: ServerAddress,
  { host, http, https, module }: Sibling,
): ServerAddress | null {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const at = (scheme: string, port: number | null) =>
    parseServer(
      `${scheme}://${name}${port === null ? '' : `:${port}`}/${module || own.module || 'PBX0'}/APPCLIENT`,
    );
  const plain = own.base.startsWith('ws:') ? at('ws', http) : null;
  const address = plain?.ok === true ? plain : at('wss', https);
  return address.ok ? address.value : null;
}

/** localhost, 127.0.0.0/8 and ::1, as they stand in the hostname of a URL. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function failed(code: AddressError): Result<never, AddressError> {
  return { ok: false, reason: { code } };
}

function afterScheme(address: string): string {
  return address.slice(address.indexOf('://') + 3);
}

function toUrl(address: string): URL | null {
  if (/[\s\\]/.test(address)) return null;
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

function isHost(hostname: string): boolean {
  return hostname.startsWith('[') || /^[a-z\d_](?:[a-z\d_.-]*[a-z\d_])?\.?$/.test(hostname);
}

/**
 * The path up to the module. A module is known by what stands behind it (`PBX0/APPCLIENT/…`, `PBX0/APPS/…`) or by its
 * name; anything else is the prefix of a reverse proxy or an app platform.
 */
function splitPath(path: string): { prefix: string; module: string | null } {
  const parts = path.split('/').filter((part) => part !== '');
  const known = parts.findIndex((part) => /^(?:APPCLIENT|WEBSOCKET|APPS)$/i.test(part));
  const at = known > 0 ? known - 1 : parts.findIndex((part) => /^PBX\d+$/i.test(part));
  const prefix = at < 0 ? parts : parts.slice(0, at);
  // The page that was open in the browser is no prefix.
  if (at < 0 && /\.html?$/i.test(prefix.at(-1) ?? '')) prefix.pop();
  return { prefix: prefix.map((part) => `/${part}`).join(''), module: parts[at] ?? null };
}

/** Whether two typed servers are one, however they were written. */
export function isSameServer(one: string, other: string): boolean {
  const [a, b] = [parseServer(one), parseServer(other)];
  return a.ok && b.ok && a.value.name === b.value.name;
}
