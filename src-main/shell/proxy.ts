// The way through the proxies that the system has set, for sockets and files that Chromium has no part in: Chromium says
// which those are, with all of its sources (system, environment, automatic configuration). Who signs in there.
import type { Agent } from 'node:http';
import * as v from 'valibot';
import type { Session } from '../chat/ports.ts';
import type { Store } from '../chat/store.ts';
import { sealedFile, type VaultPorts } from '../disk/secrets.ts';
import type { CommandArgument, CommandResult, ProxyView } from '../ipc/contract.ts';
import type { SignIn } from './proxy-agent.ts';
import { createBadWays, takesPasswords, waysOf } from './proxy-ways.ts';

/** Milliseconds: an automatic configuration may have to be looked for, and not be there. */
const patience = 5000;

export interface ProxyPorts extends VaultPorts {
  store: Store;
  /** As a PAC script answers: `PROXY host:port; DIRECT`. */
  resolve(url: string): Promise<string>;
  /** Milliseconds. */
  now(): number;
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
  const { after, store, trace } = ports;
  const file = sealedFile(ports, 'proxy', kept);
  const bad = createBadWays(ports.now);
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

  function signIn(host: string): SignIn {
    const used = logins.get(host);
    return {
      authorization:
        used && `Basic ${Buffer.from(`${used.user}:${used.password}`, 'utf8').toString('base64')}`,
      answered(status, offered) {
        if (status !== 407) {
          if (store.state().app.proxy?.host === host) show(null);
          return;
        }
        const refused = used !== undefined;
        trace(`proxy: ${host} ${refused ? 'refused the login' : 'wants a login'}`);
        // Another one may have been given meanwhile, which this answer is not about.
        if (refused && logins.get(host) === used) forget(host);
        if (takesPasswords(offered) && !logins.has(host) && !declined.has(host)) show({ host, refused });
      },
    };
  }

  async function agent(url: string): Promise<Agent | null> {
    const answer = await within(ports.resolve(url.replace(/^ws/, 'http')), patience, after);
    const ways = waysOf(answer ?? '');
    if (answer === null) trace('proxy: the system did not say in time whether there is one');
    if (ways.every((way) => way === 'direct')) return null;
    await (loaded ??= load());
    // Most have no proxy, and what leads through one is fetched when there is.
    const { proxyAgent } = await import('./proxy-agent.ts');
    return proxyAgent(ways, /^(?:wss|https):/.test(url), { bad, after, signIn, trace });
  }

  /** Somebody wants to know whether it goes now, whatever was learned before. */
  const startAgain = () => {
    declined.clear();
    bad.forget();
  };

  const commands = {
    async login(a: CommandArgument<'login'>): Promise<LoginResult> {
      startAgain();
      const result = await ports.session().login(a);
      const stopped = !result.ok && result.reason.code === 'proxy-login';
      repeat = stopped ? () => void commands.login(a) : null;
      return result;
    },
    reconnect(): null {
      startAgain();
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

/** Null: not in time, or not at all. */
function within<T>(work: Promise<T>, milliseconds: number, after: ProxyPorts['after']): Promise<T | null> {
  return new Promise((answer) => {
    const cancel = after(milliseconds, () => answer(null));
    work.catch(() => null).then((value) => (cancel(), answer(value)));
  });
}
