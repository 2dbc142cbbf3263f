// What a reader can do, and what it changes.

import type { Browser, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launch, open, type Opened } from './page';
import { report, type ReportName } from './reports';

let browser: Browser;
let opened: Opened;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function show(name: ReportName, hash = ''): Promise<void> {
  opened = await open(browser, report(name), { hash });
  page = opened.page;
}
afterEach(async () => {
  expect(opened.trouble).toEqual([]);
  await opened.close();
});

const title = (figure: string): Promise<string | null> => page.locator(`#figure-${figure} h3`).textContent();
const hash = (): Promise<string> => page.evaluate(() => location.hash);
/** What a canvas or a picture shows. */
const pixels = (selector: string): Promise<string> => page.locator(selector).first().evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

describe('images', () => {
  beforeEach(() => show('mnist-10'));

  test('a click on a card shows that component and is kept in the address', async () => {
    await page.click('.card[data-component="4"]');
    expect(await title('component')).toContain('Component 4');
    expect(await title('contrast')).toContain('4');
    expect(await page.getAttribute('.card[data-component="4"]', 'aria-pressed')).toBe('true');
    expect(await page.locator('.card[aria-pressed=true]').count()).toBe(1);
    expect(await hash()).toContain('component=4');
  });

  test('pictures change to differences from the mean and back', async () => {
    const before = await pixels('.card canvas');
    await page.click('text=difference from the mean');
    expect(await pixels('.card canvas')).not.toBe(before);
    await page.click('#figure-components button[data-value=probability]');
    expect(await pixels('.card canvas')).toBe(before);
  });

  test('pointing at a pixel says its probability', async () => {
    await page.hover('.card canvas');
    expect(await page.locator('.tooltip').textContent()).toMatch(/row 1\d, column 1\d\nθ [<>]?[01]\.\d{3}, mean/);
    await page.mouse.move(2, 2);
    expect(await page.locator('.tooltip').count()).toBe(0);
  });

  test('similar components can stand side by side', async () => {
    const order = (): Promise<(string | null)[]> => page.locator('.card').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-component')));
    const byWeight = await order();
    expect(byWeight).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    await page.click('#figure-components >> text=similar side by side');
    const similar = await order();
    expect(similar).not.toEqual(byWeight);
    expect([...similar].sort()).toEqual([...byWeight].sort());
  });

  test('the table of rows sorts, filters and searches', async () => {
    const cells = (n: number): Promise<string[]> => page.locator(`#figure-rows tbody tr:not(.filler) > :nth-child(${n})`).allTextContents();
    await page.click('#figure-rows th[data-column=certainty] button');
    await page.click('#figure-rows th[data-column=certainty] button');
    const certainties = (await cells(3)).map((text) => Number(text.replace(/[<>]/, '')));
    expect(certainties).toEqual([...certainties].sort((a, b) => a - b));
    expect(await page.getAttribute('#figure-rows th[data-column=certainty]', 'aria-sort')).toBe('ascending');
    await page.selectOption('#figure-rows select', '3');
    expect(new Set(await cells(2))).toEqual(new Set(['3']));
    await page.fill('#figure-rows input', '123');
    const rows = await cells(1);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.replace(',', '')).toMatch(/^123/);
    expect(await hash()).toContain('search=123');
    await page.fill('#figure-rows input', 'no such row');
    expect(await cells(1)).toEqual([]);
    expect(await page.locator('#figure-rows [aria-live]').textContent()).toBe('0 found');
  });

  test('a long table draws the rows that are scrolled to', async () => {
    const last = (): Promise<string | null> => page.locator('#figure-rows tbody tr:not(.filler) > th').last().textContent();
    const before = await last();
    await page.locator('#figure-rows .scroll').evaluate((element) => (element.scrollTop = element.scrollHeight));
    await page.waitForFunction((text) => [...document.querySelectorAll('#figure-rows tbody tr:not(.filler) > th')].at(-1)?.textContent !== text, before);
    expect(await last()).not.toBe(before);
    expect(await page.locator('#figure-rows tbody tr').count()).toBeLessThan(60);
  });

  test('dark colours redraw the pictures', async () => {
    const before = await pixels('.card canvas');
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await paper();
    await page.click('.bar button[data-value=dark]');
    expect(await paper()).not.toBe(light);
    expect(await pixels('.card canvas')).not.toBe(before);
    await page.click('.bar button[data-value=light]');
    expect(await paper()).toBe(light);
    expect(await pixels('.card canvas')).toBe(before);
  });

  test('print is on light paper', async () => {
    await page.click('.bar button[data-value=dark]');
    await page.emulateMedia({ media: 'print' });
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'light');
    const pdf = await page.pdf({ printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(100_000);
    // Tables print the rows that they hold, and no room for the others.
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeLessThan(16);
  });
});

