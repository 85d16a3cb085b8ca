import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  dictionaryFor,
  languagesIn,
  serveDictionaries,
  sourceOf,
} from '../../../src-main/shell/dictionaries.ts';
import { tagsFor } from '../../../src-main/shell/spelling.ts';

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

function folder(...names: string[]): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-chat-dictionaries-'));
  ends.push(() => fs.rmSync(directory, { recursive: true }));
  for (const name of names) fs.writeFileSync(path.join(directory, name), `content of ${name}`);
  return directory;
}

describe('where dictionaries come from', () => {
  it('is the system alone until somebody says otherwise, and never a server of its own accord', () => {
    expect(sourceOf('', 'linux')).toEqual({
      folders: expect.arrayContaining(['/usr/share/hunspell-bdic']) as string[],
      server: null,
    });
    expect(sourceOf('', 'win32')).toEqual({ folders: [], server: null });
    expect(sourceOf('/opt/words', 'linux').folders[0]).toBe('/opt/words');
    expect(sourceOf('https://pbx.example.com/words', 'win32')).toEqual({
      folders: [],
      server: 'https://pbx.example.com/words/',
    });
    for (const nowhere of ['http://example.com/', 'words', 'https://', 'file:///etc']) {
      expect(sourceOf(nowhere, 'win32')).toEqual({ folders: [], server: null });
    }
  });

  it('is a file of the language and region, else of the language, under whatever name it has', () => {
    const words = folder('de_DE.bdic', 'en-us-10-1.bdic', 'pt_BR.bdic', 'notes.txt', 'x.bdic');
    expect(languagesIn([words, '/not/there']).sort()).toEqual(['de-de', 'en-us', 'pt-br']);
    expect(dictionaryFor('de-de-3-0.bdic', [words])).toBe(path.join(words, 'de_DE.bdic'));
    expect(dictionaryFor('en-gb-10-1.bdic', [words])).toBe(path.join(words, 'en-us-10-1.bdic'));
    expect(dictionaryFor('fr-fr-3-0.bdic', [words])).toBeNull();
    expect(dictionaryFor('../../etc/passwd', [words])).toBeNull();
  });
});

describe('handing dictionaries out', () => {
  const get = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init);
    return { status: response.status, text: await response.text() };
  };

  it('gives the file, to whoever knows the address, until it is closed', async () => {
    const served = await serveDictionaries({ folders: [folder('de_DE.bdic')], server: null }, 'secret');
    expect(await get(`${served.url}de-de-3-0.bdic`)).toEqual({ status: 200, text: 'content of de_DE.bdic' });
    expect((await get(`${served.url}fr-fr-3-0.bdic`)).status).toBe(404);
    expect((await get(served.url.replace('secret', 'guess') + 'de-de-3-0.bdic')).status).toBe(404);
    expect((await get(`${served.url}..%2f..%2fetc%2fpasswd`)).status).toBe(404);
    served.close();
    await expect(get(`${served.url}de-de-3-0.bdic`, { headers: { connection: 'close' } })).rejects.toThrow();
  });

  it('leads to the server that was named for what is not here', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end('from the server');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const source = { folders: [folder('de_DE.bdic')], server: `http://127.0.0.1:${port}/words/` };
    const served = await serveDictionaries(source, 'secret');
    ends.push(served.close);
    expect((await get(`${served.url}de-de-3-0.bdic`)).text).toBe('content of de_DE.bdic');
    expect((await get(`${served.url}fr-fr-3-0.bdic`)).text).toBe('from the server');
    expect(asked).toEqual(['/words/fr-fr-3-0.bdic']);
  });
});

it('the languages of a person are those that the engine knows, each once', () => {
  const available = ['de', 'de-DE', 'en-GB', 'en-US', 'fr'];
  expect(tagsFor(['de-AT', 'en-US', 'de-at', 'DE-de', 'xx'], available)).toEqual(['de', 'en-US', 'de-DE']);
});
