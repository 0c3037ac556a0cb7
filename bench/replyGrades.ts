import { ReplyReader } from '../src/engine/delivery/replyReader.ts';
import { judge } from '../src/engine/verdict/judge.ts';
import type { Reply, Stage, Verdict } from '../src/shared/outcome.ts';

export const labels = [
  /** No such mailbox, or closed for good. */
  'dead',
  'full',
  /** About the reader, and no proof that the address is dead. */
  'reader',
  /** A limit on what we send. */
  'limit',
  /** Our account at a relay. */
  'account',
  /** The From address, its domain, or its proofs. */
  'sender',
  /** Where we come from, or a rule of the house. */
  'path',
  'message',
  /** Passes by itself. */
  'passing',
] as const;
export type Label = (typeof labels)[number];

export interface Labelled {
  label: Label;
  via: 'relay' | 'direct';
  stage: Stage;
  host: string;
  reply: string;
  at: string;
}

export interface Grades {
  total: number;
  agreed: number;
  byLabel: Record<string, { total: number; agreed: number }>;
  /** Readers who would never be written to again, and whose label does not say that they are gone. */
  innocentsSuppressed: readonly string[];
  dead: { total: number; rejected: number; suppressed: number };
  misses: readonly string[];
}

const stages: readonly string[] = ['greeting', 'ehlo', 'tls', 'auth', 'mail', 'rcpt', 'data', 'body', 'dot'];

/** One reply a line, tab-separated: label, relay|direct, stage, host, reply. `#` begins a comment. */
export function readLabelled(text: string, file: string): Labelled[] {
  const rows: Labelled[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const at = `${file}:${index + 1}`;
    const [label = '', via = '', stage = '', host = '', reply = ''] = line.split('\t');
    if (!isLabel(label) || !isVia(via) || !isStage(stage) || !/^\d{3}[ -]?/.test(reply)) {
      throw new Error(`${at}: expected label, relay|direct, stage, host, reply, parted by tabs`);
    }
    rows.push({ label, via, stage, host, reply, at });
  }
  return rows;
}

export function grade(rows: readonly Labelled[]): Grades {
  const byLabel: Grades['byLabel'] = {};
  const innocentsSuppressed: string[] = [];
  const misses: string[] = [];
  const dead = { total: 0, rejected: 0, suppressed: 0 };
  let agreed = 0;
  for (const row of rows) {
    const verdict = verdictOf(row);
    const suppressed = verdict.outcome.kind === 'rejected' && verdict.outcome.suppress;
    const said = labelOf(verdict, row.via);
    const right = agrees(row.label, said, verdict);
    const count = byLabel[row.label] ?? { total: 0, agreed: 0 };
    byLabel[row.label] = count;
    count.total++;
    if (right) {
      agreed++;
      count.agreed++;
    } else misses.push(`${row.at} ${row.label}, judged ${said} (${verdict.cause}): ${row.reply}`);
    if (row.label === 'dead') {
      dead.total++;
      if (verdict.outcome.kind === 'rejected' && verdict.scope === 'recipient') dead.rejected++;
      if (suppressed) dead.suppressed++;
    } else if (suppressed) innocentsSuppressed.push(`${row.at} ${row.label}: ${row.reply}`);
  }
  return { total: rows.length, agreed, byLabel, innocentsSuppressed, dead, misses };
}

export function report(grades: Grades, withMisses: boolean): string {
  const { total, agreed, byLabel, innocentsSuppressed, dead, misses } = grades;
  const share = (part: number, whole: number) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);
  const lines = [
    `innocent readers suppressed: ${innocentsSuppressed.length}`,
    ...innocentsSuppressed.map((line) => `  ${line}`),
    `dead mailboxes: ${dead.total}, rejected ${share(dead.rejected, dead.total)}, suppressed ${share(dead.suppressed, dead.total)}`,
    `agreement: ${agreed} of ${total} (${share(agreed, total)})`,
    ...Object.entries(byLabel).map(([label, count]) => `  ${label}: ${count.agreed} of ${count.total}`),
    ...(withMisses ? misses.map((line) => `  ${line}`) : []),
  ];
  return lines.join('\n');
}

export function replyOf({ reply }: Labelled): Reply {
  const { replies, malformed } = new ReplyReader().push(Buffer.from(`${reply.replace(/^(\d{3})-/, '$1 ')}\r\n`));
  const said = replies[0];
  if (!said) throw new Error(`no reply: ${malformed || reply}`);
  return said;
}

function verdictOf(row: Labelled): Verdict {
  return judge({ kind: 'reply', stage: row.stage, reply: replyOf(row) }, { transport: row.via, host: row.host });
}

/** Whom the verdict is about, in the words of the labels. */
function labelOf({ scope, cause }: Verdict, via: 'relay' | 'direct'): Label {
  switch (scope) {
    case 'recipient':
      if (cause === 'mailboxFull') return 'full';
      return ['unknownUser', 'mailboxDisabled', 'badDomain', 'nullMx'].includes(cause) ? 'dead' : 'reader';
    case 'account':
      return cause === 'quota' || cause === 'rateLimited' ? 'limit' : 'account';
    case 'identity':
      return 'sender';
    case 'message':
      return 'message';
    case 'path':
      if (cause === 'rateLimited') return 'limit';
      return cause === 'otherTemporary' ? 'passing' : 'path';
    case 'remote':
      return cause === 'rateLimited' && via === 'relay' ? 'limit' : 'passing';
    default:
      return scope satisfies never;
  }
}

/** A dead-looking verdict that marks nobody is right for a reader of whom nothing is known. */
function agrees(label: Label, said: Label, { outcome }: Verdict): boolean {
  if (label === said) return true;
  const marks = outcome.kind === 'rejected' && outcome.suppress;
  if (label === 'reader' && said === 'dead') return !marks;
  return label === 'limit' && said === 'passing' && outcome.kind !== 'rejected';
}

function isLabel(text: string): text is Label {
  return (labels as readonly string[]).includes(text);
}

function isVia(text: string): text is 'relay' | 'direct' {
  return text === 'relay' || text === 'direct';
}

function isStage(text: string): text is Stage {
  return stages.includes(text);
}
