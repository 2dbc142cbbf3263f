// Names for the components, given by the reader. They stand in the address, and in a line for the program.

import { button, h } from '../dom';
import { componentName, type Page } from '../page';
import { givenNames } from '../state';

/** More would not be named one by one. */
const maxNamed = 24;

/** A word of a shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function line(names: readonly string[]): HTMLElement {
  const text = `--names ${quoted(names.join(','))}`;
  const field = h('input', { type: 'text', readonly: true, value: text, 'aria-label': 'Option with the names', size: Math.min(text.length + 2, 60) });
  const copy = button('copy', {}, () => {
    field.select();
    void navigator.clipboard?.writeText(text).then(() => (copy.textContent = 'copied'), () => undefined);
  });
  return h('div', { class: 'controls' }, field, copy);
}

/** Inputs for the names; nothing where there are too many components. */
export function naming(page: Page): HTMLElement | null {
  const n = page.model.nComponents;
  if (n > maxNamed) return null;
  const given = givenNames(page.view.get('names'), n);
  const name = (k: number): string => given[k] || page.model.model.components[k]!.name;
  const fields = Array.from({ length: n }, (_, k) =>
    h('input', { type: 'text', value: name(k), placeholder: `Component ${k + 1}`, 'aria-label': `Name of component ${k + 1}`, maxlength: 60, size: 14 }),
  );
  const use = (): void => page.view.set({ names: fields.map((field) => field.value.replaceAll(',', ' ').trim()).join(',') });
  for (const field of fields) field.addEventListener('keydown', (event) => event.key === 'Enter' && use());
  const all = Array.from({ length: n }, (_, k) => name(k));
  return h(
    'details',
    { class: 'more-facts naming', open: page.view.get('names') !== '' },
    h('summary', {}, 'Name the components'),
    h('div', { class: 'controls' }, ...fields, button('use these names', { 'data-focus': 'use-names' }, use)),
    all.every((text) => text !== '') ? line(all) : null,
    h('p', { class: 'note' }, `The address of this page keeps them. ‘mixbern fit’ and ‘mixbern report’ take them as --names, for ${componentName(0)} first.`),
  );
}
