import type { EvidenceCode, EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import { type DkimFindings, dkimItems } from './dkim/dkimItems.ts';
import { type DmarcFindings, dmarcItems } from './dmarc/dmarcItems.ts';
import { predict, resultItems } from './dmarc/predict.ts';
import { senderDomain } from './fromDomain.ts';
import { FrugalDns } from './frugalDns.ts';
import type { EvidencePorts } from './ports.ts';
import { senderOf } from './sender.ts';
import { type SpfFindings, spfItems } from './spf/spfItems.ts';

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
  const wanted = (...codes: EvidenceCode[]) =>
    question.only.length === 0 || codes.some((code) => question.only.includes(code));
  const [domain, spf, dkim, dmarc] = await Promise.all([
    wanted('senderDomain') ? senderDomain(sender.domain, ports) : [],
    wanted('spfRecord', 'dmarcResult') ? spfItems(sender.ways, [], ports.dns) : noSpf,
    wanted('dkimRecord', 'dmarcResult') ? dkimItems(sender, ports) : noDkim,
    wanted('dmarcRecord', 'dmarcResult') ? dmarcItems(sender.domain, ports.dns) : noDmarc,
  ]);
  const predicted = wanted('dmarcResult') ? await predict(sender, { spf, dkim, dmarc }, ports.dns) : [];
  const all = [...domain, ...spf.items, ...dkim.items, ...dmarc.items, ...resultItems(predicted, sender.domain)];
  return all.filter(({ code }) => wanted(code));
}

const noSpf: SpfFindings = { items: [], outlook: new Map() };
const noDkim: DkimFindings = { items: [], outlook: 'none', provider: new Map() };
const noDmarc: DmarcFindings = { items: [], policy: null, organization: null };
