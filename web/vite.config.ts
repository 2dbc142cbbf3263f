import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { singleFile } from './single_file';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// MIXBERN_TEMPLATE_FOLDER lets the test that compares build elsewhere.
export default defineConfig({
  cacheDir: here('../build/web/cache'),
  plugins: [singleFile('template.html')],
  build: {
    outDir: process.env['MIXBERN_TEMPLATE_FOLDER'] ?? here('../src/report'),
    emptyOutDir: false,
    target: 'es2020',
    assetsInlineLimit: 1_000_000,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
  },
});
