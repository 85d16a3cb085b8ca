// PbxMessages (protocol, section 5): the session with the Messages service, and requests to it. Without the session the
// chat is volatile; it is tried again in the background.
import type { Instant, Reason, VolatileReason } from '../ipc/contract.ts';
import { sipKey } from './addresses.ts';
import type { AppChannel, RequestOutcome } from './app-connection.ts';
import { attachmentName } from './attach.ts';
import type { Frame, JsonObject } from './frames.ts';
import { number, object, objects, text, textOrNumber, truthy } from './frames.ts';
import { createGroupRequests, type GroupRequests } from './group-requests.ts';
import { createServerForms } from './ids-and-times.ts';
import type {
  Answer,
  PbxSettings,
  PbxUser,
  RequestReason,
  ServerId,
  StoredChat,
  StoredGroup,
  StoredMessage,
  World,
} from './index.ts';

export type Mode = { mode: 'stored' } | { mode: 'volatile'; reason: Reason<VolatileReason> };

/** What the login of the chat app says about the user's licence. */
export type Licence = 'there' | 'missing' | 'unknown';

export interface MessagesOptions {
  settings: PbxSettings;
  world: World;
  /** Keys (sipKey) of the groups that are known; whoever learns of one adds it. */
  groups: Set<string>;
  modeChanged(mode: Mode): void;
  /** The service says by itself that a message has another text, or none any more (null). C. */
  storedChanged(id: ServerId, text: string | null): void;
}

export interface Messages extends Omit<GroupRequests, 'reset'> {
  /** Asks for a session on a fresh connection. The answer comes as `modeChanged`. */
  start(channel: AppChannel, user: PbxUser, licence: Licence): void;
  linkLost(): void;
  readChats(options: { unread: boolean }): Answer<StoredChat[]>;
  readChat(options: { sip: string; older?: Instant; count: number }): Answer<StoredMessage[]>;
  markRead(sip: string): Answer<null>;
  updateMessage(id: ServerId, html: string): Answer<null>;
  deleteMessage(id: ServerId): Answer<null>;
  readGroups(): Answer<StoredGroup[]>;
  /** Section 6: where a file of this name is to be put; the URL as the service wrote it. */
  createFileBuffer(name: string): Answer<{ url: string }>;
}

const api = 'PbxMessages';
/** The pause before a session that was there is asked for again, in milliseconds; it doubles up to `sessionRetry`. */
const firstRetry = 1000;

