// The files of messages: what is known of them, what is on its way in either direction, and what the window is told.
// Pure; transfers.ts moves the bytes.
import type {
  AttachmentId,
  AttachmentView,
  FileReason,
  MessageId,
  Reason,
  UploadId,
  UploadView,
} from '../ipc/contract.ts';
import { kindOf } from './file-kinds.ts';
import type { AccountState, Attachment, Discussion, Message, TrayFile, Upload } from './model.ts';

/** As it came, untrusted: nothing of it is known but what its sender says. */
export function arrived({ name, url }: { name: string; url: string }): Attachment {
  return { name, url, size: null, upload: null, download: null, problem: null };
}

/** What is composed becomes part of a message. What failed is tried again: somebody has just said that it matters. */
export function written({ url, ...upload }: TrayFile): Attachment {
  return { ...arrived({ name: upload.name, url }), size: upload.size, upload: renewed(upload) };
}

export function renewed(upload: Upload): Upload {
  return upload.state === 'failed'
    ? { ...upload, state: 'queued', sent: 0, speed: null, reason: null }
    : upload;
}

/**
 * The same files as the server knows them: under its URL, with what has been found out about them here. An upload that
 * is confirmed is over.
 */
export function confirmed(here: readonly Attachment[], server: readonly Attachment[]): readonly Attachment[] {
  const same =
    here.length === server.length &&
    here.every(
      (file, index) =>
        file.url === server[index]?.url && file.name === server[index]?.name && file.upload === null,
    );
  if (same) return here;
  return server.map((file, index) => {
    const known = here[index];
    if (known === undefined) return file;
    const { size, download, upload } = known;
    return { ...file, size, download, upload, problem: null };
  });
}

// --- Names towards the window ----------------------------------------------------------------------------------

/** Main alone knows the address behind it. */
export function attachmentId(message: MessageId, index: number): AttachmentId {
  return `${message}.${index}`;
}

export interface Found {
  readonly discussion: Discussion;
  readonly message: Message;
  readonly index: number;
  readonly attachment: Attachment;
}

export function findAttachment(account: AccountState, id: AttachmentId): Found | null {
  const [, message = '', digits = ''] = /^(.+)\.(\d{1,4})$/.exec(id) ?? [];
  const index = Number(digits);
  const open = account.open === null ? undefined : account.discussions[account.open];
  const others = Object.values(account.discussions).filter((discussion) => discussion !== open);
  for (const discussion of open ? [open, ...others] : others) {
    const found = discussion.messages.findLast((candidate) => candidate.id === message);
    const attachment = found?.attachments[index];
    if (found && attachment) return { discussion, message: found, index, attachment };
  }
  return null;
}

/** All of them, those that messages wait for first. */
export function uploads(account: AccountState): Upload[] {
  const sending = account.outbox.flatMap((entry) => {
    const messages = account.discussions[entry.discussion]?.messages ?? [];
    const message = messages.findLast(({ id }) => id === entry.message);
    return message?.attachments.flatMap(({ upload }) => upload ?? []) ?? [];
  });
  return [...sending, ...Object.values(account.trays).flat()];
}

/** Whether a message still waits for a file. */
export function waitsForFiles({ attachments }: Message): boolean {
  return attachments.some(({ upload }) => upload !== null && upload.state !== 'done');
}

// --- Views -----------------------------------------------------------------------------------------------------

/** Where the window finds the bytes: the program's own scheme, which is served by shell/file-scheme.ts. */
export function sourceOf(id: AttachmentId | UploadId): string {
  return `pbx-chat://file/${encodeURIComponent(id)}`;
}

export function uploadView(upload: Upload): UploadView {
  const { id, name, size, state, sent, speed, reason } = upload;
  const { kind } = kindOf(name);
  return {
    id,
    name,
    size,
    kind,
    state,
    sent,
    speed,
    reason,
    source: kind === 'picture' ? sourceOf(id) : null,
  };
}

export function attachmentView(message: MessageId, attachment: Attachment, index: number): AttachmentView {
  const { name, size, upload, download, problem } = attachment;
  const id = attachmentId(message, index);
  const { kind } = kindOf(name);
  return {
    id,
    name,
    kind,
    size,
    source: kind === 'other' ? null : sourceOf(id),
    upload: upload === null || upload.state === 'done' ? null : uploadView(upload),
    download,
    problem,
  };
}

export function fileFailure(reason: Reason<FileReason>): Reason<'file-failed' | 'file-cancelled'> {
  return { code: reason.code === 'cancelled' ? 'file-cancelled' : 'file-failed', detail: reason.code };
}
