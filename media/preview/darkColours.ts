/** How a mail program changes the colours of a letter without dark styles. */
export type DarkKind = 'partial' | 'full';

export interface Rgba {
  r: number;
  g: number;
  b: number;
  a: number;
}

const CANVAS = 0.1;
const LIGHT = 0.5;

/** A colour as computed styles write it; null for anything else. */
export function parseColour(text: string): Rgba | null {
  const found = /^rgba?\(\s*([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)(?:\s*[,/]\s*([\d.]+%?))?\s*\)$/.exec(text);
  if (!found) return null;
  const [, r, g, b, a = '1'] = found;
  const alpha = a.endsWith('%') ? Number(a.slice(0, -1)) / 100 : Number(a);
  return { r: Number(r), g: Number(g), b: Number(b), a: alpha };
}

export function colourText({ r, g, b, a }: Rgba): string {
  return `rgba(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)}, ${a})`;
}

/** How light a colour looks, from 0 to 1 (the square root of relative luminance approximates perception). */
export function lightness({ r, g, b }: Rgba): number {
  return Math.sqrt((0.2126 * r * r + 0.7152 * g * g + 0.0722 * b * b) / (255 * 255));
}

/**
 * A background in the dark. Partly inverting programs darken what is light and leave what is dark; fully inverting ones
 * invert both. Transparency is kept.
 */
export function darkBackground(colour: Rgba, kind: DarkKind): Rgba {
  const light = lightness(colour) > LIGHT;
  if (colour.a === 0 || (kind === 'partial' && !light)) return colour;
  return turned(colour);
}

/** A text's colour in the dark; `onLight` says whether what is behind it was light and so has been darkened. */
export function darkText(colour: Rgba, kind: DarkKind, onLight: boolean): Rgba {
  if (kind === 'partial' && !onLight) return colour;
  const dark = lightness(colour) <= LIGHT;
  if (onLight) return dark ? turned(colour) : colour;
  return dark ? colour : turned(colour);
}

/** The same hue with inverted lightness; white becomes the near-black that such programs use. */
function turned(colour: Rgba): Rgba {
  const max = Math.max(colour.r, colour.g, colour.b) / 255;
  const min = Math.min(colour.r, colour.g, colour.b) / 255;
  const wanted = CANVAS + (1 - CANVAS) * (1 - (max + min) / 2);
  const have = (max + min) / 2;
  const chroma = have === 0 || have === 1 ? 0 : (max - min) / (1 - Math.abs(2 * have - 1));
  const spread = chroma * (1 - Math.abs(2 * wanted - 1));
  const scale = (value: number) => {
    const share = max === min ? 0 : (value / 255 - min) / (max - min) - 0.5;
    return Math.min(255, Math.max(0, (wanted + share * spread) * 255));
  };
  return { r: scale(colour.r), g: scale(colour.g), b: scale(colour.b), a: colour.a };
}
