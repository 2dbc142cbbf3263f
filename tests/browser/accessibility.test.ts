// axe finds nothing serious, in light and in dark.

import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, open } from './page';
import { report, type ReportName } from './reports';

interface Axe {
  run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }>;
}

const axe = readFileSync(new URL('../../web/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const cases = (['mnist-10', 'carcinoma', 'select', 'hostile'] as ReportName[]).flatMap((name) => [false, true].map((dark) => ({ name, dark })));

test.each(cases)('$name, dark $dark', async ({ name, dark }) => {
  const { page, close } = await open(browser, report(name), { dark });
  // Run by the debugger, which the content policy does not bind.
  await page.evaluate(axe);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] }));
  const serious = found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`).join('\n')}`);
  expect(serious).toEqual([]);
  await close();
});
