import type { StatusReason } from '../../../shared/statusReasons.ts';
import type { ColumnRule } from './exportRule.ts';
import {
  affixes,
  consentStatus,
  dateLike,
  inNames,
  inWithin,
  keepValues,
  likelyValues,
  noWords,
  otherConsent,
  otherMatters,
  outNames,
  outWithin,
  refusalCode,
  statusNames,
  sureValues,
  wordKey,
  yesWords,
} from './words.ts';

/** A column whose words may say who must not be written to. Only rows that would get a message count. */
export interface StatusQuestion {
  /** The column, as written. */
  column: string;
  /** What stands there, most frequent first, and what it seems to mean; `""` for an empty cell. */
  values: readonly { value: string; count: number; reason: StatusReason }[];
  /** Of the first such row. */
  line: number;
}

/** What the author says of a column: it is not about consent, or rows with these values are left out. */
export type ColumnDecision = 'ignore' | readonly string[];

export type ColumnMeaning =
  | { kind: 'keep' }
  | { kind: 'leaveOut'; reason: StatusReason }
  /** Asked about. */
  | { kind: 'doubt'; reason: StatusReason }
  /** Asked about when other cells of the column speak of consent. */
  | { kind: 'maybe'; reason: StatusReason }
  /** Speaks of consent. */
  | { kind: 'evidence' };

const KEEP: ColumnMeaning = { kind: 'keep' };
const EVIDENCE: ColumnMeaning = { kind: 'evidence' };
const leaveOut = (reason: StatusReason): ColumnMeaning => ({ kind: 'leaveOut', reason });
const doubt = (reason: StatusReason): ColumnMeaning => ({ kind: 'doubt', reason });
const maybe = (reason: StatusReason): ColumnMeaning => ({ kind: 'maybe', reason });

/** Longer cells are texts, not states. */
const MAX_CELL = 40;
const MAX_KNOWN = 5000;
const MAX_VALUES = 20;
const MOST_STATES = 200;

/** One column: what its cells mean, and what of them must be asked. */
export class ColumnReader {
  readonly index: number;
  readonly title: string;
  readonly key: string;
  readonly #judge: (key: string, cell: string) => ColumnMeaning;
  readonly #known = new Map<string, ColumnMeaning>();
  readonly #doubts = new Map<string, { value: string; count: number; reason: StatusReason; sure: boolean }>();
  readonly #mostValues: number;
  #evidence = false;
  #closed = false;
  #line = 0;

  /** With more different values than `mostValues` it is no column of states, and is read no further. */
  constructor(
    index: number,
    title: string,
    key: string,
    judge: (key: string, cell: string) => ColumnMeaning,
    mostValues = Number.POSITIVE_INFINITY,
  ) {
    this.index = index;
    this.title = title;
    this.key = key;
    this.#judge = judge;
    this.#mostValues = mostValues;
  }

