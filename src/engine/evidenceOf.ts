import type { EvidencePorts } from '../evidence/index.ts';
import { endpointUrl } from '../shared/endpointUrl.ts';
import type { EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import { readPlainText } from '../shared/plainFile.ts';
import type { UnsubscribeLink } from '../shared/unsubscribeProof.ts';
import type { DeliveryDeps } from './delivery/index.ts';
import { greetMailServer, helloName } from './delivery/index.ts';

const MAX_KEY = 1_000_000;
/** Short, because a person is waiting; what has not answered by then is reported as not checked. */
const PATIENCE_MS = 40_000;

/** What the network says about a sender, asked with the same DNS and sockets that deliver. */
export async function evidenceOf(question: SenderQuestion, deps: DeliveryDeps): Promise<readonly EvidenceItem[]> {
  const { askEvidence } = await import('../evidence/index.ts');
  const { direct } = question.settings;
  const addresses = deps.ownAddresses();
  const url = endpointUrl(question.settings.unsubscribe);
  const ports: EvidencePorts = {
    dns: deps.fresh,
    readKey: (file: string) => readPlainText(file, MAX_KEY),
    hello: helloName(direct.hello, addresses[0]),
    ownAddresses: () => addresses,
    isPrivate: deps.isForbiddenAddress,
    reachDns: (protocol: 'udp' | 'tcp') => deps.fresh.reach(protocol),
    dnsWorks: () => deps.health?.works() ?? Promise.resolve(true),
    greetMailServer: (domain: string, signal: AbortSignal) => greetMailServer(domain, direct, deps.fresh, deps, signal),
    proveUnsubscribe: async (link: UnsubscribeLink, signal: AbortSignal) => {
      const { proveUnsubscribe } = await import('../endpoint/proveUnsubscribe.ts');
      return proveUnsubscribe({ ...link, url, now: Date.now, signal });
    },
  };
  return askEvidence(question, ports, AbortSignal.timeout(PATIENCE_MS));
}
