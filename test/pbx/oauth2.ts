import type { Random } from './clock.ts';
import type { Directory, User } from './directory.ts';
import { escapeHtml } from './html.ts';

/** The identity provider that OAuth2 logins are sent to (protocol, section 2), as one page of the PBX. */
export class OAuth2 {
  /** Below the module. */
  static readonly path = '/oauth2/';
  readonly #directory: Directory;
  readonly #random: Random;
  readonly #pending = new Map<string, (user: User) => void>();

  constructor(directory: Directory, random: Random) {
    this.#directory = directory;
    this.#random = random;
  }

  /** A login that waits for its page; the result is the state in the page's address. */
  begin(loggedIn: (user: User) => void): string {
    const state = this.#random.hex(16);
    this.#pending.set(state, loggedIn);
    return state;
  }

  cancel(state: string): void {
    this.#pending.delete(state);
  }

  /** The page for a state; with `user` it logs that one in. */
  page(state: string, user: string | null): { status: number; html: string } {
    const loggedIn = this.#pending.get(state);
    if (loggedIn === undefined) {
      return { status: 404, html: page('This login is over', '<p>Start again in your chat program.</p>') };
    }
    if (user === null) {
      const links = this.#directory.users
        .map((one) => `<li><a href="?user=${encodeURIComponent(one.sip)}">${escapeHtml(one.dn)}</a></li>`)
        .join('');
      return { status: 200, html: page('Who are you?', `<ul>${links}</ul>`) };
    }
    const found = this.#directory.user(user);
    if (found === undefined) {
      return { status: 403, html: page('Unknown user', `<p>Nobody here is called ${escapeHtml(user)}.</p>`) };
    }
    this.#pending.delete(state);
    loggedIn(found);
    return {
      status: 200,
      html: page('Logged in', `<p>${escapeHtml(found.dn)}, you can close this page.</p>`),
    };
  }
}

function page(title: string, body: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}`;
}
