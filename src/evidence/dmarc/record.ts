import { readTags } from '../tagList.ts';

export type DmarcPolicy = 'none' | 'quarantine' | 'reject';

/** RFC 9989, 4.7. */
export interface DmarcRecord {
  text: string;
  p: DmarcPolicy;
  sp: DmarcPolicy | null;
  np: DmarcPolicy | null;
  adkim: 'r' | 's';
  aspf: 'r' | 's';
  psd: 'y' | 'n' | 'u';
  /** Asks to apply the next milder policy. */
  testing: boolean;
  /** Addresses of aggregate reports. */
  rua: readonly string[];
  /** Tags with an invalid value: they are ignored. */
  wrong: readonly string[];
}

export function isDmarcRecord(text: string): boolean {
  return /^v[ \t]{0,10}=[ \t]{0,10}DMARC1[ \t]{0,10}(?:;|$)/.test(text);
}

const policies: readonly string[] = ['none', 'quarantine', 'reject'];

/** Null for an invalid record: it has neither a policy nor a report address. */
export function readDmarcRecord(text: string): DmarcRecord | null {
  const tags = readTags(text);
  if (!isDmarcRecord(text) || !tags) return null;
  const wrong: string[] = [];
  const oneOf = <T extends string>(tag: string, allowed: readonly string[], fallback: T): T => {
    const value = tags.get(tag)?.toLowerCase();
    if (value === undefined) return fallback;
    if (allowed.includes(value)) return value as T;
    wrong.push(tag);
    return fallback;
  };
  const policy = (tag: string) => oneOf<DmarcPolicy | ''>(tag, policies, '') || null;
  const rua = (tags.get('rua') ?? '')
    .split(',')
    .map((uri) => uri.trim())
    .filter((uri) => /^mailto:[^\s@]+@[^\s@]+$/i.test(uri))
    .map((uri) => uri.slice('mailto:'.length).replace(/!\d+[kmgt]?$/i, ''));
  if (tags.has('rua') && rua.length === 0) wrong.push('rua');
  const p = policy('p');
  // Without a policy it asks for reports at most (RFC 9989, 4.10.1).
  if (p === null && rua.length === 0) return null;
  return {
    text,
    p: p ?? 'none',
    sp: policy('sp'),
    np: policy('np'),
    adkim: oneOf('adkim', ['r', 's'], 'r'),
    aspf: oneOf('aspf', ['r', 's'], 'r'),
    psd: oneOf('psd', ['y', 'n', 'u'], 'u'),
    testing: oneOf<'y' | 'n'>('t', ['y', 'n'], 'n') === 'y',
    rua,
    wrong,
  };
}
