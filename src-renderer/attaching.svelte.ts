// Files on their way into the tray of one discussion: from the dialog, dropped, pasted.
import type { AttachReason, Bridge, DiscussionId, Reason, Result } from '../src-main/ipc/contract.ts';
import type { Chat } from './chat.svelte.ts';

export class Attaching {
  readonly #chat: Chat;
  readonly #bridge: Pick<Bridge, 'attachFiles'>;
  readonly #discussion: DiscussionId;
  /** Why the last ones were not taken. */
  reason = $state.raw<Reason<AttachReason> | null>(null);

  constructor(chat: Chat, bridge: Pick<Bridge, 'attachFiles'>, discussion: DiscussionId) {
    this.#chat = chat;
    this.#bridge = bridge;
    this.#discussion = discussion;
  }

  async pick(): Promise<void> {
    this.#say(await this.#chat.ask('attach', { discussion: this.#discussion }));
  }

  async take(files: FileList): Promise<void> {
    try {
      this.#say(await this.#bridge.attachFiles(this.#discussion, [...files]));
    } catch {
      this.#say({ ok: false, reason: { code: 'unreadable', detail: files[0]?.name ?? '' } });
    }
  }

  #say(result: Result<null, AttachReason> | null): void {
    this.reason = result === null || result.ok ? null : result.reason;
  }
}
