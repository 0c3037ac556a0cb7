import { providerOfHost } from '../../providers/lookup.ts';
import { msg } from '../../shared/errors.ts';
import type { EvidenceItem } from '../../shared/evidence.ts';
import { item } from '../item.ts';
import type { EvidencePorts, MailServerGreeting } from '../ports.ts';

/** Whether DNS responds over both protocols, and how the list's largest mail servers replied. */
export async function portItems(
  greetings: readonly MailServerGreeting[],
  ports: EvidencePorts,
): Promise<EvidenceItem[]> {
  const [udp, tcp] = await Promise.all([ports.reachDns('udp'), ports.reachDns('tcp')]);
  const items: EvidenceItem[] = [];
  if (udp === '' && tcp === '') {
    items.push(item('directPorts', 'passed', msg('The name server responds over UDP and TCP (port 53).')));
  } else if (udp === '') {
    const text = msg(
      'The name server does not respond over TCP (port 53): long answers, as large domains have, are lost.',
    );
    items.push(item('directPorts', 'warned', text, tcp));
  } else {
    items.push(item('directPorts', 'unasked', msg('No name server responded over UDP (port 53).'), udp));
  }
  if (greetings.length === 0) {
    const text = msg('No mail server was tried on port 25: the list has no large provider, or there is no list.');
    return [...items, item('directPorts', 'unasked', text)];
  }
  return [...items, ...greetings.map(greetingItem)];
}

function greetingItem(answer: MailServerGreeting): EvidenceItem {
  const { host } = answer;
  if (answer.kind === 'failed') {
    const text = msg(
      '{0} was not reached on port 25: this network may block it, like most home networks. Use a relay.',
      host,
    );
    return item('directPorts', 'failed', text, answer.detail);
  }
  const name = /^[a-z0-9.-]{1,253}/i.exec(answer.greeting)?.[0].toLowerCase() ?? '';
  const expected = providerOfHost(host);
  const answered = providerOfHost(name);
  if (expected ? answered === expected : organization(name) === organization(host))
    return item('directPorts', 'passed', msg('{0} responds on port 25.', host), answer.greeting);
  if (expected) {
    const text = msg(
      'On port 25, another server responds in place of {0}: this network redirects mail. Use a relay.',
      host,
    );
    return item('directPorts', 'failed', text, answer.greeting);
  }
  return item('directPorts', 'passed', msg('{0} responds on port 25, under another name.', host), answer.greeting);
}

/** The last two labels: enough to recognize a host of the same organization. */
function organization(host: string): string {
  return host.toLowerCase().split('.').slice(-2).join('.');
}
