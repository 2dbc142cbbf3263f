// Saves figures and numbers as files. The page may load nothing, but what it makes itself it may offer.

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function saveText(text: string, name: string, type: string): void {
  download(new Blob([text], { type: `${type};charset=utf-8` }), name);
}

const coloured = ['fill', 'stroke', 'color', 'font-family', 'style'];

/** Puts values in place of CSS variables, which nobody knows outside of this page. */
function resolve(element: Element, styles: CSSStyleDeclaration): void {
  for (const name of coloured) {
    const value = element.getAttribute(name);
    if (!value?.includes('var(')) continue;
    const resolved = value.replace(/var\((--[\w-]+)\)/g, (_all, variable: string) => styles.getPropertyValue(variable).trim());
    element.setAttribute(name, resolved);
  }
}

/** The picture as a file of its own, in the colours in which it is shown. */
export function svgText(figure: SVGSVGElement): string {
  const styles = getComputedStyle(document.documentElement);
  const copy = figure.cloneNode(true) as SVGSVGElement;
  const width = Number(figure.getAttribute('width'));
  const height = Number(figure.getAttribute('height'));
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('font-family', 'var(--sans)');
  copy.setAttribute('color', 'var(--ink)');
  copy.setAttribute('fill', 'var(--ink)');
  copy.removeAttribute('class');
  copy.style.removeProperty('background');
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width, height, fill: 'var(--paper)' })) paper.setAttribute(name, String(value));
  copy.prepend(paper);
  for (const element of [copy, ...copy.querySelectorAll('*')]) resolve(element, styles);
  return new XMLSerializer().serializeToString(copy);
}

export function saveSvg(figure: SVGSVGElement, name: string): void {
  saveText(svgText(figure), name, 'image/svg+xml');
}

export async function savePng(figure: SVGSVGElement, name: string): Promise<void> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(figure))}`;
  await picture.decode();
  const scale = 2;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(scale * Number(figure.getAttribute('width')));
  canvas.height = Math.round(scale * Number(figure.getAttribute('height')));
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) download(blob, name);
}
