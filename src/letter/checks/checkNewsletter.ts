import type { Finding } from '../../shared/errors.ts';
import type { CheckInput } from './check.ts';
import { elementsOf } from './elements.ts';
import { advice, mustHaves } from './registry.ts';

/** What is missing for the letter to be sent at all, or lawfully. */
export function checkMustHaves(input: CheckInput): Finding[] {
  return input.document.broken ? [] : mustHaves.flatMap(({ check }) => check(input));
}

/** Advice on a letter, in the order of the document, at the levels of `envoi.checks`. */
export function checkNewsletter(input: CheckInput): Finding[] {
  const context = { ...input, elements: elementsOf(input.document) };
  const findings = advice.flatMap(({ code, check }): Finding[] => {
    const level = input.settings.checks[code];
    if (level === 'off') return [];
    return check(context).map((found) => (level ? { ...found, severity: level } : found));
  });
  return findings.sort(
    (a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0),
  );
}
