import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const committed = readFileSync(here('../../src/report/template.html'), 'utf8');
const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('the committed template is what the sources build to; ./dev web renews it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mixbern-template-'));
  try {
    const environment = { ...process.env, MIXBERN_TEMPLATE_FOLDER: folder, NODE_ENV: 'production' };
    execFileSync(process.execPath, [here('../node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { cwd: here('..'), env: environment });
    expect(readFileSync(join(folder, 'template.html'), 'utf8') === committed).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the template is one small file with one place for the document', () => {
  expect(committed.length).toBeLessThan(1_000_000);
  expect(committed.split('<script type="application/json" id="mixbern-report">null</script>')).toHaveLength(2);
  expect(committed.match(/<script/g)).toHaveLength(2);
});

test('the content policy admits the script and the style sheet of the file, by their hashes, and nothing else', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(committed)?.[1] ?? '';
  const script = /<script type="module">([\s\S]*?)<\/script>/.exec(committed)?.[1] ?? '';
  const style = /<style>([\s\S]*?)<\/style>/.exec(committed)?.[1] ?? '';
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${sha256(script)}`,
    `style-src ${sha256(style)}`,
    'img-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test('the page has no inline handler and names nothing to load', () => {
  const markup = committed.replace(/<script type="module">[\s\S]*?<\/script>/, '').replace(/<style>[\s\S]*?<\/style>/, '');
  expect(markup).not.toMatch(/\son\w+=/);
  expect(markup).not.toMatch(/\s(src|href)=/);
  const style = /<style>([\s\S]*?)<\/style>/.exec(committed)?.[1] ?? '';
  expect(style.match(/@import|url\((?!data:)/g)).toBeNull();
});