describe('items', () => {
  beforeEach(() => show('carcinoma'));

  test('the profile draws a line and intervals a component, and reorders its items', async () => {
    const labels = (): Promise<string> => page.locator('#figure-profile .picture svg text').allTextContents().then((texts) => texts.filter((text) => /^[A-G]$/.test(text)).join(''));
    expect(await labels()).toBe('ABCDEFG');
    await page.click('#figure-profile >> text=similar side by side');
    expect(await labels()).not.toBe('ABCDEFG');
    expect([...(await labels())].sort().join('')).toBe('ABCDEFG');
    expect(await hash()).toContain('items=similar');
  });

  test('two components can be compared', async () => {
    await page.selectOption('#figure-contrast select >> nth=0', '2');
    await page.focus('[data-focus=versus]');
    await page.selectOption('[data-focus=versus]', '3');
    expect(await title('contrast')).toBe('What tells components 2 and 3 apart');
    expect(await title('component')).toContain('Component 2');
    // The focus stays where the reader was, though the part was drawn anew.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-focus'))).toBe('versus');
  });

  test('a click on the heat map chooses a component', async () => {
    const cells = page.locator('#figure-heatmap svg image');
    const third = (await cells.boundingBox())!.width / 3;
    const columns = await page.locator('#figure-heatmap svg text').allTextContents();
    const order = columns.filter((text) => /^[123]$/.test(text));
    for (const [place, component] of order.entries()) {
      await cells.click({ position: { x: third * (place + 0.1), y: 3 } });
      expect(await title('component')).toContain(`Component ${component}`);
    }
  });

  test('components are named by hand, in the address and as an option', async () => {
    await page.click('text=Name the components');
    for (const [k, name] of ['no, never', "it's mild", 'severe'].entries()) await page.fill(`[aria-label="Name of component ${k + 1}"]`, name);
    await page.click('[data-focus=use-names]');
    expect(await page.locator('.card .head b').allTextContents()).toEqual(['no  never', "it's mild", 'severe']);
    expect(await title('contrast')).toBe("What tells no  never and it's mild apart");
    expect(await page.inputValue('[aria-label="Option with the names"]')).toBe(`--names 'no  never,it'\\''s mild,severe'`);
    await page.reload();
    expect(await title('component')).toBe('no  never, closely');
  });

  test('residuals of patterns and standard errors can be read', async () => {
    expect(await page.locator('#figure-patterns tbody th').allTextContents()).toContain('all but F');
    expect(await page.locator('#figure-items tbody td').nth(1).textContent()).toMatch(/^\d\.\d{3} \((0\.\d{3}|–)\)$/);
  });

  test('items sort by what they tell', async () => {
    await page.click('#figure-items th[data-column=information] button');
    const first = await page.locator('#figure-items tbody tr th').first().textContent();
    expect(first).toBe('G');
    await page.reload();
    expect(await page.locator('#figure-items tbody tr th').first().textContent()).toBe('G');
  });

  test('the keyboard reaches cards and moves between them', async () => {
    await page.focus('.card[data-component="1"]');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await title('component')).toContain('Component 2');
  });

  test('traces change their scale', async () => {
    await page.click('#figure-traces >> text=distance from the best');
    expect(await page.locator('#figure-traces svg').textContent()).toContain('below the best');
    expect(await hash()).toContain('trace=distance');
  });

  test('sections are reached by their links, and the address follows', async () => {
    await page.click('.bar a[data-section=fit]');
    await page.waitForFunction(() => Math.abs(document.getElementById('fit')!.getBoundingClientRect().top) < 200);
    expect(await hash()).toContain('section=fit');
    expect(await page.getAttribute('.bar a[data-section=fit]', 'aria-current')).toBe('true');
  });
});

