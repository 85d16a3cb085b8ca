import { asTexts, isObject, type Json } from '../json.ts';
import type { Message } from './chats.ts';

/** The filter of SetFilter (protocol, section 5). */
export interface Filter {
  op: 'and' | 'or';
  topics: string[];
  tags: string[];
  authors: string[];
  notifies: string[];
  filters: Filter[];
}

export function parseFilter(value: Json | undefined): Filter {
  const given = isObject(value) ? value : {};
  return {
    op: given.op === 'or' ? 'or' : 'and',
    topics: asTexts(given.topics),
    tags: asTexts(given.tags),
    authors: asTexts(given.authors),
    notifies: asTexts(given.notifies),
    filters: Array.isArray(given.filters) ? given.filters.map(parseFilter) : [],
  };
}

/** Without any item, everything matches. */
export function matches(filter: Filter, message: Message): boolean {
  const items = [
    ...filter.topics.map((topic) => message.topic === topic),
    ...filter.tags.map((tag) => message.tags.includes(tag)),
    ...filter.authors.map((author) => message.author === author),
    ...filter.notifies.map((sip) => message.notify.includes(sip)),
    ...filter.filters.map((inner) => matches(inner, message)),
  ];
  if (items.length === 0) return true;
  return filter.op === 'or' ? items.some(Boolean) : items.every(Boolean);
}
