// Moves the bytes of files: uploads as the state wants them, downloads as somebody asks. What happened goes into the
// state as events, and nothing of a file is ever held here.
import type {
  AccountId,
  AttachmentId,
  FileReason,
  Instant,
  Reason,
  Result,
  UploadId,
} from '../ipc/contract.ts';
import type { Pbx, RemoteFile, World } from '../pbx/index.ts';
import { findAttachment, uploads, type Found } from './attachments.ts';
import { contentTypeOf } from './file-kinds.ts';
import type { AccountState, Download, Upload } from './model.ts';
import type { OutgoingFiles, SaveTarget } from './ports.ts';
import type { Store } from './store.ts';

/** Uploads at the same time; more would only share the same line. */
const atOnce = 2;
/** Milliseconds between two reports about one transfer: what an eye can follow. */
const reportEvery = 200;
/** Milliseconds that a speed is measured over. */
const speedOver = 3_000;
/** Milliseconds that a chat may take to be read again for the URL of a file. */
const renewalPatience = 15_000;

export interface Transfers {
  /** Looks at the state and starts or ends what it says. Called after every change. */
  look(): void;
  /** The bytes of a received file, or of an own one that is at the server. */
  open(id: AttachmentId, signal: AbortSignal, range?: string): Promise<Result<RemoteFile, FileReason>>;
  save(id: AttachmentId, target: SaveTarget): Promise<void>;
  cancelSave(id: AttachmentId): void;
  stop(): void;
}

