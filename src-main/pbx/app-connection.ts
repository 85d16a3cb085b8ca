// The app connection (protocol, section 3): the login as the chat app, requests matched by `src`, routing by `api`.
import type { OfflineReason, Reason, Result } from '../ipc/contract.ts';
import type { AppLoginAnswer } from './client-connection.ts';
import type { Frame, Json, JsonObject } from './frames.ts';
import { frameOfMembers, object, parseFrame, rawMembers, text, textOrNumber } from './frames.ts';
import type { PbxSettings, World } from './index.ts';
import { openLink } from './socket.ts';

export interface AppOptions {
  /** As of LinkOptions. */
  urls: readonly string[];
  app: string;
  settings: PbxSettings;
  world: World;
  certificates?: readonly string[] | undefined;
  /** AppGetLogin on the client connection. */
  getLogin(app: string, challenge: string): Promise<AppLoginAnswer>;
}

export interface AppHandlers {
  /** `info`: what the PBX said about the user in the login; null when it said nothing. */
  ready(info: JsonObject | null): void;
  lost(reason: Reason<OfflineReason>): void;
}

export interface RequestOutcome {
  /** What came before the result, in order. */
  indications: Frame[];
  result: Frame;
}

export type RequestError = 'offline' | 'no-answer';

/** What the rooms of the single protocols (signal, messages, directory) need of the connection. */
export interface AppChannel {
  /** False: not connected. */
  send(frame: JsonObject & { mt: string }): boolean;
  /** Calls back when the PBX has everything that was sent so far; never, if the connection is lost before. */
  confirm(arrived: () => void): void;
  /**
   * Sends with a `src` of its own and collects what comes back with it, up to the result or an `Error`. The
   * deadline (milliseconds) starts anew with each indication. `optional`: a server may not know it, so that an `Error`
   * which names no request at all is taken for its answer.
   */
  request(
    frame: JsonObject & { mt: string },
    deadline: number,
    more?: { optional?: boolean },
  ): Promise<Result<RequestOutcome, RequestError>>;
  /** Sends with a `src` of its own; everything that comes back with it goes to `received`, until what is returned runs. */
  subscribe(frame: JsonObject & { mt: string }, received: (frame: Frame) => void): () => void;
  /** Frames of an api that belong to no request. */
  listen(api: string, received: (frame: Frame) => void): void;
}

export interface AppConnection extends AppChannel {
  probe(): void;
  close(): void;
}

/** In the `src` of requests that a server may not know: a late answer to one is known by it. */
const optionalMark = 'optional-';

/** Where a frame belongs whose sender left `api` out. */
const apiByMt: Record<string, string> = {
  Signaling: 'PbxSignal',
  RegisterResult: 'PbxSignal',
  Error: 'PbxMessages',
};

