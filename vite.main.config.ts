import { defineConfig } from 'vite';

// ES modules with everything in them, what is loaded later in files of its own: the packaged program carries no
// node_modules. Not minified, so that a stack trace in a report can be read. Node 20 is what the oldest supported Electron brings.
export default defineConfig({
  publicDir: false,
  ssr: { target: 'node', noExternal: true },
  build: {
    ssr: 'src-main/main.ts',
    outDir: 'out/main',
    target: 'node20',
    minify: false,
    sourcemap: true,
    emptyOutDir: true,
    rolldownOptions: {
      external: ['electron', /^electron\//],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'later-[hash].js' },
    },
  },
});
