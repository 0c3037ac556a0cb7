import type { Finding } from '../../shared/errors.ts';

/** What sending asks for once. */
const askedOnce: readonly string[] = ['fromMissing', 'unsubscribeMissing', 'postalAddressMissing', 'recipientsMissing'];
/** Documents that a person has tried to send in this window. */
const tried = new Set<string>();

export function triedToSend(document: string): void {
  tried.add(document);
}

/** Who has just begun to write is not told off: until the first try to send, what is only missing yet is a hint. */
export function asShown(document: string, findings: readonly Finding[]): Finding[] {
  if (tried.has(document)) return [...findings];
  return findings.map((finding) => (askedOnce.includes(finding.code) ? { ...finding, severity: 'info' } : finding));
}