export function createMessages({
  settings,
  world,
  groups,
  modeChanged,
  storedChanged,
}: MessagesOptions): Messages {
  const forms = createServerForms(settings);
  let channel: AppChannel | null = null;
  let self: PbxUser = { sip: '', name: '', domain: '', guid: '', num: '' };
  let licence: Licence = 'unknown';
  let mode: Mode | null = null;
  let pause = settings.sessionRetry;
  let cancelRetry = () => {};

  function enter(next: Mode) {
    cancelRetry();
    if (next.mode === 'stored') pause = Math.min(firstRetry, settings.sessionRetry);
    else {
      cancelRetry = world.after(pause, () => void openSession());
      pause = Math.min(pause * 2, settings.sessionRetry);
    }
    const same =
      mode?.mode === next.mode && (next.mode === 'stored' || sameReason(mode as typeof next, next));
    mode = next;
    if (!same) modeChanged(next);
  }

  async function openSession() {
    const asked = channel;
    if (asked === null) return;
    const outcome = await asked.request({ api, mt: 'Session' }, settings.sessionTimeout);
    if (channel !== asked || (!outcome.ok && outcome.reason.code === 'offline')) return;
    if (!outcome.ok) {
      const code = licence === 'missing' ? 'no-licence' : 'no-answer';
      return enter({ mode: 'volatile', reason: { code } });
    }
    const { result } = outcome.value;
    if (result.mt === 'SessionResult' && !isError(result)) return enter({ mode: 'stored' });
    enter({ mode: 'volatile', reason: volatileReason(result, licence) });
  }

  /** Section 5: an Error at any time means that the session is gone. */
  function sessionGone(frame: Frame) {
    if (mode?.mode === 'stored') enter({ mode: 'volatile', reason: volatileReason(frame, licence) });
  }

  async function request(
    mt: string,
    properties: JsonObject,
    { deadline = settings.requestTimeout, alone = false } = {},
  ): Answer<RequestOutcome> {
    const asked = channel;
    if (asked === null || mode === null) return refused('offline');
    if (mode.mode === 'volatile') return refused('volatile');
    const outcome = await asked.request({ api, mt, ...properties }, deadline, { optional: alone });
    if (!outcome.ok) return outcome;
    const { result } = outcome.value;
    if (result.mt === 'Error' && !alone) {
      if (channel === asked) sessionGone(result);
      return refused('volatile', errorDetail(result));
    }
    if (isError(result)) return refused('refused', errorDetail(result));
    return { ok: true, value: outcome.value };
  }

  /** The indications of one kind. */
  async function collect(mt: string, properties: JsonObject, indication: string): Answer<Frame[]> {
    const outcome = await request(mt, properties);
    if (!outcome.ok) return outcome;
    return { ok: true, value: outcome.value.indications.filter((frame) => frame.mt === indication) };
  }

  const topic = () => self.sip;
  const markGroup = (sip: string) => void groups.add(sipKey(sip, self.domain));
  const { reset: forgetGroupForms, ...groupRequests } = createGroupRequests({
    settings,
    forms,
    request,
    markGroup,
  });

  function readStoredChat(frame: Frame, withUnread: boolean): StoredChat[] {
    const sip = text(frame.sip);
    if (sip === '') return [];
    const group = truthy(frame.grp);
    if (group) markGroup(sip);
    return [
      {
        sip,
        name: text(frame.dn),
        group,
        at: forms.instant(frame.timestamp) ?? 0,
        unread: withUnread ? Math.max(0, number(frame.unread) ?? 0) : null,
      },
    ];
  }

  function readStoredMessage(msg: JsonObject): StoredMessage[] {
    const id = forms.id(msg.id);
    if (id === '') return [];
    return [
      {
        id,
        author: { sip: text(msg.author), name: text(msg.dn) },
        text: text(msg.text),
        at: forms.instant(msg.timestamp) ?? 0,
        attachments: objects(msg.attached)
          .map(({ name, url }) => ({ name: text(name) || attachmentName(text(url)), url: text(url) }))
          .filter(({ url }) => url !== ''),
      },
    ];
  }

  /** Section 5, Update and Delete, unasked: of a message that another program has changed (C). */
  function indicated(frame: Frame): boolean {
    const id = forms.id(frame.id);
    if (id === '' || (frame.mt !== 'Update' && frame.mt !== 'Delete')) return false;
    storedChanged(id, frame.mt === 'Update' ? text(frame.text) : null);
    return true;
  }

  /** A request that answers with nothing but its success. */
  async function perform(mt: string, properties: JsonObject, more = {}): Answer<null> {
    const outcome = await request(mt, properties, more);
    return outcome.ok ? { ok: true, value: null } : outcome;
  }

  return {
    ...groupRequests,
    start(fresh, user, known) {
      forgetGroupForms();
      channel = fresh;
      self = user;
      licence = known;
      mode = null;
      pause = settings.sessionRetry;
      fresh.listen(api, (frame) => {
        if (frame.mt === 'Error') sessionGone(frame);
        else if (indicated(frame)) return;
        // An answer that came after its deadline is a session all the same.
        else if (frame.mt === 'SessionResult' && mode !== null && !isError(frame)) enter({ mode: 'stored' });
        else world.trace({ class: 'app', connection: 'app', text: `ignored ${frame.mt} of ${api}` });
      });
      void openSession();
    },
    linkLost() {
      cancelRetry();
      channel = null;
      mode = null;
    },
    async readChats({ unread }) {
      const frames = await collect(
        'ReadChats',
        { topic: topic(), ...(unread ? { unread } : {}) },
        'ReadChatsInd',
      );
      return frames.ok
        ? { ok: true, value: frames.value.flatMap((frame) => readStoredChat(frame, unread)) }
        : frames;
    },
    async readChat({ sip, older, count }) {
      const before = older === undefined ? {} : { older: forms.writeInstant(older) };
      const frames = await collect('ReadChat', { topic: topic(), sip, ...before, count }, 'ReadChatInd');
      if (!frames.ok) return frames;
      const messages = frames.value.flatMap((frame) => readStoredMessage(object(frame.msg)));
      return { ok: true, value: messages.sort(byTimeAndId) };
    },
    markRead: (sip) => perform('ReadChat', { topic: topic(), sip, noind: true }),
    updateMessage: (id, html) => perform('Update', { id: forms.writeId(id), text: html }, { alone: true }),
    deleteMessage: (id) => perform('Delete', { id: forms.writeId(id) }, { alone: true }),
    async readGroups() {
      const frames = await collect('ReadGroups', {}, 'ReadGroupsInd');
      if (!frames.ok) return frames;
      const found = frames.value
        .map((frame) => ({ id: forms.id(frame.id), sip: text(frame.sip), name: text(frame.dn) }))
        .filter(({ sip }) => sip !== '');
      for (const { sip } of found) markGroup(sip);
      return { ok: true, value: found };
    },
    async createFileBuffer(name) {
      const outcome = await request('CreateFileBuffer', { name });
      if (!outcome.ok) return outcome;
      const url = text(outcome.value.result.url);
      return url === '' ? refused('refused', 'no url') : { ok: true, value: { url } };
    },
  };
}

function refused(code: RequestReason, detail = ''): { ok: false; reason: Reason<RequestReason> } {
  return { ok: false, reason: detail === '' ? { code } : { code, detail } };
}

function isError(frame: Frame): boolean {
  return frame.mt === 'Error' || truthy(frame.error) || truthy(frame.err) || text(frame.errorText) !== '';
}

function errorDetail(frame: Frame): string {
  return text(frame.errorText) || textOrNumber(frame.error) || textOrNumber(frame.err);
}

/**
 * Why there is no session, from what the PBX says (C): there is no documented code for a missing licence, and the
 * error may say nothing at all. Then the login of the chat app decides, and where that is silent, too, the licence is
 * what is missing most often.
 */
function volatileReason(frame: Frame, licence: Licence): Reason<VolatileReason> {
  const detail = errorDetail(frame);
  const said = /licen[cs]e/i.test([detail, text(frame.error), text(frame.reason)].join(' '));
  const silent = detail === '' && licence === 'unknown';
  const code = said || silent || licence === 'missing' ? 'no-licence' : 'service-unavailable';
  return detail === '' ? { code } : { code, detail };
}

function sameReason(a: { reason: Reason<string> }, b: { reason: Reason<string> }): boolean {
  return a.reason.code === b.reason.code && a.reason.detail === b.reason.detail;
}

/** Oldest first; messages of the same instant in the order of their ids. */
function byTimeAndId(a: StoredMessage, b: StoredMessage): number {
  return a.at - b.at || compareIds(a.id, b.id);
}

function compareIds(a: string, b: string): number {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return 0;
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
