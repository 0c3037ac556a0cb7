import type { Document } from '../../compose/document/document.ts';
import type { Newsletter } from '../../compose/newsletter.ts';
import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import type { Finding, Text } from '../../shared/errors.ts';
import type { CheckCode, Settings } from '../../shared/settings.ts';
import type { Elements } from './elements.ts';

export interface CheckInput {
  document: Document;
  /** Null while it does not compile: what can be told from the document is told all the same. */
  newsletter: Newsletter | null;
  settings: Pick<Settings, 'from' | 'route' | 'domainRoutes' | 'servers' | 'dkim' | 'whenQuotaReached' | 'checks'>;
  /** The list, when one is chosen and could be read. */
  list?: ListProfile;
  /** Bytes of the HTML part of a real message; without it the template's size stands in. */
  size?: number;
}

export interface RuleInput extends CheckInput {
  elements: Elements;
}

/** One piece of advice. Rules are pure; the level may be changed by the setting `envoi.checks`. */
export interface Rule {
  code: CheckCode;
  check(input: RuleInput): Finding[];
}

/** A finding of a rule, at this place. */
export function finding(
  code: CheckCode,
  severity: Finding['severity'],
  text: Text,
  place: Finding['place'],
  data?: Record<string, string>,
): Finding {
  return { severity, code, text, place, ...(data ? { data } : {}) };
}
