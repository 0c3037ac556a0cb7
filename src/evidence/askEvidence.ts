import type { EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import { dkimItems } from './dkim/dkimItems.ts';
import { dmarcItems } from './dmarc/dmarcItems.ts';
import { predict, resultItems } from './dmarc/predict.ts';
import { senderDomain } from './fromDomain.ts';
import { FrugalDns } from './frugalDns.ts';
import type { EvidencePorts } from './ports.ts';
import { senderOf } from './sender.ts';
import { spfItems } from './spf/spfItems.ts';

/**
 * Asks the network about a sender and says what it answered, in the order of `evidenceCodes`. Never rejects: what could not
 * be asked is an answer too. The signal ends it early, with what is known by then.
 */
export async function askEvidence(
  question: SenderQuestion,
  world: EvidencePorts,
  signal: AbortSignal,
): Promise<EvidenceItem[]> {
  const ports = { ...world, dns: new FrugalDns(world.dns, signal) };
  const sender = senderOf(question);
  const [domain, spf, dkim, dmarc] = await Promise.all([
    senderDomain(sender.domain, ports),
    spfItems(sender.ways, [], ports.dns),
    dkimItems(sender, ports),
    dmarcItems(sender.domain, ports.dns),
  ]);
  const predicted = await predict(sender, { spf, dkim, dmarc }, ports.dns);
  return [...domain, ...spf.items, ...dkim.items, ...dmarc.items, ...resultItems(predicted, sender.domain)];
}
