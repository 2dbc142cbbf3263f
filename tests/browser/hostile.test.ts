// Names and labels are data, never markup.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, open } from './page';
import { hostileNames, report } from './reports';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test.each([1280, 390])('hostile names are shown as text and change nothing, %i pixels wide', async (width) => {
  const { page, trouble, close } = await open(browser, report('hostile'), { width });
  const found = await page.evaluate(() => ({
    text: document.querySelector('main')?.textContent ?? '',
    hints: [...document.querySelectorAll('[title]')].map((element) => element.getAttribute('title')),
    made: document.querySelectorAll('main img, main b img, main script, main iframe, main a[href]').length,
    widest: Math.max(...[...document.querySelectorAll('main *')].filter((element) => !element.closest('.scroll')).map((element) => element.getBoundingClientRect().right)),
    window: document.documentElement.clientWidth,
  }));
  expect(found.text).toContain('<img src=x onerror=alert(1)>');
  expect(found.text).toContain('</script><script>');
  expect(found.text).toContain('(no name, 6)');
  expect(found.text).not.toContain('x'.repeat(200));
  expect(found.hints).toEqual(expect.arrayContaining(hostileNames.filter((name) => name !== '')));
  expect(found.made).toBe(0);
  expect(found.widest).toBeLessThanOrEqual(found.window + 1);
  expect(trouble).toEqual([]);
  await close();
});

test('the content policy stops a script, a style and a picture from elsewhere', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.png`;
  const { page, close } = await open(browser, report('two'));
  const ran = await page.evaluate(async (url) => {
    const violated: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'globalThis.broken = true';
    const picture = document.createElement('img');
    picture.src = url;
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.body.append(script, picture, style);
    await fetch(url).catch(() => null);
    await new Promise((done) => setTimeout(done, 200));
    return { broken: 'broken' in globalThis, shown: getComputedStyle(document.body).display, violated };
  }, address);
  expect(ran.broken).toBe(false);
  expect(ran.shown).not.toBe('none');
  expect(new Set(ran.violated)).toEqual(new Set(['script-src-elem', 'img-src', 'style-src-elem', 'connect-src']));
  expect(asked).toBe(0);
  await close();
  server.close();
});