export function openAppConnection(options: AppOptions, handlers: AppHandlers): AppConnection {
  const { settings, world, app } = options;
  // Distinct in each connection, so that an answer which a proxy delivers late belongs to nobody.
  const prefix = Buffer.from(world.random(4)).toString('hex');
  let requests = 0;
  let ready = false;
  let info: JsonObject | null = null;
  let cancelLogin = () => {};
  const pending = new Map<string, (frame: Frame | RequestError) => void>();
  /** The api of requests that a server may not know, by their `src`, the oldest first. */
  const optional = new Map<string, string>();
  const listeners = new Map<string, (frame: Frame) => void>();

  const link = openLink(
    {
      connection: 'app',
      urls: options.urls,
      settings,
      world,
      certificates: options.certificates,
      keepAlive: true,
    },
    {
      opened() {
        cancelLogin = world.after(settings.requestTimeout, () =>
          lose({ code: 'server-not-pbx', detail: 'the app login is not answered' }),
        );
        link.send({ mt: 'AppChallenge' });
      },
      received,
      lost(reason) {
        end();
        handlers.lost(reason);
      },
    },
  );

  function end() {
    cancelLogin();
    const waiting = [...pending.values()];
    pending.clear();
    for (const answer of waiting) answer('offline');
  }

  function close() {
    end();
    link.close();
  }

  function lose(reason: Reason<OfflineReason>) {
    close();
    handlers.lost(reason);
  }

  async function logIn(challenge: string) {
    const answer = await options.getLogin(app, challenge);
    if (!answer.ok) {
      // A client connection that is gone reports itself.
      if (answer.reason.code !== 'offline') {
        lose({ code: 'pbx-closed', detail: `AppGetLogin: ${answer.reason.detail ?? answer.reason.code}` });
      }
      return;
    }
    const parsed = parseFrame(answer.value);
    info = parsed.ok && parsed.frame.info !== undefined ? object(parsed.frame.info) : null;
    // Unchanged means: as it stands in the frame. The digest is over the server's own writing of `info`.
    const members = rawMembers(answer.value);
    for (const property of ['mt', 'src', 'salt', 'key', 'error', 'errorText']) members.delete(property);
    if (!members.has('app')) members.set('app', JSON.stringify(app));
    link.sendText(frameOfMembers('AppLogin', members), { mt: 'AppLogin', app });
  }

  function received(frame: Frame) {
    switch (frame.mt) {
      case 'AppChallengeResult':
        // An old PBX sends a number (protocol, section 3).
        if (!ready) void logIn(textOrNumber(frame.challenge));
        return;
      case 'AppLoginResult':
        if (ready) return;
        if (frame.ok !== true) return lose({ code: 'pbx-closed', detail: 'AppLogin was refused' });
        cancelLogin();
        ready = true;
        return handlers.ready(info);
      case 'KeepAlive':
      case 'KeepAliveResult':
        return;
    }
    const owner = pending.get(text(frame.src));
    if (owner !== undefined) return owner(frame);
    if (frame.mt === 'Error' && isForOptional(frame)) return;
    const listener = listeners.get(text(frame.api) || (apiByMt[frame.mt] ?? ''));
    if (listener !== undefined) return listener(frame);
    world.trace({ class: 'app', connection: 'app', text: `ignored ${frame.mt}` });
  }

  /** Says nothing about a session: it answers the oldest request that a server may not know, or one that is over. */
  function isForOptional(frame: Frame): boolean {
    const src = text(frame.src);
    if (src !== '') return src.startsWith(`${prefix}-${optionalMark}`);
    const api = text(frame.api);
    const found = [...optional].find(([, its]) => api === '' || api === its)?.[0];
    if (found !== undefined) pending.get(found)?.(frame);
    return found !== undefined;
  }

  function nextSrc(mark = ''): string {
    return `${prefix}-${mark}${++requests}`;
  }

  function send(frame: Json): boolean {
    return ready && link.send(frame);
  }

  return {
    send,
    request(frame, deadline, more) {
      return new Promise((resolve) => {
        const src = nextSrc(more?.optional === true ? optionalMark : '');
        if (more?.optional === true) optional.set(src, text(frame.api));
        const indications: Frame[] = [];
        let cancel = () => {};
        const settle = (outcome: Result<RequestOutcome, RequestError>) => {
          cancel();
          pending.delete(src);
          optional.delete(src);
          resolve(outcome);
        };
        const wait = () => {
          cancel();
          cancel = world.after(deadline, () => settle({ ok: false, reason: { code: 'no-answer' } }));
        };
        pending.set(src, (received) => {
          if (typeof received === 'string') return settle({ ok: false, reason: { code: received } });
          if (isFinal(received)) return settle({ ok: true, value: { indications, result: received } });
          indications.push(received);
          wait();
        });
        wait();
        if (!send({ ...frame, src })) settle({ ok: false, reason: { code: 'offline' } });
      });
    },
    subscribe(frame, received) {
      const src = nextSrc();
      pending.set(src, (answer) => {
        if (typeof answer !== 'string') received(answer);
      });
      send({ ...frame, src });
      return () => void pending.delete(src);
    },
    listen: (api, received) => void listeners.set(api, received),
    confirm: link.confirm,
    probe: link.probe,
    close,
  };
}

/** A request ends with its result or with an error; what comes before are its indications. */
function isFinal(frame: Frame): boolean {
  return frame.mt === 'Error' || frame.mt.endsWith('Result');
}
