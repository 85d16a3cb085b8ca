// Where the dictionaries of the spelling come from. The browser engine fetches them by itself, from a host of its maker if
// nobody says otherwise, which a program for companies must not do unasked. So it is told to fetch them here: from the
// dictionaries of the system, from a folder, or from a server that somebody named. What is found nowhere is not fetched.
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** Where Linux distributions keep them for programs of this engine. */
const systemFolders = [
  '/usr/share/hunspell-bdic',
  '/usr/share/qt6/qtwebengine_dictionaries',
  '/usr/share/qt5/qtwebengine_dictionaries',
];

export interface DictionarySource {
  folders: string[];
  /** Address of a folder with the files as the engine asks for them; null: none. */
  server: string | null;
}

/** `chosen`: empty, an absolute path, or the address of a server. */
export function sourceOf(chosen: string, platform: NodeJS.Platform): DictionarySource {
  const system = platform === 'linux' ? systemFolders : [];
  if (/^https:\/\/[^/]+/.test(chosen)) {
    return { folders: system, server: chosen.endsWith('/') ? chosen : `${chosen}/` };
  }
  return { folders: path.isAbsolute(chosen) ? [chosen, ...system] : system, server: null };
}

/** `de_DE.bdic`, `en-GB.bdic`, and as the engine names them: `de-de-3-0.bdic`. */
const fileName = /^([a-z]{2,3})(?:[-_]([a-z]{2,9}))?(?:-\d+-\d+)?\.bdic$/i;

/** `de-de` of a file name; null: it is no dictionary. */
function languageOfFile(name: string): string | null {
  const match = fileName.exec(name);
  return match && [match[1], match[2]].filter(Boolean).join('-').toLowerCase();
}

function listed(folders: readonly string[]): { language: string; file: string }[] {
  return folders.flatMap((folder) => {
    try {
      return fs.readdirSync(folder).flatMap((name) => {
        const language = languageOfFile(name);
        return language === null ? [] : [{ language, file: path.join(folder, name) }];
      });
    } catch {
      return [];
    }
  });
}

/** The languages of which there is a dictionary in the folders, lower case: `de-de`. */
export function languagesIn(folders: readonly string[]): string[] {
  return [...new Set(listed(folders).map(({ language }) => language))];
}

/** The file for what the engine asks for, `de-de-3-0.bdic`: of the language and region, else of the language. */
export function dictionaryFor(asked: string, folders: readonly string[]): string | null {
  const wanted = languageOfFile(asked);
  if (wanted === null) return null;
  const all = listed(folders);
  const exact = all.find(({ language }) => language === wanted);
  const [base] = wanted.split('-');
  return (exact ?? all.find(({ language }) => language.split('-')[0] === base))?.file ?? null;
}

/**
 * Hands out dictionaries on this computer alone, under an address that nobody can guess, until it is closed. Rejects when
 * it cannot listen.
 */
export function serveDictionaries(
  { folders, server }: DictionarySource,
  token: string,
): Promise<{ url: string; close(): void }> {
  const listener: Server = createServer((request, response) => {
    const asked = request.url?.startsWith(`/${token}/`) === true ? path.basename(request.url) : '';
    const file = dictionaryFor(asked, folders);
    if (file !== null) {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
      fs.createReadStream(file)
        .on('error', () => response.destroy())
        .pipe(response);
    } else if (server !== null && fileName.test(asked)) {
      response.writeHead(302, { Location: server + asked }).end();
    } else {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as AddressInfo;
      listener.unref();
      resolve({ url: `http://127.0.0.1:${port}/${token}/`, close: () => listener.close() });
    });
  });
}
