import type { Resolver } from '../../shared/dns.ts';
import { type DmarcPolicy, type DmarcRecord, isDmarcRecord, readDmarcRecord } from './record.ts';

/** The result of one step of the walk. */
export type WalkStep = { domain: string } & (
  | { kind: 'record'; record: DmarcRecord }
  /** None, several (which count as none), or one that cannot be parsed. */
  | { kind: 'none' }
  | { kind: 'several' | 'wrong'; texts: readonly string[] }
  | { kind: 'failed'; code: string; detail: string }
);

/** Questions of one walk at most (RFC 9989, 4.10). */
export const MOST_QUESTIONS = 8;

/** The names a walk looks up: the domain, then its parents, from seven labels on at most. */
export function walkNames(domain: string): string[] {
  const labels = domain.split('.');
  const names = [domain];
  const rest = labels.length < MOST_QUESTIONS ? labels.slice(1) : labels.slice(-(MOST_QUESTIONS - 1));
  for (let at = 0; at < rest.length; at++) names.push(rest.slice(at).join('.'));
  return names;
}

/** RFC 9989, 4.10: up the tree, until a record says that it is the top or the bottom of a public suffix. */
export async function walkTree(domain: string, dns: Resolver): Promise<WalkStep[]> {
  const steps: WalkStep[] = [];
  for (const name of walkNames(domain)) {
    const step = await lookAt(name, dns);
    steps.push(step);
    if (step.kind === 'failed') break;
    if (step.kind === 'record' && step.record.psd !== 'u') break;
  }
  return steps;
}

async function lookAt(domain: string, dns: Resolver): Promise<WalkStep> {
  const answer = await dns.query(`_dmarc.${domain}`, 'TXT');
  if (answer.kind === 'failed') return { domain, kind: 'failed', code: answer.code, detail: answer.detail };
  const texts = answer.kind === 'found' ? answer.records.filter(isDmarcRecord) : [];
  const [text] = texts;
  if (text === undefined) return { domain, kind: 'none' };
  if (texts.length > 1) return { domain, kind: 'several', texts };
  const record = readDmarcRecord(text);
  return record ? { domain, kind: 'record', record } : { domain, kind: 'wrong', texts };
}

/** RFC 9989, 4.10.2: the organizational domain; the domain itself where no record is found. */
export function organizationalDomain(steps: readonly WalkStep[]): string {
  const [start] = steps;
  let found = start?.domain ?? '';
  for (const [at, step] of steps.entries()) {
    if (step.kind !== 'record') continue;
    if (step.record.psd === 'n') return step.domain;
    // The public suffix itself belongs to nobody; the domain one label below has an owner.
    if (step.record.psd === 'y' && at > 0) return childOf(step.domain, start?.domain ?? '');
    found = step.domain;
  }
  return found;
}

/** The name one label below `parent` on the way to `domain`. */
function childOf(parent: string, domain: string): string {
  const labels = domain.split('.');
  return labels.slice(-(parent.split('.').length + 1)).join('.');
}

/** The policy that applies to a domain, and its record (RFC 9989, 4.10.1). */
export interface Policy {
  record: DmarcRecord;
  /** Where the record is. */
  at: string;
  policy: DmarcPolicy;
  /** Which of its tags sets it. */
  tag: 'p' | 'sp' | 'np';
}

/** `exists`: whether the domain itself is in DNS; for one that is not, `np` applies. */
export function policyFor(steps: readonly WalkStep[], exists: boolean): Policy | null {
  const records = steps.flatMap((step) => (step.kind === 'record' ? [step] : []));
  const [start] = steps;
  const own = records.find(({ domain }) => domain === start?.domain);
  const organization = organizationalDomain(steps);
  const source = own ?? records.find(({ domain }) => domain === organization) ?? records.at(-1);
  if (!source) return null;
  const { record, domain: at } = source;
  if (source === own) return { record, at, policy: record.p, tag: 'p' };
  if (!exists && record.np) return { record, at, policy: record.np, tag: 'np' };
  return { record, at, policy: record.sp ?? record.p, tag: record.sp ? 'sp' : 'p' };
}