export function createTransfers(ports: {
  store: Store;
  world: World;
  pbx: Pbx;
  files: OutgoingFiles;
  account: AccountId;
}): Transfers {
  const { store, world, pbx, files, account: id } = ports;
  const running = new Map<UploadId, AbortController>();
  const saving = new Map<AttachmentId, AbortController>();
  /** Uploads whose files are kept for us. */
  let held = new Set<UploadId>();
  let seen: { trays: unknown; outbox: unknown; discussions: unknown; link: unknown; mode: unknown } | null =
    null;
  /** By the URL that did not work: each is replaced once. */
  const renewals = new Map<string, Promise<string | null>>();
  let stopped = false;

  const account = (): AccountState | undefined => store.state().accounts[id];

  // --- Up ------------------------------------------------------------------------------------------------------

  async function upload(item: Upload): Promise<void> {
    const abort = new AbortController();
    running.set(item.id, abort);
    const report = reporter(world, (sent, speed) =>
      store.dispatch({ type: 'upload/progress', account: id, upload: item.id, sent, speed }),
    );
    const { name, size } = item;
    const content = { name, size, type: contentTypeOf(name), open: () => files.open(item.id) };
    const uploaded = pbx.uploadFile(content, report, abort.signal);
    report(0);
    const outcome = await uploaded;
    running.delete(item.id);
    if (stopped || abort.signal.aborted) return;
    if (outcome.ok) {
      store.dispatch({ type: 'upload/done', account: id, upload: item.id, url: outcome.value.url });
    } else if (mayPass(outcome.reason.code) && account()?.link.state !== 'online') {
      // The link went, and the file with it; it goes on by itself when the link is back.
      store.dispatch({ type: 'upload/interrupted', account: id, upload: item.id });
    } else {
      store.dispatch({ type: 'upload/failed', account: id, upload: item.id, reason: outcome.reason });
    }
  }

  function look(): void {
    const state = account();
    if (stopped || !state) return;
    const { trays, outbox, discussions, link, mode } = state;
    if (
      seen?.trays === trays &&
      seen.outbox === outbox &&
      seen.discussions === discussions &&
      seen.link === link &&
      seen.mode === mode
    ) {
      return;
    }
    seen = { trays, outbox, discussions, link, mode };
    const all = uploads(state);
    const wanted = new Set(all.filter(({ state: now }) => now !== 'failed').map((item) => item.id));
    for (const [item, abort] of running) {
      if (wanted.has(item)) continue;
      running.delete(item);
      abort.abort();
    }
    const now = new Set(all.map((item) => item.id));
    for (const item of held) if (!now.has(item)) files.forget(item);
    held = now;
    if (link.state !== 'online' || mode.kind !== 'stored') return;
    for (const item of all) {
      if (running.size >= atOnce) break;
      // One that is said to be on its way but is not here was on its way with an earlier connection.
      const due = item.state === 'queued' || item.state === 'uploading';
      if (due && !running.has(item.id)) void upload(item);
    }
  }

  // --- Down ----------------------------------------------------------------------------------------------------

  async function open(
    attachment: AttachmentId,
    signal: AbortSignal,
    range?: string,
  ): Promise<Result<RemoteFile, FileReason>> {
    const found = find(attachment);
    if (found === null || found.attachment.url === '') return { ok: false, reason: { code: 'gone' } };
    const { url } = found.attachment;
    const known = await renewals.get(url);
    const first = await pbx.openFile(known ?? url, signal, range);
    if (first.ok || (first.reason.code !== 'gone' && first.reason.code !== 'refused')) return first;
    const next = await renew(found);
    return next === null || signal.aborted ? first : pbx.openFile(next, signal, range);
  }

  function find(attachment: AttachmentId): Found | null {
    const state = account();
    return state ? findAttachment(state, attachment) : null;
  }

  /** Protocol, section 6: a temporary URL that has expired is replaced by the permanent one of the stored chat. */
  function renew({ discussion, message, index, attachment }: Found): Promise<string | null> {
    const { url } = attachment;
    const known = renewals.get(url);
    if (known) return known;
    const state = account();
    if (state?.mode.kind !== 'stored' || state.open !== discussion.id) return Promise.resolve(null);
    const renewal = new Promise<string | null>((resolve) => {
      const settle = () => {
        const now = account()?.discussions[discussion.id];
        if (now && now.history.state !== 'failed' && (now.history.state === 'loading' || now.history.stale))
          return;
        unsubscribe();
        cancel();
        const found = now?.messages.findLast(({ id: candidate }) => candidate === message.id);
        const fresh = found?.attachments[index]?.url ?? url;
        resolve(fresh === url ? null : fresh);
      };
      const unsubscribe = store.subscribe(settle);
      const cancel = world.after(renewalPatience, () => {
        unsubscribe();
        resolve(null);
      });
      store.dispatch({ type: 'history/doubted', account: id, discussion: discussion.id });
    });
    renewals.set(url, renewal);
    return renewal;
  }

  async function save(attachment: AttachmentId, target: SaveTarget): Promise<void> {
    const tell = (download: Download | null) =>
      store.dispatch({ type: 'download/changed', account: id, attachment, download });
    cancelSave(attachment);
    const abort = new AbortController();
    saving.set(attachment, abort);
    let total = find(attachment)?.attachment.size ?? null;
    const report = reporter(world, (received, speed) => {
      if (!abort.signal.aborted) tell({ state: 'running', received, total, speed });
    });
    report(0);
    const outcome = await fetchInto(attachment, target, abort.signal, {
      total: (size) => {
        total = size;
        store.dispatch({ type: 'attachment/known', account: id, attachment, size });
      },
      received: report,
    });
    const mine = saving.get(attachment) === abort;
    if (mine) saving.delete(attachment);
    if (!mine || stopped) return;
    if (outcome.ok) tell({ state: 'saved', name: outcome.value.name });
    else if (outcome.reason.code === 'cancelled') tell(null);
    else tell({ state: 'failed', reason: outcome.reason });
  }

  async function fetchInto(
    attachment: AttachmentId,
    target: SaveTarget,
    signal: AbortSignal,
    seen: { total(size: number): void; received(bytes: number): void },
  ): Promise<Result<{ name: string }, FileReason>> {
    const file = await open(attachment, signal);
    if (!file.ok) return file;
    const { body, size, length } = file.value;
    // Whoever waits for it hears of an error; nobody else is there to.
    body.on('error', () => undefined);
    if (size !== null) seen.total(size);
    let received = 0;
    const counted = async function* () {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        received += chunk.length;
        seen.received(received);
        yield chunk;
      }
      if (length !== null && received < length) throw new Error('the file broke off');
    };
    const outcome = await target(counted(), signal);
    body.destroy();
    return signal.aborted ? { ok: false, reason: { code: 'cancelled' } } : outcome;
  }

  function cancelSave(attachment: AttachmentId): void {
    const abort = saving.get(attachment);
    if (!abort) return;
    saving.delete(attachment);
    abort.abort();
    store.dispatch({ type: 'download/changed', account: id, attachment, download: null });
  }

  return {
    look,
    open,
    save,
    cancelSave,
    stop() {
      stopped = true;
      for (const abort of [...running.values(), ...saving.values()]) abort.abort();
      running.clear();
      saving.clear();
    },
  };
}

/** What may be otherwise on another link. */
function mayPass(code: Reason<FileReason>['code']): boolean {
  return code === 'offline' || code === 'unreachable' || code === 'volatile';
}

/** Passes on where a transfer stands, at most every `reportEvery`, with its speed in bytes per second. */
function reporter(
  world: World,
  tell: (bytes: number, speed: number | null) => void,
): (bytes: number) => void {
  let toldAt = -Infinity;
  let marks: { at: Instant; bytes: number }[] = [];
  return (bytes) => {
    const now = world.now();
    if (now - toldAt < reportEvery) return;
    toldAt = now;
    // On a link that moves in leaps the last mark may be older than that; it still tells how far one came since.
    const recent = marks.filter(({ at }) => now - at <= speedOver);
    marks = [...(recent.length > 0 ? recent : marks.slice(-1)), { at: now, bytes }];
    const first = marks[0];
    const span = first === undefined ? 0 : now - first.at;
    tell(bytes, first === undefined || span < reportEvery ? null : ((bytes - first.bytes) / span) * 1000);
  };
}
