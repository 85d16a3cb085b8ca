// What a file is, by its name: servers call nearly everything application/octet-stream, and what the window may show is
// a short list that does not depend on what anybody says.

export type FileKind = 'picture' | 'audio' | 'video' | 'other';

/** What Chromium shows by itself and what can do nothing but be seen or heard. No SVG: it is a document. */
const shown: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jfif: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  weba: 'audio/webm',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  webm: 'video/webm',
  ogv: 'video/ogg',
  mov: 'video/mp4',
};

/** What else is sent often: for the Content-Type of an upload. */
const sent: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  heic: 'image/heic',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  pdf: 'application/pdf',
  txt: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  xml: 'application/xml',
  zip: 'application/zip',
  gz: 'application/gzip',
  '7z': 'application/x-7z-compressed',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  eml: 'message/rfc822',
  ics: 'text/calendar; charset=utf-8',
  vcf: 'text/vcard; charset=utf-8',
};

/** Lower case, without the dot; empty when there is none. */
export function extensionOf(name: string): string {
  return /[^.]\.([^.\s]{1,16})$/.exec(name.trimEnd())?.[1]?.toLowerCase() ?? '';
}

/** `type`: the MIME type under which the window gets it; empty for 'other', which it never gets. */
export function kindOf(name: string): { kind: FileKind; type: string } {
  const extension = extensionOf(name);
  const type = Object.hasOwn(shown, extension) ? (shown[extension] ?? '') : '';
  if (type.startsWith('image/')) return { kind: 'picture', type };
  if (type.startsWith('audio/')) return { kind: 'audio', type };
  if (type.startsWith('video/')) return { kind: 'video', type };
  return { kind: 'other', type: '' };
}

/** The Content-Type of an upload. */
export function contentTypeOf(name: string): string {
  const extension = extensionOf(name);
  if (Object.hasOwn(shown, extension)) return shown[extension] ?? '';
  return (Object.hasOwn(sent, extension) && sent[extension]) || 'application/octet-stream';
}
