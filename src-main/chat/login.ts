// Logging in and out: one connection at a time, and what is remembered of it. Another login replaces the one before.
import type { AccountId, LoginField, LoginReason, Reason, Result } from '../ipc/contract.ts';
import type { Login, Pbx, PbxEvent } from '../pbx/index.ts';
import { accountId } from './model.ts';
import type { Remembered, SessionPorts } from './ports.ts';

type LoginResult = Result<null, LoginReason>;

/** A connection that is in use, from the moment when its account is on screen. */
export interface Connection {
  readonly account: AccountId;
  readonly pbx: Pbx;
}

export interface LoginDesk {
  current(): Connection | null;
  withPassword(a: {
    server: string;
    user: string;
    password: string;
    remember: boolean;
  }): Promise<LoginResult>;
  withRemembered(): Promise<void>;
  cancel(): void;
  logout(): Promise<void>;
  close(): void;
}

interface Attempt {
  readonly account: AccountId;
  readonly server: string;
  readonly user: string;
  readonly remember: boolean;
  readonly kind: Login['kind'];
  readonly decided: (result: LoginResult) => void;
  pbx: Pbx | null;
  loggedIn: boolean;
  /** What the link was last, for an account that comes later. */
  link: PbxEvent | null;
}

/** The field that a person has to look at; null: the form as a whole. */
function fieldOf(reason: LoginReason): LoginField | null {
  if (reason.startsWith('server-') || reason === 'method-ntlm' || reason === 'method-oauth2') return 'server';
  if (reason === 'user-empty') return 'user';
  if (reason === 'password-empty' || reason === 'wrong-password' || reason === 'session-expired')
    return 'password';
  return null;
}

