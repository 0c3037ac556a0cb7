import type { Resolver } from '../../shared/dns.ts';
import { msg } from '../../shared/errors.ts';
import type { DnsLine, EvidenceItem } from '../../shared/evidence.ts';
import { plural } from '../../shared/words.ts';
import { item, unasked } from '../item.ts';
import type { EvidencePorts } from '../ports.ts';
import type { MailRoute, Sender } from '../sender.ts';
import { checkHost, MOST_LOOKUPS, MOST_VOIDS } from './checkHost.ts';
import { domainsOf, endsWithAll, expandSpf, faultBelow, lookupCosts, type SpfTree } from './expand.ts';
import type { SpfRecord } from './record.ts';

/** Whether SPF will pass for the envelope of a route, as far as that can be determined from outside. */
export type SpfOutlook = 'pass' | 'fail' | 'unknown';

export interface SpfFindings {
  items: EvidenceItem[];
  /** By the route's name. */
  outlook: ReadonlyMap<string, SpfOutlook>;
}

/** SPF of every domain that the routes use in MAIL FROM. `own`: the public address of this computer, if known. */
export async function spfItems(
  { ways, from }: Pick<Sender, 'ways' | 'from'>,
  own: string | null,
  { dns, hello }: Pick<EvidencePorts, 'dns' | 'hello'>,
): Promise<SpfFindings> {
  const items: EvidenceItem[] = [];
  const outlook = new Map<string, SpfOutlook>();
  const domains = [...new Set(ways.map(({ envelope }) => envelope).filter((domain) => domain !== ''))];
  for (const domain of domains) {
    const using = ways.filter(({ envelope }) => envelope === domain);
    const tree = await expandSpf(domain, dns);
    const fault = faultItem(tree, using, own);
    if (fault) {
      items.push(fault);
      for (const { name } of using) outlook.set(name, fault.state === 'unasked' ? 'unknown' : 'fail');
      continue;
    }
    const { state } = tree;
    if (state.kind !== 'record') continue;
    items.push(recordItem(tree, state.record));
    for (const way of using) {
      const sender = `${from.slice(0, from.lastIndexOf('@'))}@${domain}`;
      const found = way.direct
        ? await directItem(tree, state.record, own, { sender, helo: hello }, dns)
        : relayItem(way, tree, state.record);
      items.push(found.item);
      outlook.set(way.name, found.outlook);
    }
  }
  return { items, outlook };
}

/** Whether this computer's own address may send. */
async function directItem(
  tree: SpfTree,
  record: SpfRecord,
  own: string | null,
  envelope: { sender: string; helo: string },
  dns: Resolver,
): Promise<{ item: EvidenceItem; outlook: SpfOutlook }> {
  if (own === null) {
    const text = msg(
      'Whether SPF passes with direct delivery could not be checked: this computer’s public address is unknown.',
    );
    return { item: item('spfRecord', 'unasked', text), outlook: 'unknown' };
  }
  const result = await checkHost({ ip: own, ...envelope }, tree.domain, dns);
  if (result === 'pass')
    return {
      item: item('spfRecord', 'passed', msg('It authorizes {0}, this computer’s own address.', own)),
      outlook: 'pass',
    };
  if (result === 'temperror') {
    const text = msg('Whether SPF authorizes {0} could not be checked: a name server did not respond.', own);
    return { item: item('spfRecord', 'unasked', text), outlook: 'unknown' };
  }
  const text = msg('It does not authorize {0}, this computer’s own address ({1}).', own, result);
  const term = `${own.includes(':') ? 'ip6' : 'ip4'}:${own}`;
  const paste = { name: tree.domain, type: 'TXT', value: withTerm(record.text, term) } as const;
  return { item: item('spfRecord', 'failed', text, '', paste), outlook: 'fail' };
}

