import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// The arrows of the house (README, "The map"): a room may import only what its line allows. Paths are matched
// as written in the import, which is why every import inside the repository is relative and has its extension.
const room = (files, forbidden, why) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: forbidden.map((group) => ({ regex: group, message: why })) },
    ],
  },
});

export default ts.config(
  { ignores: ['out/', 'release/', 'artifacts/', 'test-results/', 'node_modules/'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    rules: { 'svelte/no-at-html-tags': 'error' },
  },
  { files: ['scripts/**', 'test/**'], rules: { 'no-console': 'off' } },
  room(
    ['src-main/pbx/**'],
    ['^electron', '\\.\\./(chat|shell|disk)/', '\\.\\./ipc/(?!contract\\.ts$)'],
    'pbx/ is the wire: no electron, nothing of the app but the types of ipc/contract.ts',
  ),
  room(
    ['src-main/chat/**'],
    ['^electron', '^ws$', '\\.\\./(shell|disk)/', '\\.\\./pbx/(?!index\\.ts$)'],
    'chat/ is pure: no electron, no ws, the wire through pbx/index.ts only',
  ),
  room(
    ['src-main/disk/**'],
    ['\\.\\./(shell|pbx)/'],
    'disk/ stores what it is given: nothing of the wire or the surfaces',
  ),
  room(['src-main/shell/**'], ['\\.\\./pbx/'], 'shell/ renders a view that it is given: nothing of the wire'),
  room(
    ['src-renderer/**'],
    [
      '^electron',
      '^node:',
      'src-main/(?!ipc/(?:contract|shortcuts|own-choices)\\.ts$)',
      'translations/(?!words\\.ts$|load\\.ts$)',
    ],
    'the renderer knows the contract, the shortcuts and the choices of the main process, and of the translations those of one language at a time',
  ),
  room(['test/pbx/**'], ['src-main/', 'src-renderer/'], 'the stand-in PBX shares no code with the client'),
);
