// Files between the person's computer and the chat: the dialogs of the system, what is dropped and pasted, and what has
// been saved. Paths stay here: neither the state nor the window sees one.
import path from 'node:path';
import type { SessionFiles } from '../chat/ports.ts';
import { isExecutable, safeFileName } from '../disk/file-name.ts';
import type { OutgoingFileStore, PickedFile } from '../disk/outgoing-files.ts';
import { saveFile, type Place } from '../disk/saved-files.ts';
import type {
  AttachmentId,
  AttachReason,
  CommandArgument,
  DiscussionId,
  DroppedFile,
  FileReason,
  Result,
  SaveReason,
} from '../ipc/contract.ts';
import { pictureName } from './picture-name.ts';

export interface FilePorts {
  files: SessionFiles;
  outgoing: OutgoingFileStore;
  /** Null: cancelled. They open in the folder that was used last. */
  askForFiles(): Promise<string[] | null>;
  askWhereToSave(suggested: string): Promise<string | null>;
  askForFolder(current: string): Promise<string | null>;
  downloads: { get(): string; set(folder: string): void };
  /** Opens a file in its program; empty: done, else why not. */
  open(file: string): Promise<string>;
  show(file: string): void;
  exists(file: string): boolean;
  /** The word for 'Picture'. */
  picture(): string;
  now(): number;
  platform: NodeJS.Platform;
  trace(text: string): void;
}

export function createFileCommands(ports: FilePorts) {
  const { files, outgoing, downloads } = ports;
  /** Where what has been saved in this run is. */
  const saved = new Map<AttachmentId, string>();

  async function take(
    discussion: DiscussionId,
    given: readonly DroppedFile[],
  ): Promise<Result<null, AttachReason>> {
    const picked: PickedFile[] = [];
    const giveBack = () => picked.forEach(({ id }) => outgoing.forget(id));
    for (const file of given) {
      const outcome = 'path' in file ? await outgoing.pick(file.path) : await keep(file);
      if (!outcome.ok) {
        giveBack();
        const name = 'path' in file ? path.basename(file.path) : file.name;
        return { ok: false, reason: { code: attachReason(outcome.reason.code), detail: name } };
      }
      picked.push(outcome.value);
    }
    const outcome = files.attach(discussion, picked);
    if (!outcome.ok) giveBack();
    return outcome;
  }

  function keep({ name, bytes }: { name: string; bytes: Uint8Array }) {
    // What browsers call every picture of the clipboard.
    const nameless = /^(?:image\.(png|jpe?g|gif|webp))?$/i.exec(name);
    const extension = nameless?.[1]?.toLowerCase() ?? 'png';
    const word = pictureName(ports.picture(), new Date(ports.now()), extension);
    return outgoing.keep(nameless === null ? safeFileName(name) : word, bytes);
  }

  function place(folder: string, chosen: string | null): Place {
    return chosen === null ? { folder } : { file: chosen };
  }

  return {
    /** What was dropped or pasted. */
    take,
    async attach({ discussion }: CommandArgument<'attach'>): Promise<Result<null, AttachReason>> {
      const chosen = await ports.askForFiles();
      if (chosen === null || chosen.length === 0) return { ok: true, value: null };
      return take(
        discussion,
        chosen.map((file) => ({ path: file })),
      );
    },
    async saveAttachment(a: CommandArgument<'saveAttachment'>): Promise<Result<null, SaveReason>> {
      const found = files.find(a.attachment);
      if (found === null) return { ok: false, reason: { code: 'not-there' } };
      const name = safeFileName(found.name);
      if (isExecutable(name) && !a.confirmed) return { ok: false, reason: { code: 'executable' } };
      const folder = downloads.get();
      const chosen = a.choose ? await ports.askWhereToSave(path.join(folder, name)) : null;
      if (a.choose && chosen === null) return { ok: true, value: null };
      const host = hostOf(found.url);
      files.save(a.attachment, async (body, signal) => {
        const { platform } = ports;
        const now = ports.now();
        const options = { name, place: place(folder, chosen), host, signal, platform, now };
        const outcome = await saveFile(body, options);
        if (!outcome.ok) {
          ports.trace(`files: not saved: ${outcome.reason.code} ${outcome.reason.detail ?? ''}`);
          return outcome;
        }
        saved.set(a.attachment, outcome.value.path);
        return { ok: true, value: { name: outcome.value.name } };
      });
      return { ok: true, value: null };
    },
    async openSaved(a: CommandArgument<'openSaved'>): Promise<Result<null, SaveReason>> {
      const file = saved.get(a.attachment);
      if (file === undefined || !ports.exists(file)) return { ok: false, reason: { code: 'not-there' } };
      if (isExecutable(path.basename(file)) && !a.confirmed) {
        return { ok: false, reason: { code: 'executable' } };
      }
      const problem = await ports.open(file);
      if (problem === '') return { ok: true, value: null };
      ports.trace(`files: not opened: ${problem}`);
      return { ok: false, reason: { code: 'not-opened' } };
    },
    showSaved({ attachment }: CommandArgument<'showSaved'>): Result<null, SaveReason> {
      const file = saved.get(attachment);
      if (file === undefined || !ports.exists(file)) return { ok: false, reason: { code: 'not-there' } };
      ports.show(file);
      return { ok: true, value: null };
    },
    async chooseDownloadFolder(): Promise<null> {
      const folder = await ports.askForFolder(downloads.get());
      if (folder !== null) downloads.set(folder);
      return null;
    },
    async inspectAttachment({ attachment }: CommandArgument<'inspectAttachment'>): Promise<null> {
      const found = files.find(attachment);
      if (found === null || found.size !== null || found.url === '') return null;
      const abort = new AbortController();
      const outcome = await files.open(attachment, abort.signal);
      if (outcome.ok) outcome.value.body.destroy();
      files.shown(attachment, outcome.ok ? { size: outcome.value.size } : { reason: outcome.reason });
      return null;
    },
  };
}

function attachReason(code: FileReason): AttachReason {
  return code === 'no-space' || code === 'not-writable' || code === 'too-large' ? code : 'unreadable';
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    // A relative one: the PBX itself, whose name is nothing that a mark needs.
    return 'pbx.invalid';
  }
}
