import type { Recipient, RefusalReason, RefusedRow } from '../../shared/recipient.ts';
import { type ColumnFacts, noFacts, takeFacts } from '../values/columnFacts.ts';
import type { Encoding } from './decodeText.ts';
import type { ListHeader } from './listHeader.ts';

export interface FieldProfile {
  name: string;
  title: string;
  /** First different values that are not blank, for completion and hover. */
  values: string[];
  /** Rows in which it is blank. */
  blanks: number;
  /** Lines of the first of them. */
  blankLines: number[];
  /** The longest value, cut to 200 characters. */
  longest: string;
  /** What its values look like: dates, numbers, remains of a spreadsheet's errors. */
  facts: ColumnFacts;
}

/** What one pass over a list tells of it; its size does not grow with the list. */
export interface ListProfile {
  file: string;
  header: ListHeader;
  encoding: Encoding;
  fields: FieldProfile[];
  /** Rows that get a message. */
  count: number;
  refused: Record<RefusalReason, number>;
  /** The first refused rows. */
  refusals: RefusedRow[];
  /** Numbers of recipients (from 0) worth a look; -1 when there is none. */
  jumps: { longest: number; withBlanks: number };
}

const VALUES = 8;
const LINES = 5;
const REFUSALS = 1000;

/** Gathers a profile row by row. */
export class ProfileBuilder {
  readonly profile: ListProfile;
  #longest = -1;
  #blankest = 0;

  constructor(file: string, header: ListHeader) {
    this.profile = {
      file,
      header,
      encoding: 'utf-8',
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
      refused: { noAddress: 0, invalidAddress: 0, duplicate: 0, suppressed: 0, malformedRow: 0 },
      refusals: [],
      jumps: { longest: -1, withBlanks: -1 },
    };
  }

  refuse(row: RefusedRow): void {
    const { profile } = this;
    profile.refused[row.reason]++;
    if (profile.refusals.length < REFUSALS) profile.refusals.push(row);
  }

  add(recipient: Recipient): void {
    const { profile } = this;
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
