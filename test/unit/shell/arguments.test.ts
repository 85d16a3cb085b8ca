import { describe, expect, it } from 'vitest';
import {
  isLoopback,
  loginFromEnvironment,
  parseArguments,
  usage,
  type Arguments,
} from '../../../src-main/shell/arguments.ts';

const none: Arguments = {
  server: null,
  chat: null,
  capture: null,
  theme: null,
  size: null,
  lang: null,
  hidden: false,
  trace: [],
  managed: null,
  version: false,
  help: false,
};
const parse = (...argv: string[]) => parseArguments(argv);
const message = (...argv: string[]) => {
  const result = parse(...argv);
  return result.ok ? null : result.message;
};

describe('the command line', () => {
  it('may be empty', () => {
    expect(parse()).toEqual({ ok: true, value: none });
  });

  it('takes values after a blank or an equals sign', () => {
    const value = { ...none, server: 'https://pbx.example.com/a?b=c', chat: 'bert', theme: 'dark' };
    const [server, chat, theme] = [value.server, 'bert', 'dark'];
    expect(parse(`--server=${server}`, `--chat=${chat}`, `--theme=${theme}`)).toEqual({ ok: true, value });
    expect(parse('--server', server, '--chat', chat, '--theme', theme)).toEqual({ ok: true, value });
  });

  it('reads all of its options', () => {
    const argv =
      '--capture=a.png --size=360x480 --lang=de-AT --hidden --trace=app,websocket,app --version --help';
    expect(parse(...argv.split(' '))).toEqual({
      ok: true,
      value: {
        ...none,
        capture: 'a.png',
        size: { width: 360, height: 480 },
        lang: 'de-AT',
        hidden: true,
        trace: ['app', 'websocket'],
        version: true,
        help: true,
      },
    });
  });

  it('explains each option in the help', () => {
    // --managed is for who builds the program: an installed one does not know it.
    for (const name of Object.keys(none).filter((one) => one !== 'managed'))
      expect(usage).toContain(`--${name}`);
  });

  it.each([
    [['--sever=x'], /no option --sever\. Did you mean --server\?/],
    [['--hiden'], /Did you mean --hidden\?/],
    [['--frobnicate'], /no option --frobnicate\. See --help/],
    [['--server'], /--server needs a value/],
    [['--server='], /--server needs a value/],
    [['--chat', '--hidden'], /--chat needs a value/],
    [['--hidden=yes'], /takes no value/],
    [['--chat=a', '--chat=b'], /given twice/],
    [['--theme=pink'], /light or dark/],
    [['--capture=a.jpg'], /does not end in .png/],
    [['--size=big'], /WIDTHxHEIGHT/],
    [['--size=100x100'], /at least 360x480/],
    [['--size=99999x700'], /at most/],
    [['--lang=not a language'], /language tag/],
    [['--trace=app,frames'], /app, browser, websocket, not 'frames'/],
    [['bert'], /'bert' is not an option/],
  ])('refuses %j in words', (argv, words) => {
    expect(message(...argv)).toMatch(words);
  });

  it.each([
    '--no-sandbox',
    '--user-data-dir=/home/anna/profile',
    '--inspect=0',
    '--inspect-brk',
    '--remote-debugging-port=0',
    '--remote-allow-origins=*',
    '--ozone-platform=wayland',
    '--ozone-platform-hint=auto',
    '--enable-features=UseOzonePlatform',
    '--enable-logging',
    '--disable-gpu',
    '--force-device-scale-factor=2',
    '--password-store=gnome-libsecret',
    '--proxy-server=socks5://localhost:1080',
    '--allow-file-access-from-files',
    '--js-flags=--expose-gc',
    '--host-rules=MAP * 127.0.0.1',
    '--v=1',
    '-psn_0_12345',
  ])('lets %s pass to Chromium and Electron', (argument) => {
    expect(parse(argument)).toEqual({ ok: true, value: none });
  });

  it('skips the directory of an unpacked program, once', () => {
    const argv = ['-r', '/driver/loader.js', '--inspect=0', '/home/anna/pbx-chat', '--chat=bert'];
    expect(parseArguments(argv, true)).toEqual({ ok: true, value: { ...none, chat: 'bert' } });
    expect(parseArguments(['/home/anna/pbx-chat', 'bert'], true).ok).toBe(false);
  });

  it('takes a link that the desktop hands over for the chat to open', () => {
    expect(parse('sip:bert@example.com')).toEqual({
      ok: true,
      value: { ...none, chat: 'sip:bert@example.com' },
    });
    expect(parse('IM:bert')).toEqual({ ok: true, value: { ...none, chat: 'IM:bert' } });
  });
});

describe('the login in the environment', () => {
  const login = { server: 'ws://127.0.0.1:8080', user: 'anna', password: 'secret' };

  it('is taken for a server on this computer', () => {
    expect(loginFromEnvironment(JSON.stringify(login))).toEqual({ login, problem: null });
  });

  it('need not be there', () => {
    expect(loginFromEnvironment(undefined)).toEqual({ login: null, problem: null });
    expect(loginFromEnvironment('')).toEqual({ login: null, problem: null });
  });

  it.each([
    ['not JSON', '{user', /not JSON/],
    ['null', 'null', /must be/],
    ['a list', '[]', /must be/],
    ['incomplete', JSON.stringify({ ...login, password: undefined }), /must be/],
    ['for a server elsewhere', JSON.stringify({ ...login, server: 'pbx.example.com' }), /this computer only/],
    [
      'for a disguised server',
      JSON.stringify({ ...login, server: 'localhost.example.com' }),
      /this computer/,
    ],
    [
      'for a disguised user',
      JSON.stringify({ ...login, server: 'https://localhost@example.com' }),
      /this computer/,
    ],
  ])('is ignored with a message when it is %s, and its password is not repeated', (_what, text, words) => {
    const result = loginFromEnvironment(text);
    expect(result.login).toBeNull();
    expect(result.problem).toMatch(words);
    expect(result.problem).not.toContain('secret');
  });

  it('knows the names of this computer', () => {
    for (const server of [
      'localhost',
      'localhost:8443',
      '127.0.0.1',
      '127.1.2.3:1',
      'wss://[::1]:9/x',
      '[::1]',
    ]) {
      expect(isLoopback(server), server).toBe(true);
    }
    for (const server of ['', '128.0.0.1', 'example.com', '127.0.0.1.example.com', '::', 'http://']) {
      expect(isLoopback(server), server).toBe(false);
    }
  });
});

describe('the file that stands for that of an administrator', () => {
  it('can be given to a program that is being developed, and to no other', () => {
    const given = ['--managed=/tmp/managed.json'];
    expect(parseArguments(['.', ...given], true)).toMatchObject({ value: { managed: '/tmp/managed.json' } });
    expect(parseArguments(given)).toMatchObject({ ok: false });
  });
});
