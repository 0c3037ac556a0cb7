/** A small generator of numbers that is the same on every machine (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const classes = ['a', 'b', 'c', 'd', 'e'];
const tags = ['div', 'p', 'span', 'h2', 'section'];
const colours = ['red', 'rgb(10, 120, 40)', '#1f5fbf', '#888', 'hsl(300, 50%, 40%)'];
const lengths = ['0', '3px', '7px', '12px', '1em', 'calc(2px + 3px)'];

export interface RandomLetter {
  html: string;
  seed: number;
}

interface Wishes {
  /** `@media`, `:hover`, `:first-child` and the like. */
  conditions: boolean;
}

/** A letter with rules that contradict each other in every way the cascade knows; the same for the same seed. */
export function randomLetter(seed: number, wishes: Wishes): RandomLetter {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const chance = (share: number) => next() < share;
  const compound = () => {
    const tag = chance(0.4) ? pick(tags) : '';
    const rest = `${chance(0.7) || tag === '' ? `.${pick(classes)}` : ''}${chance(0.1) ? '#one' : ''}`;
    const pseudo =
      wishes.conditions && chance(0.12)
        ? pick([':first-child', ':last-child', ':not(.a)', ':nth-child(2)', ':nth-child(odd)'])
        : '';
    return `${tag}${rest}${pseudo}`;
  };
  const selector = (depth = 0): string => {
    const own = compound();
    return depth < 2 && chance(0.35) ? `${selector(depth + 1)}${pick([' ', ' > ', ' + ', ' ~ '])}${own}` : own;
  };
  const declaration = (strong: number) => {
    const important = chance(strong) ? ' !important' : '';
    const made = pick([
      () => `color: ${pick(colours)}`,
      () => `background: ${pick(colours)}`,
      () => `background-color: ${pick(colours)}`,
      () => `background: linear-gradient(${pick(colours)}, ${pick(colours)})`,
      () => `margin: ${pick(lengths)}`,
      () => `margin: ${pick(lengths)} ${pick(lengths)}`,
      () => `margin-left: ${pick(lengths)}`,
      () => `padding: ${pick(lengths)}`,
      () => `padding-top: ${pick(lengths)}`,
      () => `border: ${pick(['1px', '3px'])} solid ${pick(colours)}`,
      () => `border-top: 2px dashed ${pick(colours)}`,
      () => `border-color: ${pick(colours)}`,
      () => `font-size: ${pick(['12px', '16px', '20px', '1.2em'])}`,
      () => `font: italic ${pick(['13px', '18px'])}/1.5 monospace`,
      () => `line-height: ${pick(['1', '1.6', '24px'])}`,
      () => `display: ${pick(['block', 'none', 'inline-block'])}`,
      () => `text-align: ${pick(['left', 'right', 'center'])}`,
      () => `font-family: "Some Font", ${pick(['serif', 'monospace'])}`,
    ])();
    return `${made}${important}`;
  };
  const rule = (strong: number, suffix = '') => {
    const selectors = Array.from({ length: chance(0.25) ? 2 : 1 }, () => `${selector()}${suffix}`);
    const declarations = Array.from({ length: 1 + Math.floor(next() * 3) }, () => declaration(strong));
    return `${selectors.join(', ')} { ${declarations.join('; ')} }`;
  };
  const rules: string[] = [];
  const count = 4 + Math.floor(next() * 10);
  for (let n = 0; n < count; n++) {
    const kind = wishes.conditions ? next() : 1;
    if (kind < 0.2) rules.push(`@media (max-width: 600px) { ${rule(0.3)} ${chance(0.4) ? rule(0.3) : ''} }`);
    else if (kind < 0.32) rules.push(`@media (prefers-color-scheme: dark) { ${rule(0.4)} }`);
    else if (kind < 0.42) rules.push(rule(0.1, ':hover'));
    else if (kind < 0.45) rules.push(`#outlook .${pick(classes)} { ${declaration(0.2)} }`);
    else rules.push(rule(0.15));
  }
  let left = 18;
  let named = false;
  const element = (depth: number): string => {
    left--;
    const tag = pick(tags.filter((name) => depth === 0 || name !== 'section'));
    const attributes = [`class="${[pick(classes), ...(chance(0.4) ? [pick(classes)] : [])].join(' ')}"`];
    if (!named && chance(0.15)) {
      attributes.push('id="one"');
      named = true;
    }
    if (chance(0.2))
      attributes.push(
        `style="${`${declaration(0.15)}${chance(0.5) ? `; ${declaration(0.1)}` : ''}`.replaceAll('"', "'")}"`,
      );
    let inside = `text ${left}`;
    // A block inside a paragraph would end it, in every browser.
    while (left > 0 && tag !== 'p' && tag !== 'h2' && tag !== 'span' && depth < 4 && chance(0.6))
      inside += element(depth + 1);
    return `<${tag} ${attributes.join(' ')}>${inside}</${tag}>`;
  };
  let body = '';
  while (left > 0) body += element(0);
  const sheets = chance(0.3)
    ? `<style>${rules.slice(0, 3).join('\n')}</style><style>${rules.slice(3).join('\n')}</style>`
    : `<style>${rules.join('\n')}</style>`;
  return {
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8">${sheets}</head><body>${body}</body></html>`,
    seed,
  };
}
