// One small label that follows the pointer.

import { h } from './dom';

const label = h('div', { class: 'tooltip', 'aria-hidden': 'true' });

function place(event: PointerEvent): void {
  const margin = 12;
  const { offsetWidth: width, offsetHeight: height } = label;
  const x = Math.min(event.clientX + margin, document.documentElement.clientWidth - width - 4);
  const below = event.clientY + margin + height < innerHeight;
  label.style.left = `${Math.max(4, x)}px`;
  label.style.top = `${below ? event.clientY + margin : event.clientY - height - margin}px`;
}

/** Shows what `text` says of the place under the pointer, in shares 0 … 1 of the element's width and height. */
export function explain(element: Element, text: (x: number, y: number) => string | null): void {
  element.addEventListener('pointermove', (event) => {
    const pointer = event as PointerEvent;
    const box = element.getBoundingClientRect();
    const said = text((pointer.clientX - box.left) / box.width, (pointer.clientY - box.top) / box.height);
    if (said === null) {
      label.remove();
      return;
    }
    label.textContent = said;
    if (!label.isConnected) document.body.append(label);
    place(pointer);
  });
  element.addEventListener('pointerleave', () => label.remove());
}