/** `began` and `ended`: a connection has an account to work for, or not any more. */
export function createLoginDesk(
  ports: SessionPorts,
  on: { began(connection: Connection): void; ended(): void },
): LoginDesk {
  const { store, vault, drafts, world } = ports;
  let attempt: Attempt | null = null;
  /** Grows when somebody logs in or out: what was begun before that is not theirs. */
  let round = 0;
  /** What the vault was last given. */
  let kept = '';

  const connection = (): Connection | null =>
    attempt?.pbx &&
    store.state().accounts[attempt.account] &&
    (attempt.loggedIn || attempt.kind === 'session')
      ? { account: attempt.account, pbx: attempt.pbx }
      : null;

  function begin(login: Login, what: Omit<Attempt, 'pbx' | 'loggedIn' | 'link' | 'kind'>): void {
    const mine: Attempt = { ...what, kind: login.kind, pbx: null, loggedIn: false, link: null };
    attempt = mine;
    const { settings, userAgent } = ports;
    const pbx = ports.connect({ server: what.server, login, userAgent, settings, world }, (event) => {
      if (attempt === mine) heard(mine, event);
    });
    mine.pbx = pbx;
    const now = connection();
    if (now) on.began(now);
    pbx.open();
  }

  /** Lets go of the connection; `leave` says how. */
  function end(leave: (pbx: Pbx) => void = (pbx) => pbx.close()): void {
    const old = attempt;
    attempt = null;
    round += 1;
    if (!old) return;
    on.ended();
    store.dispatch({ type: 'wire/gone', account: old.account });
    if (old.pbx) leave(old.pbx);
    old.decided({ ok: false, reason: { code: 'rejected', detail: 'cancelled' } });
  }

  function heard(mine: Attempt, event: PbxEvent): void {
    switch (event.type) {
      case 'logged-in':
        return loggedIn(mine, event);
      case 'login-failed':
        return refused(mine, event.reason);
      case 'authorize':
        return store.dispatch({ type: 'login/authorize', code: event.code });
      case 'logged-out':
        end();
        drop(mine.account);
        return void forget();
      default:
        if (event.type === 'link') mine.link = event;
        return store.dispatch({ type: 'wire', account: mine.account, event, now: world.now() });
    }
  }

  function loggedIn(mine: Attempt, event: Extract<PbxEvent, { type: 'logged-in' }>): void {
    const { account, server, user } = mine;
    const had = connection();
    mine.loggedIn = true;
    store.dispatch({ type: 'login/succeeded', account, server, user: event.user });
    if (mine.link) store.dispatch({ type: 'wire', account, event: mine.link, now: world.now() });
    const now = connection();
    if (!had && now) on.began(now);
    if (mine.remember && event.session) void remember({ server, user, session: event.session });
    mine.decided({ ok: true, value: null });
  }

  function refused(mine: Attempt, told: Reason<LoginReason>): void {
    // A stored session that the PBX does not take any more, however it says so, has to be replaced by the password.
    const expired =
      told.code === 'session-expired' || (mine.kind === 'session' && told.code === 'wrong-password');
    const reason: Reason<LoginReason> = expired ? { ...told, code: 'session-expired' } : told;
    mine.decided({ ok: false, reason });
    end();
    store.dispatch({ type: 'login/failed', reason, field: fieldOf(reason.code) });
    if (expired) void forget();
  }

  async function remember(remembered: Remembered): Promise<void> {
    const mine = round;
    // Every reconnect logs in again, mostly with what is kept already.
    const written = JSON.stringify(remembered);
    if (written === kept) return;
    kept = written;
    const outcome = await vault.save(remembered).catch(() => 'not-kept' as const);
    // Logged out while it was being written: it must not come back with the next start.
    if (mine !== round && store.state().active === null) return forget();
    if (outcome === 'not-kept') {
      const notice = { id: 'secrets-unavailable', code: 'secrets-unavailable' as const };
      store.dispatch({ type: 'app/noticed', notice });
    }
  }

  /** The session is over: nothing of the account stays, neither here nor on the disk. */
  function drop(account: AccountId): void {
    store.dispatch({ type: 'account/dropped', account });
    drafts.forget(account);
  }

  async function forget(): Promise<void> {
    kept = '';
    await vault.forget().catch(() => undefined);
  }

  function withPassword(a: {
    server: string;
    user: string;
    password: string;
    remember: boolean;
  }): Promise<LoginResult> {
    end();
    const server = a.server.trim();
    const user = a.user.trim();
    store.dispatch({ type: 'login/started', server, user, remember: a.remember });
    const empty: LoginReason | null =
      server === ''
        ? 'server-empty'
        : user === ''
          ? 'user-empty'
          : a.password === ''
            ? 'password-empty'
            : null;
    if (empty) {
      const reason = { code: empty };
      store.dispatch({ type: 'login/failed', reason, field: fieldOf(empty) });
      return Promise.resolve({ ok: false, reason });
    }
    return new Promise((decided) => {
      const login: Login = { kind: 'password', user, password: a.password };
      begin(login, { account: accountId(user, server), server, user, remember: a.remember, decided });
    });
  }

  async function withRemembered(): Promise<void> {
    const mine = round;
    const remembered = await vault.load().catch(() => null);
    // Somebody was quicker and has begun to log in by hand.
    if (!remembered || mine !== round || attempt) return;
    const { server, user, session } = remembered;
    const account = accountId(user, server);
    store.dispatch({ type: 'login/resumed', account, server, user });
    begin(
      { kind: 'session', ...session },
      { account, server, user, remember: true, decided: () => undefined },
    );
  }

  return {
    current: connection,
    withPassword,
    withRemembered,
    cancel() {
      if (!attempt || attempt.loggedIn) return;
      const { kind, account } = attempt;
      end();
      if (kind === 'session') store.dispatch({ type: 'account/dropped', account });
      store.dispatch({ type: 'login/cancelled' });
    },
    async logout() {
      const old = attempt;
      const account = old?.account ?? store.state().active;
      let left: Promise<void> = Promise.resolve();
      end((pbx) => {
        left = pbx.logout().catch(() => undefined);
      });
      if (account !== null) drop(account);
      await forget();
      await left;
      old?.pbx?.close();
    },
    close() {
      end();
    },
  };
}
