// What kind of file a name stands for, in the words and icons of a person. Nothing depends on it but how it looks.

const families = {
  text: 'txt md rtf doc docx odt pdf eml msg tex',
  table: 'csv xls xlsx ods tsv',
  archive: 'zip gz tgz tar 7z rar xz bz2 zst',
  code: 'js ts json xml html css py c h cpp rs go java sh yml yaml sql',
};

export type FileFamily = keyof typeof families | 'other';

/** Upper case, as people say it: 'PDF'. Empty when the name has none. */
export function typeWord(name: string): string {
  return /[^.]\.([\p{L}\p{N}]{1,8})$/u.exec(name.trim())?.[1]?.toUpperCase() ?? '';
}

export function fileFamily(name: string): FileFamily {
  const type = typeWord(name).toLowerCase();
  for (const [family, types] of Object.entries(families)) {
    if (type !== '' && types.split(' ').includes(type)) return family as FileFamily;
  }
  return 'other';
}
