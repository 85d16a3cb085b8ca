// What was typed and not sent, changed and not saved, deleted and not confirmed, by account, for the next start. One
// small file, readable for the user alone, written as a whole at moments of rest; what is in it and what may be is decided
// by chat/drafts.ts.
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { DraftShelf, KeptDraft, KeptDrafts, KeptRemoval } from '../chat/ports.ts';
import { writeFileAtomicallySync } from './atomic-file.ts';
import { setAside } from './set-aside.ts';

export interface DraftPorts {
  /** Exists. */
  directory: string;
  now(): number;
  trace(text: string): void;
  /** The file could not be read and has this name now. */
  damaged(name: string): void;
}

const version = 1;
/** Several times what is ever written, in bytes: whatever is larger is not ours. */
const largest = 8_000_000;

const line = v.pipe(v.string(), v.maxLength(2000));
const address = v.union([v.strictObject({ sip: line }), v.strictObject({ num: line })]);
const draft: v.GenericSchema<unknown, KeptDraft> = v.pipe(
  v.object({
    discussion: line,
    address,
    kind: v.picklist(['person', 'group']),
    name: line,
    html: v.string(),
    edit: v.exactOptional(v.object({ id: v.nullable(line), html: v.string(), original: v.string() })),
  }),
  v.check(({ html, edit }) => html !== '' || edit !== undefined),
);
const removal: v.GenericSchema<unknown, KeptRemoval> = v.object({
  discussion: line,
  name: line,
  id: v.nullable(line),
});
const account = v.object({
  stored: v.boolean(),
  drafts: v.array(v.unknown()),
  removals: v.optional(v.array(v.unknown()), []),
});
const file = v.object({ version: v.number(), accounts: v.record(v.string(), v.unknown()) });

type Content = Record<string, KeptDrafts>;

export function createDraftShelf({ directory, now, trace, damaged }: DraftPorts): DraftShelf {
  const place = path.join(directory, 'drafts.json');
  let content: Content | null = null;
  /** A newer program has written it: what we do not understand is not ours to replace. */
  let foreign = false;

  function read(): Content {
    try {
      if (fs.statSync(place).size > largest) throw new Error('too large');
      const { version: found, accounts } = v.parse(file, JSON.parse(fs.readFileSync(place, 'utf8')));
      foreign = found > version;
      if (!foreign) return Object.fromEntries(Object.entries(accounts).flatMap(readAccount));
      trace(`drafts: of version ${found}, left alone`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      trace(`drafts: cannot be read: ${error instanceof Error ? error.name : 'unknown'}`);
      damaged(setAside(place, now()));
    }
    return {};
  }

  /** One by one, so that a bad one costs that one alone. */
  function readAccount([id, given]: [string, unknown]): [string, KeptDrafts][] {
    const parsed = v.safeParse(account, given);
    if (!parsed.success) {
      trace('drafts: an account is not usable');
      return [];
    }
    const { stored, drafts, removals } = parsed.output;
    return [[id, { stored, drafts: usable(draft, drafts), removals: usable(removal, removals) }]];
  }

  function usable<T>(schema: v.GenericSchema<unknown, T>, given: readonly unknown[]): T[] {
    return given.flatMap((one): T[] => {
      const { success, output } = v.safeParse(schema, one);
      if (!success) trace('drafts: one is not usable');
      return success ? [output] : [];
    });
  }

  function write(changed: Content): void {
    content = changed;
    if (foreign) return;
    try {
      if (Object.keys(changed).length === 0) return fs.rmSync(place, { force: true });
      writeFileAtomicallySync(place, `${JSON.stringify({ version, accounts: changed })}\n`);
    } catch (error) {
      trace(`drafts: cannot be written: ${String(error)}`);
    }
  }

  return {
    load(id) {
      content ??= read();
      return content[id] ?? null;
    },
    save(id, drafts) {
      write({ ...(content ?? read()), [id]: drafts });
    },
    forget(id) {
      const { [id]: gone, ...others } = content ?? read();
      if (gone !== undefined) write(others);
    },
  };
}
