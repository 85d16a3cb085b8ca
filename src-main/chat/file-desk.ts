// Files towards the surfaces of the program: what is attached, found, shown and saved, in the account on screen.
import { findAttachment } from './attachments.ts';
import type { AccountState, TrayFile } from './model.ts';
import type { SessionFiles } from './ports.ts';
import { mostFiles } from './reduce-files.ts';
import type { Store } from './store.ts';
import type { Transfers } from './transfers.ts';

export function createFileDesk(ports: {
  store: Store;
  active(): AccountState | null;
  transfers(): Transfers | null;
}): SessionFiles {
  const { store, active, transfers } = ports;
  return {
    attach(discussion, files) {
      const account = active();
      if (!account?.discussions[discussion]) return { ok: false, reason: { code: 'unknown-discussion' } };
      if (account.mode.kind === 'volatile') return { ok: false, reason: { code: 'volatile' } };
      if ((account.trays[discussion]?.length ?? 0) + files.length > mostFiles) {
        return { ok: false, reason: { code: 'too-many', detail: String(mostFiles) } };
      }
      const uploads = files.map((file): TrayFile => {
        return { ...file, state: 'queued', sent: 0, speed: null, reason: null, url: '' };
      });
      store.dispatch({ type: 'upload/added', account: account.id, discussion, uploads });
      return { ok: true, value: null };
    },
    find(id) {
      const account = active();
      const found = account && findAttachment(account, id);
      if (!found) return null;
      const { name, url, size, upload } = found.attachment;
      return { name, url, size, upload: upload?.id ?? null };
    },
    open: async (id, signal, range) =>
      (await transfers()?.open(id, signal, range)) ?? { ok: false, reason: { code: 'offline' } },
    shown(attachment, outcome) {
      const account = active()?.id;
      if (account === undefined) return;
      if ('reason' in outcome) {
        store.dispatch({ type: 'attachment/failed', account, attachment, reason: outcome.reason });
      } else {
        store.dispatch({ type: 'attachment/known', account, attachment, size: outcome.size });
      }
    },
    save: (id, target) => void transfers()?.save(id, target),
  };
}
