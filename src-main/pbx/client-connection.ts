// The client connection (protocol, section 2): the login, then what belongs to the user and not to the chat app.
import type { LoginReason, OfflineReason, Reason, Result } from '../ipc/contract.ts';
import type { AppsList } from './apps.ts';
import { allApps, completed, noApps, withApp } from './apps.ts';
import type { Frame, Json } from './frames.ts';
import { object, text, truthy } from './frames.ts';
import { readAddress } from './addresses.ts';
import type { Address, Login, PbxSettings, PresenceItem, World } from './index.ts';
import type { LoginDialogue, LoginOutcome, Redirection } from './login.ts';
import { startLogin } from './login.ts';
import { badgeOf, readPresenceItems } from './presence-items.ts';
import type { ServerAddress } from './server-address.ts';
import type { Link } from './socket.ts';
import { openLink } from './socket.ts';

export interface ClientOptions {
  address: ServerAddress;
  login: Login;
  userAgent: string;
  settings: PbxSettings;
  world: World;
  certificates?: readonly string[] | undefined;
}

export interface ClientHandlers {
  opened(): void;
  loggedIn(outcome: LoginOutcome): void;
  loginFailed(reason: Reason<LoginReason>): void;
  redirected(to: Redirection): void;
  authorize(code: number): void;
  /** Each time the list of apps is complete or changes after that. `certain`: an app that is missing is gone. */
  apps(list: AppsList, certain: boolean): void;
  /** Unread in total, from the note of the chat app. */
  badge(total: number): void;
  /** Of anybody else; the frame as it came. */
  presence(frame: Frame): void;
  ownPresence(items: PresenceItem[]): void;
  /** The display name was changed at the PBX. */
  renamed(name: string): void;
  wake(): void;
  loggedOut(): void;
  lost(reason: Reason<OfflineReason>): void;
}

/** The frame as text: it is forwarded as it came (protocol, section 3). */
export type AppLoginAnswer = Result<string, 'no-answer' | 'refused' | 'offline'>;

export interface ClientConnection {
  getAppLogin(app: string, challenge: string): Promise<AppLoginAnswer>;
  watchBadge(chatApp: string): void;
  /** What comes of it goes to `presence`. */
  subscribePresence(address: Address): void;
  setUserActivity(inactive: boolean): void;
  setOwnPresence(activity: string, note: string): void;
  /** Resolves when the PBX confirmed, or after a bounded time. */
  logout(): Promise<void>;
  probe(): void;
  close(): void;
}

export function openClientConnection(options: ClientOptions, handlers: ClientHandlers): ClientConnection {
  const { address, settings, world } = options;
  const module = address.module ?? settings.module;
  let apps = noApps;
  let appsComplete = false;
  let watchedApp = '';
  let dialogue: LoginDialogue | null = null;
  let requests = 0;
  const appLogins = new Map<string, (answer: AppLoginAnswer) => void>();
  let loggedOut: (() => void) | null = null;

  const link: Link = openLink(
    {
      connection: 'client',
      urls: settings.clientPaths.map((path) => `${address.base}/${module}/${path}`),
      settings,
      world,
      certificates: options.certificates,
      keepAlive: false,
    },
    {
      opened() {
        handlers.opened();
        dialogue = startLogin(
          { ...options, send: (frame: Json) => link.send(frame) },
          {
            loggedIn(outcome) {
              handlers.loggedIn(outcome);
              link.send({ mt: 'SubscribeApps' });
            },
            failed: handlers.loginFailed,
            redirected: handlers.redirected,
            authorize: handlers.authorize,
            unanswered() {
              close();
              handlers.lost({ code: 'server-not-pbx', detail: 'the login is not answered' });
            },
          },
        );
      },
      received(frame, source) {
        if (dialogue?.received(frame, source) !== true) received(frame, source);
      },
      lost(reason) {
        end();
        handlers.lost(reason);
      },
    },
  );

  /** Nobody waits for this connection any more. */
  function end() {
    dialogue?.stop();
    for (const answer of [...appLogins.values()]) answer({ ok: false, reason: { code: 'offline' } });
    loggedOut?.();
  }

  function close() {
    end();
    link.close();
  }

  function appsChanged(next: AppsList, complete: boolean, certain = false) {
    apps = next;
    const first = complete && !appsComplete;
    appsComplete ||= complete;
    if (appsComplete) handlers.apps(apps, certain || first);
  }

  function received(frame: Frame, source: string) {
    switch (frame.mt) {
      case 'UpdateApps':
        return appsChanged(allApps(frame), true, true);
      case 'UpdateAppsInfo':
        return appsChanged(withApp(apps, frame), false);
      case 'UpdateAppsComplete':
        return appsChanged(completed(apps, frame), true);
      case 'AppGetLoginResult':
        return appLogins.get(text(frame.src))?.(
          !truthy(frame.error)
            ? { ok: true, value: source }
            : { ok: false, reason: { code: 'refused', detail: text(frame.errorText) } },
        );
      case 'UpdatePresence': {
        // A PBX that leaves the address out means the chat app.
        const address = readAddress(frame);
        const ofChat = address === null || address.sip?.toLowerCase() === watchedApp.toLowerCase();
        if (!ofChat) return handlers.presence(frame);
        const total = badgeOf(readPresenceItems(frame.presence));
        return watchedApp !== '' && total !== null ? handlers.badge(total) : undefined;
      }
      case 'UpdateOwnPresence':
        return handlers.ownPresence(readPresenceItems(frame.presence));
      case 'UpdateUser':
        return handlers.renamed(text(object(frame.user).dn));
      case 'Wake':
        return text(frame.type) === 'chat' ? handlers.wake() : undefined;
      case 'LogoutResult':
        if (loggedOut !== null) return loggedOut();
        close();
        return handlers.loggedOut();
      case 'StandbyBack':
      case 'Disconnect':
        close();
        return handlers.lost({ code: 'pbx-closed', detail: frame.mt });
      default:
        world.trace({ class: 'app', connection: 'client', text: `ignored ${frame.mt}` });
    }
  }

  return {
    getAppLogin(app, challenge) {
      return new Promise((resolve) => {
        const src = `app-login-${++requests}`;
        const cancel = world.after(settings.requestTimeout, () =>
          answer({ ok: false, reason: { code: 'no-answer' } }),
        );
        function answer(result: AppLoginAnswer) {
          cancel();
          appLogins.delete(src);
          resolve(result);
        }
        appLogins.set(src, answer);
        if (!link.send({ mt: 'AppGetLogin', src, app, challenge })) {
          answer({ ok: false, reason: { code: 'offline' } });
        }
      });
    },
    watchBadge(chatApp) {
      if (watchedApp === chatApp) return;
      watchedApp = chatApp;
      link.send({ mt: 'SubscribePresence', sip: chatApp });
    },
    subscribePresence: (address) => void link.send({ mt: 'SubscribePresence', ...address }),
    setUserActivity: (inactive) => void link.send({ mt: 'SetUserActivity', inactive }),
    setOwnPresence: (activity, note) => void link.send({ mt: 'SetOwnPresence', activity, note }),
    logout() {
      return new Promise((resolve) => {
        const cancel = world.after(settings.logoutTimeout, () => loggedOut?.());
        loggedOut = () => {
          cancel();
          loggedOut = null;
          resolve();
        };
        if (!link.send({ mt: 'Logout' })) loggedOut();
      });
    },
    probe: link.probe,
    close,
  };
}
