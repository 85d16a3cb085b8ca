import type { Core } from './core.ts';
import { escapeHtml } from './html.ts';
import { asText, type JsonObject } from './json.ts';

/** Puts the segments of long messages (`more`) together and stores each message once, when it is complete. */
export class MessageCollector {
  readonly #core: Core;
  readonly #open = new Map<string, string>();

  constructor(core: Core) {
    this.#core = core;
  }

  add(message: JsonObject, from: string, to: string): void {
    const data = asText(message.data) ?? '';
    const html = message.mime === 'text/plain' ? escapeHtml(data) : data;
    const text = (this.#open.get(from) ?? '') + html;
    if (message.more === true) {
      this.#open.set(from, text);
      return;
    }
    this.#open.delete(from);
    const attach = asText(message.attach);
    this.#core.relay.store({
      author: from,
      dn: this.#core.directory.displayName(from),
      peer: to,
      text,
      ...(attach === undefined ? {} : { attach }),
    });
  }
}
