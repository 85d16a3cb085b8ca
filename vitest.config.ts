import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/pbx/**/*.test.ts'],
    environment: 'node',
    // Not a measure of speed: a property with many cases takes its time on a busy machine.
    testTimeout: 60_000,
  },
});
