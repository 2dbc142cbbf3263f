// Elements from data. Texts become text nodes and attributes, never markup.

export type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return element;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

export function button(text: string, attributes: Attributes, pressed: () => void): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, text);
  element.addEventListener('click', pressed);
  return element;
}

/** Radio-like buttons, of which one is pressed. */
export function choice<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  current: T,
  chosen: (value: T) => void,
): HTMLElement {
  const group = h('span', { class: 'choice', role: 'group', 'aria-label': label });
  for (const [value, text] of options) {
    const option = button(text, { 'aria-pressed': String(value === current), 'data-value': value }, () => {
      for (const other of group.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === option));
      chosen(value);
    });
    group.append(option);
  }
  return group;
}

export function select(
  label: string,
  options: readonly (readonly [string, string])[],
  current: string,
  chosen: (value: string) => void,
): HTMLSelectElement {
  const element = h('select', { 'aria-label': label });
  for (const [value, text] of options) element.append(h('option', { value, selected: value === current }, text));
  element.addEventListener('change', () => chosen(element.value));
  return element;
}

export const screenReaderOnly = (text: string): HTMLElement => h('span', { class: 'only-read' }, text);
