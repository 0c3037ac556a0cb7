const SIDES = ['top', 'right', 'bottom', 'left'];
const CORNERS = ['top-left', 'top-right', 'bottom-right', 'bottom-left'];
const of = (name: string, parts: readonly string[]) => parts.map((part) => `${name}-${part}`);
const borders = (part: string) => SIDES.map((side) => `border-${side}-${part}`);

/** What a shorthand sets; a property that is not here sets itself alone. */
const shorthands: Record<string, readonly string[]> = {
  margin: of('margin', SIDES),
  'margin-inline': ['margin-left', 'margin-right'],
  'margin-block': ['margin-top', 'margin-bottom'],
  padding: of('padding', SIDES),
  'padding-inline': ['padding-left', 'padding-right'],
  'padding-block': ['padding-top', 'padding-bottom'],
  border: [...borders('width'), ...borders('style'), ...borders('color'), 'border-image'],
  'border-width': borders('width'),
  'border-style': borders('style'),
  'border-color': borders('color'),
  ...Object.fromEntries(SIDES.map((side) => [`border-${side}`, of(`border-${side}`, ['width', 'style', 'color'])])),
  'border-radius': CORNERS.map((corner) => `border-${corner}-radius`),
  background: of('background', ['color', 'image', 'repeat', 'position', 'size', 'attachment', 'origin', 'clip']),
  font: [...of('font', ['style', 'variant', 'weight', 'stretch', 'size', 'family']), 'line-height'],
  'list-style': of('list-style', ['type', 'position', 'image']),
  'text-decoration': of('text-decoration', ['line', 'style', 'color', 'thickness']),
  outline: of('outline', ['width', 'style', 'color']),
  overflow: ['overflow-x', 'overflow-y'],
  inset: SIDES,
  flex: of('flex', ['grow', 'shrink', 'basis']),
  'flex-flow': ['flex-direction', 'flex-wrap'],
  columns: ['column-width', 'column-count'],
  gap: ['row-gap', 'column-gap'],
  'grid-gap': ['row-gap', 'column-gap'],
  'place-items': ['align-items', 'justify-items'],
  'place-content': ['align-content', 'justify-content'],
  'place-self': ['align-self', 'justify-self'],
};

/** Where a number needs no unit. */
const UNITLESS =
  /^(?:line-height|font|font-weight|opacity|z-index|order|zoom|orphans|widows|tab-size|flex|flex-grow|flex-shrink|columns|column-count|aspect-ratio|mso-.*|-.*)$/;

const alone = new Map<string, readonly string[]>();

/** The longhands that a property sets: two properties meet where they share one. */
export function atomsOf(property: string): readonly string[] {
  const known = Object.hasOwn(shorthands, property) ? shorthands[property] : alone.get(property);
  if (known) return known;
  const itself = [property];
  if (alone.size < 1000) alone.set(property, itself);
  return itself;
}

/**
 * Values that some mail programs do not know, or none: a hack (`red\\9`), `#12`, `width: 600`. There the declaration before
 * this one holds.
 */
export function isModern(property: string, value: string): boolean {
  if (value === '') return true;
  const bare = /^\.?\d{1,9}(?:\.\d{1,9})?(?![\w%.])/.exec(value);
  if (bare && Number(bare[0]) !== 0 && !UNITLESS.test(property)) return true;
  return MODERN.test(value);
}

const MODERN =
  /(?:^|[\s,(])(?!url\(|rgb\()[a-z-]+\(|-webkit-|-moz-|\b(?:flex|grid|sticky|revert|unset|initial)\b|\d(?:vw|vh|vmin|vmax|rem|ch)\b|#(?![0-9a-f]{3}\b|[0-9a-f]{6}\b)|\\\d/i;