describe('many components', () => {
  test('the first cards and members are drawn, the others on request', async () => {
    await show('sparse');
    expect(await page.locator('.card').count()).toBe(45);
    await page.click('#figure-components .show-all');
    expect(await page.locator('.card').count()).toBe(60);
    expect(await page.locator('#figure-components .show-all').count()).toBe(0);
    expect(await page.locator('#figure-examples .strip').count()).toBe(24);
    await page.click('#figure-examples .show-all');
    expect(await page.locator('#figure-examples .strip').count()).toBe(60);
  });
});

describe('saving', () => {
  beforeEach(() => show('carcinoma'));

  async function saved(figure: string, kind: string): Promise<{ name: string; data: Buffer }> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`#figure-${figure} .files >> text=${kind}`)]);
    return { name: download.suggestedFilename(), data: readFileSync(await download.path()) };
  }

  test('a figure saves as SVG without variables of the page', async () => {
    const { name, data } = await saved('profile', 'SVG');
    const text = data.toString();
    expect(name).toBe('mixbern-profile.svg');
    expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(text).not.toContain('var(');
  });

  test('tables and images save as pictures too', async () => {
    await opened.close();
    await show('mnist-10');
    for (const figure of ['components', 'component', 'contrast', 'labels', 'examples', 'least-certain']) {
      const { data } = await saved(figure, 'SVG');
      expect(data.toString()).toMatch(/<image .*href="data:image\/png;base64,/);
      expect(data.toString()).not.toContain('var(');
    }
  });

  test('figures save as PNG', async () => {
    for (const figure of ['profile', 'heatmap']) {
      const { name, data } = await saved(figure, 'PNG');
      expect(name).toBe(`mixbern-${figure}.png`);
      expect(data.subarray(1, 4).toString()).toBe('PNG');
      expect(data.length).toBeGreaterThan(3000);
    }
  });

  test('every figure saves its numbers', async () => {
    const names = await page.locator('figure').evaluateAll((figures) => figures.map((figure) => (figure as HTMLElement).dataset['figure']!));
    for (const [i, figure] of names.entries()) {
      // The browser asks before it saves more than ten files of one page.
      if (i % 8 === 7) await page.reload();
      const { name, data } = await saved(figure, 'CSV');
      const lines = data.toString().trimEnd().split('\r\n');
      expect(name).toBe(`mixbern-${figure}.csv`);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines[1]).not.toMatch(/undefined|NaN/);
    }
  });
});

describe('selection', () => {
  test('a click on a number of components shows that model everywhere', async () => {
    await show('select');
    expect(await page.locator('.card').count()).toBe(3);
    await page.click('#figure-models [data-focus=k-2]');
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 2);
    expect(await page.locator('.lead').textContent()).toContain('2 components');
    expect(await page.locator('.bar select').inputValue()).toBe('2');
    expect(await page.locator('tr.chosen').count()).toBe(1);
    expect(await hash()).toContain('k=2');
    // What was drawn anew works too.
    await page.click('.card[data-component="2"]');
    expect(await title('component')).toContain('Component 2');
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 2);
    expect(await title('component')).toContain('Component 2');
  });

  test('tests say how many data sets were drawn, and what is not for deciding', async () => {
    await show('select');
    const models = await page.locator('#figure-models').textContent();
    expect(models).toContain('20 of 20');
    expect(models).toContain('p (VLMR, not for deciding)');
    expect(models).toContain('the bootstrap test (blrt) keeps its level');
  });

  test('a click into a plot and the list in the bar do the same', async () => {
    await show('select');
    const box = (await page.locator('#figure-criterion-bic svg').boundingBox())!;
    await page.locator('#figure-criterion-bic svg').click({ position: { x: box.width - 24, y: 60 } });
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 5);
    await page.selectOption('.bar select', '1');
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 1);
    expect(await page.locator('#figure-contrast').count()).toBe(0);
  });

  test('a link opens what it says', async () => {
    await show('select', '#section=rows&k=4&component=3&row_sort=-certainty');
    expect(await page.locator('.card').count()).toBe(4);
    expect(await title('component')).toContain('Component 3');
    expect(await page.getAttribute('#figure-rows th[data-column=certainty]', 'aria-sort')).toBe('descending');
    expect(await page.evaluate(() => document.getElementById('rows')!.getBoundingClientRect().top)).toBeLessThan(200);
  });
});
