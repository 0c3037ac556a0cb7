import type { Text } from './errors.ts';
import type { EvidenceCode } from './evidenceCodes.ts';
import type { Settings } from './settings.ts';
import type { UnsubscribeLink } from './unsubscribeProof.ts';

/** `unasked`: there was no response, so nothing is known; the text says why. */
export type EvidenceState = 'passed' | 'warned' | 'failed' | 'unasked';

/** One result about a sender. */
export interface EvidenceItem {
  code: EvidenceCode;
  state: EvidenceState;
  /** The finding, and what it means where something is wrong. */
  text: Text;
  /** The record or reply, as it stands there; "" = there is none. */
  found: string;
  /** What to put into DNS. */
  paste?: DnsLine;
  /** Where it stands in the list, when it is about the list. */
  place?: { file: string; line: number };
}

export interface DnsLine {
  name: string;
  type: 'TXT' | 'MX' | 'A' | 'PTR';
  value: string;
}

/** A domain that addresses of the list have. */
export interface ListDomain {
  /** As A-labels. */
  domain: string;
  count: number;
  /** Its first row. */
  file: string;
  line: number;
  /** The same as a person reads it: "list.csv:3". */
  where: string;
}

/** Who wants to send what to whom: plain values, so that they can cross the pipe. */
export interface SenderQuestion {
  /** The address in From, its domain as A-labels. */
  from: string;
  settings: Settings;
  recipients: number;
  /** How many have their mailbox at a known provider, by its id, counted by domain. */
  providers: Readonly<Record<string, number>>;
  /** Domains with the most recipients, largest first; empty when there is no list. */
  domains: readonly string[];
  /** Domains of the list's addresses, and how many there are beside them; absent when there is no list. */
  listDomains?: { asked: readonly ListDomain[]; more: number };
  /** Whether it is mail that people subscribe to. */
  newsletter: boolean;
  /** Absent when the letter has no link of the reader's own. */
  unsubscribe?: UnsubscribeLink;
  /** Which checks to make; empty = all. */
  only: readonly EvidenceCode[];
}

/** A record as a line of a zone file; longer values in strings of 255 (RFC 1035 3.3). */
export function zoneLine({ name, type, value }: DnsLine): string {
  if (type !== 'TXT') return `${name}. ${type} ${value}`;
  const strings = value.match(/[\s\S]{1,255}/g) ?? [''];
  return `${name}. TXT ${strings.map((part) => `"${part.replace(/["\\]/g, '\\$&')}"`).join(' ')}`;
}
