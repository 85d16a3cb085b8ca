import { defineConfig } from 'vite';

// A sandboxed preload script is a single CommonJS file that may require `electron` and nothing else.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'out/preload',
    target: 'chrome130',
    minify: false,
    sourcemap: true,
    emptyOutDir: true,
    lib: { entry: 'src-main/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    rolldownOptions: { external: ['electron'] },
  },
});
