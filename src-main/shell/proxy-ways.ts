// The ways out that the system names, as a PAC script answers, and which of them are tried first.

export interface ProxyAddress {
  kind: 'http' | 'https' | 'socks4' | 'socks5';
  /** `host:port`, for people and for logins; the usual port of its kind is left out. */
  host: string;
  /** An IPv6 address without brackets. */
  hostname: string;
  port: number;
}

export type Way = 'direct' | ProxyAddress;

/** By the word of a PAC script; SOCKS is version 4, as in browsers. */
const kinds: Record<string, ProxyAddress['kind']> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks4',
  SOCKS4: 'socks4',
  SOCKS5: 'socks5',
};
const usualPorts = { http: 80, https: 443, socks4: 1080, socks5: 1080 };

/** In the order of the answer, without what cannot be understood. */
export function waysOf(answer: string): Way[] {
  return answer.split(';').flatMap((part): Way[] => {
    const [word = '', at = ''] = part.trim().split(/\s+/);
    if (/^direct$/i.test(word)) return ['direct'];
    const kind = kinds[word.toUpperCase()];
    if (kind === undefined || at === '' || !URL.canParse(`${kind}://${at}`)) return [];
    const { host, hostname, port } = new URL(`${kind}://${at}`);
    return [
      { kind, host, hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || usualPorts[kind] },
    ];
  });
}

/** Whether a proxy that answers 407 takes a name and a password, by the ways to sign in that it offers. */
export const takesPasswords = (offered: string) => /\bbasic\b/i.test(offered);

/** Milliseconds for which a proxy that could not be reached is asked last; browsers take as long. */
const badFor = 5 * 60_000;

export interface BadWays {
  /** Those that are bad come last; if all are, nothing changes. */
  order(ways: readonly Way[]): Way[];
  /** One way led somewhere, those before it did not. Only then they are bad: without a network nothing leads anywhere. */
  learn(good: Way, failed: Iterable<Way>): void;
  forget(): void;
}

export function createBadWays(now: () => number): BadWays {
  const until = new Map<string, number>();
  const key = (way: Way) => (way === 'direct' ? way : `${way.kind} ${way.hostname} ${way.port}`);
  const isBad = (way: Way) => (until.get(key(way)) ?? 0) > now();
  return {
    order: (ways) => [...ways.filter((way) => !isBad(way)), ...ways.filter(isBad)],
    learn(good, failed) {
      until.delete(key(good));
      for (const way of failed) if (way !== 'direct') until.set(key(way), now() + badFor);
    },
    forget: () => until.clear(),
  };
}
