import { describe, expect, it } from 'vitest';
import { createBadWays, waysOf, type Way } from '../../../src-main/shell/proxy-ways.ts';

const words = (ways: readonly Way[]) =>
  ways.map((way) => (way === 'direct' ? way : `${way.kind} ${way.hostname} ${way.port}`));

describe('what the system says of proxies', () => {
  it.each([
    ['DIRECT', ['direct']],
    ['', []],
    ['PROXY proxy.example.com:3128', ['http proxy.example.com 3128']],
    ['proxy proxy.example.com', ['http proxy.example.com 80']],
    ['HTTPS proxy.example.com; DIRECT', ['https proxy.example.com 443', 'direct']],
    ['DIRECT; HTTP proxy.example.com:80', ['direct', 'http proxy.example.com 80']],
    [
      'SOCKS5 socks.example.com; PROXY [2001:db8::1]:3128',
      ['socks5 socks.example.com 1080', 'http 2001:db8::1 3128'],
    ],
    ['SOCKS socks.example.com:80', ['socks4 socks.example.com 80']],
    ['SOCKS4 socks.example.com:443', ['socks4 socks.example.com 443']],
    ['PROXY', []],
    ['QUIC a:1; PROXY a:b:c; ;PROXY b:1', ['http b 1']],
  ])('%s', (answer, ways) => {
    expect(words(waysOf(answer))).toEqual(ways);
  });

  it('names a proxy as people and its logins know it', () => {
    const hosts = waysOf('PROXY [::1]:3128; HTTPS a:443; PROXY a:80').map(
      (way) => (way as { host: string }).host,
    );
    expect(hosts).toEqual(['[::1]:3128', 'a', 'a']);
  });
});

describe('a proxy that could not be reached', () => {
  const ways = waysOf('PROXY a:1; SOCKS5 b:2; DIRECT');
  const [a, b, direct] = ways as [Way, Way, Way];

  it('is asked last for five minutes, once another way has led somewhere', () => {
    let now = 0;
    const bad = createBadWays(() => now);
    expect(bad.order(ways)).toEqual([a, b, direct]);
    bad.learn(b, [a]);
    expect(bad.order(ways)).toEqual([b, direct, a]);
    now = 5 * 60_000 - 1;
    expect(bad.order(ways)).toEqual([b, direct, a]);
    now += 1;
    expect(bad.order(ways)).toEqual([a, b, direct]);
  });

  it('is as good as the others when all are bad, and again when it is reached', () => {
    const bad = createBadWays(() => 0);
    bad.learn(direct, [a, b]);
    expect(bad.order([a, b])).toEqual([a, b]);
    bad.learn(a, [b]);
    expect(bad.order(ways)).toEqual([a, direct, b]);
  });

  it('is asked first again when somebody wants a new attempt', () => {
    const bad = createBadWays(() => 0);
    bad.learn(direct, [a]);
    bad.forget();
    expect(bad.order(ways)).toEqual([a, b, direct]);
  });

  it('is not the straight way: that there is no other one is no news', () => {
    const bad = createBadWays(() => 0);
    bad.learn(a, [direct]);
    expect(bad.order([direct, a])).toEqual([direct, a]);
  });
});
