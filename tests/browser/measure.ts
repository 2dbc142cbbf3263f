// How long reports take from opening to drawn: ./dev web --measure. No test, since machines differ.

import { pathToFileURL } from 'node:url';
import { launch } from './page';
import { make, type ReportName } from './reports';

const openings = 9;

const browser = await launch();
for (const name of ['mnist-10', 'mnist-100', 'carcinoma', 'sparse'] as ReportName[]) {
  const address = pathToFileURL(make(name)).href;
  const times: number[] = [];
  for (let i = 0; i < openings; i++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(address);
    await page.waitForFunction(() => performance.getEntriesByName('drawn').length > 0);
    times.push(await page.evaluate(() => performance.getEntriesByName('drawn')[0]!.startTime));
    await page.close();
  }
  times.sort((a, b) => a - b);
  const [least, median, most] = [times[0]!, times[openings >> 1]!, times.at(-1)!].map(Math.round);
  console.log(`${name}: drawn ${median} ms after opening (${openings} times, ${least} to ${most} ms)`);
}
await browser.close();
