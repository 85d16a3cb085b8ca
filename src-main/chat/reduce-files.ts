// What happens to files, in the state: those that are composed, those that messages wait for, and those that are saved.
import type { AttachmentId, FileReason, MessageId, Reason, UploadId } from '../ipc/contract.ts';
import { fileFailure, findAttachment, renewed, waitsForFiles } from './attachments.ts';
import type { FileEvent } from './events.ts';
import type { AccountState, Attachment, Message, Upload } from './model.ts';
import { failed } from './outbox.ts';
import { change } from './reduce-shared.ts';

/** A message carries at most so many files, and so many wait in one tray. */
export const mostFiles = 50;

export function reduceFiles(account: AccountState, event: FileEvent): AccountState {
  switch (event.type) {
    case 'upload/added': {
      if (!account.discussions[event.discussion]) return account;
      const tray = [...(account.trays[event.discussion] ?? []), ...event.uploads].slice(0, mostFiles);
      return { ...account, trays: { ...account.trays, [event.discussion]: tray } };
    }
    case 'upload/removed': {
      const trays = Object.entries(account.trays).map(
        ([discussion, tray]) => [discussion, tray.filter(({ id }) => id !== event.upload)] as const,
      );
      return { ...account, trays: Object.fromEntries(trays.filter(([, tray]) => tray.length > 0)) };
    }
    case 'upload/progress':
      return withUpload(account, event.upload, (file) => {
        const { sent, speed } = event;
        return { ...file, upload: { ...file.upload, state: 'uploading', sent, speed } };
      });
    case 'upload/done':
      return withUpload(account, event.upload, ({ upload }) => ({
        upload: { ...upload, state: 'done', sent: upload.size, speed: null },
        url: event.url,
      }));
    case 'upload/interrupted':
      return withUpload(account, event.upload, (file) => ({
        ...file,
        upload: { ...file.upload, state: 'queued', sent: 0, speed: null },
      }));
    case 'upload/failed':
      return uploadFailed(account, event.upload, event.reason);
    case 'upload/again':
      return withUpload(account, event.upload, (file) => ({ ...file, upload: renewed(file.upload) }));
    case 'sending/stopped':
      return withMessage(account, event.message, (message) =>
        message.outgoing?.state === 'queued' && waitsForFiles(message)
          ? withoutFiles(message, { code: 'cancelled' })
          : message,
      );
    case 'attachment/known':
      return withAttachment(account, event.attachment, (file) => ({
        ...file,
        size: event.size ?? file.size,
        problem: null,
      }));
    case 'attachment/failed':
      return withAttachment(account, event.attachment, (file) => ({ ...file, problem: event.reason }));
    case 'download/changed':
      return withAttachment(account, event.attachment, (file) => ({ ...file, download: event.download }));
  }
}

interface Uploading {
  upload: Upload;
  url: string;
}

function withUpload(account: AccountState, id: UploadId, how: (file: Uploading) => Uploading): AccountState {
  for (const [discussion, tray] of Object.entries(account.trays)) {
    const index = tray.findIndex((upload) => upload.id === id);
    const upload = tray[index];
    if (upload === undefined) continue;
    const after = how({ upload, url: upload.url });
    const changed = tray.with(index, { ...after.upload, url: after.url });
    return { ...account, trays: { ...account.trays, [discussion]: changed } };
  }
  const entry = holderOf(account, id);
  if (entry === null) return account;
  return withMessage(account, entry, (message) => ({
    ...message,
    attachments: message.attachments.map((file): Attachment => {
      if (file.upload?.id !== id) return file;
      return { ...file, ...how({ upload: file.upload, url: file.url }) };
    }),
  }));
}

/** The message whose file it is. */
function holderOf(account: AccountState, id: UploadId): MessageId | null {
  for (const { message, discussion } of account.outbox) {
    const found = account.discussions[discussion]?.messages.findLast((candidate) => candidate.id === message);
    if (found?.attachments.some(({ upload }) => upload?.id === id)) return message;
  }
  return null;
}

function uploadFailed(account: AccountState, id: UploadId, reason: Reason<FileReason>): AccountState {
  const changed = withUpload(account, id, (file) => ({
    ...file,
    upload: { ...file.upload, state: 'failed', speed: null, reason },
  }));
  const holder = holderOf(changed, id);
  // A message goes as a whole or not at all.
  return holder === null ? changed : withMessage(changed, holder, (message) => withoutFiles(message, reason));
}

function withoutFiles(message: Message, reason: Reason<FileReason>): Message {
  if (message.outgoing === null) return message;
  return {
    ...message,
    outgoing: failed(message.outgoing, fileFailure(reason), false),
    attachments: message.attachments.map((file): Attachment => {
      const { upload } = file;
      if (upload === null || upload.state === 'done' || upload.state === 'failed') return file;
      return { ...file, upload: { ...upload, state: 'failed', sent: 0, speed: null, reason } };
    }),
  };
}

function withMessage(account: AccountState, id: MessageId, how: (message: Message) => Message): AccountState {
  const entry = account.outbox.find(({ message }) => message === id);
  if (!entry) return account;
  return change(account, entry.discussion, (discussion) => {
    const index = discussion.messages.findLastIndex((message) => message.id === id);
    const message = discussion.messages[index];
    if (!message) return discussion;
    const after = how(message);
    return after === message
      ? discussion
      : { ...discussion, messages: discussion.messages.with(index, after) };
  });
}

function withAttachment(
  account: AccountState,
  id: AttachmentId,
  how: (file: Attachment) => Attachment,
): AccountState {
  const found = findAttachment(account, id);
  if (found === null) return account;
  const { discussion, message, index, attachment } = found;
  const after = how(attachment);
  if (JSON.stringify(after) === JSON.stringify(attachment)) return account;
  return change(account, discussion.id, (now) => ({
    ...now,
    messages: now.messages.map((one) =>
      one === message ? { ...one, attachments: one.attachments.with(index, after) } : one,
    ),
  }));
}
