// The view in runes. Rows and messages are immutable objects that keep their identity from patch to patch, so a list
// keyed by id renders again only the row whose object is new.
import type {
  AddressReason,
  AttachmentId,
  AttachmentView,
  Bridge,
  CommandName,
  CommandResult,
  Commands,
  DiscussionId,
  EditView,
  MessageView,
  Result,
  SaveReason,
  View,
} from '../src-main/ipc/contract.ts';
import type { GroupDraft } from './group-edit.ts';

export class Chat {
  #view = $state.raw<View>() as View;
  readonly #bridge: Bridge;
  /** Main does not answer: the window shows that instead of pretending. */
  lost = $state(false);
  /** The discussion whose message input takes the focus as soon as it is on screen: the person has just opened it. */
  wantsFocus = $state<DiscussionId | null>(null);
  /** The own message of the open discussion that is being changed; main has it too, for whoever comes back to it. */
  editing = $state.raw<EditView | null>(null);
  /** Whoever has sent a message knows how: the hint at the message input is shown until then. */
  hasSent = $state(false);
  /** The picture that is shown in large. */
  viewing = $state<AttachmentId | null>(null);
  /** Where the link leads that is pointed at or has the focus, in words. */
  linkLine = $state('');
  /** A file that the system would execute: the person is asked first. */
  asking = $state.raw<{ name: string; action: 'save' | 'open'; confirm: () => void } | null>(null);
  /** Somebody is reporting a problem; the words for it stay until they are in a file. */
  reporting = $state(false);
  reportedWords = $state('');
  /** Somebody looks at what there is to update. */
  updating = $state(false);

  /** Groups that somebody was changing when the editor was closed in passing: see GroupEditor. */
  // Read once when the editor opens: nothing on screen depends on it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly groupDrafts = new Map<string, GroupDraft>();

  readonly app = $derived(this.#view.app);
  readonly login = $derived(this.#view.login);
  readonly account = $derived(this.#view.account);
  readonly rows = $derived(this.#view.rows);
  readonly open = $derived(this.#view.open);
  readonly openId = $derived(this.#view.open?.id ?? null);
  readonly messages = $derived(this.#view.messages);
  /** True while nothing can reach the PBX. */
  readonly offline = $derived(this.account === null || this.account.connection.state === 'offline');

  constructor(bridge: Bridge, view: View) {
    this.#bridge = bridge;
    this.#view = view;
  }

  show(view: View): void {
    this.#view = view;
  }

  /** A command whose answer matters. Null when main did not answer: the window then says so by itself. */
  async ask<N extends CommandName>(
    name: N,
    ...argument: Parameters<Commands[N]>
  ): Promise<CommandResult<N> | null> {
    try {
      return await this.#bridge.call(name, ...argument);
    } catch {
      // Refused or not answered. What happened to the program shows in the next patch, or nothing does.
      return null;
    }
  }

  /** A command whose effect arrives as a patch. */
  tell<N extends CommandName>(name: N, ...argument: Parameters<Commands[N]>): void {
    void this.ask(name, ...argument);
  }

  /** Opens a discussion because the person asked for it: its message input gets the focus (protocol, section 9). */
  openDiscussion(discussion: DiscussionId): void {
    this.wantsFocus = discussion;
    this.tell('openDiscussion', { discussion });
  }

  /** Into the folder for downloads, or where the person says. What becomes of it arrives with the view. */
  async saveAttachment(file: AttachmentView, choose: boolean, confirmed = false): Promise<void> {
    const result = await this.ask('saveAttachment', { attachment: file.id, choose, confirmed });
    if (result?.ok !== false || result.reason.code !== 'executable') return;
    const confirm = () => void this.saveAttachment(file, choose, true);
    this.asking = { name: file.name, action: 'save', confirm };
  }

  /** Null: it was opened, or the person is asked first. */
  async openSaved(file: AttachmentView, confirmed = false): Promise<SaveReason | null> {
    const result = await this.ask('openSaved', { attachment: file.id, confirmed });
    if (result?.ok !== false) return null;
    if (result.reason.code !== 'executable') return result.reason.code;
    this.asking = { name: file.name, action: 'open', confirm: () => void this.openSaved(file, true) };
    return null;
  }

  /** Edits an own message of the open discussion, in its message input. */
  edit({ id: message, html, text }: MessageView): void {
    this.editing = { message, html, original: html, text };
    if (this.openId !== null) this.tell('editing', { discussion: this.openId, edit: { message, html } });
  }

  /** Edits the last own message that can be; false: there is none. */
  editLast(): boolean {
    if (this.open?.amends.edit !== true) return false;
    const last = this.messages.findLast(
      ({ own, stored, removal, html }) => own && stored && removal === null && html !== '',
    );
    if (last === undefined) return false;
    this.edit(last);
    return true;
  }

  /** The discussion may have been left meanwhile: what is saved is done there. */
  stopEditing(discussion: DiscussionId): void {
    if (discussion === this.openId) this.editing = null;
    this.tell('editing', { discussion, edit: null });
  }

  closeDiscussion(): void {
    this.wantsFocus = null;
    this.tell('closeDiscussion');
  }

  async startChat(address: string): Promise<Result<{ discussion: DiscussionId }, AddressReason>> {
    const result = await this.ask('startChat', { address });
    if (result === null) return { ok: false, reason: { code: 'no-answer' } };
    if (result.ok) this.wantsFocus = result.value.discussion;
    return result;
  }

  /** Opens the discussion above (-1) or below (1) the open one in the list; the first or last when none is open. */
  step(by: -1 | 1): void {
    const index = this.rows.findIndex((row) => row.id === this.openId);
    const next = index === -1 ? (by === 1 ? 0 : this.rows.length - 1) : index + by;
    const row = this.rows[next];
    if (row !== undefined) this.openDiscussion(row.id);
  }
}
