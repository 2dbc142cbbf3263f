// Colours of pixels and components. Pictures go from paper to ink; differences from orange over paper to blue, which
// colour-blind readers can tell apart as well.

import type { Theme } from './theme';

type Rgb = readonly [number, number, number];
export type Ramp = Uint8ClampedArray;

const stops: Record<'ink' | 'heat' | 'difference', Record<Theme, readonly Rgb[]>> = {
  ink: {
    light: [[250, 249, 246], [24, 30, 38]],
    dark: [[13, 15, 18], [243, 240, 232]],
  },
  heat: {
    light: [[246, 247, 245], [168, 205, 222], [56, 128, 172], [10, 52, 92]],
    dark: [[27, 31, 36], [30, 78, 112], [62, 143, 186], [205, 233, 245]],
  },
  difference: {
    light: [[166, 76, 4], [232, 160, 92], [247, 246, 243], [120, 172, 211], [20, 84, 148]],
    dark: [[255, 176, 92], [150, 88, 32], [22, 25, 29], [36, 96, 146], [128, 196, 244]],
  },
};

const cache = new Map<string, Ramp>();

/** 256 colours, 4 bytes each, evenly from the first stop to the last. */
export function ramp(kind: keyof typeof stops, theme: Theme): Ramp {
  const key = `${kind} ${theme}`;
  const known = cache.get(key);
  if (known) return known;
  const colours = stops[kind][theme];
  const table = new Uint8ClampedArray(1024);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (colours.length - 1);
    const from = Math.min(Math.floor(place), colours.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const low = colours[from]![channel]!;
      table[4 * i + channel] = low + (place - from) * (colours[from + 1]![channel]! - low);
    }
    table[4 * i + 3] = 255;
  }
  cache.set(key, table);
  return table;
}

export function cssColour(table: Ramp, share: number): string {
  const i = 4 * Math.round(255 * Math.min(Math.max(share, 0), 1));
  return `rgb(${table[i]} ${table[i + 1]} ${table[i + 2]})`;
}

/** Relative luminance, as the Web Content Accessibility Guidelines define it. */
function luminance(...channels: readonly number[]): number {
  const [red, green, blue] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Whether dark text reads better than light text on that colour. */
export function isBright(table: Ramp, share: number): boolean {
  const i = 4 * Math.round(255 * Math.min(Math.max(share, 0), 1));
  return luminance(table[i]!, table[i + 1]!, table[i + 2]!) > 0.18;
}

/** So many components get a colour of their own; with more, only the chosen ones do. */
export const maxColours = 8;

export const componentColour = (k: number): string => `var(--c${k % maxColours})`;
