import { providerOfDomain } from '../../providers/lookup.ts';
import { ownCopy } from '../../shared/address.ts';
import { type LeftOut, nobodyLeftOut } from '../../shared/leftOut.ts';
import type { Recipient, RefusalReason, RefusedRow } from '../../shared/recipient.ts';
import { type ColumnFacts, LINES, type LineName, noFacts, takeFacts } from '../values/columnFacts.ts';
import { type AddressHint, domainHint, type HintedRow, localKind } from './addressHints.ts';
import type { TextFacts } from './decodeText.ts';
import type { ListHeader } from './listHeader.ts';
import type { StatusQuestion, StatusReader } from './status/statusReader.ts';

/** A domain of the list's addresses, with its first row. */
export interface DomainRow {
  domain: string;
  count: number;
  line: number;
  /** As in HintedRow. */
  list?: number;
}

export interface FieldProfile {
  name: string;
  title: string;
  /** First different values that are not blank, for completion and hover. */
  values: string[];
  /** Rows in which it is blank. */
  blanks: number;
  /** Lines of the first of them. */
  blankLines: LineName[];
  /** The longest value, cut to 200 characters. */
  longest: string;
  /** What its values look like: dates, numbers, remains of a spreadsheet's errors. */
  facts: ColumnFacts;
}

/** The results of one pass over a list; the size does not grow with the list. */
export interface ListProfile {
  file: string;
  header: ListHeader;
  text: TextFacts;
  fields: FieldProfile[];
  /** Rows that get a message. */
  count: number;
  refused: LeftOut;
  /** The first refused rows. */
  refusals: RefusedRow[];
  /** The service whose export it is, as its header tells; "" when none is recognised. */
  service: string;
  /** Columns that may say who must not be mailed: nothing is sent before the author says what they mean. */
  questions: readonly StatusQuestion[];
  /** How many have their mailbox at a known provider, by its id, as far as their domain tells. */
  providers: Record<string, number>;
  /** How many have their mailbox at each of the largest domains, and how many domains there are besides. */
  domains: Record<string, number>;
  otherDomains: number;
  /** All addresses of a small list, in its order; empty where there are more than `SMALL_LIST`. */
  addresses: string[];
  /** The most frequent domains, largest first, with those of one address; `more`: at most so many besides. */
  mailDomains: { rows: DomainRow[]; more: number };
  /** Addresses of an office or a team: how many, and lines of the first. */
  shared: { count: number; lines: LineName[]; list?: number };
  /** The first rows whose address is good and odd. */
  hints: HintedRow[];
  /**
   * A profile for each of several lists; empty for one list. Everything else is then the total, except for what only a
   * file has: `file`, `header`, `text`, `service` and `questions` are those of the first.
   */
  parts: readonly ListProfile[];
  /** Numbers of recipients (from 0) worth a look; -1 when there is none. */
  jumps: { longest: number; withBlanks: number };
}

export const VALUES = 8;
const REFUSALS = 1000;
const HINTS = 50;
const DOMAINS = 50;
/** Up to this many recipients, a forecast uses the addresses themselves. */
export const SMALL_LIST = 1_000;
/** Domains that may be asked about before sending. */
export const MAIL_DOMAINS = 500;

/** The domains with most recipients, and how many there are besides. `rows`: largest first. */
export function largestDomains({
  rows,
  more,
}: ListProfile['mailDomains']): Pick<ListProfile, 'domains' | 'otherDomains'> {
  const told = rows.slice(0, DOMAINS).filter(({ count }) => count > 1);
  return {
    domains: Object.fromEntries(told.map(({ domain, count }) => [domain, count])),
    otherDomains: rows.length + more - told.length,
  };
}

/** What is known of a domain of the list: worked out once, whatever the number of its rows. */
interface KnownDomain {
  provider: string;
  hint: AddressHint | null;
  count: number;
  line: number;
}

/** Gathers a profile row by row. */
export class ProfileBuilder {
  readonly profile: ListProfile;
  readonly #domains = new Map<string, KnownDomain>();
  #faults = 0;
  #others = 0;
  #longest = -1;
  #blankest = 0;

  readonly #list: { list?: number };

