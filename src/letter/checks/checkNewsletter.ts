import type { Finding } from '../../shared/errors.ts';
import { clipped } from './clipped.ts';
import { deadLink } from './deadLink.ts';
import { elementsOf } from './elements.ts';
import { fieldEmpty } from './fieldEmpty.ts';
import { fieldValue } from './fieldValue.ts';
import { imageAlt } from './imageAlt.ts';
import { insecureLink } from './insecureLink.ts';
import { notAligned } from './notAligned.ts';
import { oneClick } from './oneClick.ts';
import { overQuota } from './overQuota.ts';
import type { CheckInput, Rule } from './rule.ts';

/** The only registration of the rules. */
export const rules: readonly Rule[] = [
  fieldEmpty,
  fieldValue,
  imageAlt,
  deadLink,
  insecureLink,
  clipped,
  notAligned,
  overQuota,
  oneClick,
];

/**
 * Advice on a letter, in the order of the document, at the levels of `envoi.checks`. What makes sending impossible or
 * unlawful comes from `compileNewsletter` and is not repeated here.
 */
export function checkNewsletter(input: CheckInput): Finding[] {
  const context = { ...input, elements: elementsOf(input.document) };
  const findings = rules.flatMap((rule): Finding[] => {
    const level = input.settings.checks[rule.code];
    if (level === 'off') return [];
    return rule.check(context).map((found) => (level ? { ...found, severity: level } : found));
  });
  return findings.sort(
    (a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0),
  );
}
