// The program writes the reports that the other tests open.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { make, reportNames } from './reports';

test.each(reportNames)('%s', (name) => {
  const text = readFileSync(make(name), 'utf8');
  const document = /<script type="application\/json" id="mixbern-report">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '';
  expect(JSON.parse(document)).toMatchObject({ format: 'mixbern-report', format_version: 1 });
  expect(text.length - document.length).toBeLessThan(1_000_000);
});
