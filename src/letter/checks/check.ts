import type { Document } from '../../compose/document/document.ts';
import type { Newsletter } from '../../compose/newsletter.ts';
import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import type { Finding, Text } from '../../shared/errors.ts';
import type { FindingCode } from '../../shared/findingCodes.ts';
import type { CheckCode, Settings } from '../../shared/settings.ts';
import type { Elements } from './elements.ts';

export interface CheckInput {
  document: Document;
  /** Null while it does not compile: findings about the document are reported all the same. */
  newsletter: Newsletter | null;
  settings: Settings;
  /** The list, when one is chosen and could be read. */
  list?: ListProfile;
  /** Bytes of the HTML part of a real message; without it the template's size is used. */
  size?: number;
}

/** What a letter must have, by law or to be sent at all. Its level is fixed. Checks are pure functions. */
export interface MustHave {
  codes: readonly FindingCode[];
  check(input: CheckInput): Finding[];
}

export interface AdviceInput extends CheckInput {
  elements: Elements;
}

/** One piece of advice. Its level may be changed by the setting `envoi.checks`. */
export interface Advice {
  code: CheckCode;
  check(input: AdviceInput): Finding[];
}

/** A finding of a check, at this place. */
export function finding(
  code: FindingCode,
  severity: Finding['severity'],
  text: Text,
  place: Finding['place'],
  data?: Record<string, string>,
): Finding {
  return { severity, code, text, place, ...(data ? { data } : {}) };
}