/** What invalidates the whole record, or null. */
function faultItem(tree: SpfTree, ways: readonly MailRoute[], own: string | null): EvidenceItem | null {
  const { domain, state } = tree;
  const failed = (text: ReturnType<typeof msg>, found: string, paste?: DnsLine) =>
    item('spfRecord', 'failed', text, found, paste);
  switch (state.kind) {
    case 'failed':
      return unasked('spfRecord', `TXT ${domain}`, state);
    case 'none': {
      const text = msg('{0} has no SPF record: nothing says which servers may send for it.', domain);
      return failed(text, '', { name: domain, type: 'TXT', value: proposal(ways, own) });
    }
    case 'several': {
      const text = msg('{0} has several SPF records, which counts as none: merge them into one.', domain);
      return failed(text, state.texts.join('\n'), { name: domain, type: 'TXT', value: merged(state.texts) });
    }
    case 'syntax': {
      const text = msg(
        'The SPF record of {0} has an error at “{1}”, which invalidates the whole record.',
        domain,
        state.term,
      );
      return failed(text, state.text);
    }
    default: {
      const found = foundOf(tree, state.record);
      const below = faultBelow(tree);
      if (below) return failed(msg('The SPF record of {0} is invalid: {1}.', domain, below), found);
      if (tree.lookups > MOST_LOOKUPS) {
        const text = msg(
          'The SPF record of {0} needs {1} DNS lookups; receivers stop at {2} and treat it as invalid. Remove senders you no longer use.',
          domain,
          tree.lookups,
          MOST_LOOKUPS,
        );
        return failed(text, found);
      }
      const open = state.record.directives.find(({ mechanism, qualifier }) => mechanism === 'all' && qualifier === '+');
      if (!open) return null;
      const text = msg(
        'The SPF record of {0} lets everyone send for it (+all), including spammers. End it with ~all.',
        domain,
      );
      return failed(text, found, { name: domain, type: 'TXT', value: state.record.text.replace(/\+?all$/i, '~all') });
    }
  }
}

function recordItem(tree: SpfTree, record: SpfRecord): EvidenceItem {
  const { domain, lookups, voids } = tree;
  const found = foundOf(tree, record);
  if (voids.length > MOST_VOIDS) {
    const text = msg(
      'The SPF record of {0} refers to hosts that do not exist ({1}): with more than two, many receivers treat it as invalid.',
      domain,
      voids.slice(0, 5).join(', '),
    );
    return item('spfRecord', 'warned', text, found);
  }
  if (!endsWithAll(record) && record.redirect === null) {
    const text = msg('The SPF record of {0} does not cover other servers: end it with ~all.', domain);
    return item('spfRecord', 'warned', text, found, { name: domain, type: 'TXT', value: `${record.text.trim()} ~all` });
  }
  const text = plural(
    'The SPF record of {1} is valid: {0} lookup (limit {2}).',
    'The SPF record of {1} is valid: {0} lookups (limit {2}).',
    lookups,
    domain,
    MOST_LOOKUPS,
  );
  return item('spfRecord', 'passed', text, found);
}

/** Whether a known relay's servers are among those the record names. */
function relayItem(way: MailRoute, tree: SpfTree, record: SpfRecord): { item: EvidenceItem; outlook: SpfOutlook } {
  const wanted = way.provider?.sender?.spf;
  if (!wanted) {
    const text = msg(
      'Whether SPF passes via “{0}” could not be checked: the addresses {1} sends from are unknown. A test message read back from a mailbox shows it.',
      way.name,
      way.host,
    );
    return { item: item('spfRecord', 'unasked', text), outlook: 'unknown' };
  }
  if (domainsOf(tree).includes(wanted)) {
    const text = msg('It includes the servers of {0}, for “{1}”.', way.provider?.label ?? '', way.name);
    return { item: item('spfRecord', 'passed', text, `include:${wanted}`), outlook: 'pass' };
  }
  const text = msg(
    'It does not include the servers of {0}: mail sent via “{1}” fails SPF.',
    way.provider?.label ?? '',
    way.name,
  );
  const paste = { name: tree.domain, type: 'TXT', value: withTerm(record.text, `include:${wanted}`) } as const;
  return { item: item('spfRecord', 'failed', text, '', paste), outlook: 'fail' };
}

function foundOf(tree: SpfTree, record: SpfRecord): string {
  const below = lookupCosts(tree);
  return below === '' ? record.text : `${record.text}\n${below}`;
}

/** Before the first term, so that the end of the record stays its end. */
function withTerm(record: string, term: string): string {
  return record.trim().replace(/^v=spf1\b */i, `v=spf1 ${term} `);
}

function proposal(ways: readonly MailRoute[], own: string | null): string {
  const includes = ways.flatMap(({ provider }) => (provider?.sender?.spf ? [`include:${provider.sender.spf}`] : []));
  const addresses =
    own !== null && ways.some(({ direct }) => direct) ? [`${own.includes(':') ? 'ip6' : 'ip4'}:${own}`] : [];
  return [
    'v=spf1',
    ...new Set(includes),
    ...addresses,
    ...(includes.length + addresses.length === 0 ? ['mx'] : []),
    '~all',
  ].join(' ');
}

/** The terms of all, each once, with one end. */
function merged(records: readonly string[]): string {
  const terms = records.flatMap((record) => record.split(' ').slice(1)).filter((term) => term !== '');
  const own = [...new Set(terms)].filter((term) => !/^[-~?+]?all$/i.test(term));
  return ['v=spf1', ...own, '~all'].join(' ').slice(0, 1_000);
}
