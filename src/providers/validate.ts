import { parseRate } from '../shared/duration.ts';
import type { Provider, Submission } from './provider.ts';
import type { ReplyRule, Source } from './replyRule.ts';

/**
 * What is wrong with the provider data, a sentence each; nothing if it is valid. `today` is "2026-11-25".
 * Run by a test: at run time the data is trusted.
 */
export function faultsOf(providers: readonly Provider[], today: string): string[] {
  return [
    ...twice(
      providers.map(({ id }) => id),
      'id',
    ),
    ...twice(
      providers.flatMap(({ hosts }) => hosts),
      'host',
    ),
    ...twice(
      providers.flatMap(({ domains }) => domains),
      'domain',
    ),
    ...twice(
      providers.flatMap(({ submission }) => submission.map(({ id }) => id)),
      'server',
    ),
    ...providers.flatMap((provider) => faultsIn(provider, providers, today).map((fault) => `${provider.id}: ${fault}`)),
  ];
}

function faultsIn(provider: Provider, all: readonly Provider[], today: string): string[] {
  const {
    id,
    label,
    hosts,
    domains,
    kin = [],
    signature,
    inbound,
    submission,
    signs,
    sender,
    bulk,
    replies,
  } = provider;
  const faults: string[] = [];
  if (!/^[a-z][a-zA-Z0-9]*$/.test(id)) faults.push('an id is a word that can stand in envoi.domainRoutes');
  if (label.trim() === '') faults.push('no label');
  if (hosts.length === 0) faults.push('no host is known by it');
  for (const host of hosts) if (!isEnding(host)) faults.push(`"${host}" is no ending of host names`);
  for (const domain of domains) if (!isDomain(domain)) faults.push(`"${domain}" is no domain`);
  for (const other of kin) if (!all.some((known) => known.id === other)) faults.push(`no provider "${other}"`);
  if (signature?.global || signature?.sticky) faults.push('a signature that remembers its place');
  if (sender && sender.spf === undefined && !sender.ownEnvelope && !sender.selectors)
    faults.push('sender rules that say nothing');
  if (sender?.spf !== undefined && !isEnding(sender.spf.replace(/^_\w{1,40}\./, '')))
    faults.push(`"${sender.spf}" is no domain to include`);
  for (const dated of [inbound, signs, sender, bulk]) if (dated) faults.push(...faultsOfSource(dated, today));
  for (const server of submission) faults.push(...faultsOfServer(server, today));
  for (const rule of replies) faults.push(...faultsOfRule(rule, today));
  return faults;
}

function faultsOfServer({ id, host, port, security, limits, imap }: Submission, today: string): string[] {
  const faults: string[] = [];
  if (!isDomain(host) && !/^127\./.test(host)) faults.push(`${id}: "${host}" is no host`);
  if (port < 1 || port > 65535) faults.push(`${id}: no port ${port}`);
  if ((port === 465) !== (security === 'tls')) faults.push(`${id}: port ${port} and security "${security}" do not fit`);
  if (imap && !isDomain(imap.host) && !/^127\./.test(imap.host)) faults.push(`${id}: "${imap.host}" is no host`);
  if (limits) {
    faults.push(...faultsOfSource(limits, today).map((fault) => `${id}: ${fault}`));
    for (const rate of [...(limits.rate ? [limits.rate] : []), ...(limits.quota ?? [])])
      if (!parseRate(rate)) faults.push(`${id}: "${rate}" is no limit`);
  }
  return faults;
}

/** A rule that tests nothing, marks somebody else's mailbox, or does not name its source. */
function faultsOfRule(rule: ReplyRule, today: string): string[] {
  const name = `rule ${rule.cause} ${rule.code?.source ?? ''} ${rule.match?.source.slice(0, 40) ?? ''}`;
  const faults = faultsOfSource(rule, today);
  const patterns = [rule.code, rule.match, rule.unless];
  if (!rule.code && !rule.match) faults.push('it fits everything');
  if (patterns.some((pattern) => pattern?.global || pattern?.sticky)) faults.push('a pattern that remembers its place');
  if (rule.act.do === 'reject' && rule.act.suppress && rule.scope !== 'recipient')
    faults.push('it suppresses a reader for what is not about the reader');
  if (rule.act.do === 'pause' && rule.scope !== 'identity') faults.push('it stops a campaign for another scope');
  if (rule.act.do === 'later' && rule.act.afterMs !== undefined && rule.act.afterMs < 30_000)
    faults.push('it asks again within 30 seconds');
  return faults.map((fault) => `${name}: ${fault}`);
}

export function faultsOfSource({ source, date }: Source, today: string): string[] {
  const faults: string[] = [];
  if (source.trim().length < 8) faults.push('no source');
  if (!/^20\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?$/.test(date)) faults.push(`"${date}" is no date`);
  else if (date > today) faults.push(`${date} has not come yet`);
  return faults;
}

function twice(values: readonly string[], what: string): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))].map(
    (value) => `the ${what} "${value}" stands twice`,
  );
}

function isEnding(text: string): boolean {
  return isDomain(text.replace(/^\./, ''));
}

function isDomain(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:[a-z]{2,24}|\*)$/.test(text);
}