  constructor(file: string, header: ListHeader, list = 0) {
    this.#list = list > 0 ? { list } : {};
    this.profile = {
      file,
      header,
      text: { encoding: 'utf-8', guessed: false, example: '', repaired: { count: 0, lines: [] } },
      fields: header.fields.map(({ name, title }) => ({
        name,
        title,
        values: [],
        blanks: 0,
        blankLines: [],
        longest: '',
        facts: noFacts(),
      })),
      count: 0,
      refused: nobodyLeftOut(),
      refusals: [],
      service: '',
      questions: [],
      providers: {},
      domains: {},
      otherDomains: 0,
      addresses: [],
      mailDomains: { rows: [], more: 0 },
      shared: { count: 0, lines: [], ...this.#list },
      hints: [],
      parts: [],
      jumps: { longest: -1, withBlanks: -1 },
    };
  }

  /** At the end of a pass: what it found about statuses. */
  end(status: StatusReader): void {
    this.profile.service = status.service;
    this.profile.questions = status.questions();
    const rows = [...this.#domains]
      .sort(([, a], [, b]) => b.count - a.count || a.line - b.line)
      .slice(0, MAIL_DOMAINS)
      .map(([domain, { count, line }]): DomainRow => ({ domain, count, line, ...this.#list }));
    this.profile.mailDomains = { rows, more: this.#domains.size - rows.length };
    Object.assign(this.profile, largestDomains(this.profile.mailDomains));
  }

  /** A row that is left out and not worth a line of its own. */
  count(reason: RefusalReason): void {
    this.profile.refused[reason]++;
  }

  refuse(row: RefusedRow): void {
    const { profile } = this;
    this.count(row.reason);
    // Many unsubscribed rows must not hide the few with an error.
    const fault = row.reason === 'invalidAddress' || row.reason === 'noAddress' || row.reason === 'malformedRow';
    const kept = fault ? this.#faults++ : this.#others++;
    if (kept < REFUSALS) profile.refusals.push({ ...row, address: ownCopy(row.address) });
  }

  #countDomain(written: string, line: number): KnownDomain {
    let known = this.#domains.get(written);
    if (known === undefined) {
      const domain = ownCopy(written);
      known = { provider: providerOfDomain(domain)?.id ?? '', hint: domainHint(domain), count: 0, line };
      this.#domains.set(domain, known);
    }
    known.count++;
    const id = known.provider;
    if (id !== '') this.profile.providers[id] = (this.profile.providers[id] ?? 0) + 1;
    return known;
  }

  #countAddress(address: string, line: number): void {
    const { profile } = this;
    const at = address.lastIndexOf('@');
    const known = this.#countDomain(address.slice(at + 1), line);
    const kind = localKind(address.slice(0, at));
    if (kind === 'shared') {
      profile.shared.count++;
      if (profile.shared.lines.length < LINES) profile.shared.lines.push(line);
    }
    if (profile.hints.length >= HINTS) return;
    const hint = known.hint ?? (kind === 'role' ? { kind } : null);
    if (hint) profile.hints.push({ line, ...this.#list, address: ownCopy(address), hint });
  }

  add(recipient: Recipient): void {
    const { profile } = this;
    const { address, line } = recipient;
    this.#countAddress(address, line);
    if (profile.count < SMALL_LIST) profile.addresses.push(ownCopy(address));
    else if (profile.count === SMALL_LIST) profile.addresses = [];
    let length = 0;
    let blanks = 0;
    for (const field of profile.fields) {
      const value = recipient.fields[field.name] ?? '';
      length += value.length;
      if (value === '') {
        blanks++;
        field.blanks++;
        if (field.blankLines.length < LINES) field.blankLines.push(recipient.line);
        continue;
      }
      takeFacts(field.facts, value, recipient.line);
      if (value.length > field.longest.length && field.longest.length < 200) field.longest = value.slice(0, 200);
      if (field.values.length < VALUES && !field.values.includes(value.slice(0, 200)))
        field.values.push(value.slice(0, 200));
    }
    if (length > this.#longest) {
      this.#longest = length;
      profile.jumps.longest = profile.count;
    }
    if (blanks > this.#blankest) {
      this.#blankest = blanks;
      profile.jumps.withBlanks = profile.count;
    }
    profile.count++;
  }
}
