// The way through the proxy that the system has set, for sockets and files that Chromium has no part in: Chromium says
// which proxy that is, with all of its sources (system, environment, automatic configuration), and a tunnel leads there.
import type { Agent } from 'node:http';
import * as v from 'valibot';
import type { Session } from '../chat/ports.ts';
import type { Store } from '../chat/store.ts';
import { sealedFile, type VaultPorts } from '../disk/secrets.ts';
import type { CommandArgument, CommandResult, ProxyView } from '../ipc/contract.ts';

/** Milliseconds: an automatic configuration may have to be looked for, and not be there. */
const patience = 5000;

export interface ProxyPorts extends VaultPorts {
  store: Store;
  /** As a PAC script answers: `PROXY host:port; DIRECT`. */
  resolve(url: string): Promise<string>;
  /** Returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  session(): Pick<Session['commands'], 'login' | 'reconnect'>;
}

type LoginResult = CommandResult<'login'>;

interface Login {
  user: string;
  password: string;
}

const kept = v.record(v.string(), v.object({ user: v.string(), password: v.string() }));

export function createProxy(ports: ProxyPorts) {
  const { store, trace } = ports;
  const file = sealedFile(ports, 'proxy', kept);
  const agents = new Map<string, Promise<Agent>>();
  /** By `host:port`. */
  const logins = new Map<string, Login>();
  let loaded: Promise<void> | null = null;
  /** Nobody wanted to sign in there, and nobody has asked for the connection since. */
  const declined = new Set<string>();
  /** The login at the PBX that did not get through the proxy. */
  let repeat: (() => void) | null = null;

  const show = (proxy: ProxyView | null) => store.dispatch({ type: 'app/changed', app: { proxy } });
  const load = async () => {
    const known = (await file.load()) ?? {};
    for (const [host, login] of Object.entries(known)) if (!logins.has(host)) logins.set(host, login);
  };
  const forget = (host: string) => {
    logins.delete(host);
    void file.load().then((known) => {
      if (known === null || !Object.hasOwn(known, host)) return;
      const { [host]: _, ...others } = known;
      void file.save(others);
    });
  };

  async function makeAgent(proxy: URL): Promise<Agent> {
    // Most have no proxy, and what leads through one is fetched when there is.
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    const { host } = proxy;
    let used: Login | undefined;
    const agent = new HttpsProxyAgent(proxy, {
      headers: () => {
        used = logins.get(host);
        if (used === undefined) return {};
        const basic = Buffer.from(`${used.user}:${used.password}`, 'utf8').toString('base64');
        return { 'Proxy-Authorization': `Basic ${basic}` };
      },
    });
    agent.on('proxyConnect', ({ statusCode, headers }) => {
      if (statusCode !== 407) {
        if (store.state().app.proxy?.host === host) show(null);
        return;
      }
      const refused = used !== undefined;
      trace(`proxy: ${host} ${refused ? 'refused the login' : 'wants a login'}`);
      // Another one may have been given meanwhile, which this answer is not about.
      if (refused && logins.get(host) === used) forget(host);
      const basic = /\bbasic\b/i.test(String(headers['proxy-authenticate']));
      if (basic && !logins.has(host) && !declined.has(host)) show({ host, refused });
    });
    return agent;
  }

  async function agent(url: string): Promise<Agent | null> {
    const answer = await within(ports.resolve(url.replace(/^ws/, 'http')), patience, ports.after);
    const proxy = answer === null ? null : proxyOf(answer);
    if (answer === null) trace('proxy: the system did not say in time whether there is one');
    if (proxy === null) return null;
    await (loaded ??= load());
    const known = agents.get(proxy.href) ?? makeAgent(proxy);
    agents.set(proxy.href, known);
    return known;
  }

  const commands = {
    async login(a: CommandArgument<'login'>): Promise<LoginResult> {
      declined.clear();
      const result = await ports.session().login(a);
      const stopped = !result.ok && result.reason.code === 'proxy-login';
      repeat = stopped ? () => void commands.login(a) : null;
      return result;
    },
    reconnect(): null {
      declined.clear();
      ports.session().reconnect();
      return null;
    },
    proxyLogin({ user, password, remember }: CommandArgument<'proxyLogin'>): null {
      const host = store.state().app.proxy?.host;
      if (host === undefined) return null;
      logins.set(host, { user, password });
      if (remember) {
        void file.load().then((known) => file.save({ ...known, [host]: { user, password } }));
      }
      show(null);
      if (repeat !== null) repeat();
      else ports.session().reconnect();
      return null;
    },
    dismissProxy(): null {
      const host = store.state().app.proxy?.host;
      if (host !== undefined) declined.add(host);
      repeat = null;
      show(null);
      return null;
    },
  };
  return { agent, commands };
}

/** The first way of a PAC answer that can be gone; null: straight there. SOCKS is none of them. */
export function proxyOf(answer: string): URL | null {
  for (const way of answer.split(';')) {
    const [kind = '', at = ''] = way.trim().split(/\s+/);
    if (/^direct$/i.test(kind)) return null;
    const scheme = { PROXY: 'http', HTTP: 'http', HTTPS: 'https' }[kind.toUpperCase()];
    if (scheme === undefined || at === '') continue;
    try {
      return new URL(`${scheme}://${at}`);
    } catch {
      // The next one may be better.
    }
  }
  return null;
}

/** Null: not in time, or not at all. */
function within<T>(work: Promise<T>, milliseconds: number, after: ProxyPorts['after']): Promise<T | null> {
  return new Promise((answer) => {
    const cancel = after(milliseconds, () => answer(null));
    work.catch(() => null).then((value) => (cancel(), answer(value)));
  });
}
