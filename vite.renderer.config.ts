import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { CompactEmoji, ShortcodesDataset } from 'emojibase';
import { defineConfig, type Plugin } from 'vite';

/** Of the data of the emoji only what is read (src-renderer/emoji): half of it is the names of every skin tone. */
const emojiData: Plugin = {
  name: 'emoji-data',
  enforce: 'pre',
  transform: {
    filter: { id: /emojibase-data.*(?:compact|shortcodes.\w+)\.json$/ },
    handler(code, id) {
      if (/shortcodes/.test(id)) {
        const codes = Object.entries(JSON.parse(code) as ShortcodesDataset);
        const untoned = codes.filter(([hexcode]) => !/1F3F[B-F]/.test(hexcode));
        return { code: JSON.stringify(Object.fromEntries(untoned)), map: null };
      }
      const english = /emojibase-data.en\W/.test(id);
      const kept = (JSON.parse(code) as CompactEmoji[]).map((entry) => {
        const { hexcode, label, tags, unicode, order, group, skins } = entry;
        const names = { hexcode, label, tags };
        if (!english) return names;
        // Two people of different tones are not offered.
        const tones = skins
          ?.filter((skin) => new Set(skin.hexcode.match(/1F3F[B-F]/g)).size === 1)
          .map((skin) => ({ hexcode: skin.hexcode, unicode: skin.unicode }));
        return { ...names, unicode, order, group, skins: tones };
      });
      return { code: JSON.stringify(kept), map: null };
    },
  },
};

// Relative addresses, because the page is served from inside the program; no inlined files and no polyfills, because
// its Content-Security-Policy forbids the one and a Chromium of known age does not need the other.
export default defineConfig({
  root: 'src-renderer',
  base: './',
  publicDir: false,
  plugins: [svelte({ configFile: '../svelte.config.js' }), emojiData],
  build: {
    outDir: '../out/renderer',
    target: 'chrome130',
    sourcemap: true,
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
