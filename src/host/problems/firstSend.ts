import type { Finding } from '../../shared/errors.ts';

/** What is asked for once before sending. */
const askedOnce: readonly string[] = ['fromMissing', 'unsubscribeMissing', 'postalAddressMissing', 'recipientsMissing'];
/** Documents that a person has tried to send in this window. */
const tried = new Set<string>();

export function triedToSend(document: string): void {
  tried.add(document);
}

/** A person who has just begun to write is not bothered: until the first attempt to send, missing things are hints. */
export function asShown(document: string, findings: readonly Finding[]): Finding[] {
  if (tried.has(document)) return [...findings];
  return findings.map((finding) => (askedOnce.includes(finding.code) ? { ...finding, severity: 'info' } : finding));
}
