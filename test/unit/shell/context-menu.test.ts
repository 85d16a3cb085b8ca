import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { words } from '../../../assets/translations/index.ts';
import {
  contextTemplate,
  type ContextFacts,
  type ContextPorts,
} from '../../../src-main/shell/context-menu.ts';

const nothing: ContextFacts = {
  linkURL: '',
  srcURL: '',
  mediaType: 'none',
  isEditable: false,
  selectionText: '',
  misspelledWord: '',
  dictionarySuggestions: [],
  editFlags: { canCut: false, canCopy: false, canPaste: true, canSelectAll: true },
};

function setup(facts: Partial<ContextFacts>, ports: Partial<ContextPorts> = {}) {
  const done: string[] = [];
  const entries = contextTemplate(
    { ...nothing, ...facts },
    {
      words: words(['en']),
      spelling: [
        { tag: 'de', on: true },
        { tag: 'en-US', on: false },
      ],
      languageName: (tag) => new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag,
      correct: (word) => done.push(`correct ${word}`),
      learn: (word) => done.push(`learn ${word}`),
      toggleSpelling: (tag) => done.push(`toggle ${tag}`),
      openLink: (url) => done.push(`open ${url}`),
      copyText: (text) => done.push(`copy ${text}`),
      copyPicture: () => done.push('copy picture'),
      save: (attachment) => done.push(`save ${attachment}`),
      ...ports,
    },
  );
  const flat = entries.flatMap((entry) => [
    entry,
    ...((entry.submenu ?? []) as MenuItemConstructorOptions[]),
  ]);
  return {
    done,
    labels: entries.map(({ label, type }) => (type === 'separator' ? '-' : label)),
    entry: (label: string) => flat.find((one) => one.label === label),
    choose: (label: string) => (flat.find((one) => one.label === label)?.click as () => void)(),
  };
}

const editing = ['Cut', 'Copy', 'Paste', 'Paste as text', 'Select all', '-', 'Check spelling'];

describe('the menu of the right mouse button', () => {
  it('is not there where there is nothing to do', () => {
    expect(setup({}).labels).toEqual([]);
    expect(setup({ selectionText: ' \n' }).labels).toEqual([]);
  });

  it('copies what is selected, and selects more', () => {
    const { labels, entry } = setup({
      selectionText: 'word',
      editFlags: { ...nothing.editFlags, canCopy: true },
    });
    expect(labels).toEqual(['Copy', 'Select all']);
    expect(entry('Copy')).toMatchObject({ role: 'copy', enabled: true });
    expect(entry('Select all')).toMatchObject({ role: 'selectAll', enabled: true });
  });

  it('edits in an input, and checks its spelling in the languages that there are', () => {
    const { labels, entry, choose, done } = setup({ isEditable: true });
    expect(labels).toEqual(editing);
    expect(entry('Cut')?.enabled).toBe(false);
    expect(entry('Paste')?.enabled).toBe(true);
    expect(entry('German')).toMatchObject({ type: 'checkbox', checked: true });
    expect(entry('American English')).toMatchObject({ type: 'checkbox', checked: false });
    choose('American English');
    expect(done).toEqual(['toggle en-US']);
  });

  it('has one switch for the spelling where the system knows the languages', () => {
    const { entry, choose, done } = setup({ isEditable: true }, { spelling: [{ tag: '', on: false }] });
    expect(entry('Check spelling')).toMatchObject({ type: 'checkbox', checked: false });
    choose('Check spelling');
    expect(done).toEqual(['toggle ']);
  });

  it('offers at most five words for one that is wrong, and learns it', () => {
    const { labels, choose, done } = setup({
      isEditable: true,
      misspelledWord: 'wrogn',
      dictionarySuggestions: ['wrong', 'wrung', 'groan', 'worn', 'wring', 'prong'],
    });
    expect(labels).toEqual([
      'wrong',
      'wrung',
      'groan',
      'worn',
      'wring',
      'Add “wrogn” to the dictionary',
      '-',
      ...editing,
    ]);
    choose('wrung');
    choose('Add “wrogn” to the dictionary');
    expect(done).toEqual(['correct wrung', 'learn wrogn']);
  });

  it('says when no word is near', () => {
    const { entry } = setup({ isEditable: true, misspelledWord: 'xqzt' });
    expect(entry('No suggestions')?.enabled).toBe(false);
  });

  it('opens and copies a link that may be opened, and no other', () => {
    const { labels, choose, done } = setup({ linkURL: 'https://example.com/a?b' });
    expect(labels).toEqual(['Open link', 'Copy link']);
    choose('Open link');
    choose('Copy link');
    expect(done).toEqual(['open https://example.com/a?b', 'copy https://example.com/a?b']);
    for (const linkURL of ['file:///etc/passwd', 'javascript:alert(1)', 'pbx-chat://app/index.html']) {
      expect(setup({ linkURL }).labels).toEqual([]);
    }
  });

  it('copies and saves the picture of a message, and saves its sound', () => {
    const picture = setup({ mediaType: 'image', srcURL: 'pbx-chat://file/a%20b?again=1' });
    expect(picture.labels).toEqual(['Copy picture', 'Save as …']);
    picture.choose('Copy picture');
    picture.choose('Save as …');
    expect(picture.done).toEqual(['copy picture', 'save a b']);
    expect(setup({ mediaType: 'audio', srcURL: 'pbx-chat://file/s' }).labels).toEqual(['Save as …']);
    // An icon of the program is no attachment.
    expect(setup({ mediaType: 'image', srcURL: 'pbx-chat://app/icon.png' }).labels).toEqual([]);
  });
});
