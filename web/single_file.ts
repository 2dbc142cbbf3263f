// Joins what Vite built into one HTML file with a content security policy: nothing may be loaded from anywhere, and only
// the program and the style sheet that stand in the file may take effect, by their hashes.

import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

const policy = (script: string, style: string): string =>
  [
    "default-src 'none'",
    `script-src ${sha256(script)}`,
    `style-src ${sha256(style)}`,
    'img-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const notice =
  'Drawn with Observable Plot and D3 (ISC licence), set in Source Serif 4 and Source Sans 3 (SIL Open Font License 1.1).';

export function singleFile(name: string): Plugin {
  return {
    name: 'mixbern:single-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const chunks = files.filter((file) => file.type === 'chunk');
      const page = files.find((file) => file.type === 'asset' && file.fileName.endsWith('.html'));
      const sheet = files.find((file) => file.type === 'asset' && file.fileName.endsWith('.css'));
      const chunk = chunks[0];
      if (chunks.length !== 1 || files.length !== 3 || !chunk || page?.type !== 'asset' || sheet?.type !== 'asset') {
        throw new Error(`expected one script, one style sheet and one page, not ${Object.keys(bundle).join(', ')}`);
      }
      // A hash is taken of what the browser reads, whose line ends are \n and which ends at the first end tag.
      const script = chunk.code.trim().replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
      const style = String(sheet.source).trim();
      const head = [
        `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">`,
        `<style>${style}</style>`,
      ].join('\n    ');
      const html = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace('<meta charset="utf-8" />', () => `<meta charset="utf-8" />\n    ${head}`)
        .replace('</body>', () => `  <script type="module">${script}</script>\n  </body>`)
        .replace('<!doctype html>', () => `<!doctype html>\n<!-- ${notice} -->`);
      for (const key of Object.keys(bundle)) Reflect.deleteProperty(bundle, key);
      this.emitFile({ type: 'asset', fileName: name, source: html });
    },
  };
}
