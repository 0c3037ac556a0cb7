import type { EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import type { EvidenceCode } from '../shared/evidenceCodes.ts';
import { bulkItems, fulfilledBy } from './bulkRules.ts';
import { directItems, greetLargest } from './direct/directItems.ts';
import { ownAddress } from './direct/ownAddress.ts';
import { type DkimFindings, dkimItems } from './dkim/dkimItems.ts';
import { type DmarcFindings, dmarcItems } from './dmarc/dmarcItems.ts';
import { predict, resultItems } from './dmarc/predict.ts';
import { senderDomain } from './fromDomain.ts';
import { FrugalDns } from './frugalDns.ts';
import { listDomains } from './listDomains.ts';
import type { EvidencePorts } from './ports.ts';
import { senderOf } from './sender.ts';
import { type SpfFindings, spfItems } from './spf/spfItems.ts';
import { unsubscribeItems } from './unsubscribeItems.ts';

/**
 * Asks the network about a sender and returns the results, in the order of `evidenceCodes`. Never rejects: what could not
 * be checked is a result too. The signal ends it early, with what is known so far.
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
  const concluding = wanted('dmarcResult', 'bulkRules');
  const direct = sender.ways.some((way) => way.direct) && wanted('directHost', 'directPorts', 'blockList', 'spfRecord');
  const greetings = direct ? await greetLargest(question, ports, signal) : [];
  const own = direct ? ownAddress(greetings, question.settings.direct, ports) : null;
  const [domain, spf, dkim, dmarc, way, link, list] = await Promise.all([
    wanted('senderDomain') ? senderDomain(sender.domain, ports) : [],
    concluding || wanted('spfRecord') ? spfItems(sender, own, ports) : noSpf,
    concluding || wanted('dkimRecord') ? dkimItems(sender, ports) : noDkim,
    concluding || wanted('dmarcRecord') ? dmarcItems(sender.domain, ports.dns) : noDmarc,
    direct ? directItems(own, greetings, ports) : [],
    wanted('unsubscribeWay') ? unsubscribeItems(question, world, signal) : [],
    wanted('listDomain') ? listDomains(question.listDomains, world, signal) : [],
  ]);
  const predicted = concluding ? await predict(sender, { spf, dkim, dmarc }, ports.dns) : [];
  const policy = dmarc.policy ? true : dmarc.organization === null ? null : false;
  const fulfilled = fulfilledBy(question, { spf: spf.outlook, predicted, policy });
  const all = [
    ...domain,
    ...spf.items,
    ...dkim.items,
    ...dmarc.items,
    ...resultItems(predicted, sender.domain),
    ...way,
    ...bulkItems(question, fulfilled),
    ...link,
    ...list,
  ];
  return all.filter(({ code }) => wanted(code));
}

const noSpf: SpfFindings = { items: [], outlook: new Map() };
const noDkim: DkimFindings = { items: [], outlook: 'none', provider: new Map() };
const noDmarc: DmarcFindings = { items: [], policy: null, organization: null };
