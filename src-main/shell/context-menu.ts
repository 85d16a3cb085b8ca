// The menu of the right mouse button: what can be done with what is under it. Pure.
import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';
import type { Words } from '../../assets/translations/index.ts';
import type { AttachmentId } from '../ipc/contract.ts';
import { attachmentIn } from './file-scheme.ts';
import { openableLink } from './links.ts';
import type { SpellingChoice } from './spelling.ts';

/** What is needed of what Electron tells. */
export type ContextFacts = Pick<
  ContextMenuParams,
  | 'linkURL'
  | 'srcURL'
  | 'mediaType'
  | 'isEditable'
  | 'selectionText'
  | 'misspelledWord'
  | 'dictionarySuggestions'
> & { editFlags: Pick<ContextMenuParams['editFlags'], 'canCut' | 'canCopy' | 'canPaste' | 'canSelectAll'> };

export interface ContextPorts {
  words: Words;
  spelling: readonly SpellingChoice[];
  /** The name of a language to a person. */
  languageName(tag: string): string;
  correct(word: string): void;
  learn(word: string): void;
  toggleSpelling(tag: string): void;
  openLink(url: string): void;
  copyText(text: string): void;
  /** Of the picture under the pointer. */
  copyPicture(): void;
  save(attachment: AttachmentId): void;
}

/** More than anybody reads. */
const mostSuggestions = 5;

/** For `Menu.buildFromTemplate`; empty: there is nothing to do here. */
export function contextTemplate(facts: ContextFacts, ports: ContextPorts): MenuItemConstructorOptions[] {
  const { words } = ports;
  const groups: MenuItemConstructorOptions[][] = [];

  if (facts.misspelledWord !== '') {
    const { misspelledWord: word } = facts;
    const suggestions = facts.dictionarySuggestions.slice(0, mostSuggestions);
    groups.push([
      ...suggestions.map((suggestion) => ({ label: suggestion, click: () => ports.correct(suggestion) })),
      ...(suggestions.length === 0 ? [{ label: words('contextMenu.noSuggestion'), enabled: false }] : []),
      { label: words('contextMenu.learn', { word }), click: () => ports.learn(word) },
    ]);
  }

  const link = facts.linkURL === '' ? null : openableLink(facts.linkURL);
  if (link !== null) {
    groups.push([
      { label: words('contextMenu.openLink'), click: () => ports.openLink(link) },
      { label: words('contextMenu.copyLink'), click: () => ports.copyText(link) },
    ]);
  }

  const attachment = facts.mediaType === 'none' ? null : attachmentIn(facts.srcURL);
  if (attachment !== null) {
    groups.push([
      ...(facts.mediaType === 'image'
        ? [{ label: words('contextMenu.copyPicture'), click: ports.copyPicture }]
        : []),
      { label: words('files.saveAs'), click: () => ports.save(attachment) },
    ]);
  }

  const { canCut, canCopy, canPaste, canSelectAll } = facts.editFlags;
  if (facts.isEditable) {
    groups.push(
      [
        { role: 'cut', label: words('appMenu.cut'), enabled: canCut },
        { role: 'copy', label: words('appMenu.copy'), enabled: canCopy },
        { role: 'paste', label: words('appMenu.paste'), enabled: canPaste },
        { role: 'pasteAndMatchStyle', label: words('appMenu.pasteAsText'), enabled: canPaste },
        { role: 'selectAll', label: words('appMenu.selectAll'), enabled: canSelectAll },
      ],
      spellingEntries(ports),
    );
  } else if (facts.selectionText.trim() !== '') {
    groups.push([
      { role: 'copy', label: words('appMenu.copy'), enabled: canCopy },
      { role: 'selectAll', label: words('appMenu.selectAll'), enabled: canSelectAll },
    ]);
  }
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => (index === 0 ? group : [{ type: 'separator' as const }, ...group]));
}

function spellingEntries(ports: ContextPorts): MenuItemConstructorOptions[] {
  const { words, spelling, languageName } = ports;
  const entry = ({ tag, on }: SpellingChoice, label: string): MenuItemConstructorOptions => ({
    type: 'checkbox',
    checked: on,
    label,
    click: () => ports.toggleSpelling(tag),
  });
  const [only] = spelling;
  if (only?.tag === '') return [entry(only, words('contextMenu.spelling'))];
  if (only === undefined) return [];
  const submenu = spelling.map((choice) => entry(choice, languageName(choice.tag)));
  return [{ label: words('contextMenu.spelling'), submenu }];
}
