import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const installed = (name: string): string => here(`./node_modules/${name}`);

// The tests in a browser stand beside the project's other tests, but the packages that they use are installed here.
export default defineConfig({
  root: here('..').replace(/\/$/, ''),
  server: { fs: { strict: false } },
  resolve: { alias: { vitest: installed('vitest'), 'playwright-core': installed('playwright-core') } },
  cacheDir: here('../build/web/cache'),
  test: {
    include: ['web/test/**/*.test.ts', 'tests/browser/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
  },
});
