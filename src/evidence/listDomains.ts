import { msg } from '../shared/errors.ts';
import type { EvidenceItem, ListDomain, SenderQuestion } from '../shared/evidence.ts';
import { plural } from '../shared/words.ts';
import { FrugalDns } from './frugalDns.ts';
import { item, whyUnasked } from './item.ts';
import type { EvidencePorts } from './ports.ts';

/** Questions in progress at once: a home router's name server must not be flooded. */
const AT_ONCE = 20;
/** Domains that are reported one by one. */
const TOLD = 50;

type Standing =
  | { kind: 'mail' }
  | { kind: 'noDomain' | 'nullMx' | 'noServer' }
  | { kind: 'unknown'; code: string; detail: string };
type Dead = Exclude<Standing['kind'], 'mail' | 'unknown'>;

/**
 * Which domains of a list accept no mail (RFC 5321 5.1, RFC 7505): each is looked up once. None is reported dead while the name
 * server does not find well-known domains either.
 */
export async function listDomains(
  list: SenderQuestion['listDomains'],
  { dns, dnsWorks }: Pick<EvidencePorts, 'dns' | 'dnsWorks'>,
  signal: AbortSignal,
): Promise<EvidenceItem[]> {
  if (!list || list.asked.length === 0) return [];
  // A separate budget: the list must not use up the sender's.
  const standings = await askEach(list.asked, new FrugalDns(dns, signal, 3 * list.asked.length));
  const dead: [ListDomain, Dead][] = [];
  const unknown: Extract<Standing, { kind: 'unknown' }>[] = [];
  list.asked.forEach((domain, at) => {
    const standing = standings[at];
    if (!standing || standing.kind === 'mail') return;
    if (standing.kind === 'unknown') unknown.push(standing);
    else dead.push([domain, standing.kind]);
  });
  const believed = dead.length === 0 || (await dnsWorks());
  const good = list.asked.length - dead.length - unknown.length;
  return [
    ...(good > 0
      ? [item('listDomain', 'passed', plural('{0} domain accepts mail.', '{0} domains accept mail.', good))]
      : []),
    ...(believed ? deadItems(dead) : [doubted(dead.length)]),
    ...unansweredItems(unknown),
    ...(list.more > 0 ? [beyond(list.asked.length, list.more)] : []),
  ];
}

/** In the order of the list; without a network the first result applies to all. */
async function askEach(domains: readonly ListDomain[], dns: FrugalDns): Promise<Standing[]> {
  const standings: Standing[] = [];
  let next = 0;
  let down: Standing | null = null;
  const ask = async () => {
    for (let at = next++; at < domains.length; at = next++) {
      const standing: Standing = down ?? (await standingOf(domains[at]?.domain ?? '', dns));
      standings[at] = standing;
      if (standing.kind === 'unknown' && ['dnsOffline', 'resolverDown'].includes(standing.code)) down = standing;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return standings;
}

async function standingOf(domain: string, dns: FrugalDns): Promise<Standing> {
  const mx = await dns.query(domain, 'MX');
  if (mx.kind === 'failed') return { kind: 'unknown', code: mx.code, detail: mx.detail };
  if (mx.kind === 'noName') return { kind: 'noDomain' };
  if (mx.kind === 'found') return { kind: mx.records.every(({ exchange }) => exchange === '') ? 'nullMx' : 'mail' };
  const [a, aaaa] = await Promise.all([dns.query(domain, 'A'), dns.query(domain, 'AAAA')]);
  if (a.kind === 'found' || aaaa.kind === 'found') return { kind: 'mail' };
  const failure = [a, aaaa].find((answer) => answer.kind === 'failed');
  if (failure?.kind === 'failed') return { kind: 'unknown', code: failure.code, detail: failure.detail };
  return { kind: 'noServer' };
}

function deadItems(dead: readonly [ListDomain, Dead][]): EvidenceItem[] {
  const told = dead.slice(0, TOLD).map(([domain, kind]) => ({
    ...item('listDomain', 'warned', deadText(domain, kind)),
    place: { file: domain.file, line: domain.line },
  }));
  const rest = dead.length - told.length;
  if (rest === 0) return told;
  const text = plural(
    '… and {0} more domain does not accept mail.',
    '… and {0} more domains do not accept mail.',
    rest,
  );
  return [...told, item('listDomain', 'warned', text)];
}

function deadText({ domain, count, where }: ListDomain, kind: Dead) {
  switch (kind) {
    case 'noDomain':
      return plural(
        'The domain {1} does not exist: mail to {0} address cannot arrive ({2}).',
        'The domain {1} does not exist: mail to {0} addresses cannot arrive (first: {2}).',
        count,
        domain,
        where,
      );
    case 'nullMx':
      return plural(
        '{1} accepts no mail (null MX): mail to {0} address cannot arrive ({2}).',
        '{1} accepts no mail (null MX): mail to {0} addresses cannot arrive (first: {2}).',
        count,
        domain,
        where,
      );
    case 'noServer':
      return plural(
        '{1} has neither a mail server nor an address: mail to {0} address cannot arrive ({2}).',
        '{1} has neither a mail server nor an address: mail to {0} addresses cannot arrive (first: {2}).',
        count,
        domain,
        where,
      );
    default:
      return kind satisfies never;
  }
}

function doubted(count: number): EvidenceItem {
  const text = plural(
    '{0} domain was not found, but the name servers do not find well-known domains either, so its status is unknown.',
    '{0} domains were not found, but the name servers do not find well-known domains either, so their status is unknown.',
    count,
  );
  return item('listDomain', 'unasked', text);
}

function unansweredItems(unknown: readonly { code: string; detail: string }[]): EvidenceItem[] {
  const [first] = unknown;
  if (!first) return [];
  const text = plural(
    '{0} domain could not be checked: {1}',
    '{0} domains could not be checked: {1}',
    unknown.length,
    whyUnasked(first),
  );
  return [item('listDomain', 'unasked', text)];
}

function beyond(asked: number, more: number): EvidenceItem {
  const text = msg('Only the {0} most frequent domains were checked; up to {1} others were not.', asked, more);
  return item('listDomain', 'unasked', text);
}
