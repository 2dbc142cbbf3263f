// A real browser with a report open in it, watched for everything that must not happen.

import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const switches = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['MIXBERN_CHROMIUM'] ?? '/usr/bin/chromium', args: switches });

export interface Opened {
  page: Page;
  /** Messages on the console, errors, dialogs, and addresses other than the file's own. */
  trouble: string[];
  close(): Promise<void>;
}

export interface Opening {
  width?: number;
  height?: number;
  dark?: boolean;
  hash?: string;
}

const inside = /^(data|blob|about):/;

function watch(context: BrowserContext, page: Page, address: string): string[] {
  const trouble: string[] = [];
  page.on('console', (message) => trouble.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('page', () => trouble.push('another page was opened'));
  context.on('request', (request) => {
    const url = request.url();
    if (!inside.test(url) && url.split('#')[0] !== address) trouble.push(`request: ${url}`);
  });
  return trouble;
}

/** Opens a report from disk and waits until it is drawn. */
export async function open(browser: Browser, path: string, { width = 1280, height = 900, dark = false, hash = '' }: Opening = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', acceptDownloads: true });
  const page = await context.newPage();
  const address = pathToFileURL(path).href;
  const trouble = watch(context, page, address);
  await page.goto(address + hash);
  await page.waitForFunction(() => performance.getEntriesByName('drawn').length > 0);
  return { page, trouble, close: () => context.close() };
}
