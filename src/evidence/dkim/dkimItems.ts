import type { Resolver } from '../../shared/dns.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { DnsLine, EvidenceItem } from '../../shared/evidence.ts';
import { item, unasked } from '../item.ts';
import type { EvidencePorts } from '../ports.ts';
import type { MailRoute, Sender } from '../sender.ts';
import { type DkimRecord, dkimValue, type PublicKey, publicKeyOf, readDkimRecord, sameKey } from './publicKey.ts';

/** Whether our signatures will verify; `none` = there is no key of ours. */
export type DkimOutlook = 'pass' | 'fail' | 'unknown' | 'none';

export interface DkimFindings {
  items: EvidenceItem[];
  outlook: DkimOutlook;
  /** Routes whose provider has a key in the sender's domain, by name. */
  provider: ReadonlyMap<string, DkimOutlook>;
}

const ADVISED_BITS = 2048;
const LEAST_BITS = 1024;

/** Our own key in DNS, and the keys of providers that sign with their own. */
export async function dkimItems(sender: Sender, ports: EvidencePorts): Promise<DkimFindings> {
  const own = sender.key && sender.ways.some(({ signs }) => signs === 'ours') ? await ownKey(sender.key, ports) : null;
  const items: EvidenceItem[] = own ? [own] : [];
  const provider = new Map<string, DkimOutlook>();
  for (const way of sender.ways.filter(({ signs }) => signs === 'provider')) {
    const found = await providerKey(way, sender.domain, ports.dns);
    items.push(found);
    provider.set(way.name, found.state === 'passed' ? 'pass' : found.state === 'unasked' ? 'unknown' : 'fail');
  }
  const unsigned = sender.ways.filter(({ signs }) => signs === 'nobody').map(({ name }) => name);
  if (unsigned.length > 0) {
    const text = msg(
      'As far as Envoi knows, mail from {0} via {1} is not signed: create a key with {2}.',
      sender.domain,
      unsigned.join(', '),
      'envoi dkim init',
    );
    items.push(item('dkimRecord', 'failed', text));
  }
  return { items, outlook: own ? outlookOf(own) : 'none', provider };
}

function outlookOf({ state }: EvidenceItem): DkimOutlook {
  return state === 'unasked' ? 'unknown' : state === 'failed' ? 'fail' : 'pass';
}

/** The record under which a key is looked for. */
export function dkimName(selector: string, domain: string): string {
  return `${selector}._domainkey.${domain}`.toLowerCase();
}

async function ownKey({ domain, entry }: NonNullable<Sender['key']>, ports: EvidencePorts): Promise<EvidenceItem> {
  const pem = await ports.readKey(entry.privateKeyFile).catch(() => null);
  if (pem === null) {
    const text = msg('The DKIM key {0} cannot be read: nothing would be sent.', entry.privateKeyFile);
    return item('dkimRecord', 'failed', text);
  }
  const key = publicKeyOf(pem);
  if (!key) {
    const text = msg('{0} contains no RSA or Ed25519 private key: nothing would be sent.', entry.privateKeyFile);
    return item('dkimRecord', 'failed', text);
  }
  return keyItem(dkimName(entry.selector, domain), key, ports.dns);
}

/** Whether the record under a name is the public half of a key of ours. */
export async function keyItem(name: string, key: PublicKey, dns: Resolver): Promise<EvidenceItem> {
  const paste: DnsLine = { name, type: 'TXT', value: dkimValue(key) };
  const failed = (text: Text, found = '') => item('dkimRecord', 'failed', text, found, paste);
  const answer = await dns.query(name, 'TXT');
  if (answer.kind === 'failed') return unasked('dkimRecord', `TXT ${name}`, answer);
  if (answer.kind !== 'found') return failed(msg('The DKIM key is not in DNS yet: {0} has no record.', name));
  const [found = ''] = answer.records;
  if (answer.records.length > 1)
    return failed(
      msg('{0} has several records, and receivers use any of them. Keep one.', name),
      answer.records.join('\n'),
    );
  const record = readDkimRecord(found);
  switch (record.kind) {
    case 'revoked':
      return failed(msg('The key at {0} is revoked (empty p=): signatures with it do not count.', name), found);
    case 'wrong':
      return failed(
        msg('The record at {0} cannot be used: its “{1}” tag is invalid or missing.', name, record.tag),
        found,
      );
    case 'key':
      return soundKey(name, key, record, found, paste);
    default:
      return record satisfies never;
  }
}

function soundKey(
  name: string,
  key: PublicKey,
  record: Extract<DkimRecord, { kind: 'key' }>,
  found: string,
  paste: DnsLine,
): EvidenceItem {
  if (!sameKey(record.key, key)) {
    const text = msg('The key at {0} is not yours: every signature would fail.', name);
    return item('dkimRecord', 'failed', text, found, paste);
  }
  if (key.kind === 'rsa' && key.bits < LEAST_BITS) {
    const text = msg(
      'The key at {0} has {1} bits: receivers ignore keys with fewer than {2}.',
      name,
      key.bits,
      LEAST_BITS,
    );
    return item('dkimRecord', 'failed', text, found);
  }
  if (record.testing) {
    const text = msg('The key at {0} is marked as a test key (t=y): remove that flag.', name);
    return item('dkimRecord', 'warned', text, found, paste);
  }
  if (key.kind === 'rsa' && key.bits < ADVISED_BITS) {
    const text = msg('The key at {0} has {1} bits; {2} are recommended.', name, key.bits, ADVISED_BITS);
    return item('dkimRecord', 'warned', text, found);
  }
  if (key.kind === 'ed25519') {
    const text = msg(
      'The key at {0} is an Ed25519 key, which many receivers cannot check yet: sign with an RSA key.',
      name,
    );
    return item('dkimRecord', 'warned', text, found);
  }
  return item('dkimRecord', 'passed', msg('The key at {0} is yours ({1} bits).', name, key.bits), found);
}

/** A provider that signs has its key under a selector of its own in the sender's domain. */
async function providerKey({ name, host, provider }: MailRoute, domain: string, dns: Resolver): Promise<EvidenceItem> {
  const selectors = provider?.sender?.selectors ?? [];
  const label = provider?.label ?? host;
  if (selectors.length === 0) {
    const text = msg(
      'Whether {0} signs with {1} could not be checked: its selector is unknown. A test message read back from a mailbox shows it.',
      label,
      domain,
    );
    return item('dkimRecord', 'unasked', text);
  }
  for (const selector of selectors) {
    const at = dkimName(selector, domain);
    const answer = await dns.query(at, 'TXT');
    if (answer.kind === 'failed') return unasked('dkimRecord', `TXT ${at}`, answer);
    const sound = answer.kind === 'found' && answer.records.find((text) => readDkimRecord(text).kind === 'key');
    if (sound) return item('dkimRecord', 'passed', msg('{0} has its key at {1}, for “{2}”.', label, at, name), sound);
  }
  const text = msg(
    '{0} has no key in {1}: via “{2}” the signature would carry its name, not yours. Set up DKIM in its console.',
    label,
    domain,
    name,
  );
  return item('dkimRecord', 'warned', text, selectors.map((selector) => dkimName(selector, domain)).join('\n'));
}
