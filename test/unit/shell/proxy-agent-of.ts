import http from 'node:http';
import https from 'node:https';
import { proxyAgent, type ProxyAgentPorts } from '../../../src-main/shell/proxy-agent.ts';
import { createBadWays, waysOf } from '../../../src-main/shell/proxy-ways.ts';

/** The way that a PAC script answers with, to a server without TLS. Nobody signs in at a proxy. */
export function agentThrough(answer: string, ports: Partial<ProxyAgentPorts> = {}, secure = false) {
  return proxyAgent(waysOf(answer), secure, {
    bad: createBadWays(Date.now),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    signIn: () => ({ authorization: undefined, answered: () => undefined }),
    trace: () => undefined,
    ...ports,
  });
}

/** The status of the answer from there, or the error. */
export function reach(url: string, agent: http.Agent | null, options: https.RequestOptions = {}) {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise<number | Error>((resolve) => {
    const request = get(url, { ...options, agent: agent ?? false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', resolve);
  });
}
