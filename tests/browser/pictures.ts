// The pictures in the README: ./dev web --pictures.

import { fileURLToPath } from 'node:url';
import { launch, open } from './page';
import { make, type ReportName } from './reports';

interface Picture {
  name: ReportName;
  dark: boolean;
  from: string;
  file: string;
}

const pictures: readonly Picture[] = [
  { name: 'mnist-10', dark: false, from: '#figure-components', file: 'report-images.png' },
  { name: 'carcinoma', dark: true, from: '#figure-profile', file: 'report-items.png' },
];

const browser = await launch();
for (const { name, dark, from, file } of pictures) {
  const { page, close } = await open(browser, make(name), { width: 1080, height: 880, dark });
  await page.locator(from).evaluate((figure) => scrollTo(0, figure.getBoundingClientRect().top + scrollY - 80));
  await page.waitForTimeout(400);
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/${file}`, import.meta.url)) });
  await close();
}
await browser.close();
