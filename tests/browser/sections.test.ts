// Every report opens from disk, draws all of its sections, and fits its window.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, open } from './page';
import { report, type ReportName } from './reports';

const always = ['components', 'component', 'contrast', 'items', 'certainty', 'sizes', 'posteriors', 'examples', 'least-certain', 'rows'];
/** What a model file does not keep. */
const fitted = ['traces', 'optima'];
const items = ['profile', 'heatmap'];
const small = ['goodness', 'bivariate', 'patterns'];

const figures: Record<ReportName, readonly string[]> = {
  'mnist-10': [...always, ...fitted, 'labels'],
  'mnist-100': [...always, ...fitted, 'labels'],
  carcinoma: [...always, ...fitted, ...items, ...small],
  select: [...always, ...fitted, ...items, 'criterion-bic', 'criterion-aic', 'criterion-icl-bic', 'models'],
  abortion: [...always, ...fitted, ...items],
  categorical: [...always, ...fitted, ...items, ...small, 'answers'],
  sparse: [...always, ...fitted, 'profile', 'lists'],
  two: [...always, ...fitted, ...items],
  hostile: [...always, ...items, 'labels'],
  relations: [...always, ...items, 'odds', 'membership-gpa', 'outcome-gpa'],
  groups: [...always, ...items, 'answers', 'group-weights', 'group-item-1'],
  model: ['components', 'component', 'contrast', 'profile', 'heatmap', 'items'],
};

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe.each(Object.keys(figures) as ReportName[])('%s', (name) => {
  test.each([{ width: 1280 }, { width: 390, dark: true }])('is drawn in full, without trouble, $width pixels wide', async (opening) => {
    const { page, trouble, close } = await open(browser, report(name), opening);
    const found = await page.evaluate(() => ({
      sections: [...document.querySelectorAll('main > section')].map((section) => section.id),
      figures: [...document.querySelectorAll('figure')].map((figure) => figure.dataset['figure']),
      // A picture that was not drawn is empty, and one without ink has nothing but its frame.
      empty: [...document.querySelectorAll('.picture')].filter((picture) => picture.querySelectorAll('svg path, svg circle, svg rect, svg line, svg image').length === 0).length,
      untold: [...document.querySelectorAll('svg[role=img], canvas')].filter((picture) => !picture.getAttribute('aria-label')).length,
      tables: [...document.querySelectorAll('table')].filter((table) => table.querySelectorAll('tbody tr').length === 0).length,
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      undefined: /undefined|NaN|\[object/.exec(document.querySelector('main')?.textContent ?? '')?.[0] ?? null,
    }));
    expect(found.sections).toEqual(['summary', 'components', ...(name === 'relations' || name === 'groups' ? [name] : []), 'rows', 'fit', 'selection']);
    expect(found.figures).toEqual(expect.arrayContaining([...figures[name]]));
    expect(found).toMatchObject({ empty: 0, untold: 0, tables: 0, undefined: null });
    expect(found.overflow).toBeLessThanOrEqual(0);
    expect(trouble).toEqual([]);
    await close();
  });
});