  meaning(cell: string): ColumnMeaning {
    if (this.#closed && this.#known.size === 0) return KEEP;
    const known = this.#known.get(cell);
    if (known) return known;
    if (this.#closed) return KEEP;
    if (cell.length > MAX_CELL) return this.#judge('', cell);
    const meaning = this.#judge(wordKey(cell), cell);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(cell, meaning);
    if (meaning.kind !== 'keep' && meaning.kind !== 'maybe') this.#evidence = true;
    if (this.#known.size >= this.#mostValues) this.#close();
    return meaning;
  }

  /** Read no further: only what means something is still known. */
  #close(): void {
    this.#closed = true;
    for (const [cell, { kind }] of this.#known) if (kind === 'keep' || kind === 'evidence') this.#known.delete(cell);
  }

  note(cell: string, line: number): void {
    const meaning = this.meaning(cell);
    if (meaning.kind !== 'doubt' && meaning.kind !== 'maybe') return;
    const value = cell.trim().slice(0, 80);
    const entry = this.#doubts.get(value);
    if (entry) entry.count++;
    else if (this.#doubts.size < MAX_VALUES)
      this.#doubts.set(value, { value, count: 1, reason: meaning.reason, sure: meaning.kind === 'doubt' });
    if (this.#line === 0) this.#line = line;
  }

  question(): StatusQuestion | null {
    const values = [...this.#doubts.values()].filter(({ sure }) => sure || this.#evidence);
    if (values.length === 0) return null;
    values.sort((a, b) => b.count - a.count);
    return {
      column: this.title,
      values: values.map(({ value, count, reason }) => ({ value, count, reason })),
      line: this.#line,
    };
  }
}

/** How a column is read; null when it says nothing of consent whatever stands in it. */
export function columnReader(
  index: number,
  title: string,
  key: string,
  decision: ColumnDecision | undefined,
  rule: ColumnRule | undefined,
): ColumnReader | null {
  if (decision === 'ignore') return null;
  const judge = decision ? byDecision(decision) : rule ? byRule(rule) : byName(key);
  if (judge) return new ColumnReader(index, title, key, judge);
  // Whatever it is called: “désabonné” means one thing.
  return otherMatters.test(key) ? null : new ColumnReader(index, title, key, stateJudge(false, false), MOST_STATES);
}

type Judge = (key: string, cell: string) => ColumnMeaning;

function byDecision(values: readonly string[]): Judge {
  const left = new Set(values.map((value) => value.trim().toLowerCase()));
  return (key, cell) => {
    if (!left.has(cell.trim().toLowerCase())) return KEEP;
    return leaveOut(sureValues.get(key) ?? likelyValues.get(key) ?? 'statusLeftOut');
  };
}

function byRule(rule: ColumnRule): Judge {
  switch (rule.kind) {
    case 'values':
      return (key) => {
        if (key === '') return KEEP;
        if (rule.keep.has(key)) return EVIDENCE;
        const reason = rule.leaveOut.get(key);
        if (reason) return leaveOut(reason);
        const sure = sureValues.get(key);
        return sure ? doubt(sure) : maybe(likelyValues.get(key) ?? 'statusLeftOut');
      };
    case 'filled':
      return (key, cell) => (isNothing(key, cell) ? KEEP : leaveOut(rule.reason));
    case 'yes':
      return (key, cell) => yesOrDate(key, cell, rule.reason);
    case 'no':
      return (key) => (noWords.has(key) ? leaveOut(rule.reason) : KEEP);
    default:
      return rule satisfies never;
  }
}

/** `0`, `[]`, `-`, `false` and dates of zeros say that there is nothing. */
function isNothing(key: string, cell: string): boolean {
  return noWords.has(key) || !/[\p{L}1-9]/u.test(cell);
}

function yesOrDate(key: string, cell: string, reason: StatusReason): ColumnMeaning {
  if (isNothing(key, cell)) return KEEP;
  return yesWords.has(key) || dateLike.test(cell.trim()) ? leaveOut(reason) : doubt(reason);
}

function byName(key: string): Judge | null {
  if (otherMatters.test(key)) return null;
  const names = namesOf(key);
  for (const { reason, sure, likely } of outNames) {
    if (names.some((name) => sure.has(name))) return outJudge(reason, true, /reason|grund|motif/.test(key));
    if (names.some((name) => likely.has(name))) return outJudge(reason, false, false);
  }
  if (names.some((name) => inNames.sure.has(name))) return inJudge(true);
  if (names.some((name) => inNames.likely.has(name))) return inJudge(false);
  const isStatus = names.some((name) => statusNames.has(name));
  if (outWithin.test(key)) return outJudge('unsubscribed', false, false);
  if (!isStatus && inWithin.test(key) && !otherConsent.test(key)) return inJudge(false);
  return isStatus ? stateJudge(consentStatus.test(key), true) : null;
}

function namesOf(key: string): string[] {
  const bare = key.replace(affixes, '');
  return [...new Set([key, bare, bare.replace(affixes, '')])];
}

function outJudge(reason: StatusReason, sure: boolean, words: boolean): Judge {
  return (key, cell) => {
    if (isNothing(key, cell)) return KEEP;
    const clear = yesWords.has(key) || dateLike.test(cell.trim()) || sureValues.has(key) || words;
    return sure && clear ? leaveOut(reason) : doubt(reason);
  };
}

function inJudge(sure: boolean): Judge {
  return (key, cell) => {
    if (key === '') return cell.trim() === '' ? maybe('notSubscribed') : KEEP;
    if (noWords.has(key)) return sure ? leaveOut('notSubscribed') : doubt('notSubscribed');
    const reason = sureValues.get(key);
    if (reason) return sure ? leaveOut(reason) : doubt(reason);
    return yesWords.has(key) || keepValues.has(key) ? EVIDENCE : KEEP;
  };
}

function stateJudge(consent: boolean, isStatus: boolean): Judge {
  return (key) => {
    if (key === '') return KEEP;
    const sure = sureValues.get(key);
    if (sure) return doubt(sure);
    if (keepValues.has(key)) return EVIDENCE;
    if (!isStatus) return KEEP;
    if (refusalCode.test(key)) return doubt('bounced');
    const likely = likelyValues.get(key);
    if (!likely) return KEEP;
    return consent ? doubt(likely) : maybe(likely);
  };
}
