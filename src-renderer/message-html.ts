// The one policy of Trusted Types that the window has for content (the other is Svelte's own, for its templates).
import type { SafeHtml } from '../src-main/ipc/contract.ts';
import { isPlainHtml } from './plain-html.ts';

interface Policy {
  createHTML(html: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(html: string): string }): Policy;
}

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** What is not the plain HTML that the sanitiser makes is shown as the text that it is. */
const lock = (html: string): string => (isPlainHtml(html) ? html : escape(html));

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory?.createPolicy('pbx-chat-message', { createHTML: lock });

/** Sanitised HTML as the page takes it; only SafeHtml.svelte uses it. */
export function toPage(html: SafeHtml): string {
  // Svelte hands the trusted object on as it is, and types it as the string that it stands for.
  return policy === undefined ? lock(html) : (policy.createHTML(html) as string);
}
