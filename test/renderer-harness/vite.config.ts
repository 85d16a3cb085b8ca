// The real window with a main process that is made up: for looking at it, and for pictures of every state. Nothing of
// this is part of the program.
//   npx vite build -c test/renderer-harness/vite.config.ts && npx vite preview -c test/renderer-harness/vite.config.ts
// then http://localhost:4173/?scene=stored&theme=dark&lang=de (scenes: scenes.ts)
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('../../src-renderer', import.meta.url)),
  base: './',
  publicDir: false,
  plugins: [
    svelte({ configFile: fileURLToPath(new URL('../../svelte.config.js', import.meta.url)) }),
    {
      name: 'made-up-main-process',
      transformIndexHtml: {
        order: 'pre',
        handler: (html) => html.replace('./main.ts', entry),
      },
    },
  ],
  build: {
    outDir: fileURLToPath(new URL('../../out/renderer-harness', import.meta.url)),
    target: 'chrome130',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
