import { judge } from '../src/engine/verdict/judge.ts';
import { readReturned } from '../src/mailbox/readReturned.ts';
import type { Returned } from '../src/mailbox/returned.ts';

const kinds: readonly string[] = ['bounce', 'complaint', 'notice', 'autoReply', 'leave', 'reply'];

export interface Expected {
  file: string;
  kind: Returned['kind'];
  /** "" when nobody is named. */
  recipient: string;
  /** Whether the address must not be mailed again; "" where the kind says it. */
  class: 'hard' | 'soft' | '';
}

export interface BounceGrades {
  total: number;
  kinds: number;
  bounces: { total: number; recipients: number; classes: number };
  wronglySuppressed: readonly string[];
  misses: readonly string[];
}

/** One message a line, tab-separated: file, kind, recipient, hard|soft. `#` begins a comment. */
export function readExpected(text: string): Expected[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [file = '', kind = '', recipient = '', how = ''] = line.split('\t');
      if (!isKind(kind) || !['hard', 'soft', ''].includes(how))
        throw new Error(`${line}: expected file, kind, recipient, hard|soft, parted by tabs`);
      return { file, kind, recipient, class: how as Expected['class'] };
    });
}

export async function grade(expected: readonly Expected[], read: (file: string) => Uint8Array): Promise<BounceGrades> {
  const bounces = { total: 0, recipients: 0, classes: 0 };
  const wronglySuppressed: string[] = [];
  const misses: string[] = [];
  let right = 0;
  for (const { file, kind, recipient, class: how } of expected) {
    const { said } = await readReturned(read(file), { authServer: '' });
    const hard = isHard(said);
    if (said.kind === kind) right++;
    else misses.push(`${file}: ${kind}, read as ${said.kind}`);
    if (hard && how !== 'hard') wronglySuppressed.push(file);
    if (kind !== 'bounce') continue;
    bounces.total++;
    if (said.kind !== 'bounce') continue;
    if (said.recipient.toLowerCase() === recipient.toLowerCase()) bounces.recipients++;
    else misses.push(`${file}: about ${recipient}, read as ${said.recipient || 'nobody'}`);
    if (hard === (how === 'hard')) bounces.classes++;
    else misses.push(`${file}: ${how}, judged ${hard ? 'hard' : 'soft'}: ${said.reply.code} ${said.reply.text}`);
  }
  return { total: expected.length, kinds: right, bounces, wronglySuppressed, misses };
}

function isHard(said: Returned): boolean {
  if (said.kind !== 'bounce') return false;
  const { outcome } = judge(
    { kind: 'reply', stage: 'rcpt', reply: said.reply },
    { transport: 'direct', host: said.host },
  );
  return outcome.kind === 'rejected' && outcome.suppress;
}

export function report(
  { total, kinds: right, bounces, wronglySuppressed, misses }: BounceGrades,
  all: boolean,
): string {
  const share = (part: number, whole: number) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);
  return [
    `readers wrongly suppressed: ${wronglySuppressed.length}`,
    ...wronglySuppressed.map((file) => `  ${file}`),
    `kind: ${right} of ${total} (${share(right, total)})`,
    `bounces: ${bounces.total}, to the right reader ${share(bounces.recipients, bounces.total)}, hard or soft ${share(bounces.classes, bounces.total)}`,
    ...(all ? misses.map((line) => `  ${line}`) : []),
  ].join('\n');
}

function isKind(text: string): text is Returned['kind'] {
  return kinds.includes(text);
}
